from __future__ import annotations

from dataclasses import replace

import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import ModeCount, StateNow, StateSource
from minerdesk.services.moves_done import OFF_STATE, Done, mark_done
from tests.support.evaluations import NOW
from tests.support.plans import plan_book

BOOK = plan_book()


def states(book: Book, group: str) -> dict[str, int]:
    (found,) = (each for each in book.groups if each.id == group)
    assert found.state_now is not None
    assert found.state_now.since == NOW
    assert found.state_now.source is StateSource.DONE
    return {entry.mode: entry.count for entry in found.state_now.running}


def test_a_part_of_a_group_goes_from_one_state_to_another() -> None:
    done = [Done("s21", OFF_STATE, "normal", 200), Done("s21", "eco", "normal", 300)]
    made = mark_done(BOOK, done, BOOK, NOW)
    assert states(made, "s21") == {"normal": 700, "eco": 300}
    back = mark_done(made, [Done("s21", "normal", OFF_STATE, 200)], made, NOW)
    assert states(back, "s21") == {"normal": 900, "eco": 300}
    assert [each for each in back.groups if each.id != "s21"] == [
        each for each in BOOK.groups if each.id != "s21"
    ]


def test_a_whole_group_goes_to_its_state_from_wherever() -> None:
    mixed = replace(
        BOOK,
        groups=tuple(
            replace(each, state_now=StateNow((ModeCount("eco", 5), ModeCount("normal", 6))))
            if each.id == "s21"
            else each
            for each in BOOK.groups
        ),
    )
    made = mark_done(mixed, [Done("s21", "eco"), Done("s19j", OFF_STATE)], mixed, NOW)
    assert states(made, "s21") == {"eco": 1200}
    assert states(made, "s19j") == {}


def test_more_than_there_are_is_refused() -> None:
    with pytest.raises(UserError, match="edited meanwhile"):
        mark_done(BOOK, [Done("s19j", OFF_STATE, "normal", 413)], BOOK, NOW)


@pytest.mark.parametrize("edit", ["changed", "removed"])
def test_a_group_edited_meanwhile_is_refused(edit: str) -> None:
    groups = tuple(
        replace(each, note="x") if each.id == "s19j" else each
        for each in BOOK.groups
        if edit == "changed" or each.id != "s19j"
    )
    with pytest.raises(UserError, match="edited meanwhile"):
        mark_done(replace(BOOK, groups=groups), [Done("s19j", OFF_STATE)], BOOK, NOW)
