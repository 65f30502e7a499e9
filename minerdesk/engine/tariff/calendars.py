"""Which period holds, and which hours count, in every step."""

from __future__ import annotations

import numpy as np

from minerdesk.domain.calendar import COUNTS, Calendar, DayKind
from minerdesk.domain.tariff import CoincidentPeak, DemandCharge, TimeOfUse
from minerdesk.engine.tariff.times import Bools, Floats, Ints, StepTimes


def keys_at(calendar: Calendar, times: StepTimes, keys: str) -> Ints:
    """Return the place in ``keys`` of the key that holds in each step, shape (T,)."""
    grid = np.array(
        [[[keys.index(key) for key in row] for row in calendar.grid(kind)] for kind in DayKind],
        dtype=np.int64,
    )
    return grid[times.kind, times.month - 1, times.hour]


def period_at(time_of_use: TimeOfUse, times: StepTimes) -> Ints:
    """Return the index of the period that holds in each step, shape (T,)."""
    if time_of_use.calendar is None:
        return np.zeros(times.count, dtype=np.int64)
    keys = "".join(period.key for period in time_of_use.periods)
    return keys_at(time_of_use.calendar, times, keys)


def counts_at(charge: DemandCharge, times: StepTimes) -> Bools:
    """Return whether a demand charge meters the step, shape (T,)."""
    if charge.calendar is None:
        return np.ones(times.count, dtype=np.bool_)
    others = "".join(sorted(charge.calendar.keys - {COUNTS}))
    return np.equal(keys_at(charge.calendar, times, COUNTS + others), 0)


def peak_probability(coincident: CoincidentPeak, times: StepTimes) -> Floats:
    """Return the probability that the hour of each step is a charged peak, shape (T,).

    Where hours are written twice the higher probability holds.
    """
    found = np.zeros(times.count)
    for hours in coincident.hours:
        here = (times.hour >= hours.from_hour) & (times.hour < hours.to_hour)
        here &= np.isin(times.month, hours.months)
        if hours.weekdays_only:
            here &= times.kind == DayKind.WEEKDAY
        found = np.where(here, np.maximum(found, hours.probability), found)
    return found
