from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from minerdesk.domain.network_choice import NetworkChoice
from minerdesk.services.network_reading.curves import time_of
from minerdesk.services.network_reading.indicators import (
    DailyHistory,
    Indicators,
    make_indicators,
)
from minerdesk.services.words import Formats
from minerdesk.ui.charts.base import Chart
from minerdesk.ui.charts.layers import areas
from minerdesk.ui.icons import Icons
from minerdesk.ui.network.board import Board
from minerdesk.ui.network.hashrate_chart import HashrateChart
from minerdesk.ui.network.sensitivity import SensitivityChart
from minerdesk.ui.theme import Theme
from tests.support.fake_desk import NOW, network_state
from tests.support.network_history import (
    LAST,
    some_history,
    some_machines,
    some_retargets,
)

EN = Formats("en", UTC)
DAY_S = 86_400.0


@pytest.fixture(scope="module")
def found() -> Indicators:
    return make_indicators(some_history(), some_machines(), NetworkChoice(), network_state(), NOW)


@pytest.fixture
def saved() -> list[Chart]:
    return []


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def board(
    theme: Theme, qtbot: QtBot, found: Indicators, asked: list[str], saved: list[Chart]
) -> Board:
    made = Board(theme, Icons(theme), EN, ask=asked.append, save=saved.append)
    qtbot.addWidget(made)
    made.resize(900, 640)
    made.show_indicators(found, network_state(), NOW)
    made.show()
    return made


def test_four_charts_share_time_and_cursor(board: Board) -> None:
    board.show_days(365)
    left, right = board.view
    assert right - left == pytest.approx(365 * DAY_S * 1.02)
    QTest.qWait(20)
    for chart in board.charts:
        assert chart.x_range == pytest.approx((left, right), rel=1e-4)
    at = time_of(LAST)
    board.difficulty.set_cursor(at)
    assert {chart.cursor_x for chart in board.charts} == {at}
    lines = [panel.line for panel in board.panels]
    assert lines[0].startswith("31 May 2026: price ")
    assert ", cost " in lines[0]
    assert ": 7-day " in lines[1]
    assert "±3.1%" in lines[1]
    assert "change +3.00%" in lines[2]
    assert "Puell multiple" in lines[3]


def test_single_days_are_dots_and_never_a_line(board: Board) -> None:
    single = next(line for line in board.hashrate.lines if line.name == "single day")
    assert not single.drawn
    assert not single.fits
    assert len(board.hashrate.dots._value) == len(single.value)


def test_the_side_axis_fits_what_is_in_view(board: Board, found: Indicators) -> None:
    board.show_days(91)
    QTest.qWait(20)
    _x, (low, high) = board.cost.getPlotItem().getViewBox().viewRange()
    tail = slice(-105, None)
    top = np.nanmax([found.curves.price[tail].max(), found.curves.cost_upper[tail].max()])
    assert high == pytest.approx(top, rel=0.1)
    assert low <= np.nanmin(found.curves.cost_lower[tail])


def test_heights_as_logarithms(board: Board, found: Indicators) -> None:
    board.set_log(True)
    for chart in board.charts:
        chart.draw_now()
    items = board.cost._items
    assert items[0].yData[-1] == pytest.approx(np.log10(found.curves.price[-1]))
    ticks = board.cost.getPlotItem().getAxis("left").tickValues(4.0, 5.3, 300)
    assert {round(10**each) for each in ticks[0][1]} >= {10_000, 100_000}
    board.set_log(False)
    board.cost.draw_now()
    assert items[0].yData[-1] == pytest.approx(found.curves.price[-1])


def test_the_projection_is_an_outlined_level_after_the_last_epoch(board: Board) -> None:
    chart = board.difficulty
    chart.draw_now()
    here = board.difficulty.lines[0].value[-1]
    assert chart.projection.level == pytest.approx(here * (1 - 0.038))
    assert chart.projection.error == pytest.approx(here * 0.012)
    retarget = network_state().retarget
    assert retarget is not None
    after = (retarget.at + timedelta(days=2)).timestamp()
    assert "expected, −3.8% ±1.2" in chart.words_at(after)
    assert chart.words_at(after + 60 * DAY_S) == ""
    assert "expected" in chart.accessibleDescription()


