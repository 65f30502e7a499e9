"""What a report of a problem needs to know of the program and the computer, without secrets."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import minerdesk
from minerdesk.domain.book import Book
from minerdesk.services.redact import redact
from minerdesk.services.settings import Settings

_PARTS: Final = (
    "PySide6-Essentials",
    "pyqtgraph",
    "numpy",
    "requests",
    "SQLAlchemy",
    "msgspec",
    "keyring",
    "Babel",
)


def diagnostics(
    settings: Settings,
    book: Book,
    problems: Sequence[str] = (),
    secrets: Iterable[str] = (),
    more: Sequence[str] = (),
) -> str:
    """Return lines to copy into a report: versions, system, chosen settings, size of the book.

    Args:
        settings: only what differs from the defaults is told; secrets are never among them.
        book: only its size is told, no name of a site or an owner.
        problems: sentences on what could not be used at the start.
        secrets: strings that must not be seen, whatever stands around them.
        more: lines only the caller knows, such as the version of Qt and the screen.
    """
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    size = f"{len(book.sites)} sites, {len(book.groups)} groups, {book.rig_count} rigs"
    lines = [
        f"minerdesk {minerdesk.__version__}",
        f"Python {platform.python_version()}, {system}",
        ", ".join(f"{name} {_version(name)}" for name in _PARTS),
        *more,
        f"book: {size}, {book.currency}",
        "settings: " + (", ".join(_chosen(settings)) or "all as shipped"),
        *(f"problem: {each}" for each in problems),
    ]
    return redact("\n".join(lines), secrets)


def _chosen(settings: Settings) -> list[str]:
    return [f"{key} = {value!r}" for key, value in sorted(settings.chosen.items())]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
