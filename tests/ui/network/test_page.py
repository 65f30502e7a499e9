from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Quantity, Reading
from minerdesk.services.network_reading.door import IndicatorsDoor
from minerdesk.services.network_reading.explanation import Explanation, Listed
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.network_reading.machines import Eligible
from minerdesk.services.number_text import DECIMAL_DOT
from minerdesk.services.sources import SourceStatus
from minerdesk.services.words import Formats
from minerdesk.storage.network_choice_file import NetworkChoiceFile
from minerdesk.ui.network.explaining import ExplainDialog
from minerdesk.ui.network.range_bar import RangeBar
from minerdesk.ui.page import PageContext
from minerdesk.ui.pages.network import NetworkPage
from minerdesk.ui.save_csv import ask_where, write
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.support.desk_pages import Asked, page_context
from tests.support.fake_desk import NOW, network_state, reading
from tests.support.network_history import some_history, some_models
from tests.support.widgets import left_of_columns, nameless

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
def door(tmp_path: Path) -> IndicatorsDoor:
    history = some_history()
    return IndicatorsDoor(
        lambda _token: history, some_models, NetworkChoiceFile(tmp_path / "network.json")
    )


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def context(
    state: DeskState,
    theme: Theme,
    tasks: TaskRunner,
    asked: Asked,
    door: IndicatorsDoor,
    told: list[str],
) -> PageContext:
    made = page_context(state, theme, tasks, asked, lambda: NOW)
    made.services.indicators = door
    made.services.number_style = DECIMAL_DOT
    return replace(made, toast=lambda text, *_more: told.append(text))


@pytest.fixture
def page(
    state: DeskState, context: PageContext, door: IndicatorsDoor, qtbot: QtBot
) -> Iterator[NetworkPage]:
    made = NetworkPage(context)
    qtbot.addWidget(made)
    made.resize(1103, 727)
    state.set_slice("network", network_state())
    remake(state, door)
    state.set_slice("sources", STATUSES)
    end = door.subscribe(lambda: remake(state, door))
    made.show()
    yield made
    end()


def remake(state: DeskState, door: IndicatorsDoor) -> None:
    state.set_slice("indicators", door.make(network_state(), None, NOW, CancelToken()))


def test_one_headline_answers(page: NetworkPage) -> None:
    assert page.sentence.startswith("Mining costs ")
    assert page.sentence.endswith(" than a coin brings, at 0.05 USD/kWh.")
    detail = page.detail.replace("\u00a0", " ")
    assert detail.startswith("Difficulty is expected to fall 3.8% ±1.2 on 4 June 2026, in 3 d")
    assert "Difficulty rose 6 of the last 8 times." in detail


def test_figures_are_in_the_currency_of_the_book_and_charts_say_that_they_are_not(
    page: NetworkPage, state: DeskState
) -> None:
    assert [row.key for row in page.costs.rows] == ["cost", "price"]
    assert "not converted" not in page.board.panels[0].note
    rate = reading(Quantity.EXCHANGE_RATE, 0.86, source="European Central Bank", currency="EUR")
    state.set_slice("network", network_state(currency="EUR", rates=(rate,)))
    page.tick(NOW)
    assert all(row.value.endswith(" EUR") for row in page.costs.rows)
    assert "1 USD = 0.8600 EUR, European Central Bank" in page.costs.rows[0].note
    assert "EUR/kWh)" in page.sentence
    for panel in (page.board.panels[0], page.board.panels[3], page.sensitivity_panel):
        assert panel.note.startswith("in USD, not converted; ")


def test_live_numbers_and_sources_stay_in_reach(page: NetworkPage) -> None:
    assert [each.value for each in page.numbers[:3]] == ["93,049 USD", "40.10 USD", "146.47 T"]
    assert [each.mark for each in page.sources.words] == ["●", "▲"]


def test_before_the_history_is_read_it_says_so(context: PageContext, qtbot: QtBot) -> None:
    made = NetworkPage(context)
    qtbot.addWidget(made)
    made.show()
    assert made.sentence == "The network's history is being read."
    assert made.explain("cost") is None


