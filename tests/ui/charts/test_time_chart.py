from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.time_chart import TimeChart, Track, held, share_time
from minerdesk.ui.icons import Icons
from minerdesk.ui.profitability.timeline import TimelinePanel
from minerdesk.ui.theme import DARK, Theme

HOUR = 3600.0


def usd(value: float) -> str:
    return f"{value:.0f} USD"


def made(theme: Theme, qtbot: QtBot, colours: tuple[int, ...] = (0, 1)) -> TimeChart:
    chart = TimeChart(
        theme,
        name="Margin",
        y=Axis("USD", movable=False),
        when=lambda at: f"{at:%d %B, %H:%M}",
        colours=colours,
    )
    qtbot.addWidget(chart)
    chart.resize(500, 300)
    chart.show()
    return chart


@pytest.fixture
def chart(theme: Theme, qtbot: QtBot) -> TimeChart:
    return made(theme, qtbot)


TIMES = np.array([0, HOUR, 2 * HOUR])
NOW = Track("now", TIMES, np.array([1.0, 5.0, 3.0]), usd)
ADVISED = Track("advised", TIMES, np.array([2.0, 6.0, 4.0]), usd, dashed=True)


def test_words_under_the_cursor_name_time_and_every_value(chart: TimeChart) -> None:
    chart.show_tracks(NOW, ADVISED)
    assert chart.words_at(HOUR * 1.1) == "01 January, 01:00: now 5 USD, advised 6 USD"
    assert chart.cursor_stops() == TIMES.tolist()


def test_without_values_nothing_is_said(chart: TimeChart) -> None:
    assert chart.words_at(0) == ""
    assert chart.summary() == ""
    assert chart.cursor_stops() == []
    assert chart.table().rows == ()
    chart.show_tracks(Track("now"))
    assert chart.words_at(0) == ""
    assert chart.summary() == ""


def test_an_error_is_said_and_drawn_as_a_band(chart: TimeChart) -> None:
    chart.show_tracks(Track("now", TIMES, NOW.value, usd, error=np.full(3, 2.0)))
    chart.draw_now()
    assert chart.words_at(0) == "01 January, 00:00: now 1 USD ±2 USD"
    band = chart._items[0].band
    assert band.isVisible()
    assert band.boundingRect().top() == -1
    assert band.boundingRect().bottom() == 7
    chart.show_tracks(NOW)
    chart.draw_now()
    assert not band.isVisible()


def test_steps_hold_their_value_until_the_next(chart: TimeChart) -> None:
    steps = Track("difficulty", TIMES, NOW.value, usd, steps=True)
    chart.show_tracks(steps)
    assert chart.words_at(HOUR * 1.9).endswith("difficulty 5 USD")
    assert chart.words_at(-1) == ""
    time_s, value = held(steps)
    assert time_s.tolist() == [0, HOUR, HOUR, 2 * HOUR, 2 * HOUR]
    assert value.tolist() == [1, 1, 5, 5, 3]


def test_the_summary_tells_span_and_extremes(chart: TimeChart) -> None:
    chart.show_tracks(NOW)
    chart.draw_now()
    assert chart.accessibleDescription() == (
        "now from 01 January, 00:00 to 01 January, 02:00: 1 USD to 3 USD, between 1 USD and 5 USD."
    )


def test_the_table_has_a_row_per_time(chart: TimeChart) -> None:
    other = Track("advised", np.array([0, 2 * HOUR]), np.array([2.0, 4.0]), usd)
    chart.show_tracks(NOW, other)
    assert chart.table().heads == ("time (UTC)", "now", "advised")
    assert chart.table().rows[1] == ("1970-01-01 01:00", "5", "3")


def test_many_points_stay_quick_to_draw(chart: TimeChart, qtbot: QtBot) -> None:
    time_s = np.arange(105_000, dtype=np.float64) * 60
    chart.show_tracks(Track("now", time_s, np.sin(time_s / 1e5), usd))
    chart.draw_now()
    line = chart._items[0].line
    qtbot.wait(30)
    shown, _value = line.curve.getData()
    assert len(shown) < 105_000 / 4
    assert line.opts["clipToView"]


def test_a_lone_point_is_seen(chart: TimeChart) -> None:
    chart.show_tracks(Track("now", np.array([5.0]), np.array([1.0]), usd))
    chart.draw_now()
    assert chart._items[0].line.opts["symbol"] == "o"


def test_many_changes_make_one_painting(chart: TimeChart, qtbot: QtBot) -> None:
    chart.draw_now()
    before = chart.paints
    for _count in range(50):
        chart.show_tracks(NOW)
    qtbot.waitUntil(lambda: chart.paints > before)
    qtbot.wait(120)
    assert chart.paints == before + 1


def test_the_theme_recolours_the_lines(chart: TimeChart, theme: Theme) -> None:
    chart.show_tracks(NOW, ADVISED)
    theme.choose("dark")
    pens = [items.line.opts["pen"].color() for items in chart._items]
    assert pens == [QColor(DARK.series[0]), QColor(DARK.series[1])]


def test_two_charts_share_one_time_axis(theme: Theme, qtbot: QtBot) -> None:
    upper, lower = made(theme, qtbot, (0,)), made(theme, qtbot, (1,))
    share_time(upper, lower)
    for chart in (upper, lower):
        chart.show_tracks(NOW)
        chart.draw_now()
    lower.setXRange(100, 200, padding=0)
    assert upper.getPlotItem().getViewBox().viewRange()[0] == pytest.approx([100, 200], abs=20)
    widths = {c.getPlotItem().getAxis("left").width() for c in (upper, lower)}
    assert len(widths) == 1


def test_charts_that_share_their_time_show_all_of_it(theme: Theme, qtbot: QtBot) -> None:
    panel = TimelinePanel(theme, Icons(theme), Formats("en_US"))
    qtbot.addWidget(panel)
    charts = (panel.margin, panel.price)
    panel.resize(500, 400)
    panel.show()
    for chart in charts:
        chart.show_tracks(NOW)
        chart.draw_now()
    panel.grab()
    for chart in charts:
        left, right = chart.getPlotItem().getViewBox().viewRange()[0]
        assert left <= TIMES[0]
        assert TIMES[-1] <= right
