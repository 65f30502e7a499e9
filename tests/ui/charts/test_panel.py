from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.base import Chart, Table
from minerdesk.ui.charts.panel import ChartPanel, Elided, Swatch
from minerdesk.ui.icons import Icons
from minerdesk.ui.theme import Theme


class Plain(Chart):
    what = "margin 5"

    def words_at(self, x: float) -> str:
        return f"at {x:.0f}: {self.what}"

    def table(self) -> Table:
        return Table(("a", "b"), (("1", "2"),))


@pytest.fixture
def panel(theme: Theme, qtbot: QtBot) -> ChartPanel:
    charts = tuple(Plain(theme, name=name, x=Axis("x"), y=Axis("y")) for name in ("one", "two"))
    charts[1].what = "price 7"
    made = ChartPanel("Over time", charts, theme, Icons(theme), legend=(("now", 0, False),))
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


def copy_of(panel: ChartPanel) -> QToolButton:
    found = panel.findChild(QToolButton)
    assert isinstance(found, QToolButton)
    return found


def test_words_take_the_place_of_the_note_while_the_cursor_is_there(panel: ChartPanel) -> None:
    panel.say("cash layer")
    assert panel.line == "cash layer"
    for chart in panel.charts:
        chart.set_cursor(3)
    assert panel.line == "at 3: margin 5, price 7"
    assert panel.note == "cash layer"
    for chart in panel.charts:
        chart.set_cursor(None)
    assert panel.line == "cash layer"


def test_the_legend_never_cuts_the_title(panel: ChartPanel, qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(600, 400)
    panel.setParent(page)
    page.show()
    panel.show()
    panel.say("cash layer")
    panel.add_legend(QLabel("what was advised, hour by hour"))
    panel.add_to_head(QLabel("?"))
    QApplication.processEvents()
    title = next(each for each in panel.findChildren(QLabel) if each.text() == "Over time")
    for width, beneath in ((500, False), (250, True), (500, False)):
        panel.resize(width, 300)
        assert panel.legend_beneath is beneath
        assert title.width() >= title.sizeHint().width()
    said = [each.text() for each in panel.findChildren(QLabel) if each.isVisible()]
    assert {"now", "what was advised, hour by hour", "?"} <= set(said)
    # The page goes first, and a fixture still holds the panel.
    panel.setParent(None)


def test_words_are_not_said_twice(panel: ChartPanel) -> None:
    panel.charts[0].set_cursor(3)
    assert not panel.charts[0]._words.isVisible()
    assert panel.charts[0].cursor_words == "at 3: margin 5"


def test_an_empty_panel_says_why_and_has_nothing_to_copy(panel: ChartPanel) -> None:
    panel.show_empty("There is no history yet.")
    assert panel.empty_words == "There is no history yet."
    assert not panel.charts[0].isVisible()
    assert not copy_of(panel).isEnabled()
    assert not any(each.isVisible() for each in panel.findChildren(Swatch))
    panel.say("cash layer")
    assert panel.empty_words == ""
    assert panel.charts[0].isVisible()
    assert copy_of(panel).isEnabled()


def test_picture_and_table_are_copied(panel: ChartPanel) -> None:
    actions = {a.text(): a for a in copy_of(panel).menu().actions()}
    actions["Copy as table"].trigger()
    assert QGuiApplication.clipboard().text() == "a\tb\n1\t2\n"
    actions["Copy as picture"].trigger()
    assert QGuiApplication.clipboard().pixmap().width() == panel.grab().width()


def test_the_copy_button_follows_the_theme(panel: ChartPanel, theme: Theme) -> None:
    button = copy_of(panel)
    before = button.icon().cacheKey()
    theme.choose("dark")
    assert button.icon().cacheKey() != before


def test_long_text_is_cut_and_kept_whole_in_the_tip(theme: Theme, qtbot: QtBot) -> None:
    line = Elided(theme, lines=2)
    qtbot.addWidget(line)
    line.resize(120, line.sizeHint().height())
    line.say("much too long " * 20, strong=True)
    assert not line.grab().isNull()
    assert line.text == "much too long " * 20
    assert line.toolTip().replace("\n", " ") == line.text.strip()
    assert max(map(len, line.toolTip().splitlines())) <= 60
    assert line.accessibleName() == line.text
