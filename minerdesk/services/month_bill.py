"""The bill of a month under a metered load, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.domain.units import W_PER_KW
from minerdesk.engine.fleet import build_fleet, modes_of
from minerdesk.engine.tariff import Bill, BillFacts, Called, StepTimes, Usage, bill
from minerdesk.services.given_plan import SeriesNamed
from minerdesk.services.power.calendar import billing_month, month_of, step_times
from minerdesk.services.power.load_table import Load, month_load
from minerdesk.services.power.price_times import local_text
from minerdesk.services.power.prices import prices_over
from minerdesk.services.power.programmes import called_programmes, credit_notes
from minerdesk.services.power.usage import full_loads_kw

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MonthBill:
    """A bill with what it is of; money of ``currency``.

    Attributes:
        baselines_kw: of the programmes that events named, by their name.
        notes: sentences on how the programmes pay.
    """

    site: Site
    month: str
    currency: str
    paper: Bill
    kwh: float
    peak_kw: float
    baselines_kw: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def month_bill(book: Book, site: Site, load: Load, month: str, series: SeriesNamed) -> MonthBill:
    """Return the bill of a local month.

    Args:
        book: of the site.
        site: whose tariff it is.
        load: of every step of the month; what it holds beside is not looked at.
        month: such as ``2026-01``.
        series: gives the prices of an index.

    Raises:
        UserError: it is no month, the load or the prices do not cover it, or the zone is unknown.
    """
    tariff = next(each for each in book.tariffs if each.id == site.tariff)
    begin, end = billing_month(site, month)
    first, last = round(begin.timestamp()), round(end.timestamp())
    month = month_of(site, begin)
    kw, step_minutes = month_load(load, first, last, month, site.time_zone)
    times = step_times(site, tariff.holidays, begin, len(kw), step_minutes)
    called = called_programmes(site, tariff, times, _full_kw(book, site, tariff))
    found = bill(
        tariff,
        times,
        kw,
        index_per_kwh=_index(book, site, tariff, times, series),
        facts=_facts(book, site, times, called),
    )
    return MonthBill(
        site=site,
        month=month,
        currency=tariff.currency or book.currency,
        paper=found,
        kwh=float(kw.sum()) * times.hours,
        peak_kw=float(kw.max()),
        baselines_kw={name: each.baseline_kw for name, each in called.items()},
        notes=credit_notes(site, tariff, times, called),
    )


def _index(
    book: Book, site: Site, tariff: Tariff, times: StepTimes, series: SeriesNamed
) -> Floats | None:
    if tariff.index is None:
        return None
    kept = series(tariff.index.series)
    currency = tariff.currency or book.currency
    if kept is not None and kept.currency != currency:
        sentence = _("Prices “{name}” are in {found} and the tariff is in {wanted}.")
        raise UserError(
            sentence.format(name=tariff.index.series, found=kept.currency, wanted=currency)
        )
    found = prices_over(
        replace(tariff.index, forecast_per_kwh=None), kept, times, site.time_zone, currency
    )
    unknown = np.flatnonzero(~found.known)
    if len(unknown):
        sentence = _(
            "Prices “{name}” are not known for {n} of the month's {steps} steps, first at {when}; "
            "import prices of that month."
        )
        raise UserError(
            sentence.format(
                name=tariff.index.series,
                n=len(unknown),
                steps=times.count,
                when=local_text(int(times.start_s[unknown[0]]), site.time_zone),
            )
        )
    return found.per_kwh


def _facts(book: Book, site: Site, times: StepTimes, called: dict[str, Called]) -> BillFacts:
    """Return what the book knows beside the load: past months, events, and nameplate power."""
    models = {model.name: model for model in book.models}
    nameplate_kw = sum(
        group.count * modes_of(group, models[group.model])[0].power_w * site.pue / W_PER_KW
        for group in book.groups
        if group.site == site.id
    )
    return BillFacts(
        past=Usage.of(site.metered),
        called=called,
        nameplate_kwh=nameplate_kw * times.hours * times.count,
    )


def _full_kw(book: Book, site: Site, tariff: Tariff) -> float:
    """Return what the site draws with every rig on, where a credit's baseline asks for it."""
    asked = {each.name for each in tariff.curtailment if each.baseline_kw is None}
    if not any(event.programme in asked for event in site.events):
        return 0.0
    fleet = build_fleet(book, {})  # no money is asked of it, so no exchange rates
    return float(full_loads_kw(fleet)[[each.id for each in book.sites].index(site.id)])
