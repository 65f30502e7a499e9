"""The borders of energy tiers that a horizon may cross, as a plan weighs them.

A border that makes what lies above it dearer is one more cost of the month's whole energy: so much
for each kWh above. That is exact where every period has the same borders and the same steps of
price there, however the plan spreads its load; elsewhere a plan keeps to the price under the load
that runs now.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from minerdesk.domain.tariff import Tariff, TierUnit
from minerdesk.engine.tariff.times import Bools, StepTimes
from minerdesk.engine.tariff.usage import Usage

_ALIKE = 1e-12


class Crossing(NamedTuple):
    """A border ahead in one billing month.

    Attributes:
        inside: (T,) steps of the month. kwh: that may be used in them before the border.
        per_kwh: money more for each kWh above it, percentages inside.
    """

    inside: Bools
    kwh: float
    per_kwh: float


def tier_crossings(tariff: Tariff, times: StepTimes, usage: Usage) -> tuple[Crossing, ...] | None:
    """Return the borders ahead, or None where a plan cannot weigh them.

    What is expected after the horizon comes to the meter whatever the plan does, so it counts as
    used before.

    Args:
        tariff: whose tiers they are.
        times: the steps.
        usage: kWh before and expected after them.
    """
    steps = _price_steps(tariff)
    if steps is None:
        return None
    factor = float(np.prod([1 + each.fraction for each in tariff.percentages]))
    return tuple(
        Crossing(times.billing_month == month, border - used, more * factor)
        for month in np.unique(times.billing_month).tolist()
        for used in (usage.kwh.get(month, 0.0) + usage.kwh_later.get(month, 0.0),)
        for border, more in steps
        if border > used
    )


def before_crossings(usage: Usage) -> Usage:
    """Return a usage under which an idle horizon has the price below the borders ahead."""
    months = usage.kwh.keys() | usage.kwh_later.keys()
    used = {m: usage.kwh.get(m, 0.0) + usage.kwh_later.get(m, 0.0) for m in months}
    return Usage(used, {}, usage.peak_kw, usage.peaks, usage.expected_peak_kw, usage.kw_before)


def _price_steps(tariff: Tariff) -> tuple[tuple[float, float], ...] | None:
    """Return borders in kWh with what a kWh costs more above each; None where not all alike."""
    tou = tariff.time_of_use
    if tou is None or tou.tier_unit is not TierUnit.KWH or tariff.take_or_pay is not None:
        return None
    every = [
        [
            (low.up_to, high.per_kwh - low.per_kwh)
            for low, high in zip(period.tiers, period.tiers[1:], strict=False)
        ]
        for period in tou.periods
    ]
    first = every[0]
    for other in every:
        if len(other) != len(first) or any(
            border != mine or abs(more - step) > _ALIKE
            for (border, more), (mine, step) in zip(other, first, strict=True)
        ):
            return None
    found = tuple((border, more) for border, more in first if border is not None)
    return found if all(more > 0 for _, more in found) else None
