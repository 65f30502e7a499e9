"""How often a chart is painted: once for each time the view moves."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.history_chart import HistoryChart, Line
from minerdesk.ui.theme import Theme

DAY_S = 86_400.0


class Paints(QObject):
    """Counts the paintings of a widget."""

    count = 0

    def eventFilter(  # noqa: N802 - Qt's name
        self, watched: QObject, event: QEvent
    ) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


@pytest.fixture
def chart(theme: Theme, qtbot: QtBot) -> HistoryChart:
    made = HistoryChart(theme, name="Price", y=Axis("USD", movable=False), when=str)
    qtbot.addWidget(made)
    time_s = np.arange(1_000.0) * DAY_S
    made.show_lines(
        (Line("price", np.asarray(time_s, np.float64), np.sin(np.arange(1_000.0)) + 2),)
    )
    made.resize(500, 300)
    made.show()
    made.draw_now()
    qtbot.waitExposed(made)
    return made


def test_a_move_of_the_view_is_painted_once(chart: HistoryChart, qapp: QApplication) -> None:
    paints = Paints(chart)
    chart.setXRange(0, 500 * DAY_S, padding=0)
    qapp.processEvents()
    chart.viewport().installEventFilter(paints)
    for turn in range(1, 4):
        chart.setXRange(turn * DAY_S, (turn + 300) * DAY_S, padding=0)
        # What is asked for while painting comes with the events after it.
        for _events in range(3):
            qapp.processEvents()
        assert paints.count == turn
