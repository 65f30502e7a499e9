"""The price of power at which each group of a plan earns nothing, by step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import HOURS_PER_DAY, THS_PER_PHS, W_PER_KW
from minerdesk.engine.fleet import modes_of
from minerdesk.services.planning.plan import Plan

Floats = NDArray[np.float64]


def break_evens_per_kwh(plan: Plan) -> Floats:
    """Return the highest price of power at which some mode of a group earns more than off.

    Of avoided power, PUE inside, net of pool and firmware fees and of rejected work; the pool's fee
    on the subsidy is taken for the fees too, which are a few hundredths of the reward. Uptime
    shortens earning and power alike, so it does not count. Without starting costs: `Hysteresis`
    has those.

    Returns:
        Shape (G, T), money of the plan's currency per kWh at the meter; infinite for a group that
        draws no more on than off.
    """
    book = plan.book
    models = {model.name: model for model in book.models}
    pue = {site.id: site.pue for site in book.sites}
    best = np.empty(len(book.groups))
    for index, group in enumerate(book.groups):
        model = models[group.model]
        idle_w = model.idle_w if group.idle_w is None else group.idle_w
        kept = (1 - group.reject_rate) * (1 - group.firmware_fee) * (1 - group.pool_fee)
        best[index] = max(
            (
                mode.hashrate_ths * kept / ((mode.power_w - idle_w) / W_PER_KW * pue[group.site])
                for mode in modes_of(group, model)
                if mode.power_w > idle_w
            ),
            default=np.inf,
        )
    per_ths_hour = plan.hashprice_per_ph_day / THS_PER_PHS / HOURS_PER_DAY
    found: Floats = best[:, np.newaxis] * per_ths_hour[np.newaxis, :]
    return found
