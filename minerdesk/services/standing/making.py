"""Makes a `StandingView`: pure, off the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.readings import NetworkState, RetargetProjection
from minerdesk.domain.rigs import RigModel
from minerdesk.domain.text import _
from minerdesk.domain.units import (
    BLOCKS_PER_DAY,
    HS_PER_THS,
    J_PER_KWH,
    SECONDS_PER_DAY,
)
from minerdesk.engine import scenario
from minerdesk.engine.cost_curve import cost_curve
from minerdesk.engine.indicators.days import mean_of_last
from minerdesk.engine.indicators.difficulty import daily_from_epochs
from minerdesk.engine.industry import MEAN_DAYS, PUE_BEST
from minerdesk.engine.mine_or_buy import Holding, mine_or_buy
from minerdesk.engine.network import HALVING_BLOCKS, NetworkNow, btc_per_ths_day, subsidy_btc
from minerdesk.services.evaluation import Evaluation, Figures, Standing, rates_into
from minerdesk.services.history_view import HistorySlice
from minerdesk.services.network_reading.indicators import DailyHistory, Indicators
from minerdesk.services.network_reading.machines import hall_models, industry_machines
from minerdesk.services.network_reading.readings import NetworkReadings
from minerdesk.services.setting_table import BY_KEY
from minerdesk.services.standing.changes import since_yesterday
from minerdesk.services.standing.view import (
    FleetCosts,
    NetworkCosts,
    Path,
    Squeeze,
    StandingChoice,
    StandingView,
)

Floats = NDArray[np.float64]

PATH_DAYS: Final = 90
# Readings further back than this are of another time than the fleet's.
_READINGS_NEAR: Final = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside an evaluation.

    Attributes:
        models: the rig catalogue. indicators, history: the slices, or None.
        price_per_kwh_usd: of power, for the network's cost.
        price_move: a move of the BTC price in a day that is told of by itself, a fraction.
    """

    models: Sequence[RigModel]
    indicators: Indicators | None = None
    history: HistorySlice | None = None
    price_per_kwh_usd: float = 0.05
    price_move: float = float(BY_KEY["lately.price_move"].default)


def make_standing(
    evaluation: Evaluation, beside: Beside, choice: StandingChoice
) -> StandingView | None:
    """Make the view; None for an evaluation without figures or without rigs."""
    figures = evaluation.figures
    if figures is None or evaluation.totals is None or not figures.fleet.groups:
        return None
    costs, why = network_costs(evaluation, figures.now, beside)
    best = scenario.best_states(figures.fleet, figures.economics)
    curve = best if choice.best_states else scenario.as_it_runs(figures.fleet, figures.economics)
    holding = _with_halving(choice.holding, evaluation.network, figures.now)
    buy = mine_or_buy(
        figures.column("btc_per_day"),
        figures.column("cash_cost_per_day"),
        figures.now.price_per_btc,
        holding,
        figures.fleet.profit_kept[figures.fleet.site],
    )
    return StandingView(
        evaluation=evaluation,
        choice=choice,
        costs=costs,
        why_no_costs=why,
        fleet=_fleet_costs(evaluation, figures, costs),
        squeeze=_squeeze(evaluation.network, figures),
        buy=buy,
        holding=holding,
        curve=curve,
        path=_path(evaluation, beside),
        change=since_yesterday(evaluation, best, beside.history, price_move=beside.price_move),
        rigs_after=_rigs_after(best, evaluation.network.retarget),
    )


def _rigs_after(best: scenario.MarginCurve, retarget: RetargetProjection | None) -> int | None:
    """Return how many more rigs earn after the retarget, everything else as now."""
    if retarget is None:
        return None
    now, then = best.earning_rigs(np.array([1.0, 1 / (1 + retarget.change_pct / 100)]))
    return round(float(then - now))


def network_costs(
    evaluation: Evaluation, now: NetworkNow, beside: Beside
) -> tuple[NetworkCosts | None, str]:
    """Return the network's cost curve in the evaluation's currency, or None and why."""
    currency = evaluation.currency
    usd = rates_into(currency, evaluation.network).get("USD")
    if usd is None:
        return None, _(
            "The network's cost is known in USD alone, and the exchange rate of {currency} is not."
        ).format(currency=currency)
    at = evaluation.network.example_of or evaluation.made_at
    day, price = at.astimezone(UTC).date(), beside.price_per_kwh_usd
    found = None
    if evaluation.standing is not Standing.EXAMPLE and beside.indicators is not None:
        found = _by_means(beside.indicators.readings, day)
    if found is not None:
        day, earned, coins = found
    else:
        coins = btc_per_ths_day(now.difficulty) * now.reward_btc / SECONDS_PER_DAY
        earned = coins * now.price_per_btc / usd
    halls = hall_models(beside.models)
    curve = cost_curve(
        day.toordinal(),
        industry_machines(halls),
        price_per_kwh=price,
        earned_per_th=earned,
        btc_per_th=coins,
    )
    if not len(curve.upto):
        return None, _("No machine of the model earns at {price} USD/kWh.").format(price=price)
    return NetworkCosts(
        replace(curve, cost_per_btc=curve.cost_per_btc * usd),
        tuple(halls[int(i)].name for i in curve.machine),
        price * usd,
        price,
        day,
        found is not None,
        PUE_BEST,
    ), ""


