"""The hash ribbon: 30 against 60-day means of hashrate, and the phases they make.

Charles Edwards' definition (Capriole): miners capitulate while the 30-day mean is under the 60-day
mean; they have recovered when it crosses back; a buy follows on the first day on which the 10-day
mean of the price is over its 20-day mean. Each day is judged by itself and earlier days alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.engine.indicators.days import Days, Floats, mean_of_last

FAST_DAYS: Final = 30
SLOW_DAYS: Final = 60
PRICE_FAST_DAYS: Final = 10
PRICE_SLOW_DAYS: Final = 20
RISE_DAYS: Final = 7


class Phase(IntEnum):
    """What a day is. The value is its code in arrays."""

    UNKNOWN = 0  # too few days, or a gap in them
    NORMAL = 1
    CAPITULATION = 2
    RECOVERED = 3

    @property
    def word(self) -> str:
        """The phase as it stands in JSON."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a cross must have beyond itself; the default asks for nothing.

    Attributes:
        days: in a row on the other side before it counts.
        band: how far, a fraction of the slow mean, the fast one must be on the other side.
    """

    days: int = 1
    band: float = 0.0

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(f"a confirmation takes at least 1 day, found {self.days}")
        if not 0 <= self.band < 1:
            raise ValueError(f"the band must be at least 0 and below 1, found {self.band!r}")


@dataclass(frozen=True, slots=True)
class Episode:
    """One capitulation and what came after, as indexes of days; None where it has not come.

    Attributes:
        start: the day it began. recovered: the day of the re-cross. buy: the day of the buy, None
            also where a new cross came first.
    """

    start: int
    recovered: int | None
    buy: int | None


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The ribbon of every day, shape (D,).

    Attributes:
        fast_hs, slow_hs: 30 and 60-day means, H/s.
        phase: `Phase` codes. recovering: the fast mean is over its value 7 days before, whatever
            the phase.
        episodes: every capitulation, oldest first.
    """

    fast_hs: Floats
    slow_hs: Floats
    phase: NDArray[np.int8]
    recovering: NDArray[np.bool_]
    episodes: tuple[Episode, ...]


def ribbon(days: Days, confirmation: Confirmation | None = None) -> Ribbon:
    """Compute the hash ribbon of ``days``."""
    confirmation = confirmation or Confirmation()
    fast = mean_of_last(days.hashrate_hs, FAST_DAYS)
    slow = mean_of_last(days.hashrate_hs, SLOW_DAYS)
    rising_price = mean_of_last(days.price, PRICE_FAST_DAYS) > mean_of_last(
        days.price, PRICE_SLOW_DAYS
    )
    phase, episodes = _walk(fast, slow, rising_price, confirmation)
    earlier = np.concatenate((np.full(RISE_DAYS, np.nan), fast))[: len(fast)]
    recovering = fast > earlier
    return Ribbon(fast, slow, phase, recovering, episodes)


def _walk(
    fast: Floats, slow: Floats, rising_price: NDArray[np.bool_], confirmation: Confirmation
) -> tuple[NDArray[np.int8], tuple[Episode, ...]]:
    """Go through the days once, in order."""
    phase = np.full(len(fast), Phase.UNKNOWN, np.int8)
    down = _in_a_row(fast < slow * (1 - confirmation.band), confirmation.days)
    # With a band the way back needs the band too; without one, equal counts as crossed back.
    up = _in_a_row(fast >= slow * (1 + confirmation.band), confirmation.days)
    now = Phase.NORMAL
    found: list[Episode] = []
    for day in np.flatnonzero(np.isfinite(fast) & np.isfinite(slow)):
        at = int(day)
        if now is not Phase.CAPITULATION and down[at]:
            now = Phase.CAPITULATION
            found.append(Episode(at, None, None))
        elif now is Phase.CAPITULATION and up[at]:
            now = Phase.RECOVERED
            found[-1] = Episode(found[-1].start, at, None)
        if now is Phase.RECOVERED and rising_price[at]:
            now = Phase.NORMAL
            found[-1] = Episode(found[-1].start, found[-1].recovered, at)
        phase[at] = now
    return phase, tuple(found)


def _in_a_row(holds: NDArray[np.bool_], days: int) -> NDArray[np.bool_]:
    """Tell on which days ``holds`` has held for ``days`` days, that day included."""
    index = np.arange(len(holds))
    last_false = np.maximum.accumulate(np.where(holds, -1, index)) if len(holds) else index
    return index - last_false >= days
