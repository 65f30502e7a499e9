"""What goes into the history and comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Summary:
    """One evaluation of a whole book. Money is in ``currency``.

    Attributes:
        at: UTC aware.
        book: which book; the key its journal has.
        rigs, rigs_running, rigs_advised: all, those that run now, those that ought to run.
        margin_is_per_day, margin_should_per_day: cash margin of what runs and of what ought to.
        revenue_per_day, power_cost_per_day, power_kw: of what runs now.
    """

    at: datetime
    book: str
    currency: str
    price_per_btc: float
    hashprice_per_ph_day: float
    difficulty: float
    rigs: int
    rigs_running: int
    rigs_advised: int
    margin_is_per_day: float
    margin_should_per_day: float
    revenue_per_day: float
    power_cost_per_day: float
    power_kw: float


def to_us(at: datetime) -> int:
    """Return a time as whole microseconds since 1970.

    Args:
        at: aware.
    """
    return (at - _EPOCH) // _US


def from_us(at_us: int) -> datetime:
    """Return whole microseconds since 1970 as a time, UTC aware."""
    return _EPOCH + at_us * _US
