from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Quantity, Reading
from minerdesk.services.history_view import HistorySlice, Series
from minerdesk.services.sources import SourceStatus
from minerdesk.services.words import Formats
from minerdesk.ui.icons import Icons
from minerdesk.ui.network.charts import NetworkCharts
from minerdesk.ui.network.difficulty import changes
from minerdesk.ui.pages.network import NetworkPage
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import DARK, Theme
from tests.support.desk_pages import DAY_S, Asked, history, page_context
from tests.support.fake_desk import NOW, network_state
from tests.support.widgets import nameless

STATUSES = (
    SourceStatus("mempool tip", "mempool.space", NOW, "", NOW + timedelta(minutes=1)),
    SourceStatus("kraken USD", "Kraken", None, "Kraken is slow.", NOW + timedelta(minutes=4)),
)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def state() -> DeskState:
    return DeskState()


@pytest.fixture
def page(
    state: DeskState, theme: Theme, tasks: TaskRunner, asked: Asked, qtbot: QtBot
) -> NetworkPage:
    made = NetworkPage(page_context(state, theme, tasks, asked, lambda: NOW))
    qtbot.addWidget(made)
    made.resize(1103, 690)
    state.set_slice("network", network_state())
    state.set_slice("history", history(NOW))
    state.set_slice("sources", STATUSES)
    made.show()
    return made


def test_headline_tiles_charts_and_sources(page: NetworkPage) -> None:
    assert page.sentence.startswith("Difficulty is expected to fall 3.8 % ±1.2 on 4 June 2026")
    assert [each.value for each in page.numbers[:3]] == ["93,049 USD", "40.10 USD", "146.47 T"]
    assert [each.mark for each in page.sources.words] == ["●", "▲"]
    assert page.charts.empty_words == ""
    assert "one standard deviation" in page.charts.note


def test_the_projection_is_an_outlined_box(page: NetworkPage) -> None:
    chart = page.charts.difficulty
    chart.draw_now()
    box = chart._projection._box
    assert box.center().y() == pytest.approx(146.47 * (1 - 0.038))
    assert box.height() / 2 == pytest.approx(146.47 * 0.012)
    assert box.width() == 14 * DAY_S
    assert chart._projection.isVisible()
    assert chart.accessibleDescription().endswith(
        "On 4 June 2026: difficulty 140.9 T expected, −3.8 % ±1.2."
    )


def test_words_after_the_retarget_are_what_is_expected(page: NetworkPage) -> None:
    chart = page.charts.difficulty
    at = (NOW + timedelta(days=5)).timestamp()
    assert chart.words_at(at) == "6 June 2026: difficulty 140.9 T expected, −3.8 % ±1.2"
    assert chart.words_at(at + 60 * DAY_S) == ""
    assert chart.words_at(NOW.timestamp()) == "1 June 2026: difficulty 146.5 T"


def test_hashrate_and_difficulty_have_one_cursor(page: NetworkPage) -> None:
    page.charts.difficulty.set_cursor(NOW.timestamp())
    assert page.charts.hashrate.cursor_x == NOW.timestamp()
    assert page.charts.line == (
        "1 June 2026: hashrate, mean of 7 days, 1,264 EH/s ± 40 EH/s, difficulty 146.5 T"
    )


def test_the_theme_recolours_the_projection(page: NetworkPage, theme: Theme) -> None:
    theme.choose("dark")
    assert page.charts.difficulty._projection.colour == DARK.series[1]
    assert page.grab().toImage().width() >= 1103


def test_a_tick_without_change_paints_nothing(page: NetworkPage, qtbot: QtBot) -> None:
    qtbot.wait(150)
    before = page.charts.hashrate.paints, page.charts.difficulty.paints
    for _count in range(5):
        page.tick(NOW)
    qtbot.wait(150)
    assert (page.charts.hashrate.paints, page.charts.difficulty.paints) == before


def test_news_of_the_sources_alone_draws_no_chart(
    page: NetworkPage, state: DeskState, qtbot: QtBot
) -> None:
    qtbot.wait(150)
    before = page.charts.hashrate.paints, page.charts.difficulty.paints
    state.set_slice("sources", STATUSES[:1])
    page.tick(NOW)
    qtbot.wait(150)
    assert len(page.sources.words) == 1
    assert (page.charts.hashrate.paints, page.charts.difficulty.paints) == before


