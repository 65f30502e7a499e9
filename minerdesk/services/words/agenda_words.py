"""What a plan asks for now and next, in the sentences of the Dashboard and the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from minerdesk.domain.text import _, ngettext
from minerdesk.engine.tariff.parts import PartKind
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.planning.agenda import Agenda, savings
from minerdesk.services.planning.move import Move
from minerdesk.services.planning.move_table import MoveTable, tally
from minerdesk.services.planning.plan import Plan
from minerdesk.services.words.formats import Formats
from minerdesk.services.words.plan_words import PlanWords

_NAMED_SITES: Final = 2
# Prices of a market that settles late end a few hours ago, and are no reason to worry.
_LONG_PAST: Final = timedelta(days=1)


def plan_note(evaluation: Evaluation, made: Plan | None = None) -> str:
    """Return why an answer rests on this hour alone, a sentence; empty where a plan stands behind.

    Nothing is said where there could be none: without rigs or without numbers.

    Args:
        evaluation: any.
        made: the newest plan, which says why there can be none.
    """
    if evaluation.figures is None:
        return ""
    plan = evaluation.plan
    if plan is None and made is not None and made.cannot and made.book is evaluation.book:
        plan = made
    if plan is None:
        return _("The plan of the coming hours is being made; this is by the present hour alone.")
    if plan.cannot:
        return _("By the present hour alone, for there is no plan: {why}").format(why=plan.cannot)
    return ""


def old_prices_sentence(plan: Plan, formats: Formats, now: datetime) -> str:
    """Return that a plan rests on forecasts alone where known prices ended more than a day ago.

    Args:
        plan: one in force.
        formats: the operator's locale.
        now: UTC.

    Returns:
        ``Prices of Texas 1 are known until 3 March 2026; the rest is forecast.``; empty where no
        site's prices are so old.
    """
    words = PlanWords(plan, formats)
    ended = sorted(
        (each.known_until, words.site_name(each.site))
        for each in plan.sites
        if each.known_until is not None and now - each.known_until > _LONG_PAST
    )
    if not ended:
        return ""
    days = [formats.date(formats.local(until).date()) for until, _site in ended]
    if len(ended) <= _NAMED_SITES and days[0] == days[-1]:
        sites = _(" and ").join(site for _until, site in ended)
        return _("Prices of {sites} are known until {day}; the rest is forecast.").format(
            sites=sites, day=days[0]
        )
    return ngettext(
        "Prices of {n} site ended long ago, the first on {day}; the rest is forecast.",
        "Prices of {n} sites ended long ago, the first on {day}; the rest is forecast.",
        len(ended),
    ).format(n=formats.count(len(ended)), day=days[0])


def worth_sentence(evaluation: Evaluation, agenda: Agenda, formats: Formats, now: datetime) -> str:
    """Return ``Saves 320 USD by 21:00 (46 USD an hour).``; a day only what has no end."""
    if not agenda.now:
        return ""
    words = PlanWords(agenda.plan, formats)
    found = savings(agenda.now, agenda.plan)
    total = found.ending + found.endless_per_day
    if not total > 0:
        return _forced_sentence(agenda, words)
    done = tally(agenda.now)
    only_down = evaluation.standing is Standing.ADVICE and not (done.start or done.change_mode)
    hour = words.money(found.per_hour)
    day = words.money(found.endless_per_day)
    if found.last_end is None:
        sentence = (
            _("Saves {hour} an hour ({day} a day).")
            if only_down
            else _("Worth {hour} an hour ({day} a day).")
        )
        return sentence.format(hour=hour, day=day)
    if found.endless_per_day:
        sentence = (
            _("Saves {money} by {time}, and {day} a day of what has no end.")
            if only_down
            else _("Worth {money} by {time}, and {day} a day of what has no end.")
        )
    else:
        sentence = (
            _("Saves {money} by {time} ({hour} an hour).")
            if only_down
            else _("Worth {money} by {time} ({hour} an hour).")
        )
    return sentence.format(
        money=words.money(found.ending),
        time=words.when(found.last_end, now),
        hour=hour,
        day=day,
    )


def next_sentence(agenda: Agenda, formats: Formats, now: datetime) -> str:
    """Return ``Next: start all 412 at 21:00 (Texas 1, off-peak).``; empty where nothing comes.

    Where nothing is due now it also says until when, and what that is worth.
    """
    if not agenda.next:
        return ""
    said = _next_moves(agenda, formats, now)
    if not agenda.now:
        said = _with_worth(said, agenda, formats)
    return _("Next: {what}.").format(what=said)


def coming_sentences(agenda: Agenda, formats: Formats, now: datetime) -> tuple[str, ...]:
    """Return the moves of the next moments that have any, a sentence each, with their worth."""
    said = []
    for moves in agenda.coming:
        then = replace(agenda, next=moves)
        sentence = _with_worth(_next_moves(then, formats, now), then, formats)
        said.append(f"{sentence[:1].upper()}{sentence[1:]}.")
    return tuple(said)


def _next_moves(agenda: Agenda, formats: Formats, now: datetime) -> str:
    words = PlanWords(agenda.plan, formats)
    return _("{deed} at {time} ({where})").format(
        deed=_deed(agenda, formats),
        time=words.when(agenda.next[0].at, now),
        where=", ".join(filter(None, (_where(agenda.next, words), _period(agenda, formats)))),
    )


def _with_worth(said: str, agenda: Agenda, formats: Formats) -> str:
    """Add until when the next moves hold, and what they are worth."""
    words = PlanWords(agenda.plan, formats)
    found = savings(agenda.next, agenda.plan)
    if found.last_end is not None and not found.endless_per_day:
        said = _("{what} until {time}").format(
            what=said, time=words.when(found.last_end, agenda.next[0].at)
        )
        if found.ending > 0:
            said = _("{what}, worth {money}").format(what=said, money=words.money(found.ending))
    elif found.endless_per_day > 0:
        said = _("{what}, worth {money} a day").format(
            what=said, money=words.money(found.endless_per_day)
        )
    return said


def _forced_sentence(agenda: Agenda, words: PlanWords) -> str:
    """Say why something is to be done that saves nothing: a rule or a pin demands it."""
    forced = agenda.now.where(agenda.now.columns.forced)
    if not len(forced):
        return ""
    cost = -float(np.nansum(agenda.now.columns.worth))
    why = words.why(forced[0])
    if cost > 0:
        return _("It costs {money}, which is owed: {why}.").format(money=words.money(cost), why=why)
    return _("It is owed: {why}.").format(why=why)


def _deed(agenda: Agenda, formats: Formats) -> str:
    done, coming = tally(agenda.now), tally(agenda.next)
    count = formats.count
    parts = []
    if coming.power_down:
        every = coming.power_down == done.start and _same_rigs(agenda.now, agenda.next)
        parts.append(
            (_("power down all {n}") if every else _("power down {n}")).format(
                n=count(coming.power_down)
            )
        )
    if coming.start:
        every = coming.start == done.power_down and _same_rigs(agenda.next, agenda.now)
        parts.append(
            (_("start all {n}") if every else _("start {n}")).format(n=count(coming.start))
        )
    if coming.change_mode:
        columns = agenda.next.columns
        codes = np.unique(columns.after[~columns.stops & ~columns.starts])
        modes = [agenda.next.states[code] for code in codes]
        parts.append(
            _("change {n} to {mode}").format(n=count(coming.change_mode), mode=modes[0])
            if len(modes) == 1
            else _("change the mode of {n}").format(n=count(coming.change_mode))
        )
    return ", ".join(parts)


def _same_rigs(started: MoveTable, stopped: MoveTable) -> bool:
    """Whether the groups of which rigs start are those of which rigs stop."""
    starts = np.unique(started.columns.group[started.columns.starts])
    return np.array_equal(starts, np.unique(stopped.columns.group[stopped.columns.stops]))


def _where(moves: MoveTable, words: PlanWords) -> str:
    sites = _sites(moves, words)
    if len(sites) <= _NAMED_SITES:
        return _(" and ").join(sites)
    return ngettext("{n} site", "{n} sites", len(sites)).format(n=len(sites))


def _sites(moves: MoveTable, words: PlanWords) -> list[str]:
    """Return the names of the moves' sites, each once, in the order of the moves."""
    places, first = np.unique(moves.columns.site, return_index=True)
    return [words.site_name(moves.sites[place]) for place in places[np.argsort(first)]]


def _period(agenda: Agenda, formats: Formats) -> str:
    """Return the name of the price period that begins with the next moves, or the price then."""
    plan, first = agenda.plan, agenda.next[0]
    if len(np.unique(agenda.next.columns.site)) > 1:
        return ""
    step = int((first.at - plan.begins) / plan.step)
    site = next((each for each in plan.sites if each.site == first.site), None)
    if site is None or not 0 <= step < len(plan.start_s):
        return ""
    if first.forced and first.detail:
        return first.detail
    named = _period_name(plan, first, step)
    if named:
        return named
    return formats.price_per_kwh(float(site.price.per_kwh[step]), plan.currency, 3)


def _period_name(plan: Plan, first: Move, step: int) -> str:
    site = next(each for each in plan.sites if each.site == first.site)
    for part in site.price.parts:
        if part.kind is PartKind.PERIOD and part.per_kwh[step]:
            return part.name
    return ""
