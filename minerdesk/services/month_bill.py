"""The bill of a month under a metered load, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.domain.units import W_PER_KW
from minerdesk.engine.fleet import build_fleet, modes_of
from minerdesk.engine.tariff import Bill, BillFacts, StepTimes, Usage, bill
from minerdesk.services.given_plan import SeriesNamed
from minerdesk.services.power.calendar import billing_month, month_of, step_times
from minerdesk.services.power.load_table import Load, month_load
from minerdesk.services.power.price_times import local_text
from minerdesk.services.power.prices import prices_over
from minerdesk.services.power.programmes import called_programmes, credit_notes
from minerdesk.services.power.usage import full_loads_kw

Floats = NDArray[np.float64]

_FAR_TIMES: Final = 200  # other loads of a site may be many times its rigs, but hardly so many


@dataclass(frozen=True, slots=True)
class MonthBill:
    """A bill with what it is of; money of ``currency``.

    Attributes:
        baselines_kw: of the programmes that events named, by their name.
        notes: sentences on how the programmes pay, and on a load that may be in another unit.
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
    rigs_kw = _nameplate_kw(book, site)
    facts = BillFacts(
        past=Usage.of(site.metered),
        coincident_kw=_coincident_kw(site, tariff, month),
        called=called,
        nameplate_kwh=rigs_kw * times.hours * times.count,
        revenue=next((each.revenue for each in site.metered if each.month == month), None),
    )
    index = _index(book, site, tariff, times, series)
    found = bill(tariff, times, kw, index_per_kwh=index, facts=facts)
    peak_kw = float(kw.max())
    return MonthBill(
        site=site,
        month=month,
        currency=tariff.currency or book.currency,
        paper=found,
        kwh=float(kw.sum()) * times.hours,
        peak_kw=peak_kw,
        baselines_kw={name: each.baseline_kw for name, each in called.items()},
        notes=(
            *credit_notes(site, tariff, times, called),
            *_wrong_unit(load, site, peak_kw, rigs_kw),
        ),
    )


def _coincident_kw(site: Site, tariff: Tariff, month: str) -> dict[str, float]:
    """Return what was drawn in the charged system peaks, as last typed up to a month, by name."""
    names = {peak.name for peak in tariff.coincident}
    typed = sorted((each for each in site.metered if each.month <= month), key=lambda m: m.month)
    return {peak.charge: peak.kw for each in typed for peak in each.peaks if peak.charge in names}


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


def _nameplate_kw(book: Book, site: Site) -> float:
    models = {model.name: model for model in book.models}
    return sum(
        group.count * modes_of(group, models[group.model])[0].power_w * site.pue / W_PER_KW
        for group in book.groups
        if group.site == site.id
    )


def _wrong_unit(load: Load, site: Site, peak_kw: float, rigs_kw: float) -> Iterator[str]:
    """Yield a sentence where the load is so high that it is probably in watts."""
    if not 0 < _FAR_TIMES * (rigs_kw + site.fixed_load_kw) < peak_kw:
        return
    sentence = _(
        "{name} reaches {peak} kW, and all rigs of {site} draw {rigs} kW: if it is in W, divide it "
        "by 1,000."
    )
    yield sentence.format(
        name=load.name,
        peak=f"{peak_kw:,.0f}",
        site=site.name or site.id,
        rigs=f"{rigs_kw:,.1f}",
    )


def _full_kw(book: Book, site: Site, tariff: Tariff) -> float:
    """Return what the site draws with every rig on, where a credit's baseline asks for it."""
    asked = {each.name for each in tariff.curtailment if each.baseline_kw is None}
    if not any(event.programme in asked for event in site.events):
        return 0.0
    fleet = build_fleet(book, {})  # no money is asked of it, so no exchange rates
    return float(full_loads_kw(fleet)[[each.id for each in book.sites].index(site.id)])
