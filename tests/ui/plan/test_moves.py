from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester

from minerdesk.services.words import Formats
from minerdesk.ui.pages.plan import PlanPage
from minerdesk.ui.plan.by_hand import HysteresisModel
from minerdesk.ui.plan.moves_model import WHAT, WHEN, WHY, WORTH, PlanMovesModel
from minerdesk.ui.plan.scene import Scene, scene_of
from minerdesk.ui.plan.worth import A_DAY, ADVISED, NAME, WorthModel
from tests.support.evaluations import NOW
from tests.support.plans import a_plan
from tests.ui.plan.conftest import PLAN

Role = Qt.ItemDataRole
CLOSE = next(move for move in PLAN.moves if not move.advised)


def test_the_models_keep_qts_contract(scene: Scene, qtmodeltester: ModelTester) -> None:
    moves, by_hand, worth = PlanMovesModel(), HysteresisModel(), WorthModel()
    moves.show_moves(scene, PLAN.advised)
    by_hand.show_scene(scene)
    worth.show_scene(scene)
    for model in (moves, by_hand, worth):
        qtmodeltester.check(model)  # type: ignore[no-untyped-call] # the plug-in ships no types


def test_a_row_says_when_what_worth_and_why(scene: Scene) -> None:
    model = PlanMovesModel()
    model.show_moves(scene, PLAN.advised)
    row = next(i for i, move in enumerate(PLAN.advised) if move.worth > 390)
    assert model.text(row, WHEN) == "Mon 18:00"
    assert model.text(row, WHAT) == "power down 412 × S19j Pro\nTexas 1, until Tue 03:00"
    assert model.text(row, WORTH) == "399"
    assert model.text(row, WHY) == "mean 0.090 > 0.055 USD/kWh: power costs more than it earns"
    assert model.headerData(WORTH, Qt.Orientation.Horizontal) == "worth, USD"
    endless = next(i for i, move in enumerate(PLAN.advised) if move.until is None)
    assert model.text(endless, WORTH).endswith(" a day")
    spoken = model.index(row, WHAT).data(Role.AccessibleTextRole)
    assert spoken == "do: power down 412 × S19j Pro, Texas 1, until Tue 03:00"
    assert "It is worth nothing at" in " ".join(
        str(model.index(row, WHY).data(Role.ToolTipRole)).split()
    )
    assert model.index(row, WORTH).data(Role.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_the_same_moves_of_a_newer_plan_keep_their_rows(formats: Formats, scene: Scene) -> None:
    model = PlanMovesModel()
    model.show_moves(scene, PLAN.advised)
    resets: list[object] = []
    model.modelReset.connect(lambda: resets.append(1))
    newer = a_plan(NOW + timedelta(minutes=4))
    model.show_moves(scene_of(newer, formats), newer.advised)
    model.show_moves(scene_of(newer, formats), newer.advised[:3])
    assert model.rowCount() == 3
    model.show_moves(scene_of(newer, formats), newer.advised)
    assert model.rowCount() == len(newer.advised)
    assert not resets


@pytest.mark.parametrize("made", [PlanMovesModel, HysteresisModel])
def test_an_empty_model_says_nothing(made: type[QAbstractTableModel]) -> None:
    model = made()
    assert model.rowCount() == 0
    assert model.index(0, 0).data() is None
    assert model.rowCount(QModelIndex()) == 0
    assert model.headerData(0, Qt.Orientation.Vertical) == 1


def test_choosing_in_the_list_shows_in_the_chart_and_back(page: PlanPage) -> None:
    moves, bands = page.body.moves, page.body.bands
    assert moves.told.startswith("Choose a move")
    moves.view.selectRow(6)
    chosen = PLAN.advised[6]
    assert page.selection.move == chosen
    assert bands.gantt.bars._marked.move == chosen
    assert bands.price.group == 1
    assert "Mon 18:00 power down 412 × S19j Pro at Texas 1 until Tue 03:00" in moves.told
    assert "Worth 399 ±13 USD." in moves.told
    bands.gantt.pick(3, PLAN.advised[9].at.timestamp())
    picked = page.selection.move
    assert picked is not None
    assert moves.view.currentIndex().row() == PLAN.advised.index(picked)
    page.selection.choose("")
    assert not moves.view.currentIndex().isValid()
    assert bands.price.group is None


def test_what_is_too_close_is_folded_until_it_is_meant(page: PlanPage) -> None:
    moves = page.body.moves
    assert moves.fold.text() == "Too close to call (3 moves)"
    assert not moves.close_view.isVisible()
    moves.fold.click()
    assert moves.close_view.isVisible()
    moves.fold.click()
    page.selection.choose_move(CLOSE)
    assert moves.close_view.isVisible()
    assert "Too close to call: worth 0.06 ±1.43 USD" in moves.told
    assert moves.close_view.currentIndex().row() == 0
    moves.close_view.selectRow(1)
    assert page.selection.move is not None
    assert page.selection.move.group == "xp"
    assert not moves.view.selectionModel().hasSelection()


def test_without_moves_the_list_says_so(page: PlanPage) -> None:
    page.context.state.set_slice("plan", a_plan(quiet=True))
    page.tick(NOW)
    assert page.body.moves.none.isVisible()
    assert not page.body.moves.view.isVisible()
    assert not page.body.moves.fold.isVisible()


def test_what_is_selected_stays_in_a_newer_plan(page: PlanPage) -> None:
    page.selection.choose_move(PLAN.advised[6])
    newer = a_plan(NOW + timedelta(minutes=4))
    page.context.state.set_slice("plan", newer)
    page.tick(NOW)
    assert page.selection.move == newer.advised[6]
    assert page.body.moves.view.currentIndex().row() == 6
    page.context.state.set_slice("plan", a_plan(quiet=True))
    page.tick(NOW)
    assert page.selection.move is None
    assert page.selection.group_id == "s19j"


def test_tables_are_copied_whole(page: PlanPage) -> None:
    page.body.moves.view.setFocus()
    QTest.keyClick(page.body.moves.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 1 + len(PLAN.advised)
    assert lines[0].split("\t") == ["when", "do", "why", "worth, USD"]
    page.body.moves.copy_table()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 1 + len(PLAN.moves)
    page.body.by_hand.view.copy_table()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[1] == "stop below hashprice"
    assert lines[1].split("\t")[0] == "S21, Texas 1"
    assert len(lines) == 7


def test_a_tab_says_what_the_plan_is_worth_over_each_rule_and_a_day(page: PlanPage) -> None:
    tabs = page.body.tabs
    titles = [tabs.tabText(place) for place in range(tabs.count())]
    tabs.setCurrentIndex(titles.index("Worth"))
    worth = page.body.worth
    assert worth.view.isVisible()
    model = worth.model
    rows = {str(model.index(row, NAME).data()): row for row in range(model.rowCount())}
    row = rows["over the plain threshold"]
    days = (PLAN.ends - PLAN.begins).total_seconds() / 86_400
    gain = PLAN.advised_gains.over_threshold
    assert gain is not None
    number = page.context.formats.number
    assert model.index(row, ADVISED).data() == number(gain, 0, signed=True)
    assert model.index(row, A_DAY).data() == number(gain / days, 0, signed=True)
    spoken = str(model.index(row, A_DAY).data(Role.AccessibleTextRole))
    assert spoken.startswith("over the plain threshold, a day: +")
    assert PLAN.notes[0] in worth.told
    assert "2 pins cost 218 USD" in worth.told
    worth.view.copy_table()
    assert "over always on" in QGuiApplication.clipboard().text()
