from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from minerdesk.domain.book import Book
from minerdesk.engine.mine_or_buy import Holding
from minerdesk.services.standing.making import Beside
from minerdesk.services.standing.view import StandingChoice
from minerdesk.ui.network.explaining import ExplainButton, ExplainDialog
from minerdesk.ui.page import PageContext
from minerdesk.ui.pages.standing import StandingPage
from minerdesk.ui.standing.scene import Scene
from minerdesk.ui.state import DeskState
from minerdesk.ui.theme import DARK, Theme
from tests.support.desk_pages import Asked
from tests.support.evaluations import NOW, evaluate, example_network, network
from tests.support.standings import BOOK, MODELS, standing
from tests.support.widgets import nameless


def test_the_headline_answers_and_the_costs_stand_below(page: StandingPage) -> None:
    assert page.sentence.endswith("of the network mines dearer than you, by the model.")
    assert "Your coins cost" in page.detail
    assert not page.shows_empty
    assert [page.tabs.tabText(i) for i in range(page.tabs.count())] == [
        "Cost against the network",
        "Who is squeezed",
        "Mine or buy",
        "What if",
    ]


def test_before_anything_is_known(context: PageContext, asked: Asked, qtbot: QtBot) -> None:
    made = StandingPage(context)
    qtbot.addWidget(made)
    made.show()
    assert made.shows_empty
    (ask,) = (each for each in made.findChildren(QPushButton) if each.isVisible())
    ask.click()
    assert asked.actions == ["network.poll"]


def test_without_rigs(page: StandingPage, state: DeskState, asked: Asked) -> None:
    state.set_slice("book", Book())
    page.tick(NOW)
    assert page.shows_empty
    assert page.sentence == ""
    (go,) = (each for each in page.findChildren(QPushButton) if each.isVisible())
    go.click()
    assert asked.pages == [("fleet", {})]


def test_offline_nobody_is_asked(context: PageContext, qtbot: QtBot) -> None:
    context.services.refresh.offline = True
    made = StandingPage(context)
    qtbot.addWidget(made)
    made.show()
    assert not [each for each in made.findChildren(QPushButton) if each.isVisible()]


def test_the_example_is_muted(page: StandingPage, state: DeskState) -> None:
    state.set_slice("standing", standing(evaluate(BOOK, example_network())))
    page.tick(NOW)
    assert page.sentence.startswith("Example of 19 January 2026: ")


def test_old_numbers_warn(page: StandingPage, state: DeskState) -> None:
    old = network(price_age=(NOW - NOW.replace(hour=1)))
    state.set_slice("standing", standing(evaluate(BOOK, old)))
    page.tick(NOW)
    assert "11 h old" in page.detail


def test_no_network_cost_is_said_in_its_place(page: StandingPage, state: DeskState) -> None:
    state.set_slice("standing", standing(beside=Beside(MODELS, price_per_kwh_usd=0.2)))
    page.tick(NOW)
    assert page.cost_panel.empty_words == "No machine of the model earns at 0.2 USD/kWh."
    assert page.cost.summary() == "No cost of the network to show."
    assert page.cost.table().rows == ()
    assert page.cost.words_at(50) == ""


def test_one_selection_everywhere(page: StandingPage, asked: Asked) -> None:
    page.select(group="bad")
    view = page.buy.panel.view
    assert view.currentIndex().data() == "Dear · Rig × 20"
    view.selectRow(view.currentIndex().row() + 1)
    assert page.chosen.group_id == "off"
    actions = {action.id: action for action in page.page_actions()}
    assert actions["standing.fleet"].enabled()
    actions["standing.fleet"].handler()
    actions["standing.profitability"].handler()
    assert asked.pages == [("fleet", {"group": "off"}), ("profitability", {"group": "off"})]
    page.select(group="")
    assert not actions["standing.fleet"].enabled()
    assert not view.currentIndex().isValid()


def test_a_dot_picks_its_group(page: StandingPage) -> None:
    page.tabs.setCurrentIndex(1)
    dots = page.border.dots
    dots.item.sigClicked.emit(dots.item, list(dots.item.points())[:1], None)
    assert page.chosen.group_id == "good"


def test_what_is_expected_is_chosen(page: StandingPage, context: PageContext) -> None:
    page.buy.months.setValue(24)
    page.buy.gains_tax.setValue(25)
    held: StandingChoice = context.services.standing.choice
    assert held.holding.months == 24
    page.what_if.states.setCurrentIndex(1)
    page.what_if.states.activated.emit(1)
    assert not context.services.standing.choice.best_states


