"""What the book says once moves were done: rigs of a group go from one state to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import ModeCount, RigGroup, StateNow, StateSource
from minerdesk.domain.text import _
from minerdesk.services.planning.agenda import running_in
from minerdesk.services.planning.plan import OFF, Move

OFF_STATE: Final = OFF


@dataclass(frozen=True, slots=True)
class Done:
    """``count`` rigs of a group went from ``before`` to ``after``: names of modes, or `OFF_STATE`.

    ``count`` None means all of the group, from whatever state.
    """

    group: str
    after: str
    before: str = ""
    count: int | None = None


def done_of(move: Move) -> Done:
    """Return what was done by whoever made a move of a plan."""
    return Done(move.group, move.after, move.before, move.count)


def mark_done(book: Book, done: Iterable[Done], seen: Book, now: datetime) -> Book:
    """Set what runs now, as marked done.

    Args:
        book: the book to change.
        done: what was done.
        seen: the book that the operator was looking at.
        now: since when, UTC.

    Raises:
        UserError: a group was edited meanwhile, or has fewer rigs in the state they came from.
    """
    wanted = list(done)
    ids = {each.group for each in wanted}
    looked_at = {each.id: each for each in seen.groups if each.id in ids}
    same = {each.id for each in book.groups if looked_at.get(each.id) == each}
    if same != ids:
        raise UserError(_("These rigs were edited meanwhile; look at the list again."))
    models = {model.name: model for model in book.models}

    def changed(group: RigGroup) -> RigGroup:
        states = running_in(group, models[group.model])
        for each in wanted:
            if each.group == group.id:
                _move(states, each, group)
        running = tuple(
            ModeCount(mode, count) for mode, count in states.items() if count and mode != OFF
        )
        return replace(group, state_now=StateNow(running, now, StateSource.DONE))

    groups = tuple(changed(group) if group.id in ids else group for group in book.groups)
    return replace(book, groups=groups)


def _move(states: dict[str, int], done: Done, group: RigGroup) -> None:
    if done.count is None:
        states.clear()
        states[done.after] = group.count
        return
    if states.get(done.before, 0) < done.count:
        raise UserError(_("These rigs were edited meanwhile; look at the list again."))
    states[done.before] -= done.count
    states[done.after] = states.get(done.after, 0) + done.count
