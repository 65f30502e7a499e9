from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from minerdesk.domain.book import Book
from minerdesk.services.history_view import HistorySlice, MarginHistory
from minerdesk.services.words import Formats
from minerdesk.ui.icons import Icons
from minerdesk.ui.profitability.margins import MarginsChart
from minerdesk.ui.profitability.scene import Scene, scene_of
from minerdesk.ui.profitability.stairs import StairsChart
from minerdesk.ui.profitability.timeline import TimelinePanel
from minerdesk.ui.theme import DARK, Theme
from tests.support.desk_pages import history
from tests.support.evaluations import NOW, book, evaluate, group


@pytest.fixture
def stairs(theme: Theme, scene: Scene, qtbot: QtBot) -> StairsChart:
    made = StairsChart(theme)
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    made.show_scene(scene)
    made.draw_now()
    return made


@pytest.fixture
def margins(theme: Theme, scene: Scene, qtbot: QtBot) -> MarginsChart:
    made = MarginsChart(theme)
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    made.show_scene(scene)
    made.draw_now()
    return made


def test_stairs_rise_and_the_price_parts_them(stairs: StairsChart) -> None:
    cost = stairs.blocks.value
    assert cost == pytest.approx([72_000, 83_250, 138_750, 162_000, 162_000])
    assert stairs.blocks.earns.tolist() == [True, True, False, False, False]
    assert stairs.blocks.edges == pytest.approx([0, 10, 10.35, 10.5, 12.5, 13.5])
    assert stairs._price.value() == 100_000
    assert stairs.note() == "cash layer · 10.4 PH/s earn, 3.15 PH/s lose"


def test_stairs_say_what_stands_under_the_cursor(stairs: StairsChart) -> None:
    assert stairs.words_at(5) == "72,000 USD/BTC, 28,000 to spare: Cheap · Rig × 100, 10.0 PH/s"
    assert stairs.words_at(10.4) == (
        "138,750 USD/BTC, 38,750 too dear: Even · Dual × 5, eco → normal, 0.15 PH/s"
    )
    assert stairs.words_at(99) == ""


def test_stairs_are_summed_up_for_who_does_not_see_them(stairs: StairsChart) -> None:
    assert stairs.accessibleDescription() == (
        "2 of 5 mode steps earn at a BTC price of 100,000 USD: cash layer · 10.4 PH/s earn, "
        "3.15 PH/s lose. The cheapest coin costs 72,000 USD, the dearest 162,000 USD."
    )


@pytest.mark.parametrize(
    ("site", "said"), [("cheap", "earn, nothing loses"), ("dear", "lose, nothing earns")]
)
def test_where_all_earn_or_all_lose_no_nought_is_told(
    stairs: StairsChart, formats: Formats, site: str, said: str
) -> None:
    stairs.show_scene(scene_of(evaluate(_at(book(group("a", site, 10)), 0.5)), formats))
    assert stairs.note().split(" · ")[1].endswith(said)


def test_stairs_as_a_table(stairs: StairsChart) -> None:
    rows = stairs.table().rows
    assert rows[0] == ("Cheap · Rig × 100", "normal", "10", "72000.00", "USD", "yes")
    assert [row[-1] for row in rows] == ["yes", "yes", "no", "no", "no"]


def test_a_stair_far_above_does_not_flatten_the_rest(stairs: StairsChart, formats: Formats) -> None:
    dear = book(group("a", "cheap", 10), group("b", "dear", 10))
    dear_scene = scene_of(evaluate(_at(dear, 0.5)), formats)
    stairs.show_scene(dear_scene)
    assert "1 step reaches above the chart" in stairs.note()
    (_x, (_low, high)) = stairs.getPlotItem().getViewBox().viewRange()
    assert high == pytest.approx(220_000)


def _at(made: Book, price: float) -> Book:
    tariffs = tuple(
        replace(each, price_per_kwh=price) if each.id == "dear" else each for each in made.tariffs
    )
    return replace(made, tariffs=tariffs)


def test_charts_without_a_scene_are_empty(stairs: StairsChart, margins: MarginsChart) -> None:
    for chart in (stairs, margins):
        chart.show_scene(None)
        chart.draw_now()
        assert chart.note() == ""
        assert chart.words_at(1) == ""
        assert chart.table().rows == ()
        assert chart.drawn == 0
        assert " to show." in chart.summary()


