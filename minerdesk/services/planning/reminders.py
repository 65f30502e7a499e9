"""When the operator is told of a move: shortly before it, and when it changes or is withdrawn.

Pure: what is known goes in; what is to be told, and what is known by then, comes out. From an hour
before its time a move is watched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import numpy as np

from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.planning.agenda import running_in
from minerdesk.services.planning.move_table import MoveTable
from minerdesk.services.planning.plan import OFF, Move, Plan

# A plan made on the next minute's price may leave a move out and have it again: a change counts
# once it has stood this long.
SETTLE: Final = timedelta(minutes=2)
# From when on a change of a move is told: by then somebody may have set out to make it.
WATCH: Final = timedelta(hours=1)
# Rigs more or less that are no other move.
SAME_SHARE: Final = 0.1
_FORGET: Final = timedelta(days=1)


class NoticeKind(StrEnum):
    """What a notice says of a move."""

    DUE = "due"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """A move that is near, and what the operator was told of it.

    Attributes:
        key: `Move.key`. at, until: UTC, as they were told. count, before, after, site, group: so.
        running: what ran in the group then, such as ``normal 412``; another says it was acted on.
        reminded: whether it was told that it is due.
        withdrawn: whether it was told that it is not any more.
        odd_since: since when the plan has it otherwise, not yet told; None where it has it so.
    """

    key: str
    at: datetime
    until: datetime | None
    site: str
    group: str
    count: int
    before: str
    after: str
    running: str = ""
    reminded: bool = False
    withdrawn: bool = False
    odd_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell.

    Attributes:
        kind: what of it. told: the move as it is now, or as it was where it is withdrawn.
        before_change: as it was told before, of one that changed.
    """

    kind: NoticeKind
    told: Told
    before_change: Told | None = None


def plan_to_tell_of(evaluation: Evaluation) -> Plan | None:
    """Return the plan that may be told of: of real, fresh numbers and of this very book."""
    plan = evaluation.plan
    if plan is None or plan.cannot or not plan.options.what_if.is_real:
        return None
    if evaluation.standing is not Standing.ADVICE or evaluation.network.example_of is not None:
        return None
    return plan if plan.book is evaluation.book else None


def look(
    told: Sequence[Told], plan: Plan, now: datetime, lead: timedelta, *, first: bool = False
) -> tuple[tuple[Told, ...], tuple[Notice, ...]]:
    """Return what is known by now, and what is to be told.

    Args:
        told: what the last call returned.
        plan: of `plan_to_tell_of`.
        now: UTC.
        lead: how long before its time a move is told.
        first: the operator just opened the book and reads what is due already at its head; that is
            known, and not told.
    """
    near = _near(plan, told, now, lead)
    running = _running(plan, {each.group for each in told} | {move.group for move in near})
    every = [_of(move, running) for move in near]
    coming = _Coming(every)
    kept: list[Told] = []
    notices: list[Notice] = []
    told = [
        each for each in told if not _is_over(each, now) and running.get(each.group) == each.running
    ]
    # Of parts of a group that change together, those that stay are no other part's successor.
    by_end = {_with_end(each): each for each in every}
    stay = [by_end.get(_with_end(each)) for each in told]
    for each in stay:
        if each is not None:
            coming.take(each)
    for known, stays in zip(told, stay, strict=True):
        found = stays or _same(known, coming, now)
        if found is not None:
            coming.take(found)
            state, notice = _meet(known, found, now, lead)
        else:
            moved = _moved(known, coming)
            state, notice = _miss(known, moved, now, lead, settled=plan.finished)
            if moved is not None:
                # One move: told as changed, once that has stood, and not as a new one before.
                coming.take(moved)
        kept.append(state)
        if notice is not None:
            notices.append(notice)
    for fresh in coming.left:
        if fresh.at - now <= max(lead, WATCH):
            read = replace(fresh, reminded=first and fresh.at <= now)
            state, notice = _remind(read, now, lead)
            kept.append(state)
            if notice is not None:
                notices.append(notice)
    return tuple(kept), tuple(notices)


def _remind(move: Told, now: datetime, lead: timedelta) -> tuple[Told, Notice | None]:
    """Tell a move where its time has come, once."""
    if move.reminded or move.at - now > lead:
        return move, None
    said = replace(move, reminded=True)
    return said, Notice(NoticeKind.DUE, said)


