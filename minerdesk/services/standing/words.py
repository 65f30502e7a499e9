"""Sentences on where the fleet stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from minerdesk.domain.text import _, ngettext
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.network_reading.own_money import OwnMoney
from minerdesk.services.standing.changes import Cause, Change
from minerdesk.services.standing.view import NetworkCosts, StandingView
from minerdesk.services.words import Formats, Headline, sentence_prefix, typed_sentence

_SHARE_DIGITS = 0


def standing_headline(view: StandingView, formats: Formats, now: datetime) -> Headline:
    """Return the page's answer: which part of the network mines dearer than the fleet."""
    begin = sentence_prefix(view.evaluation, formats)
    old = _old_words(view.evaluation, formats, now)
    typed = typed_sentence(view.evaluation.network, formats)
    parts = (old, typed, _own_costs(view, formats), _model_words(view, formats))
    detail = " ".join(filter(None, parts))
    return Headline(
        begin + _dearer_words(view, formats), detail, "warn" if old else "", bool(begin or old)
    )


def basis_words(view: StandingView, formats: Formats) -> str:
    """Return what the network's curve rests on; nothing where there is none."""
    costs, currency = view.costs, view.currency
    if costs is None:
        return ""
    said = [
        _("Cambridge model at {price}, PUE {pue}, machines of {day}").format(
            price=power_price_words(costs, formats, currency),
            pue=formats.number(costs.pue, 2),
            day=formats.date(costs.as_of),
        )
    ]
    if not costs.by_means:
        said.append(_("today's numbers in place of 14-day means, for no daily history is known"))
    network = replace(view.evaluation.network, currency=currency)
    own = OwnMoney.of(network, formats, view.evaluation.made_at)
    if own.converts:
        said.append(_("converted from USD: {rate}").format(rate=own.rate()))
    return "; ".join(said)


def power_price_words(costs: NetworkCosts, formats: Formats, currency: str) -> str:
    """Return the chosen price of power, and what it is in the book's currency."""
    text = formats.price_per_kwh(costs.price_per_kwh_usd, "USD")
    if currency == "USD":
        return text
    return f"{text} ({formats.price_per_kwh(costs.price_per_kwh, currency)})"


def squeeze_words(view: StandingView, formats: Formats) -> str:
    """Return who lies beyond the border now, and who after the next retarget."""
    found, fleet = view.squeeze, view.figures.fleet
    known = np.isfinite(found.price_per_kwh)
    out = known & ~found.earns
    hashprice = formats.money(found.hashprice_per_ph_day, view.currency, 2)
    if not out.any():
        now = _("Every group earns at {hashprice} a PH/s and day.").format(hashprice=hashprice)
    else:
        now = ngettext(
            "{n} of {m} groups ({rigs} rigs) loses at {hashprice} a PH/s and day.",
            "{n} of {m} groups ({rigs} rigs) lose at {hashprice} a PH/s and day.",
            int(out.sum()),
        ).format(
            n=formats.count(int(out.sum())),
            m=formats.count(int(known.sum())),
            rigs=formats.count(float(fleet.count[out].sum())),
            hashprice=hashprice,
        )
    if found.after_pct is None:
        return now
    turned = float(fleet.count[known & found.earns_after].sum())
    turned -= float(fleet.count[known & found.earns].sum())
    change = formats.percent_points(found.after_pct, signed=True)
    if turned > 0:
        then = _("After the retarget ({change}) {rigs} more rigs earn.")
    elif turned < 0:
        then = _("After the retarget ({change}) {rigs} more rigs lose.")
    else:
        then = _("The retarget ({change}) turns none.")
    return f"{now} {then.format(change=change, rigs=formats.count(abs(turned)))}"


def buy_words(view: StandingView, formats: Formats) -> str:
    """Say plainly whether mining is dearer than buying."""
    premium = view.buy.premium
    known = np.isfinite(premium)
    if not known.any():
        return _("What power costs is not known, so mining cannot be set against buying.")
    dear = known & (premium > 0)
    price = formats.money(view.price_per_btc, view.currency)
    if not dear.any():
        return _(
            "Every group mines a coin for less than the {price} it costs to buy; the dearest group "
            "saves {least}."
        ).format(price=price, least=formats.percent(-float(np.max(premium[known]))))
    return ngettext(
        "At {n} of {m} groups a mined coin costs more than {price}: buying with the same power "
        "money gives more coins, and no future price makes up for that.",
        "At {n} of {m} groups a mined coin costs more than {price}: buying with the same power "
        "money gives more coins, and no future price makes up for that.",
        int(dear.sum()),
    ).format(n=formats.count(int(dear.sum())), m=formats.count(int(known.sum())), price=price)


