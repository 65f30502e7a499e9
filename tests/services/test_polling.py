from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.services.polling import (
    FIRST_RETRY_S,
    LONGEST_RETRY_S,
    LONGEST_WAIT_S,
    Schedule,
    Slot,
    after_failure,
    after_success,
)

chances = st.floats(0, 1, exclude_max=True)
seconds = st.floats(0, 1e6)


@given(st.floats(60, 86_400), seconds, chances, st.none() | st.floats(-1e6, 1e9))
def test_a_good_answer_is_never_asked_for_too_soon(
    interval_s: float, now_s: float, chance: float, fresh_for_s: float | None
) -> None:
    slot = after_success(Slot(interval_s, 0.0, 3), now_s, chance, fresh_for_s)
    assert slot.failures == 0
    wait_s = slot.due_s - now_s
    assert wait_s >= min(interval_s, LONGEST_WAIT_S) - 1e-6
    assert wait_s <= LONGEST_WAIT_S + 1e-6
    if fresh_for_s is not None:
        assert wait_s >= min(fresh_for_s, LONGEST_WAIT_S) - 1e-6


@given(st.integers(0, 5000), seconds, chances, st.none() | st.floats(0, 1e9))
def test_failures_wait_longer_each_time_but_no_longer_than_asked(
    failures: int, now_s: float, chance: float, retry_after_s: float | None
) -> None:
    slot = after_failure(Slot(60, 0.0, failures), now_s, chance, retry_after_s)
    wait_s = slot.due_s - now_s
    assert wait_s >= FIRST_RETRY_S - 1e-6
    assert wait_s <= max(LONGEST_RETRY_S, min(retry_after_s or 0, LONGEST_WAIT_S)) + 1e-6
    assert wait_s >= min(retry_after_s or 0, LONGEST_WAIT_S) - 1e-6


def test_the_waits_after_failures() -> None:
    slot, waits = Slot(60, 0.0), []
    for _failure in range(6):
        slot = after_failure(slot, 0.0, 0.0)
        waits.append(slot.due_s)
    assert waits == [60, 120, 240, 480, 900, 900]


def test_one_that_fails_holds_up_no_other() -> None:
    schedule = Schedule(lambda: 0.0)
    schedule.use({"bad": 60, "good": 60}, now_s=0)
    assert schedule.due(0) == ("bad", "good")
    schedule.failed("bad", 0, retry_after_s=3600)
    schedule.succeeded("good", 0)
    assert schedule.due(59) == ()
    assert schedule.due(60) == ("good",)
    assert schedule.next_due_s(50) == 10
    assert schedule.next_due_s(100) == 0


def test_a_known_feed_keeps_its_place_and_a_new_one_is_due() -> None:
    schedule = Schedule(lambda: 0.0)
    assert schedule.next_due_s(0) is None
    schedule.use({"old": 60, "gone": 60}, now_s=0)
    schedule.succeeded("old", 0)
    schedule.use({"old": 600, "new": 60}, now_s=10)
    assert schedule.due(10) == ("new",)
    assert schedule.slot("old") == Slot(600, 60)
    schedule.succeeded("gone", 10)
    schedule.failed("gone", 10)
    with pytest.raises(KeyError):
        schedule.slot("gone")
