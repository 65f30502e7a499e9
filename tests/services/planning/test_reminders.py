from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from minerdesk.domain.rigs import StateNow
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.planning.plan import OFF, Move, Plan, PlanOptions, WhatIf, Why
from minerdesk.services.planning.reminders import SETTLE, Notice, NoticeKind, Told, look
from minerdesk.services.reminding import Reminding
from minerdesk.storage.reminder_file import ReminderFile
from tests.support.evaluations import NOW, evaluate, example_network
from tests.support.plans import TEXAS, a_plan, plan_book

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LEAD = 10 * MINUTE
BOOK = plan_book()
DOWN = Move(
    *(NOW + HOUR, NOW + 5 * HOUR, TEXAS, "s19j", 412, "normal", OFF),
    Why.POWER_DEARER_THAN_WORTH,
    price_per_kwh=0.091,
    break_even_per_kwh=0.057,
    worth=320.0,
    doubt=10.0,
)


def a(*moves: Move, **changes: object) -> Plan:
    return a_plan(book=BOOK, moves=moves, **changes)  # type: ignore[arg-type] # fields by name


class Bell:
    """Looks minute after minute and writes down what was told."""

    def __init__(self) -> None:
        self.told: tuple[Told, ...] = ()
        self.rung: list[tuple[int, str, str]] = []
        self.minute = 0

    def until(self, minute: int, plan: Plan) -> list[tuple[int, str, str]]:
        """Look each minute until that one; return what was told since the last call."""
        begins = len(self.rung)
        while self.minute < minute:
            self.minute += 1
            self.told, notices = look(self.told, plan, NOW + self.minute * MINUTE, LEAD)
            self.rung += [
                (self.minute, notice.kind.value, f"{notice.told.at:%H:%M}") for notice in notices
            ]
        return self.rung[begins:]


def test_ten_minutes_before_and_once() -> None:
    assert Bell().until(200, a(DOWN)) == [(50, "due", "13:00")]


def test_a_move_that_is_due_already_is_told_at_once_and_not_with_each_new_plan() -> None:
    bell = Bell()
    now = replace(DOWN, at=NOW)
    assert bell.until(59, a(now)) == [(1, "due", "12:00")]
    # An hour later the new plan's first step begins later, and asks for the same.
    assert bell.until(90, a(replace(DOWN, at=NOW + HOUR))) == []


def test_a_change_that_stands_is_told_and_reminded_again() -> None:
    bell = Bell()
    bell.until(55, a(DOWN))
    later = a(replace(DOWN, at=NOW + 3 * HOUR))
    assert bell.until(200, later) == [(58, "changed", "15:00"), (170, "due", "15:00")]


def test_a_change_that_does_not_stand_is_never_told() -> None:
    bell = Bell()
    bell.until(52, a(DOWN))
    for minute in range(53, 59):
        assert bell.until(minute, a(DOWN) if minute % 2 else a()) == []


def test_withdrawn_is_told_once_and_again_due_when_it_is_back() -> None:
    bell = Bell()
    bell.until(52, a(DOWN))
    assert bell.until(56, a()) == [(55, "withdrawn", "13:00")]
    assert bell.until(58, a(DOWN)) == [(57, "due", "13:00")]


def test_a_plan_that_may_still_improve_withdraws_nothing() -> None:
    bell = Bell()
    bell.until(52, a(DOWN))
    assert bell.until(59, a(finished=False)) == []


def test_a_few_rigs_more_are_the_same_move_many_are_another() -> None:
    bell = Bell()
    bell.until(50, a(DOWN))
    assert bell.until(54, a(replace(DOWN, count=400))) == []
    assert bell.until(58, a(replace(DOWN, count=200))) == [(57, "changed", "13:00")]


def test_what_changes_far_ahead_is_nobodys_trouble() -> None:
    bell = Bell()
    far = replace(DOWN, at=NOW + 4 * HOUR)
    assert bell.until(20, a(far)) == []
    assert bell.until(40, a()) == []


def test_what_was_acted_on_is_not_withdrawn() -> None:
    bell = Bell()
    bell.until(52, a(DOWN))
    groups = tuple(
        replace(each, state_now=StateNow(())) if each.id == "s19j" else each for each in BOOK.groups
    )
    done = a_plan(book=replace(BOOK, groups=groups), moves=())
    assert bell.until(70, done) == []
    assert bell.told == ()


