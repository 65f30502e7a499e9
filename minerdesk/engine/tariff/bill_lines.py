"""The lines of a bill: what they hold, and those that energy makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np

from minerdesk.domain.tariff import PercentageOf, TakeOrPay, Tariff, TimeOfUse, Unused
from minerdesk.engine.tariff.curtailment import Called
from minerdesk.engine.tariff.energy import resale_part
from minerdesk.engine.tariff.tiers import walk
from minerdesk.engine.tariff.times import Floats, StepTimes
from minerdesk.engine.tariff.usage import NOTHING_USED, Usage


class LineKind(StrEnum):
    """What a line of a bill is for."""

    ENERGY = "energy"
    PERIOD = "period"
    INDEX = "index"
    ADDER = "adder"
    PERCENTAGE = "percentage"
    BLOCK = "block"
    RESALE = "resale"
    DEMAND = "demand"
    RATCHET = "ratchet"  # demand billed above what was metered
    COINCIDENT = "coincident"
    FIXED = "fixed"
    HOSTING = "hosting"
    PROFIT_SHARE = "profit_share"
    AVAILABILITY = "availability"
    CURTAILMENT = "curtailment"
    HEAT = "heat"
    MINIMUM = "minimum"


class BillLine(NamedTuple):
    """One line: ``amount`` is ``quantity`` x ``rate``, money of the tariff's currency.

    Attributes:
        name: the operator's own where the component has one, otherwise what it is.
        unit: of the quantity: ``kWh``, ``kW``, ``month``, or ``money`` where a rate is a fraction
            of it.
        rate: money per unit; the mean where it changes inside the month.
        tier: counted from 1, where there are several; 0 elsewhere.
    """

    kind: LineKind
    name: str
    quantity: float
    unit: str
    rate: float
    amount: float
    tier: int = 0


PROFIT_SHARE: Final = "profit share"
"""What a host's share is called among what cannot be billed."""


@dataclass(frozen=True, slots=True)
class BillFacts:
    """What a month's bill needs beside the load. What is None or missing is not known.

    Attributes:
        past: peaks of past months, for ratchets.
        coincident_kw: mean draw in the charged system peaks, by name of the charge.
        called: events by the name of the credit that pays for what is not used in them.
        nameplate_kwh: what all rigs would draw in the month, for hosting by nameplate.
        revenue: of the month, in the tariff's currency, for a host's share of the profit.
    """

    past: Usage = NOTHING_USED
    coincident_kw: Mapping[str, float] = field(default_factory=dict)
    called: Mapping[str, Called] = field(default_factory=dict)
    nameplate_kwh: float | None = None
    revenue: float | None = None


NO_FACTS = BillFacts()


def line(kind: LineKind, name: str, quantity: float, unit: str, rate: float) -> BillLine:
    """Return a line of so much at a rate."""
    # A credit of nothing is 0, not minus 0.
    return BillLine(kind, name, quantity, unit, rate + 0.0, quantity * rate + 0.0)


def varying(kind: LineKind, name: str, kwh: Floats, per_kwh: Floats) -> BillLine:
    """Return a line of energy whose rate changes from step to step, (T,) each."""
    quantity, amount = float(kwh.sum()), float(kwh @ per_kwh) + 0.0
    return BillLine(kind, name, quantity, "kWh", amount / quantity if quantity else 0.0, amount)


def percentage_lines(
    tariff: Tariff, of: PercentageOf, before: list[BillLine]
) -> Iterator[BillLine]:
    """Yield a line for each percentage, each of the sum of everything before it."""
    total = sum(each.amount for each in before)
    for percentage in tariff.percentages:
        if percentage.of is of:
            found = line(LineKind.PERCENTAGE, percentage.name, total, "money", percentage.fraction)
            total += found.amount
            yield found


def energy_lines(
    tariff: Tariff, times: StepTimes, load_kw: Floats, index: Floats, past: Usage
) -> list[BillLine]:
    """Return energy by part with its percentages; the load is what the energy charge prices."""
    kwh = load_kw * times.hours
    total = float(kwh.sum())
    tou = tariff.time_of_use
    lines = []
    if tariff.price_per_kwh or (tou is None and tariff.index is None):
        lines.append(line(LineKind.ENERGY, "energy", total, "kWh", tariff.price_per_kwh))
    if tou is not None:
        lines += _period_lines(tariff, tou, times, load_kw, past)
    if tariff.index is not None:
        price = index * tariff.index.multiplier
        lines.append(varying(LineKind.INDEX, tariff.index.series, kwh, price))
    for adder in tariff.adders:
        lines.append(line(LineKind.ADDER, adder.name, total, "kWh", adder.per_kwh))
    return [*lines, *percentage_lines(tariff, PercentageOf.ENERGY, lines)]


def block_lines(
    block: TakeOrPay, times: StepTimes, load_kw: Floats, index: Floats
) -> list[BillLine]:
    """Return the take-or-pay block, and what its unused energy brings."""
    owed = block.kw * times.hours * times.count
    lines = [line(LineKind.BLOCK, "take or pay", owed, "kWh", block.per_kwh)]
    if block.unused is not Unused.LOST:
        unused = np.maximum(block.kw - load_kw, 0.0) * times.hours
        lines.append(varying(LineKind.RESALE, "resale", unused, -resale_part(block, index).per_kwh))
    return lines


def _period_lines(
    tariff: Tariff, tou: TimeOfUse, times: StepTimes, load_kw: Floats, past: Usage
) -> Iterator[BillLine]:
    found = walk(tariff, tou, times, load_kw, past)
    by_tier = found.kwh_by_tier()
    for p, period in enumerate(tou.periods):
        kwh = by_tier[found.period == p].sum(axis=0)
        for k, tier in enumerate(period.tiers):
            several = len(period.tiers) > 1
            # A period that fell in this month has a line, its tiers only where they were reached.
            if kwh[k] or (k == 0 and (found.period == p).any()):
                yield line(
                    LineKind.PERIOD, period.name, float(kwh[k]), "kWh", tier.per_kwh
                )._replace(tier=k + 1 if several else 0)
