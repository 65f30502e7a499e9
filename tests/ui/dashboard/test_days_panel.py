from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from minerdesk.services.history_view import HistorySlice, MarginHistory
from minerdesk.ui.dashboard.days_panel import DaysPanel
from minerdesk.ui.pages.dashboard import DashboardPage
from minerdesk.ui.theme import Theme
from tests.ui.dashboard.stage import NOW, Stage

MONTH = "Margin of the last 30 days"


def kept(*points: tuple[float, float]) -> HistorySlice:
    """Margins of (days ago, money a day)."""
    time_s = np.array([(NOW - timedelta(days=ago)).timestamp() for ago, _margin in points])
    margin = np.array([margin for _ago, margin in points])
    flat = np.full(len(points), 90_000.0)
    return HistorySlice(margins=MarginHistory("USD", time_s, margin, margin, flat, flat, flat))


@pytest.fixture
def page(stage: Stage, put_up: Callable[[], DashboardPage]) -> DashboardPage:
    stage.open("farm")
    stage.state.set_slice("history", kept((29, 4.5), (2, -5), (1, 6)))
    return put_up()


@pytest.fixture
def days(page: DashboardPage) -> DaysPanel:
    return page.tiles.days


def test_the_table_has_a_row_for_each_day(days: DaysPanel) -> None:
    days.copy_table()
    head, *rows, end = QGuiApplication.clipboard().text().split("\n")
    assert end == ""
    assert head == "Day (UTC)\tUSD a day"
    assert len(rows) == 30
    assert rows[0] == "2026-05-03\t4.5"
    assert rows[1] == "2026-05-04\t"
    assert rows[-3:] == ["2026-05-30\t-5", "2026-05-31\t6", "2026-06-01\t"]


def test_the_picture_is_the_tile_with_its_ground(days: DaysPanel, page: DashboardPage) -> None:
    days.copy_picture()
    image = QGuiApplication.clipboard().image()
    assert image.size() == page.tiles.margin.size() * page.devicePixelRatioF()
    shades = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    tokens = page.context.theme.tokens
    assert {tokens.background, tokens.earn, tokens.lose} <= shades
    assert image.pixelColor(image.width() - 1, image.height() - 1).name() == tokens.background


def test_the_file_holds_the_days(
    days: DaysPanel, page: DashboardPage, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    days.save()
    dialog = days.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert Path(dialog.selectedFiles()[0]).name == f"{MONTH}.csv"
    path = tmp_path / "days.csv"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    qtbot.waitUntil(lambda: bool(stage.toasts))
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["Day (UTC)", "USD a day"]
    assert rows[1:] == [list(row) for row in days.table().rows]
    assert page.tiles.days.isVisible()


def test_the_menu_is_reached_by_keyboard_and_by_mouse(days: DaysPanel, qtbot: QtBot) -> None:
    assert days.copy.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert days.copy.accessibleName() == f"Copy: {MONTH}"
    assert days.copy.accessibleDescription() == "3 days seen, from −5.00 USD to 6.00 USD a day."
    menu = days.copy.menu()
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Copy as picture", "Copy as table", "Save as CSV…"]
    QGuiApplication.clipboard().clear()
    menu.actions()[1].trigger()
    assert QGuiApplication.clipboard().text().startswith("Day (UTC)")
    place = QPoint(3, 3)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, days.bars.mapToGlobal(place))
    QApplication.sendEvent(days.bars, asked)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    assert QApplication.activePopupWidget() is menu
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)


def test_the_palette_offers_them_while_there_are_days(page: DashboardPage, stage: Stage) -> None:
    found = {each.id: each for each in page.page_actions() if each.id.startswith("dashboard.days")}
    assert [each.text for each in found.values()] == [
        f"{MONTH}: copy as picture",
        f"{MONTH}: copy as table",
        f"{MONTH}: save as CSV…",
    ]
    QGuiApplication.clipboard().clear()
    assert found["dashboard.days.table"].run()
    assert QGuiApplication.clipboard().text().startswith("Day (UTC)\tUSD a day\n")
    stage.state.set_slice("history", kept((2, -5), (1, 6)))
    page.tick(stage.now)
    assert not page.tiles.days.isVisible()
    assert not any(each.run() for each in found.values())


def test_the_button_follows_the_theme(days: DaysPanel, theme: Theme) -> None:
    before = days.copy.icon().cacheKey()
    theme.choose("dark")
    assert days.copy.icon().cacheKey() != before
