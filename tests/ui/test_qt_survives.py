"""The binding must not lose references: some releases end the program after a few hundred calls."""

from __future__ import annotations

import gc
import sys

import pyqtgraph as pg
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from minerdesk.ui.qt_check import fault_of_qt, lost_references


class Sender(QObject):
    sent = Signal(int)


def test_this_binding_is_accepted() -> None:
    assert fault_of_qt() == ""


def test_a_call_that_loses_none_is_noticed() -> None:
    kept: list[None] = []

    def gain() -> None:
        kept.append(None)

    assert lost_references(gain) == 0
    held = [None] * 1000
    # On Python 3.12 and later None is never freed, so nothing can be lost there.
    expected = 200 if sys.version_info < (3, 12) else 0
    assert lost_references(held.pop) == expected


def test_five_thousand_emits() -> None:
    sender = Sender()
    heard: list[int] = []
    sender.sent.connect(heard.append)
    before = sys.getrefcount(True)
    for number in range(5000):
        sender.sent.emit(number)
    assert len(heard) == 5000
    assert before - sys.getrefcount(True) < 20


def test_two_hundred_repaints(qtbot: QtBot) -> None:
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    plot.plot([1.0, 2.0, 3.0])
    plot.show()
    # What earlier tests left is swept first, and nothing of it inside the count.
    gc.collect()
    gc.disable()
    try:
        before = sys.getrefcount(None)
        for _count in range(200):
            plot.viewport().repaint()
            QApplication.processEvents()
        lost = before - sys.getrefcount(None)
    finally:
        gc.enable()
    assert lost < 100
