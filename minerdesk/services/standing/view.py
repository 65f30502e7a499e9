"""What the Standing page shows: frozen values, made from an evaluation and the network's readings.

Money is in the book's currency unless a name says USD.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from minerdesk.engine.cost_curve import CostCurve
from minerdesk.engine.mine_or_buy import Holding, MineOrBuy
from minerdesk.engine.scenario import MarginCurve, ratio_of
from minerdesk.services.evaluation import Evaluation, Figures
from minerdesk.services.standing.changes import Change

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StandingChoice:
    """What the operator chose for the page.

    Attributes:
        best_states: elsewhere every group is in its best state, off included; else as it runs now.
        holding: what is expected of mining against buying; the halving is put in as it is known.
    """

    best_states: bool = True
    holding: Holding = field(default_factory=Holding)


@dataclass(frozen=True, slots=True)
class NetworkCosts:
    """What a coin costs the network, machine by machine, under the Cambridge method.

    Attributes:
        curve: cheapest first. names: of its machines.
        price_per_kwh: of power that was chosen; price_per_kwh_usd: in USD.
        as_of: day of the numbers. by_means: they are the method's means of 14 and 7 days; else
            those of the moment alone, for history is not known.
        pue: overhead of the network.
    """

    curve: CostCurve
    names: tuple[str, ...]
    price_per_kwh: float
    price_per_kwh_usd: float
    as_of: date
    by_means: bool
    pue: float


@dataclass(frozen=True, slots=True)
class FleetCosts:
    """What a coin costs the fleet; NaN where it is not known.

    Attributes:
        cash, avoidable, all_in: (G,) by group, in its reference mode.
        fleet_cash, fleet_avoidable, fleet_all_in: of all that runs, or of all where nothing runs.
        runs: whether anything runs.
        dearer: (G,) part of the network that mines dearer than the group's cash cost, a fraction.
        fleet_dearer: likewise for the fleet.
    """

    cash: Floats
    avoidable: Floats
    all_in: Floats
    fleet_cash: float
    fleet_avoidable: float
    fleet_all_in: float
    runs: bool
    dearer: Floats
    fleet_dearer: float


@dataclass(frozen=True, slots=True)
class Squeeze:
    """Who earns at which price of power and which efficiency.

    Attributes:
        hashprice_per_ph_day: now, gross. after: after the projected retarget, or None, and
            after_pct: what difficulty is expected to do, percent.
        price_per_kwh, j_per_th, earns, earns_after: (G,) of each group in its reference mode; the
            efficiency is that of paid work, PUE and fees inside, so that a dot lies on its side of
            the border.
    """

    hashprice_per_ph_day: float
    after: float | None
    after_pct: float | None
    price_per_kwh: Floats
    j_per_th: Floats
    earns: NDArray[np.bool_]
    earns_after: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Path:
    """Where price and difficulty have been, (N,) each, oldest first."""

    time_s: Floats
    price_per_btc: Floats
    difficulty: Floats


@dataclass(frozen=True, slots=True)
class Grid:
    """The fleet over price and difficulty.

    Attributes:
        price_per_btc: (X,) middles of the cells. difficulty: (Y,).
        margin_per_day, rigs: (Y, X).
    """

    price_per_btc: Floats
    difficulty: Floats
    margin_per_day: Floats
    rigs: Floats


@dataclass(frozen=True, slots=True)
class StandingView:
    """Everything the page shows, of one moment.

    Attributes:
        evaluation: what it was made from, with figures; it names book and network revision.
        choice: what it was made with.
        costs: of the network, or None with why_no_costs, a sentence.
        fleet: own costs. squeeze: the break-even border. buy: mining against buying, by group.
        holding: the choice's, with the halving.
        curve: the fleet's margin over the ratio of hashprices.
        path: of the last 90 days, empty where none is known.
        change: what changed lately and matters to this fleet, or None.
        rigs_after: how many more rigs earn after the projected retarget, every group in its best
            state; negative where fewer do; None without a projection.
    """

    evaluation: Evaluation
    choice: StandingChoice
    costs: NetworkCosts | None
    why_no_costs: str
    fleet: FleetCosts
    squeeze: Squeeze
    buy: MineOrBuy
    holding: Holding
    curve: MarginCurve
    path: Path
    change: Change | None = None
    rigs_after: int | None = None

    @property
    def currency(self) -> str:
        """Of all money."""
        return self.evaluation.currency

    @property
    def figures(self) -> Figures:
        """The evaluation's arrays.

        Raises:
            ValueError: it has none, so it is not one that a view is made from.
        """
        if self.evaluation.figures is None:
            raise ValueError("a standing needs an evaluation with figures")
        return self.evaluation.figures

    @property
    def price_per_btc(self) -> float:
        """The BTC price in force."""
        return self.figures.now.price_per_btc

    @property
    def difficulty(self) -> float:
        """The difficulty in force."""
        return self.figures.now.difficulty

    def ratio(self, price_per_btc: Floats | float, difficulty: Floats | float) -> Floats:
        """Return hashprice there over hashprice now; shapes are broadcast."""
        now = self.figures.now
        price, hard = np.asarray(price_per_btc), np.asarray(difficulty)
        return ratio_of(price, hard, now.price_per_btc, now.difficulty)

    def margin_at(self, price_per_btc: float, difficulty: float) -> float:
        """Return the fleet's margin there, money a day."""
        return float(self.curve.margin_per_day(self.ratio(price_per_btc, difficulty)))

    def rigs_at(self, price_per_btc: float, difficulty: float) -> int:
        """Return how many rigs earn there."""
        return int(self.curve.earning_rigs(self.ratio(price_per_btc, difficulty)))

    def grid(self, price_per_btc: Floats, difficulty: Floats) -> Grid:
        """Return the fleet over a grid: ``price_per_btc`` (X,) by ``difficulty`` (Y,)."""
        ratio = self.ratio(price_per_btc[None, :], difficulty[:, None])
        return Grid(
            price_per_btc,
            difficulty,
            self.curve.margin_per_day(ratio),
            self.curve.earning_rigs(ratio),
        )

    def zero_price(self, difficulty: float) -> float | None:
        """Return the BTC price above which the fleet earns at a difficulty; None: at every price.

        Infinite where it earns at none.
        """
        ratio = self.curve.zero_ratio()
        return None if ratio is None else ratio * self.price_per_btc * difficulty / self.difficulty
