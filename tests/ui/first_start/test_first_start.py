from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.tariff import Adder, Percentage
from minerdesk.services.first_book import Answers, price_in_all, with_answers
from minerdesk.ui.first_start.first_start import FirstStart
from minerdesk.ui.first_start.place import usual_currency
from minerdesk.ui.pages.dashboard import DashboardPage
from tests.support.widgets import nameless
from tests.ui.dashboard.stage import Stage

PutUp = Callable[[], DashboardPage]


@pytest.fixture
def page(stage: Stage, put_up: PutUp, qtbot: QtBot) -> DashboardPage:
    """The Dashboard as it looks when no book was ever opened."""
    stage.settle()
    made = put_up()
    qtbot.waitUntil(lambda: not stage.context.tasks.running)
    return made


def guide(page: DashboardPage) -> FirstStart:
    assert page.guide is not None
    assert page.guide.isVisible()
    return page.guide


def write(text: str, key: Qt.Key | None = None) -> None:
    """Type into whatever has the focus, as an operator does."""
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(widget, text)
    if key is not None:
        QTest.keyClick(widget, key)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifier)


def add_rigs(asked: FirstStart, model: str, count: str) -> None:
    asked.rigs.search.setText(model)
    asked.rigs.count.line.setText(count)
    asked.rigs.adding.click()


def test_by_keyboard_alone_from_nothing_to_the_answer(
    stage: Stage, page: DashboardPage, qtbot: QtBot
) -> None:
    asked = guide(page)
    asked.window().activateWindow()
    asked.begin()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is asked.place.currency.line)
    write("eur", Qt.Key.Key_Tab)
    write("Cellar", Qt.Key.Key_Tab)
    write("europe/lisbon", Qt.Key.Key_Return)
    assert asked.step == 1
    write("7.1 ct", Qt.Key.Key_Return)
    assert asked.step == 2
    write("s21 pro", Qt.Key.Key_Down)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Tab)
    write("12", Qt.Key.Key_Return)
    write("avalon q", Qt.Key.Key_Return)
    write("avalon q", Qt.Key.Key_Return)
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.guide is None
    book = stage.desk.book.book
    (site,), (tariff,) = book.sites, book.tariffs
    assert (book.currency, book.name) == ("EUR", "Cellar")
    assert (site.name, site.time_zone) == ("Cellar", "Europe/Lisbon")
    assert (tariff.price_per_kwh, tariff.currency) == (0.071, "EUR")
    assert [group.count for group in book.groups] == [12, 2]
    assert "S21 Pro" in book.groups[0].model
    stage.settle()
    page.tick(stage.now)
    assert "of 14 rigs" in page.answer.sentence.text()
    stage.desk.book.undo()
    assert stage.desk.book.book == Book()
    stage.settle()
    page.tick(stage.now)
    assert page.welcome.isVisible()


def test_adders_and_percentages_show_in_the_price_while_typed(page: DashboardPage) -> None:
    asked = guide(page)
    asked.go_on()
    assert asked.price.sum.text() == ""
    asked.price.price.line.setText("0.071")
    assert asked.price.sum.text() == "Power costs 0.071 USD/kWh in all."
    asked.price.adders.add("network", "2 ct")
    asked.price.percentages.add("VAT", "23")
    assert asked.price.sum.text() == "Power costs 0.112 USD/kWh in all."
    asked.price.percentages.rows[0].amount.line.setText("-100")
    assert asked.price.sum.text() == ""
    asked.go_on()
    assert asked.step == 1
    assert "above −100%" in asked.price.percentages.rows[0].amount.complaint


@pytest.mark.parametrize(
    ("currency", "zone", "wrong"),
    [("dollars", "UTC", "currency"), ("USD", "Mars/Olympus", "zone")],
)
def test_a_place_that_is_not_understood_is_said_where_it_was_typed(
    page: DashboardPage, currency: str, zone: str, wrong: str
) -> None:
    asked = guide(page)
    asked.place.currency.line.setText(currency)
    asked.place.zone.line.setText(zone)
    asked.go_on()
    assert asked.step == 0
    assert getattr(asked.place, wrong).complaint


def test_all_wrong_fields_are_marked_and_the_buttons_stay(
    page: DashboardPage, qtbot: QtBot
) -> None:
    asked = guide(page)
    place = asked.place
    place.currency.line.setText("dollars")
    place.zone.line.setText("Mars/Olympus")
    qtbot.wait(1)
    before = asked.next.mapTo(page, asked.next.rect().topLeft())
    asked.go_on()
    qtbot.wait(1)
    assert place.currency.complaint
    assert place.zone.complaint
    assert asked.next.mapTo(page, asked.next.rect().topLeft()) == before


def test_a_dear_price_is_asked_about_and_taken(page: DashboardPage) -> None:
    asked = guide(page)
    asked.go_on()
    asked.price.price.line.setText("71")
    assert "did you mean 71 USD/MWh?" in asked.price.price.question
    asked.go_on()
    assert asked.step == 2


