"""What mining costs the network, by the Cambridge method (CBECI), at any price of power.

Which machines could run is inferred from what a hash earns; their efficiency is the network's.
Source: Cambridge Centre for Alternative Finance, CBECI methodology and its published API code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import HS_PER_THS, J_PER_KWH, SECONDS_PER_DAY
from minerdesk.engine.indicators.days import Days, mean_of_last

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DEFAULT_PRICE_PER_KWH: Final = 0.05
DELIVERY_DAYS: Final = 61  # from release to a machine that runs
LIFE_DAYS: Final = 1_825
PUE_LOWER, PUE_BEST, PUE_UPPER = 1.01, 1.10, 1.20
WEIGHT_BY_YEAR: Final = (1.0, 0.8, 0.6, 0.4, 0.2)
THRESHOLD_DAYS: Final = 14
MEAN_DAYS: Final = 7
W_PER_GW: Final = 1e9
HOURS_PER_YEAR: Final = 8_765.82


@dataclass(frozen=True, slots=True)
class Machines:
    """The machines there are, shape (N,).

    Attributes:
        release_day: proleptic ordinal. j_per_th: efficiency.
    """

    release_day: Ints
    j_per_th: Floats


@dataclass(frozen=True, slots=True)
class Estimate:
    """One of the three estimates, by day, shape (D,); PUE inside unless the name says not.

    Attributes:
        pue: overhead factor.
        j_per_th, j_per_th_ex_pue: efficiency of the network, 7-day mean.
        gw, gw_ex_pue: power, 7-day mean. twh_per_year: the same, annualised.
        cost_per_btc, cost_per_btc_ex_pue: electricity of one BTC, money, 7-day mean.
    """

    pue: float
    j_per_th: Floats
    j_per_th_ex_pue: Floats
    gw: Floats
    gw_ex_pue: Floats
    cost_per_btc: Floats
    cost_per_btc_ex_pue: Floats

    @property
    def twh_per_year(self) -> Floats:
        """Energy of a year at this power, TWh."""
        return self.gw * HOURS_PER_YEAR / 1_000


@dataclass(frozen=True, slots=True)
class IndustryCost:
    """The network's cost of mining, by day, shape (D,).

    Attributes:
        price_per_kwh: of power, money. threshold_j_per_th: above it a machine loses, 14-day mean.
        eligible: (D,) number of machines that could run.
        lower, best_guess, upper: see `Estimate`.
    """

    price_per_kwh: float
    threshold_j_per_th: Floats
    eligible: Ints
    lower: Estimate
    best_guess: Estimate
    upper: Estimate


def industry_cost(
    days: Days, machines: Machines, price_per_kwh: float = DEFAULT_PRICE_PER_KWH
) -> IndustryCost:
    """Estimate what mining costs the network; see `Industry` for many prices of power.

    Args:
        days: price, hashrate, fees and issuance of each day; money is that of the price.
        machines: every machine that may exist.
        price_per_kwh: of power, greater than 0, in the money of the price.

    Raises:
        ValueError: the price of power is not greater than 0.
    """
    return Industry(days, machines).cost(price_per_kwh)


class Industry:
    """What mining costs the network at any price of power; the rest is computed once.

    Args:
        days: price, hashrate, fees and issuance of each day; money is that of the price.
        machines: every machine that may exist.
    """

    def __init__(self, days: Days, machines: Machines) -> None:
        self._days, self._machines = days, machines
        terahashes = days.hashrate_hs / HS_PER_THS * SECONDS_PER_DAY
        btc_per_th = (days.issuance_btc + days.fees_btc) / terahashes
        self._earned_per_th = mean_of_last(btc_per_th * days.price, THRESHOLD_DAYS)
        self._btc_per_th = mean_of_last(btc_per_th, MEAN_DAYS)
        self._weight = weights(days.day[:, None] - machines.release_day - DELIVERY_DAYS)

    def cost(self, price_per_kwh: float = DEFAULT_PRICE_PER_KWH) -> IndustryCost:
        """Return the cost at a price of power.

        Raises:
            ValueError: the price of power is not greater than 0.
        """
        if not (np.isfinite(price_per_kwh) and price_per_kwh > 0):
            raise ValueError(
                f"the price of power must be greater than 0 per kWh, found {price_per_kwh!r}"
            )
        days = self._days
        threshold = self._earned_per_th / (price_per_kwh / J_PER_KWH)
        low, mid, high, eligible = _efficiencies(self._weight, self._machines, threshold)

        def estimate(j_per_th: Floats, pue: float) -> Estimate:
            smooth = mean_of_last(j_per_th, MEAN_DAYS)
            watts = mean_of_last(j_per_th * days.hashrate_hs / HS_PER_THS, MEAN_DAYS)
            cost = price_per_kwh / J_PER_KWH * smooth / self._btc_per_th
            gw = watts / W_PER_GW
            return Estimate(pue, smooth * pue, smooth, gw * pue, gw, cost * pue, cost)

        return IndustryCost(
            price_per_kwh,
            threshold,
            eligible,
            estimate(low, PUE_LOWER),
            estimate(mid, PUE_BEST),
            estimate(high, PUE_UPPER),
        )


def weights(age_days: Ints) -> Floats:
    """Return the weight of machines by their age since they were delivered; 0 outside their life.

    1.0 in the first year, then 0.8, 0.6, 0.4, 0.2. The life ends `LIFE_DAYS` after the release,
    which is `LIFE_DAYS - DELIVERY_DAYS` after the delivery.
    """
    year = age_days // 365
    table = np.array([*WEIGHT_BY_YEAR, 0.0])
    alive = (age_days > 0) & (age_days < LIFE_DAYS - DELIVERY_DAYS)
    return np.where(alive, table[np.clip(year, 0, len(WEIGHT_BY_YEAR))], 0.0)


def can_run(day: int, machines: Machines, threshold_j_per_th: float) -> Bools:
    """Tell which machines are of the age to run on a day and earn their power."""
    age = day - machines.release_day
    return (age > DELIVERY_DAYS) & (age < LIFE_DAYS) & (machines.j_per_th < threshold_j_per_th)


def _efficiencies(
    by_age: Floats, machines: Machines, threshold: Floats
) -> tuple[Floats, Floats, Floats, Ints]:
    """Return lowest, weighted mean and highest J/TH of the machines that could run, by day.

    Where none could, the last day on which one could stands.

    Args:
        by_age: (D, N) weight of each machine on each day.
        machines: (N,).
        threshold: (D,) above it a machine loses.
    """
    with np.errstate(invalid="ignore"):
        below = machines.j_per_th < threshold[:, None]
    weight = by_age * below
    count = (weight > 0).sum(axis=1)
    some = count > 0
    total = np.where(some, weight.sum(axis=1), 1.0)
    runs = weight > 0
    low = np.where(runs, machines.j_per_th, np.inf).min(axis=1, initial=np.inf)
    high = np.where(runs, machines.j_per_th, -np.inf).max(axis=1, initial=-np.inf)
    mid = (weight * machines.j_per_th).sum(axis=1) / total
    # A gap in the numbers stays one; only a day that is known to have no machine looks back.
    carry = np.where(some, np.arange(len(threshold)), -1)
    carry = np.maximum.accumulate(carry) if len(threshold) else carry
    usable = (carry >= 0) & np.isfinite(threshold)

    def taken(values: Floats) -> Floats:
        return np.where(usable, values[np.maximum(carry, 0)], np.nan)

    return taken(low), taken(mid), taken(high), count