def test_marks_are_said_with_their_source(board: Board, found: Indicators) -> None:
    mark = found.marks[3]
    words = board.cost.words_at(time_of(mark.day))
    assert "MacroMicro 101,000 USD (macromicro.me chart 29435" in words
    assert "MacroMicro, 19 January 2026: 101,000 USD." in board.cost.summary()


def test_phases_are_said_under_the_cursor_and_in_the_summary(
    board: Board, found: Indicators
) -> None:
    board.hashrate.draw_now()
    span = next(s for s in found.curves.phases if s.kind == "capitulation")
    assert "miners capitulate" in board.hashrate.words_at(span.begin_s + DAY_S)
    assert "capitulations, the last from" in board.hashrate.summary()


def test_the_view_follows_what_comes_unless_moved_by_hand(board: Board, found: Indicators) -> None:
    retarget = network_state().retarget
    assert retarget is not None
    later = network_state(retarget=replace(retarget, at=retarget.at + timedelta(days=9)))
    board.show_days(365)
    before = board.view
    board.show_indicators(found, later, NOW)
    assert board.view[1] == pytest.approx(before[1] + 9 * DAY_S)
    QTest.keyClick(board.cost, Qt.Key.Key_Plus)
    kept = board.view
    board.show_indicators(found, network_state(), NOW)
    assert board.view == kept


