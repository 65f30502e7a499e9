"""The bill of one site and month, from a load that was imported or from what runs now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.loads import LoadRows
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.engine.tariff import BillFacts, BillLine, LineKind, StepTimes, Usage, bill
from minerdesk.services.power import loads
from minerdesk.services.power.calendar import billing_month, month_of, step_times
from minerdesk.services.power.prices import prices_over
from minerdesk.services.power.series import PriceSeries
from minerdesk.services.power.view import BillBasis, BillRow, BillView

Floats = NDArray[np.float64]
_STEP_MINUTES = 15


@dataclass(frozen=True, slots=True)
class BillSource:
    """What a site's bills are made from.

    Attributes:
        load: what was imported, or None. load_kw: what the site draws now.
        full_kw: what it would draw if every rig ran in its hungriest mode.
        series: of the tariff's index, or None.
    """

    book: Book
    site: Site
    tariff: Tariff
    load: LoadRows | None
    load_kw: float
    full_kw: float
    series: PriceSeries | None


def last_months(source: BillSource, now: datetime, count: int = 6) -> tuple[str, ...]:
    """Return the months that can be billed, the newest first: those of the load, else past ones."""
    if source.load is not None:
        return loads.months_of(source.load, source.site.time_zone)
    months: list[str] = []
    moment = now
    while len(months) < count:
        first, _end = billing_month(source.site, month_of(source.site, moment))
        moment = first - timedelta(hours=1)
        months.append(month_of(source.site, moment))
    return tuple(months)


def month_bill(source: BillSource, month: str) -> BillView:
    """Return the bill of a local month, ``YYYY-MM``.

    A load that covers only a part of the month is billed for the steps it covers.

    Raises:
        UserError: the month, the zone or the holidays' country is unknown.
    """
    begin, end = billing_month(source.site, month)
    count = round((end - begin) / timedelta(minutes=_STEP_MINUTES))
    times = step_times(source.site, source.tariff.holidays, begin, count, _STEP_MINUTES)
    basis = BillBasis.AS_NOW if source.load is None else BillBasis.IMPORTED
    blank = BillView(month, basis, currency=source.tariff.currency or source.book.currency)
    load_kw = np.full(count, source.load_kw)
    if source.load is not None:
        load_kw = loads.over(source.load, times.start_s, _STEP_MINUTES)
    there = np.isfinite(load_kw)
    if not there.any():
        return replace(blank, problem=_("The load that was imported has no hour of this month."))
    times, load_kw = _only(times, there), load_kw[there]
    index, problem = _index(source, times)
    if problem:
        return replace(blank, problem=problem)
    hours = times.hours * times.count
    past = [each for each in source.site.metered if each.month < month]
    facts = BillFacts(Usage.of(past), nameplate_kwh=source.full_kw * hours)
    found = bill(source.tariff, times, load_kw, index_per_kwh=index, facts=facts)
    notes = tuple(
        _("Not billed, as nothing tells how much of it there was: {name}.").format(name=name)
        for name in found.unknown
    )
    return replace(
        blank,
        lines=tuple(_row(line) for line in found.lines),
        total=found.total,
        kwh=float(load_kw.sum()) * times.hours,
        peak_kw=float(load_kw.max()),
        covered=float(there.mean()),
        notes=notes,
    )


def _index(source: BillSource, times: StepTimes) -> tuple[Floats | None, str]:
    index = source.tariff.index
    if index is None:
        return None, ""
    own = source.tariff.currency or source.book.currency
    found = prices_over(index, source.series, times, source.site.time_zone, own)
    if found.currency and found.currency != own:
        sentence = _("The prices “{name}” are in {found}, and the tariff is in {own}.")
        return None, sentence.format(name=index.series, found=found.currency, own=own)
    if not found.known.all():
        first = datetime.fromtimestamp(float(times.start_s[np.argmin(found.known)]), UTC)
        sentence = _(
            "There is no bill of this month: the prices “{name}” lack {time} UTC; import them."
        )
        return None, sentence.format(name=index.series, time=f"{first:%Y-%m-%d %H:%M}")
    return found.per_kwh, ""


def _only(times: StepTimes, there: NDArray[np.bool_]) -> StepTimes:
    if there.all():
        return times
    arrays = {
        name: getattr(times, name)[there]
        for name in ("start_s", "month", "hour", "minute", "weekday", "kind", "day")
    }
    return replace(times, billing_month=times.billing_month[there], **arrays)


def _row(line: BillLine) -> BillRow:
    names = {
        LineKind.ENERGY: _("energy"),
        LineKind.BLOCK: _("take-or-pay block"),
        LineKind.RESALE: _("sold back from the block"),
        LineKind.MINIMUM: _("up to the minimum bill"),
        LineKind.HEAT: _("heat credit"),
        LineKind.PROFIT_SHARE: _("host's share of the profit"),
    }
    name = names.get(line.kind, line.name)
    if line.kind is LineKind.RATCHET:
        name = _("{name}, by ratchet").format(name=line.name)
    if line.tier:
        name = _("{name}, tier {n}").format(name=name, n=line.tier)
    if line.unit == "money":
        return BillRow(name, line.rate * 100, "%", None, line.amount)
    if line.unit == "month":
        return BillRow(name, None, "", None, line.amount)
    return BillRow(name, line.quantity, line.unit, line.rate, line.amount)
