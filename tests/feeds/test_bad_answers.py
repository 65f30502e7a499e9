"""Each source against a world that misbehaves: a reason for each refusal, never a crash."""

from __future__ import annotations

import pytest

from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import Quantity
from tests.feeds.asking import FEEDS, feed, fetch, only
from tests.support.fake_world import FakeWorld, Mode

BAD = [
    Mode.WRONG_TYPES,
    Mode.NULLS,
    Mode.EMPTY,
    Mode.HTML,
    Mode.GARBAGE,
    Mode.ABSURD,
    Mode.TOO_MANY,
    Mode.ERROR,
    Mode.CUT,
    Mode.REDIRECT_AWAY,
]


@pytest.mark.parametrize("mode", BAD)
@pytest.mark.parametrize("name", FEEDS)
def test_nothing_bad_becomes_a_reading(fake_world: FakeWorld, name: str, mode: Mode) -> None:
    fake_world.set_all(mode)
    with pytest.raises(WorldError) as caught:
        fetch(feed(name, fake_world.url))
    assert str(caught.value).endswith(".")


def test_a_web_page_is_called_one(fake_world: FakeWorld) -> None:
    fake_world.modes["prices"] = Mode.HTML
    with pytest.raises(WorldError, match="web page"):
        fetch(feed("prices", fake_world.url))


def test_the_reason_names_field_limit_and_value(fake_world: FakeWorld) -> None:
    fake_world.world.coinbase["USD"] = -5
    with pytest.raises(WorldError, match=r"price is refused, it must be greater than 0.*found -5"):
        fetch(feed("coinbase", fake_world.url))


@pytest.mark.parametrize("price", [0, -1, 1.1e9, float("nan"), float("inf")])
def test_no_such_price(fake_world: FakeWorld, price: float) -> None:
    fake_world.world.kraken["USD"] = price
    with pytest.raises(WorldError, match="price is refused"):
        fetch(feed("kraken", fake_world.url))


def test_one_bad_field_leaves_the_others(fake_world: FakeWorld) -> None:
    fake_world.world.mempool_prices["EUR"] = -1
    answer = fetch(feed("prices", fake_world.url))
    assert only(answer.readings, Quantity.PRICE, "USD").value == 93_010
    (problem,) = answer.problems
    assert "EUR" in problem


def test_a_hashrate_of_zero_means_the_node_is_down(fake_world: FakeWorld) -> None:
    fake_world.world.hashrate_hs = 0
    answer = fetch(feed("hashrate", fake_world.url))
    assert {r.quantity for r in answer.readings} == {Quantity.DIFFICULTY}
    assert any("node behind it is down" in problem for problem in answer.problems)


def test_an_instance_with_few_blocks_has_no_mean_of_144(fake_world: FakeWorld) -> None:
    fake_world.modes["reward-stats"] = Mode.SHORT
    with pytest.raises(WorldError, match="must count 144 blocks, found 12"):
        fetch(feed("reward-stats", fake_world.url))


def test_history_that_cannot_be_read_leaves_the_numbers_of_now(fake_world: FakeWorld) -> None:
    fake_world.modes["hashrate"] = Mode.BAD_LISTS
    answer = fetch(feed("hashrate", fake_world.url))
    assert len(answer.readings) == 2
    assert answer.series == ()
    assert len(answer.problems) == 2


def test_an_older_instance_calls_times_timestamps(fake_world: FakeWorld) -> None:
    fake_world.modes["hashrate"] = Mode.OLD_NAMES
    answer = fetch(feed("hashrate", fake_world.url))
    assert len([r for r in answer.series if r.quantity is Quantity.DIFFICULTY]) == 7


def test_history_of_times_to_come_is_dropped(fake_world: FakeWorld) -> None:
    fake_world.world.jump(10 * 86_400)
    series = fetch(feed("hashrate", fake_world.url)).series
    assert len([r for r in series if r.quantity is Quantity.HASHRATE]) == 81


def test_the_tip_stays_where_its_blocks_fail(fake_world: FakeWorld) -> None:
    fake_world.modes["blocks"] = Mode.HTML
    answer = fetch(feed("tip", fake_world.url))
    assert {r.quantity for r in answer.readings} == {Quantity.HEIGHT}
    assert "web page" in answer.problems[0]


def test_a_block_that_was_not_asked_for_is_no_answer(fake_world: FakeWorld) -> None:
    fake_world.modes["blocks"] = Mode.NO_LISTS
    answer = fetch(feed("tip", fake_world.url))
    assert "did not send block 931392" in answer.problems[0]


def test_a_height_that_falls_is_refused_until_it_is_repeated(fake_world: FakeWorld) -> None:
    asked = feed("tip", fake_world.url)
    fetch(asked)
    fake_world.world.height -= 101
    for _call in range(2):
        with pytest.raises(WorldError, match="fell from 932935 to 932834"):
            fetch(asked)
    assert only(fetch(asked).readings, Quantity.HEIGHT).value == 932_834


def test_a_reorganisation_is_no_fall(fake_world: FakeWorld) -> None:
    asked = feed("tip", fake_world.url)
    fetch(asked)
    fake_world.world.height -= 100
    assert only(fetch(asked).readings, Quantity.HEIGHT).value == 932_835


def test_no_chain_is_that_high(fake_world: FakeWorld) -> None:
    fake_world.world.height = 9_329_350
    with pytest.raises(WorldError, match="at most"):
        fetch(feed("tip", fake_world.url))


def test_a_height_is_whole(fake_world: FakeWorld) -> None:
    fake_world.world.height = 932_935.5  # type: ignore[assignment] # what is tested
    with pytest.raises(WorldError, match="whole"):
        fetch(feed("tip", fake_world.url))


def test_kraken_says_no_with_http_200(fake_world: FakeWorld) -> None:
    del fake_world.world.kraken["USD"]
    with pytest.raises(WorldError, match="EQuery:Unknown asset pair"):
        fetch(feed("kraken", fake_world.url))


def test_coinbase_without_a_time_is_dated_now(fake_world: FakeWorld) -> None:
    fake_world.modes["coinbase"] = Mode.OLD_NAMES
    assert fetch(feed("coinbase", fake_world.url)).readings[0].value == 93_049


def test_the_ecb_without_dollars_is_of_no_use(fake_world: FakeWorld) -> None:
    del fake_world.world.euro_rates["USD"]
    with pytest.raises(WorldError, match="USD is refused"):
        fetch(feed("ecb", fake_world.url))


def test_one_bad_rate_leaves_the_others(fake_world: FakeWorld) -> None:
    fake_world.world.euro_rates["JPY"] = -3
    answer = fetch(feed("ecb", fake_world.url))
    assert {r.currency for r in answer.readings} == {"EUR", "GBP", "CHF"}
    assert "JPY" in answer.problems[0]


def test_a_document_type_is_refused_before_it_can_grow(fake_world: FakeWorld) -> None:
    fake_world.modes["ecb"] = Mode.ENTITIES
    with pytest.raises(WorldError, match="document type"):
        fetch(feed("ecb", fake_world.url))


def test_a_file_without_a_day_is_dated_now(fake_world: FakeWorld) -> None:
    fake_world.modes["ecb"] = Mode.OLD_NAMES
    assert len(fetch(feed("ecb", fake_world.url)).readings) == 4
