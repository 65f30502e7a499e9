"""Each source against the fake world: what it brings while all is well."""

from __future__ import annotations

from datetime import timedelta

import pytest

from minerdesk.domain.errors import UserError
from minerdesk.domain.readings import Provenance, Quantity
from minerdesk.feeds.sources import FeedConfig, build_feeds
from tests.feeds.asking import FEEDS, feed, fetch, now, only
from tests.support.fake_world import FakeWorld


def test_the_tip_and_when_its_epoch_began(fake_world: FakeWorld) -> None:
    answer = fetch(feed("tip", fake_world.url))
    assert only(answer.readings, Quantity.HEIGHT).value == 932_935
    start = only(answer.readings, Quantity.EPOCH_START)
    assert start.value == fake_world.world.epoch_start_s
    assert start.source == f"127.0.0.1:{fake_world.port}"
    assert fake_world.requests("blocks")[0].path == "/api/v1/blocks/931392"


def test_block_times_are_asked_once(fake_world: FakeWorld) -> None:
    asked = feed("tip", fake_world.url)
    for _call in range(3):
        assert only(fetch(asked).readings, Quantity.EPOCH_START)
    assert len(fake_world.requests("blocks")) == 1
    assert len(fake_world.requests("tip")) == 3


def test_early_in_an_epoch_one_block_a_call(fake_world: FakeWorld) -> None:
    fake_world.world.height = 931_392 + 100
    asked = feed("tip", fake_world.url)
    first = fetch(asked).readings
    assert {r.quantity for r in first} == {Quantity.HEIGHT, Quantity.QUARTER_TIME}
    quarter = only(first, Quantity.QUARTER_TIME)
    assert quarter.value == fake_world.world.block_time_s(931_392 + 100 - 503)
    second = fetch(asked).readings
    assert {r.quantity for r in second} == {
        Quantity.HEIGHT,
        Quantity.QUARTER_TIME,
        Quantity.EPOCH_START,
    }
    assert len(fake_world.requests("blocks")) == 2


def test_the_last_block_of_an_epoch_gives_its_time(fake_world: FakeWorld) -> None:
    fake_world.world.height = 933_407
    assert only(fetch(feed("tip", fake_world.url)).readings, Quantity.TIP_TIME)


def test_a_young_chain_has_no_quarter(fake_world: FakeWorld) -> None:
    fake_world.world.height = 100
    quantities = {r.quantity for r in fetch(feed("tip", fake_world.url)).readings}
    assert quantities == {Quantity.HEIGHT, Quantity.EPOCH_START}


def test_the_sources_own_projection(fake_world: FakeWorld) -> None:
    readings = fetch(feed("difficulty-adjustment", fake_world.url)).readings
    assert only(readings, Quantity.RETARGET).value == -3.5
    assert only(readings, Quantity.PREVIOUS_RETARGET).value == -1.2046
    assert only(readings, Quantity.EPOCH_START).value == fake_world.world.epoch_start_s


def test_hashrate_difficulty_and_their_history(fake_world: FakeWorld) -> None:
    answer = fetch(feed("hashrate", fake_world.url))
    assert only(answer.readings, Quantity.HASHRATE).value == 9.77e20
    assert only(answer.readings, Quantity.HASHRATE).window_days == 7
    assert only(answer.readings, Quantity.DIFFICULTY).value == 146_472_570_619_930.78
    days = [r for r in answer.series if r.quantity is Quantity.HASHRATE]
    epochs = [r for r in answer.series if r.quantity is Quantity.DIFFICULTY]
    assert (len(days), len(epochs)) == (90, 7)
    assert {r.window_days for r in days} == {1}
    assert max(r.taken_at for r in answer.series) < now()


def test_fees_are_the_mean_of_144_blocks(fake_world: FakeWorld) -> None:
    fees = only(fetch(feed("reward-stats", fake_world.url)).readings, Quantity.FEES)
    assert fees.value == pytest.approx(0.0148)


def test_mempool_prices_carry_their_own_time(fake_world: FakeWorld) -> None:
    fake_world.world.price_age_s = 3000
    readings = fetch(feed("prices", fake_world.url)).readings
    assert only(readings, Quantity.PRICE, "USD").value == 93_010
    euro = only(readings, Quantity.PRICE, "EUR")
    assert euro.value == 79_990
    assert timedelta(seconds=2990) < now() - euro.taken_at < timedelta(seconds=3010)


