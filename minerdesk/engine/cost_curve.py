"""What a coin costs the network, machine by machine: the Cambridge method's average drawn out.

The method weighs the machines that could run by their age and takes a mean. The curve keeps them
apart: each machine with its share of the weight, cheapest coin first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import J_PER_KWH
from minerdesk.engine.industry import DELIVERY_DAYS, PUE_BEST, Machines, can_run, weights

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CostCurve:
    """Machines that could run, K of them, shape (K,), cheapest coin first.

    Attributes:
        machine: index into the machines given. j_per_th: efficiency, PUE outside.
        cost_per_btc: money of power for one coin, PUE inside.
        upto: share of the network up to and with each, a fraction; the last is 1.
    """

    machine: NDArray[np.intp]
    j_per_th: Floats
    cost_per_btc: Floats
    upto: Floats

    def dearer_share(self, cost_per_btc: Floats) -> Floats:
        """Return which part of the network mines dearer than each cost, a fraction, same shape.

        NaN where the cost is not known or no machine could run.
        """
        if not len(self.upto):
            return np.full(np.shape(cost_per_btc), np.nan)
        cheaper = np.concatenate(([0.0], self.upto))
        below = np.searchsorted(self.cost_per_btc, cost_per_btc, side="right")
        return np.where(np.isnan(cost_per_btc), np.nan, 1 - cheaper[below])


def cost_curve(
    day: int,
    machines: Machines,
    *,
    price_per_kwh: float,
    earned_per_th: float,
    btc_per_th: float,
    pue: float = PUE_BEST,
) -> CostCurve:
    """Draw out the network's cost on one day.

    Args:
        day: proleptic ordinal, for the machines' age.
        machines: every machine that may exist.
        price_per_kwh: of power, greater than 0, money.
        earned_per_th: money that 1 TH of work earns; a machine above
            ``earned_per_th / price per J`` loses and does not count.
        btc_per_th: coins that 1 TH of work earns, for the cost of a coin.
        pue: overhead factor of the network.

    Raises:
        ValueError: the price of power is not greater than 0.
    """
    if not (np.isfinite(price_per_kwh) and price_per_kwh > 0):
        raise ValueError(
            f"the price of power must be greater than 0 per kWh, found {price_per_kwh!r}"
        )
    per_joule = price_per_kwh / J_PER_KWH
    weight = weights(day - machines.release_day - DELIVERY_DAYS)
    runs = can_run(day, machines, earned_per_th / per_joule) & (weight > 0)
    order = np.flatnonzero(runs)[np.argsort(machines.j_per_th[runs], kind="stable")]
    j_per_th = machines.j_per_th[order]
    upto = np.cumsum(weight[order])
    if len(upto):
        upto = upto / upto[-1]
    return CostCurve(order, j_per_th, j_per_th * per_joule * pue / btc_per_th, upto)
