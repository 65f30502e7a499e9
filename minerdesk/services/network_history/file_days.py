"""Days as files write them: ISO dates and times, Unix times, and the dates of people."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.domain.units import SECONDS_PER_DAY, UNIX_DAY
from minerdesk.storage.raw_table import Cell

_ISO: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?")
_PEOPLE: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4})(?:[T ].*)?")
MILLISECONDS: Final = 1e11  # as seconds, the year 5138


def read_days(cells: Sequence[tuple[int, Cell]], day_first: bool | None) -> list[int]:
    """Return the UTC day of each cell as a proleptic ordinal.

    Args:
        cells: line and cell.
        day_first: whether 03/04/2026 is the third of April; None finds it out.

    Raises:
        UserError: a cell is no day, or the order of day and month cannot be told.
    """
    if day_first is None:
        day_first = _find_order(cells)
    return [_day(line, cell, day_first=day_first) for line, cell in cells]


def _find_order(cells: Sequence[tuple[int, Cell]]) -> bool:
    slashed = []
    for line, cell in cells:
        match = _PEOPLE.fullmatch(str(cell).strip())
        if match is None:
            continue
        if match.group(2) == ".":
            return True
        one, other = int(match.group(1)), int(match.group(3))
        if one > 12 or other > 12:
            return one > 12
        slashed.append((line, cell))
    if slashed and any(cell != slashed[0][1] for _line, cell in slashed):
        line, cell = slashed[0]
        sentence = _("Line {line}: “{value}” may begin with the day or the month; say which.")
        raise UserError(
            sentence.format(line=line, value=cell), where=f"line {line}", value=str(cell)
        )
    return True


def _day(line: int, cell: Cell, *, day_first: bool) -> int:
    text = str(cell).strip()
    try:
        if match := _ISO.fullmatch(text):
            return _with_offset(text) or date(*map(int, match.groups())).toordinal()
        if match := _PEOPLE.fullmatch(text):
            one, other, year = int(match.group(1)), int(match.group(3)), int(match.group(4))
            return (
                date(year, other, one).toordinal()
                if day_first
                else date(year, one, other).toordinal()
            )
        number = float(text)
        seconds = number / 1000 if abs(number) >= MILLISECONDS else number
        # A plain year or a row's number is no time.
        if math.isfinite(seconds) and seconds >= SECONDS_PER_DAY * 365:
            return math.floor(seconds / SECONDS_PER_DAY) + UNIX_DAY
    except ValueError:
        pass
    sentence = _("Line {line}: “{value}” is no day; write it like 2026-01-31.")
    raise UserError(sentence.format(line=line, value=text), where=f"line {line}", value=text)


def _with_offset(text: str) -> int | None:
    """Return the UTC day of a time that says its offset, or None of any other."""
    if len(text) <= 10:
        return None
    # Coin Metrics writes nanoseconds, which Python cuts only since 3.11.
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if found.tzinfo is None else found.astimezone(UTC).toordinal()
