"""A time axis in UTC: one row of hours, days, months or years, in the operator's language."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import numpy as np
from babel import dates
from numpy.typing import NDArray

from minerdesk.ui.charts.drawn_axis import DrawnAxis

Floats = NDArray[np.float64]

_LEAST_PX: Final = 62
_HOUR_S, _DAY_S, _MONTH_S, _YEAR_S = 3_600.0, 86_400.0, 30.5 * 86_400, 365 * 86_400.0
_HOURS, _DAYS, _MONTHS = (1, 2, 3, 6, 12), (1, 2, 5, 10), (1, 3, 6)
_YEARS: Final = (1, 2, 5, 10, 20, 50, 100, 1_000)
_LEAST_STEP: Final = 0.75
_KEPT_WORDS: Final = 4_096
_FIRST_S, _LAST_S = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (2, 9_998))


def utc_ticks(low_s: float, high_s: float, most: float) -> tuple[float, list[float]]:
    """Return seconds that lie between ticks at least, and at most about ``most`` ticks.

    They are full hours, days of a month that begin with its first, first days of months, or of
    years; none outside the years 2 to 9998.

    Args:
        low_s: first Unix time, s.
        high_s: last one.
        most: how many there is room for.
    """
    if not _FIRST_S <= low_s < high_s <= _LAST_S:
        return _YEAR_S, []
    wanted_s = (high_s - low_s) / max(most, 1.0)
    for unit_s, steps, ticks in _KINDS:
        for every in steps:
            if unit_s * every >= wanted_s:
                found = ticks(low_s, high_s, every)
                return unit_s * every, found[(found >= low_s) & (found <= high_s)].tolist()
    return _YEAR_S, []


@lru_cache(_KEPT_WORDS)
def utc_word(time_s: float, spacing_s: float, locale: str) -> str:
    """Return a tick in words: its hour, its day, its month, or at a new year the year."""
    at = datetime.fromtimestamp(time_s, UTC)
    if spacing_s < _DAY_S and at.hour:
        return str(dates.format_time(at, "HH:mm", locale=locale))
    if at.day == 1 and at.month == 1 and spacing_s >= _DAY_S:
        return str(at.year)
    if spacing_s < _MONTH_S:
        return str(dates.format_skeleton("MMMd", at, locale=locale))
    return str(dates.format_datetime(at, "LLL", locale=locale))


class UtcAxis(DrawnAxis):
    """Writes Unix times as dates.

    Attributes:
        ahead_s: how far the clock that is written is ahead of UTC, s.
    """

    def __init__(self, side: str, locale: str) -> None:
        super().__init__(side)
        self._locale = locale
        self.ahead_s = 0.0

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return the times that are written, with room between them."""
        ahead = self.ahead_s
        spacing, found = utc_ticks(low + ahead, high + ahead, size / _LEAST_PX)
        return [(spacing, [each - ahead for each in found])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the times in words."""
        del scale
        return [utc_word(float(value) + self.ahead_s, spacing, self._locale) for value in values]


def _hours(low_s: float, high_s: float, every: int) -> Floats:
    step = every * _HOUR_S
    counted = np.arange(math.ceil(low_s / step), math.floor(high_s / step) + 1)
    return counted.astype(np.float64) * step


def _days(low_s: float, high_s: float, every: int) -> Floats:
    days = np.arange(math.ceil(low_s / _DAY_S), math.floor(high_s / _DAY_S) + 1)
    day = days.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    passed = (day - month).astype(np.int64)
    left = ((month + 1).astype("datetime64[D]") - day).astype(np.int64)
    # The last step of a month would stand too close to the first of the next.
    kept = (passed % every == 0) & (left >= every * _LEAST_STEP)
    found: Floats = days[kept].astype(np.float64) * _DAY_S
    return found


def _months(low_s: float, high_s: float, every: int) -> Floats:
    first, last = np.array([low_s, high_s]).astype("datetime64[s]").astype("datetime64[M]")
    months = np.arange(first.astype(np.int64), last.astype(np.int64) + 1)
    # Months count from January 1970.
    return _seconds(months[months % every == 0].astype("datetime64[M]"))


def _years(low_s: float, high_s: float, every: int) -> Floats:
    first, last = (datetime.fromtimestamp(each, UTC).year for each in (low_s, high_s))
    years = np.arange(-(-first // every) * every, last + 1, every)
    return _seconds((years - 1970).astype("datetime64[Y]"))


def _seconds(at: NDArray[np.datetime64]) -> Floats:
    seconds: Floats = at.astype("datetime64[s]").astype(np.float64)
    return seconds


_Ticks = Callable[[float, float, int], Floats]
_KINDS: Final[tuple[tuple[float, tuple[int, ...], _Ticks], ...]] = (
    (_HOUR_S, _HOURS, _hours),
    (_DAY_S, _DAYS, _days),
    (_MONTH_S, _MONTHS, _months),
    (_YEAR_S, _YEARS, _years),
)
