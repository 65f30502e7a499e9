"""How the network's cost of mining is computed, and which machines it rests on."""

from __future__ import annotations

from minerdesk.domain.text import _
from minerdesk.engine.industry import Estimate, IndustryCost
from minerdesk.services.network_reading.explanation import Explanation, Input, Listed, Moment
from minerdesk.services.network_reading.figure_rows import last
from minerdesk.services.network_reading.page_words import limits_of_the_model
from minerdesk.services.network_reading.readings import HEADLINE_DAYS
from minerdesk.services.words import Formats


def cost(at: Moment) -> Explanation:
    """Explain the cost of mining a coin."""
    found, formats = at.found, at.formats
    made = found.readings.cost
    inputs = [
        Input(
            _("price of power"),
            formats.price_per_kwh(found.choice.price_per_kwh, "USD"),
            _("chosen by you"),
        ),
        at.day(_("price"), at.usd(last(found.curves.price)), "price"),
        _hashrate(at),
        Input(
            _("machines in the catalogue"), formats.count(found.machines), _("the rig catalogue")
        ),
    ]
    if made is not None:
        threshold = float(made.threshold_j_per_th[-1])
        eligible = int(made.eligible[-1])
        inputs += [
            Input(_("threshold, mean of 14 days"), formats.efficiency(threshold)),
            Input(_("machines that could run"), formats.count(eligible)),
            *(_estimate(name, each, formats) for name, each in _estimates(made)),
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
        _machines(at),
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


def power(at: Moment) -> Explanation:
    """Explain what power the network takes."""
    found, formats = at.found, at.formats
    made = found.readings.cost
    inputs = [
        Input(
            name,
            _("{ex} GW without PUE, {gw} GW with {pue}, {twh} TWh a year").format(
                ex=formats.number(float(each.gw_ex_pue[-1]), 1),
                gw=formats.number(float(each.gw[-1]), 1),
                pue=formats.number(each.pue, 2),
                twh=formats.number(float(each.twh_per_year[-1])),
            ),
        )
        for name, each in (() if made is None else _estimates(made))
    ]
    return Explanation(
        _("The power the network takes"),
        _(
            "GW = J/TH x EH/s / 1,000 x PUE, mean of 7 days\n"
            "TWh a year = GW x 8.76582\n"
            "J/TH: as for the cost of mining"
        ),
        (
            Input(
                _("price of power"),
                formats.price_per_kwh(found.choice.price_per_kwh, "USD"),
                _("chosen by you"),
            ),
            _hashrate(at),
            *inputs,
        ),
        (limits_of_the_model(),),
        _machines(at),
    )


def _hashrate(at: Moment) -> Input:
    value = last(at.found.curves.means_ehs[HEADLINE_DAYS])
    return at.day(
        _("hashrate, mean of 7 days"),
        _("{value} EH/s").format(value=at.formats.number(value, 1)),
        "hashrate",
        at.found.readings.hashrate_to,
    )


def _estimates(made: IndustryCost) -> tuple[tuple[str, Estimate], ...]:
    return (
        (_("lower: the best machine"), made.lower),
        (_("best guess: weighted by age"), made.best_guess),
        (_("upper: the worst that earns"), made.upper),
    )


def _machines(at: Moment) -> Listed | None:
    """List the machines that could run, the most efficient first."""
    found, formats = at.found.eligible, at.formats
    if not found:
        return None
    return Listed(
        _("Machines that could run on {day}").format(
            day=formats.date(at.found.eligible_on or at.found.readings.as_of)
        ),
        (_("machine"), _("J/TH"), _("released"), _("weight")),
        tuple(
            (
                each.name,
                formats.number(each.j_per_th, 1),
                f"{each.released:%Y-%m}",
                formats.number(each.weight, 1),
            )
            for each in found
        ),
    )


def sensitivity(at: Moment) -> Explanation:
    """Explain the cost at every price of power."""
    made = cost(at)
    return Explanation(
        _("The cost at every price of power"),
        _("The cost of the last day, computed anew at 39 prices from 0.01 to 0.20 USD/kWh.\n")
        + made.formula,
        made.inputs,
        made.notes,
        made.listed,
    )
