"""What to do now as a list that makes only the rows that are looked at.

By the plan where there is one: each move with its end and its worth until then. By this hour alone
where there is none: a group a row, its worth a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.text import _
from minerdesk.domain.units import SECONDS_PER_DAY
from minerdesk.domain.verdicts import Verdict
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.group_list import by_hour
from minerdesk.services.moves_done import OFF_STATE, Done, done_of
from minerdesk.services.planning.agenda import Agenda
from minerdesk.services.planning.plan import OFF
from minerdesk.services.planning.plan import Move as PlanMove
from minerdesk.services.words.formats import Formats
from minerdesk.services.words.moves import deed_at, modes_when_done
from minerdesk.services.words.plan_words import PlanWords
from minerdesk.services.words.reasons import reason
from minerdesk.services.words.standing import sentence_prefix

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TodoRow:
    """One row.

    Attributes:
        key: the same for the same move in a newer list. group_id: its group.
        what: the move in words, such as ``Power down``. count: rigs. model, site: names.
        until: when it ends, in words; empty where it does not or nobody knows.
        worth, doubt: money over its own duration, or a day where ``a_day``; one standard deviation.
    """

    key: str
    group_id: str
    verdict: Verdict
    what: str
    count: int
    model: str
    site: str
    until: str
    worth: float
    doubt: float
    a_day: bool


class TodoList(Protocol):
    """Rows in their order."""

    @property
    def evaluation(self) -> Evaluation:
        """What they belong to."""
        ...

    @property
    def timed(self) -> bool:
        """Whether moves have an end, and a worth until then."""
        ...

    @property
    def ends(self) -> bool:
        """Whether any of them has an end that is known."""
        ...

    @property
    def places(self) -> Mapping[str, int]:
        """The place of each row by its key; the keys are in their order."""
        ...

    @property
    def worths(self) -> Floats:
        """Their worths as the rows state them, shape (rows,)."""
        ...

    @property
    def doubts(self) -> Floats:
        """Their doubts likewise."""
        ...

    def row(self, place: int) -> TodoRow:
        """Return a row."""
        ...

    def reason(self, place: int) -> str:
        """Return why, with numbers: half of a row's words, and not asked of each that is made."""
        ...

    def done(self, place: int) -> Done:
        """Return what the book is told once it was done."""
        ...

    def plan_move(self, place: int) -> PlanMove | None:
        """Return the move of the plan that a row is, or None without a plan."""
        ...


class HourList:
    """Rows by this hour alone, a group each."""

    timed = False
    ends = False

    def __init__(self, evaluation: Evaluation, formats: Formats, *, advised: bool) -> None:
        self.evaluation = evaluation
        self._formats = formats
        figures = evaluation.figures
        if figures is None:
            self._order = np.empty(0, np.intp)
            self.worths = self.doubts = np.empty(0)
            self.places: Mapping[str, int] = {}
        else:
            groups, decisions = evaluation.book.groups, figures.decisions
            listed = evaluation.by_hour or by_hour(groups, decisions)
            chosen = listed.advised if advised else listed.close
            self._order, self.places = chosen.order, chosen.places
            self.worths = decisions.gain_per_day[self._order]
            self.doubts = decisions.doubt_per_day[self._order]

    def row(self, place: int) -> TodoRow:
        """Return a row."""
        deed = deed_at(self.evaluation, int(self._order[place]))
        return TodoRow(
            key=deed.group.id,
            group_id=deed.group.id,
            verdict=deed.verdict,
            what=deed.what,
            count=deed.count or deed.group.count,
            model=deed.group.model,
            site=deed.site,
            until="",
            worth=float(self.worths[place]),
            doubt=float(self.doubts[place]),
            a_day=True,
        )

    def reason(self, place: int) -> str:
        """Return why, with numbers."""
        return reason(self.evaluation, int(self._order[place]), self._formats)

    def done(self, place: int) -> Done:
        """Return that all rigs of the group run as they best do."""
        ((group, mode),) = modes_when_done(self.evaluation, [int(self._order[place])]).items()
        return Done(group, OFF_STATE if mode is None else mode)

    def plan_move(self, _place: int) -> PlanMove | None:
        """Return None: there is no plan."""
        return None

    def group_index(self, place: int) -> int:
        """Return the place of a row's group in the book."""
        return int(self._order[place])


class PlanList:
    """Rows by the plan, a move each."""

    timed = True

    def __init__(
        self, evaluation: Evaluation, agenda: Agenda, formats: Formats, *, advised: bool
    ) -> None:
        self.evaluation, self._agenda = evaluation, agenda
        self._moves = agenda.now if advised else agenda.close
        self._words = PlanWords(agenda.plan, formats)
        self._modes = {model.name: len(model.modes) for model in agenda.plan.book.models}
        self._prefix = sentence_prefix(evaluation, formats)
        self.places: Mapping[str, int] = self._moves.deeds
        self._keys = tuple(self.places)
        columns, ends = self._moves.columns, agenda.plan.ends.timestamp()
        endless = np.isinf(columns.until_s)
        self.ends = not bool(endless.all())
        days = np.where(endless, (ends - columns.at_s) / SECONDS_PER_DAY, 1.0)
        self.worths, self.doubts = columns.worth / days, columns.doubt / days

    def row(self, place: int) -> TodoRow:
        """Return a row."""
        move = self._moves[place]
        worth, doubt, a_day = self._words.over_its_own_time(move)
        model = self._words.group(move.group).model
        return TodoRow(
            key=self._keys[place],
            group_id=move.group,
            verdict=_verdict(move),
            what=self._what(move, model),
            count=move.count,
            model=model,
            site=self._words.site_name(move.site),
            until=""
            if move.until is None
            else _("until {time}").format(time=self._words.when(move.until, self._agenda.since)),
            worth=worth,
            doubt=doubt,
            a_day=a_day,
        )

    def reason(self, place: int) -> str:
        """Return why, with numbers."""
        return self._prefix + self._words.why(self._moves[place])

    def done(self, place: int) -> Done:
        """Return how many rigs went from where to where."""
        return done_of(self._moves[place])

    def plan_move(self, place: int) -> PlanMove | None:
        """Return the move of the plan."""
        return self._moves[place]

    def _what(self, move: PlanMove, model: str) -> str:
        if move.after == OFF:
            return _("Power down")
        if move.before != OFF:
            return _("Change to {mode}").format(mode=move.after)
        if self._modes[model] > 1:
            return _("Start in {mode}").format(mode=move.after)
        return _("Start")


def todo_list(
    evaluation: Evaluation, agenda: Agenda | None, formats: Formats, *, advised: bool = True
) -> TodoList:
    """Return what to do now, or what is too close to call, worth most first.

    Args:
        evaluation: any.
        agenda: of its plan now, or None where it has none.
        formats: the operator's locale.
        advised: False for what is too close to call.
    """
    if agenda is None:
        return HourList(evaluation, formats, advised=advised)
    return PlanList(evaluation, agenda, formats, advised=advised)


def _verdict(move: PlanMove) -> Verdict:
    if not move.advised:
        return Verdict.TOO_CLOSE
    if move.after == OFF:
        return Verdict.POWER_DOWN
    return Verdict.START if move.before == OFF else Verdict.CHANGE_MODE
