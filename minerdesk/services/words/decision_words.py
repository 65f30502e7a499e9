"""From a move to a line of the decision log: what was advised, why, and on which numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from minerdesk.domain.decisions import Decision, Outcome
from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.planning.agenda import running_in
from minerdesk.services.planning.plan import OFF, Move, Plan
from minerdesk.services.words.formats import DASH, Formats
from minerdesk.services.words.plan_words import PlanWords
from minerdesk.services.words.readings import reading_rows
from minerdesk.services.words.reasons import group_facts
from minerdesk.services.words.standing import sentence_prefix
from minerdesk.services.words.todo import HourList, TodoList


def reasons_not_to() -> tuple[str, ...]:
    """Return the usual reasons for not doing what is advised, to choose from."""
    return (
        _("Nobody was there to do it"),
        _("The machines are under repair"),
        _("The grid or the host asked otherwise"),
        _("The numbers are wrong"),
        _("It is worth too little"),
        _("I expect another price"),
    )


def decisions_of(
    todo: TodoList,
    places: Sequence[int],
    formats: Formats,
    now: datetime,
    *,
    outcome: Outcome = Outcome.DONE,
    reason: str = "",
    book_key: str = "",
) -> tuple[Decision, ...]:
    """Return a line of the log for each row of a list of what to do.

    Args:
        todo: the list.
        places: of the rows.
        formats: the operator's locale.
        now: UTC.
        outcome: what became of them.
        reason: why not.
        book_key: `services.book.BookService.key`.
    """
    evaluation = todo.evaluation
    plan = evaluation.plan
    moves = [move for place in places if (move := todo.plan_move(place)) is not None]
    base = _base(evaluation, formats, now, outcome, reason, book_key)
    if plan is not None and moves:
        return _of_plan(plan, moves, evaluation, formats, base)
    if not isinstance(todo, HourList):
        return ()
    return tuple(_of_hour(todo, place, base) for place in places)


def check_reason(reason: str) -> str:
    """Return a reason without blanks around it.

    Raises:
        UserError: there is none.
    """
    if not reason.strip():
        raise UserError(_("Say why it was not done; the log is to tell it later."))
    return reason.strip()


def _of_plan(
    plan: Plan,
    moves: Sequence[Move],
    evaluation: Evaluation,
    formats: Formats,
    base: Decision,
) -> tuple[Decision, ...]:
    words = PlanWords(plan, formats)
    return tuple(
        replace(
            base,
            group=move.group,
            site=move.site,
            model=words.group(move.group).model,
            site_name=words.site_name(move.site),
            count=move.count,
            before=move.before,
            after=move.after,
            due=move.at,
            until=move.until,
            why=sentence_prefix(evaluation, formats) + words.why(move),
            worth=worth,
            doubt=doubt,
            a_day=a_day,
            currency=plan.currency,
            price_per_kwh=move.price_per_kwh,
            break_even_per_kwh=move.break_even_per_kwh,
            book_name=plan.book.name,
            move_key=move.key,
            plan_made_at=plan.made_at,
            book_revision=plan.book_revision,
            network_revision=plan.network_revision,
        )
        for move in moves
        for worth, doubt, a_day in (words.over_its_own_time(move),)
    )


def _of_hour(todo: HourList, place: int, base: Decision) -> Decision:
    evaluation = todo.evaluation
    row, done, index = todo.row(place), todo.done(place), todo.group_index(place)
    group = evaluation.book.groups[index]
    model = next(each for each in evaluation.book.models if each.name == group.model)
    states = running_in(group, model)
    came_from = [state for state, count in states.items() if count and state != done.after]
    price = even = math.nan
    if evaluation.figures is not None:
        facts = group_facts(evaluation.figures, index)
        price, even = facts.price_per_kwh, facts.limit_per_kwh
    return replace(
        base,
        group=group.id,
        site=group.site,
        model=row.model,
        site_name=row.site,
        count=row.count,
        before=came_from[0] if came_from else OFF,
        after=done.after,
        why=todo.reason(place),
        worth=row.worth,
        doubt=row.doubt,
        a_day=True,
        price_per_kwh=price,
        break_even_per_kwh=even,
    )


def _base(
    evaluation: Evaluation,
    formats: Formats,
    now: datetime,
    outcome: Outcome,
    reason: str,
    book_key: str,
) -> Decision:
    figures = evaluation.figures
    return Decision(
        at=now,
        outcome=outcome,
        reason=reason,
        group="",
        site="",
        model="",
        site_name="",
        count=0,
        before="",
        after="",
        due=now,
        until=None,
        why="",
        worth=math.nan,
        doubt=math.nan,
        currency=evaluation.currency,
        price_per_btc=math.nan if figures is None else figures.now.price_per_btc,
        difficulty=math.nan if figures is None else figures.now.difficulty,
        hashprice_per_ph_day=(
            math.nan if figures is None else float(figures.economics.hashprice_per_ph_day)
        ),
        price_per_kwh=math.nan,
        break_even_per_kwh=math.nan,
        sources=_sources(evaluation, formats, now),
        book=book_key,
        book_name=evaluation.book.name,
        book_revision=evaluation.book_revision,
        network_revision=evaluation.network.revision,
    )


def _sources(evaluation: Evaluation, formats: Formats, now: datetime) -> str:
    rows = reading_rows(evaluation.network, formats, now)
    return "; ".join(
        f"{row.name} {row.value} ({row.source}, {row.age})" for row in rows if row.value != DASH
    )
