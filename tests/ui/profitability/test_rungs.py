from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from minerdesk.domain.readings import NetworkState
from minerdesk.services.evaluation import Evaluator
from minerdesk.services.words import Formats
from minerdesk.ui.icons import Icons
from minerdesk.ui.profitability.rungs import PRICE_COLUMN, RungsModel
from minerdesk.ui.profitability.rungs_panel import RungsPanel
from minerdesk.ui.profitability.scene import Scene, scene_of
from minerdesk.ui.theme import DARK, Theme
from minerdesk.ui.widgets.group_places import GroupSelection
from minerdesk.ui.widgets.ranked_table import ID_ROLE
from tests.support.evaluations import NOW, book, evaluate, group, network
from tests.ui.profitability.conftest import BOOK

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class Ticks:
    """Evaluates one book again and again, as the desk does."""

    def __init__(self, formats: Formats) -> None:
        self._evaluator, self._formats = Evaluator(), formats

    def at(self, price: float) -> Scene:
        state: NetworkState = network()
        assert state.price.reading is not None
        reading = replace(state.price.reading, value=price)
        state = replace(state, price=replace(state.price, reading=reading))
        found = scene_of(self._evaluator.evaluate(BOOK, state, NOW), self._formats)
        assert found is not None
        return found


@pytest.fixture
def ticks(formats: Formats) -> Ticks:
    return Ticks(formats)


@pytest.fixture
def model(theme: Theme, ticks: Ticks) -> RungsModel:
    made = RungsModel(theme)
    made.show_scene(ticks.at(100_000))
    return made


def column(model: RungsModel, index: int) -> list[str]:
    return [str(model.index(row, index).data()) for row in range(model.rowCount())]


def sorted_by(model: RungsModel) -> tuple[int, Qt.SortOrder]:
    """Return the column and direction that the arrow in the headings tells."""
    ends = {"▴": UP, "▾": DOWN}
    heads = [
        str(model.headerData(each, Qt.Orientation.Horizontal))
        for each in range(model.columnCount())
    ]
    (found,) = ((at, ends[head[-1]]) for at, head in enumerate(heads) if head[-1] in ends)
    return found


