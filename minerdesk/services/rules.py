"""The rules by which readings are judged; each is a setting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from minerdesk.domain.readings import Provenance, Quantity, Reading

# A reading dated further ahead than this was taken while this computer's clock was wrong.
FUTURE_TOLERANCE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Rules:
    """From which age a reading is stale, when a price is an outlier, and who comes first.

    Attributes:
        exchange_price: for the sources in ``exchanges``.
        hourly_price: for every other source of prices, such as mempool, which renews hourly.
        chain: height, difficulty and the projection.
        rate: exchange rates; the daily file pauses over long weekends.
        outlier_fraction: relative distance from the median beyond which a price is left out.
        preferred: sources in order; the first with a fresh reading is in force.
    """

    exchange_price: timedelta = timedelta(minutes=5)
    hourly_price: timedelta = timedelta(minutes=75)
    chain: timedelta = timedelta(minutes=30)
    fees: timedelta = timedelta(minutes=60)
    hashrate: timedelta = timedelta(hours=24)
    rate: timedelta = timedelta(days=5)
    outlier_fraction: float = 0.015
    exchanges: frozenset[str] = frozenset({"Coinbase", "Kraken"})
    preferred: tuple[str, ...] = ("Bitcoin Core",)

    def stale_after(self, reading: Reading) -> timedelta:
        """Return the age from which ``reading`` is stale."""
        if reading.quantity is Quantity.PRICE:
            return self.exchange_price if reading.source in self.exchanges else self.hourly_price
        if reading.quantity is Quantity.FEES:
            return self.fees
        if reading.quantity is Quantity.HASHRATE:
            return self.hashrate
        if reading.quantity is Quantity.EXCHANGE_RATE:
            return self.rate
        return self.chain

    def is_fresh(self, reading: Reading, now: datetime) -> bool:
        """Whether ``reading`` is not stale at ``now``."""
        return reading.age(now) <= self.stale_after(reading)

    def best(self, readings: Iterable[Reading], now: datetime) -> Reading | None:
        """Return the reading to show: a typed one, else a fresh one, else the newest.

        Among the fresh, the preferred sources come first, in their order; then the newest.
        """
        return max(readings, key=lambda reading: self._rank(reading, now), default=None)

    def _rank(self, reading: Reading, now: datetime) -> tuple[bool, bool, int, datetime]:
        fresh = self.is_fresh(reading, now)
        known = fresh and reading.source in self.preferred
        place = -self.preferred.index(reading.source) if known else -len(self.preferred)
        return reading.provenance is Provenance.TYPED, fresh, place, reading.taken_at


def of(quantity: Quantity, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return the readings of one quantity."""
    return tuple(reading for reading in readings if reading.quantity is quantity)


def believable(readings: Iterable[Reading], now: datetime) -> tuple[Reading, ...]:
    """Return the readings that are not dated into the future."""
    return tuple(r for r in readings if r.taken_at <= now + FUTURE_TOLERANCE)
