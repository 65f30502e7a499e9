"""What a plan asks for at one moment: what is due now, what is too close to call, what is next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from minerdesk.domain.rigs import RigGroup, RigModel
from minerdesk.domain.units import SECONDS_PER_HOUR
from minerdesk.services.planning.move import OFF
from minerdesk.services.planning.move_table import MoveTable
from minerdesk.services.planning.plan import Plan

if TYPE_CHECKING:
    from minerdesk.services.evaluation import Evaluation

_MOMENTS: Final = 3  # that come next are told of


@dataclass(frozen=True, slots=True)
class Savings:
    """What moves are worth, each over its own duration; money of the plan.

    Attributes:
        ending: of those that have an end; ``last_end`` is the latest.
        endless_per_day: of those that have none, a day.
        per_hour: of all, in the hour that begins.
    """

    ending: float = 0.0
    last_end: datetime | None = None
    endless_per_day: float = 0.0
    per_hour: float = 0.0


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a plan asks for at one moment.

    Attributes:
        since, until: while it holds; ``until`` is None where nothing is to come.
        now: advised moves that are due and not done, worth most first.
        close: due moves that are too close to call, likewise.
        next: the advised moves of the next moment that has any, likewise.
        coming: those of the next moments that have any, moment by moment, in the plan's order.
    """

    plan: Plan
    since: datetime
    until: datetime | None
    now: MoveTable
    close: MoveTable
    next: MoveTable
    coming: tuple[MoveTable, ...] = ()

    def holds_at(self, now: datetime) -> bool:
        """Whether it is still the same at ``now``."""
        return self.since <= now and (self.until is None or now < self.until)


def plan_in_force(evaluation: Evaluation) -> Plan | None:
    """Return the plan that goes with an evaluation; None where it is of another book or a what-if.

    A plan that cannot be is none.
    """
    plan = evaluation.plan
    if plan is None or plan.cannot or not plan.options.what_if.is_real:
        return None
    return plan if plan.book is evaluation.book else None


def agenda_in_force(
    evaluation: Evaluation, now: datetime, held: Agenda | None = None
) -> Agenda | None:
    """Return the agenda of the plan that goes with an evaluation; None without one.

    Args:
        evaluation: any; it brings the agenda of the moment it was made at.
        now: UTC.
        held: one that was made before; taken where it is of this plan and holds still.
    """
    plan = plan_in_force(evaluation)
    if plan is None:
        return None
    for known in (evaluation.agenda, held):
        if known is not None and known.plan is plan and known.holds_at(now):
            return known
    return agenda_of(plan, now)


def agenda_of(plan: Plan, now: datetime) -> Agenda:
    """Return what ``plan`` asks for at ``now``.

    A move is due from its time until it ends, and only for as many rigs as its group has in the
    state that it begins from: what was marked done is not asked for again.
    """
    # The plan's first step is asked for at once, also where it begins a few seconds from now.
    moment = max(now, plan.begins).timestamp()
    every = plan.table.columns
    due = plan.table.where((every.at_s <= moment) & (every.until_s > moment))
    left = _not_done(plan, due)
    ends = due.columns.until_s
    coming = tuple(_coming(plan.advised, moment))
    until = min(every.at_s[every.at_s > moment].min(initial=np.inf), ends.min(initial=np.inf))
    found = Agenda(
        plan,
        since=now,
        until=datetime.fromtimestamp(float(until), UTC) if np.isfinite(until) else None,
        now=_most_first(left.advised_ones),
        close=_most_first(left.close_ones),
        next=_most_first(coming[0] if coming else plan.advised[:0]),
        coming=coming,
    )
    # Every list of them asks for these.
    _ = (found.now.deeds, found.close.deeds)
    return found


def _coming(advised: MoveTable, after_s: float) -> Iterator[MoveTable]:
    """Yield the moves of each of the next moments after one."""
    at_s = advised.columns.at_s
    for _moment in range(_MOMENTS):
        after_s = float(at_s[at_s > after_s].min(initial=np.inf))
        if not np.isfinite(after_s):
            return
        yield advised.where(at_s == after_s)


def savings(moves: MoveTable, plan: Plan) -> Savings:
    """Return what moves are worth together; one whose worth is not known counts nothing."""
    found = moves.where(np.isfinite(moves.columns.worth)).columns
    endless = np.isinf(found.until_s)
    ends = np.where(endless, plan.ends.timestamp(), found.until_s)
    hours = (ends - found.at_s) / SECONDS_PER_HOUR
    rate = np.divide(found.worth, hours, out=np.zeros(len(hours)), where=hours > 0)
    last = found.until_s[~endless].max(initial=-np.inf)
    return Savings(
        float(found.worth[~endless].sum()),
        datetime.fromtimestamp(float(last), UTC) if np.isfinite(last) else None,
        float(24 * rate[endless].sum()),
        float(rate.sum()),
    )


def running_in(group: RigGroup, model: RigModel) -> dict[str, int]:
    """Return how many rigs of a group are in each state, off among them."""
    if group.state_now is None:
        found = {model.modes[0].name: group.count}
    else:
        found = {}
        for entry in group.state_now.running:
            found[entry.mode] = found.get(entry.mode, 0) + entry.count
    found[OFF] = group.count - sum(found.values())
    return found


def _not_done(plan: Plan, due: MoveTable) -> MoveTable:
    """Leave out what was done: the advised moves take the rigs there are first."""
    if not len(due):
        return due
    due = due.take(np.argsort(~due.columns.advised, kind="stable"))
    book, states = plan.book, due.states
    models = {model.name: model for model in book.models}
    here: dict[int, dict[str, int]] = {}
    kept = []
    for code, before, count in zip(
        *(each.tolist() for each in (due.columns.group, due.columns.before, due.columns.count)),
        strict=True,
    ):
        if code not in here:
            known = code < len(book.groups)
            group = book.groups[code] if known else None
            here[code] = {} if group is None else running_in(group, models[group.model])
        rigs = min(count, here[code].get(states[before], 0))
        kept.append(max(rigs, 0))
        if rigs > 0:
            here[code][states[before]] -= rigs
    left = np.array(kept, np.int64)
    return due.where(left > 0).with_counts(left[left > 0])


def _most_first(moves: MoveTable) -> MoveTable:
    """Return the moves worth most first, those whose worth is not known last."""
    worth = moves.columns.worth
    known = np.isfinite(worth)
    order = np.lexsort((moves.columns.group, np.where(known, -worth, 0.0), ~known))
    return moves.take(order)
