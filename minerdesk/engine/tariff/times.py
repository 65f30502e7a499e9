"""The steps of a span of time, as arrays that a site's calendar has already been applied to."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class StepTimes:
    """Steps of equal length, shape (T,), with what a wall clock at the site says at their start.

    Attributes:
        hours: length of a step: 0.25, 0.5 or 1.
        start_s: seconds since 1970 UTC.
        month: 1 to 12. hour: 0 to 23. minute: 0 to 59.
        weekday: Monday is 0. kind: `domain.calendar.DayKind`.
        day: number of the local day (proleptic ordinal). billing_month: year x 12 + month - 1.
    """

    hours: float
    start_s: Floats
    month: Ints
    hour: Ints
    minute: Ints
    weekday: Ints
    kind: Ints
    day: Ints
    billing_month: Ints

    @property
    def count(self) -> int:
        """Number of steps, T."""
        return len(self.start_s)

    def first(self, steps: int) -> StepTimes:
        """Return the first so many steps."""
        arrays = {
            field.name: getattr(self, field.name)[:steps]
            for field in fields(self)
            if field.name != "hours"
        }
        return replace(self, **arrays)
