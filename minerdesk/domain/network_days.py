"""Daily values of the network and its retargets, as sources and files give them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class DayQuantity(StrEnum):
    """What a daily series is of. A day is a UTC day; the value says its name and unit."""

    PRICE = "price"  # money per BTC, the day's close
    HASHRATE = "hashrate"  # H/s, mean of the one day
    DIFFICULTY = "difficulty"
    FEES = "fees"  # BTC, transaction fees of all the day's blocks
    ISSUANCE = "issuance"  # BTC, new coins of the day
    REWARD = "reward"  # BTC, fees and new coins of the day
    FEES_PER_BLOCK = "fees_per_block"  # BTC, mean of the day's blocks
    REWARD_PER_BLOCK = "reward_per_block"  # BTC, mean of the day's blocks


@dataclass(frozen=True, slots=True)
class DayRows:
    """Values of one quantity in the order they came; a day may come twice.

    Attributes:
        day: proleptic ordinals (`datetime.date.toordinal`), UTC.
        value: finite, as many, in the unit of the quantity.
        currency: ISO 4217 code of a price, else empty.
    """

    quantity: DayQuantity
    day: tuple[int, ...]
    value: tuple[float, ...]
    currency: str = ""

    def __post_init__(self) -> None:
        if len(self.day) != len(self.value):
            raise ValueError(f"each day needs a value, found {len(self.day)} and {len(self.value)}")
        if not all(map(math.isfinite, self.value)):
            raise ValueError("a value of a day must be finite; what is not known is left out")


@dataclass(frozen=True, slots=True)
class RetargetRow:
    """One change of difficulty.

    Attributes:
        height: of the first block of the epoch, a multiple of 2016.
        time_s: Unix time of that block, s.
        difficulty: from it on.
        exact: its time is the block's own; otherwise it is right within two hours.
    """

    height: int
    time_s: float
    difficulty: float
    exact: bool = True