def test_margins_run_from_the_best_to_the_worst(margins: MarginsChart) -> None:
    assert margins.blocks.value == pytest.approx([112, 0.02, -24.8, -49.6])
    assert margins.blocks.key.tolist() == [0, 3, 2, 1]
    assert margins.note() == "after all power: best +112, worst −50 USD, Dear · Rig × 20"
    assert margins.accessibleDescription().startswith("2 of 4 groups earn: after all power")


def test_margins_say_what_stands_under_the_cursor(margins: MarginsChart) -> None:
    assert margins.words_at(1) == "+112 USD a day, +1.12 a rig: Cheap · Rig × 100, 100 running"
    assert margins.words_at(3) == "−25 USD a day if run, −2.48 a rig: Dear · Rig × 10, 10 off"
    assert margins.words_at(9) == ""
    assert margins.table().rows[-1] == ("Dear · Rig × 20", "20", "-49.60", "USD")


def test_axes_speak_whole_ranks_and_units(margins: MarginsChart, stairs: StairsChart) -> None:
    write = margins.getPlotItem().getAxis("bottom").tickStrings
    assert write([1, 1.5, 2], 1, 1) == ["1", "", "2"]
    assert margins.getPlotItem().getAxis("left").tickStrings([0, 0.5, 50], 1, 1) == [
        "0",
        "0.50",
        "50",
    ]
    assert stairs.getPlotItem().getAxis("bottom").labelText == "cumulative PH/s"
    assert stairs.getPlotItem().getAxis("bottom").tickStrings([0, 0.5, 12.5], 1, 1) == [
        "0",
        "0.50",
        "12.5",
    ]
    assert stairs.getPlotItem().getAxis("left").labelText == "cash cost, USD per BTC"


def test_the_price_follows_the_theme(stairs: StairsChart, theme: Theme) -> None:
    theme.choose("dark")
    assert stairs._price.pen.color().name() == DARK.accent


@pytest.fixture
def timeline(theme: Theme, formats: Formats, qtbot: QtBot) -> TimelinePanel:
    made = TimelinePanel(theme, Icons(theme), formats)
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


def test_margin_and_price_have_one_cursor(timeline: TimelinePanel) -> None:
    timeline.show_history(history(NOW))
    for chart in timeline.charts:
        chart.draw_now()
    timeline.price.set_cursor(NOW.timestamp())
    assert timeline.margin.cursor_x == NOW.timestamp()
    assert timeline.line == (
        "19 January 2026, 12:00: margin now 954 USD, as advised 1,154 USD, BTC price 89,542 USD"
    )
    timeline.margin.set_cursor(None)
    assert timeline.price.cursor_x is None
    assert timeline.line == timeline.note != ""


def test_margins_and_price_are_one_table(timeline: TimelinePanel) -> None:
    timeline.show_history(history(NOW))
    timeline.copy_table()
    rows = [row.split("\t") for row in QGuiApplication.clipboard().text().splitlines()]
    assert rows[0] == ["time (UTC)", "margin now", "as advised", "BTC price"]
    assert rows[-1][0] == "2026-01-19 12:00"
    assert [round(float(each)) for each in rows[-1][1:]] == [954, 1154, 89_542]
    assert timeline.table().rows[-1] == tuple(rows[-1])


def test_a_short_history_says_when_there_will_be_a_line(timeline: TimelinePanel) -> None:
    timeline.show_history(None)
    assert timeline.empty_words == "The history is being read."
    timeline.show_history(HistorySlice(problem="The history file is damaged."))
    assert timeline.empty_words == "The history file is damaged."
    timeline.show_history(
        HistorySlice(margins=MarginHistory("USD", *(np.ones(1) for _each in range(6))))
    )
    assert "begins with the second one" in timeline.empty_words


def test_the_same_history_is_not_drawn_again(timeline: TimelinePanel, qtbot: QtBot) -> None:
    kept = history(NOW)
    timeline.show_history(kept)
    qtbot.waitUntil(lambda: timeline.margin.paints > 0)
    qtbot.wait(80)
    before = timeline.margin.paints
    timeline.show_history(kept)
    qtbot.wait(80)
    assert timeline.margin.paints == before
