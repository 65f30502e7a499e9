"""The bill of a month, line by line, as the operator can hold it beside the paper one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from minerdesk.domain.tariff import DemandCharge, Hosting, HostingBasis, PercentageOf, Tariff
from minerdesk.engine.tariff.bill_lines import (
    NO_FACTS,
    PROFIT_SHARE,
    BillFacts,
    BillLine,
    LineKind,
    block_lines,
    energy_lines,
    line,
    percentage_lines,
    varying,
)
from minerdesk.engine.tariff.curtailment import curtailed_kwh
from minerdesk.engine.tariff.demand import by_tier, metered_kw
from minerdesk.engine.tariff.energy import index_of
from minerdesk.engine.tariff.times import Floats, StepTimes


class Bill(NamedTuple):
    """A month's bill.

    Attributes:
        lines: in the order of the paper; they add up to ``total``.
        before_minimum: the total before a top-up to the tariff's minimum.
        unknown: names of components that cannot be billed for want of a fact; see `BillFacts`.
    """

    lines: tuple[BillLine, ...]
    before_minimum: float
    total: float
    unknown: tuple[str, ...]


def bill(
    tariff: Tariff,
    times: StepTimes,
    load_kw: Floats,
    *,
    index_per_kwh: Floats | None = None,
    facts: BillFacts = NO_FACTS,
) -> Bill:
    """Return the bill of one billing month.

    Energy by period and tier, index and adders with their percentages; the take-or-pay block;
    demand, at least what the ratchet leaves; system peaks, a twelfth of the yearly price; fixed
    charges; hosting; credits; the host's share of a profit; percentages of all this; and the
    top-up to the minimum. Energy inside a take-or-pay block bears the block's price alone.

    Args:
        tariff: whose money it is.
        times: every step of the month.
        load_kw: (T,) mean load at the meter. Means over 15, 30 or 60 minutes are made from it;
            where a step is longer than the interval its mean stands for all inside.
        index_per_kwh: (T,) the market's price before the tariff's multiplier.
        facts: what the load does not tell.

    Raises:
        ValueError: no steps, more than one month, a load or an index without a finite number for
            each step.
    """
    months = np.unique(times.billing_month)
    if len(months) != 1:
        raise ValueError(f"a bill is for one month, found steps of {len(months)}")
    index = index_of(tariff, times, index_per_kwh)
    for what, values in (("load", load_kw), ("index", index)):
        if len(values) != times.count or not np.isfinite(values).all():
            missing = times.count - int(np.isfinite(values[: times.count]).sum())
            raise ValueError(
                f"a bill needs the {what} in each of the month's {times.count} steps, "
                f"found {len(values)} with {missing} missing"
            )
    month = int(months[0])
    past = facts.past.before(month)
    unknown: list[str] = []
    block = tariff.take_or_pay
    over = load_kw if block is None else np.maximum(load_kw - block.kw, 0.0)
    lines = energy_lines(tariff, times, over, index, past)
    if block is not None:
        lines += block_lines(block, times, load_kw, index)
    for charge in tariff.demand:
        metered = metered_kw(charge, times, load_kw, month)
        if metered is not None:
            lines += _demand_lines(charge, metered, past.ratchet_kw(month, charge))
    lines += _other_lines(tariff, times, load_kw, facts, unknown)
    if tariff.hosting is not None:
        lines += _profit_share(tariff.hosting, lines, facts, unknown)
    lines += list(percentage_lines(tariff, PercentageOf.BILL, lines))
    before = sum(each.amount for each in lines)
    least = tariff.minimum_per_month
    if least is not None and before < least:
        lines.append(line(LineKind.MINIMUM, "minimum", 1.0, "month", least - before))
    return Bill(tuple(lines), before, sum(each.amount for each in lines), tuple(unknown))


def _demand_lines(charge: DemandCharge, metered_kw: float, ratchet_kw: float) -> Iterator[BillLine]:
    """Yield the metered demand by tier, then what the ratchet bills above it."""
    several = len(charge.tiers) > 1
    metered = {each.tier: each.kw for each in by_tier(charge.tiers, metered_kw)}
    for tier, kw, per_kw in by_tier(charge.tiers, max(metered_kw, ratchet_kw)):
        number = tier if several else 0
        here = metered.get(tier, 0.0)
        if here or tier == 1:
            yield line(LineKind.DEMAND, charge.name, here, "kW", per_kw)._replace(tier=number)
        if kw > here:
            owed = line(LineKind.RATCHET, charge.name, kw - here, "kW", per_kw)
            yield owed._replace(tier=number)


def _other_lines(
    tariff: Tariff, times: StepTimes, load_kw: Floats, facts: BillFacts, unknown: list[str]
) -> Iterator[BillLine]:
    kwh = load_kw * times.hours
    for peak in tariff.coincident:
        drawn = facts.coincident_kw.get(peak.name)
        if drawn is None:
            unknown.append(peak.name)
        else:
            yield line(LineKind.COINCIDENT, peak.name, drawn, "kW", peak.per_kw_year / 12)
    for charge in tariff.fixed:
        yield line(LineKind.FIXED, charge.name, 1.0, "month", charge.per_month)
    hosting = tariff.hosting
    if hosting is not None:
        if hosting.basis is HostingBasis.METERED:
            hosted: float | None = float(kwh.sum())
        else:
            hosted = facts.nameplate_kwh
        if hosted is None:
            unknown.append("hosting")
        else:
            yield line(LineKind.HOSTING, "hosting", hosted, "kWh", hosting.per_kwh)
    for credit in tariff.curtailment:
        if credit.per_kw_month:
            yield line(LineKind.AVAILABILITY, credit.name, credit.kw, "kW", -credit.per_kw_month)
        called = facts.called.get(credit.name)
        if called is not None and credit.per_kwh:
            curtailed = curtailed_kwh(credit, called, load_kw, times.hours)
            yield line(LineKind.CURTAILMENT, credit.name, curtailed, "kWh", -credit.per_kwh)
    if tariff.heat is not None:
        worth = np.array(tariff.heat.per_kwh)[times.month - 1]
        yield varying(LineKind.HEAT, "heat", kwh, -worth)


def _profit_share(
    hosting: Hosting, before: list[BillLine], facts: BillFacts, unknown: list[str]
) -> Iterator[BillLine]:
    """Yield the host's share of revenue less everything so far; a loss is not shared."""
    if not hosting.profit_share:
        return
    if facts.revenue is None:
        unknown.append(PROFIT_SHARE)
        return
    profit = max(0.0, facts.revenue - sum(each.amount for each in before))
    yield line(LineKind.PROFIT_SHARE, PROFIT_SHARE, profit, "money", hosting.profit_share)