def _by_means(readings: NetworkReadings, day: date) -> tuple[date, float, float] | None:
    """Return day, USD and coins of 1 TH as the method's means have them; None where not known."""
    cost, days = readings.cost, readings.days
    if cost is None or day - readings.as_of > _READINGS_NEAR:
        return None
    per_joule = cost.price_per_kwh / J_PER_KWH
    terahashes = days.hashrate_hs / HS_PER_THS * SECONDS_PER_DAY
    coins = mean_of_last((days.issuance_btc + days.fees_btc) / terahashes, MEAN_DAYS)[-1]
    earned = float(cost.threshold_j_per_th[-1]) * per_joule
    if not (np.isfinite(coins) and np.isfinite(earned)):
        return None
    return readings.as_of, earned, float(coins)


def _fleet_costs(
    evaluation: Evaluation, figures: Figures, costs: NetworkCosts | None
) -> FleetCosts:
    totals = evaluation.totals
    cash, btc = figures.column("cost_per_btc"), figures.column("btc_per_day")
    runs = totals is not None and totals.running > 0

    def of_all(per_btc: Floats) -> float:
        known = np.isfinite(per_btc)
        return float((per_btc * btc)[known].sum() / btc[known].sum()) if known.any() else np.nan

    avoidable = figures.column("cost_per_btc_avoidable")
    all_in = figures.column("cost_per_btc_all_in")
    if runs and totals is not None:
        of_fleet = (totals.cost_per_btc, totals.cost_per_btc_avoidable, totals.cost_per_btc_all_in)
    else:
        of_fleet = (of_all(cash), of_all(avoidable), of_all(all_in))
    unknown = np.full(len(cash), np.nan)
    return FleetCosts(
        cash,
        avoidable,
        all_in,
        *of_fleet,
        runs,
        unknown if costs is None else costs.curve.dearer_share(cash),
        np.nan if costs is None else float(costs.curve.dearer_share(np.array(of_fleet[0]))),
    )


def _squeeze(network: NetworkState, figures: Figures) -> Squeeze:
    economics, fleet = figures.economics, figures.fleet
    mode = figures.decisions.reference_mode
    hashprice, projection = economics.hashprice_per_ph_day, network.retarget
    change = None if projection is None else projection.change_pct
    after = None if change is None else hashprice / (1 + change / 100)
    revenue = economics.revenue_per_day[mode]
    cash = economics.prepared.cash_cost_per_day[mode]
    return Squeeze(
        hashprice,
        after,
        change,
        fleet.price_per_kwh,
        scenario.paid_j_per_th(fleet, economics)[mode],
        revenue > cash,
        revenue * ((after or hashprice) / hashprice) > cash,
    )


def _with_halving(holding: Holding, network: NetworkState, now: NetworkNow) -> Holding:
    height = network.height.value
    if height is None:
        return holding
    left = HALVING_BLOCKS - int(height) % HALVING_BLOCKS
    after = subsidy_btc(int(height) + left) + now.fees_btc
    return replace(
        holding,
        halving_in_days=left / BLOCKS_PER_DAY,
        reward_after=after / now.reward_btc,
    )


def _path(evaluation: Evaluation, beside: Beside) -> Path:
    """Return where price and difficulty were; nothing for an example, which has no days before."""
    nothing = Path(np.empty(0), np.empty(0), np.empty(0))
    if evaluation.standing is Standing.EXAMPLE:
        return nothing
    until = evaluation.made_at.timestamp()
    since = until - PATH_DAYS * SECONDS_PER_DAY
    rates = rates_into(evaluation.currency, evaluation.network)
    found = None
    if beside.indicators is not None and "USD" in rates:
        found = _from_days(beside.indicators.history, rates["USD"])
    if found is None and beside.history is not None:
        found = _from_readings(beside.history, rates)
    if found is None:
        return nothing
    keep = (found.time_s >= since) & (found.time_s <= until)
    keep &= np.isfinite(found.price_per_btc) & np.isfinite(found.difficulty)
    return Path(found.time_s[keep], found.price_per_btc[keep], found.difficulty[keep])


def _from_days(history: DailyHistory, usd: float) -> Path | None:
    days = history.days
    if days is None or not days.count:
        return None
    difficulty = days.difficulty
    if history.retargets.count:
        of_epochs, _hashrate = daily_from_epochs(
            history.retargets, days.first_day, days.first_day + days.count - 1
        )
        difficulty = np.where(np.isfinite(difficulty), difficulty, of_epochs)
    # The close of a day is of its end.
    ends = days.day - date(1970, 1, 1).toordinal() + 1
    time_s = ends.astype(np.float64) * SECONDS_PER_DAY
    return Path(time_s, days.price * usd, difficulty)


def _from_readings(history: HistorySlice, rates: dict[str, float]) -> Path | None:
    price, difficulty = history.series.get("price"), history.series.get("difficulty")
    if price is None or difficulty is None or price.currency not in rates:
        return None
    # One point a day: the last.
    day = np.floor(price.time_s / SECONDS_PER_DAY)
    last = np.append(np.flatnonzero(np.diff(day)), len(day) - 1)
    time_s = price.time_s[last]
    at = np.searchsorted(difficulty.time_s, time_s, side="right") - 1
    in_force = np.where(at >= 0, difficulty.value[np.maximum(at, 0)], np.nan)
    return Path(time_s, price.value[last] * rates[price.currency], in_force)
