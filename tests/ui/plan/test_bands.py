from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from minerdesk.services.words import Formats
from minerdesk.ui.pages.plan import PlanPage
from minerdesk.ui.plan.gantt import GanttBand
from minerdesk.ui.plan.scene import scene_of
from minerdesk.ui.theme import Theme
from tests.support.plans import KNOWN_H, a_plan
from tests.ui.plan.conftest import PLAN, Stage, hour_s


def test_known_prices_are_solid_and_the_rest_is_dashed_and_hatched(page: PlanPage) -> None:
    price = page.body.bands.price
    price.draw_now()
    _x, known = price._known.getOriginalDataset()
    _x, tail = price._tail.getOriginalDataset()
    assert np.isfinite(known).sum() == 2 * KNOWN_H
    assert np.isfinite(tail).sum() == 2 * (48 - KNOWN_H)
    assert price._forecast.isVisible()
    page.body.controls.choose_site("alberta")
    price.draw_now()
    assert not price._forecast.isVisible()


def test_one_cursor_tells_the_values_of_all_three(page: PlanPage) -> None:
    bands = page.body.bands
    page.select(group="s19j")
    bands.price.set_cursor(hour_s(8.2))
    assert bands.gantt.cursor_x == bands.kw.cursor_x == hour_s(8.2)
    line = bands.line
    assert line.startswith("Mon 20:00: Texas 1 0.0655 USD/kWh, breaks even at 0.0554")
    assert "412 × S19j Pro off Mon 18:00–Tue 03:00" in line
    assert "of 5.93 MW with all on, least 500 kW" in line
    bands.price.set_cursor(None)
    assert "prices are known until Tue 19:00" in bands.line


def test_a_resting_mouse_reads_why_what_it_is_worth_and_what_would_flip_it(
    page: PlanPage,
) -> None:
    gantt = page.body.bands.gantt
    scene = page.body.scene
    assert scene is not None
    row = scene.row_of("s19j")
    assert row is not None
    told = gantt.told_at(row, hour_s(8.5))
    assert "Mon 18:00 power down 412 × S19j Pro at Texas 1 until Tue 03:00" in told
    assert "power costs more than it earns" in told
    assert "Worth 399" in told
    assert "It is worth nothing at" in told
    assert gantt.told_at(0, hour_s(8.5)) == "", "a site's name does not move"
    event = next(site for site in PLAN.book.sites if site.events).events[0]
    assert "Grid call: at most 1.50 MW until" in gantt.told_at(0, event.start.timestamp())
    box = gantt.getPlotItem().getViewBox()
    at = gantt.mapFromScene(box.mapViewToScene(QPointF(hour_s(8.5), row + 0.5)))
    shown = gantt.viewport().mapToGlobal(at)
    QApplication.sendEvent(gantt.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, shown))
    assert " ".join(QToolTip.text().split()) == " ".join(told.split())
    QToolTip.hideText()


def test_a_forecast_is_named_under_the_cursor_and_the_fleet_is_a_band(page: PlanPage) -> None:
    page.body.bands.price.set_cursor(hour_s(40))
    assert "(forecast), fleet breaks even at" in page.body.bands.line


def test_the_bands_share_their_time(page: PlanPage) -> None:
    bands = page.body.bands
    bands.kw.setXRange(hour_s(5), hour_s(20), padding=0)
    for band in (bands.price, bands.gantt):
        low, high = band.getPlotItem().getViewBox().viewRange()[0]
        assert (low, high) == pytest.approx((hour_s(5), hour_s(20)), abs=60)


def test_each_band_is_told_to_who_does_not_see_it(page: PlanPage) -> None:
    bands = page.body.bands
    assert "between −0.0123" in bands.price.summary()
    assert "Known until Tue 19:00, a forecast after it." in bands.price.summary()
    assert "6 rows of groups." in bands.gantt.summary()
    assert "Texas 1 draws" in bands.kw.summary()
    assert "Its peak so far is 5.20 MW." in bands.kw.summary()
    for band in (bands.price, bands.gantt, bands.kw):
        band.draw_now()
        assert band.accessibleDescription() == band.summary()


