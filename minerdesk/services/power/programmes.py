"""The events of a site's curtailment programmes, and the baselines that they are paid against."""

from __future__ import annotations

import numpy as np

from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.engine.tariff import Called, StepTimes
from minerdesk.services.power.calendar import share_inside


def called_programmes(
    site: Site, tariff: Tariff, times: StepTimes, full_kw: float
) -> dict[str, Called]:
    """Return the programmes that events of the site name, by the name of the credit.

    Args:
        site: gives the events.
        tariff: gives the credits.
        times: the steps; one that an event touches in part counts by that part.
        full_kw: what the site draws with every rig on, for a credit without a baseline.
    """
    found: dict[str, Called] = {}
    for credit in tariff.curtailment:
        spans = [(e.start, e.end) for e in site.events if e.programme == credit.name]
        if spans:
            baseline_kw = full_kw if credit.baseline_kw is None else credit.baseline_kw
            found[credit.name] = Called(share_inside(times, spans), baseline_kw)
    return found


def credit_notes(
    site: Site, tariff: Tariff, times: StepTimes, called: dict[str, Called]
) -> tuple[str, ...]:
    """Return a sentence on each programme that pays in these steps, or that events name in vain."""
    notes = _named_in_vain(site, tariff, times)
    for credit in tariff.curtailment:
        events = called.get(credit.name)
        if events is None or not credit.per_kwh or not np.any(events.share):
            continue
        sentence = (
            _(
                "{programme} pays {site} for each kWh under {baseline} kW in {hours} h of events, "
                "for at most {kw} kW; the baseline is what every rig on would draw."
            )
            if credit.baseline_kw is None
            else _(
                "{programme} pays {site} for each kWh under its baseline of {baseline} kW in "
                "{hours} h of events, for at most {kw} kW."
            )
        )
        notes.append(
            sentence.format(
                programme=credit.name,
                site=site.name or site.id,
                baseline=f"{events.baseline_kw:,.0f}",
                kw=f"{credit.kw:,.0f}",
                hours=f"{float(events.share.sum()) * times.hours:g}",
            )
        )
    return tuple(notes)


def _named_in_vain(site: Site, tariff: Tariff, times: StepTimes) -> list[str]:
    known = [credit.name for credit in tariff.curtailment]
    sentence = _(
        "Nothing pays for the event “{event}” at {site}: its tariff has no programme “{programme}” "
        "(it has {known})."
    )
    return [
        sentence.format(
            event=event.name,
            site=site.name or site.id,
            programme=event.programme,
            known=", ".join(known) or _("none"),
        )
        for event in site.events
        if event.programme
        and event.programme not in known
        and share_inside(times, [(event.start, event.end)]).any()
    ]
