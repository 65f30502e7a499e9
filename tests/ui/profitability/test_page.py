from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from minerdesk.domain.book import Book
from minerdesk.domain.readings import NetworkState
from minerdesk.ui.pages.profitability import ProfitabilityPage
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.ranked_table import ID_ROLE
from minerdesk.ui.widgets.scrolling import FollowingScroll
from tests.support.desk_pages import Asked, history, page_context
from tests.support.evaluations import NOW, evaluate, network
from tests.support.widgets import nameless
from tests.ui.profitability.conftest import BOOK


def test_the_headline_answers_first(page: ProfitabilityPage) -> None:
    assert page.sentence.startswith(
        "2 of 3 running groups earn at 100,000 USD; the biggest loser loses"
    )
    assert page.detail.startswith("The biggest loser: Dear · Rig × 20; its coins cost 162,000 USD")
    assert page.stairs_panel.note.startswith("cash layer")
    assert not page.shows_empty


def test_selecting_in_one_selects_in_all(page: ProfitabilityPage) -> None:
    page.margins.pick_at(4)  # the worst
    assert page.selection.group_id == "bad"
    assert page.stairs.chosen_key == page.margins.chosen_key == 1
    assert page.rungs.view.currentIndex().data(ID_ROLE) == "bad"
    assert page.chosen.startswith("Dear · Rig × 20: −50 USD a day")
    page.stairs.pick_at(1)
    assert page.selection.group_id == "good"
    assert page.margins.chosen_key == 0
    page.rungs.view.selectRow(2)
    assert page.stairs.chosen_key == page.margins.chosen_key == 3


def test_another_page_can_select(page: ProfitabilityPage) -> None:
    page.select(group="dual")
    assert page.stairs.chosen_key == 3
    page.select(site="nowhere")
    assert page.selection.group_id == "dual"
    page.select(group="not in this book")
    assert page.stairs.chosen_key is None


def test_the_selection_stays_on_a_tick(page: ProfitabilityPage, state: DeskState) -> None:
    page.select(group="dual")
    state.set_slice("evaluation", evaluate(BOOK))
    page.tick(NOW)
    assert page.margins.chosen_key == 3
    assert page.chosen.startswith("Even · Dual × 5")


def test_a_tick_without_change_paints_nothing(page: ProfitabilityPage, qtbot: QtBot) -> None:
    qtbot.wait(150)
    charts = (page.stairs, page.margins, page.timeline.margin, page.timeline.price)
    before = [chart.paints for chart in charts]
    for _count in range(5):
        page.tick(NOW)
    qtbot.wait(150)
    assert [chart.paints for chart in charts] == before


def test_a_change_paints_each_chart_once(
    page: ProfitabilityPage, state: DeskState, qtbot: QtBot
) -> None:
    qtbot.wait(150)
    before = page.stairs.paints, page.margins.paints, page.timeline.margin.paints
    state.set_slice("evaluation", evaluate(BOOK))
    page.tick(NOW)
    qtbot.waitUntil(lambda: page.stairs.paints > before[0] and page.margins.paints > before[1])
    qtbot.wait(150)
    after = page.stairs.paints, page.margins.paints, page.timeline.margin.paints
    assert after == (before[0] + 1, before[1] + 1, before[2])


def test_old_numbers_are_told_in_outline(page: ProfitabilityPage, state: DeskState) -> None:
    state.set_slice("evaluation", evaluate(BOOK, network(price_age=timedelta(hours=3))))
    page.tick(NOW)
    assert page.sentence == "No advice: the price is 3 h old."
    assert page.detail.startswith("On those numbers: 2 of 3 running groups earn")
    assert page.below.property("role") == "muted"
    state.set_slice("evaluation", evaluate(BOOK))
    page.tick(NOW)
    assert page.below.property("role") == "lead"


