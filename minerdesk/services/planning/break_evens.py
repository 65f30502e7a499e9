"""The price of power at which each group of a plan earns nothing, by step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import HOURS_PER_DAY, THS_PER_PHS
from minerdesk.services.planning.plan import Plan

Floats = NDArray[np.float64]


def break_even_of(plan: Plan, group: int) -> Floats:
    """Return the highest price of power at which some mode of a group earns more than off.

    See `names.BookNames.ths_per_kw` for what it counts. Without starting costs: `Hysteresis` has
    those.

    Args:
        plan: any.
        group: its place in the plan's book.

    Returns:
        Shape (T,), money of the plan's currency per kWh at the meter; infinite for a group that
        draws no more on than off.
    """
    found: Floats = plan.names.ths_per_kw[group] * per_ths_hour(plan)
    return found


def per_ths_hour(plan: Plan) -> Floats:
    """Return what 1 TH/s earns in an hour, by step, shape (T,), money."""
    found: Floats = plan.hashprice_per_ph_day / THS_PER_PHS / HOURS_PER_DAY
    return found
