from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap
from pytestqt.modeltest import ModelTester

from minerdesk.domain.verdicts import Verdict
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.planning.agenda import Agenda, agenda_of
from minerdesk.services.planning.move_table import MoveTable
from minerdesk.services.words import moves, sentence_prefix, too_close
from minerdesk.services.words.todo import HourList, TodoList, TodoRow, todo_list
from minerdesk.ui.dashboard.moves_model import UNTIL, WHY, WORTH, MovesModel
from tests.support.evaluations import NOW, evaluate
from tests.support.plans import a_plan
from tests.ui.dashboard.stage import Stage


def no_shape(_verdict: Verdict, _filled: bool) -> QPixmap:
    return QPixmap()


@pytest.fixture
def model(stage: Stage, qtmodeltester: ModelTester) -> Iterator[MovesModel]:
    made = MovesModel(stage.context.formats, no_shape)
    qtmodeltester.check(made)  # type: ignore[no-untyped-call] # pytest-qt leaves it untyped
    yield made
    made.deleteLater()


class Some:
    """Some rows of another list, in another order; which rows were made is written down."""

    def __init__(self, whole: TodoList, order: list[int]) -> None:
        self.evaluation, self.timed = whole.evaluation, whole.timed
        keys = list(whole.places)
        self.places = {keys[place]: row for row, place in enumerate(order)}
        self.worths, self.doubts = whole.worths[order], whole.doubts[order]
        self._whole, self._order = whole, order
        self.made: list[int] = []
        self.explained: list[int] = []

    def reason(self, place: int) -> str:
        self.explained.append(place)
        return self._whole.reason(self._order[place])

    def row(self, place: int) -> TodoRow:
        self.made.append(place)
        return self._whole.row(self._order[place])

    def done(self, place: int) -> object:
        return self._whole.done(self._order[place])

    def plan_move(self, place: int) -> object:
        return self._whole.plan_move(self._order[place])


def some(whole: TodoList, order: list[int]) -> Some:
    return Some(whole, order)


def planned() -> tuple[Evaluation, Agenda]:
    plan = a_plan()
    found = replace(evaluate(plan.book), plan=plan)
    return found, agenda_of(plan, NOW)


def test_rows_say_what_the_services_say(stage: Stage, model: MovesModel) -> None:
    stage.open("farm")
    found, formats = stage.settle(), stage.context.formats
    for advised, said in ((True, moves(found, formats)), (False, too_close(found, formats))):
        model.show_moves(todo_list(found, None, formats, advised=advised))
        rows = [model.move_in(row) for row in range(model.rowCount())]
        assert [(r.group_id, r.what) for r in rows] == [(m.group_id, m.what) for m in said]
        prefix = sentence_prefix(found, formats)
        assert [prefix + model.text(row, WHY) for row in range(len(rows))] == [
            move.reason for move in said
        ]
        assert [row.worth for row in rows] == [move.worth_per_day for move in said]


def test_whatever_comes_next_every_row_keeps_its_group(stage: Stage, model: MovesModel) -> None:
    stage.open("farm")
    found = stage.settle()
    whole = HourList(found, stage.context.formats, advised=True)
    close = HourList(found, stage.context.formats, advised=False)
    random = Random(4)
    for _ in range(40):
        before = {
            QPersistentModelIndex(model.index(r, 0)): model.ids[r] for r in range(model.rowCount())
        }
        source = random.choice((whole, close))
        keys = list(source.places)
        places = range(len(keys))
        order = random.sample(places, random.randint(0, len(places)))
        model.show_moves(some(source, order))  # type: ignore[arg-type] # a list but for types
        assert model.ids == tuple(keys[place] for place in order)
        for index, group_id in before.items():
            if group_id in model.ids:
                assert index.row() == model.ids.index(group_id)
            else:
                assert not index.isValid()
    model.show_moves(None)
    assert model.rowCount() == 0


def test_only_the_rows_asked_for_are_made(stage: Stage) -> None:
    stage.open("farm")
    found = stage.settle()
    model = MovesModel(stage.context.formats, no_shape)  # the tester would ask for every row
    whole = HourList(found, stage.context.formats, advised=True)
    rows = some(whole, list(range(len(whole.places))))
    model.show_moves(rows)  # type: ignore[arg-type] # a list but for types
    model.data(model.index(1, WORTH))
    assert (rows.made, rows.explained) == ([1], [])
    for _again in range(2):
        model.data(model.index(1, WHY))
    assert (rows.made, rows.explained) == ([1], [1])


@pytest.mark.parametrize("role", [Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole])
@pytest.mark.parametrize("by_plan", [False, True])
def test_cells_explain_themselves(
    stage: Stage, model: MovesModel, role: Qt.ItemDataRole, by_plan: bool
) -> None:
    if by_plan:
        found, agenda = planned()
        model.show_moves(todo_list(found, agenda, stage.context.formats))
    else:
        stage.open("farm")
        model.show_moves(todo_list(stage.settle(), None, stage.context.formats))
    columns = [c for c in range(model.columnCount()) if by_plan or c != UNTIL]
    told = [model.data(model.index(0, column), role) for column in columns]
    assert all(told)
    assert model.data(model.index(99, 0), role) is None


def test_by_the_plan_rows_say_how_long_and_what_it_is_worth_until_then(
    stage: Stage, model: MovesModel
) -> None:
    found, agenda = planned()
    move = replace(agenda.now[0], worth=320.0, until=NOW.replace(hour=21), doubt=20.0)
    endless = replace(move, until=None, worth=480.0)
    places = agenda.plan.names.place
    agenda = replace(
        agenda,
        now=MoveTable.of((move, endless), places),
        close=MoveTable.of((move,), places),
    )
    model.show_moves(todo_list(found, agenda, stage.context.formats))
    assert model.text(0, UNTIL) == "until 21:00"
    assert model.text(0, WORTH) == "320 USD"
    assert "in all" in str(model.data(model.index(0, WORTH), Qt.ItemDataRole.ToolTipRole))
    assert model.text(1, UNTIL) == ""
    assert model.text(1, WORTH) == "240 USD a day"
    assert " < " in model.text(0, WHY)
    assert len(set(model.ids)) == 2
    assert model.headerData(WORTH, Qt.Orientation.Horizontal) == "worth"
