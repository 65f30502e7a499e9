"""The parts of a kWh's price that every kWh bears: energy, what is added to it, and credits."""

from __future__ import annotations

import numpy as np

from minerdesk.domain.tariff import (
    HostingBasis,
    PercentageOf,
    TakeOrPay,
    Tariff,
    TimeOfUse,
    Unused,
)
from minerdesk.engine.tariff.calendars import peak_probability
from minerdesk.engine.tariff.parts import PartKind, PricePart, sum_of
from minerdesk.engine.tariff.tiers import TierPrice, marginal_tiers
from minerdesk.engine.tariff.times import Floats, StepTimes
from minerdesk.engine.tariff.usage import Usage


def index_of(tariff: Tariff, times: StepTimes, index_per_kwh: Floats | None) -> Floats:
    """Return the market's price in every step, zeros where the tariff has no index.

    Raises:
        ValueError: the tariff has an index and no prices were given, or not one for each step.
    """
    if tariff.index is None:
        return np.zeros(times.count)
    if index_per_kwh is None or len(index_per_kwh) != times.count:
        found = "none" if index_per_kwh is None else str(len(index_per_kwh))
        raise ValueError(
            f"the index {tariff.index.series!r} needs a price for each of {times.count} steps, "
            f"found {found}"
        )
    return index_per_kwh


def energy_parts(
    tariff: Tariff,
    times: StepTimes,
    load_kw: Floats,
    index: Floats,
    usage: Usage,
    *,
    new_peaks: bool,
) -> list[PricePart]:
    """Return the energy price: flat, period and tier, index, adders, percentages of energy.

    Args:
        tariff: whose parts they are.
        times: the steps.
        load_kw: (T,) that is priced by the tariff's energy charge.
        index: (T,) of `index_of`.
        usage: where the month stands, for its tiers.
        new_peaks: with what a new peak does to borders in kWh per kW.
    """
    steps = times.count
    parts = []
    tou = tariff.time_of_use
    if tariff.price_per_kwh or (tou is None and tariff.index is None):
        parts.append(PricePart("energy", np.full(steps, tariff.price_per_kwh)))
    if tou is not None:
        found = marginal_tiers(tariff, tou, times, load_kw, usage)
        parts += _period_parts(tou, found)
        if new_peaks and found.new_peak.any():
            parts.append(PricePart("hours of use", found.new_peak, PartKind.HOURS_OF_USE))
    if tariff.index is not None:
        parts.append(PricePart("index", index * tariff.index.multiplier, PartKind.INDEX))
    parts += [
        PricePart(adder.name, np.full(steps, adder.per_kwh), PartKind.ADDER)
        for adder in tariff.adders
    ]
    return parts + percentage_parts(tariff, PercentageOf.ENERGY, parts, steps)


def percentage_parts(
    tariff: Tariff, of: PercentageOf, before: list[PricePart], steps: int
) -> list[PricePart]:
    """Return a part for each percentage, each of the sum of everything before it."""
    total = sum_of(before, steps)
    parts = []
    for percentage in tariff.percentages:
        if percentage.of is of:
            part = PricePart(percentage.name, total * percentage.fraction, PartKind.PERCENTAGE)
            parts.append(part)
            total = total + part.per_kwh
    return parts


def resale_part(block: TakeOrPay, index: Floats) -> PricePart:
    """Return what a kWh inside a take-or-pay block is worth if it is not used."""
    if block.unused is Unused.LOST:
        worth = np.zeros(len(index))
    elif block.unused is Unused.SOLD:
        worth = np.full(len(index), block.sold_per_kwh)
    else:
        worth = index - block.sold_per_kwh
    return PricePart("resale", worth, PartKind.RESALE)


def outer_parts(tariff: Tariff, times: StepTimes) -> list[PricePart]:
    """Return the parts a kWh bears wherever it comes from: hosting, system peaks and heat.

    What hosting costs per kWh of nameplate is owed anyway, and a host's share of the profit takes
    the same part of revenue and of power, so that no break-even moves: neither is in the price.
    What wear costs beside them is a plan's to weigh.
    """
    parts = []
    hosting = tariff.hosting
    if hosting is not None and hosting.basis is HostingBasis.METERED:
        parts.append(PricePart("hosting", np.full(times.count, hosting.per_kwh), PartKind.HOSTING))
    for peak in tariff.coincident:
        # A kW drawn for an hour is a kWh, so the length of a step cancels.
        per_kwh = peak_probability(peak, times) * peak.per_kw_year / peak.peaks_per_year
        parts.append(PricePart(peak.name, per_kwh, PartKind.COINCIDENT))
    if tariff.heat is not None:
        worth = np.array(tariff.heat.per_kwh)[times.month - 1]
        parts.append(PricePart("heat", -worth, PartKind.HEAT))
    return parts


def _period_parts(tou: TimeOfUse, found: TierPrice) -> list[PricePart]:
    parts = []
    for p, period in enumerate(tou.periods):
        for k in range(len(period.tiers)):
            here = (found.period == p) & (found.tier == k)
            if here.any():
                tier = k + 1 if len(period.tiers) > 1 else 0
                name = f"{period.name} {tier}" if tier else period.name
                priced = np.where(here, found.own, 0.0)
                parts.append(PricePart(name, priced, PartKind.PERIOD, tier))
    if found.later.any():
        parts.append(PricePart("later tiers", found.later, PartKind.LATER_TIERS))
    return parts
