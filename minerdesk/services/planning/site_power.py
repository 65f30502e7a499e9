"""What a kWh costs at each site over the horizon, as a plan needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from minerdesk.engine.dispatch.problem import Block, Demand
from minerdesk.engine.tariff import MarginalPrice

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SitePower:
    """Prices of one site by step, shape (T,), money of the book's currency.

    Attributes:
        price: of one more kWh with its parts, demand charges outside.
        known: where it is known; elsewhere it is a forecast, with ``error`` as one standard
            deviation in money per kWh. known_until: end of the price series, UTC; None where there
            is none.
        demand: charges inside the horizon. blocks: of take-or-pay, and of curtailment credits.
        peak_kw: demand reached or counted on this month, NaN without a charge.
        notes: sentences on what was assumed.
    """

    price: MarginalPrice
    known: Bools
    error: Floats
    known_until: datetime | None = None
    demand: tuple[Demand, ...] = ()
    blocks: tuple[Block, ...] = ()
    peak_kw: float = float("nan")
    notes: tuple[str, ...] = ()

    def known_from(self, begins: datetime, hours: float) -> datetime | None:
        """Return until when, from the first step on, every price is known, UTC.

        The end of the series where that is all of them, or lies before or in the first step without
        a price; else the start of that step. None where no price series is involved.

        Args:
            begins: start of the first step.
            hours: length of a step.
        """
        unknown = np.flatnonzero(~self.known)
        if not len(unknown):
            return self.known_until
        first = begins + timedelta(hours=hours * int(unknown[0]))
        if self.known_until is None or self.known_until >= first + timedelta(hours=hours):
            return first
        return self.known_until