def test_the_keyboard_zooms_and_moves(board: Board) -> None:
    board.show_days(365)
    moved: list[int] = []
    board.moved.connect(lambda: moved.append(1))
    chart = board.hashprice
    before = chart.x_range
    QTest.keyClick(chart, Qt.Key.Key_Plus)
    closer = chart.x_range
    assert closer[1] - closer[0] == pytest.approx(0.7 * (before[1] - before[0]))
    QTest.keyClick(chart, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert chart.x_range[0] < closer[0]
    QTest.keyClick(chart, Qt.Key.Key_Minus)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert chart.cursor_x is not None
    assert len(moved) == 3


def test_the_wheel_scrolls_the_page_unless_the_chart_is_meant(board: Board) -> None:
    def wheel(keys: Qt.KeyboardModifier) -> bool:
        middle = QPointF(board.cost.rect().center())
        event = QWheelEvent(
            middle,
            QPointF(board.cost.mapToGlobal(QPoint(0, 0))) + middle,
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        board.cost.wheelEvent(event)
        return event.isAccepted()

    board.cost.clearFocus()
    assert not wheel(Qt.KeyboardModifier.NoModifier)
    before = board.view
    assert wheel(Qt.KeyboardModifier.ControlModifier)
    assert board.view != before


def test_tables_have_every_line_and_empty_gaps(board: Board) -> None:
    board.panels[0].copy_table()
    rows = QGuiApplication.clipboard().text().splitlines()
    assert rows[0].split("\t") == ["time (UTC)", "price", "cost", "lower", "upper", "14-day mean"]
    assert rows[1].split("\t")[2] == ""
    assert len(rows[-1].split("\t")) == 6
    steps = board.difficulty.table()
    assert steps.heads == ("time (UTC)", "difficulty", "change")


def test_without_days_the_cost_says_why_and_the_rest_is_marked(theme: Theme, qtbot: QtBot) -> None:
    history = DailyHistory(None, some_retargets(), embedded_alone=True)
    alone = make_indicators(history, some_machines(), NetworkChoice(), network_state(), NOW)
    made = Board(theme, Icons(theme), EN, ask=str, save=str)
    qtbot.addWidget(made)
    made.resize(900, 640)
    made.show_indicators(alone, network_state(), NOW)
    made.show()
    assert "The cost of mining is not known yet." in made.panels[0].empty_words
    assert made.panels[1].note.startswith("known to 26 May 2026, from retargets alone")
    assert made.panels[2].note == "known to 26 May 2026, from retargets alone"
    assert made.panels[3].empty_words
    assert len(made.hashrate.dots._value) == 0


@pytest.mark.parametrize(
    ("days", "band", "words"),
    [
        (3, 0.01, "a cross counts after 3 days beyond 1.0%; dots"),
        (3, 0.0, "a cross counts after 3 days; dots"),
        (1, 0.01, "a cross counts beyond 1.0%; dots"),
    ],
)
def test_a_confirmation_is_stated_first_on_the_chart(
    board: Board, days: int, band: float, words: str
) -> None:
    choice = NetworkChoice(confirmation_days=days, confirmation_band=band)
    made = make_indicators(some_history(), some_machines(), choice, network_state(), NOW)
    assert "cross" not in board.panels[1].note
    board.show_indicators(made, network_state(), NOW)
    assert board.panels[1].note.startswith(words)


def test_hashrate_by_difficulty_is_drawn_beside_that_by_blocks(
    board: Board, found: Indicators
) -> None:
    line = next(line for line in board.hashrate.lines if line.name == "by difficulty")
    curves = found.curves
    assert line.drawn
    assert line.steps
    for index in (0, 400, curves.count - 1):
        at = line.at(float(curves.time_s[index]))
        assert at is not None
        assert line.value[at] == curves.implied_ehs[index]
    said = board.hashrate.words_at(time_of(LAST))
    assert re.search(
        r", 30-day [\d,]+, 60-day [\d,]+, single day [\d,]+, by difficulty [\d,]+", said
    )
    assert said.count("EH/s") == 1


def test_all_that_is_said_under_the_cursor_has_room_in_the_window(
    board: Board, found: Indicators
) -> None:
    span = next(s for s in found.curves.phases if s.kind == "capitulation")
    board.hashrate.draw_now()
    board.hashrate.set_cursor(span.begin_s + DAY_S)
    line = board.panels[1].line
    assert line.endswith("miners capitulate")
    small = QFont(board.font())
    small.setPointSizeF(board.hashrate.theme.tokens.small_pt)
    # The charts are as wide as this where the window has the size it opens with.
    assert QFontMetrics(small).horizontalAdvance(line) < 710


def test_a_held_line_keeps_its_changes_and_gaps(
    theme: Theme, qtbot: QtBot, found: Indicators
) -> None:
    implied = np.full(found.curves.count, 600.0)
    implied[:100] = np.nan
    implied[300:310] = np.nan
    implied[500:] = 700.0
    chart = HashrateChart(theme, EN)
    qtbot.addWidget(chart)
    chart.show_indicators(replace(found, curves=replace(found.curves, implied_ehs=implied)))
    line = next(line for line in chart.lines if line.name == "by difficulty")
    kept = np.searchsorted(found.curves.time_s, line.time_s)
    assert kept.tolist() == [0, 100, 300, 310, 500, found.curves.count - 1]
    assert np.array_equal(line.value, implied[kept], equal_nan=True)


def test_both_themes_paint(board: Board, theme: Theme) -> None:
    light = board.grab().toImage()
    theme.choose("dark")
    QTest.qWait(20)
    dark = board.grab().toImage()
    assert light.pixelColor(2, 100) != dark.pixelColor(2, 100)
    board.set_log(True)
    board.show_days(None)
    QTest.qWait(80)
    assert board.grab().width() == board.width()


def test_areas_are_cut_where_lines_cross_and_where_one_lacks() -> None:
    x = np.arange(5.0)
    one = np.array([0.0, 2.0, np.nan, 1.0, 1.0])
    other = np.array([1.0, 1.0, 1.0, 3.0, 3.0])
    found = areas(x, one, other)
    # Less is higher on the screen: first above, then below, a gap, then above.
    assert [above for _area, above in found] == [True, False, True]
    assert found[0][0].boundingRect().right() == pytest.approx(0.5)
    assert areas(np.empty(0), np.empty(0), np.empty(0)) == []


def test_the_sensitivity_speaks(theme: Theme, qtbot: QtBot, found: Indicators) -> None:
    chart = SensitivityChart(theme, EN)
    qtbot.addWidget(chart)
    chart.resize(400, 240)
    assert chart.words_at(0.05) == ""
    assert chart.summary() == ""
    assert chart.table().rows == ()
    chart.show_indicators(found)
    chart.show()
    assert chart.words_at(0.0501).startswith("0.05 USD/kWh: cost ")
    assert "a coin brings" in chart.accessibleDescription()
    assert len(chart.table().rows) == len(chart.cursor_stops()) == 39
    assert datetime.fromtimestamp(time_of(LAST), UTC).date() == LAST


def test_the_sensitivity_s_side_axis_is_wide_enough_at_once(
    theme: Theme, qtbot: QtBot, found: Indicators
) -> None:
    chart = SensitivityChart(theme, EN)
    qtbot.addWidget(chart)
    chart.resize(400, 240)
    chart.show_indicators(found)
    chart.show()
    axis = chart.getPlotItem().getAxis("left")
    before = axis.width()
    chart.grab()
    assert axis.width() == before
    _line, _ticks, words = axis.picture
    boxes = [box for box, _flags, text in words if text]
    assert len(boxes) > 2
    label_px = axis.label.boundingRect().height() * 0.8
    assert min(box.left() for box in boxes) >= axis.boundingRect().left()
    assert max(box.width() for box in boxes) + label_px <= before


def test_data_of_any_length_may_come_between_two_paints(
    theme: Theme, qtbot: QtBot, found: Indicators
) -> None:
    """Layers, lines and cursor are painted whatever was shown a moment ago."""
    alone = DailyHistory(None, some_retargets(12), embedded_alone=True)
    nothing = DailyHistory(None, some_retargets().until(0))
    others = [
        make_indicators(history, some_machines(), NetworkChoice(), network_state(), NOW)
        for history in (some_history(3_653), alone, nothing, some_history(30))
    ]
    made = Board(theme, Icons(theme), EN, ask=lambda _key: None, save=lambda _chart: None)
    qtbot.addWidget(made)
    made.resize(900, 640)
    made.show()
    made.show_indicators(found, network_state(), NOW)
    for count, each in enumerate([*others, found, *others[::-1]]):
        made.show_indicators(each, network_state(), NOW)
        for chart in made.charts:
            chart.viewport().repaint()
            chart.set_cursor(chart.x_range[0] + count * DAY_S)
            chart.draw_now()
            chart.viewport().repaint()
        made.set_log(count % 2 == 0)
        made.show_days(None if count % 3 else 91.0)
        made.resize(500 + 40 * count, 400 + 30 * count)
        QTest.qWait(5)


def test_a_board_may_go_while_a_drawing_is_due(
    theme: Theme, qtbot: QtBot, found: Indicators
) -> None:
    for _round in range(3):
        made = Board(theme, Icons(theme), EN, ask=lambda _key: None, save=lambda _chart: None)
        made.resize(900, 640)
        made.show()
        made.show_indicators(found, network_state(), NOW)
        made.charts[0].viewport().update()
        made.close()
        made.deleteLater()
        theme.changed.emit()
        qtbot.wait(30)


def test_the_arrow_keys_stay_in_view_where_something_is_known(board: Board) -> None:
    board.show_days(91)
    QTest.qWait(20)
    left, right = board.view
    QTest.keyClick(board.cost, Qt.Key.Key_Right)
    assert board.cost.cursor_x is not None
    assert left <= board.cost.cursor_x <= left + 3 * DAY_S
    assert "price" in board.panels[0].line
    QTest.keyClick(board.cost, Qt.Key.Key_Escape)
    QTest.keyClick(board.cost, Qt.Key.Key_Left)
    assert board.cost.cursor_x is not None
    assert right - 30 * DAY_S <= board.cost.cursor_x <= right
