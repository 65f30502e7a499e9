"""Prices of power by the clock, as files and live sources give them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

STEPS_MINUTES: Final = (5, 15, 30, 60)  # each fits into all longer ones


@dataclass(frozen=True, slots=True)
class PriceRows:
    """Prices of equal steps, sorted by time; steps may be missing, which is a hole.

    Attributes:
        start_s: seconds since 1970 UTC at which each step begins.
        per_kwh: money of ``currency`` per kWh, as many; may be negative.
        step_minutes: how long each step lasts, one of `STEPS_MINUTES`.
        currency: ISO 4217 code.
        source: who says so: a file's name, or a market such as ``ERCOT HB_NORTH day ahead``.
        taken_at: UTC, when they were read or asked for.
    """

    start_s: tuple[int, ...]
    per_kwh: tuple[float, ...]
    step_minutes: int
    currency: str
    source: str
    taken_at: datetime

    def __post_init__(self) -> None:
        if len(self.start_s) != len(self.per_kwh):
            raise ValueError(
                f"each start needs a price, found {len(self.start_s)} and {len(self.per_kwh)}"
            )
        if self.step_minutes not in STEPS_MINUTES:
            raise ValueError(f"a step must be 5, 15, 30 or 60 minutes, found {self.step_minutes}")
