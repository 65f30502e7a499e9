"""What a site drew by the clock, as a meter's file gives it."""

from __future__ import annotations

from dataclasses import dataclass

from minerdesk.domain.prices import STEPS_MINUTES


@dataclass(frozen=True, slots=True)
class LoadRows:
    """Mean loads of equal steps, sorted by time; steps may be missing.

    Attributes:
        start_s: seconds since 1970 UTC at which each step begins.
        kw: mean load of the step, as many.
        step_minutes: how long each step lasts: 5, 15, 30 or 60.
    """

    start_s: tuple[int, ...]
    kw: tuple[float, ...]
    step_minutes: int

    def __post_init__(self) -> None:
        if len(self.start_s) != len(self.kw):
            raise ValueError(
                f"each start needs a load, found {len(self.start_s)} and {len(self.kw)}"
            )
        if self.step_minutes not in STEPS_MINUTES:
            raise ValueError(f"a step must be 5, 15, 30 or 60 minutes, found {self.step_minutes}")
