"""The Dashboard before a plan: due moves, the next change, marking, and the log of decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from minerdesk.domain.decisions import Outcome
from minerdesk.services.evaluation import Standing
from minerdesk.services.planning.plan import OFF, Move, Plan, Why
from minerdesk.services.words.decision_words import reasons_not_to
from minerdesk.ui.dashboard.moves_model import RIGS, UNTIL, WHY, WORTH
from minerdesk.ui.pages.dashboard import DashboardPage
from tests.support.evaluations import example_network
from tests.support.plans import TEXAS, a_plan, plan_book
from tests.support.widgets import nameless
from tests.ui.dashboard.stage import NOW, Stage

PutUp = Callable[[], DashboardPage]
HOUR = timedelta(hours=1)
DOWN = Move(
    *(NOW, NOW + 9 * HOUR, TEXAS, "s19j", 400, "normal", OFF),
    Why.POWER_DEARER_THAN_WORTH,
    price_per_kwh=0.091,
    break_even_per_kwh=0.057,
    worth=320.0,
    doubt=10.0,
)
UP = replace(DOWN, at=NOW + 9 * HOUR, until=None, before=OFF, after="normal", worth=900.0)


def settle(stage: Stage, *moves: Move, **changes: object) -> Plan:
    """Evaluate the open book, with a plan of these moves."""
    found = stage.settle()
    plan = a_plan(NOW, book=found.book, moves=moves, **changes)  # type: ignore[arg-type] # by name
    stage.state.set_slice("evaluation", replace(found, plan=plan))
    return plan


@pytest.fixture
def page(stage: Stage, put_up: PutUp) -> DashboardPage:
    stage.show(plan_book(NOW))
    settle(stage, DOWN, UP, replace(DOWN, group="s21", count=9, worth=1.0, advised=False))
    return put_up()


def test_sentence_rows_and_next_change_are_the_plans(page: DashboardPage) -> None:
    assert page.answer.shown.sentence == "Power down 400 of 2,694 rigs now."
    assert page.answer.shown.detail.startswith(
        "Saves 320 USD by 21:00 (36 USD an hour). Next: start all 400 at 21:00 (Texas 1, "
    )
    table = page.moves.table
    assert table.moves.rowCount() == 1
    assert not table.isColumnHidden(UNTIL)
    assert table.moves.text(0, UNTIL) == "until 21:00"
    assert table.moves.text(0, WORTH) == "320 USD"
    assert table.moves.text(0, 4).startswith("mean 0.091 > 0.057 USD/kWh")
    assert page.moves.fold.text() == "Too close to call (1)"
    assert page.note.isHidden()
    assert nameless(page) == []


def test_without_an_end_there_is_no_column_of_ends(stage: Stage, put_up: PutUp) -> None:
    stage.show(plan_book(NOW))
    settle(stage, replace(DOWN, until=None))
    page = put_up()

    assert page.moves.table.moves.rowCount() == 1
    assert page.moves.table.isColumnHidden(UNTIL)


def test_with_nothing_due_the_way_to_what_comes_is_shown(stage: Stage, put_up: PutUp) -> None:
    stage.show(plan_book(NOW))
    settle(stage, replace(DOWN, at=NOW + 3 * HOUR))
    page = put_up()

    assert page.moves.calm.isHidden()
    assert page.moves.coming.text() == (
        "Power down 400 at 15:00 (Texas 1, 0.051 USD/kWh) until 21:00, worth 320 USD."
    )
    assert not page.moves.see_plan.isHidden()
    page.moves.see_plan.click()
    assert stage.went[-1][0] == "plan"


def test_the_next_three_moments_are_told(stage: Stage, put_up: PutUp) -> None:
    stage.show(plan_book(NOW))
    down = replace(DOWN, at=NOW + 3 * HOUR, until=NOW + 5 * HOUR)
    later = [replace(down, at=NOW + hours * HOUR, until=None) for hours in (5, 7, 9)]
    settle(stage, down, *later, replace(down, at=NOW + HOUR, advised=False))
    page = put_up()

    lines = page.moves.coming.text().splitlines()
    assert [" at 15:00 " in lines[0], " at 17:00 " in lines[1], " at 19:00 " in lines[2]] == [
        True
    ] * 3
    assert len(lines) == 3


def test_what_comes_by_old_numbers_or_an_example_is_told_as_such(
    stage: Stage, put_up: PutUp
) -> None:
    stage.show(plan_book(NOW))
    plan = settle(stage, DOWN, UP)
    page = put_up()
    assert page.moves.coming_heading.text() == "Coming next"
    found = replace(stage.settle(), plan=plan)
    for standing, begin in (
        (Standing.TOO_OLD, "On those old numbers, no advice: "),
        (Standing.EXAMPLE, "Example of "),
    ):
        changes = {"standing": standing, "network": example_network()}
        stage.state.set_slice("evaluation", replace(found, **changes))  # type: ignore[arg-type] # by name
        page.tick(NOW)
        assert page.moves.coming_heading.text().startswith(begin)


def test_in_a_narrow_window_the_reason_stands_beneath_the_rigs(
    page: DashboardPage, qtbot: QtBot
) -> None:
    table = page.moves.table
    page.resize(1500, 800)
    qtbot.waitUntil(lambda: not table.moves.reason_beneath)
    assert not table.isColumnHidden(WHY)
    wide_row = table.rowHeight(0)
    page.resize(760, 800)
    qtbot.waitUntil(lambda: table.moves.reason_beneath)
    assert table.isColumnHidden(WHY)
    rigs, reason = table.moves.text(0, RIGS).split("\n")
    assert rigs.startswith("400 × ")
    assert reason.startswith("mean 0.091 > 0.057 USD/kWh")
    assert table.rowHeight(0) > wide_row
    page.resize(1500, 800)
    qtbot.waitUntil(lambda: not table.moves.reason_beneath)
    assert table.rowHeight(0) == wide_row
    assert "\n" not in table.moves.text(0, RIGS)


def test_without_a_plan_it_says_so_quietly_and_speaks_of_this_hour(
    stage: Stage, page: DashboardPage
) -> None:
    stage.settle()
    page.tick(NOW)
    assert "is being made" in page.note.text()
    assert "a day" in page.answer.shown.detail
    assert page.moves.table.isColumnHidden(UNTIL)
    settle(stage, cannot="The limit of Texas 1 is below its least load.")
    page.tick(NOW)
    assert page.note.text().endswith("The limit of Texas 1 is below its least load.")
    # The evaluation takes no plan that cannot be; the newest one says why.
    cannot = settle(stage, cannot="It is too large.")
    stage.settle()
    stage.state.set_slice("plan", cannot)
    page.tick(NOW)
    assert page.note.text().endswith("It is too large.")


def test_a_step_that_begins_changes_sentence_and_rows_together(
    stage: Stage, page: DashboardPage
) -> None:
    stage.now = NOW + 10 * HOUR
    # The rigs were powered down, so the second move is the one that is due.
    page.tick(stage.now)
    assert page.moves.table.moves.rowCount() == 0
    assert page.answer.shown.sentence.startswith("Nothing")


def test_done_moves_a_part_of_a_group_and_is_logged(stage: Stage, page: DashboardPage) -> None:
    page.moves.mark.click()
    group = next(each for each in stage.desk.book.book.groups if each.id == "s19j")
    assert group.state_now is not None
    assert group.state_now.running_count == 12
    (taken,) = stage.desk.decisions.read()
    assert taken.outcome is Outcome.DONE
    assert (taken.count, taken.before, taken.after) == (400, "normal", OFF)
    assert (taken.worth, taken.due, taken.until) == (320.0, DOWN.at, DOWN.until)
    assert (taken.price_per_kwh, taken.break_even_per_kwh) == (0.091, 0.057)
    assert taken.why.startswith("mean 0.091 > 0.057")
    assert taken.move_key == DOWN.key
    assert "price" in taken.sources
    # A second press says nothing twice.
    page.moves.mark_done()
    assert len(stage.desk.decisions.read()) == 1


def test_undo_takes_the_decision_back_and_redo_puts_it_in_force(
    stage: Stage, page: DashboardPage
) -> None:
    page.moves.mark.click()
    stage.desk.book.undo()
    (taken,) = stage.desk.decisions.read()
    assert not taken.in_force
    stage.desk.book.redo()
    (taken,) = stage.desk.decisions.read()
    assert taken.in_force


def test_not_done_asks_why_and_is_logged(stage: Stage, page: DashboardPage, qtbot: QtBot) -> None:
    book = stage.desk.book.book
    page.moves.not_done.click()
    dialog = page.moves.asking
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible)
    assert nameless(dialog) == []
    dialog.give()
    assert not dialog.wrong.isHidden()
    dialog.reasons.setCurrentRow(0)
    assert dialog.words.text() == ""
    dialog.reasons.setCurrentRow(1)
    assert dialog.words.text() == reasons_not_to()[1]
    assert dialog.words.text()
    dialog.words.setText("  The crane is in the way ")
    QTest.keyClick(dialog.words, Qt.Key.Key_Return)
    QApplication.processEvents()
    (taken,) = stage.desk.decisions.read()
    assert taken.outcome is Outcome.NOT_DONE
    assert taken.reason == "The crane is in the way"
    assert stage.desk.book.book is book
    assert "The crane is in the way" in page.moves.words.text()


def test_of_several_not_done_three_are_named(stage: Stage, put_up: PutUp) -> None:
    stage.show(plan_book(NOW))
    settle(stage, *(replace(DOWN, count=n) for n in (1, 2, 3, 4)))
    page = put_up()
    page.moves.table.selectAll()
    page.moves.not_done.click()
    dialog = page.moves.asking
    assert dialog is not None
    (what,) = (each.text() for each in dialog.findChildren(QLabel) if "×" in each.text())
    assert what.count("×") == 3
    assert what.endswith("; and 1 more")
    dialog.words.setText("Frost")
    dialog.give()
    assert [each.reason for each in stage.desk.decisions.read()] == ["Frost"] * 4


def test_by_this_hour_alone_decisions_are_logged_too(stage: Stage, put_up: PutUp) -> None:
    stage.open("farm")
    page = put_up()
    move = page.moves.table.moves.move_in(0)
    page.moves.mark.click()
    (taken,) = stage.desk.decisions.read()
    assert (taken.group, taken.count, taken.a_day) == (move.group_id, move.count, True)
    assert taken.worth == move.worth
    assert taken.until is None
    assert taken.price_per_kwh > taken.break_even_per_kwh


def test_what_has_no_end_is_logged_a_day_as_it_is_shown(stage: Stage, put_up: PutUp) -> None:
    stage.show(plan_book(NOW))
    settle(stage, replace(DOWN, until=None, worth=480.0))
    page = put_up()
    move = page.moves.table.moves.move_in(0)
    page.moves.mark.click()
    (taken,) = stage.desk.decisions.read()
    assert (taken.a_day, taken.until) == (True, None)
    assert (taken.worth, taken.doubt) == (move.worth, move.doubt)
    assert move.worth < 480


def test_activating_a_row_goes_to_its_group(stage: Stage, page: DashboardPage) -> None:
    page.moves.table.activated.emit(page.moves.table.moves.index(0, 0))
    assert stage.went == [("fleet", {"groups": ("s19j",)})]


def test_a_margin_of_this_hour_alone_is_told_as_such(stage: Stage, put_up: PutUp) -> None:
    stage.show(plan_book(NOW))
    settle(stage, DOWN)
    assert "at this hour's price of power" in put_up().tiles.texts.margin.note
