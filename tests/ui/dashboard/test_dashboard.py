from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from minerdesk.domain.book import Book
from minerdesk.domain.readings import Gauge, Quantity
from minerdesk.domain.rigs import StateSource
from minerdesk.services import edits
from minerdesk.services.evaluation import Standing
from minerdesk.services.group_list import move_order
from minerdesk.services.in_force import typed_quantities
from minerdesk.services.words import headline, modes_when_done
from minerdesk.ui.pages.dashboard import DashboardPage
from minerdesk.ui.theme import Theme
from tests.support.widgets import nameless
from tests.ui.dashboard.stage import NOW, Stage, live

PutUp = Callable[[], DashboardPage]


def beat(stage: Stage, page: DashboardPage) -> None:
    """One beat of the text clock, and what it makes Qt do."""
    page.tick(stage.now)
    QApplication.processEvents()


def words(page: DashboardPage) -> str:
    return " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


def do_everything(stage: Stage) -> None:
    found = stage.settle()
    assert found.figures is not None
    done = modes_when_done(found, move_order(found.figures.decisions).tolist())
    stage.desk.book.apply("all", lambda book: edits.set_running(book, done, NOW))
    stage.settle()


def test_the_answer_comes_first_and_is_the_services_own(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    found = stage.settle()
    page = put_up()
    assert page.answer.shown == headline(found, stage.context.formats, NOW)
    assert page.answer.sentence.text().startswith("Power down 412 of 12,000 rigs now")
    assert found.totals is not None
    texts = page.tiles.texts
    assert texts.margin.value == stage.context.formats.money(
        found.totals.margin_per_day, "USD", signed=True
    )
    assert texts.running.value == "10,600 rigs"
    assert "MW" in texts.running.note
    assert "cash" in texts.cost.note
    assert "all-in" in texts.cost.note
    assert texts.break_even.value.endswith("USD/kWh")
    assert "Texas 1 0.091" in texts.break_even.note
    assert "Next retarget −3.8% ±1.2 in 3 d 10 h." in page.outlook.text()
    assert "First to stop paying" in page.outlook.text()
    assert page.ask.isHidden()


def test_layers_that_were_not_entered_are_dashes(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    bare = stage.desk.book.book
    stage.show(
        replace(
            bare,
            sites=tuple(
                replace(site, monthly_costs=(), capital=None, fixed_load_kw=0.0)
                for site in bare.sites
            ),
            tariffs=tuple(replace(each, demand=(), fixed=()) for each in bare.tariffs),
            groups=tuple(replace(group, purchase=None) for group in bare.groups),
        )
    )
    page = put_up()
    assert page.tiles.texts.cost.note == "cash; avoidable –, all-in –"


def test_a_small_fleet_speaks_days_months_and_sats(stage: Stage, put_up: PutUp) -> None:
    stage.open("home")
    page = put_up()
    assert "a month" in page.tiles.texts.margin.note
    assert "sats a day" in page.tiles.texts.margin.note
    assert "TH/s" in page.tiles.texts.running.note
    model = page.moves.table.moves
    assert "month" in str(model.headerData(5, Qt.Orientation.Horizontal))
    assert "(" in model.text(0, 5)


def test_an_example_is_outlined_and_never_advice(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    stage.example()
    page = put_up()
    assert page.answer.shown.outline
    assert page.answer.sentence.text().startswith("Example of 19 January 2026: ")
    assert page.moves.heading.text().startswith("Example of 19 January 2026: ")
    assert not page.moves.table.moves.filled
    head = page.moves.table.moves.headerData(4, Qt.Orientation.Horizontal)
    assert head == "Example of 19 January 2026: why"
    assert not page.moves.table.moves.text(0, 4).startswith("Example")
    page.ask.click()
    assert stage.ran == ["network.poll"]


def test_old_numbers_give_no_advice_and_age_while_one_looks(stage: Stage, put_up: PutUp) -> None:
    stage.network = live(timedelta(hours=3))
    stage.open("farm")
    stage.desk.refresh.set_offline(False)
    page = put_up()
    assert page.answer.sentence.text().startswith("No advice: the price is 3 h old")
    assert page.answer.detail.text().startswith("On those numbers: ")
    assert page.answer.shown.outline
    assert not page.ask.isHidden()
    stage.now = NOW + timedelta(hours=2)
    beat(stage, page)
    assert page.answer.sentence.text().startswith("No advice: the price is 5 h old")


def test_without_numbers_it_says_what_lacks_and_what_runs(stage: Stage, put_up: PutUp) -> None:
    stage.network = live(price=Gauge(), retarget=None)
    stage.open("farm")
    page = put_up()
    assert "10,600 of 12,000 rigs" in page.answer.sentence.text()
    assert page.tiles.texts.margin.value == "–"
    assert page.tiles.texts.running.value == "10,600 rigs"
    assert page.moves.table.isHidden()
    assert page.moves.calm.isHidden()
    assert page.outlook.text() == ""


def test_while_nothing_is_computed_it_says_so(stage: Stage, put_up: PutUp) -> None:
    stage.desk.book.new(stage.desk.book.read(stage.desk.sample("farm")).book)
    stage.state.set_slice("book", stage.desk.book.book)
    page = put_up()
    assert page.answer.sentence.text() == "Working it out…"
    assert page.tiles.texts.margin.value == "–"
    stage.settle()
    beat(stage, page)
    assert "412 of 12,000" in page.answer.sentence.text()


def test_when_all_is_done_it_is_calm(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    do_everything(stage)
    page = put_up()
    assert page.answer.sentence.text().startswith("Nothing sure to do")
    assert page.moves.table.isHidden()
    assert page.moves.mark.isHidden()
    assert not page.moves.calm.isHidden()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_D])
def test_one_key_marks_a_row_done_and_goes_on(stage: Stage, put_up: PutUp, key: Qt.Key) -> None:
    stage.open("farm")
    page = put_up()
    table = page.moves.table
    first, second = table.moves.ids[:2]
    before = table.moves.rowCount()
    table.setFocus()
    table.choose_row(0)
    QTest.keyClick(table, key)
    QTest.keyClick(table, key)  # not computed yet: marking twice is no second edit
    assert stage.desk.book.undo_text == "Mark done"
    group = next(each for each in stage.desk.book.book.groups if each.id == first)
    assert group.state_now is not None
    assert group.state_now.running_count == 0
    assert group.state_now.source is StateSource.DONE
    assert group.state_now.since == NOW
    stage.settle()
    beat(stage, page)
    assert table.moves.rowCount() == before - 1
    assert [table.moves.ids[row] for row in table.chosen_rows()] == [second]
    QTest.keyClick(table, key)
    stage.settle()
    beat(stage, page)
    assert table.moves.rowCount() == before - 2
    stage.desk.book.undo()
    stage.desk.book.undo()
    stage.settle()
    beat(stage, page)
    assert table.moves.ids[:2] == (first, second)
    assert not stage.desk.book.can_undo


def test_the_button_marks_every_selected_row_in_one_step(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    page = put_up()
    page.moves.table.clearSelection()
    assert not page.moves.mark.isEnabled()
    page.moves.table.selectAll()
    rows = page.moves.table.moves.rowCount()
    page.moves.mark.click()
    assert f"{rows} groups marked done" in page.moves.words.text()
    stage.settle()
    beat(stage, page)
    assert page.moves.table.moves.rowCount() == 0
    stage.desk.book.undo()
    assert not stage.desk.book.can_undo


def test_the_first_move_is_chosen_and_the_button_names_its_key(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    page = put_up()
    assert page.moves.table.chosen_rows() == (0,)
    assert page.moves.mark.text() == "Mark done  D"
    page.moves.table.choose_row(2)
    stage.settle()
    beat(stage, page)
    assert page.moves.table.chosen_rows() == (2,)
    # What was taken away on purpose does not come back with a tick.
    page.moves.table.clearSelection()
    stage.settle()
    beat(stage, page)
    assert page.moves.table.chosen_rows() == ()


def test_what_was_said_of_a_mark_goes_with_its_undo(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    page = put_up()
    page.moves.mark.click()
    stage.settle()
    beat(stage, page)
    assert page.moves.words.text().startswith("1 group marked done")
    stage.desk.book.undo()
    stage.settle()
    beat(stage, page)
    assert page.moves.words.text() == ""


def test_typed_numbers_are_said_and_released_here(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    page = put_up()
    assert page.release.isHidden()
    stage.desk.refresh.reload()
    stage.network = stage.desk.refresh.type_value(Quantity.PRICE, 60_000)
    stage.network = live(price=stage.network.price, revision=1001)
    stage.settle()
    beat(stage, page)
    assert page.answer.detail.text().startswith("With the BTC price typed at 60,000 USD. ")
    assert page.release.isVisible()
    page.release.click()
    network = stage.state.slice("network")
    assert network == stage.desk.refresh.state()
    assert not typed_quantities(stage.desk.refresh.state())
    beat(stage, page)
    assert page.release.isHidden()


def test_offline_nobody_is_to_be_asked(stage: Stage, put_up: PutUp) -> None:
    stage.network = live(timedelta(hours=3))
    stage.open("farm")
    page = put_up()
    assert stage.desk.refresh.offline  # by the command line, not by the settings
    assert not stage.desk.settings.flag("offline")
    assert page.ask.isHidden()


def test_long_tips_are_in_lines_and_amounts_have_the_same_digits(
    stage: Stage, put_up: PutUp
) -> None:
    stage.open("home")
    page = put_up()
    assert max(map(len, page.tiles.cost.toolTip().splitlines())) <= 60
    assert "All-in:" in page.tiles.cost.toolTip()
    table = page.moves.table.moves
    cells = [table.text(row, 5).split(" ")[0] for row in range(table.rowCount())]
    assert len({len(cell.partition(".")[2]) for cell in cells}) == 1


def test_rigs_edited_meanwhile_are_not_marked(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    page = put_up()
    page.moves.table.choose_row(0)
    group_id = page.moves.table.moves.ids[0]
    stage.desk.book.apply("count", lambda b: edits.change_groups(b, [group_id], {"count": 7}))
    page.moves.mark.click()
    assert "edited meanwhile" in page.moves.words.text()
    assert stage.desk.book.undo_text == "count"


def test_enter_goes_to_the_fleet_with_the_groups(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    page = put_up()
    page.moves.table.setFocus()
    page.moves.table.choose_row(1)
    QTest.keyClick(page.moves.table, Qt.Key.Key_Return)
    page.moves.fold.click()
    page.moves.close_table.setFocus()
    page.moves.close_table.choose_row(0)
    QTest.keyClick(page.moves.close_table, Qt.Key.Key_Return)
    assert stage.went == [
        ("fleet", {"groups": (page.moves.table.moves.ids[1],)}),
        ("fleet", {"groups": (page.moves.close_table.moves.ids[0],)}),
    ]


def test_too_close_to_call_is_folded_away(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    found = stage.settle()
    page = put_up()
    assert found.totals is not None
    n = found.totals.groups_too_close
    assert page.moves.fold.text() == f"Too close to call ({n} groups)"
    assert page.moves.close_table.isHidden()
    page.moves.fold.click()
    assert page.moves.close_table.isVisible()
    assert page.moves.close_table.moves.rowCount() == n
    assert "±" in page.moves.close_table.moves.text(0, 5)
    page.moves.fold.click()
    assert page.moves.close_table.isHidden()


def test_selection_and_scroll_stay_on_a_tick(stage: Stage, put_up: PutUp) -> None:
    def cheap(price: float, revision: int) -> None:
        reading = live().price.reading
        assert reading is not None
        stage.network = live(price=Gauge(replace(reading, value=price)), revision=revision)

    cheap(20_000, 1000)
    stage.open("farm")
    page = put_up()
    table = page.moves.table
    assert table.moves.rowCount() > 25
    table.choose_row(3)
    chosen = table.moves.ids[3]
    bar = table.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    scrolled = bar.value()
    assert scrolled > 0
    order = table.moves.ids
    cheap(30_000, 1001)
    stage.settle()
    beat(stage, page)
    assert table.moves.ids != order
    assert [table.moves.ids[row] for row in table.chosen_rows()] == [chosen]
    assert bar.value() == scrolled


def test_beats_without_change_paint_nothing(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    page = put_up()
    beat(stage, page)
    QTest.qWait(50)
    table, bars = page.moves.table.paints, page.tiles.days.bars.paints
    for _ in range(20):
        beat(stage, page)
    assert page.moves.table.paints == table
    assert page.tiles.days.bars.paints == bars
    for number in range(5):
        stage.network = live(revision=2000 + number)
        stage.settle()
        beat(stage, page)
    assert page.moves.table.paints - table <= 5


def test_a_hidden_page_does_nothing(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    page = put_up()
    page.hide()
    shown = page.moves.table.moves.evaluation
    do_everything(stage)
    beat(stage, page)
    assert page.moves.table.moves.evaluation is shown
    page.show()
    assert page.answer.sentence.text().startswith("Nothing sure to do")


def test_an_empty_book_offers_the_ways_to_begin(stage: Stage, put_up: PutUp) -> None:
    stage.show(Book(name="Begun"))
    page = put_up()
    assert page.welcome.isVisible()
    page.welcome.opening.click()
    page.welcome.samples.cards["home"].click()
    page.welcome.samples.cards["farm"].click()
    assert stage.ran == ["book.open", "book.sample_home", "book.sample_farm"]
    page.welcome.guided.click()
    assert page.guide is not None
    assert page.guide.isVisible()
    page.guide.leave.click()
    assert page.guide is None
    assert page.welcome.isVisible()


def test_the_theme_changes_live(stage: Stage, put_up: PutUp, theme: Theme) -> None:
    stage.open("farm")
    page = put_up()
    light = page.grab().toImage()
    theme.choose("dark")
    assert page.grab().toImage() != light
    theme.choose("light")


def test_every_control_has_a_name(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    page = put_up()
    assert nameless(page) == []
    assert page.tiles.cost.toolTip()


def test_marking_is_an_action_of_the_page(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    page = put_up()
    mark = page.page_actions()[0]
    page.moves.table.clearSelection()
    assert not mark.run()
    page.moves.table.choose_row(0)
    assert mark.run()
    assert stage.desk.book.undo_text == "Mark done"


def test_standing_is_advice_in_these_tests(stage: Stage) -> None:
    stage.open("farm")
    assert stage.settle().standing is Standing.ADVICE


def test_nothing_overlaps_in_the_smallest_window(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    stage.example()
    page = put_up()
    page.resize(780, 500)
    QTest.qWait(20)
    parts = (page.answer, page.tiles, page.moves, page.outlook)
    for above, below in pairwise(parts):
        assert above.geometry().bottom() < below.geometry().top()
    sentence = page.answer.sentence
    assert sentence.height() >= sentence.heightForWidth(sentence.width())
    assert page.moves.table.geometry().bottom() < page.moves.fold.geometry().top()
