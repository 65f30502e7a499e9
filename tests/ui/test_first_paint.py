from __future__ import annotations

import logging

import pytest
from PySide6.QtCore import qWarning
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from minerdesk.ui.first_paint import FirstPaint
from minerdesk.ui.qt_messages import log_qt_messages


def test_work_begins_once_after_the_first_paint(qtbot: QtBot) -> None:
    calls: list[bool] = []
    window = QWidget()
    qtbot.addWidget(window)
    FirstPaint(window, lambda: calls.append(window.isVisible()))
    window.show()
    assert calls == []
    qtbot.waitUntil(lambda: bool(calls))
    window.repaint()
    qtbot.wait(50)
    assert calls == [True]


def test_a_window_that_stays_hidden_is_not_waited_for(qtbot: QtBot) -> None:
    calls: list[bool] = []
    window = QWidget()
    qtbot.addWidget(window)
    FirstPaint(window, lambda: calls.append(window.isVisible()))
    qtbot.waitUntil(lambda: bool(calls))
    assert calls == [False]


@pytest.mark.no_qt_log
def test_what_qt_says_is_logged_until_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    end = log_qt_messages()
    qWarning("the pixmap is empty")
    end()
    assert [(each.levelno, each.message) for each in caplog.records] == [
        (logging.WARNING, "the pixmap is empty")
    ]