def what_if_words(
    view: StandingView, formats: Formats, price_per_btc: float, difficulty: float
) -> str:
    """Return what the fleet earns at a price and a difficulty."""
    margin = view.margin_at(price_per_btc, difficulty)
    return _("At {price} and difficulty {difficulty}: {margin} a day; {n} of {m} rigs earn").format(
        price=formats.money(price_per_btc, view.currency, 0),
        difficulty=formats.difficulty(difficulty),
        margin=formats.money(margin, view.currency, signed=True),
        n=formats.count(view.rigs_at(price_per_btc, difficulty)),
        m=formats.count(view.curve.known_rigs),
    )


def zero_words(view: StandingView, formats: Formats) -> str:
    """Return where the fleet stops to earn at today's difficulty."""
    zero = view.zero_price(view.difficulty)
    if zero is None:
        return _("At today's difficulty the fleet earns at every price.")
    if not np.isfinite(zero):
        return _("At today's difficulty the fleet earns at no price.")
    return _("At today's difficulty the fleet earns above {price} a BTC.").format(
        price=formats.money(zero, view.currency, 0)
    )


def change_words(change: Change | None, formats: Formats, currency: str) -> str:
    """Return what changed lately for this fleet as one sentence; empty for nothing."""
    if change is None:
        return ""
    fell = change.change_pct < 0
    if change.cause is Cause.DIFFICULTY:
        moved = _("Difficulty fell {pct}") if fell else _("Difficulty rose {pct}")
    else:
        moved = _("BTC fell {pct} since yesterday") if fell else _("BTC rose {pct} since yesterday")
    moved = moved.format(pct=formats.percent_points(abs(change.change_pct)))
    n = abs(change.rigs)
    if change.rigs > 0:
        effect = ngettext("{n} rig earns again", "{n} rigs earn again", n)
    elif change.rigs < 0:
        effect = ngettext("{n} rig no longer earns", "{n} rigs no longer earn", n)
    elif change.margin_per_day < 0:
        effect = _("the fleet earns {money} a day less")
    else:
        effect = _("the fleet earns {money} a day more")
    money = formats.money(abs(change.margin_per_day), currency)
    return f"{moved}: {effect.format(n=formats.count(n), money=money)}."


def after_retarget_words(view: StandingView, formats: Formats) -> str:
    """Return what the next retarget does to the rigs; empty without a projection."""
    if view.rigs_after is None:
        return ""
    n = abs(view.rigs_after)
    if view.rigs_after > 0:
        text = ngettext("After it {n} more rig earns.", "After it {n} more rigs earn.", n)
    elif view.rigs_after < 0:
        text = ngettext("After it {n} rig no longer earns.", "After it {n} rigs no longer earn.", n)
    else:
        text = _("After it the same rigs earn.")
    return text.format(n=formats.count(n))


def _dearer_words(view: StandingView, formats: Formats) -> str:
    costs, fleet = view.costs, view.fleet
    if costs is None:
        return view.why_no_costs
    if np.isnan(fleet.fleet_cash):
        return _("What your power costs is not known, so nothing can be set against the network.")
    words = {
        "share": formats.percent(fleet.fleet_dearer, _SHARE_DIGITS),
    }
    if not fleet.runs:
        sentence = _("{share} of the network would mine dearer than you, by the model.")
    elif fleet.fleet_dearer <= 0:
        sentence = _("Nobody in the network mines dearer than you, by the model.")
    elif fleet.fleet_dearer >= 1:
        sentence = _("The whole network mines dearer than you, by the model.")
    else:
        sentence = _("{share} of the network mines dearer than you, by the model.")
    return sentence.format(**words)


def _model_words(view: StandingView, formats: Formats) -> str:
    """Say what the headline's share rests on; nothing where there is none."""
    if view.costs is None or np.isnan(view.fleet.fleet_cash):
        return ""
    return _("The model: Cambridge's, at {price}.").format(
        price=power_price_words(view.costs, formats, view.currency)
    )


def _own_costs(view: StandingView, formats: Formats) -> str:
    fleet, currency = view.fleet, view.currency
    layers = [
        (_("{money} cash"), fleet.fleet_cash),
        (_("{money} avoidable"), fleet.fleet_avoidable),
        (_("{money} all-in"), fleet.fleet_all_in),
    ]
    known = [
        words.format(money=formats.money(value, currency, 0))
        for words, value in layers
        if np.isfinite(value)
    ]
    if not known:
        return ""
    sentence = (
        _("Your coins cost {costs}; one is worth {price}.")
        if fleet.runs
        else _("Nothing runs; your coins would cost {costs}; one is worth {price}.")
    )
    return sentence.format(
        costs=", ".join(known), price=formats.money(view.price_per_btc, currency, 0)
    )


def _old_words(evaluation: Evaluation, formats: Formats, now: datetime) -> str:
    if evaluation.standing is not Standing.TOO_OLD:
        return ""
    network = evaluation.network
    name, gauge = (
        (_("price"), network.price)
        if evaluation.old == "price"
        else (_("difficulty"), network.difficulty)
    )
    age = "–" if gauge.reading is None else formats.age(gauge.reading.age(now))
    return _("The {name} is {age} old, so this is of then.").format(name=name, age=age)
