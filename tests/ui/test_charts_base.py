from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.base import Chart, Table
from minerdesk.ui.charts.cursor import SharedCursor
from minerdesk.ui.theme import DARK, Theme, Tokens


class Line(Chart):
    colour = ""

    def __init__(self, theme: Theme) -> None:
        self.data = np.arange(5, dtype=np.float64)
        super().__init__(
            theme, name="Margin", x=Axis("group"), y=Axis("USD", words=lambda v: f"{v:.0f} USD")
        )
        self.line = self.curve("#000000")

    def paint_data(self) -> None:
        self.line.setData(np.arange(len(self.data), dtype=np.float64), self.data)

    def recolour_items(self, tokens: Tokens) -> None:
        self.colour = tokens.accent

    def summary(self) -> str:
        return f"{len(self.data)} groups"

    def table(self) -> Table:
        return Table(("group", "USD"), tuple((str(i), f"{v:g}") for i, v in enumerate(self.data)))

    def words_at(self, x: float) -> str:
        return f"group {x:.0f}"

    def cursor_stops(self) -> Sequence[float]:
        return [0.0, 1.0, 2.0]


@pytest.fixture
def chart(theme: Theme, qtbot: QtBot) -> Line:
    made = Line(theme)
    qtbot.addWidget(made)
    made.resize(400, 300)
    return made


def test_many_changes_make_one_drawing(chart: Line, qtbot: QtBot) -> None:
    chart.show()
    before = chart.paints
    for _count in range(100):
        chart.redraw()
    qtbot.waitUntil(lambda: chart.paints > before)
    qtbot.wait(150)
    assert chart.paints == before + 1


def test_a_hidden_chart_draws_nothing_until_shown(chart: Line, qtbot: QtBot) -> None:
    chart.redraw()
    qtbot.wait(120)
    assert chart.paints == 0
    chart.show()
    assert chart.paints == 1
    assert chart.accessibleDescription() == "5 groups"
    assert chart.accessibleName() == "Margin"


def test_keys_move_the_cursor_and_say_what_is_there(chart: Line) -> None:
    chart.show()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.cursor_words == "group 0"
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.cursor_words == "group 2"
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert chart.cursor_words == "group 1"
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.cursor_words == ""


def test_cursor_is_shared(theme: Theme, qtbot: QtBot) -> None:
    charts = [Line(theme) for _ in range(3)]
    for each in charts:
        qtbot.addWidget(each)
    shared = SharedCursor(*charts)
    charts[1].set_cursor(2.0)
    assert [each.cursor_words for each in charts] == ["group 2"] * 3
    charts[0].set_cursor(None)
    assert [each.cursor_words for each in charts] == [""] * 3
    shared.deleteLater()


def test_theme_recolours_live(chart: Line, theme: Theme) -> None:
    light = chart.colour
    theme.choose("dark")
    assert chart.colour == DARK.accent != light
    assert chart.backgroundBrush().color().name() == DARK.surface
    theme.choose("light")


def test_copies(chart: Line) -> None:
    chart.show()
    QTest.keyClick(chart, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines()[:2] == ["group\tUSD", "0\t0"]
    chart.copy_picture()
    assert not QGuiApplication.clipboard().pixmap().isNull()


def test_axis_speaks_with_our_words(chart: Line) -> None:
    axis = chart.getPlotItem().getAxis("left")
    assert axis.tickStrings([1.0, 2.0], 1, 1) == ["1 USD", "2 USD"]


def test_plots_are_fast_by_default(chart: Line) -> None:
    assert chart.line.opts["autoDownsample"] is True
    assert chart.line.opts["downsampleMethod"] == "peak"
    assert chart.line.opts["clipToView"] is True
