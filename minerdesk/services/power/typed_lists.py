"""Months, days of the week, dates and times as an operator types them into one field."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from minerdesk.domain.errors import UserError
from minerdesk.domain.sites import ChargePeak
from minerdesk.domain.text import _

_SPRING: Final = ("jan", "feb", "mar", "apr", "may", "jun")
_AUTUMN: Final = ("jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS: Final = (*_SPRING, *_AUTUMN)
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_BETWEEN: Final = re.compile(r"[,;\s]+")
_SPAN: Final = re.compile(r"\s*[-–]\s*")
_HOUR: Final = re.compile(r"(\d{1,2})(?::00)?")


def parse_months(text: str) -> tuple[int, ...]:
    """Return months of the year, 1 to 12, from ``6-9, 12`` or ``Jun-Sep``; empty means none named.

    Raises:
        UserError: something in it is no month.
    """
    return _parse_list(text, _MONTHS, 1, _("months such as 6-9 or Jun-Sep, 12"))


def write_months(months: Sequence[int]) -> str:
    """Return months as `parse_months` reads them, in runs."""
    return _write_list(months, [str(month) for month in range(1, 13)], 1)


def parse_days(text: str) -> tuple[int, ...]:
    """Return days of the week, Monday is 0, from ``Mon-Fri`` or ``sat, sun``; empty means all.

    Raises:
        UserError: something in it is no day.
    """
    return _parse_list(text, _DAYS, 0, _("days such as Mon-Fri or Sat, Sun"))


def write_days(days: Sequence[int]) -> str:
    """Return days of the week as `parse_days` reads them, in runs."""
    return _write_list(days, [day.capitalize() for day in _DAYS], 0)


def parse_hour(text: str) -> int:
    """Return an hour of the day, 0 to 24, from ``22`` or ``22:00``.

    Raises:
        UserError: it is no whole hour.
    """
    found = _HOUR.fullmatch(text.strip())
    if found is None or int(found[1]) > 24:
        sentence = _("“{text}” is no whole hour; write one from 0:00 to 24:00.")
        raise UserError(sentence.format(text=text.strip()), value=text)
    return int(found[1])


def parse_dates(text: str) -> tuple[date, ...]:
    """Return days written as ``2026-12-24``, between commas or blanks, each once and rising.

    Raises:
        UserError: one is no such day.
    """
    return tuple(sorted({_date(each) for each in _BETWEEN.split(text.strip()) if each}))


def write_dates(days: Sequence[date]) -> str:
    """Return days as `parse_dates` reads them."""
    return ", ".join(day.isoformat() for day in days)


def parse_month(text: str) -> str:
    """Return a month of a year, ``2026-01``.

    Raises:
        UserError: it is no such month.
    """
    month = text.strip()
    try:
        date.fromisoformat(f"{month}-01")
    except ValueError:
        sentence = _("“{text}” is no month; write one such as 2026-01.")
        raise UserError(sentence.format(text=month), value=text) from None
    return month


def parse_moment(text: str, zone: str) -> datetime:
    """Return a moment, UTC, from ``2026-06-01 15:00`` on the wall clock of ``zone``.

    An offset that is written, such as ``+02:00`` or ``Z``, stands over the zone.

    Raises:
        UserError: it is no such time.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        sentence = _("“{text}” is no time; write one such as 2026-06-01 15:00.")
        raise UserError(sentence.format(text=text.strip()), value=text) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(zone))
    return found.astimezone(UTC)


def write_moment(moment: datetime, zone: str) -> str:
    """Return a moment as `parse_moment` reads it, on the wall clock of ``zone``.

    In the hour that a clock shows twice the second time is written with its offset.
    """
    local = moment.astimezone(ZoneInfo(zone))
    return local.strftime("%Y-%m-%d %H:%M") if not local.fold else local.isoformat(" ", "minutes")


def parse_peaks(
    text: str, charges: Sequence[str], kw: Callable[[str], float]
) -> tuple[ChargePeak, ...]:
    """Return peaks by demand charge from ``on-peak: 4,800; all hours: 5.2 MW``.

    Args:
        text: a name and a peak each, between semicolons.
        charges: the names there are.
        kw: reads a power.

    Raises:
        UserError: a charge is not there or stands twice, or its peak is not understood.
    """
    found: list[ChargePeak] = []
    for each in filter(str.strip, text.split(";")):
        name, colon, value = (part.strip() for part in each.rpartition(":"))
        known = [charge for charge in charges if charge.casefold() == name.casefold()]
        if not colon or not known:
            sentence = _("“{text}” is no peak of a charge; the contract has none.")
            if charges:
                sentence = _("“{text}” is no peak of a charge; write such as {example}.")
            example = "; ".join(f"{charge}: 5200" for charge in charges)
            raise UserError(sentence.format(text=each.strip(), example=example), value=text)
        if known[0] in {peak.charge for peak in found}:
            raise UserError(_("{name} stands there twice.").format(name=known[0]), value=text)
        found.append(ChargePeak(known[0], kw(value)))
    return tuple(found)


def write_peaks(peaks: Sequence[ChargePeak], write: Callable[[float], str]) -> str:
    """Return peaks as `parse_peaks` reads them."""
    return "; ".join(f"{peak.charge}: {write(peak.kw)}" for peak in peaks)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = _("“{text}” is no date; write one such as 2026-12-24.")
        raise UserError(sentence.format(text=text), value=text) from None


def _parse_list(text: str, names: Sequence[str], first: int, example: str) -> tuple[int, ...]:
    found: set[int] = set()
    for each in re.split(r"[,;]", text):
        if not each.strip():
            continue
        ends = [_index(word, names, first) for word in _SPAN.split(each.strip())]
        if None in ends or len(ends) > 2:
            sentence = _("“{text}” is not understood; write {example}.")
            raise UserError(sentence.format(text=each.strip(), example=example), value=text)
        begin, end = (number for number in (ends[0], ends[-1]) if number is not None)
        count = (end - begin) % len(names) + 1
        found |= {(begin - first + step) % len(names) + first for step in range(count)}
    return tuple(sorted(found))


def _index(word: str, names: Sequence[str], first: int) -> int | None:
    word = word.strip().casefold()
    if word.isdecimal() and first:
        number = int(word)
        return number if first <= number < first + len(names) else None
    near = [index for index, name in enumerate(names) if len(word) >= 3 and word.startswith(name)]
    return near[0] + first if near else None


def _write_list(values: Sequence[int], names: Sequence[str], first: int) -> str:
    runs: list[list[int]] = []
    for value in sorted(values):
        if runs and runs[-1][-1] == value - 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    ends = [(names[run[0] - first], names[run[-1] - first]) for run in runs]
    return ", ".join(begin if begin == end else f"{begin}-{end}" for begin, end in ends)
