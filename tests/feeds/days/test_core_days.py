"""The past out of Bitcoin Core: exact, and with few calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
from minerdesk.domain.network_days import DayQuantity, RetargetRow
from minerdesk.feeds.address import parse_address
from minerdesk.feeds.days.base import DayAnswer, Known
from minerdesk.feeds.days.core import FEE_DAYS, CoreDays
from tests.feeds.asking import now, tools
from tests.support.fake_world import FakeWorld, Mode, past

Q = DayQuantity


class Scan:
    """Asks step by step and keeps what comes, as the program does."""

    def __init__(self, url: str) -> None:
        self.feed = CoreDays(parse_address(url), tools())
        self.days: dict[DayQuantity, dict[int, float]] = {}
        self.retargets: dict[int, RetargetRow] = {}
        self.cursor = ""
        self.problems: list[str] = []

    def step(self) -> DayAnswer:
        known = Known(
            {quantity: frozenset(rows) for quantity, rows in self.days.items()},
            frozenset(self.retargets),
            self.cursor,
        )
        answer = self.feed.ask(known, CancelToken())
        self.cursor = answer.cursor
        self.problems += answer.problems
        self.retargets |= {row.height: row for row in answer.retargets}
        for rows in answer.series:
            self.days.setdefault(rows.quantity, {}).update(zip(rows.day, rows.value, strict=True))
        return answer

    def steps(self) -> Iterator[DayAnswer]:
        while True:
            answer = self.step()
            yield answer
            if not answer.more:
                return


@pytest.fixture
def young(fake_world: FakeWorld) -> FakeWorld:
    """A chain of a little over four months."""
    fake_world.world.height = 10 * 2016 + 77
    return fake_world


def test_every_retarget_is_one_header_and_exact(young: FakeWorld) -> None:
    scan = Scan(young.url)
    answer = scan.step()
    assert answer.more
    assert [row.height for row in answer.retargets] == list(range(0, 20_161, 2016))
    assert answer.retargets[-1] == RetargetRow(
        20_160, young.world.block_time_s(20_160), past.difficulty(20_160)
    )
    assert len(young.requests("core")) == 3  # the chain, the hashes, the headers


def test_days_have_the_work_and_the_coins_of_their_blocks(young: FakeWorld) -> None:
    scan = Scan(young.url)
    for _answer in scan.steps():
        pass
    chain = past.Chain(young.world)
    today = now().toordinal()
    for day in (today - 2, today - 20, today - 77):
        start = past.unix(day)
        # The median of eleven times passes midnight five blocks late.
        heights = [
            h
            for h in range(young.world.height)
            if start <= chain.header(min(h + 5, young.world.height))["mediantime"] < start + 86_400
        ]
        assert len(heights) in range(142, 147)
        assert scan.days[Q.ISSUANCE][day] == 50 * len(heights)
        work = sum(past.difficulty(h) for h in heights) * 2**32
        assert scan.days[Q.HASHRATE][day] == pytest.approx(work / 86_400, rel=1e-9)
        assert scan.days[Q.FEES][day] == pytest.approx(
            len(heights) * young.world.fees_sat / 1e8, rel=1e-9
        )
    assert scan.problems == []
    assert len(scan.days[Q.FEES]) == FEE_DAYS
    assert max(scan.days[Q.HASHRATE]) in {today - 1, today - 2}
    assert len(scan.days[Q.HASHRATE]) >= 138
    assert max(scan.days[Q.HASHRATE]) - min(scan.days[Q.HASHRATE]) + 1 == len(scan.days[Q.HASHRATE])


def test_bounds_are_found_with_few_headers(young: FakeWorld) -> None:
    young.world.height = 200 * 2016
    scan = Scan(young.url)
    for _step in range(4):  # retargets
        scan.step()
    before = len(young.requests("core"))
    answer = scan.step()
    (hashrate, _issuance) = answer.series
    assert len(hashrate.day) == 32
    assert len(young.requests("core")) - before < 40


def test_the_scan_goes_on_where_it_was_stopped(young: FakeWorld) -> None:
    whole = Scan(young.url)
    for _answer in whole.steps():
        pass
    stopped = Scan(young.url)
    for _step in range(3):
        stopped.step()
    again = Scan(young.url)
    again.days, again.retargets, again.cursor = stopped.days, stopped.retargets, stopped.cursor
    for _answer in again.steps():
        pass
    assert again.days[Q.ISSUANCE] == whole.days[Q.ISSUANCE]
    assert again.cursor == whole.cursor


def test_a_new_day_is_added_at_the_end(young: FakeWorld) -> None:
    scan = Scan(young.url)
    for _answer in scan.steps():
        pass
    done = max(scan.days[Q.HASHRATE])
    scan.days = {q: {d: v for d, v in rows.items() if d < done} for q, rows in scan.days.items()}
    first, last = scan.cursor.split(",")
    scan.cursor = f"{first},{int(last) - 1}"
    before = len(young.requests("core"))
    for _answer in scan.steps():
        pass
    assert max(scan.days[Q.HASHRATE]) == done
    assert max(scan.days[Q.FEES]) == done
    assert len(young.requests("core")) - before < 60


def test_a_pruned_node_gives_all_but_the_fees(young: FakeWorld) -> None:
    young.world.pruned_below = young.world.height - 500
    scan = Scan(young.url)
    for _answer in scan.steps():
        pass
    assert len(scan.days[Q.FEES]) in {2, 3}
    assert len(scan.days[Q.HASHRATE]) >= 138
    assert "pruned" in scan.problems[-1]


@pytest.mark.parametrize(
    "mode", [Mode.ERROR, Mode.FORBIDDEN, Mode.GARBAGE, Mode.NULLS, Mode.ABSURD, Mode.WRONG_TYPES]
)
def test_a_node_that_answers_badly_is_told(young: FakeWorld, mode: Mode) -> None:
    young.modes = {"core": mode}
    with pytest.raises(WorldError):
        Scan(young.url).step()


def test_another_chain_is_refused(young: FakeWorld) -> None:
    young.world.chain = "test"
    with pytest.raises(WorldError, match="instead of 'main'"):
        Scan(young.url).step()