def test_another_price_of_power_is_another_cost(
    page: NetworkPage, door: IndicatorsDoor, qtbot: QtBot
) -> None:
    before = page.board.cost.lines[1].value[-1]
    page.range_bar.slider.setValue(83)
    assert page.range_bar.field.text() == "0.083"
    qtbot.waitUntil(lambda: door.choice.price_per_kwh == 0.083)
    page.tick(NOW)
    assert page.board.cost.lines[1].value[-1] > before
    assert "at 0.083 USD/kWh" in page.board.panels[0].note
    assert "0.083" in page.sentence


def test_a_view_moved_by_hand_presses_no_range(page: NetworkPage) -> None:
    assert [each.text() for each in page.range_bar.buttons if each.isChecked()] == ["2 y"]
    before = page.range_bar.span.text()
    assert re.fullmatch(r"\d+ \w+ 2024 to \d+ \w+ 2026", before), before
    QTest.keyClick(page.board.cost, Qt.Key.Key_Plus)
    assert not page.range_bar.pressed
    page.range_bar.choose(5)
    assert [each.text() for each in page.range_bar.buttons if each.isChecked()] == ["all"]


def test_a_tick_without_change_paints_nothing(page: NetworkPage, qtbot: QtBot) -> None:
    qtbot.wait(150)
    before = [chart.paints for chart in page.board.charts]
    for _count in range(5):
        page.tick(NOW)
    qtbot.wait(150)
    assert [chart.paints for chart in page.board.charts] == before


def test_the_same_curves_again_draw_no_chart(
    page: NetworkPage, state: DeskState, door: IndicatorsDoor, qtbot: QtBot
) -> None:
    qtbot.wait(150)
    before = [chart.paints for chart in page.board.charts]
    remake(state, door)
    state.set_slice("sources", STATUSES[:1])
    page.tick(NOW)
    qtbot.wait(150)
    assert len(page.sources.words) == 1
    assert [chart.paints for chart in page.board.charts] == before


def test_ages_grow_by_the_clock_alone(page: NetworkPage) -> None:
    page.tick(NOW + timedelta(minutes=10))
    price = page.numbers[0]
    assert price.age == "12 min old"
    assert price.stale
    assert page.sources.words[0].standing.startswith("answered 10 min ago")


def eligible(state: DeskState) -> tuple[Eligible, ...]:
    found = state.slice("indicators")
    assert isinstance(found, Indicators)
    assert found.eligible
    return found.eligible


def test_a_figure_says_how_it_is_computed(page: NetworkPage, state: DeskState) -> None:
    row = page.difficulty.widgets[0]
    QTest.mouseClick(row.ask_button, Qt.MouseButton.LeftButton)
    dialog = page.explain("cost")
    assert dialog is not None
    assert nameless(dialog) == []
    dialog.copy()
    assert QGuiApplication.clipboard().text() == dialog.text
    assert "threshold J/TH" in dialog.text
    (machines,) = dialog.findChildren(QTableWidget)
    named = [machines.item(row, 0) for row in range(machines.rowCount())]
    assert [item.text() for item in named if item] == [each.name for each in eligible(state)]
    dialog.close()
    for found in page.findChildren(type(dialog)):
        found.close()


def test_an_own_mark_is_added_and_removed(page: NetworkPage, door: IndicatorsDoor) -> None:
    dialog = page.ask_mark()
    dialog.finish()
    assert dialog.day.complaint == "A day is written as 2026-01-19."
    dialog.day.line.setText("2026-02-01")
    dialog.value.line.setText("99,000")
    dialog.mark_name.line.setText("me")
    dialog.source.line.setText("my sheet")
    dialog.finish()
    page.tick(NOW)
    own = [mark for mark in page.marks.marks if mark.own]
    first, second, third = page.marks.sources.splitlines()
    assert first == "MacroMicro: macromicro.me chart 29435; its price of power is not published"
    assert second.startswith("Cambridge, 0.05 USD/kWh: ccaf.io CBECI, best guess of the month")
    assert third == "me: my sheet"
    assert [mark.cost_per_btc for mark in own] == [99_000]
    remove = next(
        each
        for each in page.marks.findChildren(QPushButton)
        if each.accessibleName() == "Remove the mark me"
    )
    remove.click()
    page.tick(NOW)
    assert not door.choice.marks


def test_a_confirmation_changes_the_list(page: NetworkPage, door: IndicatorsDoor) -> None:
    assert page.phases.table.rowCount() >= 1
    page.phases.band.setCurrentIndex(page.phases.band.count() - 1)
    assert door.choice.confirmation_band == 0.05
    page.tick(NOW)
    page.copy_phases()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["began", "recovered", "buy", "days", "+30 d", "+90 d", "+180 d"]
    assert len(lines) == page.phases.table.rowCount() + 1


