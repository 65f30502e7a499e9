"""Daily series as arrays over consecutive days, and their means, peaks and falls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Days:
    """What is known of each day, shape (D,) throughout, NaN where it is not known.

    Attributes:
        first_day: proleptic ordinal (`datetime.date.toordinal`) of the first entry, UTC; every
            entry is one day later than the one before.
        price: money per BTC, the day's close.
        hashrate_hs: H/s, mean of the day by its count of blocks.
        difficulty: in force at the end of the day.
        fees_btc: transaction fees of all the day's blocks. issuance_btc: new coins of the day.
    """

    first_day: int
    price: Floats
    hashrate_hs: Floats
    difficulty: Floats
    fees_btc: Floats
    issuance_btc: Floats

    @property
    def count(self) -> int:
        """Number of days, D."""
        return len(self.price)

    @property
    def day(self) -> Ints:
        """(D,) ordinal of each day."""
        return np.arange(self.first_day, self.first_day + self.count)


def mean_of_last(values: Floats, days: int) -> Floats:
    """Return the mean of each day and the ``days - 1`` before it, shape (D,).

    NaN where one of them is not known: a gap is shown, never averaged away.

    Raises:
        ValueError: ``days`` is less than 1.
    """
    if days < 1:
        raise ValueError(f"a mean needs at least one day, found {days}")
    known = np.isfinite(values)
    # From windows instead of a running sum: a value then depends on its own days alone, to the bit.
    found = np.full(len(values), np.nan)
    if len(values) >= days:
        windows = np.lib.stride_tricks.sliding_window_view(values, days)
        found[days - 1 :] = windows.mean(axis=1)
    lacking = np.cumsum(~known)
    lacking[days:] -= lacking[:-days].copy()
    found[lacking > 0] = np.nan
    return found


class Peak(NamedTuple):
    """The highest value so far, by day, shape (D,).

    Attributes:
        value: NaN before the first known value. at: index of the day it was reached, -1 before it.
        drawdown_pct: how far the day lies below it, at most 0.
    """

    value: Floats
    at: Ints
    drawdown_pct: Floats


def peak_so_far(values: Floats) -> Peak:
    """Return the running peak of a series and the fall from it."""
    top = np.fmax.accumulate(values) if len(values) else values
    reached = np.where(values == top, np.arange(len(values)), -1)
    before = np.concatenate(([np.nan], top[:-1]))
    renewed = np.where((values == top) & ~(before >= values), reached, -1)
    index = np.maximum.accumulate(renewed) if len(values) else renewed
    return Peak(top, index.astype(np.int64), (values / top - 1) * 100)
