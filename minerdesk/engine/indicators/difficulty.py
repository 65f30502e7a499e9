"""What the retargets alone tell: changes, streaks, and the exact mean hashrate of each epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import BLOCKS_PER_EPOCH, SECONDS_PER_DAY, TARGET_SPACING_S, UNIX_DAY
from minerdesk.engine.indicators.days import Days
from minerdesk.engine.network import hashes_per_block

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# The protocol measures 2015 intervals and compares them with 2016 spacings (its off-by-one).
INTERVALS: Final = BLOCKS_PER_EPOCH - 1
_CLAMP: Final = 4.0
_CLAMPED_WITHIN: Final = 1e-4
_SAME: Final = 1e-6  # sources print at least so many digits
_HIDE_ONE_AT_MOST: Final = 16  # days without a value; slower epochs are rare


@dataclass(frozen=True, slots=True)
class Retargets:
    """Changes of difficulty in order, shape (N,).

    Attributes:
        height: of the first block of each epoch. time_s: its Unix time, s. difficulty: from it on.
    """

    height: Ints
    time_s: Floats
    difficulty: Floats

    @property
    def count(self) -> int:
        """Number of retargets, N."""
        return len(self.height)

    @property
    def change_pct(self) -> Floats:
        """(N,) change of difficulty, percent; NaN for the first and where epochs are missing."""
        change = np.full(self.count, np.nan)
        follows = np.diff(self.height) == BLOCKS_PER_EPOCH
        change[1:] = np.where(
            follows, (self.difficulty[1:] / self.difficulty[:-1] - 1) * 100, np.nan
        )
        return change

    def until(self, time_s: float) -> Retargets:
        """Return those that had happened by a moment."""
        known = self.time_s <= time_s
        return Retargets(self.height[known], self.time_s[known], self.difficulty[known])


class Streak(NamedTuple):
    """How difficulty has moved lately.

    Attributes:
        run: last changes of one sign in a row, negative for falls; 0 where none is known.
        down, of: falls among the last changes that were looked at.
    """

    run: int
    down: int
    of: int


def streak(change_pct: Floats, look_back: int = 8) -> Streak:
    """Count the falls among the last ``look_back`` changes, and the run of one sign at the end.

    A change of exactly 0 is neither; it ends a run. Only changes that follow each other count:
    those before one that is not known are not the last ones.
    """
    unknown = np.flatnonzero(~np.isfinite(change_pct))
    known = change_pct[unknown[-1] + 1 :] if len(unknown) else change_pct
    recent = known[-look_back:]
    run = 0
    for value in known[::-1]:
        sign = int(np.sign(value))
        if sign == 0 or run * sign < 0:
            break
        run += sign
    return Streak(run, int((recent < 0).sum()), len(recent))


def epoch_hashrate_hs(retargets: Retargets) -> Floats:
    """Return the mean hashrate of each epoch, H/s, shape (N,); NaN while it is not over.

    From difficulties alone: the next change says how long the 2015 intervals of the epoch took, so
    mean = 2015 x difficulty x 2^32 / (1,209,600 s x difficulty / next difficulty). Exact but for
    the protocol's truncation; NaN where the change was clamped, and where epochs are missing.
    """
    mean = np.full(retargets.count, np.nan)
    ratio = 1 + retargets.change_pct[1:] / 100
    span_s = BLOCKS_PER_EPOCH * TARGET_SPACING_S / ratio
    clamped = (np.abs(ratio / _CLAMP - 1) < _CLAMPED_WITHIN) | (
        np.abs(ratio * _CLAMP - 1) < _CLAMPED_WITHIN
    )
    work = INTERVALS * hashes_per_block(1.0) * retargets.difficulty[:-1]
    mean[:-1] = np.where(clamped, np.nan, work / span_s)
    return mean


def daily_from_epochs(retargets: Retargets, first_day: int, last_day: int) -> tuple[Floats, Floats]:
    """Spread the epochs over days.

    Args:
        retargets: in order.
        first_day: proleptic ordinal.
        last_day: proleptic ordinal, inside.

    Returns:
        Difficulty at the end of each day, and the mean hashrate in H/s of the epoch that the day's
        end lies in; NaN outside what is known. Of epoch resolution: a day is not a day's own value.
    """
    ends_s = (np.arange(first_day, last_day + 1) + 1 - UNIX_DAY) * float(SECONDS_PER_DAY)
    epoch = np.searchsorted(retargets.time_s, ends_s, side="left") - 1
    inside = epoch >= 0
    at = np.maximum(epoch, 0)
    difficulty = np.where(inside, retargets.difficulty[at], np.nan)
    hashrate = np.where(inside, epoch_hashrate_hs(retargets)[at], np.nan)
    return difficulty, hashrate


def retargets_of_days(days: Days) -> Retargets:
    """Return the changes of difficulty that daily values show.

    A value of one day that lies between those of the days around it is the mean of a day with a
    change, as some sources give it: the change is told once, on the day that mean is of.

    Returns:
        One entry for each difficulty, the first being the earliest that is known. Times are the
        beginnings of days; heights are not known, they count epochs from 0 and leave one out where
        more days lack than an epoch takes, so that more than one change may have happened.
    """
    at = np.flatnonzero(np.isfinite(days.difficulty))
    value = days.difficulty[at]
    begins = np.ones(len(at), np.bool_)
    begins[1:] = np.abs(value[1:] / value[:-1] - 1) > _SAME
    first = np.flatnonzero(begins)
    length = np.diff(np.append(first, len(at)))
    kept, since = value[first], at[first].copy()
    mean = np.zeros(len(first), np.bool_)
    mean[1:-1] = (length[1:-1] == 1) & ((kept[1:-1] - kept[:-2]) * (kept[2:] - kept[1:-1]) > 0)
    since[1:][mean[:-1]] = at[first[:-1][mean[:-1]]]
    kept, since = kept[~mean], since[~mean]
    time_s = (days.first_day + since - UNIX_DAY).astype(np.float64) * SECONDS_PER_DAY
    lacking = (np.diff(at, prepend=at[:1]) - 1)[first]
    lacking[1:][mean[:-1]] = np.maximum(lacking[1:], lacking[:-1])[mean[:-1]]
    epochs = np.cumsum(1 + (lacking[~mean] > _HIDE_ONE_AT_MOST).astype(np.int64))
    return Retargets((epochs - epochs[:1]) * BLOCKS_PER_EPOCH, time_s, kept)
