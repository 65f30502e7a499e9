"""How each figure is computed: the formula, its inputs of the moment, their source and age."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from minerdesk.domain.readings import Gauge, NetworkState
from minerdesk.domain.text import _
from minerdesk.engine.indicators.value import REGRESSION_INTERCEPT, REGRESSION_SLOPE
from minerdesk.engine.industry import Estimate
from minerdesk.services.network_reading.indicators import FleetAfter, Indicators
from minerdesk.services.network_reading.own_money import OwnMoney
from minerdesk.services.network_reading.page_words import (
    last,
    limits_of_the_model,
    rigs_words,
    run_words,
)
from minerdesk.services.words import Formats


@dataclass(frozen=True, slots=True)
class Input:
    """One number that went in: what it is, its value with unit, who says so, how old it is."""

    name: str
    value: str
    source: str = ""
    age: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one figure is computed.

    Attributes:
        title: what it is. formula: in plain characters. inputs: of this moment.
        notes: whose definition it is and what it cannot tell, sentences.
    """

    title: str
    formula: str
    inputs: tuple[Input, ...]
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """Return all of it as lines, for the clipboard."""
        lines = [self.title, "", self.formula, ""]
        for each in self.inputs:
            tail = ", ".join(part for part in (each.source, each.age) if part)
            lines.append(f"{each.name}: {each.value}" + (f" ({tail})" if tail else ""))
        return "\n".join([*lines, "", *self.notes]).rstrip() + "\n"


@dataclass(frozen=True, slots=True)
class Moment:
    """What an explanation is made of."""

    found: Indicators
    network: NetworkState
    formats: Formats
    now: datetime

    def day(self, name: str, value: str, quantity: str) -> Input:
        """Return an input of the last day of history."""
        readings = self.found.readings
        end = datetime.combine(readings.as_of, datetime.min.time(), self.now.tzinfo)
        age = max(self.now - end - timedelta(days=1), timedelta(0))
        source = self.found.history.sources.get(quantity) or (
            _("the chain, with the program")
            if self.found.history.embedded_alone
            else _("the history of this program")
        )
        return Input(
            name,
            value,
            source,
            _("day of {day}, {age} old").format(
                day=self.formats.date(readings.as_of), age=self.formats.age(age)
            ),
        )

    def live(self, name: str, value: str, gauge: Gauge) -> Input:
        """Return a live input."""
        if gauge.reading is None:
            return Input(name, "–")
        age = self.formats.age(gauge.reading.age(self.now))
        return Input(name, value, gauge.reading.source, _("{age} old").format(age=age))

    def usd(self, value: float | None, digits: int = 0) -> str:
        """Return money."""
        return self.formats.money(value, "USD", digits)


def explain(
    key: str, found: Indicators, network: NetworkState, formats: Formats, now: datetime
) -> Explanation:
    """Return how the figure ``key`` is computed.

    Raises:
        KeyError: there is no such figure.
    """
    made = _BY_KEY[key](Moment(found, network, formats, now))
    own = OwnMoney.of(network, formats, now)
    if key not in _IN_USD or not own.converts:
        return made
    rate = f"{formats.number(own.per_usd, 4)} {own.currency}"
    return replace(made, inputs=(*made.inputs, Input(_("1 USD"), rate, own.source, own.age)))


