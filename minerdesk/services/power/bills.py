"""The bills of one site, from a load that was imported or from what runs now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.loads import LoadRows
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.engine.tariff import PROFIT_SHARE, BillLine, LineKind
from minerdesk.services.month_bill import month_bill
from minerdesk.services.power.calendar import billing_month, month_of
from minerdesk.services.power.load_table import Load
from minerdesk.services.power.price_times import local_text
from minerdesk.services.power.series import PriceSeries
from minerdesk.services.power.view import BillBasis, BillRow, BillView

_MONTHS: Final = 6
_STEP_MINUTES: Final = 15


@dataclass(frozen=True, slots=True)
class BillSource:
    """What a site's bills are made from.

    Attributes:
        load: what was imported, or None. load_kw: what the site draws now.
        series: gives a kept price series by name.
    """

    book: Book
    site: Site
    load: LoadRows | None
    load_kw: float
    series: Callable[[str], PriceSeries | None]


def bills(source: BillSource, now: datetime) -> tuple[BillView, ...]:
    """Return the bills there are, the newest first: of the load's months, else of past ones.

    Raises:
        UserError: the site's zone is unknown.
    """
    if source.load is None:
        return tuple(_bill(source, month) for month in _past(source.site, now))
    months = {local_text(start, source.site.time_zone)[:7] for start in source.load.start_s}
    return tuple(_bill(source, month) for month in sorted(months, reverse=True)[:_MONTHS])


def _past(site: Site, now: datetime) -> list[str]:
    months: list[str] = []
    moment = now
    while len(months) < _MONTHS:
        first, _end = billing_month(site, month_of(site, moment))
        moment = first - timedelta(hours=1)
        months.append(month_of(site, moment))
    return months


def _bill(source: BillSource, month: str) -> BillView:
    basis = BillBasis.AS_NOW if source.load is None else BillBasis.IMPORTED
    try:
        found = month_bill(source.book, source.site, _load(source, month), month, source.series)
    except (UserError, ValueError) as error:
        return BillView(month, basis, problem=_("There is no bill: {why}").format(why=error))
    typed = {*(each.name for each in _tariff(source).coincident), PROFIT_SHARE}
    unbilled = tuple(
        (
            _("Not billed until it is typed at the meter readings: {name}.")
            if name in typed
            else _("Not billed, as nothing tells how much of it there was: {name}.")
        ).format(name=_("host's share of the profit") if name == PROFIT_SHARE else name)
        for name in found.paper.unknown
    )
    return BillView(
        month,
        basis,
        tuple(_row(line, found.baselines_kw) for line in found.paper.lines),
        found.paper.total,
        found.kwh,
        found.peak_kw,
        found.currency,
        (*found.notes, *unbilled),
    )


def _tariff(source: BillSource) -> Tariff:
    return next(each for each in source.book.tariffs if each.id == source.site.tariff)


def _load(source: BillSource, month: str) -> Load:
    rows = source.load
    if rows is not None:
        name = _("The load that was imported")
        starts = np.array(rows.start_s, dtype=np.int64)
        return Load(name, starts, np.array(rows.kw, dtype=np.float64), rows.step_minutes)
    begin, end = (round(each.timestamp()) for each in billing_month(source.site, month))
    starts = np.arange(begin, end, _STEP_MINUTES * 60, dtype=np.int64)
    return Load("", starts, np.full(len(starts), source.load_kw), _STEP_MINUTES)


def _row(line: BillLine, baselines_kw: Mapping[str, float]) -> BillRow:
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
    if line.kind is LineKind.CURTAILMENT:
        name = _("{name}, under a baseline of {kw} kW").format(
            name=line.name, kw=f"{baselines_kw[line.name]:,.0f}"
        )
    if line.tier:
        name = _("{name}, tier {n}").format(name=name, n=line.tier)
    plain = BillRow(name, line.quantity, line.unit, line.rate, line.amount)
    if line.unit == "money":
        return replace(plain, quantity=line.rate * 100, unit="%", rate=None)
    if line.unit == "month":
        return replace(plain, quantity=None, unit="", rate=None)
    return plain
