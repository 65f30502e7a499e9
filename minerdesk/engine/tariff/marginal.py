"""What one more kWh costs, step by step: for the eye with everything, for the plan without demand.

The price is the derivative of the month's bill by the step's energy, under the load that is given.
What is owed whatever one does is not in it: a load that just comes up to the peak already reached,
or to the power of a take-or-pay block, is priced as what lies below.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from minerdesk.domain.tariff import PercentageOf, Tariff
from minerdesk.engine.tariff.curtailment import (
    Called,
    CreditStep,
    credit_parts,
    credit_steps,
)
from minerdesk.engine.tariff.demand import marginal_demand
from minerdesk.engine.tariff.energy import (
    energy_parts,
    index_of,
    outer_parts,
    percentage_parts,
    resale_part,
)
from minerdesk.engine.tariff.parts import MarginalPrice, PartKind, PricePart, sum_of
from minerdesk.engine.tariff.times import Bools, Floats, StepTimes
from minerdesk.engine.tariff.usage import NOTHING_USED, Usage


class PlanPrice(NamedTuple):
    """What a plan pays for a kWh, new peaks outside (`demand_rates` gives what demand asks).

    Attributes:
        inside: the price where there is no take-or-pay block; inside it what a kWh is worth.
        above: the price above the block, or None where there is none.
        block_kw: power of the block, or None.
        steps: credits that one more kWh loses only above a load; they add to either price.
    """

    inside: MarginalPrice
    above: MarginalPrice | None
    block_kw: float | None
    steps: tuple[CreditStep, ...] = ()


def marginal_price(
    tariff: Tariff,
    times: StepTimes,
    *,
    load_kw: Floats,
    index_per_kwh: Floats | None = None,
    usage: Usage = NOTHING_USED,
    curtailing: Mapping[str, Called] | None = None,
    under_minimum: Bools | None = None,
) -> MarginalPrice:
    """Return the price of one more kWh in every step, under a load.

    Args:
        tariff: whose money it is.
        times: the steps, T of them, of one or more billing months.
        load_kw: (T,) mean load at the meter. It says in which tier a kWh falls, whether it makes a
            new peak, and whether it is inside the take-or-pay block.
        index_per_kwh: (T,) the market's price before the tariff's multiplier; NaN is carried on.
        usage: what the meter said before, and what is expected after.
        curtailing: events by the name of the credit that pays for what is not used in them. It is
            lost by one more kWh between the baseline less the enrolled power and the baseline.
        under_minimum: (T,) steps of months whose bill stays under the tariff's minimum whatever
            one does (`Bill.before_minimum` at full load tells it): nothing is marginal there.

    Raises:
        ValueError: an index without a price for each step.
    """
    index = index_of(tariff, times, index_per_kwh)
    outer = outer_parts(tariff, times) + credit_parts(tariff, curtailing or {}, load_kw)
    block = tariff.take_or_pay
    if block is None:
        parts = energy_parts(tariff, times, load_kw, index, usage, new_peaks=True)
    else:
        above = load_kw > block.kw
        over = np.maximum(load_kw - block.kw, 0.0)
        priced = energy_parts(tariff, times, over, index, usage, new_peaks=True)
        parts = [part._replace(per_kwh=np.where(above, part.per_kwh, 0.0)) for part in priced]
        resale = resale_part(block, index)
        parts.append(resale._replace(per_kwh=np.where(above, 0.0, resale.per_kwh)))
    parts += outer
    parts += [
        PricePart(charge.name, marginal_demand(charge, times, load_kw, usage), PartKind.DEMAND)
        for charge in tariff.demand
    ]
    return _finished(tariff, times, parts, under_minimum)


def plan_price(
    tariff: Tariff,
    times: StepTimes,
    *,
    load_kw: Floats,
    index_per_kwh: Floats | None = None,
    usage: Usage = NOTHING_USED,
    curtailing: Mapping[str, Called] | None = None,
    under_minimum: Bools | None = None,
    reach_kw: tuple[float, float] = (0.0, np.inf),
) -> PlanPrice:
    """Return what a plan pays for a kWh: as `marginal_price`, without new peaks, the block apart.

    Tiers are those of the load given; a plan that ends far from it can be priced again with its
    own load. ``reach_kw`` is the least and the most that the site can draw, the other arguments and
    errors are those of `marginal_price`.
    """
    index = index_of(tariff, times, index_per_kwh)
    always, above = credit_steps(tariff, curtailing or {}, reach_kw)
    if under_minimum is not None:
        above = [s._replace(per_kwh=np.where(under_minimum, 0.0, s.per_kwh)) for s in above]
    outer = outer_parts(tariff, times) + always
    block = tariff.take_or_pay
    over = load_kw if block is None else np.maximum(load_kw - block.kw, 0.0)
    parts = energy_parts(tariff, times, over, index, usage, new_peaks=False)
    priced = _finished(tariff, times, parts + outer, under_minimum)
    if block is None:
        return PlanPrice(priced, None, None, tuple(above))
    inside = [resale_part(block, index), *outer]
    return PlanPrice(
        _finished(tariff, times, inside, under_minimum), priced, block.kw, tuple(above)
    )


def _finished(
    tariff: Tariff, times: StepTimes, parts: list[PricePart], under_minimum: Bools | None
) -> MarginalPrice:
    parts = parts + percentage_parts(tariff, PercentageOf.BILL, parts, times.count)
    price = MarginalPrice(sum_of(parts, times.count), tuple(parts))
    return price if under_minimum is None else price.only(~under_minimum)
