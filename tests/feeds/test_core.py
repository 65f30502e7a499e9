from __future__ import annotations

import itertools

import pytest

from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import Quantity
from minerdesk.feeds.address import parse_address
from minerdesk.feeds.core import CoreNode
from tests.feeds.asking import feed, fetch, only, tools
from tests.support.fake_world import FakeWorld, Mode


def test_an_own_node_brings_everything_but_the_price(fake_world: FakeWorld) -> None:
    answer = fetch(feed("core", fake_world.url))
    values = {r.quantity: r.value for r in answer.readings}
    assert values == {
        Quantity.HEIGHT: 932_935,
        Quantity.DIFFICULTY: 146_472_570_619_930.78,
        Quantity.HASHRATE: 9.77e20,
        Quantity.EPOCH_START: fake_world.world.epoch_start_s,
        Quantity.FEES: pytest.approx(0.0148),
    }
    assert {r.source for r in answer.readings} == {"Bitcoin Core"}


def test_what_is_known_is_not_asked_again(fake_world: FakeWorld) -> None:
    node = feed("core", fake_world.url)
    fetch(node)
    before = len(fake_world.requests("core"))
    fake_world.world.height += 1
    fake_world.world.fees_sat += 144
    fees = only(fetch(node).readings, Quantity.FEES)
    assert fees.value == pytest.approx((1_480_000 + 1) / 1e8)
    assert len(fake_world.requests("core")) == before + 2


def test_a_slow_node_gives_its_fees_over_several_calls(fake_world: FakeWorld) -> None:
    steps = itertools.count(step=0.9)
    node = CoreNode(parse_address(fake_world.url), tools(), monotonic=lambda: next(steps))
    calls = 1
    while Quantity.FEES not in {r.quantity for r in fetch(node).readings}:
        calls += 1
    assert calls == 3


def test_a_cookie_is_read_before_each_call(fake_world: FakeWorld) -> None:
    fake_world.credentials = ("__cookie__", "first")
    cookies = {"now": ("__cookie__", "first")}
    node = CoreNode(parse_address(fake_world.url), tools(), lambda: cookies["now"])
    fetch(node)
    fake_world.credentials = cookies["now"] = ("__cookie__", "second")
    fetch(node)
    fake_world.credentials = ("__cookie__", "third")
    with pytest.raises(WorldError, match="user name or password"):
        fetch(node)


def test_a_node_of_another_chain_is_refused(fake_world: FakeWorld) -> None:
    fake_world.world.chain = "test"
    with pytest.raises(WorldError, match="'test' instead of 'main'"):
        fetch(feed("core", fake_world.url))


def test_a_node_that_loads_is_not_believed(fake_world: FakeWorld) -> None:
    fake_world.world.loading = True
    with pytest.raises(WorldError, match="still loading"):
        fetch(feed("core", fake_world.url))


def test_blocks_that_were_pruned_cost_the_fees_alone(fake_world: FakeWorld) -> None:
    fake_world.world.refused_methods = {"getblockstats"}
    answer = fetch(feed("core", fake_world.url))
    assert {r.quantity for r in answer.readings} == {
        Quantity.HEIGHT,
        Quantity.DIFFICULTY,
        Quantity.HASHRATE,
        Quantity.EPOCH_START,
    }
    assert "refused getblockstats: not here" in answer.problems[0]


def test_an_older_node_does_not_know_the_next_difficulty(fake_world: FakeWorld) -> None:
    fake_world.world.core_tells_next = False
    assert only(fetch(feed("core", fake_world.url)).readings, Quantity.DIFFICULTY)


def test_a_reply_that_is_missing_is_said(fake_world: FakeWorld) -> None:
    fake_world.modes["core"] = Mode.NO_LISTS
    with pytest.raises(WorldError, match="refused getblockchaininfo: no answer"):
        fetch(feed("core", fake_world.url))


def test_a_bad_height_costs_what_hangs_on_it(fake_world: FakeWorld) -> None:
    fake_world.world.height = -4
    answer = fetch(feed("core", fake_world.url))
    assert {r.quantity for r in answer.readings} == {Quantity.DIFFICULTY, Quantity.HASHRATE}
    assert "blocks is refused" in answer.problems[0]