def test_a_price_in_another_currency_is_refused(page: DashboardPage) -> None:
    asked = guide(page)
    asked.go_on()
    asked.price.price.line.setText("0.07 EUR")
    asked.go_on()
    assert asked.step == 1
    assert "USD" in asked.price.price.complaint
    asked.go_back()
    assert asked.step == 0
    assert asked.price.price.text == "0.07 EUR"


def test_rigs_are_searched_counted_added_and_taken_away(page: DashboardPage) -> None:
    asked = guide(page)
    asked.go_on()
    asked.price.price.line.setText("0.05")
    asked.go_on()
    rigs = asked.rigs
    asked.go_on()
    assert "at least one rig" in asked.words.text()
    add_rigs(asked, "zzzzqqqq", "1")
    assert "Fleet page" in rigs.words.text()
    add_rigs(asked, "s21", "a dozen")
    assert rigs.count.complaint
    add_rigs(asked, "s21", "10")
    add_rigs(asked, "s21", "5")
    add_rigs(asked, "m60", "1")
    assert [count for _model, count in rigs.rigs] == [15, 1]
    assert rigs.sum.text().startswith("16 rigs: ")
    rigs.chosen.setCurrentRow(0)
    QTest.keyClick(rigs.chosen, Qt.Key.Key_Delete)
    assert [count for _model, count in rigs.rigs] == [1]
    rigs.remove.click()
    assert rigs.rigs == ()
    add_rigs(asked, "s21", "1")
    rigs.pool_fee.line.setText("150 %")
    asked.go_on()
    assert "pool fee" in rigs.pool_fee.complaint
    rigs.pool_fee.line.setText("2 %")
    asked.next.click()
    assert page.guide is None


def test_the_model_that_was_found_is_taken_without_being_added(page: DashboardPage) -> None:
    asked = guide(page)
    asked.go_on()
    asked.price.price.line.setText("0.05")
    asked.go_on()
    asked.rigs.search.setText("s19")
    asked.next.click()
    assert page.guide is None
    (group,) = page.context.services.book.book.groups
    assert (group.model, group.count) == ("Antminer S19 (95 TH)", 1)


def test_enter_presses_the_button_that_has_the_focus(page: DashboardPage, qtbot: QtBot) -> None:
    asked = guide(page)
    with qtbot.waitSignal(asked.left):
        asked.leave.setFocus()
        QTest.keyClick(asked.leave, Qt.Key.Key_Return)
    assert page.welcome.isVisible()
    page.tick(page.context.now())
    assert page.welcome.isVisible()


def test_escape_goes_a_step_back(page: DashboardPage) -> None:
    asked = guide(page)
    asked.go_on()
    QTest.keyClick(asked.price.price.line, Qt.Key.Key_Escape)
    assert asked.step == 0


def test_a_sample_can_be_had_instead(stage: Stage, page: DashboardPage) -> None:
    guide(page).samples.cards["farm"].click()
    assert stage.ran == ["book.sample_farm"]
    stage.open("farm")
    page.tick(stage.now)
    assert page.guide is None
    assert "412 of 12,000" in page.answer.sentence.text()


def test_in_a_book_with_sites_it_adds_another(stage: Stage, put_up: PutUp, qtbot: QtBot) -> None:
    stage.open("home")
    page = put_up()
    page.select(guided_start=True)
    asked = guide(page)
    qtbot.waitUntil(lambda: not stage.context.tasks.running)
    assert not asked.place.currency.isEnabled()
    assert asked.samples.isHidden()
    asked.place.site.line.setText("garage")
    asked.go_on()
    asked.price.price.line.setText("0.05")
    asked.go_on()
    add_rigs(asked, "s21", "3")
    asked.go_on()
    assert "already" in asked.words.text()
    asked.go_back()
    asked.go_back()
    asked.place.site.line.setText("Cellar")
    for _ in range(3):
        asked.go_on()
    book = stage.desk.book.book
    assert [site.name for site in book.sites] == ["Garage", "Cellar"]
    assert book.name == "Home (sample)"
    assert book.groups[-1].count == 3
    stage.desk.book.undo()
    assert not stage.desk.book.can_undo


def test_every_control_has_a_name(page: DashboardPage) -> None:
    asked = guide(page)
    asked.price.adders.add()
    assert nameless(asked) == []


def test_a_country_has_its_currency() -> None:
    assert usual_currency("de_DE") == "EUR"
    assert usual_currency("en_US") == "USD"


def test_answers_give_the_price_of_their_tariff() -> None:
    answers = Answers("EUR", "", "UTC", 0.07, (Adder("n", 0.03),), (Percentage("VAT", 0.2),))
    assert price_in_all(answers) == pytest.approx(0.12)
    with pytest.raises(UserError, match="at least one rig"):
        with_answers(Book(), answers)