def test_the_model_keeps_qts_rules(model: RungsModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt types it not


def test_the_dearest_step_stands_on_top(model: RungsModel) -> None:
    assert column(model, PRICE_COLUMN) == ["162,000", "162,000", "138,750", "83,250", "72,000"]
    assert column(model, 0)[2:4] == ["Even · Dual × 5", "Even · Dual × 5"]
    assert column(model, 1)[2:] == ["eco → normal", "off → eco", "normal"]
    assert column(model, 2) == ["▼ loses", "▼ loses", "▼ loses", "▲ earns", "▲ earns"]
    assert column(model, 4)[-1] == "28.80"
    assert column(model, 6)[-1] == "0.0556"


def test_headings_bear_units_and_the_arrow(model: RungsModel) -> None:
    heads = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
    assert heads == [
        "group",
        "step",
        "now",
        "BTC price\nUSD ▾",
        "hashprice\nUSD/PH/day",
        "difficulty\nT",
        "power\nUSD/kWh",
    ]
    tip = model.headerData(5, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip == "Stop above this difficulty"
    tip = model.headerData(6, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "a break-even power price counts all power" in str(tip).replace("\n", " ")
    assert model.headerData(0, Qt.Orientation.Vertical) == 1
    assert model.headerData(99, Qt.Orientation.Horizontal) is None


@pytest.mark.parametrize("by", range(7))
def test_every_column_sorts_both_ways(model: RungsModel, by: int, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(model.modelReset):
        model.sort(by, UP)
        rising = column(model, 6)
        model.sort(by, DOWN)
    assert sorted(rising) == sorted(column(model, 6))
    assert sorted_by(model) == (by, DOWN)
    model.sort(99)
    assert sorted_by(model) == (by, DOWN)


def test_a_press_on_a_heading_sorts_and_again_turns_round(model: RungsModel) -> None:
    model.sort_by(0)
    assert sorted_by(model) == (0, UP)
    model.sort_by(0)
    assert sorted_by(model) == (0, DOWN)
    model.sort_by(5)
    assert sorted_by(model) == (5, DOWN)


def test_a_tick_moves_rows_without_a_reset(model: RungsModel, ticks: Ticks, qtbot: QtBot) -> None:
    model.sort(2, DOWN)
    held = QPersistentModelIndex(model.index(0, 0))
    name = held.data()
    with (
        qtbot.assertNotEmitted(model.modelReset),
        qtbot.waitSignal(model.dataChanged),
    ):
        model.show_scene(ticks.at(150_000))
    assert held.data() == name
    assert column(model, 2).count("▲ earns") == 3


def test_an_edit_of_the_book_resets(model: RungsModel, formats: Formats, qtbot: QtBot) -> None:
    other = scene_of(evaluate(book(group("x", "cheap", 3))), formats)
    with qtbot.waitSignal(model.modelReset):
        model.show_scene(other)
    assert column(model, 4) == ["0.0288"]
    assert model.headerData(4, Qt.Orientation.Horizontal) == "hashprice\nUSD/TH/day"
    model.show_scene(None)
    assert model.rowCount() == 0
    assert model.rows_of("x") == []


def test_tones_follow_the_theme(model: RungsModel, theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.dataChanged):
        theme.choose("dark")
    tone = model.index(0, 2).data(Qt.ItemDataRole.ForegroundRole)
    assert tone == QColor(DARK.lose)
    assert model.index(0, 3).data(Qt.ItemDataRole.ForegroundRole) is None


@pytest.fixture
def panel(theme: Theme, ticks: Ticks, qtbot: QtBot) -> RungsPanel:
    made = RungsPanel(theme, Icons(theme), GroupSelection())
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show_scene(ticks.at(100_000))
    made.show()
    return made


def test_a_row_and_the_pages_selection_are_one(panel: RungsPanel) -> None:
    selection = panel._selection
    selection.choose("good")
    assert panel.view.currentIndex().data(ID_ROLE) == "good"
    panel.view.selectRow(2)
    assert selection.group_id == "dual"
    assert len(panel.view.selectionModel().selectedRows()) == 1
    selection.choose("")
    assert not panel.view.selectionModel().hasSelection()


def test_the_selection_survives_ticks_and_edits(panel: RungsPanel, ticks: Ticks) -> None:
    panel._selection.choose("dual")
    for price in (90_000, 150_000, 60_000):
        panel.show_scene(ticks.at(price))
        assert panel.view.currentIndex().data(ID_ROLE) == "dual"
        assert panel._selection.group_id == "dual"
    panel.show_scene(Ticks(Formats("en")).at(100_000))
    assert panel.view.currentIndex().data(ID_ROLE) == "dual"


def test_a_heading_is_pressed(panel: RungsPanel) -> None:
    header = panel.view.horizontalHeader()
    header.sectionClicked.emit(0)
    assert sorted_by(panel.model) == (0, UP)


def test_the_table_is_copied_as_it_is_sorted(panel: RungsPanel) -> None:
    QTest.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[3:6] == ["BTC price USD", "hashprice USD/PH/day", "difficulty T"]
    price, hashprice, difficulty = map(float, lines[1].split("\t")[3:6])
    assert price == pytest.approx(162_000)
    assert hashprice == pytest.approx(64.8)
    assert difficulty == pytest.approx(float(column(panel.model, 5)[0]), abs=0.05)
    assert len(lines) == 6
    panel.copy_picture()
    assert not QGuiApplication.clipboard().pixmap().isNull()


def test_a_small_fleet_copies_the_hashprice_of_its_heading(
    panel: RungsPanel, formats: Formats
) -> None:
    panel.show_scene(scene_of(evaluate(book(group("x", "cheap", 3))), formats))
    found = panel.view.table()
    assert found.heads[4] == "hashprice USD/TH/day"
    assert [float(row[4]) for row in found.rows] == [pytest.approx(0.0288)]


def test_names_of_groups_keep_enough_room_to_be_told_apart(panel: RungsPanel) -> None:
    header = panel.view.horizontalHeader()
    panel.resize(1400, 300)
    panel.show()
    broad = header.sectionSize(0)
    panel.resize(420, 300)
    assert broad > header.sectionSize(0) >= 190