def test_each_band_has_a_table(page: PlanPage) -> None:
    bands = page.body.bands
    table = bands.table()
    assert len(table.rows) == 48
    assert "Texas 1: price per kWh" in table.heads
    assert {len(row) for row in table.rows} == {len(table.heads)}
    assert table.rows[40][table.heads.index("Texas 1: known")] == "forecast"
    assert len(bands.kw.table().rows) == 48
    states = bands.gantt.table()
    assert ("Texas 1", "1,200 × S21", "2026-01-20 15:00", "2026-01-20 18:00", "off", "800") in (
        states.rows
    )
    bands.copy_table()
    assert QGuiApplication.clipboard().text() == table.tsv()


def test_the_keyboard_walks_rows_and_picks_moves(page: PlanPage) -> None:
    gantt = page.body.bands.gantt
    QTest.keyClick(gantt, Qt.Key.Key_Down)
    assert page.selection.group_id == "m30"
    QTest.keyClick(gantt, Qt.Key.Key_Down)
    assert page.selection.group_id == "s19j"
    gantt.set_cursor(hour_s(9))
    QTest.keyClick(gantt, Qt.Key.Key_Return)
    assert page.selection.move is not None
    assert page.selection.move.after == "off"
    for _step in range(3):
        QTest.keyClick(gantt, Qt.Key.Key_Down)
    assert page.selection.group_id == "s19j-north", "a site's name is stepped over"
    QTest.keyClick(gantt, Qt.Key.Key_Up)
    assert page.selection.group_id == "m30-north"


def test_a_click_picks_the_bar_and_its_move(page: PlanPage, qtbot: QtBot) -> None:
    gantt = page.body.bands.gantt
    qtbot.wait(80)
    box = gantt.getPlotItem().getViewBox()
    at = gantt.mapFromScene(box.mapViewToScene(QPointF(hour_s(9), 2.5)))
    QTest.mouseClick(gantt.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert page.selection.group_id == "s19j"
    assert page.selection.move is not None
    QTest.mouseMove(gantt.viewport(), at)
    gantt.pick(0, hour_s(1))
    assert page.selection.group_id == ""


def test_of_a_thousand_groups_only_the_rows_in_sight_are_drawn(
    theme: Theme, formats: Formats, qtbot: QtBot
) -> None:
    gantt = GanttBand(theme, formats)
    qtbot.addWidget(gantt)
    gantt.resize(700, 260)
    scene = scene_of(a_plan(copies=170), formats, folded=False)
    gantt.show_scene(scene)
    gantt.show()
    gantt.grab()
    assert 0 < gantt.bars.drawn < 15
    assert len(scene._bars) < 40
    assert gantt.rows_bar.isVisible()
    gantt.choose(900, None)
    low, high = gantt.getPlotItem().getViewBox().viewRange()[1]
    assert low <= 900 < high
    gantt.grab()
    assert len(scene._bars) < 60
    before = gantt.rows_bar.value()
    turn = QWheelEvent(
        QPointF(300, 100),
        QPointF(300, 100),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(gantt.viewport(), turn)
    assert gantt.rows_bar.value() < before


def test_a_selected_move_is_brought_into_sight(page: PlanPage) -> None:
    bands = page.body.bands
    bands.kw.setXRange(hour_s(0), hour_s(6), padding=0)
    page.selection.choose_move(PLAN.advised[-1])
    low, high = bands.gantt.getPlotItem().getViewBox().viewRange()[0]
    assert low <= PLAN.advised[-1].at.timestamp() < high


def test_the_line_of_now_moves_once_a_minute(page: PlanPage, stage: Stage) -> None:
    kw = page.body.bands.kw
    page.draw_clock(stage.now)
    assert kw._now.isVisible()
    assert kw._now.value() == stage.now.timestamp() // 60 * 60


def test_the_context_menu_offers_pins_first(page: PlanPage) -> None:
    page.select(group="s19j")
    texts = [text for text, _run in page.body.bands.gantt.context_actions()]
    assert texts[:2] == ["Pin on", "Pin off"]
    assert "Copy as table" in texts