def _meet(known: Told, found: Told, now: datetime, lead: timedelta) -> tuple[Told, Notice | None]:
    """Compare a move that is known with the plan's own."""
    if known.withdrawn:  # it is back, and the last word on it was another
        return _remind(found, now, lead)
    if abs(found.count - known.count) <= SAME_SHARE * known.count:
        return _remind(replace(known, key=found.key, odd_since=None), now, lead)
    since = known.odd_since or now
    if now - since < SETTLE:
        return _remind(replace(known, odd_since=since), now, lead)
    said = replace(found, reminded=found.at - now <= lead)
    return said, Notice(NoticeKind.CHANGED, said, known)


def _miss(
    known: Told, moved: Told | None, now: datetime, lead: timedelta, *, settled: bool
) -> tuple[Told, Notice | None]:
    """Say that a move is no longer in the plan, or at another time, once that has stood."""
    if known.withdrawn or not settled:
        return known, None
    since = known.odd_since or now
    if now - since < SETTLE:
        return replace(known, odd_since=since), None
    if moved is not None:
        said = replace(moved, reminded=moved.at - now <= lead)
        return said, Notice(NoticeKind.CHANGED, said, known)
    gone = replace(known, withdrawn=True, odd_since=None)
    return gone, Notice(NoticeKind.WITHDRAWN, gone)


class _Coming:
    """The plan's near moves that follow on none that is known; there may be a hundred thousand.

    Args:
        moves: in the plan's order.
    """

    def __init__(self, moves: Sequence[Told]) -> None:
        self._left = {each.key: each for each in moves}
        self._by_deed: dict[tuple[str, ...], list[Told]] = {}
        for each in moves:
            self._by_deed.setdefault(_deed(each), []).append(each)

    @property
    def left(self) -> list[Told]:
        """Those that were not taken, in the plan's order."""
        return list(self._left.values())

    def take(self, move: Told) -> None:
        """Leave out one that follows on a known one."""
        self._left.pop(move.key, None)

    def alike(self, known: Told) -> list[Told]:
        """Return those left of the same group, from and to the same state."""
        return [each for each in self._by_deed.get(_deed(known), ()) if each.key in self._left]


def _same(known: Told, coming: _Coming, now: datetime) -> Told | None:
    alike = coming.alike(known)
    for each in alike:
        if each.key == known.key:
            return each
    # What is due and not done begins with every new plan's first step, and is the same still.
    due = [each for each in alike if each.at <= now and known.at <= now]
    return min(due, key=lambda each: each.until != known.until, default=None)


def _moved(known: Told, coming: _Coming) -> Told | None:
    """Return the same deed at another time, the nearest, where the plan has one."""
    return min(coming.alike(known), key=lambda each: abs(each.at - known.at), default=None)


def _with_end(move: Told) -> tuple[object, ...]:
    return (move.at, move.until, move.group, move.before, move.after)


def _deed(move: Told) -> tuple[str, ...]:
    return (move.group, move.before, move.after)


def _near(plan: Plan, told: Sequence[Told], now: datetime, lead: timedelta) -> MoveTable:
    """Return the moves that are due or watched, and of groups with one what comes within a day."""
    moves, place = plan.advised, plan.names.place
    columns = moves.columns
    watched = columns.at_s <= (now + max(lead, WATCH)).timestamp()
    groups = [place[each.group] for each in told if each.group in place]
    known = np.isin(columns.group, groups) & (columns.at_s <= (now + _FORGET).timestamp())
    return moves.where((watched | known) & (columns.until_s > now.timestamp()))


def _is_over(known: Told, now: datetime) -> bool:
    return now >= (known.until or known.at + _FORGET)


def _of(move: Move, running: dict[str, str]) -> Told:
    return Told(
        move.key,
        move.at,
        move.until,
        move.site,
        move.group,
        move.count,
        move.before,
        move.after,
        running.get(move.group, ""),
    )


def _running(plan: Plan, known: set[str]) -> dict[str, str]:
    names = plan.names
    models = {model.name: model for model in plan.book.models}
    return {
        group.id: ", ".join(
            f"{state} {count}"
            for state, count in sorted(running_in(group, models[group.model]).items())
            if state != OFF and count
        )
        for group in (names.group(each) for each in known if each in names.place)
    }
