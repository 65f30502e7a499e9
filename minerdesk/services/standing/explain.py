"""How each figure of the Standing page is computed, with the inputs of the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from minerdesk.domain.readings import Gauge
from minerdesk.domain.text import _
from minerdesk.services.network_reading.explanation import Explanation, Input
from minerdesk.services.network_reading.page_words import limits_of_the_model
from minerdesk.services.standing.view import StandingView
from minerdesk.services.standing.words import basis_words, power_price_words
from minerdesk.services.words import DASH, Formats


@dataclass(frozen=True, slots=True)
class _Moment:
    view: StandingView
    formats: Formats
    now: datetime

    def money(self, value: float, digits: int = 0) -> str:
        return self.formats.money(value, self.view.currency, digits)

    def live(self, name: str, value: str, gauge: Gauge) -> Input:
        """Return an input that a source told, with its age."""
        if gauge.reading is None:
            return Input(name, value)
        age = _("{age} old").format(age=self.formats.age(gauge.reading.age(self.now)))
        return Input(name, value, gauge.reading.source, age)

    def price(self) -> Input:
        value = self.money(self.view.price_per_btc)
        return self.live(_("BTC price"), value, self.view.evaluation.network.price)

    def difficulty(self) -> Input:
        value = self.formats.difficulty(self.view.difficulty, 3)
        return self.live(_("difficulty"), value, self.view.evaluation.network.difficulty)

    def hashprice(self) -> Input:
        value = self.money(self.view.squeeze.hashprice_per_ph_day, 2)
        return Input(_("hashprice, gross"), value, _("price, difficulty and fees in force"))


def explain_standing(key: str, view: StandingView, formats: Formats, now: datetime) -> Explanation:
    """Return how what ``key`` names is computed.

    Raises:
        KeyError: there is no such evidence.
    """
    return _BY_KEY[key](_Moment(view, formats, now))


def _cost(at: _Moment) -> Explanation:
    view, formats = at.view, at.formats
    fleet, costs = view.fleet, view.costs
    inputs: list[Input] = []
    if costs is not None:
        price = power_price_words(costs, formats, view.currency)
        inputs += [
            Input(_("the network's price of power"), price, _("chosen by you")),
            Input(
                _("machines that could run"),
                formats.count(len(costs.names)),
                _("the rig catalogue"),
                _("of {day}").format(day=formats.date(costs.as_of)),
            ),
        ]
    inputs += [
        Input(_("my cash cost of a BTC"), at.money(fleet.fleet_cash), _("evaluation")),
        Input(_("my avoidable cost"), at.money(fleet.fleet_avoidable), _("evaluation")),
        Input(_("my all-in cost"), at.money(fleet.fleet_all_in), _("evaluation")),
        Input(_("share that mines dearer"), formats.percent(fleet.fleet_dearer)),
        at.price(),
    ]
    return Explanation(
        _("My cost against the network's"),
        _(
            "cost of a machine = price of power / 3,600,000 x J/TH x PUE / BTC of 1 TH\n"
            "its share of the network = its weight by age / weights of all that could run\n"
            "dearer than I = sum of the shares whose cost is above my cash cost\n"
            "cash: power that stops with the rig; avoidable: what stops with the site as well; "
            "all-in: depreciation, interest and overhead as well"
        ),
        tuple(inputs),
        tuple(filter(None, (basis_words(view, formats), limits_of_the_model()))),
    )


def _border(at: _Moment) -> Explanation:
    return Explanation(
        _("Who is squeezed"),
        _(
            "a rig earns where price of power < hashprice / (24 x J/TH of paid work)\n"
            "J/TH of paid work = power that stops with the rig, PUE inside / work that is paid, "
            "fees, rejects and uptime taken off\n"
            "after the retarget: hashprice / (1 + expected change)"
        ),
        (at.hashprice(), *_after(at), at.price(), at.difficulty()),
        (_("A group stands in the mode that describes it; another mode may earn where it loses."),),
    )


def _after(at: _Moment) -> Iterator[Input]:
    network, found = at.view.evaluation.network, at.view.squeeze
    projection = network.retarget
    if projection is None or found.after is None:
        return
    change = at.formats.change(projection.change_pct, projection.error_pct, 2)
    yield Input(_("expected change of difficulty"), change, projection.source)
    yield Input(_("hashprice after it"), at.money(found.after, 2))


def _buy(at: _Moment) -> Explanation:
    holding, formats = at.view.holding, at.formats
    chosen = _("chosen by you")
    halving = DASH
    if holding.halving_in_days is not None:
        halving = _("{n} days").format(n=formats.count(round(holding.halving_in_days)))
    return Explanation(
        _("Mine or buy"),
        _(
            "mined = coins a day x (1 - e^(-kT)) / k, k = ln(1 + growth a year) / 365.25; "
            "after a halving with the smaller reward\n"
            "a mined BTC = (power money over T days + a host's share) / mined\n"
            "against spot = a mined BTC / BTC price - 1\n"
            "bought = the same money / BTC price\n"
            "needed = (money, each day's with the discount rate to the horizon, and tax on income) "
            "/ mined, before the tax on gains"
        ),
        (
            at.price(),
            Input(_("horizon"), _("{n} months").format(n=formats.number(holding.months)), chosen),
            Input(_("difficulty a year"), formats.percent(holding.difficulty_growth), chosen),
            Input(_("discount rate"), formats.percent(holding.discount), chosen),
            Input(_("tax on income"), formats.percent(holding.income_tax), chosen),
            Input(_("tax on gains"), formats.percent(holding.gains_tax), chosen),
            Input(_("next halving in"), halving, _("the protocol")),
            Input(
                _("coins bought today need at the horizon"),
                at.money(at.view.buy.price_needed_bought),
            ),
        ),
        (
            _(
                "Held to the horizon, mined and bought coins are worth the same each: who holds "
                "more of them wins at every price. Taxes are a simple rate and do not turn that."
            ),
        ),
    )


def _what_if(at: _Moment) -> Explanation:
    view, formats = at.view, at.formats
    zero = view.zero_price(view.difficulty)
    known = zero is not None and zero < float("inf")
    return Explanation(
        _("Margin over price and difficulty"),
        _(
            "ratio = price there / price now x difficulty now / difficulty there\n"
            "margin = sum over the groups of revenue now x ratio - power, each in its best state "
            "or as it runs; a host's share taken off\n"
            "rigs that earn: those whose revenue there is above the power that stops with them\n"
            "line of zero: where the margin is 0, a straight line through price 0"
        ),
        (
            at.price(),
            at.difficulty(),
            Input(
                _("margin a day here"),
                formats.money(
                    view.margin_at(view.price_per_btc, view.difficulty), view.currency, signed=True
                ),
                _("evaluation"),
            ),
            Input(
                _("rigs that earn here"),
                formats.count(view.rigs_at(view.price_per_btc, view.difficulty)),
                _("evaluation"),
            ),
            Input(
                _("price of zero at this difficulty"),
                at.money(zero) if zero is not None and known else DASH,
            ),
            Input(_("days of the way"), formats.count(len(view.path.time_s)), _("history")),
        ),
        (_("Fees and subsidy of a block are held as they are; prices of power as they are now."),),
    )


_BY_KEY: Final[Mapping[str, Callable[[_Moment], Explanation]]] = MappingProxyType(
    {"cost": _cost, "border": _border, "buy": _buy, "what_if": _what_if}
)
KEYS: Final = tuple(_BY_KEY)