def test_actions_copy_and_lead_to_the_fleet(page: ProfitabilityPage, asked: Asked) -> None:
    actions = {action.id: action for action in page.page_actions()}
    assert not actions["profitability.fleet"].run()
    page.select(group="bad")
    assert actions["profitability.fleet"].run()
    assert asked.pages == [("fleet", {"group": "bad"})]
    assert actions["profitability.none"].run()
    assert page.selection.group_id == ""
    for key in ("stairs", "margins", "timeline", "rungs"):
        for what in ("picture", "table", "csv"):
            assert actions[f"profitability.{key}.{what}"].run()
    named = {dialog.selectedFiles()[0] for dialog in page.findChildren(QFileDialog)}
    assert {Path(each).name for each in named} == {
        *("Merit order.csv", "Margin per group.csv", "Over time.csv", "Break-evens.csv"),
    }
    for dialog in page.findChildren(QFileDialog):
        dialog.reject()
    for action in actions.values():
        assert action.id.startswith("profitability.")
        assert action.text


@pytest.mark.parametrize("height", [480, 611, 700])
def test_no_row_of_the_table_is_cut(page: ProfitabilityPage, height: int) -> None:
    page.resize(1100, height)
    QApplication.processEvents()
    view = page.rungs.view
    row = view.verticalHeader().defaultSectionSize()
    assert view.viewport().height() % row == 0
    assert view.viewport().height() >= row


def test_the_layer_is_explained_where_it_is_named(page: ProfitabilityPage) -> None:
    for panel in (page.stairs_panel, page.rungs):
        assert panel.note.startswith("cash layer")
        assert "stops when a rig is powered down" in panel._line.toolTip().replace("\n", " ")


def test_everything_has_a_name(page: ProfitabilityPage) -> None:
    assert nameless(page) == []


@pytest.mark.parametrize("size", [(1103, 690), (1740, 960), (784, 500)])
def test_nothing_stands_outside(page: ProfitabilityPage, size: tuple[int, int]) -> None:
    page.resize(*size)
    page.grab()
    for chart in (page.stairs, page.margins, page.timeline.margin):
        assert chart.width() > 180
        assert chart.height() > 60
    assert page.rungs.view.width() > 300


@pytest.fixture
def bare(
    state: DeskState, theme: Theme, tasks: TaskRunner, asked: Asked, qtbot: QtBot
) -> ProfitabilityPage:
    made = ProfitabilityPage(page_context(state, theme, tasks, asked, lambda: NOW))
    qtbot.addWidget(made)
    made.show()
    return made


def pressed(page: ProfitabilityPage) -> None:
    for button in page.findChildren(QPushButton):
        if button.isVisible():
            button.click()


def test_before_the_first_evaluation_it_waits(bare: ProfitabilityPage) -> None:
    assert bare.shows_empty
    assert bare.sentence == ""


def test_an_empty_book_leads_to_the_fleet(
    bare: ProfitabilityPage, state: DeskState, asked: Asked
) -> None:
    state.set_slice("evaluation", evaluate(Book()))
    bare.tick(NOW)
    assert bare.shows_empty
    assert "empty" in bare.sentence
    pressed(bare)
    assert asked.pages == [("fleet", {})]


def test_without_numbers_the_sources_can_be_asked(
    bare: ProfitabilityPage, state: DeskState, asked: Asked
) -> None:
    state.set_slice("evaluation", evaluate(BOOK, NetworkState()))
    bare.tick(NOW)
    assert bare.shows_empty
    assert bare.sentence.startswith("No figures yet")
    pressed(bare)
    assert asked.actions == ["network.poll"]
    bare.context.services.refresh.offline = True
    state.set_slice("evaluation", evaluate(BOOK, NetworkState()))
    bare.tick(NOW)
    pressed(bare)
    assert asked.actions == ["network.poll"]
    state.set_slice("evaluation", evaluate(BOOK))
    state.set_slice("history", history(NOW))
    bare.tick(NOW)
    assert not bare.shows_empty


def test_a_narrow_window_shows_the_page_whole(page: ProfitabilityPage, qtbot: QtBot) -> None:
    page.resize(784, 540)  # what a window of 960 px leaves
    scroll = page.findChild(FollowingScroll)
    assert scroll is not None
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() > 0)
    assert scroll.horizontalScrollBar().maximum() == 0
