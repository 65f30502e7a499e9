"""Why there is no plan: what, where, and the nearest thing that would work, in one sentence."""

from __future__ import annotations

import math
from typing import Final

from minerdesk.domain.rigs import Pin
from minerdesk.domain.text import _
from minerdesk.engine.dispatch.feasible import Impossible, first_impossible
from minerdesk.engine.dispatch.problem import OFF_STATE, CannotPlan
from minerdesk.services.planning.problem_of import Question
from minerdesk.services.planning.rules_of import event_at
from minerdesk.services.power.price_times import local_text

_FEW_KW: Final = 10.0  # under it a whole kW is too coarse to name


def cannot_sentence(question: Question, error: CannotPlan, ramp_kw: float | None = None) -> str:
    """Say which rule of which site cannot be kept, when, and what could be.

    Args:
        question: whose rules they are.
        error: what cannot be kept.
        ramp_kw: the slowest ramp with which all could be, where it is the ramp that forbids it.
    """
    if error.unit >= 0:
        found = first_impossible(question.problem, error.unit)
        return unit_sentence(question, found)
    site = question.fleet.book.sites[error.site]
    words = {
        "where": site.name or site.id,
        "when": _when(question, error.site, error.step),
        "asked": _kw(error.asked),
    }
    if ramp_kw is not None:
        text = _(
            "{where} cannot keep its limits {when} with a ramp of {ramp} a step; a ramp of "
            "{nearest} would work."
        )
        return text.format(
            where=words["where"],
            when=words["when"],
            ramp=_kw(float(question.problem.rules.ramp_kw[error.site])),
            nearest=_kw(ramp_kw),
        )
    if error.rule == "most_kw":
        event = event_at(site, question.times[error.site], error.step)
        below = site.limit_kw is None or error.asked < site.limit_kw
        nearest = _kw(nearest_kw(error))
        if event and below:
            text = _(
                "{where} cannot keep to the {asked} of “{event}” {when}: it draws at least "
                "{nearest}; allow it {nearest}, or turn all off with a limit of 0."
            )
            return text.format(event=event, nearest=nearest, **words)
        held = any(
            group.site == site.id and group.pin is Pin.ON for group in question.fleet.book.groups
        )
        text = (
            _(
                "{where} cannot keep its limit of {asked} {when}: it draws at least {nearest} with "
                "the groups that are held on; release them, or raise the limit to {nearest}."
            )
            if held
            else _(
                "{where} cannot keep its limit of {asked} {when}: it draws at least {nearest}; "
                "raise the limit to {nearest}."
            )
        )
        return text.format(nearest=nearest, **words)
    nearest = _kw(nearest_kw(error))
    if error.rule == "least_kw":
        text = _(
            "{where} cannot draw its least load of {asked} {when}: it reaches {nearest}; "
            "lower the least load to {nearest}."
        )
        return text.format(nearest=nearest, **words)
    text = _(
        "{where} cannot keep its ramp of {asked} from step to step {when}; allow a faster one."
    )
    return text.format(**words)


def unit_sentence(question: Question, found: Impossible) -> str:
    """Say why a group by itself can be in no state."""
    units = question.problem.units
    group = question.fleet.book.groups[int(units.group[found.unit])]
    site = int(units.site[found.unit])
    place = question.fleet.book.sites[site]
    words = {
        "rigs": f"{int(units.rigs[found.unit])} × {group.model}",
        "where": place.name or place.id,
        "when": _when(question, site, found.step),
    }
    if found.must_run and units.most_starts[found.unit] and units.state[found.unit] == OFF_STATE:
        text = _(
            "{rigs} at {where} are held on, and may not start {when}: their starts of the day are "
            "used; release them, or allow one more start a day."
        )
        return text.format(**words)
    if found.must_run and group.pin is Pin.ON:
        text = _("{rigs} at {where} are held on, and cannot run {when}; release them.")
        return text.format(**words)
    text = _(
        "{rigs} at {where} may neither run nor stop {when}; shorten their shortest time on or off."
    )
    return text.format(**words)


def _when(question: Question, site: int, step: int) -> str:
    zone = question.fleet.book.sites[site].time_zone
    return _("on {when}").format(when=local_text(int(question.start_s[step]), zone))


def nearest_kw(error: CannotPlan) -> float:
    """Return the kW that are said to work: rounded to the side on which they hold."""
    kw = error.nearest
    unit = 1.0 if abs(kw) >= _FEW_KW else 0.01
    return (math.ceil if error.rule == "most_kw" else math.floor)(kw / unit) * unit


def _kw(value: float) -> str:
    # Two that differ must not read alike, or it would keep what it is said not to keep.
    return f"{round(value, 2):,.10g} kW" if abs(value) >= _FEW_KW else f"{value:,.3g} kW"