def test_numbers_of_a_chart_become_a_file(
    page: NetworkPage, context: PageContext, told: list[str], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "cost.csv"
    write(page.board.cost, path, context)
    qtbot.waitUntil(lambda: bool(told))
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][:2] == ["time (UTC)", "price"]
    assert len(rows) == 901
    dialog = ask_where(page.board.cost, page, context)
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    dialog.reject()


def test_unknown_offline_is_a_state_with_something_to_do(
    page: NetworkPage, state: DeskState, asked: Asked
) -> None:
    state.set_slice("network", NetworkState())
    state.set_slice("sources", ())
    page.tick(NOW)
    assert {each.value for each in page.numbers} == {"–"}
    texts = [label.text() for label in page.sources.findChildren(QLabel)]
    assert any("No source is switched on" in text for text in texts)
    page._ask.click()
    assert asked.actions == ["network.poll"]


def test_who_works_offline_cannot_ask(page: NetworkPage, state: DeskState, asked: Asked) -> None:
    state.set_slice("sources", tuple(replace(each, next_try=None) for each in STATUSES))
    page.tick(NOW)
    page._ask.click()
    assert "offline" in page._ask.toolTip()
    assert asked.actions == []


def test_a_typed_number_bears_the_pin(page: NetworkPage, state: DeskState) -> None:
    own = Reading(Quantity.FEES, 0.03, "typed", NOW, Provenance.TYPED)
    state.set_slice("network", network_state(fees=Gauge(own)))
    page.tick(NOW)
    fees = page.tiles[-1]
    assert not fees._pin.isHidden()
    assert page.tiles[0]._pin.isHidden()
    assert "typed by you" in fees.accessibleName()


def test_actions(page: NetworkPage) -> None:
    actions = page.page_actions()
    assert len({action.id for action in actions}) == len(actions) == 19
    for action in actions:
        assert action.id.startswith("network.")
        assert action.run()
    for dialog in page.findChildren(QFileDialog):
        dialog.reject()
    assert page.board.cost.log


def test_everything_has_a_name(page: NetworkPage) -> None:
    assert nameless(page) == []


@pytest.mark.usefixtures("theme")
def test_a_typed_price_of_power_is_checked(qtbot: QtBot) -> None:
    bar = RangeBar(Formats("en", UTC))
    qtbot.addWidget(bar)
    bar.show()
    bar.show_span(datetime(2024, 1, 29, tzinfo=UTC), datetime(2026, 2, 13, tzinfo=UTC))
    assert bar.span.text() == "29 January 2024 to 13 February 2026"
    chosen: list[float] = []
    bar.power_price_chosen.connect(chosen.append)
    for wrong in ("nonsense", "3"):
        bar.field.setText(wrong)
        bar.field.editingFinished.emit()
        assert bar.field.toolTip()
        assert bar.field.property("wrong") == "true"
    bar.field.setText("0.07")
    bar.field.editingFinished.emit()
    assert bar.field.toolTip() == ""
    assert bar.slider.value() == 70
    qtbot.waitUntil(lambda: chosen == [0.07])
    bar.show_power_price(0.12)
    assert bar.slider.value() == 120
    assert chosen == [0.07]


def test_what_is_listed_stands_under_its_headings(theme: Theme, qtbot: QtBot) -> None:
    assert theme.tokens
    listed = Listed("Two groups", ("group", "rigs"), (("Mine, Here", "4"), ("Mine, There", "5")))
    dialog = ExplainDialog(Explanation("Rigs", "a + b", (), listed=listed))
    qtbot.addWidget(dialog)
    dialog.show()
    view = dialog.findChild(QTableWidget)
    assert view is not None
    head, cell = left_of_columns(view, 0)
    assert abs(head - cell) <= 2


def test_the_ranges_are_whole_in_a_narrow_window(page: NetworkPage, qtbot: QtBot) -> None:
    page.resize(784, 540)  # what a window of 960 px leaves
    bar = page.range_bar
    qtbot.waitUntil(lambda: bar.width() < 740)
    assert bar.width() >= bar.minimumSizeHint().width()