def _cost(at: Moment) -> Explanation:
    found, formats = at.found, at.formats
    cost = found.readings.cost
    inputs = [
        Input(
            _("price of power"),
            formats.price_per_kwh(found.choice.price_per_kwh, "USD"),
            _("chosen by you"),
        ),
        at.day(_("price"), at.usd(last(found.curves.price)), "price"),
        at.day(
            _("hashrate, mean of 7 days"),
            _("{value} EH/s").format(value=formats.number(last(found.curves.means_ehs[7]), 1)),
            "hashrate",
        ),
        Input(
            _("machines in the catalogue"), formats.count(found.machines), _("the rig catalogue")
        ),
    ]
    if cost is not None:
        threshold = float(cost.threshold_j_per_th[-1])
        eligible = int(cost.eligible[-1])
        inputs += [
            Input(_("threshold, mean of 14 days"), formats.efficiency(threshold)),
            Input(_("machines that could run"), formats.count(eligible)),
            *(
                _estimate(name, each, formats)
                for name, each in (
                    (_("lower: the best machine"), cost.lower),
                    (_("best guess: weighted by age"), cost.best_guess),
                    (_("upper: the worst that earns"), cost.upper),
                )
            ),
            Input(_("best guess, 14-day mean"), at.usd(last(found.curves.cost_best_14))),
        ]
    return Explanation(
        _("What mining a BTC costs the network"),
        _(
            "threshold J/TH = revenue of 1 TH / (price of power / 3,600,000), mean of 14 days\n"
            "machines: released 61 to 1,825 days before, under the threshold\n"
            "J/TH = their mean, weighted 1.0, 0.8, 0.6, 0.4, 0.2 by years of age\n"
            "cost = price of power / 3,600,000 x J/TH x PUE / BTC of 1 TH, mean of 7 days"
        ),
        tuple(inputs),
        (
            _("Method of the Cambridge index (CBECI), from its published code; electricity alone."),
            limits_of_the_model(),
        ),
    )


def _estimate(name: str, each: Estimate, formats: Formats) -> Input:
    return Input(
        name,
        _("{cost}; {j} at PUE {pue}, {gw} GW, {twh} TWh a year").format(
            cost=formats.money(float(each.cost_per_btc[-1]), "USD", 0),
            j=formats.efficiency(float(each.j_per_th[-1])),
            pue=formats.number(each.pue, 2),
            gw=formats.number(float(each.gw[-1]), 1),
            twh=formats.number(float(each.twh_per_year[-1])),
        ),
    )


def _sensitivity(at: Moment) -> Explanation:
    made = _cost(at)
    return Explanation(
        _("The cost at every price of power"),
        _("The cost of the last day, computed anew at 39 prices from 0.01 to 0.20 USD/kWh.\n")
        + made.formula,
        made.inputs,
        made.notes,
    )


def _hashrate(at: Moment) -> Explanation:
    formats = at.formats
    means = [
        at.day(
            _("mean of {n} days").format(n=mean.days),
            _("{value} EH/s ±{error}, {fall} from {peak}").format(
                value=formats.number(mean.value_ehs, 1),
                error=formats.percent_points(mean.error_pct),
                fall=formats.percent_points(mean.drawdown_pct, signed=True),
                peak=formats.number(mean.peak_ehs, 1),
            ),
            "hashrate",
        )
        for mean in at.found.readings.hashrate
    ]
    implied = last(at.found.curves.implied_ehs)
    by_difficulty = "–" if implied is None else _ehs(implied, formats)
    return Explanation(
        _("Hashrate"),
        _(
            "hashrate of a day = blocks x difficulty x 2^32 / 86,400 s\n"
            "mean of n days = sum of n days / n, only where all n are known\n"
            "error = 100% / sqrt(144 x n), one standard deviation\n"
            "fall = mean / highest mean so far - 1\n"
            "by difficulty = difficulty x 2^32 / 600 s"
        ),
        (*means, at.day(_("by difficulty"), by_difficulty, "difficulty")),
        (
            _("Blocks are found by chance: a single day is 8.3% noise, so it is only a dot."),
            *at.found.readings.notes,
        ),
    )


