"""What a kWh costs, step by step.

The interface every kind of tariff fills: `MarginalPrice`, the price of one more kWh in each step,
with its parts named. Here the flat kind; a time-of-use, tiered, demand or index tariff fills the
same arrays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.tariff import Tariff


class PricePart(NamedTuple):
    """One named part of a price, money per kWh by step, shape (steps,)."""

    name: str
    per_kwh: NDArray[np.float64]


class MarginalPrice(NamedTuple):
    """The price of one more kWh at the meter, by step.

    Attributes:
        per_kwh: shape (steps,), money of the tariff's currency per kWh; may be negative.
        parts: what it is the sum of, in the order in which they were added.
    """

    per_kwh: NDArray[np.float64]
    parts: tuple[PricePart, ...]


def marginal_price(tariff: Tariff, steps: int = 1) -> MarginalPrice:
    """Return the marginal price of a tariff over ``steps`` steps.

    Energy price, then each adder, then each percentage of the sum so far.
    """
    parts = [PricePart("energy", np.full(steps, tariff.price_per_kwh))]
    parts += [PricePart(adder.name, np.full(steps, adder.per_kwh)) for adder in tariff.adders]
    total = np.sum([part.per_kwh for part in parts], axis=0)
    for percentage in tariff.percentages:
        part = PricePart(percentage.name, total * percentage.fraction)
        parts.append(part)
        total = total + part.per_kwh
    return MarginalPrice(total, tuple(parts))


def flat_price_per_kwh(tariff: Tariff) -> float:
    """Return the price of one more kWh now, money of the tariff's currency per kWh."""
    return float(marginal_price(tariff).per_kwh[0])
