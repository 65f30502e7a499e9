"""Each source of daily values against the fake world."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import Cancelled, UserError, WorldError
from minerdesk.domain.network_days import DayQuantity, DayRows
from minerdesk.feeds.address import parse_address
from minerdesk.feeds.base import RetryLater
from minerdesk.feeds.days.base import DayAnswer, DayFeed, Known
from minerdesk.feeds.days.blockchain import BlockchainDays
from minerdesk.feeds.days.coinmetrics import CoinMetricsDays
from minerdesk.feeds.days.mempool import MempoolHashrateDays, MempoolRetargets
from minerdesk.feeds.days.mempool_blocks import MempoolBlockDays, MempoolPriceDays
from minerdesk.feeds.days.sources import DayConfig, build_day_feeds
from tests.feeds.asking import now, tools
from tests.support.fake_world import FakeWorld, Mode, past

Q = DayQuantity


def made(endpoint: str, url: str) -> DayFeed:
    address, kit = parse_address(url), tools()
    feeds: dict[str, Callable[[], DayFeed]] = {
        "past-hashrate": lambda: MempoolHashrateDays(address, kit),
        "past-retargets": lambda: MempoolRetargets(address, kit),
        "past-prices": lambda: MempoolPriceDays(address, kit, "USD"),
        "past-fees": lambda: MempoolBlockDays("fees", address, kit),
        "past-rewards": lambda: MempoolBlockDays("rewards", address, kit),
        "blockchain": lambda: BlockchainDays(Q.HASHRATE, address, kit),
        "coin-metrics": lambda: CoinMetricsDays(address, kit),
    }
    return feeds[endpoint]()


PAST = (
    *("past-hashrate", "past-retargets", "past-prices", "past-fees", "past-rewards"),
    *("blockchain", "coin-metrics"),
)


def ask(feed: DayFeed, known: Known | None = None) -> DayAnswer:
    return feed.ask(known or Known(), CancelToken())


def today() -> int:
    return now().toordinal()


def as_dict(rows: DayRows) -> dict[int, float]:
    return dict(zip(rows.day, rows.value, strict=True))


def of(answer: DayAnswer, quantity: DayQuantity) -> dict[int, float]:
    (rows,) = [rows for rows in answer.series if rows.quantity is quantity]
    return as_dict(rows)


def expected(value: Callable[[int], float]) -> dict[int, Any]:
    return {day: pytest.approx(value(day)) for day in range(past.FIRST_DAY, today())}


def known_until(quantity: DayQuantity, ago: int, *, cursor: str | None = None) -> Known:
    days = frozenset(range(past.FIRST_DAY, today() - ago + 1))
    return Known({quantity: days}, cursor=str(today()) if cursor is None else cursor)


def test_hashrates_are_of_the_day_that_ended_at_their_midnight(fake_world: FakeWorld) -> None:
    answer = ask(made("past-hashrate", fake_world.url))
    assert of(answer, Q.HASHRATE) == expected(past.hashrate_hs)
    assert [(r.height, r.time_s, r.difficulty) for r in answer.retargets] == past.retargets(
        fake_world.world
    )
    assert all(r.exact for r in answer.retargets)
    assert answer.problems == ()
    assert (answer.cursor, answer.more) == (str(today()), False)
    assert fake_world.requests()[0].path == "/api/v1/mining/hashrate/all"


@pytest.mark.parametrize(
    ("missing", "span"), [(3, "1m"), (100, "6m"), (300, "1y"), (600, "2y"), (900, "3y")]
)
def test_only_what_lacks_at_the_end_is_asked_for(
    fake_world: FakeWorld, missing: int, span: str
) -> None:
    answer = ask(made("past-hashrate", fake_world.url), known_until(Q.HASHRATE, missing + 1))
    assert fake_world.requests()[0].path.endswith(f"/{span}")
    lacking = set(range(today() - missing, today()))
    assert lacking <= set(of(answer, Q.HASHRATE))


@pytest.mark.parametrize("endpoint", ["past-hashrate", "past-fees", "past-prices"])
def test_all_is_asked_again_after_a_month(fake_world: FakeWorld, endpoint: str) -> None:
    quantity = {"past-hashrate": Q.HASHRATE, "past-fees": Q.FEES, "past-prices": Q.PRICE}[endpoint]
    ask(made(endpoint, fake_world.url), known_until(quantity, 2, cursor=str(today() - 30)))
    path = fake_world.requests()[0].path
    assert path.endswith(("/all", "currency=USD"))


@pytest.mark.parametrize(
    ("endpoint", "quantity"),
    [
        ("past-hashrate", Q.HASHRATE),
        ("past-fees", Q.FEES),
        ("past-rewards", Q.REWARD_PER_BLOCK),
        ("past-prices", Q.PRICE),
        ("blockchain", Q.HASHRATE),
        ("coin-metrics", Q.HASHRATE),
    ],
)
def test_nobody_is_asked_where_nothing_lacks(
    fake_world: FakeWorld, endpoint: str, quantity: DayQuantity
) -> None:
    cursor = "" if endpoint in {"blockchain", "coin-metrics"} else str(today())
    answer = ask(made(endpoint, fake_world.url), known_until(quantity, 1, cursor=cursor))
    assert answer == DayAnswer(cursor=cursor)
    assert fake_world.requests() == []


def test_retargets_newest_first_come_out_in_order(fake_world: FakeWorld) -> None:
    answer = ask(made("past-retargets", fake_world.url))
    assert [(r.height, r.time_s, r.difficulty) for r in answer.retargets] == past.retargets(
        fake_world.world
    )


def test_the_last_price_of_a_day_is_its_close(fake_world: FakeWorld) -> None:
    answer = ask(made("past-prices", fake_world.url))
    assert of(answer, Q.PRICE) == expected(past.price)
    assert answer.series[0].currency == "USD"


def test_a_few_prices_are_asked_for_one_by_one(fake_world: FakeWorld) -> None:
    feed = made("past-prices", fake_world.url)
    known = known_until(Q.PRICE, 4)
    got: dict[int, float] = {}
    more = True
    while more:
        answer = ask(feed, Known({Q.PRICE: known.days[Q.PRICE] | got.keys()}, cursor=known.cursor))
        got |= of(answer, Q.PRICE)
        more = answer.more
    assert got == {day: past.price(day) for day in range(today() - 3, today())}
    assert len(fake_world.requests()) == 3


def test_prices_in_another_currency_are_asked_for(fake_world: FakeWorld) -> None:
    feed = MempoolPriceDays(parse_address(fake_world.url), tools(), "EUR")
    answer = ask(feed)
    assert answer.series[0].currency == "EUR"
    assert answer.series[0].value[5] < past.price(answer.series[0].day[5])


def test_fees_and_rewards_of_all_days_are_means_per_block(fake_world: FakeWorld) -> None:
    fees = of(ask(made("past-fees", fake_world.url)), Q.FEES_PER_BLOCK)
    assert set(fees) == set(range(past.FIRST_DAY, today()))
    assert fees[today() - 9] == pytest.approx(past.fees_btc(today() - 9) / 144, abs=1e-8)
    rewards = of(ask(made("past-rewards", fake_world.url)), Q.REWARD_PER_BLOCK)
    assert rewards[today() - 9] == pytest.approx((past.fees_btc(today() - 9) + 450) / 144, abs=1e-8)


def test_the_last_two_days_are_summed_block_by_block(fake_world: FakeWorld) -> None:
    answer = ask(made("past-fees", fake_world.url), known_until(Q.FEES_PER_BLOCK, 3))
    assert fake_world.requests()[0].path.endswith("/3d")
    assert of(answer, Q.FEES) == {
        day: pytest.approx(past.fees_btc(day), abs=1e-5) for day in range(today() - 2, today())
    }
    rewards = ask(made("past-rewards", fake_world.url), known_until(Q.REWARD, 2))
    assert of(rewards, Q.REWARD)[today() - 1] == pytest.approx(
        past.fees_btc(today() - 1) + 450, abs=1e-5
    )


@pytest.mark.parametrize("endpoint", ["past-fees", "past-rewards", "past-prices"])
def test_an_own_instance_without_prices_says_so(fake_world: FakeWorld, endpoint: str) -> None:
    fake_world.world.has_price_feed = False
    with pytest.raises(WorldError, match=r"127\.0\.0\.1:\d+ has no past"):
        ask(made(endpoint, fake_world.url))


def test_an_own_instance_may_know_the_last_weeks_alone(fake_world: FakeWorld) -> None:
    fake_world.world.index_days = 76
    answer = ask(made("past-hashrate", fake_world.url))
    assert set(of(answer, Q.HASHRATE)) == set(range(today() - 76, today()))
    assert len(answer.retargets) in {5, 6}


@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        (Q.HASHRATE, lambda day: past.hashrate_hs(day) * 1.004),
        (Q.PRICE, lambda day: past.price(day) * 1.001),
        (Q.FEES, past.fees_btc),
    ],
)
def test_charts_of_blockchain_com(
    fake_world: FakeWorld, quantity: DayQuantity, value: Callable[[int], float]
) -> None:
    feed = BlockchainDays(quantity, parse_address(fake_world.url), tools())
    assert of(ask(feed), quantity) == expected(value)
    assert feed.source == "blockchain.com"
    again = ask(feed, known_until(quantity, 5))
    assert set(of(again, quantity)) == set(range(today() - 8, today()))


def test_coin_metrics_comes_in_pages_whose_address_is_not_followed(fake_world: FakeWorld) -> None:
    fake_world.world.page_size = 400
    fake_world.world.no_fees_on = past.FIRST_DAY + 3
    feed = made("coin-metrics", fake_world.url)
    answer = ask(feed)
    whole: dict[DayQuantity, dict[int, float]] = {}
    steps = 1
    while True:
        for rows in answer.series:
            whole.setdefault(rows.quantity, {}).update(as_dict(rows))
        if not answer.more:
            break
        answer = ask(feed, Known({q: frozenset(rows) for q, rows in whole.items()}))
        steps += 1
    assert steps == -(-(len(expected(past.fees_btc)) - 400) // 396) + 1
    assert whole[Q.HASHRATE] == expected(past.hashrate_hs)
    assert whole[Q.ISSUANCE] == expected(past.issuance_btc)
    assert whole[Q.PRICE] == expected(lambda day: past.price(day) * 0.999)
    assert set(expected(past.fees_btc)) - set(whole[Q.FEES]) == {past.FIRST_DAY + 3}
    assert answer.cursor == ""
    assert all(r.path.startswith("/v4/") for r in fake_world.requests())


def test_coin_metrics_goes_on_from_its_last_days(fake_world: FakeWorld) -> None:
    answer = ask(made("coin-metrics", fake_world.url), known_until(Q.HASHRATE, 10, cursor=""))
    begin = date.fromordinal(today() - 13).isoformat()
    assert f"start_time={begin}" in fake_world.requests()[0].path
    assert set(of(answer, Q.HASHRATE)) == set(range(today() - 13, today()))


def test_a_page_that_does_not_lead_on_is_the_last(fake_world: FakeWorld) -> None:
    fake_world.world.page_size = 3
    answer = ask(made("coin-metrics", fake_world.url), known_until(Q.HASHRATE, 50))
    assert not answer.more
    assert ask(made("coin-metrics", fake_world.url)).more


def test_a_chart_that_is_down_says_why(fake_world: FakeWorld) -> None:
    fake_world.world.charts_down = "maintenance"
    with pytest.raises(WorldError, match=r"no chart hash-rate now: maintenance"):
        ask(made("blockchain", fake_world.url))


def test_a_block_that_cannot_be_spoils_the_sums(fake_world: FakeWorld) -> None:
    fake_world.set_all(Mode.ABSURD)
    with pytest.raises(WorldError, match="a block cannot be so"):
        ask(made("past-fees", fake_world.url), known_until(Q.FEES, 2))


def test_a_day_that_lacks_a_block_is_not_summed(fake_world: FakeWorld) -> None:
    fake_world.world.lost_block_on = today() - 1
    answer = ask(made("past-fees", fake_world.url), known_until(Q.FEES, 3))
    assert set(of(answer, Q.FEES)) == {today() - 2}


@pytest.mark.parametrize("endpoint", PAST)
def test_the_day_that_is_not_over_is_left_out(fake_world: FakeWorld, endpoint: str) -> None:
    fake_world.world.jump(3 * 86_400)  # it knows three days more than are over here
    answer = ask(made(endpoint, fake_world.url))
    for rows in answer.series:
        assert max(rows.day) == today() - 1


@pytest.mark.parametrize("endpoint", PAST)
@pytest.mark.parametrize(
    "mode",
    [
        *(Mode.ERROR, Mode.FORBIDDEN, Mode.NOT_READY, Mode.CUT, Mode.HANG_UP, Mode.EMPTY),
        *(Mode.HTML, Mode.GARBAGE, Mode.WRONG_TYPES, Mode.NULLS, Mode.ABSURD, Mode.NO_LISTS),
    ],
)
def test_a_bad_answer_is_one_sentence(fake_world: FakeWorld, endpoint: str, mode: Mode) -> None:
    fake_world.set_all(mode)
    with pytest.raises(WorldError, match=r"127\.0\.0\.1|blockchain\.com|Coin Metrics"):
        ask(made(endpoint, fake_world.url))


@pytest.mark.parametrize("endpoint", PAST)
def test_a_source_that_asks_for_patience_gets_it(fake_world: FakeWorld, endpoint: str) -> None:
    fake_world.set_all(Mode.TOO_MANY)
    with pytest.raises(RetryLater) as caught:
        ask(made(endpoint, fake_world.url))
    assert caught.value.retry_after_s == 120


@pytest.mark.parametrize("endpoint", PAST)
def test_a_cancelled_step_asks_nobody(fake_world: FakeWorld, endpoint: str) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        made(endpoint, fake_world.url).ask(Known(), token)
    assert fake_world.requests() == []


def test_times_under_their_documented_name_are_read(fake_world: FakeWorld) -> None:
    fake_world.modes = {"past-hashrate": Mode.OLD_NAMES}
    answer = ask(made("past-hashrate", fake_world.url))
    assert [r.height for r in answer.retargets] == [
        row[0] for row in past.retargets(fake_world.world)
    ]


def test_what_is_fresh_is_said(fake_world: FakeWorld) -> None:
    fake_world.headers = {"Cache-Control": "max-age=300"}
    assert ask(made("past-retargets", fake_world.url)).fresh_for_s == 300


def test_public_sources_are_asked_at_most_once_a_minute(fake_world: FakeWorld) -> None:
    for endpoint in PAST:
        feed = made(endpoint, fake_world.url)
        assert feed.pause_s >= 60
        assert feed.interval_s >= 3600


def test_a_source_is_built_where_it_has_an_address() -> None:
    def clock() -> datetime:
        return now()

    assert build_day_feeds(DayConfig(), "USD", clock) == ()
    everything = DayConfig(
        mempool_url="http://127.0.0.1:1/api",
        blockchain_url="http://127.0.0.1:2",
        coin_metrics_url="http://127.0.0.1:3",
        core_url="http://127.0.0.1:4",
        accept_any_certificate=True,
    )
    feeds = build_day_feeds(everything, "EUR", clock)
    names = [feed.name for feed in feeds]
    assert len(names) == len(set(names)) == 12
    assert {feed.source for feed in feeds} == {
        *("Bitcoin Core", "127.0.0.1:1", "blockchain.com", "Coin Metrics")
    }
    assert "mempool past prices EUR" in names
    (usd,) = [n for n in names if "prices" in n and "EUR" not in n]
    assert usd == "mempool past prices USD"
    with pytest.raises(UserError, match="not an address"):
        build_day_feeds(DayConfig(blockchain_url="nowhere"), "USD", clock)
