"""Brings the network's past up to date, step by step, and says how each source stands."""

from __future__ import annotations

import random as _random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol

import numpy as np

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.network_days import DayQuantity, RetargetRow
from minerdesk.domain.text import _
from minerdesk.feeds.base import RetryLater
from minerdesk.feeds.days.base import DayAnswer, DayFeed, Known
from minerdesk.services.network_history.daily import JoinedHistory, Tolerances, join
from minerdesk.services.network_history.reports import SourceReport, report
from minerdesk.services.polling import FIRST_RETRY_S, Slot, after_failure, after_success
from minerdesk.storage.history_day_rows import Ask, DayBatch, KeptSource

# A clock that was put right must not leave a source unasked for longer than any wait there is.
_LONGEST_WAIT: Final = timedelta(days=2)


_JOIN_AGAIN_S: Final = 300.0

_Key = tuple[int, date, str, Tolerances]


class DayStore(Protocol):
    """Where the past is kept (`HistoryDoor`). Each call may raise `WorldError`."""

    def keep_days(self, batch: DayBatch) -> None:
        """Keep what a source said, whole or not at all."""
        ...

    def read_days(self) -> tuple[KeptSource, ...]:
        """Return everything kept."""
        ...

    def day_asks(self) -> tuple[Ask, ...]:
        """Return how asking stands."""
        ...

    def remove_days(self, source: str) -> bool:
        """Forget a source; return whether there was one."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """One step, told as it is done.

    Attributes:
        source, endpoint: who was asked for what.
        days, retargets: how many it brought.
        until: the last day it brought, or None.
        more: another step follows. problem: what was wrong, a sentence; empty where nothing was.
    """

    source: str
    endpoint: str
    days: int = 0
    retargets: int = 0
    more: bool = False
    problem: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Chances:
    """Clock, chance and patience; every one can be given.

    Attributes:
        clock: UTC and aware. monotonic: seconds that never go back. random: numbers in [0, 1).
        longest_s: how long one call of `bring_up_to_date` takes steps of a source without pauses.
    """

    clock: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    random: Callable[[], float] = _random.random
    longest_s: float = 20.0


class NetworkHistory:
    """The past of the network, as kept and as joined.

    `bring_up_to_date`, `sources`, `daily`, `keep` and `remove` block on disk or network and belong
    into a worker; any thread may call them.

    Args:
        store: where everything is kept.
        chances: clock, chance and patience.
        embedded: retargets that come with the program.
    """

    def __init__(
        self, store: DayStore, chances: Chances, embedded: Sequence[RetargetRow] = ()
    ) -> None:
        self._store = store
        self._chances = chances
        self._embedded = tuple(embedded)
        self._feeds: tuple[DayFeed, ...] = ()
        self._offline = False
        self._asking = threading.Lock()
        self._joined: tuple[_Key, float, JoinedHistory] | None = None
        self._revision = 0

    def use(self, feeds: Sequence[DayFeed]) -> None:
        """Go on with other sources; what earlier ones said stays."""
        self._feeds = tuple(feeds)

    def set_offline(self, offline: bool) -> None:
        """Forbid or allow calls. What is known stays."""
        self._offline = offline

    def bring_up_to_date(
        self,
        token: CancelToken,
        on_progress: Callable[[Progress], None] | None = None,
        *,
        again: bool = False,
    ) -> bool:
        """Ask each endpoint that is due for what is missing, and keep it at once.

        Public sources get one call each and then their pause, so the whole past comes over several
        calls of this, about one a minute; an own node is asked on for `Chances.longest_s`. A stop
        or a kill at any moment loses one step at most. While another thread asks, nothing is done.

        Args:
            token: cancels between steps and inside calls.
            on_progress: called in this thread after each step.
            again: the operator asks, so whoever failed a minute ago or more is asked before its
                time, unless it asked for more patience.

        Returns:
            Whether anything new was kept.

        Raises:
            WorldError: the disk refuses. A source that fails is no error: see `sources`.
            Cancelled: the token was cancelled; what came before is kept.
        """
        if not self._asking.acquire(blocking=False):
            return False
        try:
            tell = on_progress or (lambda _progress: None)
            brought = [self._bring(feed, token, tell) for feed in self._due(again)]
            self._revision += any(brought)
            return any(brought)
        finally:
            self._asking.release()

    def next_due_s(self) -> float | None:
        """Return seconds until the next step is due; None while offline or without sources."""
        if self._offline or not self._feeds:
            return None
        now = self._chances.clock()
        asks = {ask.endpoint: ask for ask in self._store.day_asks()}
        return min(_wait(asks.get(feed.name), now).total_seconds() for feed in self._feeds)

    def sources(self) -> tuple[SourceReport, ...]:
        """Return how each source stands: those kept, then those not yet heard."""
        asked = {} if self._offline else {feed.source: True for feed in self._feeds}
        return report(self._store.read_days(), self._store.day_asks(), asked)

    def daily(
        self,
        currency: str = "USD",
        tolerances: Tolerances | None = None,
        as_of: date | None = None,
    ) -> JoinedHistory:
        """Join everything kept to one daily history; see `daily.join`."""
        last = self._chances.clock().date() - timedelta(days=1)
        until = last if as_of is None else min(as_of, last)
        key = (self._revision, until, currency, tolerances or Tolerances())
        now_s = self._chances.monotonic()
        held = self._joined
        # Another process of the profile may have kept more meanwhile.
        if held is not None and held[0] == key and now_s - held[1] < _JOIN_AGAIN_S:
            return held[2]
        found = join(
            self._store.read_days(),
            self._embedded,
            until=until,
            currency=currency,
            tolerances=key[3],
        )
        self._joined = (key, now_s, found)
        return found

    def keep(self, batch: DayBatch) -> None:
        """Keep an imported file as a source of its own; one of the same name is replaced.

        Raises:
            UserError: a source that is asked has this name.
            WorldError: the disk refuses.
        """
        live = {s.name for s in self._store.read_days() if not s.from_file}
        if batch.source in live | {feed.source for feed in self._feeds}:
            sentence = _("“{name}” is the name of a source that is asked; rename the file.")
            raise UserError(sentence.format(name=batch.source), value=batch.source)
        self._store.remove_days(batch.source)
        self._store.keep_days(replace(batch, from_file=True))
        self._revision += 1

    def remove(self, source: str) -> bool:
        """Forget a source with all it said; return whether there was one."""
        self._revision += 1
        return self._store.remove_days(source)

    # --- inside

    def _due(self, again: bool) -> tuple[DayFeed, ...]:
        if self._offline:
            return ()
        now = self._chances.clock()
        asks = {ask.endpoint: ask for ask in self._store.day_asks()}
        return tuple(
            feed
            for feed in self._feeds
            if not _wait(ask := asks.get(feed.name), now) or (again and _may_hurry(ask, now))
        )

    def _bring(self, feed: DayFeed, token: CancelToken, tell: Callable[[Progress], None]) -> bool:
        """Take the steps of one endpoint that may be taken now."""
        give_up_at = self._chances.monotonic() + self._chances.longest_s
        brought = False
        while True:
            token.check()
            progress = self._step(feed, token)
            brought |= bool(progress.days or progress.retargets)
            tell(progress)
            late = self._chances.monotonic() >= give_up_at
            if not progress.more or feed.pause_s or late or self._offline:
                return brought

    def _step(self, feed: DayFeed, token: CancelToken) -> Progress:
        last = next((a for a in self._store.day_asks() if a.endpoint == feed.name), None)
        known = self._known(feed, last)
        try:
            answer = feed.ask(known, token)
        except WorldError as error:
            self._store.keep_days(self._failed(feed, last, error))
            return Progress(feed.source, feed.name, problem=str(error))
        more = answer.more and _moved(answer, known)
        now = self._chances.clock()
        ask = Ask(
            endpoint=feed.name,
            source=feed.source,
            asked_at=now,
            answered_at=now,
            due_at=now + self._after(feed, answer, more),
            cursor=answer.cursor,
            problem=" ".join(answer.problems),
        )
        self._store.keep_days(DayBatch(feed.source, now, answer.series, answer.retargets, ask=ask))
        return Progress(
            feed.source,
            feed.name,
            days=sum(len(rows.day) for rows in answer.series),
            retargets=len(answer.retargets),
            more=more,
            problem=ask.problem,
            until=_until(answer),
        )

    def _known(self, feed: DayFeed, last: Ask | None) -> Known:
        cursor = "" if last is None else last.cursor
        mine = [source for source in self._store.read_days() if source.name == feed.source]
        if not mine:
            # The cursor of a source that was removed leads past what is gone.
            return Known()
        days: dict[DayQuantity, frozenset[int]] = {}
        for series in mine[0].series:
            if series.quantity is DayQuantity.PRICE and series.currency != feed.currency:
                continue
            (at,) = np.nonzero(np.isfinite(series.value))
            days[series.quantity] = frozenset((at + series.first_day).tolist())
        heights = frozenset(row.height for row in mine[0].retargets)
        return Known(days, heights, cursor)

    def _after(self, feed: DayFeed, answer: DayAnswer, more: bool) -> timedelta:
        if more and not feed.pause_s:
            return timedelta(0)
        slot = Slot(feed.pause_s if more else feed.interval_s, 0.0)
        fresh_s = None if more else answer.fresh_for_s
        return timedelta(seconds=after_success(slot, 0.0, self._chances.random(), fresh_s).due_s)

    def _failed(self, feed: DayFeed, last: Ask | None, error: WorldError) -> DayBatch:
        now = self._chances.clock()
        retry_s = error.retry_after_s if isinstance(error, RetryLater) else None
        slot = Slot(feed.interval_s, 0.0, 0 if last is None else last.failures)
        slot = after_failure(slot, 0.0, self._chances.random(), retry_s)
        ask = Ask(
            endpoint=feed.name,
            source=feed.source,
            asked_at=now,
            answered_at=None if last is None else last.answered_at,
            due_at=now + timedelta(seconds=slot.due_s),
            failures=slot.failures,
            cursor="" if last is None else last.cursor,
            problem=str(error),
        )
        return DayBatch(feed.source, now, ask=ask)


def _until(answer: DayAnswer) -> date | None:
    days = [rows.day[-1] for rows in answer.series if rows.day]
    if answer.retargets:
        days.append(datetime.fromtimestamp(answer.retargets[-1].time_s, UTC).toordinal())
    return date.fromordinal(max(days)) if days else None


def _moved(answer: DayAnswer, known: Known) -> bool:
    """Tell whether a step led on: one that brings nothing and promises more would never end."""
    return bool(answer.series or answer.retargets or answer.cursor != known.cursor)


def _wait(ask: Ask | None, now: datetime) -> timedelta:
    if ask is None or ask.asked_at > now or ask.due_at - now > _LONGEST_WAIT:
        return timedelta(0)
    return max(ask.due_at - now, timedelta(0))


def _may_hurry(ask: Ask | None, now: datetime) -> bool:
    """Tell whether one that failed waits by our own rule alone, and has waited a while."""
    if ask is None or not ask.failures:
        return False
    longest = after_failure(Slot(0.0, 0.0, ask.failures - 1), 0.0, 1.0).due_s
    ours = (ask.due_at - ask.asked_at).total_seconds() <= longest
    return ours and (now - ask.asked_at).total_seconds() >= FIRST_RETRY_S
