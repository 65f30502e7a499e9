"""One list of retargets out of all sources, and for which days it says the difficulty."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.network_days import DayQuantity, RetargetRow
from minerdesk.domain.units import BLOCKS_PER_EPOCH, SECONDS_PER_DAY, UNIX_DAY
from minerdesk.engine.indicators.difficulty import Retargets, daily_from_epochs
from minerdesk.storage.history_day_rows import KeptSource

EMBEDDED: Final = "embedded"
# Sources print some fifteen digits of the same number.
SAME_DIFFICULTY: Final = 1e-9
_CORE: Final = "Bitcoin Core"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources say different difficulties of one block; the first one's is used."""

    height: int
    source: str
    difficulty: float
    other_source: str
    other_difficulty: float


@dataclass(frozen=True, slots=True, eq=False)
class JoinedRetargets:
    """Retargets in order, each from the best source.

    Attributes:
        source: shape (N,) names. exact: shape (N,), whether the time is the block's own.
        conflicts: where sources differ. misplaced: height and source of those left out because
            they are not after a lower one in time, and before a higher one, of a better source.
        known_until_s: Unix time up to which it is known that no further one happened.
    """

    retargets: Retargets
    source: tuple[str, ...]
    exact: NDArray[np.bool_]
    conflicts: tuple[Conflict, ...]
    misplaced: tuple[tuple[int, str], ...]
    known_until_s: float

    def daily(
        self, first_day: int, last_day: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return difficulty at each day's end and its epoch's mean hashrate in H/s, shape (D,).

        NaN where it is not known: before the first, after `known_until_s`, and where epochs lack.
        """
        day = np.arange(first_day, last_day + 1)
        if not self.retargets.count:
            return np.full(len(day), np.nan), np.full(len(day), np.nan)
        difficulty, hashrate = daily_from_epochs(self.retargets, first_day, last_day)
        end_s = (day + 1.0 - UNIX_DAY) * SECONDS_PER_DAY
        time_s, height = self.retargets.time_s, self.retargets.height
        epoch = np.maximum(np.searchsorted(time_s, end_s, side="left") - 1, 0)
        followed = np.append(np.diff(height) == BLOCKS_PER_EPOCH, False)
        is_last = epoch == self.retargets.count - 1
        sure = followed[epoch] | (is_last & (end_s <= self.known_until_s))
        sure |= day == _days(time_s)[epoch]
        difficulty[~sure] = np.nan
        return difficulty, hashrate

    def near(self, first_day: int, last_day: int) -> NDArray[np.bool_]:
        """Tell which days have a retarget on them, the day before or after, shape (D,)."""
        changes = _days(self.retargets.time_s)
        day = np.arange(first_day, last_day + 1)
        return np.isin(day, np.concatenate((changes - 1, changes, changes + 1)))


def join_retargets(
    sources: Sequence[KeptSource], embedded: Sequence[RetargetRow], until: date
) -> JoinedRetargets:
    """Join retargets that happened up to a day.

    A height is taken from a source that knows its exact time before one that does not, and among
    those from the first; the embedded ones come last.

    Args:
        sources: the preferred first.
        embedded: those that come with the program.
        until: last day, inside.
    """
    end_s = float((until.toordinal() + 1 - UNIX_DAY) * SECONDS_PER_DAY)
    said = [
        (row, name)
        for name, rows in (*((s.name, s.retargets) for s in sources), (EMBEDDED, embedded))
        for row in rows
        if row.time_s < end_s
    ]
    said.sort(key=lambda pair: not pair[0].exact)  # stable: the preferred stay in front
    best: dict[int, tuple[RetargetRow, str]] = {}
    heights: list[int] = []
    conflicts: list[Conflict] = []
    misplaced: list[tuple[int, str]] = []
    for row, name in said:
        if row.height in best:
            used, used_name = best[row.height]
            if abs(used.difficulty / row.difficulty - 1) > SAME_DIFFICULTY:
                conflicts.append(
                    Conflict(row.height, used_name, used.difficulty, name, row.difficulty)
                )
            continue
        at = bisect.bisect_left(heights, row.height)
        after = at == 0 or best[heights[at - 1]][0].time_s < row.time_s
        before = at == len(heights) or row.time_s < best[heights[at]][0].time_s
        if after and before:
            heights.insert(at, row.height)
            best[row.height] = (row, name)
        else:
            misplaced.append((row.height, name))
    chosen = [best[height] for height in heights]
    rows = tuple(row for row, _name in chosen)
    retargets = Retargets(
        np.array([row.height for row in rows], np.int64),
        np.array([row.time_s for row in rows], np.float64),
        np.array([row.difficulty for row in rows], np.float64),
    )
    known_until_s = max(map(_horizon_s, sources), default=0.0)
    return JoinedRetargets(
        retargets,
        tuple(name for _row, name in chosen),
        np.array([row.exact for row in rows], np.bool_),
        tuple(conflicts),
        tuple(misplaced),
        min(known_until_s, end_s),
    )


def _horizon_s(source: KeptSource) -> float:
    """Return up to when a source would have told of a retarget."""
    told_s = 0.0 if source.retargets_at is None else source.retargets_at.timestamp()
    if source.name != _CORE or not source.retargets:
        return told_s
    # It is asked for retargets only where one lacks, before each new day.
    ends = [s.last_day + 1 for s in source.series if s.quantity is DayQuantity.HASHRATE]
    return max([told_s, *((end - UNIX_DAY) * float(SECONDS_PER_DAY) for end in ends)])


def _days(time_s: NDArray[np.float64]) -> NDArray[np.int64]:
    return (time_s // SECONDS_PER_DAY).astype(np.int64) + UNIX_DAY
