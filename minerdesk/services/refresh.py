"""Live numbers: asks the sources that are due and makes one immutable state of what is known."""

from __future__ import annotations

import random as _random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import NetworkState, Provenance, Quantity, Reading
from minerdesk.domain.text import _
from minerdesk.feeds.base import Feed, FeedAnswer
from minerdesk.services.gather import Gatherer, Outcome
from minerdesk.services.network_state import build_state
from minerdesk.services.rules import Rules
from minerdesk.services.sources import LATELY, Sources, SourceStatus
from minerdesk.services.typed import NO_TYPED_STORE, TypedStore, typed_reading, usable

__all__ = ["Basis", "ReadingStore", "RefreshService", "SourceStatus", "Surroundings"]

_Key = tuple[Quantity, str, str, float | None]


class ReadingStore(Protocol):
    """Where readings outlive the program (`storage.history.History`)."""

    def add_readings(self, readings: Iterable[Reading]) -> None:
        """Keep readings. The same reading again changes nothing."""
        ...

    def last_readings(self) -> Sequence[Reading]:
        """Return the newest live reading of each quantity, source, currency and window."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Clocks, chance and limits of a `RefreshService`; every one can be given.

    Attributes:
        clock: UTC and aware; it may jump.
        monotonic: seconds that never go back; the schedule goes by it.
        random: numbers in [0, 1).
        deadline_s: longest duration of a poll.
    """

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    random: Callable[[], float] = _random.random
    deadline_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Basis:
    """What the state is made with beside the readings.

    Attributes:
        currency: the book's.
        example: the embedded snapshot, or nothing.
        rules: limits of age and distance.
    """

    currency: str = "USD"
    example: tuple[Reading, ...] = ()
    rules: Rules = field(default_factory=Rules)


