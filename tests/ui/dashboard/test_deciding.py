from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from minerdesk.domain.decisions import Outcome
from minerdesk.domain.errors import UserError
from minerdesk.ui.dialogs.deciding import ask_not_done, record_done
from tests.support.plans import a_plan, plan_book
from tests.ui.dashboard.stage import NOW, Stage
from tests.ui.dashboard.test_plan_moves import DOWN, settle


def test_done_is_an_edit_and_a_line_and_undo_takes_both_back(stage: Stage) -> None:
    stage.show(plan_book(NOW))
    plan = settle(stage, DOWN)
    assert record_done(stage.context, plan, plan.moves)
    (line,) = stage.desk.decisions.read()
    assert (line.outcome, line.move_key, line.count) == (Outcome.DONE, DOWN.key, 400)
    # The plan is of a book that is gone: what it says of these rigs is not so any more.
    with pytest.raises(UserError, match="edited meanwhile"):
        record_done(stage.context, plan, plan.moves)
    stage.desk.book.undo()
    (line,) = stage.desk.decisions.read()
    assert not line.in_force


def test_not_done_asks_and_writes_it_down(stage: Stage, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    stage.show(plan_book(NOW))
    plan = settle(stage, *(replace(DOWN, count=n) for n in (1, 2, 3, 4)))
    dialog = ask_not_done(stage.context, plan, plan.moves, parent)
    assert dialog is not None
    dialog.words.setText("Frost")
    dialog.give()
    assert [each.reason for each in stage.desk.decisions.read()] == ["Frost"] * 4
    assert stage.toasts == ["Written down: not done, because: Frost"]


def test_without_moves_or_numbers_there_is_nothing_to_decide(stage: Stage, qtbot: QtBot) -> None:
    del qtbot
    plan = a_plan()
    assert not record_done(stage.context, plan, plan.moves)
    stage.show(plan_book(NOW))
    assert not record_done(stage.context, settle(stage), ())