def _ribbon(at: Moment) -> Explanation:
    reading, choice = at.found.readings.ribbon, at.found.choice
    inputs: tuple[Input, ...] = ()
    if reading is not None:
        inputs = (
            at.day(_("30-day mean"), _ehs(reading.fast_ehs, at.formats), "hashrate"),
            at.day(_("60-day mean"), _ehs(reading.slow_ehs, at.formats), "hashrate"),
            Input(
                _("confirmation"),
                _("{days} days, band {band}").format(
                    days=choice.confirmation_days,
                    band=at.formats.percent(choice.confirmation_band),
                ),
                _("chosen by you"),
            ),
        )
    return Explanation(
        _("Hash ribbon"),
        _(
            "capitulation: while the 30-day mean of hashrate is under the 60-day mean\n"
            "recovered: from the cross back until the buy or a new cross\n"
            "buy: first day after it with the 10-day mean of the price over its 20-day mean\n"
            "recovering: in a capitulation, the 30-day mean above its value 7 days before"
        ),
        inputs,
        (
            _("Charles Edwards' definition (Capriole). A day once painted is never repainted."),
            *at.found.readings.notes,
        ),
    )


def _ehs(value: float, formats: Formats) -> str:
    return _("{value} EH/s").format(value=formats.number(value, 1))


def _difficulty(at: Moment) -> Explanation:
    reading = at.found.readings.difficulty
    value = "–" if reading is None else at.formats.difficulty(reading.value, 3)
    return Explanation(
        _("Difficulty"),
        _(
            "every 2,016 blocks: new = old x 1,209,600 s / time of the last 2,015 intervals,\n"
            "at most a factor of 4 either way"
        ),
        (
            at.day(_("in force"), value, "difficulty"),
            at.live(_("block"), at.formats.count(at.network.height.value or 0), at.network.height),
        ),
        (_("A rule of the protocol; the values are facts of the chain."),),
    )


def _projection(at: Moment) -> Explanation:
    found, formats = at.network.retarget, at.formats
    if found is None:
        inputs: tuple[Input, ...] = ()
    else:
        age = formats.age(max(at.now - found.taken_at, timedelta(0)))
        inputs = (
            Input(
                _("expected"),
                formats.change(found.change_pct, found.error_pct, 2),
                found.source,
                _("{age} old").format(age=age),
            ),
            Input(_("blocks left"), formats.count(found.remaining_blocks)),
        )
    return Explanation(
        _("The next retarget"),
        _(
            "change = 600 s / mean spacing of the epoch's n blocks - 1\n"
            "error = 100% x sqrt(1/n - 1/2016), one standard deviation, from block 504 on;\n"
            "before it the last epoch's blocks are counted in"
        ),
        inputs,
        (_("± is one standard deviation; 95% of the time it is within twice as much."),),
    )


def _streak(at: Moment) -> Explanation:
    reading = at.found.readings.difficulty
    change = at.found.curves.change_pct[-8:]
    when = at.found.curves.retarget_s[-8:]
    inputs = tuple(
        Input(
            at.formats.utc_date(datetime.fromtimestamp(float(s), at.now.tzinfo)),
            at.formats.percent_points(float(pct), 2, signed=True),
            _("the chain"),
        )
        for s, pct in zip(when, change, strict=True)
    )
    return Explanation(
        _("The last changes of difficulty"),
        _("change = difficulty / difficulty of the epoch before - 1; counted over the last eight"),
        inputs,
        () if reading is None else (run_words(reading.streak),),
    )


def _fleet(at: Moment) -> Explanation:
    return Explanation(
        _("My margin after the next retarget"),
        _("the whole fleet evaluated again at difficulty x (1 + expected change), all else as now"),
        (*_projection(at).inputs, *_fleet_inputs(at.found.after_retarget, at.formats)),
        (
            _("Margins are per day, in the book's money, after the moves that are advised."),
            _("Where a host takes a share of a site's profit, a margin is what the host leaves."),
        ),
    )


def _fleet_inputs(after: FleetAfter | None, formats: Formats) -> tuple[Input, ...]:
    if after is None:
        return ()
    return (
        Input(_("margin now"), formats.money(after.margin_before, after.currency), _("evaluation")),
        Input(_("margin then"), formats.money(after.margin_after, after.currency), _("evaluation")),
        Input(_("rigs"), rigs_words(after, formats), _("evaluation")),
    )