class RefreshService:
    """Polls, keeps the last good values, and lets the operator type over them.

    Every method may be called from any thread. `poll` blocks and belongs into a worker; the others
    return at once. States are immutable.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        store: ReadingStore | None = None,
        basis: Basis | None = None,
        surroundings: Surroundings | None = None,
        typed_store: TypedStore = NO_TYPED_STORE,
        *,
        read_now: bool = True,
    ) -> None:
        """Describe what is polled.

        Args:
            feeds: who is asked; more may come with `use`.
            store: where readings outlive the program, or None.
            basis: what the state is made with beside the readings.
            surroundings: clocks, chance, and limits.
            typed_store: where typed values outlive the program.
            read_now: read the stores here. Otherwise nothing is known, and no example is shown,
                before `reload`, which may then run where waiting for the disk does no harm.
        """
        self._around = surroundings or Surroundings()
        self._basis = basis or Basis()
        self._store = store
        self._typed_store = typed_store
        self._lock = threading.RLock()
        self._polling = threading.Lock()
        self._gatherer = Gatherer(self._around.monotonic)
        self._sources = Sources(self._around.monotonic, self._around.random)
        self._offline = False
        self._store_problem = ""
        self._readings: dict[_Key, Reading] = {}
        self._typed: dict[_Key, Reading] = {}
        self._state = NetworkState(currency=self._basis.currency)
        self._stores_read = False
        self._others_ask = False
        self.use(feeds=feeds)
        if read_now:
            self.reload()

    def use(
        self,
        *,
        feeds: Sequence[Feed] | None = None,
        currency: str | None = None,
        rules: Rules | None = None,
        pace_s: float = 0.0,
    ) -> NetworkState:
        """Go on with other feeds, another currency or other rules; what is None stays.

        A feed of a known name keeps its place in the schedule.

        Args:
            feeds: who is asked.
            currency: the book's.
            rules: of freshness.
            pace_s: no feed is asked more often than this; it goes with ``feeds``.
        """
        with self._lock:
            self._basis = replace(
                self._basis,
                currency=self._basis.currency if currency is None else currency,
                rules=self._basis.rules if rules is None else rules,
            )
            if feeds is not None:
                self._sources.use(feeds, pace_s)
            return self._rebuild()

    def state(self) -> NetworkState:
        """Return the newest state."""
        with self._lock:
            return self._state

    @property
    def store_problem(self) -> str:
        """Why the last readings could not be kept on disk, a sentence; empty while they are."""
        with self._lock:
            return self._store_problem

    @property
    def offline(self) -> bool:
        """Whether the operator forbade calls."""
        with self._lock:
            return self._offline

    def set_offline(self, offline: bool) -> NetworkState:
        """Forbid or allow calls. What is known stays."""
        with self._lock:
            self._offline = offline
            return self._rebuild()

    def poll(
        self,
        token: CancelToken,
        *,
        deadline_s: float | None = None,
        on_state: Callable[[NetworkState], None] | None = None,
    ) -> NetworkState:
        """Ask every feed that is due and return the state after it.

        A failing source is no error here: it is noted in `statuses`, and its last good value stays.
        While another thread polls, the newest state is returned at once.

        Args:
            token: cancels the calls.
            deadline_s: longest duration; None takes the surroundings'.
            on_state: called in this thread after each answer, with the state so far.

        Raises:
            Cancelled: the token was cancelled; what came before is kept.
            Exception: a feed has a fault of ours; every answer that came is kept.
        """
        if not self._polling.acquire(blocking=False):
            return self.state()
        try:
            with self._lock:
                self._others_ask = False
                due = [] if self._offline else self._sources.due(self._gatherer.busy())

            faults: list[Exception] = []

            def deliver(feed: Feed, outcome: Outcome) -> None:
                state = self._absorb(feed, outcome, faults)
                if on_state is not None:
                    on_state(state)

            longest_s = self._around.deadline_s if deadline_s is None else deadline_s
            late = self._gatherer.run(due, token, longest_s, deliver)
            token.check()
            if faults:
                raise faults[0]
            with self._lock:
                for feed in late:
                    sentence = _("{source} did not answer within {seconds:g} s.").format(
                        source=feed.source, seconds=longest_s
                    )
                    self._sources.failed(feed, WorldError(sentence))
                return self._rebuild()
        finally:
            self._polling.release()

    def reload(self, *, others_ask: bool = False) -> NetworkState:
        """Take up what the stores hold by now, such as what another window of the profile wrote.

        Args:
            others_ask: another window asks in place of this one; whether the sources answer is then
                known by how new its readings are.
        """
        kept = {_key(r): r for r in self._last_readings()}
        typed = {_key(r): r for r in usable(self._typed_store.load())}
        with self._lock:
            newest = {
                key: max(both, key=lambda r: r.taken_at)
                for key in kept.keys() | self._readings.keys()
                if (both := [r for r in (kept.get(key), self._readings.get(key)) if r is not None])
            }
            self._readings, self._typed, self._stores_read = newest, typed, True
            self._others_ask = others_ask
            if self._rebuild().revision == 0:
                self._state = replace(self._state, revision=1)
            return self._state

    def next_due_s(self) -> float | None:
        """Return seconds until the next call is due; None while offline or without feeds."""
        with self._lock:
            if self._offline:
                return None
            return self._sources.next_due_s()

    def statuses(self) -> tuple[SourceStatus, ...]:
        """Return how each feed stands, in their order."""
        with self._lock:
            return self._sources.statuses(self._around.clock(), offline=self._offline)

    def type_value(self, quantity: Quantity, value: float, currency: str = "") -> NetworkState:
        """Put a typed value over the live one until it is released; it survives a restart.

        Args:
            quantity: price, height, difficulty, fees, hashrate, retarget or exchange rate.
            value: in the unit of its quantity.
            currency: of a price or a rate; empty means the book's.

        Raises:
            UserError: the value cannot be one of its quantity.
            WorldError: the disk refuses to keep it; it is not used then.
        """
        with self._lock:
            reading = typed_reading(
                quantity, value, currency or self._basis.currency, self._around.clock()
            )
            self._keep_typed(
                {**self._without_typed(quantity, reading.currency), _key(reading): reading}
            )
            return self._rebuild()

    def release(self, quantity: Quantity, currency: str = "") -> NetworkState:
        """Let the live value show again; a quantity without a typed value is no fault.

        Args:
            quantity: as in `type_value`.
            currency: of one exchange rate; empty releases all of the quantity.

        Raises:
            WorldError: the disk refuses; the typed value stays.
        """
        with self._lock:
            self._keep_typed(self._without_typed(quantity, currency))
            return self._rebuild()

    def close(self) -> None:
        """Cancel what still runs; takes a second at most."""
        self._gatherer.close()

    def _without_typed(self, quantity: Quantity, currency: str) -> dict[_Key, Reading]:
        one_rate = quantity is Quantity.EXCHANGE_RATE and currency
        return {
            key: reading
            for key, reading in self._typed.items()
            if reading.quantity is not quantity or (one_rate and reading.currency != currency)
        }

    def _keep_typed(self, typed: dict[_Key, Reading]) -> None:
        if typed != self._typed:
            self._typed_store.save(tuple(typed.values()))
            self._typed = typed

    def _absorb(self, feed: Feed, outcome: Outcome, faults: list[Exception]) -> NetworkState:
        news: list[Reading] = []
        with self._lock:
            if isinstance(outcome, FeedAnswer):
                news = self._note_success(feed, outcome)
            elif isinstance(outcome, WorldError):
                self._sources.failed(feed, outcome)
            else:
                # Ours: raised when the other sources have had their turn.
                faults.append(outcome)
                self._sources.failed(feed, WorldError(str(outcome)))
            state = self._rebuild()
        self._keep(news)
        return state

    def _note_success(self, feed: Feed, answer: FeedAnswer) -> list[Reading]:
        now = self._around.clock()
        news = [r for r in answer.readings if self._readings.get(_key(r)) != r]
        self._readings.update({_key(r): r for r in news})
        self._sources.succeeded(feed, now, answer.fresh_until, " ".join(answer.problems))
        return [*news, *answer.series]

    def _last_readings(self) -> Sequence[Reading]:
        if self._store is None:
            return ()
        try:
            return self._store.last_readings()
        except WorldError as error:
            self._store_problem = str(error)
            return ()

    def _keep(self, readings: Sequence[Reading]) -> None:
        if self._store is None or not readings:
            return
        problem = ""
        try:
            self._store.add_readings(readings)
        except WorldError as error:
            problem = str(error)
        with self._lock:
            self._store_problem = problem

    def _others_learned_lately(self) -> bool:
        now = self._around.clock()
        return self._others_ask and any(
            abs(now - reading.taken_at) <= LATELY for reading in self._readings.values()
        )

    def _rebuild(self) -> NetworkState:
        if not self._stores_read:
            return self._state
        made = build_state(
            (*self._readings.values(), *self._typed.values()),
            now=self._around.clock(),
            currency=self._basis.currency,
            example=self._basis.example,
            rules=self._basis.rules,
            online=not self._offline and (self._sources.answer() or self._others_learned_lately()),
        )
        if made != replace(self._state, revision=0):
            self._state = replace(made, revision=self._state.revision + 1)
        return self._state


def _key(reading: Reading) -> _Key:
    source = "" if reading.provenance is Provenance.TYPED else reading.source
    return reading.quantity, source, reading.currency, reading.window_days
