"""What the history shows: network series and the fleet's margin over time, as arrays."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import NetworkState, Quantity, Reading
from minerdesk.domain.text import _
from minerdesk.domain.units import SECONDS_PER_DAY
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.in_force import typed_quantities
from minerdesk.storage.history_day_rows import Ask, DayBatch, KeptSource
from minerdesk.storage.history_rows import Summary

if TYPE_CHECKING:
    from minerdesk.storage.history import History

Floats = NDArray[np.float64]
T = TypeVar("T")

_BACK: Final = timedelta(days=3 * 366)
_LATELY: Final = timedelta(days=3)
_SUMMARY_EVERY: Final = timedelta(minutes=5)
# The projection in force, whoever made it: a change of source is no other series.
_IN_FORCE: Final = "in force"
_DAILY: Final = 1.0
_WEEKLY: Final = 7.0
_ENOUGH_DAYS: Final = 5


def _none() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, slots=True)
class Series:
    """One quantity over time.

    Attributes:
        time_s: Unix time, s, ascending. value: in the unit of its quantity; same shape.
        source: who says so, where it is one. currency: of a price, else empty.
        window_days: averaging window of a hashrate, else None.
    """

    time_s: Floats
    value: Floats
    source: str = ""
    currency: str = ""
    window_days: float | None = None


@dataclass(frozen=True, slots=True)
class MarginHistory:
    """The fleet's evaluations over time, arrays of one shape; money in ``currency``."""

    currency: str = ""
    time_s: Floats = field(default_factory=_none)
    margin_now_per_day: Floats = field(default_factory=_none)
    margin_advised_per_day: Floats = field(default_factory=_none)
    price_per_btc: Floats = field(default_factory=_none)
    hashprice_per_ph_day: Floats = field(default_factory=_none)
    running: Floats = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class Projections:
    """What the next retarget was expected to be, arrays of one shape, ascending in time.

    Attributes:
        time_s: Unix time, s. change_pct: percent.
        height: of the first block of the epoch each is the projection of.
    """

    time_s: Floats = field(default_factory=_none)
    change_pct: Floats = field(default_factory=_none)
    height: Floats = field(default_factory=_none)

    def then(self, when: datetime, height: int, within: timedelta) -> float | None:
        """Return what was expected at a moment, percent.

        None where nothing was kept within that time of it, or where what was expected then was of
        another epoch than that of ``height``.
        """
        if not len(self.time_s):
            return None
        away = np.abs(self.time_s - when.timestamp())
        nearest = int(away.argmin())
        if away[nearest] > within.total_seconds() or self.height[nearest] != height:
            return None
        return float(self.change_pct[nearest])


@dataclass(frozen=True, slots=True)
class HistorySlice:
    """All that pages draw over time.

    Attributes:
        series: by name: ``hashrate`` (H/s, 7-day mean), ``hashrate_daily`` (H/s, one-day values,
            8 % noise), ``difficulty``, ``price``; one without points is left out.
        margins: of the open book in its present currency.
        projections: of the last three days.
        problem: why there is no history on disk, a sentence, or empty.
    """

    series: Mapping[str, Series] = field(default_factory=lambda: MappingProxyType({}))
    margins: MarginHistory = field(default_factory=MarginHistory)
    projections: Projections = field(default_factory=Projections)
    problem: str = ""


