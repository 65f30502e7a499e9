"""How each source stands: when it is asked next, when it last answered, what was wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from minerdesk.domain.errors import WorldError
from minerdesk.feeds.base import Feed, RetryLater
from minerdesk.services.polling import FIRST_RETRY_S, Schedule

LATELY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How one feed stands.

    Attributes:
        name: the feed's; ``source``: who is asked.
        last_ok: UTC time of the last good answer since the start, or None.
        last_error: what was wrong with the last answer, a sentence; empty where nothing was.
        next_try: UTC time of the next call; None while offline.
    """

    name: str
    source: str
    last_ok: datetime | None = None
    last_error: str = ""
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Health:
    ok: bool = False
    told_to_wait: bool = False
    asked_s: float = -math.inf
    last_ok: datetime | None = None
    last_error: str = ""


class Sources:
    """The feeds in use with their schedule and their health. Its owner keeps threads apart.

    Args:
        monotonic: seconds that never go back.
        random: numbers in [0, 1).
    """

    def __init__(self, monotonic: Callable[[], float], random: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._schedule = Schedule(random)
        self._feeds: dict[str, Feed] = {}
        self._health: dict[str, _Health] = {}

    def use(self, feeds: Sequence[Feed], pace_s: float = 0.0) -> None:
        """Go on with these feeds, none asked more often than each ``pace_s``.

        One of a known name keeps its place and its health, unless it now asks someone else. One
        that failed is asked soon, since what is new may be the remedy; the time for which a source
        asked to be left alone is kept.
        """
        before, self._feeds = self._feeds, {feed.name: feed for feed in feeds}
        for name, feed in self._feeds.items():
            if name in before and before[name].source != feed.source:
                self._schedule.forget(name)
                self._health.pop(name, None)
        now_s = self._monotonic()
        intervals_s = {feed.name: max(feed.interval_s, pace_s) for feed in feeds}
        self._schedule.use(intervals_s, now_s)
        self._health = {name: self._health.get(name, _Health()) for name in self._feeds}
        for name, health in self._health.items():
            if not health.ok and not health.told_to_wait:
                self._schedule.hurry(name, max(now_s, health.asked_s + FIRST_RETRY_S))

    def due(self, busy: Collection[str]) -> list[Feed]:
        """Return the feeds to ask now, without the ``busy`` ones."""
        names = self._schedule.due(self._monotonic())
        return [self._feeds[name] for name in names if name not in busy]

    def next_due_s(self) -> float | None:
        """Return seconds until the next call is due; None without feeds."""
        return self._schedule.next_due_s(self._monotonic())

    def succeeded(
        self, feed: Feed, now: datetime, fresh_until: datetime | None, problem: str
    ) -> None:
        """Note a good answer at ``now``, fresh until then, with what was refused of it."""
        now_s = self._monotonic()
        fresh_for_s = None if fresh_until is None else (fresh_until - now).total_seconds()
        self._schedule.succeeded(feed.name, now_s, fresh_for_s)
        self._health[feed.name] = _Health(True, False, now_s, now, problem)

    def failed(self, feed: Feed, error: WorldError) -> None:
        """Note a failed call and why."""
        now_s = self._monotonic()
        told = isinstance(error, RetryLater)
        wait_s = error.retry_after_s if isinstance(error, RetryLater) else None
        self._schedule.failed(feed.name, now_s, wait_s)
        before = self._health.get(feed.name, _Health())
        self._health[feed.name] = _Health(False, told, now_s, before.last_ok, str(error))

    def answer(self) -> bool:
        """Whether any of the feeds asked lately answered; one asked hours ago tells nothing."""
        latest_s = max((h.asked_s for h in self._health.values()), default=-math.inf)
        since_s = latest_s - LATELY.total_seconds()
        return any(h.ok and h.asked_s >= since_s for h in self._health.values())

    def statuses(self, now: datetime, *, offline: bool) -> tuple[SourceStatus, ...]:
        """Return how each feed stands at ``now``, in their order."""
        now_s = self._monotonic()

        def next_try(name: str) -> datetime | None:
            if offline:
                return None
            return now + timedelta(seconds=max(self._schedule.slot(name).due_s - now_s, 0.0))

        return tuple(
            SourceStatus(
                name=name,
                source=feed.source,
                last_ok=self._health[name].last_ok,
                last_error=self._health[name].last_error,
                next_try=next_try(name),
            )
            for name, feed in self._feeds.items()
        )
