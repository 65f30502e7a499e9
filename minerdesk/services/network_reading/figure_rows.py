"""Single figures of the Network page in words, each as a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import HS_PER_EHS
from minerdesk.engine.indicators.difficulty import Streak
from minerdesk.engine.network import hashrate_from_difficulty
from minerdesk.services.network_reading.curves import Floats
from minerdesk.services.network_reading.indicators import Extreme, FleetAfter, Indicators
from minerdesk.services.network_reading.own_money import OwnMoney
from minerdesk.services.words import Formats
from minerdesk.services.words.formats import column_digits


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes:
        key: what `explain.explain` takes. note: stands small beneath the value.
        share: how much of a whole is done, a fraction, or None.
    """

    key: str
    name: str
    value: str
    note: str = ""
    share: float | None = None


def last(values: Floats) -> float | None:
    """Return the last value, or None where it is not known."""
    return float(values[-1]) if len(values) and np.isfinite(values[-1]) else None


def implied_ehs(found: Indicators) -> float | None:
    """Return the hashrate that the difficulty in force stands for, EH/s, or None."""
    reading = found.readings.difficulty
    return None if reading is None else hashrate_from_difficulty(reading.value) / HS_PER_EHS


def together(*parts: str) -> str:
    """Return what is said, parted; what is empty is left out."""
    return "; ".join(part for part in parts if part)


def per_ph(usd: float | None, own: OwnMoney) -> str:
    """Return a hashprice in the book's currency."""
    return "–" if usd is None else _("{money}/PH/day").format(money=own.money(usd, 2))


def run_words(streak: Streak) -> str:
    """Say how many changes of one sign stand at the end."""
    if streak.run < 0:
        return ngettext("{n} fall at the end", "{n} falls in a row", -streak.run).format(
            n=-streak.run
        )
    if streak.run > 0:
        return ngettext("{n} rise at the end", "{n} rises in a row", streak.run).format(
            n=streak.run
        )
    return ""


def rigs_words(after: FleetAfter, formats: Formats) -> str:
    """Say how many rigs earn before and after, and how many groups get another verdict."""
    gone = after.earning_before - after.earning_after
    words = {"now": formats.count(after.earning_before), "then": formats.count(after.earning_after)}
    if gone > 0:
        text = ngettext("{n} rig earns no longer", "{n} rigs earn no longer", gone)
    elif gone < 0:
        text = ngettext("{n} rig earns again", "{n} rigs earn again", -gone)
    else:
        text = _("the same {now} rigs earn")
    said = text.format(n=formats.count(abs(gone)), **words)
    if not after.turned_groups:
        return said
    turned = ngettext(
        "{n} group gets another verdict", "{n} groups get another verdict", after.turned_groups
    )
    return f"{said}; {turned.format(n=formats.count(after.turned_groups))}"


def _margins(after: FleetAfter, formats: Formats) -> str:
    digits = column_digits((after.margin_before, after.margin_after))
    return _("{before} → {after}").format(
        before=formats.number(after.margin_before, digits),
        after=formats.money(after.margin_after, after.currency, digits),
    )


def power_rows(found: Indicators, formats: Formats) -> tuple[Row, ...]:
    """Return what power the network takes by the model, with the model's bounds."""
    cost = found.readings.cost
    if cost is None:
        return ()
    low, best, high = cost.lower, cost.best_guess, cost.upper
    words = {
        "twh": formats.number(float(best.twh_per_year[-1])),
        "low": formats.number(float(low.gw[-1]), 1),
        "high": formats.number(float(high.gw[-1]), 1),
        "j": formats.efficiency(float(best.j_per_th[-1])),
        "pue": formats.number(best.pue, 2),
    }
    return (
        Row(
            "power",
            _("The network takes"),
            _("{gw} GW").format(gw=formats.number(float(best.gw[-1]), 1)),
            together(
                _("{low} to {high} GW").format(**words),
                _("{twh} TWh a year").format(**words),
                _("{j} at PUE {pue}").format(**words),
            ),
        ),
    )


def issuance_row(found: Indicators, own: OwnMoney) -> Row:
    """Return the new coins of the day, what they are worth, and what they add in a year."""
    curves, formats = found.curves, own.formats
    coins, price, share = (
        last(each) for each in (found.readings.days.issuance_btc, curves.price, curves.issued_share)
    )
    if coins is None:
        return Row("issuance", _("New coins"), "–", _("It needs the new coins of the day."))
    worth = None if price is None else coins * price
    return Row(
        "issuance",
        _("New coins"),
        _("{n} BTC a day").format(n=formats.number(coins, 1)),
        together(
            "" if worth is None else _("worth {money}").format(money=own.money(worth, 0)),
            own.origin(worth, 0),
            _("{share} a year").format(share=formats.percent(share, 2)),
        ),
    )


def largest(name: str, extremes: tuple[Extreme, ...], formats: Formats) -> Row:
    """Return the row of the largest changes of one sign."""
    said = [
        f"{formats.percent_points(each.change_pct, signed=True)} ({each.on:%Y-%m})"
        for each in extremes
    ]
    if not said:
        return Row("extremes", name, "–")
    return Row("extremes", name, said[0], ", ".join(said[1:]))


def projection_row(
    found: Indicators, network: NetworkState, formats: Formats, now: datetime
) -> Row:
    """Return what the next retarget is expected to do."""
    projection = network.retarget if network.example_of is None else None
    if projection is None:
        reading = found.readings.difficulty
        why = "" if reading is None else reading.why_no_projection
        return Row("projection", _("Next"), "–", why)
    return Row(
        "projection",
        _("Next"),
        formats.change(projection.change_pct, projection.error_pct),
        _("on {day}, in {time}; 95% within ±{twice}").format(
            day=formats.date(formats.local(projection.at).date()),
            time=formats.duration(projection.at - now),
            twice=formats.percent_points(1.96 * projection.error_pct),
        ),
    )


def margin_row(found: Indicators, formats: Formats) -> Row:
    """Return what it does to the fleet."""
    after = found.after_retarget
    name = _("My margin after it")
    if after is None:
        return Row("fleet", name, "–", _("It needs rigs, live numbers and a projection."))
    note = _("a day; {rigs}").format(rigs=rigs_words(after, formats))
    return Row("fleet", name, _margins(after, formats), note)


def halving_row(found: Indicators, formats: Formats) -> Row:
    """Return the next halving, with the margin after it."""
    halving = found.halving
    if halving is None:
        return Row("halving", _("Next halving"), "–")
    note = _("about {day}: {before} to {after} BTC").format(
        day=formats.date(halving.on),
        before=formats.number(halving.subsidy_before_btc, 3),
        after=formats.number(halving.subsidy_after_btc, 4),
    )
    if halving.fleet is not None:
        margin = _("my margin a day after it, all else as now: {margins}; {rigs}").format(
            margins=_margins(halving.fleet, formats), rigs=rigs_words(halving.fleet, formats)
        )
        note = f"{note}; {margin}"
    value = _("block {height}").format(height=formats.count(halving.height))
    return Row("halving", _("Next halving"), value, note)
