"""The texts of columns that hold more than one value: what runs now, and the numbers of modes.

The form is for people first (``normal: 300; eco: 12``) and reads back exactly; a mode whose name
holds a sign of the form is quoted as JSON quotes it.
"""

from __future__ import annotations

import json
import re
from typing import Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import ModeCount, ModeOverride, Origin
from minerdesk.domain.text import _
from minerdesk.services.quantities import (
    DOT_ONLY,
    not_understood,
    parse_hashrate_ths,
    parse_power_w,
)

RUNNING_WORDS: Final = frozenset(
    {"running", "on", "run", "active", "hashing", "mining", "online", "up", "yes", "true", "1"}
)
OFF_WORDS: Final = frozenset(
    {"off", "stopped", "down", "idle", "offline", "sleep", "curtailed", "no", "false", "0"}
)
_OFF: Final = "off"
_PART: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^:;"]*?)\s*:\s*([^;:]*?)\s*(?:;|$)')
_PLAIN_NAME: Final = re.compile(r"[^\s:;\"](?:[^:;\"]*[^\s:;\"])?")
_VALUE: Final = re.compile(r"(.*\S)\s+(TH/s|W)\s+(\w+)")


def write_running(running: tuple[ModeCount, ...]) -> str:
    """Write what runs, such as ``normal: 300; eco: 12``, or ``off``."""
    return "; ".join(f"{_quoted(entry.mode)}: {entry.count}" for entry in running) or _OFF


def read_running(text: str, count: int, mode: str, modes: tuple[str, ...]) -> tuple[ModeCount, ...]:
    """Read what runs.

    Args:
        text: a word for running or off, a mode's name, or counts by mode.
        count: rigs of the group.
        mode: the mode in which rigs that are just "running" run.
        modes: the modes the group has.

    Raises:
        UserError: neither of these, or a mode the group lacks.
    """
    word = text.strip().casefold()
    names = {name.casefold(): name for name in modes}
    if word in names:
        return (ModeCount(names[word], count),)
    if word in OFF_WORDS:
        return ()
    if word in RUNNING_WORDS:
        return (ModeCount(mode, count),)
    running = []
    for name, value in _parts(text):
        if name.casefold() not in names or not re.fullmatch(r"[0-9]{1,15}", value):
            raise _no_state(text, modes)
        running.append(ModeCount(names[name.casefold()], int(value)))
    if not running:
        raise _no_state(text, modes)
    return tuple(running)


def _no_state(text: str, modes: tuple[str, ...]) -> UserError:
    example = f"{modes[0] if modes else 'normal'}: 10"
    known = ", ".join(modes)
    sentence = _("running, off, one of the modes {known}, or counts such as {example}")
    return not_understood(text, sentence.format(known=known, example=example))


def write_overrides(overrides: tuple[ModeOverride, ...]) -> str:
    """Write overrides, such as ``eco: 80 TH/s typed, 2000 W measured``."""
    parts = []
    for override in overrides:
        values = []
        if override.hashrate_ths is not None:
            values.append(f"{override.hashrate_ths!r} TH/s {override.hashrate_origin}")
        if override.power_w is not None:
            values.append(f"{override.power_w!r} W {override.power_origin}")
        parts.append(f"{_quoted(override.mode)}: {', '.join(values)}")
    return "; ".join(parts)


def read_overrides(text: str) -> tuple[ModeOverride, ...]:
    """Read overrides as `write_overrides` writes them.

    Raises:
        UserError: the text has another form.
    """
    try:
        overrides = tuple(_override(name, value) for name, value in _parts(text))
    except (ValueError, UserError) as error:
        raise _no_overrides(text) from error
    if not overrides:
        raise _no_overrides(text)
    return overrides


def _no_overrides(text: str) -> UserError:
    return not_understood(text, _("modes such as eco: 80.0 TH/s typed, 2000.0 W measured"))


def _override(mode: str, text: str) -> ModeOverride:
    ths: float | None = None
    watts: float | None = None
    origins = {"TH/s": Origin.TYPED, "W": Origin.TYPED}
    for value in text.split(","):
        found = _VALUE.fullmatch(value.strip())
        if found is None:
            raise ValueError(value)
        origins[found[2]] = Origin(found[3])
        if found[2] == "W":
            watts = parse_power_w(found[1], DOT_ONLY)
        else:
            ths = parse_hashrate_ths(found[1], DOT_ONLY)
    return ModeOverride(mode, ths, watts, origins["TH/s"], origins["W"])


def _quoted(name: str) -> str:
    words = RUNNING_WORDS | OFF_WORDS
    plain = _PLAIN_NAME.fullmatch(name) is not None and name.casefold() not in words
    return name if plain else json.dumps(name)


def _parts(text: str) -> list[tuple[str, str]]:
    """Split ``name: value; name: value``; nothing where the text has another form."""
    parts = []
    position = 0
    while position < len(text):
        found = _PART.match(text, position)
        if found is None or found.end() == position:
            return []
        name = json.loads(found[1]) if found[1].startswith('"') else found[1]
        parts.append((name, found[2]))
        position = found.end()
    return parts