def test_ages_grow_by_the_clock_alone(page: NetworkPage) -> None:
    page.tick(NOW + timedelta(minutes=10))
    price = page.numbers[0]
    assert price.age == "12 min old"
    assert price.stale
    assert page.sources.words[0].standing.startswith("answered 10 min ago")


def test_unknown_offline_is_a_state_with_something_to_do(
    page: NetworkPage, state: DeskState, asked: Asked
) -> None:
    state.set_slice("network", NetworkState())
    state.set_slice("history", HistorySlice())
    state.set_slice("sources", ())
    page.tick(NOW)
    assert page.sentence == "The difficulty is not known yet."
    assert "There is no history yet" in page.charts.empty_words
    assert {each.value for each in page.numbers} == {"–"}
    texts = [label.text() for label in page.sources.findChildren(QLabel)]
    assert any("No source is switched on" in text for text in texts)
    for button in page.findChildren(QPushButton):
        button.click()
    assert asked.actions == ["network.poll"]


def test_who_works_offline_cannot_ask(page: NetworkPage, state: DeskState, asked: Asked) -> None:
    state.set_slice("sources", tuple(replace(each, next_try=None) for each in STATUSES))
    page.tick(NOW)
    for button in page.findChildren(QPushButton):
        button.click()
        assert "offline" in button.toolTip()
    assert asked.actions == []


def test_a_typed_number_bears_the_pin(page: NetworkPage, state: DeskState, theme: Theme) -> None:
    own = Reading(Quantity.FEES, 0.03, "typed", NOW, Provenance.TYPED)
    state.set_slice("network", network_state(fees=Gauge(own)))
    page.tick(NOW)
    fees = page.tiles[-1]
    assert fees._pin.isVisible()
    assert not page.tiles[0]._pin.isVisible()
    before = fees._pin.pixmap().cacheKey()
    theme.choose("dark")
    assert fees._pin.pixmap().cacheKey() != before
    assert "typed by you" in fees.accessibleName()


def test_actions_copy(page: NetworkPage) -> None:
    actions = page.page_actions()
    assert len(actions) == 3
    for action in actions:
        assert action.id.startswith("network.")
        assert action.id != "network.poll"
        assert action.run()


def test_everything_has_a_name(page: NetworkPage) -> None:
    assert nameless(page) == []


@pytest.fixture
def charts(theme: Theme, qtbot: QtBot) -> NetworkCharts:
    made = NetworkCharts(theme, Icons(theme), Formats("en", UTC))
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    return made


def test_before_there_is_history_the_live_difficulty_is_shown(charts: NetworkCharts) -> None:
    charts.show_history(None, network_state(), NOW)
    assert charts.empty_words == ""
    assert not charts.hashrate.isVisible()
    assert "begins when the first mean" in charts.note
    charts.difficulty.draw_now()
    assert charts.difficulty.tracks[0].value == pytest.approx([146.47, 146.47])


def test_while_it_is_read_and_when_it_is_damaged_it_says_so(charts: NetworkCharts) -> None:
    charts.show_history(None, NetworkState(), NOW)
    assert charts.empty_words == "The history is being read."
    charts.show_history(HistorySlice(problem="The history was set aside."), NetworkState(), NOW)
    assert charts.empty_words == "The history was set aside."


def test_the_example_never_joins_the_history(charts: NetworkCharts) -> None:
    example = network_state(example_of=NOW, retarget=None)
    charts.show_history(HistorySlice(), example, NOW)
    assert "There is no history yet" in charts.empty_words
    kept = HistorySlice({"difficulty": Series(np.array([1e9]), np.array([1e14]))})
    charts.show_history(kept, example, NOW)
    assert charts.difficulty.tracks[0].value.tolist() == [100.0]


def test_difficulty_is_drawn_where_it_changes(charts: NetworkCharts) -> None:
    assert changes(None)[0].tolist() == []
    series = Series(np.arange(4.0), np.array([1.0, 1.0, 2.0, 2.0]))
    assert [each.tolist() for each in changes(series)] == [[0, 2], [1, 2]]
    at = datetime(2026, 6, 1, tzinfo=UTC)
    state = network_state(retarget=None)
    known = state.difficulty.value
    assert known is not None
    kept = Series(np.array([at.timestamp() - DAY_S]), np.array([known]))
    charts.difficulty.show_difficulty(kept, replace(state), at)
    assert len(charts.difficulty.tracks[0].value) == 2
    charts.difficulty.draw_now()
    assert not charts.difficulty._projection.isVisible()
