"""The readings as curves over time, ready to be drawn: arrays on one time axis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import (
    BLOCKS_PER_DAY,
    DAYS_PER_YEAR,
    HS_PER_EHS,
    SATOSHI_PER_BTC,
    SECONDS_PER_DAY,
    UNIX_DAY,
)
from minerdesk.engine.indicators.days import Days, mean_of_last, peak_so_far
from minerdesk.engine.indicators.difficulty import Retargets, daily_from_epochs
from minerdesk.engine.indicators.ribbon import Phase, Ribbon
from minerdesk.engine.indicators.value import (
    fee_share,
    hashprice_per_ph_day,
    puell,
    regression_price,
)
from minerdesk.engine.industry import Industry, Machines
from minerdesk.engine.network import (
    HALVING_BLOCKS,
    HALVING_DAYS,
    INITIAL_SUBSIDY_SAT,
    hashrate_from_difficulty,
    poisson_error_pct,
)
from minerdesk.services.network_reading.readings import NetworkReadings

Floats = NDArray[np.float64]
POWER_PRICES: Final = np.round(np.arange(0.01, 0.2001, 0.005), 3)
MEANS_DAYS: Final = (7, 14, 30, 60)
_SMOOTH_DAYS: Final = 14
_GENESIS: Final = date(2009, 1, 3).toordinal()
# Enough days for both means of the method, and for a day of which nothing could run.
_SENSITIVE_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A capitulation or a recovery, as Unix times in s; ``kind`` is the phase's word."""

    begin_s: float
    end_s: float
    kind: str


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Cost of a BTC on the last day by the price of power, arrays of one shape.

    Attributes:
        price_per_kwh: USD. lower, best, upper: USD per BTC, PUE inside; NaN where undefined.
    """

    price_per_kwh: Floats
    lower: Floats
    best: Floats
    upper: Floats


@dataclass(frozen=True, slots=True)
class Curves:
    """Everything the charts draw.

    Attributes:
        time_s: (D,) noon of each day, Unix time. Of shape (D,) too, NaN where unknown:
            price, USD; hashrate_ehs of the single day, means_ehs by their days and error_pct of
            each; peak_ehs and drawdown_pct of the 7-day mean; implied_ehs: by difficulty alone;
            cost_lower, cost_best, cost_upper, USD per BTC, 7-day means, PUE inside; cost_best_14:
            14-day mean of the best guess; hashprice, USD/PH/day; hashprice_fall_pct; puell;
            fee_share; regression, USD; subsidy_btc of a block; supply_btc: coins there are;
            issued_share: new coins of a year at the day's pace, of those there are.
        retarget_s, difficulty, change_pct: (N,) each change of difficulty.
        phases: capitulations and recoveries in order. buy_s: days of the buy.
        sensitivity: of the last day, or None without a cost.
    """

    time_s: Floats
    price: Floats
    hashrate_ehs: Floats
    means_ehs: dict[int, Floats]
    error_pct: dict[int, float]
    peak_ehs: Floats
    drawdown_pct: Floats
    implied_ehs: Floats
    cost_lower: Floats
    cost_best: Floats
    cost_upper: Floats
    cost_best_14: Floats
    hashprice: Floats
    hashprice_fall_pct: Floats
    puell: Floats
    fee_share: Floats
    regression: Floats
    subsidy_btc: Floats
    supply_btc: Floats
    issued_share: Floats
    retarget_s: Floats
    difficulty: Floats
    change_pct: Floats
    phases: tuple[PhaseSpan, ...]
    buy_s: tuple[float, ...]
    sensitivity: Sensitivity | None

    @property
    def count(self) -> int:
        """Number of days."""
        return len(self.time_s)


def curves_of(found: NetworkReadings, machines: Machines) -> Curves:
    """Return the curves of ``found``."""
    days = replace(found.days, difficulty=_difficulty(found.days, found.retargets))
    subsidy, supply = _subsidy_and_supply(days)
    with np.errstate(divide="ignore", invalid="ignore"):
        hashprice = hashprice_per_ph_day(days, subsidy)
        puells, fees = puell(days), fee_share(days)
        regression = regression_price(days.difficulty, 1.0) / supply
        issued = days.issuance_btc * DAYS_PER_YEAR / supply
        means = {span: mean_of_last(days.hashrate_hs, span) / HS_PER_EHS for span in MEANS_DAYS}
        peak = peak_so_far(means[7])
    unknown = np.full(days.count, np.nan)
    cost = found.cost
    best = unknown if cost is None else cost.best_guess.cost_per_btc
    return Curves(
        time_s=noon_s(days.day),
        price=days.price,
        hashrate_ehs=days.hashrate_hs / HS_PER_EHS,
        means_ehs=means,
        error_pct={span: poisson_error_pct(span) for span in MEANS_DAYS},
        peak_ehs=peak.value,
        drawdown_pct=peak.drawdown_pct,
        implied_ehs=hashrate_from_difficulty(1.0) * days.difficulty / HS_PER_EHS,
        cost_lower=unknown if cost is None else cost.lower.cost_per_btc,
        cost_best=best,
        cost_upper=unknown if cost is None else cost.upper.cost_per_btc,
        cost_best_14=mean_of_last(best, _SMOOTH_DAYS),
        hashprice=hashprice,
        hashprice_fall_pct=peak_so_far(hashprice).drawdown_pct,
        puell=puells,
        fee_share=fees,
        regression=np.asarray(regression),
        subsidy_btc=subsidy,
        supply_btc=supply,
        issued_share=issued,
        retarget_s=found.retargets.time_s,
        difficulty=found.retargets.difficulty,
        change_pct=found.retargets.change_pct,
        phases=() if found.ribbon_days is None else _phases(days, found.ribbon_days),
        buy_s=() if found.ribbon_days is None else _buys(days, found.ribbon_days),
        sensitivity=None if cost is None else sensitivity_of(days, machines),
    )


def noon_s(day: NDArray[np.int64]) -> Floats:
    """Return the Unix time of noon, UTC, of days given as proleptic ordinals."""
    return np.asarray((day - UNIX_DAY + 0.5) * SECONDS_PER_DAY, dtype=np.float64)


def day_at(time_s: float) -> date:
    """Return the UTC day of a Unix time."""
    return date.fromordinal(int(time_s // SECONDS_PER_DAY) + UNIX_DAY)


def time_of(day: date) -> float:
    """Return the Unix time of a day's noon, UTC."""
    return float(noon_s(np.array([day.toordinal()]))[0])


