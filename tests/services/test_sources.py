from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
from minerdesk.feeds.base import FeedAnswer, RetryLater
from minerdesk.services.sources import Sources

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """A feed that is never called."""

    name: str = "tip"
    source: str = "mempool.space"
    interval_s: float = 60

    def fetch(self, token: CancelToken) -> FeedAnswer:
        raise NotImplementedError


class Desk:
    """Sources on a clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now_s = 1_000.0
        self.sources = Sources(lambda: self.now_s, lambda: 0.0)
        self.feed = Asked()
        self.sources.use([self.feed])

    def fail(self, times: int = 1, error: WorldError | None = None) -> None:
        for _time in range(times):
            self.sources.failed(self.feed, error or WorldError("It is down."))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_another_address_is_asked_at_once_whatever_befell_the_first(desk: Desk) -> None:
    desk.fail(9, RetryLater("Too many calls.", 3_600))
    desk.sources.use([Asked(source="node.example")])
    assert desk.sources.next_due_s() == 0
    (status,) = desk.sources.statuses(NOW, offline=False)
    assert status.last_error == ""


def test_one_that_failed_is_asked_again_soon_after_a_change(desk: Desk) -> None:
    desk.fail(9)
    assert desk.sources.next_due_s() == 900
    desk.now_s += 10
    desk.sources.use([desk.feed])
    assert desk.sources.next_due_s() == 50
    desk.now_s += 100
    desk.sources.use([desk.feed])
    assert desk.sources.next_due_s() == 0


def test_one_that_asked_for_patience_is_left_alone(desk: Desk) -> None:
    desk.fail(error=RetryLater("Too many calls.", 3_600))
    desk.sources.use([desk.feed])
    assert desk.sources.next_due_s() == 3_600


def test_one_that_answered_keeps_its_place(desk: Desk) -> None:
    desk.sources.succeeded(desk.feed, NOW, None, "")
    desk.now_s += 20
    desk.sources.use([desk.feed], pace_s=300)
    assert desk.sources.next_due_s() == 40
    (status,) = desk.sources.statuses(NOW, offline=False)
    assert status.last_ok == NOW
