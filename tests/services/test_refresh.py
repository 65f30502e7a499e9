"""The service against the fake world and a real history on disk."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import Cancelled, UserError, WorldError
from minerdesk.domain.readings import NetworkState, Provenance, Quantity, Reading
from minerdesk.feeds.base import Feed, FeedAnswer
from minerdesk.feeds.http import DoorSettings
from minerdesk.feeds.sources import FeedConfig, build_feeds
from minerdesk.services.refresh import Basis, RefreshService, Surroundings
from minerdesk.services.rules import Rules
from minerdesk.services.typed import TypedStore
from minerdesk.storage.history import History
from minerdesk.storage.typed_file import TypedFile
from tests.support.fake_world import FakeWorld, Mode

# Long enough for a busy machine: no test waits for it.
PATIENT = DoorSettings(connect_s=10, read_s=10, total_s=20)


class Clocks:
    """A wall clock that is the real one until it jumps, and seconds that pass on demand."""

    def __init__(self) -> None:
        self.offset = timedelta()
        self.passed_s = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def monotonic(self) -> float:
        return time.monotonic() + self.passed_s

    def around(self, deadline_s: float = 30) -> Surroundings:
        return Surroundings(self.now, self.monotonic, lambda: 0.0, deadline_s)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def feeds(world: FakeWorld, clocks: Clocks, currency: str = "USD") -> tuple[Feed, ...]:
    url = world.url
    config = FeedConfig(url, url, url, "", url, door=PATIENT)
    return build_feeds(config, currency, clocks.now)


@pytest.fixture
def service(fake_world: FakeWorld, clocks: Clocks) -> Iterator[RefreshService]:
    made = RefreshService(feeds(fake_world, clocks), surroundings=clocks.around())
    yield made
    made.close()


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    found = History.open(tmp_path / "history.sqlite")
    yield found
    found.close()


@dataclass
class Odd:
    """A feed that does what its function does."""

    work: Callable[[CancelToken], FeedAnswer]
    name: str = "odd"
    source: str = "odd.example"
    interval_s: float = 60

    def fetch(self, token: CancelToken) -> FeedAnswer:
        return self.work(token)


def test_one_poll_makes_a_whole_state(service: RefreshService) -> None:
    found = service.poll(CancelToken())
    assert found.complete
    assert found.online
    assert found.price.value == 93_049
    assert found.height.value == 932_935
    assert found.difficulty.value == 146_472_570_619_930.78
    assert found.fees.value == pytest.approx(0.0148)
    assert found.hashrate.value == 9.77e20
    assert found.retarget is not None
    assert found.retarget.source == "own formula"
    assert found.retarget.change_pct == pytest.approx(-3.84, abs=0.01)
    assert found.example_of is None
    assert service.state() is found
    assert all(s.last_ok and not s.last_error for s in service.statuses())


def test_what_is_not_due_is_not_asked(
    service: RefreshService, fake_world: FakeWorld, clocks: Clocks
) -> None:
    service.poll(CancelToken())
    asked = len(fake_world.requests())
    service.poll(CancelToken())
    assert len(fake_world.requests()) == asked
    due_s = service.next_due_s()
    assert due_s is not None
    assert 50 < due_s <= 60
    clocks.passed_s += 60
    service.poll(CancelToken())
    assert len(fake_world.requests("coinbase")) == 2
    assert len(fake_world.requests("hashrate")) == 1


def test_a_slower_pace_is_kept(
    service: RefreshService, fake_world: FakeWorld, clocks: Clocks
) -> None:
    service.use(feeds=feeds(fake_world, clocks), pace_s=400)
    service.poll(CancelToken())
    clocks.passed_s += 390
    service.poll(CancelToken())
    assert len(fake_world.requests("coinbase")) == 1
    clocks.passed_s += 20
    service.poll(CancelToken())
    assert len(fake_world.requests("coinbase")) == 2
    assert len(fake_world.requests("hashrate")) == 1


def test_no_endpoint_is_asked_twice_a_minute(
    service: RefreshService, fake_world: FakeWorld, clocks: Clocks
) -> None:
    fake_world.world.height = 931_400
    for _step in range(10):
        before = len(fake_world.requests("blocks"))
        service.poll(CancelToken())
        assert len(fake_world.requests("blocks")) <= before + 1
        clocks.passed_s += 30
    for endpoint in ("tip", "coinbase", "kraken", "difficulty-adjustment"):
        assert len(fake_world.requests(endpoint)) <= 5


@pytest.mark.parametrize(
    "mode", [m for m in Mode if m not in {Mode.OK, Mode.REDIRECT, Mode.SLOW, Mode.DRIP}]
)
def test_one_failing_source_stops_no_other(
    service: RefreshService, fake_world: FakeWorld, mode: Mode
) -> None:
    fake_world.modes["kraken"] = mode
    found = service.poll(CancelToken())
    assert found.complete
    assert found.online
    assert found.price.reading is not None
    assert "Coinbase" in found.price.reading.source


def test_a_failure_is_told_and_tried_later(
    service: RefreshService, fake_world: FakeWorld, clocks: Clocks
) -> None:
    fake_world.modes["kraken"] = Mode.TOO_MANY
    fake_world.retry_after = "1800"
    service.poll(CancelToken())
    (kraken,) = [s for s in service.statuses() if s.name == "kraken USD"]
    assert kraken.last_ok is None
    assert "asks for fewer calls" in kraken.last_error
    assert kraken.next_try is not None
    assert kraken.next_try - clocks.now() > timedelta(minutes=29)
    clocks.passed_s += 900
    service.poll(CancelToken())
    assert len(fake_world.requests("kraken")) == 1


def test_the_last_good_values_stay(
    service: RefreshService, fake_world: FakeWorld, clocks: Clocks
) -> None:
    service.poll(CancelToken())
    fake_world.set_all(Mode.ERROR)
    clocks.passed_s += 3600
    clocks.offset += timedelta(hours=1)
    found = service.poll(CancelToken())
    assert found.complete
    assert not found.online
    assert found.height.is_stale(clocks.now())
    failed = [s for s in service.statuses() if "HTTP 500" in s.last_error]
    assert {s.name for s in service.statuses()} - {s.name for s in failed} == {"ecb rates"}


def test_an_answer_refused_in_part_is_used_and_told(
    service: RefreshService, fake_world: FakeWorld
) -> None:
    fake_world.world.hashrate_hs = 0
    found = service.poll(CancelToken())
    assert found.difficulty.value is not None
    assert found.hashrate.value is None
    (status,) = [s for s in service.statuses() if s.name == "mempool hashrate"]
    assert status.last_ok is not None
    assert "node behind it is down" in status.last_error


def test_expires_is_obeyed(service: RefreshService, fake_world: FakeWorld, clocks: Clocks) -> None:
    fake_world.headers["Cache-Control"] = "max-age=1200"
    service.poll(CancelToken())
    asked = len(fake_world.requests())
    clocks.passed_s += 1100
    service.poll(CancelToken())
    assert len(fake_world.requests()) == asked


def test_readings_survive_a_restart(
    fake_world: FakeWorld, clocks: Clocks, history: History
) -> None:
    first = RefreshService(feeds(fake_world, clocks), history, surroundings=clocks.around())
    known = first.poll(CancelToken())
    again = RefreshService((), history, surroundings=clocks.around())
    found = again.state()
    assert found.price.value == known.price.value
    assert found.height.value == known.height.value
    assert found.hashrate.value == known.hashrate.value
    assert found.retarget is not None
    assert not found.online


def test_history_gets_the_series(fake_world: FakeWorld, clocks: Clocks, history: History) -> None:
    RefreshService(feeds(fake_world, clocks), history, surroundings=clocks.around()).poll(
        CancelToken()
    )
    now = clocks.now()
    times, values = history.series("hashrate", now - timedelta(days=100), now, window_days=1)
    assert len(times) == len(values) == 90


def test_a_clock_that_jumps_stops_nothing(
    service: RefreshService, fake_world: FakeWorld, clocks: Clocks
) -> None:
    service.poll(CancelToken())
    for jump in (timedelta(days=-2), timedelta(days=3)):
        clocks.offset += jump
        clocks.passed_s += 61
        before = len(fake_world.requests("coinbase"))
        service.poll(CancelToken())
        assert len(fake_world.requests("coinbase")) == before + 1
    found = service.state()
    assert found.height.value == 932_935
    assert not found.height.is_stale(clocks.now())


def test_offline_makes_no_call(service: RefreshService, fake_world: FakeWorld) -> None:
    assert not service.set_offline(True).online
    service.poll(CancelToken())
    assert fake_world.requests() == []
    assert service.offline
    assert service.next_due_s() is None
    assert all(s.next_try is None for s in service.statuses())
    service.set_offline(False)
    assert service.poll(CancelToken()).online


def test_dead_sources_do_not_delay_beyond_the_deadline(
    fake_world: FakeWorld, clocks: Clocks
) -> None:
    fake_world.set_all(Mode.SLOW)
    url = fake_world.url
    slow = build_feeds(FeedConfig(url, url, url, url, url), "EUR", clocks.now)
    service = RefreshService(slow, surroundings=clocks.around())
    found = service.poll(CancelToken(), deadline_s=0.5)
    assert fake_world.woke == 0
    assert not found.online
    assert all("within 0.5 s" in s.last_error for s in service.statuses())
    clocks.passed_s += 120
    before = len(fake_world.requests("coinbase"))
    service.poll(CancelToken(), deadline_s=0.2)
    assert len(fake_world.requests("coinbase")) <= before + 2
    fake_world.stopping.set()
    service.close()


def test_each_answer_is_told_as_it_comes(service: RefreshService) -> None:
    seen: list[NetworkState] = []
    final = service.poll(CancelToken(), on_state=seen.append)
    assert len(seen) >= 7
    revisions = [s.revision for s in seen]
    assert revisions == sorted(revisions)
    assert final.revision >= revisions[-1]


def test_a_cancelled_poll_ends_soon(fake_world: FakeWorld, clocks: Clocks) -> None:
    fake_world.set_all(Mode.DRIP)
    service = RefreshService(feeds(fake_world, clocks), surroundings=clocks.around())
    token = CancelToken()
    timer = threading.Timer(0.2, token.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        service.poll(token)
    timer.join()
    service.close()


def test_a_second_poll_at_the_same_time_returns_at_once(clocks: Clocks) -> None:
    began, go_on = threading.Event(), threading.Event()

    def wait(_token: CancelToken) -> FeedAnswer:
        began.set()
        go_on.wait(5)
        return FeedAnswer()

    service = RefreshService((Odd(wait),), surroundings=clocks.around())
    worker = threading.Thread(target=service.poll, args=(CancelToken(),))
    worker.start()
    assert began.wait(5)
    assert service.poll(CancelToken()) is service.state()
    go_on.set()
    worker.join()


def test_a_fault_of_ours_is_raised_after_the_others_had_their_turn(
    fake_world: FakeWorld, clocks: Clocks
) -> None:
    def break_down(_token: CancelToken) -> FeedAnswer:
        raise ZeroDivisionError("ours")

    service = RefreshService(
        (Odd(break_down), *feeds(fake_world, clocks)), surroundings=clocks.around()
    )
    with pytest.raises(ZeroDivisionError):
        service.poll(CancelToken())
    assert service.state().complete
    service.poll(CancelToken())


def test_other_feeds_and_another_currency(
    service: RefreshService, fake_world: FakeWorld, clocks: Clocks
) -> None:
    service.poll(CancelToken())
    converted = service.use(currency="EUR")
    assert converted.currency == "EUR"
    assert converted.price.value == pytest.approx(93_049 / 1.1628)
    assert "converted from USD" in converted.price_note
    service.use(feeds=feeds(fake_world, clocks, "EUR"))
    found = service.poll(CancelToken())
    assert found.price.value == pytest.approx((80_020.5 + 80_031.1) / 2)
    assert found.price_note == ""
    assert len(fake_world.requests("tip")) == 1
    strict = service.use(rules=Rules(chain=timedelta(microseconds=1)))
    assert strict.height.is_stale(clocks.now())


def test_the_example_ends_with_the_first_live_number(fake_world: FakeWorld, clocks: Clocks) -> None:
    day = datetime(2026, 1, 19, 12, tzinfo=UTC)
    example = (
        Reading(Quantity.PRICE, 93_049, "embedded", day, Provenance.EMBEDDED, "USD"),
        Reading(Quantity.HEIGHT, 932_935, "embedded", day, Provenance.EMBEDDED),
    )
    service = RefreshService(
        feeds(fake_world, clocks), basis=Basis(example=example), surroundings=clocks.around()
    )
    assert service.state().example_of == day
    assert service.poll(CancelToken()).example_of is None


class TestTyped:
    @pytest.fixture
    def typed(self, tmp_path: Path) -> TypedStore:
        return TypedFile(tmp_path / "typed.json")

    def test_a_typed_value_holds_until_it_is_released(
        self, fake_world: FakeWorld, clocks: Clocks, typed: TypedStore
    ) -> None:
        def begin() -> RefreshService:
            return RefreshService(
                feeds(fake_world, clocks), surroundings=clocks.around(), typed_store=typed
            )

        service = begin()
        service.poll(CancelToken())
        found = service.type_value(Quantity.PRICE, 120_000)
        assert found.price.value == 120_000
        assert found.price.is_typed
        clocks.offset += timedelta(days=30)
        again = begin()
        found = again.poll(CancelToken())
        assert found.price.value == 120_000
        assert not found.price.is_stale(clocks.now())
        released = again.release(Quantity.PRICE)
        assert not released.price.is_typed
        assert begin().state().price.reading is None

    def test_only_one_price_is_typed_but_many_rates(self, typed: TypedStore) -> None:
        service = RefreshService((), typed_store=typed)
        service.type_value(Quantity.PRICE, 80_000, "EUR")
        service.type_value(Quantity.PRICE, 90_000, "USD")
        service.type_value(Quantity.EXCHANGE_RATE, 0.9, "EUR")
        service.type_value(Quantity.EXCHANGE_RATE, 150, "JPY")
        assert [r.currency for r in service.state().price.beside] == ["USD"]
        assert len(service.state().rates) == 2
        assert [r.currency for r in service.release(Quantity.EXCHANGE_RATE, "EUR").rates] == ["JPY"]
        assert service.release(Quantity.EXCHANGE_RATE).rates == ()
        assert len(typed.load()) == 1

    @pytest.mark.parametrize(
        ("quantity", "value"),
        [
            (Quantity.PRICE, 0),
            (Quantity.PRICE, float("nan")),
            (Quantity.HEIGHT, 1.5),
            (Quantity.HEIGHT, float("inf")),
            (Quantity.DIFFICULTY, 0.5),
            (Quantity.FEES, -1),
            (Quantity.RETARGET, -80),
            (Quantity.EPOCH_START, 1.7e9),
        ],
    )
    def test_what_cannot_be_is_the_users_error(self, quantity: Quantity, value: float) -> None:
        service = RefreshService(())
        with pytest.raises(UserError):
            service.type_value(quantity, value)
        assert service.state().price.reading is None

    def test_without_a_store_it_holds_for_the_session(self) -> None:
        service = RefreshService(())
        assert service.type_value(Quantity.HASHRATE, 1e21).hashrate.value == 1e21
        assert service.type_value(Quantity.HEIGHT, 900_000).height.value == 900_000
        assert service.release(Quantity.HEIGHT).height.value is None
        assert service.release(Quantity.FEES).fees.value is None

    def test_a_disk_that_refuses_changes_nothing(self, tmp_path: Path) -> None:
        service = RefreshService((), typed_store=TypedFile(tmp_path / "missing" / "typed.json"))
        with pytest.raises(WorldError, match="cannot be written"):
            service.type_value(Quantity.FEES, 0.1)
        assert service.state().fees.reading is None


class Refusing:
    """A disk that refuses until it is told otherwise."""

    def __init__(self) -> None:
        self.refuses = True

    def add_readings(self, readings: object) -> None:
        del readings
        if self.refuses:
            raise WorldError("The disk is full.")

    def last_readings(self) -> tuple[Reading, ...]:
        if self.refuses:
            raise WorldError("The disk is gone.")
        return ()


def test_a_disk_that_refuses_is_told_and_stops_nothing(
    fake_world: FakeWorld, clocks: Clocks
) -> None:
    disk = Refusing()
    service = RefreshService(feeds(fake_world, clocks), disk, surroundings=clocks.around())
    assert service.store_problem == "The disk is gone."
    assert service.poll(CancelToken()).complete
    assert service.store_problem == "The disk is full."
    disk.refuses = False
    clocks.passed_s += 100
    service.poll(CancelToken())
    assert service.store_problem == ""


def test_states_are_whole_from_any_thread(service: RefreshService) -> None:
    numbers = itertools.count(1)
    stop = threading.Event()
    faults: list[str] = []

    def type_and_look() -> None:
        while not stop.is_set():
            value = float(next(numbers))
            service.type_value(Quantity.FEES, value % 200)
            if service.state().fees.reading is None:
                faults.append("lost")

    threads = [threading.Thread(target=type_and_look) for _number in range(2)]
    for thread in threads:
        thread.start()
    service.poll(CancelToken())
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert service.state().fees.is_typed


def test_no_thread_is_left_behind(service: RefreshService) -> None:
    service.poll(CancelToken())
    assert [t for t in threading.enumerate() if t.name == "feed"] == []
