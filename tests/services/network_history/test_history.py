"""Bringing the past up to date: real database, real server, stopped and taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from minerdesk.assembly import build
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import Cancelled, UserError, WorldError
from minerdesk.domain.network_days import DayQuantity, DayRows
from minerdesk.feeds.days.base import DayAnswer, DayFeed, Known
from minerdesk.feeds.days.sources import DayConfig, build_day_feeds
from minerdesk.services.history_view import HistoryDoor
from minerdesk.services.network_history.history import Chances, NetworkHistory, Progress
from minerdesk.services.network_history.reports import SourceReport
from minerdesk.storage.history_day_rows import DayBatch
from minerdesk.storage.resources import load_retargets
from tests.support.fake_world import FakeWorld, Mode, past

Q = DayQuantity


class Time:
    """A clock that is put forward by hand, both hands of it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def door(tmp_path: Path, clock: Time) -> Iterator[HistoryDoor]:
    found = HistoryDoor(tmp_path / "history.sqlite", clock.now)
    yield found
    found.close()


def history(
    door: HistoryDoor, clock: Time, *feeds: DayFeed, longest_s: float = 20
) -> NetworkHistory:
    made = NetworkHistory(
        door, Chances(clock.now, random=lambda: 0.0, longest_s=longest_s), load_retargets()
    )
    made.use(feeds)
    return made


def feeds(url: str, clock: Time) -> tuple[DayFeed, ...]:
    config = DayConfig(mempool_url=url, blockchain_url=url)
    return build_day_feeds(config, "USD", clock.now)


def bring(found: NetworkHistory) -> list[Progress]:
    told: list[Progress] = []
    found.bring_up_to_date(CancelToken(), told.append)
    return told


def by_name(found: NetworkHistory) -> dict[str, SourceReport]:
    return {each.name: each for each in found.sources()}


def test_the_whole_past_comes_and_is_told(
    fake_world: FakeWorld, door: HistoryDoor, clock: Time
) -> None:
    found = history(door, clock, *feeds(fake_world.url, clock))
    told = bring(found)
    assert [p.problem for p in told] == [""] * 9
    assert sum(p.retargets for p in told) > 40
    daily = found.daily()
    today = clock.now().toordinal()
    days = range(past.FIRST_DAY, today)
    at = daily.days.day.tolist().index(past.FIRST_DAY)
    end = at + len(days)
    assert daily.days.price[at:end].tolist() == [past.price(day) for day in days]
    assert daily.days.hashrate_hs[at:end].tolist() == [past.hashrate_hs(day) for day in days]
    assert daily.days.fees_btc[at:end] == pytest.approx([past.fees_btc(day) for day in days])
    assert daily.days.count == end
    known = np.isfinite(daily.days.difficulty[at + 20 : end])
    assert known.all()
    assert daily.hashrate_resolution == "day"
    report = by_name(found)["blockchain.com"]
    assert {part.quantity for part in report.parts} == {
        *(Q.HASHRATE, Q.DIFFICULTY, Q.PRICE, Q.FEES)
    }
    assert report.parts[0].first == date.fromordinal(past.FIRST_DAY)
    assert report.parts[0].last == date.fromordinal(today - 1)
    assert report.parts[0].gaps == ()
    assert report.asked
    assert report.due_at is not None
    assert report.problem == ""


def test_a_second_call_asks_nobody_before_it_is_due(
    fake_world: FakeWorld, door: HistoryDoor, clock: Time
) -> None:
    found = history(door, clock, *feeds(fake_world.url, clock))
    bring(found)
    asked = len(fake_world.requests())
    assert bring(found) == []
    due_s = found.next_due_s()
    assert due_s is not None
    assert 6 * 3600 - 60 < due_s <= 6 * 3600
    assert bring(history(door, clock, *feeds(fake_world.url, clock))) == []  # after a restart too
    assert len(fake_world.requests()) == asked
    clock.forward(25 * 3600)
    fake_world.world.jump(25 * 3600)
    assert {p.endpoint for p in bring(found)} == {f.name for f in feeds(fake_world.url, clock)}
    paths = [r.path for r in fake_world.requests()[asked:]]
    assert not any("/all" in path or "timespan=all" in path for path in paths)


def test_who_failed_is_asked_before_its_time_when_the_operator_asks(
    fake_world: FakeWorld, door: HistoryDoor, clock: Time
) -> None:
    one = feeds(fake_world.url, clock)[0]
    found = history(door, clock, one)
    fake_world.set_all(Mode.ERROR)
    told: list[Progress] = []
    for wait_s, asked in ((0, 1), (120, 2), (30, 2), (31, 3), (30, 3), (31, 4)):
        clock.forward(wait_s)
        found.bring_up_to_date(CancelToken(), told.append, again=True)
        assert len(told) == asked
    found.bring_up_to_date(CancelToken(), told.append)
    assert len(told) == 4
    assert all(step.problem for step in told)