class HistoryDoor:
    """The one way to the history file: opened at first use, one call at a time.

    Opening is left to the first caller because it loads the database library, which the start of
    the window does not wait for. All calls block on the disk.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._path, self._clock = path, clock
        self._lock = threading.Lock()
        self._history: History | None = None
        self._last_summary: tuple[str, datetime] | None = None
        self._last_projection: datetime | None = None
        self._pruned: datetime | None = None
        self._closed = False

    @property
    def set_aside(self) -> Path | None:
        """Where a damaged file was put, or None."""
        return None if self._history is None else self._history.set_aside

    def add_readings(self, readings: Iterable[Reading]) -> None:
        """Keep readings; see `History.add_readings`."""
        self._with(lambda history: history.add_readings(readings))

    def last_readings(self) -> Sequence[Reading]:
        """Return the newest reading of each source; see `History.last_readings`."""
        return self._with(lambda history: history.last_readings())

    def keep_projection(self, network: NetworkState, at: datetime) -> bool:
        """Keep the projection of the next retarget, at most every five minutes.

        Returns:
            Whether one was kept. Typed and given ones never are.
        """
        found = network.retarget
        if found is None or found.typed or network.given:
            return False
        last = self._last_projection
        # By its own time: one of old numbers, from the start, does not stand for the first new one.
        if last is not None and abs(found.taken_at - last) < _SUMMARY_EVERY:
            return False
        self.add_readings(
            Reading(quantity, value, _IN_FORCE, found.taken_at)
            for quantity, value in (
                (Quantity.PROJECTED_RETARGET, found.change_pct),
                (Quantity.PROJECTED_HEIGHT, float(found.height)),
            )
        )
        self._last_projection = found.taken_at
        self._prune(at)
        return True

    def record(self, evaluation: Evaluation, book_key: str) -> bool:
        """Keep a summary of an evaluation on live numbers, at most every five minutes.

        Returns:
            Whether one was kept. Examples, old numbers, what rests on a typed number and books
            without a file never are: the curves are of the world, not of what was tried.
        """
        totals, figures, at = evaluation.totals, evaluation.figures, evaluation.made_at
        if not book_key or evaluation.standing is not Standing.ADVICE:
            return False
        if totals is None or figures is None or typed_quantities(evaluation.network):
            return False
        last = self._last_summary
        if last is not None and last[0] == book_key and at - last[1] < _SUMMARY_EVERY:
            return False
        summary = Summary(
            at=at,
            book=book_key,
            currency=evaluation.currency,
            price_per_btc=figures.now.price_per_btc,
            hashprice_per_ph_day=figures.economics.hashprice_per_ph_day,
            difficulty=figures.now.difficulty,
            rigs=totals.rigs,
            rigs_running=totals.running,
            rigs_advised=totals.running_advised,
            margin_is_per_day=totals.margin_per_day,
            margin_should_per_day=totals.margin_advised_per_day,
            revenue_per_day=totals.revenue_per_day,
            power_cost_per_day=totals.power_cost_per_day,
            power_kw=totals.power_kw,
        )
        self._with(lambda history: history.add_summary(summary))
        # After the write: one that the disk refused is tried again with the next evaluation.
        self._last_summary = (book_key, at)
        self._prune(at)
        return True

    def view(self, book_key: str, currency: str) -> HistorySlice:
        """Read everything pages draw.

        Args:
            book_key: whose margins; empty for a book without a file.
            currency: the book's; margins in another one are left out.
        """
        now = self._clock()
        since = now - _BACK

        def read(history: History) -> HistorySlice:
            daily = _read(history, Quantity.HASHRATE, since, now, window_days=_DAILY)
            weekly = _read(history, Quantity.HASHRATE, since, now, window_days=_WEEKLY)
            price = _read(history, Quantity.PRICE, since, now, currency=currency)
            if price is None and currency != "USD":
                price = _read(history, Quantity.PRICE, since, now, currency="USD")
            found = {
                "hashrate": weekly if daily is None else weekly_mean(daily),
                "hashrate_daily": daily,
                "difficulty": _read(history, Quantity.DIFFICULTY, since, now),
                "price": price,
            }
            series = {name: each for name, each in found.items() if each is not None}
            kept = history.summaries(since, now, book_key) if book_key else ()
            expected = _projections(history, now - _LATELY, now)
            return HistorySlice(MappingProxyType(series), _margins(kept, currency), expected)

        return self._with(read)

    def keep_days(self, batch: DayBatch) -> None:
        """Keep what a source said of the past; see `HistoryDays.keep`."""
        self._with(lambda history: history.days.keep(batch))

    def read_days(self) -> tuple[KeptSource, ...]:
        """Return all daily series and retargets; see `HistoryDays.read`."""
        return self._with(lambda history: history.days.read())

    def day_asks(self) -> tuple[Ask, ...]:
        """Return how asking for the past stands; see `HistoryDays.asks`."""
        return self._with(lambda history: history.days.asks())

    def remove_days(self, source: str) -> bool:
        """Forget a source of the past; see `HistoryDays.remove`."""
        return self._with(lambda history: history.days.remove(source))

    def close(self) -> None:
        """Close the file for good; again is no fault."""
        with self._lock:
            self._closed = True
            if self._history is not None:
                self._history.close()
                self._history = None

    def _prune(self, now: datetime) -> None:
        if self._pruned is None or now - self._pruned > timedelta(hours=6):
            self._with(lambda history: history.prune(now))
            self._pruned = now

    def _with(self, work: Callable[[History], T]) -> T:
        with self._lock:
            if self._closed:  # a poll that outlived its window must not open it again
                raise WorldError(_("The history is closed."))
            if self._history is None:
                from minerdesk.storage.history import History

                self._history = History.open(self._path, self._clock)
            return work(self._history)


def weekly_mean(daily: Series) -> Series:
    """Return the trailing mean of seven daily values; days with fewer than five are left out."""
    days = daily.time_s / SECONDS_PER_DAY
    sums = np.concatenate(([0.0], np.cumsum(daily.value)))
    # Half a day of slack: sources date the end of a day to the second.
    begin = np.searchsorted(days, days - (_WEEKLY - 0.5), side="left")
    count = np.arange(1, len(days) + 1) - begin
    mean = (sums[1:] - sums[begin]) / count
    enough = count >= _ENOUGH_DAYS
    return Series(daily.time_s[enough], mean[enough], daily.source, window_days=_WEEKLY)


def _read(
    history: History,
    quantity: Quantity,
    since: datetime,
    until: datetime,
    *,
    currency: str = "",
    window_days: float | None = None,
) -> Series | None:
    time_s, value = history.series(
        quantity.value, since, until, currency=currency or None, window_days=window_days
    )
    if not len(time_s):
        return None
    # Sources that speak of the same moment are one point, the first that was known.
    times, first = np.unique(time_s, return_index=True)
    return Series(times, value[first], currency=currency, window_days=window_days)


def _projections(history: History, since: datetime, until: datetime) -> Projections:
    change = _read(history, Quantity.PROJECTED_RETARGET, since, until)
    height = _read(history, Quantity.PROJECTED_HEIGHT, since, until)
    if change is None or height is None:
        return Projections()
    time_s, of_change, of_height = np.intersect1d(
        change.time_s, height.time_s, assume_unique=True, return_indices=True
    )
    return Projections(time_s, change.value[of_change], height.value[of_height])


def _margins(kept: Sequence[Summary], currency: str) -> MarginHistory:
    rows = [row for row in kept if row.currency == currency]

    def column(get: Callable[[Summary], float]) -> Floats:
        return np.array([get(row) for row in rows], dtype=np.float64)

    return MarginHistory(
        currency=currency,
        time_s=column(lambda row: row.at.timestamp()),
        margin_now_per_day=column(lambda row: row.margin_is_per_day),
        margin_advised_per_day=column(lambda row: row.margin_should_per_day),
        price_per_btc=column(lambda row: row.price_per_btc),
        hashprice_per_ph_day=column(lambda row: row.hashprice_per_ph_day),
        running=column(lambda row: float(row.rigs_running)),
    )