def sensitivity_of(days: Days, machines: Machines, prices: Floats = POWER_PRICES) -> Sensitivity:
    """Return what a BTC costs the network on the last day at each price of power."""
    tail = max(days.count - _SENSITIVE_DAYS, 0)
    cut = Days(
        days.first_day + tail,
        *(
            each[tail:]
            for each in (
                days.price,
                days.hashrate_hs,
                days.difficulty,
                days.fees_btc,
                days.issuance_btc,
            )
        ),
    )
    industry = Industry(cut, machines)
    made = [industry.cost(float(price)) for price in prices]
    return Sensitivity(
        prices,
        np.array([each.lower.cost_per_btc[-1] for each in made]),
        np.array([each.best_guess.cost_per_btc[-1] for each in made]),
        np.array([each.upper.cost_per_btc[-1] for each in made]),
    )


def _difficulty(days: Days, retargets: Retargets) -> Floats:
    """Return the difficulty of each day: as history says, else from the retargets."""
    if not retargets.count or not days.count:
        return days.difficulty
    spread, _hashrate = daily_from_epochs(
        retargets, days.first_day, days.first_day + days.count - 1
    )
    return np.where(np.isfinite(days.difficulty), days.difficulty, spread)


def _subsidy_and_supply(days: Days) -> tuple[Floats, Floats]:
    """Return subsidy of a block, and coins there are, on each day, both in BTC."""
    era = np.searchsorted(np.array(HALVING_DAYS), days.day, side="right")
    subsidy = INITIAL_SUBSIDY_SAT / SATOSHI_PER_BTC / 2.0**era
    # Coins at a halving are exact; between two the blocks come at their pace.
    begins = np.array((_GENESIS, *HALVING_DAYS))[era]
    first = INITIAL_SUBSIDY_SAT / SATOSHI_PER_BTC
    issued = 2 * HALVING_BLOCKS * first * (1 - 0.5**era)
    blocks = np.clip((days.day - begins) * BLOCKS_PER_DAY, 0, HALVING_BLOCKS)
    return np.asarray(subsidy, np.float64), np.asarray(issued + blocks * subsidy, np.float64)


def _phases(days: Days, found: Ribbon) -> tuple[PhaseSpan, ...]:
    # Where no price is known no buy can come, so a recovery would seem to last for ever.
    recovered = (found.phase == Phase.RECOVERED) & np.isfinite(days.price)
    painted = np.where((found.phase == Phase.CAPITULATION) | recovered, found.phase, 0)
    edges = np.flatnonzero(np.diff(painted)) + 1
    begins = np.concatenate(([0], edges)) if len(painted) else edges
    ends = np.concatenate((edges, [len(painted)]))
    half = SECONDS_PER_DAY / 2
    at = noon_s(days.day)
    return tuple(
        PhaseSpan(float(at[a]) - half, float(at[b - 1]) + half, Phase(int(painted[a])).word)
        for a, b in zip(begins, ends, strict=False)
        if painted[a]
    )


def _buys(days: Days, found: Ribbon) -> tuple[float, ...]:
    at = noon_s(days.day)
    return tuple(float(at[each.buy]) for each in found.episodes if each.buy is not None)