def test_an_answer_called_fresh_is_not_asked_for_again(
    fake_world: FakeWorld, door: HistoryDoor, clock: Time
) -> None:
    fake_world.headers = {"Cache-Control": "max-age=80000"}
    found = history(door, clock, feeds(fake_world.url, clock)[1])
    bring(found)
    due_s = found.next_due_s()
    assert due_s is not None
    assert due_s > 79_000


def test_offline_asks_nobody(fake_world: FakeWorld, door: HistoryDoor, clock: Time) -> None:
    found = history(door, clock, *feeds(fake_world.url, clock))
    found.set_offline(True)
    assert bring(found) == []
    assert found.next_due_s() is None
    assert fake_world.requests() == []
    assert found.sources() == ()
    assert found.daily().hashrate_resolution == "epoch"


def test_a_source_that_fails_holds_up_no_other_and_is_asked_less_and_less(
    fake_world: FakeWorld, door: HistoryDoor, clock: Time
) -> None:
    fake_world.modes = {"past-hashrate": Mode.ERROR}
    found = history(door, clock, *feeds(fake_world.url, clock))
    told = bring(found)
    assert len([p for p in told if p.problem]) == 1
    assert len([p for p in told if p.days or p.retargets]) == 8
    waits = []
    for _again in range(4):
        due_s = found.next_due_s()
        assert due_s is not None
        waits.append(round(due_s))
        clock.forward(due_s + 1)
        bring(found)
    assert waits == pytest.approx([60, 120, 240, 480], abs=10)
    mempool = by_name(found)[f"127.0.0.1:{fake_world.port}"]
    assert "HTTP 500" in mempool.problem
    fake_world.modes = {}
    clock.forward(900)
    bring(found)
    assert by_name(found)[mempool.name].problem == ""


def test_patience_that_is_asked_for_is_given(
    fake_world: FakeWorld, door: HistoryDoor, clock: Time
) -> None:
    fake_world.modes = {"past-retargets": Mode.TOO_MANY}
    fake_world.retry_after = "5000"
    found = history(door, clock, feeds(fake_world.url, clock)[0])
    bring(found)
    assert 4_990 < (found.next_due_s() or 0) <= 5_000


def test_pages_come_a_minute_apart_and_go_on_after_a_restart(
    fake_world: FakeWorld, door: HistoryDoor, clock: Time
) -> None:
    fake_world.world.page_size = 300
    pages = 0
    more = True
    while more:
        found = history(
            door,
            clock,
            *build_day_feeds(DayConfig(coin_metrics_url=fake_world.url), "USD", clock.now),
        )
        (progress,) = bring(found)
        more = progress.more
        pages += 1
        assert bring(found) == []
        clock.forward(61)
    assert len(fake_world.requests()) == pages > 2
    (part, *_rest) = by_name(found)["Coin Metrics"].parts
    assert part.days == len(past.days(fake_world.world))


def test_an_own_node_is_asked_on_and_can_be_stopped(
    fake_world: FakeWorld, door: HistoryDoor, clock: Time
) -> None:
    fake_world.world.height = 4 * 2016 + 9
    node = build_day_feeds(DayConfig(core_url=fake_world.url), "USD", clock.now)
    found = history(door, clock, *node)
    token = CancelToken()
    with pytest.raises(Cancelled):
        found.bring_up_to_date(token, lambda _progress: token.cancel())
    (held,) = found.sources()
    assert held.retargets == 5
    assert (held.first_height, held.last_height) == (0, 8064)
    told = bring(found)
    assert told
    assert not told[-1].more
    assert by_name(found)["Bitcoin Core"].parts[0].days > 50
    assert bring(history(door, clock, *node, longest_s=0)) == []


def test_a_node_gets_no_more_time_than_it_may_have(
    fake_world: FakeWorld, door: HistoryDoor, clock: Time
) -> None:
    fake_world.world.height = 4 * 2016 + 9
    node = build_day_feeds(DayConfig(core_url=fake_world.url), "USD", clock.now)
    found = history(door, clock, *node, longest_s=0)
    (progress,) = bring(found)
    assert progress.more
    assert found.next_due_s() == 0


class Stuck:
    """A source that promises more and brings nothing."""

    name, source, interval_s, pause_s, currency = "stuck", "stuck.example", 3600.0, 0.0, "USD"

    def ask(self, known: Known, token: CancelToken) -> DayAnswer:
        token.check()
        return DayAnswer(cursor=known.cursor, more=True)


