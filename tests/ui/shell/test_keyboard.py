from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QListWidget,
    QWidget,
)

from minerdesk.ui.actions import Action
from minerdesk.ui.dialogs.shortcuts import ShortcutsDialog
from minerdesk.ui.main_window import MainWindow
from tests.support.widgets import nameless
from tests.ui.shell.parts import OtherPage


def test_palette_finds_by_letters_with_the_keyboard_alone(window: MainWindow) -> None:
    window.activateWindow()
    assert window.table["app.palette"].run()
    box = window.palette_box
    assert box.isVisible()
    QTest.keyClicks(box.query, "flt")
    assert box.shown()[0].id == "view.fleet"
    QTest.keyClick(box.query, Qt.Key.Key_Down)
    QTest.keyClick(box.query, Qt.Key.Key_Up)
    QTest.keyClick(box.query, Qt.Key.Key_Return)
    assert not box.isVisible()
    assert isinstance(window.pages.current, OtherPage)
    box.open_palette()
    QTest.keyClick(box.query, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_palette_names_the_keys_of_a_command_beside_it(window: MainWindow) -> None:
    window.open_palette()
    assert "Find a command    Ctrl+K" in window.palette_box.lines
    (found,) = window.palette_box.findChildren(QListWidget)
    first = found.item(0)
    assert "Ctrl" not in first.text()
    assert first.data(Qt.ItemDataRole.AccessibleTextRole).endswith(", Ctrl+N")
    window.palette_box.close_palette()


def test_palette_hides_what_cannot_be_done(window: MainWindow) -> None:
    window.open_palette()
    assert "edit.undo" not in {action.id for action in window.palette_box.shown()}
    window.palette_box.close_palette()


def test_page_shortcuts_and_help_work_from_the_keyboard(window: MainWindow) -> None:
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(window.pages.current, OtherPage)
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert not isinstance(window.pages.current, OtherPage)
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.palette_box.isVisible()
    window.palette_box.close_palette()
    QTest.keyClick(window, Qt.Key.Key_F1)
    (dialog,) = window.findChildren(ShortcutsDialog)
    dialog.reject()


def test_every_interactive_widget_has_a_name(window: MainWindow) -> None:
    window.context.toast("Imported 3 groups", "done", Action("x.y", "Show", lambda: None))
    window.book_actions.after_saving(lambda: None)
    assert nameless(window) == []


def test_shortcuts_page_lists_them_all(window: MainWindow) -> None:
    window.table["app.shortcuts"].run()
    dialog = window.findChild(ShortcutsDialog)
    assert isinstance(dialog, ShortcutsDialog)
    assert nameless(dialog) == []
    dialog.reject()


def test_everything_can_be_reached_with_tab(window: MainWindow) -> None:
    window.activateWindow()
    window.strip.gauge("price").setFocus()
    reached: set[QWidget | None] = set()
    for _count in range(80):
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        reached.add(window.focusWidget())
    pressable = {
        widget
        for widget in window.findChildren(QAbstractButton)
        if widget.isVisible() and widget.isEnabled() and not widget.objectName().startswith("qt_")
    }
    assert pressable <= reached, [w.accessibleName() for w in pressable - reached]


def test_a_duplicate_shortcut_is_refused(window: MainWindow) -> None:
    with pytest.raises(ValueError, match="share the shortcut"):
        window.table.add([Action("x.save", "Also save", lambda: None, "Ctrl+S")], window)
    with pytest.raises(ValueError, match="declared twice"):
        window.table.add([Action("book.save", "Save", lambda: None)], window)