@pytest.mark.parametrize(("name", "price"), [("coinbase", 93_049.0), ("kraken", 93_071.3)])
def test_exchange_prices(fake_world: FakeWorld, name: str, price: float) -> None:
    (reading,) = fetch(feed(name, fake_world.url)).readings
    assert (reading.quantity, reading.value, reading.currency) == (Quantity.PRICE, price, "USD")
    assert reading.provenance is Provenance.LIVE


def test_coinbase_says_when_it_last_traded(fake_world: FakeWorld) -> None:
    fake_world.world.price_age_s = 3600
    (reading,) = fetch(feed("coinbase", fake_world.url)).readings
    assert now() - reading.taken_at > timedelta(minutes=59)


@pytest.mark.parametrize("name", ["coinbase", "prices"])
def test_a_source_whose_clock_is_ahead_is_dated_now(fake_world: FakeWorld, name: str) -> None:
    fake_world.world.jump(86_400)
    reading = fetch(feed(name, fake_world.url)).readings[0]
    assert timedelta(0) <= now() - reading.taken_at < timedelta(seconds=5)


def test_rates_are_turned_into_units_for_one_usd(fake_world: FakeWorld) -> None:
    readings = fetch(feed("ecb", fake_world.url)).readings
    assert only(readings, Quantity.EXCHANGE_RATE, "EUR").value == pytest.approx(1 / 1.1628)
    assert only(readings, Quantity.EXCHANGE_RATE, "JPY").value == pytest.approx(184.1 / 1.1628)
    assert {r.source for r in readings} == {"European Central Bank"}
    assert all(r.taken_at <= now() for r in readings)


def test_the_ecb_file_may_be_named_whole(fake_world: FakeWorld) -> None:
    whole = f"{fake_world.url}/eurofxref-daily.xml"
    assert fetch(feed("ecb", whole)).readings
    assert fake_world.requests("ecb")[0].path == "/eurofxref-daily.xml"


@pytest.mark.parametrize("name", FEEDS)
def test_a_source_says_how_long_its_answer_is_fresh(fake_world: FakeWorld, name: str) -> None:
    fake_world.headers["Cache-Control"] = "max-age=600"
    until = fetch(feed(name, fake_world.url)).fresh_until
    if name == "core":
        assert until is None
    else:
        assert until is not None
        assert timedelta(seconds=590) < until - now() <= timedelta(seconds=600)


def test_the_settings_say_which_feeds_there_are(fake_world: FakeWorld) -> None:
    url = fake_world.url
    config = FeedConfig(url, url, url, url, url)
    feeds = build_feeds(config, "EUR", now)
    assert [f.name for f in feeds] == [
        "bitcoin core",
        "mempool tip",
        "mempool difficulty-adjustment",
        "mempool hashrate",
        "mempool reward-stats",
        "mempool prices",
        "coinbase EUR",
        "coinbase USD",
        "kraken EUR",
        "kraken USD",
        "ecb rates",
    ]
    assert all(f.interval_s >= 60 for f in feeds)
    for found in feeds:
        assert fetch(found).problems == ()


def test_an_empty_address_switches_its_source_off() -> None:
    assert build_feeds(FeedConfig("", "", "", "", ""), "USD", now) == ()


def test_a_currency_no_exchange_trades_is_asked_in_usd() -> None:
    names = [f.name for f in build_feeds(FeedConfig(), "SEK", now)]
    assert "coinbase USD" in names
    assert not [name for name in names if "SEK" in name]


@pytest.mark.parametrize("place", range(5))
def test_a_wrong_address_is_the_users_error(place: int) -> None:
    urls = ["https://node.example"] * 5
    urls[place] = "nowhere"
    with pytest.raises(UserError, match="'nowhere' is not an address"):
        build_feeds(FeedConfig(urls[0], urls[1], urls[2], urls[3], urls[4]), "USD", now)


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")  # the choice that is tested
def test_any_certificate_is_accepted_from_the_own_instance_alone() -> None:
    with FakeWorld(tls=True) as world:
        config = FeedConfig(world.url, world.url, "", "", "", accept_any_certificate=True)
        feeds = {f.name: f for f in build_feeds(config, "USD", now)}
        assert fetch(feeds["mempool reward-stats"]).readings
        with pytest.raises(Exception, match="certificate"):
            fetch(feeds["coinbase USD"])
