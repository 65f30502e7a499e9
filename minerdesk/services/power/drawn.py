"""From the engine's arrays to what the Power page draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.engine import economics
from minerdesk.engine.fleet import FleetArrays
from minerdesk.engine.tariff import MarginalPrice, PartKind, PricePart
from minerdesk.services.evaluation import network_now, price_in
from minerdesk.services.power.site_price import SitePrice
from minerdesk.services.power.view import PartSteps, PriceSteps

Floats = NDArray[np.float64]


def steps_of(price: SitePrice, marginal: MarginalPrice) -> PriceSteps:
    """Return a site's price as the page draws it; parts that are 0 throughout are left out."""
    parts = tuple(
        PartSteps(_part_name(part), part.per_kwh)
        for part in marginal.parts
        if np.nan_to_num(part.per_kwh).any()
    )
    if not parts:
        parts = tuple(PartSteps(_part_name(p), p.per_kwh) for p in marginal.parts[:1])
    return PriceSteps(price.times.start_s, price.times.hours, marginal.per_kwh, parts, price.known)


def _part_name(part: PricePart) -> str:
    names = {
        PartKind.ENERGY: _("energy"),
        PartKind.RESALE: _("worth of the block's unused energy"),
        PartKind.HEAT: _("heat credit"),
        PartKind.LATER_TIERS: _("moves later kWh into another tier"),
        PartKind.HOURS_OF_USE: _("moves the borders of tiers"),
        PartKind.HOSTING: _("hosting"),
    }
    # The engine tells the tiers of a period apart by a number at the end of their names.
    name = names.get(part.kind, part.name.removesuffix(f" {part.tier}"))
    return _("{name}, tier {n}").format(name=name, n=part.tier) if part.tier else name


def break_evens(
    book: Book, fleet: FleetArrays, network: NetworkState
) -> tuple[Floats, Floats] | None:
    """Return the least and the most a kWh may cost by site, each group in its best mode, (S,)."""
    if not network.complete or price_in(book.currency, network) is None or not len(fleet.count):
        return None
    figures = economics.evaluate(economics.prepare(fleet), network_now(network, book.currency))
    best = np.maximum.reduceat(figures.break_even_price_per_kwh, fleet.first[:-1])
    least, most = np.full(len(book.sites), np.inf), np.full(len(book.sites), -np.inf)
    np.minimum.at(least, fleet.site, best)
    np.maximum.at(most, fleet.site, best)
    return least, most
