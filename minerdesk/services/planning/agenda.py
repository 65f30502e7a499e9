"""What a plan asks for at one moment: what is due now, what is too close to call, what is next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import RigGroup, RigModel
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.planning.plan import OFF, Move, Plan

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """Rigs by what is done to them."""

    power_down: int = 0
    start: int = 0
    change_mode: int = 0


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
        next: the advised moves of the next moment that has any.
    """

    plan: Plan
    since: datetime
    until: datetime | None
    now: tuple[Move, ...]
    close: tuple[Move, ...]
    next: tuple[Move, ...]

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


def agenda_of(plan: Plan, now: datetime) -> Agenda:
    """Return what ``plan`` asks for at ``now``.

    A move is due from its time until it ends, and only for as many rigs as its group has in the
    state that it begins from: what was marked done is not asked for again.
    """
    # The plan's first step is asked for at once, also where it begins a few seconds from now.
    moment = max(now, plan.begins)
    due = [move for move in plan.moves if move.at <= moment and _goes_on(move, moment)]
    left = _not_done(plan.book, due)
    coming = [move.at for move in plan.advised if move.at > moment]
    first = min(coming, default=None)
    ends = [move.until for move in due if move.until is not None]
    changes = [move.at for move in plan.moves if move.at > moment] + ends
    return Agenda(
        plan,
        since=now,
        until=min(changes, default=None),
        now=_most_first(move for move in left if move.advised),
        close=_most_first(move for move in left if not move.advised),
        next=_most_first(move for move in plan.advised if move.at == first),
    )


def tally(moves: Iterable[Move]) -> Tally:
    """Return how many rigs are powered down, started, and put into another mode."""
    down = start = change = 0
    for move in moves:
        if move.after == OFF:
            down += move.count
        elif move.before == OFF:
            start += move.count
        else:
            change += move.count
    return Tally(down, start, change)


def savings(moves: Iterable[Move], plan: Plan) -> Savings:
    """Return what moves are worth together; one whose worth is not known counts nothing."""
    ending = per_day = per_hour = 0.0
    last: datetime | None = None
    for move in moves:
        if move.worth != move.worth:
            continue
        hours = ((move.until or plan.ends) - move.at) / _HOUR
        rate = move.worth / hours if hours > 0 else 0.0
        per_hour += rate
        if move.until is None:
            per_day += 24 * rate
        else:
            ending += move.worth
            last = move.until if last is None else max(last, move.until)
    return Savings(ending, last, per_day, per_hour)


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


def _goes_on(move: Move, moment: datetime) -> bool:
    return move.until is None or move.until > moment


def _not_done(book: Book, due: list[Move]) -> list[Move]:
    if not due:
        return []
    wanted = {move.group for move in due}
    models = {model.name: model for model in book.models}
    states = {
        group.id: running_in(group, models[group.model])
        for group in book.groups
        if group.id in wanted
    }
    left = []
    for move in sorted(due, key=lambda each: not each.advised):
        here = states.get(move.group, {})
        count = min(move.count, here.get(move.before, 0))
        if count <= 0:
            continue
        here[move.before] -= count
        share = count / move.count
        same = count == move.count
        left.append(move if same else replace(move, count=count, worth=move.worth * share))
    return left


def _most_first(moves: Iterable[Move]) -> tuple[Move, ...]:
    def rank(move: Move) -> tuple[bool, float, str]:
        known = move.worth == move.worth
        return not known, -move.worth if known else 0.0, move.key

    return tuple(sorted(moves, key=rank))
