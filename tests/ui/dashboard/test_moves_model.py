from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap
from pytestqt.modeltest import ModelTester

from minerdesk.domain.verdicts import Verdict
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.words import close_order, move_order, moves, too_close
from minerdesk.ui.dashboard.moves_model import MovesModel
from tests.ui.dashboard.stage import Stage


def no_shape(_verdict: Verdict, _filled: bool) -> QPixmap:
    return QPixmap()


@pytest.fixture
def model(stage: Stage, qtmodeltester: ModelTester) -> Iterator[MovesModel]:
    made = MovesModel(stage.context.formats, no_shape)
    qtmodeltester.check(made)  # type: ignore[no-untyped-call] # pytest-qt leaves it untyped
    yield made
    made.deleteLater()


def orders(found: Evaluation) -> tuple[list[int], list[int]]:
    assert found.figures is not None
    return move_order(found.figures).tolist(), close_order(found.figures).tolist()


def test_rows_say_what_the_services_say(stage: Stage, model: MovesModel) -> None:
    stage.open("farm")
    found = stage.settle()
    order, close = orders(found)
    model.show_moves(found, order)
    assert [model.move_in(row) for row in range(model.rowCount())] == list(
        moves(found, stage.context.formats)
    )
    model.show_moves(found, close)
    assert [model.move_in(row) for row in range(model.rowCount())] == list(
        too_close(found, stage.context.formats)
    )


def test_whatever_comes_next_every_row_keeps_its_group(stage: Stage, model: MovesModel) -> None:
    stage.open("farm")
    found = stage.settle()
    groups = found.book.groups
    random = Random(4)
    for _ in range(40):
        before = {
            QPersistentModelIndex(model.index(r, 0)): model.ids[r] for r in range(model.rowCount())
        }
        order = random.sample(range(len(groups)), random.randint(0, len(groups)))
        model.show_moves(found, order)
        assert model.ids == tuple(groups[place].id for place in order)
        for index, group_id in before.items():
            if group_id in model.ids:
                assert index.row() == model.ids.index(group_id)
            else:
                assert not index.isValid()
    model.show_moves(None, [])
    assert model.rowCount() == 0


def test_only_the_rows_asked_for_are_made(stage: Stage) -> None:
    stage.open("farm")
    found = stage.settle()
    model = MovesModel(stage.context.formats, no_shape)  # the tester would ask for every row
    model.show_moves(found, list(range(len(found.book.groups))))
    model.data(model.index(2, 3))
    assert list(model._made) == [2]


@pytest.mark.parametrize("role", [Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole])
def test_cells_explain_themselves(stage: Stage, model: MovesModel, role: Qt.ItemDataRole) -> None:
    stage.open("farm")
    found = stage.settle()
    model.show_moves(found, orders(found)[0])
    told = [model.data(model.index(0, column), role) for column in range(model.columnCount())]
    assert all(told)
    assert model.data(model.index(99, 0), role) is None
