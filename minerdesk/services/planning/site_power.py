"""What a kWh costs at each site over the horizon, as a plan needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
            deviation in money per kWh. known_until: UTC, None where no price series is involved.
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