def test_a_part_that_goes_takes_no_other_part_with_it() -> None:
    bell = Bell()
    early = replace(DOWN, until=NOW + 3 * HOUR, count=300)
    late = replace(DOWN, count=112, part=2)
    assert bell.until(52, a(early, late)) == [(50, "due", "13:00"), (50, "due", "13:00")]
    # The next plan has but one part, which is the first of its kind there.
    left = replace(late, part=1)
    assert bell.until(59, a(left)) == [(55, "withdrawn", "13:00")]
    gone, stays = bell.told
    assert (gone.count, gone.withdrawn) == (300, True)
    assert (stays.count, stays.key, stays.withdrawn) == (112, left.key, False)
    assert bell.until(61, a(left, replace(early, part=2))) == [(60, "due", "13:00")]


def test_twice_as_many_moves_are_twice_the_work() -> None:
    def calls(copies: int) -> int:
        plan, count = a_plan(copies=copies), 0
        told, _rung = look((), plan, NOW, LEAD, first=True)

        def called(_frame: object, event: str, _arg: object) -> None:
            nonlocal count
            count += event == "call"

        sys.setprofile(called)
        try:
            again, rung = look(told, plan, NOW + MINUTE, LEAD)
        finally:
            sys.setprofile(None)
        assert ([each.key for each in again], rung) == ([each.key for each in told], ())
        assert len(told) >= copies
        return count

    assert calls(80) < 3 * calls(40)


def test_what_is_not_advised_is_not_told() -> None:
    assert Bell().until(70, a(replace(DOWN, advised=False))) == []


def test_removed_groups_are_forgotten() -> None:
    bell = Bell()
    bell.until(52, a(DOWN))
    without = replace(BOOK, groups=tuple(each for each in BOOK.groups if each.id != "s19j"))
    assert bell.until(60, a_plan(book=without, moves=())) == []
    assert bell.told == ()


# --- remembered over restarts, and only of what is advice


def evaluation(*moves: Move, **changes: object) -> Evaluation:
    return replace(evaluate(BOOK), plan=a(*moves, **changes))


def rings(reminding: Reminding, found: Evaluation, minutes: float) -> Sequence[Notice]:
    return reminding.look(found, "/books/farm.minerdesk", NOW + minutes * MINUTE, LEAD)


def test_a_restart_does_not_tell_twice(tmp_path: Path) -> None:
    found = evaluation(DOWN)
    (notice,) = rings(Reminding(ReminderFile(tmp_path)), found, 51)
    assert notice.kind is NoticeKind.DUE
    again = Reminding(ReminderFile(tmp_path))
    assert rings(again, found, 52) == ()
    assert rings(again, evaluation(), 53) == ()
    (notice,) = rings(again, evaluation(), 53 + SETTLE / MINUTE)
    assert (notice.kind, notice.told.key) == (NoticeKind.WITHDRAWN, DOWN.key)
    # Another book knows nothing of it, and one without a file is remembered while it is open.
    (notice,) = again.look(found, "other", NOW + 54 * MINUTE, LEAD)
    assert notice.kind is NoticeKind.DUE
    assert len(again.look(found, "", NOW + 54 * MINUTE, LEAD)) == 1
    assert len(again.look(found, "", NOW + 54 * MINUTE, LEAD)) == 0


def test_what_is_due_when_a_book_is_opened_is_read_and_not_told(tmp_path: Path) -> None:
    reminding = Reminding(ReminderFile(tmp_path))
    now = replace(DOWN, at=NOW)
    assert rings(reminding, evaluation(finished=False), 1) == ()
    assert rings(reminding, evaluation(now), 1) == ()
    assert rings(reminding, evaluation(now), 2) == ()
    other = replace(now, group="s21")
    (notice,) = rings(reminding, evaluation(now, other), 3)
    assert notice.told.group == "s21"


@pytest.mark.parametrize(
    "found",
    [
        evaluation(DOWN, options=PlanOptions(what_if=WhatIf(price_per_btc=0.9))),
        evaluation(DOWN, cannot="Too large."),
        replace(evaluation(DOWN), plan=None),
        replace(evaluation(DOWN), standing=Standing.TOO_OLD),
        replace(evaluation(DOWN), standing=Standing.EXAMPLE),
        replace(evaluation(DOWN), network=example_network()),
        replace(evaluation(DOWN), book=plan_book()),
    ],
)
def test_nothing_is_told_of_what_is_no_advice(tmp_path: Path, found: Evaluation) -> None:
    assert rings(Reminding(ReminderFile(tmp_path)), found, 55) == ()


def test_a_broken_file_or_disk_is_no_reason_to_be_silent(tmp_path: Path) -> None:
    found = evaluation(DOWN)
    reminding = Reminding(ReminderFile(tmp_path))
    rings(reminding, found, 51)
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"{]")
    assert len(rings(Reminding(ReminderFile(tmp_path)), found, 52)) == 1
    nowhere = Reminding(ReminderFile(tmp_path / "gone"))
    assert len(rings(nowhere, found, 52)) == 1
    assert "cannot be written" in nowhere.problem
