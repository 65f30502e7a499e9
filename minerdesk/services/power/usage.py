"""What the meter of a site says, and what is assumed where nobody typed it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.sites import MeteredMonth, Site
from minerdesk.domain.tariff import Tariff, TierUnit
from minerdesk.domain.text import _
from minerdesk.engine.fleet import FleetArrays
from minerdesk.engine.tariff import StepTimes, Usage, billing_month_of
from minerdesk.services.power.calendar import billing_month, month_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MeterState:
    """The meter before, and as expected after, a span of steps.

    Attributes:
        usage: for the engine.
        notes: sentences on what was assumed.
    """

    usage: Usage
    notes: tuple[str, ...] = ()


def loads_kw(fleet: FleetArrays) -> Floats:
    """Return what each site draws now at the meter, in kW, shape (sites,).

    PUE, idle rigs and the fixed load are inside.
    """
    group = fleet.mode_group
    on_w = fleet.running * (
        fleet.uptime[group] * fleet.power_w + (1 - fleet.uptime[group]) * fleet.idle_w[group]
    )
    off_w = fleet.off * fleet.idle_w
    load = fleet.site_fixed_kw.astype(np.float64).copy()
    np.add.at(load, fleet.site[group], on_w * fleet.pue[group] / 1000)
    np.add.at(load, fleet.site, off_w * fleet.pue / 1000)
    return load


def full_loads_kw(fleet: FleetArrays) -> Floats:
    """Return what each site draws at most: every rig in its hungriest mode, shape (sites,)."""
    group = fleet.mode_group
    watts = fleet.uptime[group] * fleet.power_w + (1 - fleet.uptime[group]) * fleet.idle_w[group]
    load = fleet.site_fixed_kw.astype(np.float64).copy()
    if len(fleet.count):
        most = np.maximum.reduceat(watts, fleet.first[:-1])
        np.add.at(load, fleet.site, fleet.count * most * fleet.pue / 1000)
    return load


def idle_loads_kw(fleet: FleetArrays) -> Floats:
    """Return what each site draws with every rig off, in kW, shape (sites,)."""
    load = fleet.site_fixed_kw.astype(np.float64).copy()
    np.add.at(load, fleet.site, fleet.count * fleet.idle_w * fleet.pue / 1000)
    return load


def meter_state(site: Site, tariff: Tariff, load_kw: float, times: StepTimes) -> MeterState:
    """Return what the meter says when the steps begin.

    Where nothing is typed for the present month, what runs now is taken to have run since it
    began, and so for each demand charge without a peak; from a typed value on likewise. After the
    steps it is taken to go on.

    Args:
        site: its typed months and expected peak.
        tariff: with a take-or-pay block only what goes above it counts in tiers.
        load_kw: what the site draws now.
        times: the steps; one or more.

    Raises:
        UserError: the site's zone is unknown.
    """
    begins = datetime.fromtimestamp(float(times.start_s[0]), UTC)
    ends = datetime.fromtimestamp(float(times.start_s[-1]) + times.hours * 3600, UTC)
    month = month_of(site, begins)
    typed = next((each for each in site.metered if each.month == month), None)
    block_kw = 0.0 if tariff.take_or_pay is None else tariff.take_or_pay.kw
    above_kw = max(load_kw - block_kw, 0.0)
    kwh = _kwh_so_far(site, typed, begins, above_kw, block_kw)
    untyped = _untyped(tariff, typed)
    known = typed is not None and bool(typed.peak_kw or len(untyped) < len(tariff.demand))
    if known and typed is not None and untyped and site.expected_peak_kw is None:
        typed = replace(typed, peak_kw=load_kw)
    expected = site.expected_peak_kw
    if expected is None:
        expected = 0.0 if known else load_kw
    last = month_of(site, ends)
    usage = Usage.of(
        _months(site, month, last, kwh, typed),
        kwh_later={billing_month_of(last): above_kw * _hours(ends, billing_month(site, last)[1])},
        expected_peak_kw=expected,
        kw_before=load_kw,
    )
    new_month = last if last != month and ends > billing_month(site, last)[0] else ""
    said = untyped if known else ()
    notes = _notes(
        site, tariff, typed, known=known, load_kw=load_kw, new_month=new_month, untyped=said
    )
    return MeterState(usage, notes)


def _untyped(tariff: Tariff, typed: MeteredMonth | None) -> tuple[str, ...]:
    """Return the demand charges of which nobody typed what they reached in a month."""
    if typed is not None and typed.peak_kw:
        return ()
    own = () if typed is None else [peak.charge for peak in typed.peaks]
    return tuple(charge.name for charge in tariff.demand if charge.name not in own)


def _kwh_so_far(
    site: Site, typed: MeteredMonth | None, begins: datetime, above_kw: float, block_kw: float
) -> float:
    first, _end = billing_month(site, month_of(site, begins))
    if typed is None:
        return above_kw * _hours(first, begins)
    as_of = begins if typed.as_of is None else min(max(typed.as_of, first), begins)
    before = max(0.0, typed.kwh - block_kw * _hours(first, as_of))
    return before + above_kw * _hours(as_of, begins)


def _months(
    site: Site, month: str, last: str, kwh: float, typed: MeteredMonth | None
) -> list[MeteredMonth]:
    """Return past months as they were typed, the present one, and a later one as it is expected."""
    peak_kw, peaks = (0.0, ()) if typed is None else (typed.peak_kw, typed.peaks)
    months = [each for each in site.metered if each.month < month]
    months.append(MeteredMonth(month, kwh, peak_kw, peaks))
    if last != month:
        # A month that begins inside the span is taken to reach what this one has.
        months.append(MeteredMonth(last, 0.0, peak_kw, peaks))
    return months


def _notes(
    site: Site,
    tariff: Tariff,
    typed: MeteredMonth | None,
    *,
    known: bool,
    load_kw: float,
    new_month: str,
    untyped: tuple[str, ...],
) -> tuple[str, ...]:
    """Return what was assumed.

    Args:
        site: for its name, its past months and its expected peak.
        tariff: for what it charges by.
        typed: the present month, or None.
        known: whether a peak of it is typed.
        load_kw: what the site draws now.
        new_month: one that begins inside the steps, or empty.
        untyped: the demand charges without a peak where others have theirs.
    """
    notes = []
    tou = tariff.time_of_use
    tiered = tou is not None and any(len(period.tiers) > 1 for period in tou.periods)
    if tiered and typed is None:
        notes.append(
            _(
                "Nothing is typed of this month's meter at {site}: what runs now is taken to have "
                "run since the month began."
            )
        )
    by_peak = bool(tariff.demand) or (
        tiered and tou is not None and tou.tier_unit is TierUnit.KWH_PER_KW
    )
    if by_peak and not known and site.expected_peak_kw is None:
        notes.append(
            _(
                "This month's highest demand at {site} is not typed: it is taken to reach what "
                "runs now, {kw} kW."
            )
        )
    if untyped and site.expected_peak_kw is None:
        notes.append(
            _(
                "This month's peak of {charges} at {site} is not typed: it is taken to reach what "
                "runs now, {kw} kW."
            )
        )
    if by_peak and new_month and site.expected_peak_kw is None:
        notes.append(
            _(
                "{month} at {site} is taken to reach the highest demand of the month before it; "
                "type an expected peak if it will not."
            )
        )
    ratchet = any(charge.ratchet is not None for charge in tariff.demand)
    if ratchet and not any(each.as_of is None for each in site.metered):
        notes.append(
            _("No past month of {site} is typed, so no ratchet holds; type the peaks of last year.")
        )
    words = {
        "site": site.name or site.id,
        "kw": f"{load_kw:,.0f}",
        "month": new_month,
        "charges": ", ".join(untyped),
    }
    return tuple(note.format(**words) for note in notes)


def _hours(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds() / 3600)
