from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from minerdesk.domain.book import Book
from minerdesk.domain.starts import DEFAULT_STARTS, StartCosts
from minerdesk.services import edits
from minerdesk.ui.dialogs.model_starts import ModelStartsDialog
from minerdesk.ui.fleet.menus import selection_menu
from tests.support.widgets import nameless
from tests.ui.fleet.conftest import Hall, MakeHall, sample

S19J, S21 = "Antminer S19j Pro (104 TH)", "Antminer S21 (200 TH)"
LOST, WEAR, STARTS = "start_lost_minutes", "wear_start", "most_starts_per_day"


def book_with(**starts: float) -> Book:
    """The sample farm, whose first site loses 15 minutes at a start and whose book says 60 on."""
    book = sample("farm")
    here = StartCosts(start_lost_minutes=15)
    book = edits.put_site(book, replace(book.sites[0], starts=here))
    book = edits.put_starts(book, replace(DEFAULT_STARTS, min_on_minutes=60))
    own = StartCosts(**starts) if starts else None  # type: ignore[arg-type] # starts a day are whole
    return edits.put_model_starts(book, S19J, own)


def opened(hall: Hall) -> ModelStartsDialog:
    dialog = hall.page.commands.edit_starts()
    assert isinstance(dialog, ModelStartsDialog)
    return dialog


def of(hall: Hall, model: str) -> StartCosts | None:
    return next(each.starts for each in hall.book.models if each.name == model)


def type_into(dialog: ModelStartsDialog, field: str, text: str) -> None:
    line = dialog.entries[field].line
    line.selectAll()
    line.del_()
    QTest.keyClicks(line, text)


def words(dialog: ModelStartsDialog, field: str) -> str:
    return dialog.words[field].text()


def test_each_field_says_what_counts_and_where_it_is_from(make_hall: MakeHall) -> None:
    dialog = opened(make_hall(book_with(start_lost_minutes=20)))
    assert nameless(dialog) == []
    assert dialog.chosen == S19J, "the model with the most rigs comes first"
    assert dialog.entries[LOST].text == "20"
    assert words(dialog, LOST) == "its own, instead of 15 from Texas 1, 10 by default"
    assert words(dialog, "min_on_minutes") == "counts: 60 from the book"
    assert words(dialog, WEAR) == "counts: 0 by default"
    assert dialog.entries["min_on_minutes"].line.placeholderText() == "60"
    assert dialog.entries[LOST].line.placeholderText() == "15 / 10"
    for field, entry in dialog.entries.items():
        assert entry.line.accessibleDescription() == words(dialog, field)
        assert entry.line.toolTip()
    assert dialog.model.own(S19J) == "Lost at a start: 20"
    dialog.choose(S21)
    assert words(dialog, LOST).startswith("counts: ")
    assert dialog.entries[LOST].text == ""
    assert not dialog.clear.isEnabled()


def test_values_of_several_models_are_one_step_of_undo(make_hall: MakeHall) -> None:
    hall = make_hall(book_with())
    before, dialog = hall.book, opened(hall)
    type_into(dialog, LOST, "7.5")
    assert words(dialog, LOST).startswith("its own, instead of ")
    assert dialog.model.own(S19J) == "Lost at a start: 7.5"
    dialog.choose(S21)
    type_into(dialog, STARTS, "4")
    type_into(dialog, WEAR, "0")
    dialog.choose(S19J)
    assert dialog.entries[LOST].text == "7.5", "what was typed waits for its model"
    dialog.finish()
    assert of(hall, S19J) == StartCosts(start_lost_minutes=7.5)
    assert of(hall, S21) == StartCosts(wear_start=0.0, most_starts_per_day=4)
    assert hall.steps() == 1
    assert hall.book == before


def test_cleared_fields_take_what_counts_without_them(make_hall: MakeHall) -> None:
    hall = make_hall(book_with(start_lost_minutes=20, wear_stop=1.0))
    dialog = opened(hall)
    dialog.clear.click()
    assert words(dialog, LOST) == "counts: 15 from Texas 1, 10 by default"
    assert not dialog.clear.isEnabled()
    assert dialog.model.own(S19J) == "none"
    dialog.finish()
    assert of(hall, S19J) is None
    assert hall.steps() == 1


def test_nothing_changed_is_no_edit(make_hall: MakeHall) -> None:
    hall = make_hall(book_with(start_lost_minutes=20))
    dialog = opened(hall)
    type_into(dialog, LOST, "20.0")
    dialog.finish()
    assert not dialog.isVisible()
    assert not hall.desk.book.can_undo
    dialog = opened(hall)
    type_into(dialog, LOST, "5")
    dialog.reject()
    assert of(hall, S19J) == StartCosts(start_lost_minutes=20)


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        (LOST, "-1", "Write 0 or more, or leave the field empty."),
        (STARTS, "1.5", "Write a whole number of starts a day, or 0 for as many as wanted."),
        (STARTS, "-2", "Write a whole number of starts a day, or 0 for as many as wanted."),
        (WEAR, "dear", "“dear” is no number; write one such as 1,234.5."),
    ],
)
def test_what_is_wrong_stands_at_its_field_whatever_model_is_shown(
    farm: Hall, field: str, text: str, sentence: str
) -> None:
    before, dialog = farm.book, opened(farm)
    type_into(dialog, field, text)
    dialog.choose(S21)
    type_into(dialog, LOST, "3")
    dialog.finish()
    assert dialog.isVisible()
    assert dialog.chosen == S19J
    assert dialog.entries[field].complaint == sentence
    assert farm.book is before
    type_into(dialog, field, "1")
    assert not dialog.entries[field].complaint
    dialog.finish()
    assert of(farm, S21) == StartCosts(start_lost_minutes=3)


def test_it_opens_from_the_selection_with_its_model(farm: Hall, qtbot: QtBot) -> None:
    group = next(each for each in farm.book.groups if each.model == S21)
    farm.page.select_group(group.id)
    qtbot.waitUntil(lambda: farm.page.selected_ids() == [group.id])
    menu = selection_menu(farm.page.commands, farm.page.view.columns_menu(), farm.page)
    (entry,) = [each for each in menu.actions() if each.text() == "Starting and stopping…"]
    entry.trigger()
    (dialog,) = farm.page.findChildren(ModelStartsDialog)
    assert dialog.chosen == S21
    menu.deleteLater()


def test_without_models_it_says_what_to_do(empty: Hall) -> None:
    assert empty.page.commands.edit_starts() is None
    assert empty.toasts == ["There is no rig model yet; add rigs first."]


def test_all_of_it_is_reached_by_keyboard(farm: Hall) -> None:
    dialog = opened(farm)
    dialog.table.setFocus()
    first = dialog.chosen
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    assert dialog.chosen != first
    reached: set[QWidget] = set()
    widget: QWidget | None = dialog.table.nextInFocusChain()
    while widget is not None and widget is not dialog.table:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(widget)
        widget = widget.nextInFocusChain()
    lines = {entry.line for entry in dialog.entries.values()}
    assert lines <= reached
    assert {each for each in dialog.findChildren(QPushButton) if each.isEnabled()} <= reached


def test_the_table_is_a_model_and_says_each_cell_whole(
    farm: Hall, qtmodeltester: ModelTester
) -> None:
    model = opened(farm).model
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt leaves it untyped
    rigs = [
        sum(group.count for group in farm.book.groups if group.model == name)
        for name in model.names
    ]
    assert rigs == sorted(rigs, reverse=True)
    for row, name in enumerate(model.names):
        assert model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) == name
