"""A time axis in the civil time of one place, right on the days of 23 and 25 hours too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from babel import dates

from minerdesk.ui.charts.drawn_axis import DrawnAxis

_HALF_HOUR_S: Final = 1_800
_HOURS: Final = (1, 2, 3, 6, 12, 24, 48, 168)
_LEAST_PX: Final = 58
_DAY_H: Final = 24

Local = Callable[[datetime], datetime]


def ticks(low_s: float, high_s: float, every_h: int, local: Local) -> list[float]:
    """Return the Unix times between two at which a local clock shows a multiple of ``every_h``.

    From a day on, midnights: each second or seventh one, counted through the calendar.
    """
    found = []
    at = -(-int(low_s) // _HALF_HOUR_S) * _HALF_HOUR_S
    while at <= high_s:
        here = local(datetime.fromtimestamp(at, UTC))
        days = max(every_h // _DAY_H, 1)
        if (
            not here.minute
            and here.hour % min(every_h, _DAY_H) == 0
            and here.toordinal() % days == 0
        ):
            found.append(float(at))
        at += _HALF_HOUR_S
    return found


class ZoneAxis(DrawnAxis):
    """Writes days at midnight and hours between, in the zone of ``local``."""

    def __init__(self, locale: str) -> None:
        super().__init__("bottom")
        self._locale = locale
        self._local: Local = _utc

    def show_zone(self, local: Local) -> None:
        """Write the times of another zone."""
        self._local = local
        self.picture = None
        self.update()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return the times that are written, with room between them."""
        fitting = max(size / _LEAST_PX, 1.0)
        hours = (high - low) / 3600
        every = next((each for each in _HOURS if hours / each <= fitting), _HOURS[-1])
        return [(every * 3600.0, ticks(low, high, every, self._local))]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return ``Tue 20`` at midnight, ``06:00`` else."""
        del scale, spacing
        return [self._word(self._local(datetime.fromtimestamp(value, UTC))) for value in values]

    def _word(self, here: datetime) -> str:
        pattern = "HH:mm" if here.hour or here.minute else "EEE d"
        return str(dates.format_datetime(here, pattern, locale=self._locale))


def _utc(when: datetime) -> datetime:
    return when
