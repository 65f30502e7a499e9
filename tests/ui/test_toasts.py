from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from minerdesk.ui.actions import Action
from minerdesk.ui.icons import Icons
from minerdesk.ui.theme import Theme
from minerdesk.ui.toasts import Toasts


@pytest.fixture
def over(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def buttons(over: QWidget, name: str) -> list[QAbstractButton]:
    return [b for b in over.findChildren(QAbstractButton) if b.accessibleName() == name]


def test_words_do_not_pile_up_and_only_three_stay(over: QWidget, theme: Theme) -> None:
    toasts = Toasts(over, Icons(theme, over))
    for text in ("a", "a", "b", "c", "d"):
        toasts.show_toast(text)
    assert toasts.texts == ["b", "c", "d"]
    toasts.clear()
    assert toasts.texts == []


def test_action_runs_and_closes(over: QWidget, theme: Theme) -> None:
    toasts = Toasts(over, Icons(theme, over))
    ran: list[str] = []
    toasts.show_toast("Removed 3 groups", "done", Action("x", "Undo", lambda: ran.append("x")))
    QTest.mouseClick(buttons(over, "Undo")[0], Qt.MouseButton.LeftButton)
    assert ran == ["x"]
    assert toasts.texts == []


def test_focus_stays_where_it_was_and_toasts_stay_inside(over: QWidget, theme: Theme) -> None:
    toasts = Toasts(over, Icons(theme, over))
    before = over.focusWidget()
    toasts.show_toast("A long sentence " * 20, "error")
    assert over.focusWidget() is before
    over.resize(500, 400)
    card = over.findChild(QWidget, "toast")
    assert card is not None
    assert over.rect().contains(card.geometry())
    QTest.mouseClick(buttons(over, "Close message")[0], Qt.MouseButton.LeftButton)
    assert toasts.texts == []
