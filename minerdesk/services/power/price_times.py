"""Read the times of a price file as UTC, and say exactly what is wrong where they are no such."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.power.calendar import zone_of

_PARTS: Final = re.compile(
    r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?"
)
_SPAN: Final = re.compile(r"\s+-\s+")  # "01.01.2026 00:00 - 01.01.2026 01:00"


@dataclass(frozen=True, slots=True)
class TimeText:
    """A time as it stands in a file.

    Attributes:
        line: number of its line.
    """

    line: int
    text: str


def read_times(
    times: Sequence[TimeText], zone: str = "", day_first: bool | None = None
) -> list[int]:
    """Return the seconds since 1970 UTC of each time.

    Args:
        times: ISO 8601, or a day, month and year before a time of day; of a span the start counts.
        zone: of the times without an offset; empty where every time must have one.
        day_first: whether 03/04/2026 is the third of April; None finds it out.

    Raises:
        UserError: a time is not understood, has no offset, does not exist in its zone, or is the
            doubled hour of autumn and told once.
    """
    first = _day_first(times) if day_first is None else day_first
    place = zone_of(zone) if zone else None
    reader = _Reader(place, zone)
    return [reader.read(time, _moment(time, first)) for time in times]


class _Reader:
    """Gives naive times their offset, by the order in which they come."""

    def __init__(self, zone: ZoneInfo | None, name: str) -> None:
        self._zone = zone
        self._name = name
        self._last: datetime | None = None  # naive local time of the row before
        self._fold = 0

    def read(self, time: TimeText, moment: datetime) -> int:
        if moment.tzinfo is not None:
            return _whole_second(time, moment)
        if self._zone is None:
            sentence = _(
                "Line {line}: “{value}” has no offset from UTC; write it such as "
                "{example}, or say in which time zone the file's times are."
            )
            example = f"{moment:%Y-%m-%dT%H:%M}-06:00"
            raise _refused(time, sentence, example=example)
        early, late = (moment.replace(tzinfo=self._zone, fold=fold) for fold in (0, 1))
        if early.astimezone(UTC).astimezone(self._zone).replace(tzinfo=None) != moment:
            sentence = _(
                "Line {line}: {value} does not exist in {zone}, where clocks go forward then; "
                "the file's times are of another zone, perhaps UTC."
            )
            raise _refused(time, sentence, zone=self._name)
        if early.utcoffset() == late.utcoffset():
            self._fold = 0
        elif self._last is not None and moment <= self._last:
            self._fold = 1
        self._last = moment
        return _whole_second(time, late if self._fold else early)


def once_doubled(second: int, next_second: int, zone: str) -> bool:
    """Tell whether a hole between two rows is an autumn hour that the file told once."""
    if not zone:
        return False
    place = zone_of(zone)
    before, after = (
        datetime.fromtimestamp(s, UTC).astimezone(place) for s in (second, next_second)
    )
    return (before.utcoffset() or timedelta()) > (after.utcoffset() or timedelta()) and (
        next_second - second <= 3 * 3600
    )


def local_text(second: int, zone: str = "") -> str:
    """Write a moment with its offset, in ``zone`` or in UTC.

    The offset says whose time it is: such sentences stand beside times of the operator's zone.
    """
    return (
        datetime.fromtimestamp(second, UTC)
        .astimezone(zone_of(zone) if zone else UTC)
        .isoformat(sep=" ", timespec="minutes")
    )


def _moment(time: TimeText, day_first: bool) -> datetime:
    text = _SPAN.split(time.text.strip(), maxsplit=1)[0].removesuffix(" UTC")
    if time.text.strip().endswith(" UTC"):
        text += "+00:00"
    found = _PARTS.fullmatch(text)
    try:
        return datetime.fromisoformat(text) if found is None else _from_parts(found, day_first)
    except ValueError:
        sentence = _("Line {line}: “{value}” is no time; write it such as 2026-01-31T14:00+01:00.")
        raise _refused(time, sentence) from None


def _from_parts(found: re.Match[str], day_first: bool) -> datetime:
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    day, month = (one, other) if day_first else (other, one)
    hour, minute, second = (int(part or 0) for part in found.group(5, 6, 7))
    if found[8]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if found[8].lower() == "pm" else 0)
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone comes later


def _day_first(times: Sequence[TimeText]) -> bool:
    """Find out whether days stand before months, over the whole file."""
    unclear: TimeText | None = None
    for time in times:
        found = _PARTS.match(time.text.strip())
        if found is None:
            continue
        if found[2] == "." or int(found[1]) > 12:
            return True
        if int(found[3]) > 12:
            return False
        unclear = unclear or time
    if unclear is None:
        return True
    sentence = _("Line {line}: “{value}” may begin with the day or the month; say which.")
    raise _refused(unclear, sentence)


def _whole_second(time: TimeText, moment: datetime) -> int:
    second = moment.timestamp()
    if second % 60:
        sentence = _("Line {line}: “{value}” is not on a whole minute; steps begin on one.")
        raise _refused(time, sentence)
    return int(second)


def _refused(time: TimeText, sentence: str, **words: str) -> UserError:
    text = sentence.format(line=time.line, value=time.text.strip(), **words)
    return UserError(text, where=f"line {time.line}", value=time.text)
