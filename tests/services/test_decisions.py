from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from minerdesk.domain.decisions import Outcome
from minerdesk.domain.errors import WorldError
from minerdesk.services.decisions import Decisions
from tests.support.decisions import BASE, a_decision
from tests.support.evaluations import NOW
from tests.support.plans import plan_book

CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Decisions]:
    errors: list[BaseException] = []
    made = Decisions(tmp_path / "decisions.sqlite", lambda: NOW, errors.append)
    yield made
    made.close()
    made.close()
    assert errors == []


def test_read_waits_for_what_was_recorded(log: Decisions) -> None:
    log.record([])
    log.record([BASE, a_decision(group="m30")])
    assert {each.group for each in log.read()} == {"s19j", "m30"}
    assert log.read(since=NOW + timedelta(seconds=1)) == ()
    assert log.problem == ""
    assert log.set_aside is None


def test_undo_takes_back_and_redo_puts_in_force_only_their_own(log: Decisions) -> None:
    first, second, third = plan_book(), plan_book(), plan_book()
    log.book_changed(first)
    log.book_changed(second)
    log.record([BASE], (first, second))
    log.book_changed(third)
    log.record([a_decision(group="m30")], (second, third))
    log.book_changed(second)
    assert {each.group: each.in_force for each in log.read()} == {"s19j": True, "m30": False}
    log.book_changed(first)
    assert not any(each.in_force for each in log.read())
    log.book_changed(second)
    assert {each.group: each.in_force for each in log.read()} == {"s19j": True, "m30": False}
    log.book_changed(replace(first))  # another edit, or another book
    assert {each.group: each.in_force for each in log.read()} == {"s19j": True, "m30": False}


def test_starts_of_a_group_on_a_day_of_its_site(log: Decisions) -> None:
    midnight = datetime(2026, 1, 19, tzinfo=CHICAGO)
    start = a_decision(before="off", after="eco", at=midnight)
    log.record(
        [
            start,
            replace(start, at=midnight + timedelta(hours=23, minutes=59)),
            replace(start, at=midnight + timedelta(hours=24)),
            replace(start, at=midnight - timedelta(seconds=1)),
            replace(start, group="m30"),
            replace(start, outcome=Outcome.NOT_DONE),
            replace(start, withdrawn_at=NOW),
            replace(start, before="normal"),
            replace(start, before="normal", after="off"),
            replace(start, book="other"),
        ]
    )
    days = {"s19j": midnight, "none": midnight - timedelta(hours=3)}
    assert log.starts_since(days, BASE.book) == {"s19j": 3}
    assert log.starts_since(days, "other") == {"s19j": 1}
    assert log.starts_since({}, BASE.book) == {}


def test_a_disk_that_refuses_is_a_problem_and_not_the_end(tmp_path: Path) -> None:
    errors: list[BaseException] = []
    blocked = tmp_path / "decisions.sqlite"
    blocked.mkdir()
    log = Decisions(blocked, lambda: NOW, errors.append)
    log.record([BASE])
    with pytest.raises(WorldError, match="cannot be used"):
        log.read()
    assert len(errors) == 1
    blocked.rmdir()
    log.record([BASE])
    assert len(log.read()) == 1
    assert log.problem == ""
    log.close()
    with pytest.raises(WorldError, match="closed"):
        log.read()
    log.record([BASE])  # after the end nothing is kept, and nothing breaks