def _hashprice(at: Moment) -> Explanation:
    curves, formats = at.found.curves, at.formats
    return Explanation(
        _("Hashprice"),
        _(
            "hashprice = 1 PH/s x 86,400 s / (difficulty x 2^32) x (subsidy + fees of a block) x "
            "price\nfees of a block = fees of the day / 144"
        ),
        (
            at.day(_("price"), at.usd(last(curves.price)), "price"),
            at.day(
                _("difficulty"),
                formats.difficulty(
                    float(curves.difficulty[-1]) if len(curves.difficulty) else None
                ),
                "difficulty",
            ),
            at.day(_("fees' share"), formats.percent(last(curves.fee_share), 2), "fees"),
            at.day(_("hashprice"), at.usd(last(curves.hashprice), 2), "price"),
        ),
        (_("Luxor's definition, gross of pool fees; from difficulty, never from hashrate."),),
    )


def _price(at: Moment) -> Explanation:
    return Explanation(
        _("What a BTC brings"),
        _("the price of the last complete day; the strip above shows the live one"),
        (at.day(_("price"), at.usd(last(at.found.curves.price)), "price"),),
    )


def _puell(at: Moment) -> Explanation:
    return Explanation(
        _("Puell multiple"),
        _("new coins of the day x price / mean of the same over 365 days"),
        (
            at.day(_("price"), at.usd(last(at.found.curves.price)), "price"),
            at.day(_("multiple"), at.formats.number(at.found.readings.puell, 3), "issuance"),
        ),
        (_("David Puell's definition."),),
    )


def _fee_share(at: Moment) -> Explanation:
    return Explanation(
        _("Fees' share of the reward"),
        _("fees of the day / (fees + new coins of the day)"),
        (at.day(_("share"), at.formats.percent(last(at.found.curves.fee_share), 2), "fees"),),
    )


def _halving(at: Moment) -> Explanation:
    halving = at.found.halving
    inputs: tuple[Input, ...] = ()
    if halving is not None:
        inputs = (
            at.live(_("block"), at.formats.count(at.network.height.value or 0), at.network.height),
            Input(_("blocks left"), at.formats.count(halving.blocks_left)),
            *_fleet_inputs(halving.fleet, at.formats),
        )
    return Explanation(
        _("The next halving"),
        _(
            "every 210,000 blocks the subsidy is halved; date = blocks left x 10 minutes\n"
            "margin after it: the fleet evaluated with half the subsidy, all else as now"
        ),
        inputs,
        (_("Price, difficulty and fees will not be as now; this is no forecast."),),
    )


def _regression(at: Moment) -> Explanation:
    return Explanation(
        _("Difficulty regression"),
        _("price = exp({a:.4f} + {b:.4f} x ln(difficulty)) / coins there are").format(
            a=REGRESSION_INTERCEPT, b=REGRESSION_SLOPE
        ),
        (
            at.day(_("result"), at.usd(last(at.found.curves.regression)), "difficulty"),
            Input(_("coefficients"), "10.2560, 0.5250", "Glassnode"),
        ),
        (
            _(
                "Glassnode's fit of all-in cost up to 14 September 2022 (R² 0.944): somebody's "
                "frozen model, not a measurement."
            ),
        ),
    )


_BY_KEY: Final[Mapping[str, Callable[[Moment], Explanation]]] = MappingProxyType(
    {
        "cost": _cost,
        "sensitivity": _sensitivity,
        "hashrate": _hashrate,
        "ribbon": _ribbon,
        "difficulty": _difficulty,
        "progress": _projection,
        "projection": _projection,
        "streak": _streak,
        "extremes": _streak,
        "fleet": _fleet,
        "price": _price,
        "hashprice": _hashprice,
        "puell": _puell,
        "fee_share": _fee_share,
        "halving": _halving,
        "regression": _regression,
    }
)
KEYS: Final = tuple(_BY_KEY)
# Computed in USD, and shown in the book's currency.
_IN_USD: Final = frozenset({"cost", "sensitivity", "price", "hashprice", "regression"})
