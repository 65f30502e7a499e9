"""Tool tips that are read in a few lines instead of one across the screen."""

from __future__ import annotations

import textwrap
from typing import Final

from minerdesk.domain.text import _

_WIDTH: Final = 60


def wrapped(text: str) -> str:
    """Return ``text`` in lines of 60 characters at most; its own line breaks stay."""
    lines = (textwrap.fill(line, _WIDTH, break_long_words=False) for line in text.splitlines())
    return "\n".join(lines)


def cash_layer() -> str:
    """Say what the first layer of costs is."""
    return _(
        "Cash layer: the power that stops when a rig is powered down, and nothing else. "
        "It decides on and off."
    )


def layers() -> str:
    """Say what the three layers of costs are."""
    return _(
        "Cash: power that stops when a rig stops; it decides on and off. Avoidable: also what "
        "stops when a site closes. All-in: also what was paid for the rigs. A dash: not entered."
    )
