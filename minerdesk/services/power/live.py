"""Keep the series of live sources up to date: each at most once an hour, in the worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.prices import PriceRows
from minerdesk.domain.tariff import LiveSource, PriceIndex
from minerdesk.feeds.grid import prices as markets
from minerdesk.services.power.series import KeptPrices

Fetch = Callable[[LiveSource, datetime, datetime], PriceRows]

_PATIENCE: Final = timedelta(hours=1)
_AGAIN: Final = timedelta(days=1)  # of what is known is asked again: prices are corrected
_AHEAD: Final = timedelta(days=2)  # markets publish tomorrow


def check_source(source: LiveSource) -> None:
    """Let only a source pass that there is.

    Raises:
        UserError: its area or market is unknown.
    """
    markets.check_source(source)


def key_setting(source: LiveSource) -> str:
    """Return the setting that holds the key of a source; empty where it needs none."""
    return markets.key_setting(source)


@dataclass(frozen=True, slots=True)
class LiveState:
    """How asking for one series went.

    Attributes:
        source: whom it asks.
        asked_at: UTC, the last attempt. as_of: the last that brought prices, or None.
        known_until: UTC, end of the last price kept, or None.
        problem: why the last attempt failed, a sentence; empty where it did not.
    """

    source: LiveSource
    asked_at: datetime
    as_of: datetime | None = None
    known_until: datetime | None = None
    problem: str = ""


class LivePrices:
    """Asks for the prices of every index that names a live source.

    `refresh` blocks on the network: call it in a worker, one call at a time. `states` may be read
    by any thread.

    Args:
        kept: where the series are kept.
        fetch: asks a source (`feeds.grid.GridPrices.fetch`).
        clock: gives the time, UTC.
    """

    def __init__(self, kept: KeptPrices, fetch: Fetch, clock: Callable[[], datetime]) -> None:
        self._kept = kept
        self._fetch = fetch
        self._clock = clock
        self._states: Mapping[str, LiveState] = MappingProxyType({})

    @property
    def states(self) -> Mapping[str, LiveState]:
        """How asking went, by name of the series."""
        return self._states

    def due(self, book: Book) -> tuple[PriceIndex, ...]:
        """Return the indices of ``book`` whose series should be asked for now."""
        now = self._clock()
        found: dict[str, PriceIndex] = {}
        for tariff in book.tariffs:
            index = tariff.index
            if index is None or index.live is None or index.series in found:
                continue
            state = self._states.get(index.series)
            if state is None or state.source != index.live or now - state.asked_at >= _PATIENCE:
                found[index.series] = index
        return tuple(found.values())

    def refresh(self, book: Book, token: CancelToken) -> tuple[str, ...]:
        """Ask for every series that is due, and keep what comes.

        A failure is told in `states`; the prices kept stay.

        Returns:
            The names of the series that have new prices.

        Raises:
            Cancelled: the token was cancelled between two series.
        """
        renewed = []
        for index in self.due(book):
            token.check()
            if self.ask(index):
                renewed.append(index.series)
        return tuple(renewed)

    def ask(self, index: PriceIndex) -> bool:
        """Ask for one series now, whatever the hour; return whether it brought prices.

        Raises:
            ValueError: the index has no live source.
        """
        if index.live is None:
            raise ValueError(f"the index {index.series!r} has no live source")
        now = self._clock()
        state = self._states.get(index.series)
        if state is None or state.source != index.live:
            state = LiveState(index.live, now)
        try:
            start, end = self._span(index, now)
            rows = self._kept.merge(index.series, self._fetch(index.live, start, end))
        except (UserError, WorldError) as error:
            self._tell(index.series, replace(state, asked_at=now, problem=str(error)))
            return False
        until = datetime.fromtimestamp(rows.start_s[-1], now.tzinfo) if rows.start_s else None
        if until is not None:
            until += timedelta(minutes=rows.step_minutes)
        self._tell(index.series, LiveState(index.live, now, now, until))
        return True

    def _span(self, index: PriceIndex, now: datetime) -> tuple[datetime, datetime]:
        """Return what to ask for: the days a forecast needs, less what is known already."""
        first = now - timedelta(days=index.forecast_days)
        try:
            series = self._kept.series(index.series)
        except WorldError:  # what cannot be read is asked for whole
            series = None
        if series is not None and series.end is not None:
            # A series that began later than wanted, or has a hole, is asked for from there again.
            early = [hole.start_s for hole in series.holes if hole.end_s > first.timestamp()]
            begins_late = series.start_s[0] > first.timestamp() + _AGAIN.total_seconds()
            if not early and not begins_late:
                first = max(first, min(series.end, now) - _AGAIN)
        return first, now + _AHEAD

    def _tell(self, name: str, state: LiveState) -> None:
        self._states = MappingProxyType({**self._states, name: state})