def test_the_view_sets_the_fields(page: StandingPage, state: DeskState) -> None:
    holding = Holding(24, 0.3, 0.05, 0.2, 0.1)
    state.set_slice("standing", standing(choice=StandingChoice(False, holding)))
    page.tick(NOW)
    assert [field.value() for field in page.buy.fields] == pytest.approx([24, 30, 5, 20, 10])
    assert page.what_if.states.currentText() == "every rig as it runs now"


def test_the_price_of_power_is_that_of_the_network_page(
    page: StandingPage, context: PageContext
) -> None:
    page.power_price.setValue(0.08)
    assert context.services.indicators.choice.price_per_kwh == pytest.approx(0.08)


def test_every_action_copies(page: StandingPage) -> None:
    clipboard = QGuiApplication.clipboard()
    for action in page.page_actions():
        if action.id.endswith((".table", ".picture")):
            clipboard.clear()
            action.handler()
            mime = clipboard.mimeData()
            assert mime is not None
            assert mime.hasImage() if action.id.endswith(".picture") else "\t" in mime.text()


def test_every_evidence_says_how_it_is_computed(page: StandingPage) -> None:
    asks = [
        each
        for each in page.findChildren(ExplainButton)
        if each.accessibleName().startswith("How is this computed: ")
    ]
    assert len(asks) == 4
    for ask in asks:
        QTest.mouseClick(ask, Qt.MouseButton.LeftButton)
    dialogs = page.findChildren(ExplainDialog)
    assert sorted(each.text.splitlines()[0] for each in dialogs) == [
        "Margin over price and difficulty",
        "Mine or buy",
        "My cost against the network's",
        "Who is squeezed",
    ]
    for dialog in dialogs:
        assert nameless(dialog) == []
        dialog.copy()
        assert QGuiApplication.clipboard().text() == dialog.text
        dialog.close()


def test_before_anything_is_known_nothing_is_explained(context: PageContext, qtbot: QtBot) -> None:
    made = StandingPage(context)
    qtbot.addWidget(made)
    assert made.explain("cost") is None


def test_every_panel_is_saved(page: StandingPage) -> None:
    saving = [each for each in page.page_actions() if each.id.endswith(".csv")]
    assert all(each.run() for each in saving)
    assert [each.selectedFiles()[0].rpartition("/")[2] for each in _dialogs(page)] == [
        "Cost of a coin across the network.csv",
        "Who is squeezed.csv",
        "Mine or buy.csv",
        "Margin over price and difficulty.csv",
    ]
    for dialog in _dialogs(page):
        dialog.reject()


def _dialogs(page: StandingPage) -> list[QFileDialog]:
    return page.findChildren(QFileDialog)


def test_every_control_has_a_name(page: StandingPage) -> None:
    for index in range(page.tabs.count()):
        page.tabs.setCurrentIndex(index)
        assert nameless(page) == []


def test_the_theme_changes_while_shown(page: StandingPage, theme: Theme) -> None:
    for index in range(page.tabs.count()):
        page.tabs.setCurrentIndex(index)
        page.grab()
    theme.choose("dark")
    assert theme.tokens is DARK
    for index in range(page.tabs.count()):
        page.tabs.setCurrentIndex(index)
        page.grab()


def test_the_same_view_is_not_drawn_twice(page: StandingPage, state: DeskState) -> None:
    page.border.draw_now()
    paints = page.border.paints
    state.set_slice("evaluation", object())
    page.tick(NOW)
    page.border.draw_now()
    assert page.border.paints == paints


def test_places_outside_the_map_are_brought_to_its_edge(page: StandingPage, scene: Scene) -> None:
    page.what_if.put(1e9, 1.0)
    reach = page.what_if.chart.reach
    assert page.what_if.place == (reach.right(), reach.top())
    page.what_if.today.click()
    assert page.what_if.place is None
    assert f"{scene.view.price_per_btc:,.0f} USD" in page.what_if.answer.text()
    page.what_if.price.setValue(page.what_if.price.maximum())
    assert page.what_if.place is not None
    assert page.what_if.place[0] == pytest.approx(reach.right())


def test_a_new_book_begins_the_table_anew(page: StandingPage, state: DeskState) -> None:
    fewer = replace(BOOK, groups=BOOK.groups[:2])
    state.set_slice("standing", standing(evaluate(fewer)))
    page.tick(NOW)
    assert page.buy.panel.model.rowCount() == 2
