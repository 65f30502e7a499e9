"""The past from the window: by menu, by palette, and asked again by hand."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from minerdesk.services.network_history.past_status import PastStatus
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.network.past_dialog import PastDialog


def in_menu(window: MainWindow, heading: str) -> list[str]:
    (menu,) = [m for m in window.menuBar().findChildren(QMenu) if m.title() == heading]
    return [action.text() for action in menu.actions()]


def test_the_past_stands_in_menu_and_palette(window: MainWindow, qtbot: QtBot) -> None:
    assert "History of the network…" in in_menu(window, "View")
    assert "Import history of the network…" in in_menu(window, "File")
    assert window.table["network.history"].run()
    (dialog,) = window.findChildren(PastDialog)
    qtbot.waitUntil(lambda: len(dialog.panes) == 5)
    assert dialog.panes["used"].model.rowCount() > 0
    dialog.ask_button.click()
    dialog.accept()


def test_a_file_of_the_past_is_chosen(window: MainWindow) -> None:
    assert window.table["network.import_history"].run()
    (chooser,) = window.findChildren(QFileDialog)
    assert "blockchain.com" in chooser.nameFilters()[0]
    chooser.reject()


def test_asking_by_hand_asks_for_the_past_too(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.pump.past.busy)
    assert window.table["network.poll"].run()
    assert window.pump.past.busy
    qtbot.waitUntil(lambda: not window.pump.past.busy)
    status = window.context.state.slice("past")
    assert isinstance(status, PastStatus)
    assert not status.asking
