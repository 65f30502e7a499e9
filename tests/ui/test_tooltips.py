from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from minerdesk.ui.tooltips import wrap_tool_tips

LONG = "gross revenue of 1 PH/s for a day, from difficulty and never from an estimate of hashrate"


@pytest.fixture(autouse=True)
def _wrapping(qapp: QApplication) -> Iterator[None]:
    end = wrap_tool_tips(qapp)
    yield
    QToolTip.hideText()
    end()


def hover(widget: QWidget, at: QPoint) -> str:
    event = QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at))
    QApplication.sendEvent(widget, event)
    return QToolTip.text()


@pytest.mark.parametrize("tip", [LONG, "Ctrl+S", f"<p>{LONG}</p>"])
def test_only_long_words_are_broken(qtbot: QtBot, tip: str) -> None:
    word = QLabel("hashprice")
    qtbot.addWidget(word)
    word.setToolTip(tip)
    word.show()
    said = hover(word, QPoint(2, 2))
    assert said.replace("\n", " ") == tip
    assert ("\n" in said) is (tip == LONG)
    assert tip != LONG or max(map(len, said.splitlines())) <= 60


def test_items_of_a_list_have_tips_of_their_own(qtbot: QtBot) -> None:
    rows = QListWidget()
    qtbot.addWidget(rows)
    rows.setToolTip("rows")
    rows.addItems(["a", "b"])
    first = rows.item(0)
    assert first is not None
    first.setToolTip(LONG)
    rows.show()
    said = hover(rows.viewport(), rows.visualItemRect(first).center())
    assert said.replace("\n", " ") == LONG
    assert "\n" in said