def test_a_source_that_leads_nowhere_is_left_alone(door: HistoryDoor, clock: Time) -> None:
    (progress,) = bring(history(door, clock, Stuck()))
    assert not progress.more


def test_a_clock_put_right_does_not_silence_a_source(
    fake_world: FakeWorld, door: HistoryDoor, clock: Time
) -> None:
    clock.forward(400 * 86_400)
    bring(history(door, clock, feeds(fake_world.url, clock)[0]))
    clock.ahead = timedelta()
    assert len(bring(history(door, clock, feeds(fake_world.url, clock)[0]))) == 1


def test_a_removed_source_begins_again(
    fake_world: FakeWorld, door: HistoryDoor, clock: Time
) -> None:
    found = history(door, clock, *feeds(fake_world.url, clock))
    bring(found)
    assert found.remove("blockchain.com")
    assert "blockchain.com" in by_name(found)  # still asked
    assert by_name(found)["blockchain.com"].parts == ()
    before = len(fake_world.requests())
    bring(found)
    assert all("timespan=all" in r.path for r in fake_world.requests()[before:])
    assert not found.remove("nobody")


def test_a_file_is_a_source_of_its_own_and_taken_back(door: HistoryDoor, clock: Time) -> None:
    found = history(door, clock, Stuck())
    first = date(2020, 1, 1).toordinal()
    batch = DayBatch("mine.csv", clock.now(), (DayRows(Q.PRICE, (first,), (7000.0,), "USD"),))
    found.keep(batch)
    assert found.daily().days.price[0] == 7000
    later = DayRows(Q.PRICE, (first + 1,), (7100.0,), "USD")
    found.keep(replace(batch, series=(later,)))
    daily = found.daily()
    assert daily.days.first_day == first + 1
    assert daily is found.daily()
    assert by_name(found)["mine.csv"].from_file
    with pytest.raises(UserError, match="rename the file"):
        found.keep(replace(batch, source="stuck.example"))
    assert found.remove("mine.csv")
    assert found.daily().days.first_day == date(2022, 12, 6).toordinal()
    as_of = found.daily(as_of=date(2023, 6, 1))
    assert as_of.days.day[-1] == date(2023, 5, 31).toordinal()


def test_only_one_thread_asks(fake_world: FakeWorld, door: HistoryDoor, clock: Time) -> None:
    found = history(door, clock, *feeds(fake_world.url, clock))
    inner: list[bool] = []
    assert found.bring_up_to_date(
        CancelToken(), lambda _p: inner.append(found.bring_up_to_date(CancelToken()))
    )
    assert inner == [False] * 9


def test_the_desk_brings_it_and_joins_it(fake_world: FakeWorld, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "settings.toml").write_text(fake_world.settings_toml())
    desk = build(profile)
    try:
        assert desk.past.joined(CancelToken()).hashrate_resolution == "epoch"
        assert desk.past.bring_up_to_date(CancelToken())
        assert not desk.past.bring_up_to_date(CancelToken())
        assert desk.past.joined(CancelToken()).hashrate_resolution == "day"
        assert not fake_world.requests("coin-metrics")
        other = build(profile)
        try:
            assert not other.past.bring_up_to_date(CancelToken())
            assert other.past.joined(CancelToken()).hashrate_resolution == "day"
        finally:
            other.close()
        desk.change_settings(desk.settings.with_value("feeds.coin_metrics", True))
        assert desk.past.bring_up_to_date(CancelToken())
        assert fake_world.requests("coin-metrics")
        assert desk.past.read_days(CancelToken()).days is not None
    finally:
        desk.close()


def test_without_a_disk_the_embedded_retargets_remain(tmp_path: Path) -> None:
    desk = build(tmp_path / "profile")
    desk.close()
    found = desk.past.read_days(CancelToken())
    assert "closed" in found.notes[0]
    assert found.retargets.count == 93


def test_an_offline_desk_asks_nobody(fake_world: FakeWorld, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "settings.toml").write_text(fake_world.settings_toml())
    desk = build(profile, offline=True)
    try:
        assert not desk.past.bring_up_to_date(CancelToken())
        assert fake_world.requests() == []
    finally:
        desk.close()


def test_a_disk_that_refuses_is_told(fake_world: FakeWorld, door: HistoryDoor, clock: Time) -> None:
    found = history(door, clock, *feeds(fake_world.url, clock))
    door.close()
    with pytest.raises(WorldError, match="closed"):
        bring(found)
