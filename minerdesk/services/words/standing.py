"""What the numbers are good for, in words, and how large a fleet speaks."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from minerdesk.domain.readings import Gauge, NetworkState
from minerdesk.domain.text import _
from minerdesk.domain.units import THS_PER_PHS
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.words.formats import Formats


def is_small(evaluation: Evaluation) -> bool:
    """Whether the fleet is under 1 PH/s, so that it speaks TH/s, sats, days and months."""
    figures = evaluation.figures
    return figures is not None and float(figures.column("nameplate_ths").sum()) < THS_PER_PHS


def example_prefix(network: NetworkState, formats: Formats) -> str:
    """Return ``Example of 19 January 2026: `` for the embedded snapshot, else nothing."""
    if network.example_of is None:
        return ""
    return _("Example of {date}:").format(date=formats.utc_date(network.example_of)) + " "


def sentence_prefix(evaluation: Evaluation, formats: Formats) -> str:
    """Return what every sentence of this evaluation begins with; nothing where it is no example."""
    if evaluation.standing is not Standing.EXAMPLE:
        return ""
    return example_prefix(evaluation.network, formats)


def old_sentence(evaluation: Evaluation, formats: Formats, now: datetime) -> str:
    """Return which number is too old for advice, and how old; nothing where none is."""
    if evaluation.standing is not Standing.TOO_OLD:
        return ""
    network = evaluation.network
    name, gauge = (
        (_("price"), network.price)
        if evaluation.old == "price"
        else (_("difficulty"), network.difficulty)
    )
    age = timedelta(0) if gauge.reading is None else gauge.reading.age(now)
    return _("No advice: the {name} is {age} old.").format(name=name, age=formats.age(age))


def missing_numbers(network: NetworkState) -> tuple[str, ...]:
    """Return the names of the numbers without which no money can be computed.

    Where a price is known, but not in the book's currency, it is the exchange rate that lacks.
    """
    price = _("the BTC price in {currency}")
    if network.price.beside:
        price = _("the exchange rate of {currency}")
    gauges: tuple[tuple[str, Gauge], ...] = (
        (price.format(currency=network.currency), network.price),
        (_("the block height"), network.height),
        (_("the difficulty"), network.difficulty),
        (_("the fees per block"), network.fees),
    )
    return tuple(name for name, gauge in gauges if gauge.reading is None)


def without_price(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the names of the sites with rigs whose price of power is not known."""
    if evaluation.figures is None:
        return ()
    fleet = evaluation.figures.fleet
    unknown = np.unique(fleet.site[np.isnan(fleet.price_per_kwh)]).tolist()
    return tuple(evaluation.book.sites[s].name or evaluation.book.sites[s].id for s in unknown)


def without_rate(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the currencies of the book's tariffs for which no exchange rate is known."""
    network, home = evaluation.network, evaluation.currency
    known = {"USD", home} | {rate.currency for rate in network.rates}
    home_known = home == "USD" or any(rate.currency == home for rate in network.rates)
    used = dict.fromkeys(tariff.currency or home for tariff in evaluation.book.tariffs)
    return tuple(each for each in used if each != home and not (home_known and each in known))
