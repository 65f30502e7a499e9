"""The price of one more kWh as the sum of named parts, step by step."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np

from minerdesk.engine.tariff.times import Bools, Floats


class PartKind(StrEnum):
    """What a part of a price comes from."""

    ENERGY = "energy"
    PERIOD = "period"  # the tier of a time-of-use period that the kWh itself falls in
    LATER_TIERS = "later_tiers"  # kWh that come later in the month move up into another tier
    INDEX = "index"
    ADDER = "adder"
    PERCENTAGE = "percentage"
    RESALE = "resale"  # of a take-or-pay block's unused energy
    HOSTING = "hosting"
    COINCIDENT = "coincident"
    CURTAILMENT = "curtailment"
    HEAT = "heat"
    DEMAND = "demand"
    HOURS_OF_USE = "hours_of_use"  # a new peak moves the borders of tiers in kWh per kW


class PricePart(NamedTuple):
    """One named part of a price, money per kWh by step, shape (steps,).

    Attributes:
        name: the operator's own where the part has one, otherwise its kind.
        tier: counted from 1, of a period with several; 0 elsewhere.
    """

    name: str
    per_kwh: Floats
    kind: PartKind = PartKind.ENERGY
    tier: int = 0


class MarginalPrice(NamedTuple):
    """The price of one more kWh at the meter, by step.

    Attributes:
        per_kwh: shape (steps,), money of the tariff's currency per kWh; may be negative.
        parts: what it is the sum of, in the order in which they were added.
    """

    per_kwh: Floats
    parts: tuple[PricePart, ...]

    def only(self, where: Bools) -> MarginalPrice:
        """Return the price with every part 0 except in the steps ``where``."""
        return MarginalPrice(
            np.where(where, self.per_kwh, 0.0),
            tuple(part._replace(per_kwh=np.where(where, part.per_kwh, 0.0)) for part in self.parts),
        )


def sum_of(parts: list[PricePart], steps: int) -> Floats:
    """Return the sum of parts, shape (steps,)."""
    total = np.zeros(steps)
    for part in parts:
        total += part.per_kwh
    return total
