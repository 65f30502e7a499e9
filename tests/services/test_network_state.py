"""Readings in, one state out: every rule of freshness, outliers, currencies and projection."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.readings import NetworkState, Provenance, Quantity, Reading
from minerdesk.services.network_state import build_state
from minerdesk.services.rules import Rules

NOW = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
HOST = "mempool.space"


def a(
    quantity: Quantity,
    value: float,
    source: str = HOST,
    age_min: float = 0,
    *,
    currency: str = "",
    typed: bool = False,
    days: float | None = None,
) -> Reading:
    return Reading(
        quantity,
        value,
        "typed" if typed else source,
        NOW - timedelta(minutes=age_min),
        Provenance.TYPED if typed else Provenance.LIVE,
        currency,
        days,
    )


def price(value: float, source: str = HOST, age_min: float = 0, currency: str = "USD") -> Reading:
    return a(Quantity.PRICE, value, source, age_min, currency=currency)


def rate(value: float, currency: str, age_min: float = 0) -> Reading:
    return a(Quantity.EXCHANGE_RATE, value, "European Central Bank", age_min, currency=currency)


def state(*readings: Reading, currency: str = "USD", now: datetime = NOW) -> NetworkState:
    return build_state(readings, now=now, currency=currency, online=True)


EXAMPLE = tuple(
    Reading(q, v, "embedded snapshot", NOW - timedelta(days=1), Provenance.EMBEDDED, c, d)
    for q, v, c, d in (
        (Quantity.PRICE, 93_049.0, "USD", None),
        (Quantity.HEIGHT, 932_935.0, "", None),
        (Quantity.DIFFICULTY, 146_472_570_619_930.78, "", None),
        (Quantity.FEES, 0.0148, "", None),
        (Quantity.HASHRATE, 9.77e20, "", 7.0),
        (Quantity.EXCHANGE_RATE, 0.86, "EUR", None),
    )
)


class TestPrice:
    def test_the_median_of_the_fresh(self) -> None:
        found = state(price(93_000), price(93_100, "Coinbase"), price(93_050, "Kraken")).price
        assert found.value == 93_050
        assert found.reading is not None
        assert found.reading.source == "median of mempool.space, Coinbase, Kraken"
        assert len(found.beside) == 3
        assert not found.disputed

    def test_an_old_one_is_shown_and_not_counted(self) -> None:
        found = state(price(90_000, "Coinbase", 6), price(93_050, "Kraken", 4)).price
        assert found.value == 93_050
        assert len(found.beside) == 2
        assert not found.disputed

    def test_mempool_is_fresh_for_75_minutes(self) -> None:
        assert state(price(93_000, HOST, 75)).price.is_stale(NOW) is False
        assert state(price(93_000, HOST, 75.1)).price.is_stale(NOW) is True
        assert state(price(93_000, "Kraken", 5)).price.is_stale(NOW) is False
        assert state(price(93_000, "Kraken", 5.1)).price.is_stale(NOW) is True

    def test_an_outlier_is_named_and_left_out(self) -> None:
        found = state(price(93_000), price(97_000, "Coinbase"), price(93_100, "Kraken")).price
        assert found.left_out == ("Coinbase",)
        assert found.value == 93_050
        assert len(found.beside) == 3

    def test_just_inside_is_no_outlier(self) -> None:
        found = state(price(100_000), price(101_500, "Coinbase"), price(100_000, "Kraken")).price
        assert found.left_out == ()

    def test_two_that_differ_are_disputed(self) -> None:
        found = state(price(100_000, "Coinbase"), price(102_000, "Kraken")).price
        assert found.disputed
        assert found.value == 101_000
        assert found.spread == pytest.approx(0.5 * 2_000 / 101_000)
        assert len(found.beside) == 2

    def test_two_that_agree_are_not(self) -> None:
        found = state(price(100_000, "Coinbase"), price(101_000, "Kraken")).price
        assert not found.disputed
        assert found.spread == 0

    def test_two_camps_are_all_kept(self) -> None:
        found = state(*(price(v, s) for v, s in zip((90e3, 90e3, 99e3, 99e3), "abcd", strict=True)))
        assert found.price.value == 94_500
        assert found.price.left_out == ()

    def test_an_hourly_price_beside_a_live_one_does_not_make_it_old(self) -> None:
        found = state(price(93_000, HOST, 60), price(93_010, "Coinbase", 1)).price
        assert found.reading is not None
        assert found.reading.age(NOW) == timedelta(minutes=1)
        assert found.stale_after == timedelta(minutes=5)

    def test_with_none_fresh_the_newest_stays(self) -> None:
        found = state(price(93_000, HOST, 300), price(92_000, "Coinbase", 200)).price
        assert found.value == 92_000
        assert found.is_stale(NOW)

    def test_a_typed_price_wins_and_is_never_old(self) -> None:
        typed = a(Quantity.PRICE, 100_000, age_min=9_999, currency="USD", typed=True)
        found = state(price(93_000, "Kraken"), typed).price
        assert found.value == 100_000
        assert found.is_typed
        assert not found.is_stale(NOW)
        assert len(found.beside) == 2

    def test_none_at_all(self) -> None:
        found = state(a(Quantity.FEES, 0.01)).price
        assert found.reading is None
        assert found.is_stale(NOW)

    @given(st.lists(st.floats(1, 1e6), min_size=1, max_size=6), st.randoms())
    def test_order_does_not_matter(self, values: list[float], random: object) -> None:
        del random
        readings = [price(v, f"s{i}") for i, v in enumerate(values)]
        there, back = state(*readings).price, state(*reversed(readings)).price
        assert there.value == back.value
        assert set(there.left_out) == set(back.left_out)
        assert there.value is not None
        assert min(values) <= there.value <= max(values)


class TestCurrency:
    def test_a_price_in_the_books_currency_comes_first(self) -> None:
        found = state(
            price(93_000, "Kraken"),
            price(80_000, HOST, 70, "EUR"),
            rate(0.9, "EUR"),
            currency="EUR",
        )
        assert found.price.value == 80_000
        assert found.price_note == ""

    def test_else_dollars_times_the_rate_and_it_is_said(self) -> None:
        found = state(price(100_000, "Kraken"), rate(0.9, "EUR"), currency="EUR")
        assert found.price.value == pytest.approx(90_000)
        assert found.price.reading is not None
        assert found.price.reading.currency == "EUR"
        assert found.price_note == (
            "converted from USD: 1 USD = 0.9 EUR (European Central Bank, 2026-01-20)"
        )

    def test_fresh_dollars_come_before_an_old_direct_price(self) -> None:
        found = state(
            price(100_000, "Kraken"),
            price(80_000, HOST, 200, "EUR"),
            rate(0.9, "EUR"),
            currency="EUR",
        )
        assert found.price.value == pytest.approx(90_000)

    @pytest.mark.parametrize(("direct_age", "value"), [(250, 80_000), (300, 80_000), (400, 90_000)])
    def test_of_old_prices_the_newest(self, direct_age: float, value: float) -> None:
        found = state(
            price(100_000, "Kraken", 300),
            price(80_000, HOST, direct_age, "EUR"),
            rate(0.9, "EUR"),
            currency="EUR",
        )
        assert found.price.value == pytest.approx(value)
        assert bool(found.price_note) is (value == 90_000)

    def test_without_a_rate_there_is_no_price(self) -> None:
        found = state(price(100_000, "Kraken"), currency="SEK")
        assert found.price.reading is None
        assert len(found.price.beside) == 1
        assert not found.complete

    def test_a_price_typed_in_another_currency_is_converted(self) -> None:
        typed = a(Quantity.PRICE, 45_000, currency="EUR", typed=True)
        found = state(price(93_000, "Kraken"), typed, rate(0.9, "EUR"))
        assert found.price.value == pytest.approx(50_000)
        assert found.price.is_typed
        assert "1 EUR = 1.11111 USD" in found.price_note

    def test_a_typed_rate_wins(self) -> None:
        typed = a(Quantity.EXCHANGE_RATE, 0.5, age_min=99_999, currency="EUR", typed=True)
        found = state(price(100_000, "Kraken"), rate(0.9, "EUR"), typed, currency="EUR")
        assert found.price.value == pytest.approx(50_000)
        assert [r.value for r in found.rates] == [0.5]

    def test_the_newest_rate_of_each_currency(self) -> None:
        found = state(rate(0.8, "EUR", 90), rate(0.9, "EUR"), rate(150, "JPY"))
        assert {r.currency: r.value for r in found.rates} == {"EUR": 0.9, "JPY": 150}


class TestExample:
    def test_it_stands_where_nothing_is_known(self) -> None:
        found = build_state((), now=NOW, example=EXAMPLE)
        assert found.example_of == NOW - timedelta(days=1)
        assert found.complete
        assert found.price.value == 93_049
        assert found.hashrate.value == 9.77e20
        assert found.retarget is None

    @pytest.mark.parametrize(
        "known",
        [
            a(Quantity.FEES, 0.02),
            a(Quantity.HEIGHT, 900_000, age_min=1e6),
            price(90_000, age_min=5_000),
            a(Quantity.PRICE, 90_000, currency="USD", typed=True),
            a(Quantity.FEES, 0.02, age_min=-600),
        ],
    )
    def test_it_fills_no_gap(self, known: Reading) -> None:
        found = build_state((known,), now=NOW, example=EXAMPLE)
        assert found.example_of is None
        assert not found.complete
        for gauge in (found.price, found.height, found.difficulty, found.fees, found.hashrate):
            assert gauge.reading is None or gauge.reading.provenance is not Provenance.EMBEDDED

    def test_it_is_shown_in_the_books_currency_by_its_own_rate(self) -> None:
        found = build_state((rate(0.5, "EUR"),), now=NOW, example=EXAMPLE, currency="EUR")
        assert found.example_of is not None
        assert found.price.value == pytest.approx(93_049 * 0.86)
        assert "embedded snapshot" in found.price_note

    def test_a_rate_it_lacks_is_lent_to_it(self) -> None:
        found = build_state((rate(10, "SEK"),), now=NOW, example=EXAMPLE, currency="SEK")
        assert found.price.value == pytest.approx(930_490)
        assert "European Central Bank" in found.price_note


class TestGauges:
    @pytest.mark.parametrize(
        ("quantity", "minutes"),
        [
            (Quantity.HEIGHT, 30),
            (Quantity.DIFFICULTY, 30),
            (Quantity.FEES, 60),
            (Quantity.HASHRATE, 24 * 60),
        ],
    )
    def test_from_which_age_they_are_stale(self, quantity: Quantity, minutes: float) -> None:
        def is_stale(age_min: float) -> bool:
            found = state(a(quantity, 1.0, age_min=age_min))
            gauge = getattr(found, quantity.value)
            return bool(gauge.is_stale(NOW))

        assert not is_stale(minutes)
        assert is_stale(minutes + 0.1)

    def test_the_own_node_comes_first_while_it_is_fresh(self) -> None:
        def fees(age_min: float) -> float | None:
            return state(
                a(Quantity.FEES, 0.02), a(Quantity.FEES, 0.03, "Bitcoin Core", age_min)
            ).fees.value

        assert fees(10) == 0.03
        assert fees(61) == 0.02

    def test_the_highest_fresh_tip(self) -> None:
        def height(age_min: float) -> float | None:
            return state(
                a(Quantity.HEIGHT, 100, "Bitcoin Core"), a(Quantity.HEIGHT, 101, HOST, age_min)
            ).height.value

        assert height(5) == 101
        assert height(31) == 100

    def test_a_typed_height_wins(self) -> None:
        assert state(a(Quantity.HEIGHT, 101), a(Quantity.HEIGHT, 7, typed=True)).height.value == 7

    def test_old_heights_are_better_than_none(self) -> None:
        found = state(a(Quantity.HEIGHT, 100, age_min=99), a(Quantity.HEIGHT, 101, "x", 98))
        assert found.height.value == 101

    def test_a_days_hashrate_is_no_weeks(self) -> None:
        daily = a(Quantity.HASHRATE, 1e20, days=1)
        assert state(daily).hashrate.reading is None
        weekly = a(Quantity.HASHRATE, 2e20, days=7, age_min=60)
        assert state(daily, weekly).hashrate.value == 2e20

    def test_a_reading_of_tomorrow_is_not_believed(self) -> None:
        found = state(a(Quantity.FEES, 0.5, age_min=-11), a(Quantity.FEES, 0.01, "x", 50))
        assert found.fees.value == 0.01
        assert state(a(Quantity.FEES, 0.5, age_min=-9)).fees.value == 0.5

    def test_the_limits_are_settings(self) -> None:
        rules = Rules(fees=timedelta(minutes=5), outlier_fraction=0.5)
        readings = (a(Quantity.FEES, 1, age_min=6), price(1, "a"), price(1, "b"), price(1.4, "c"))
        found = build_state(readings, now=NOW, rules=rules)
        assert found.fees.is_stale(NOW)
        assert found.price.left_out == ()


HEIGHT = 932_935
START_S = NOW.timestamp() - 1544 * 600 / 0.9616


class TestRetarget:
    def test_by_the_own_formula(self) -> None:
        found = state(
            a(Quantity.HEIGHT, HEIGHT),
            a(Quantity.EPOCH_START, START_S),
            a(Quantity.RETARGET, -9.0),
            a(Quantity.PREVIOUS_RETARGET, -1.2046),
        ).retarget
        assert found is not None
        assert found.change_pct == pytest.approx(-3.84)
        assert found.error_pct == pytest.approx(100 * (1 / 1543 - 1 / 2016) ** 0.5)
        assert found.source == "own formula"
        assert (found.height, found.remaining_blocks) == (933_408, 473)
        assert found.previous_pct == -1.2046
        assert (found.at - NOW).total_seconds() == pytest.approx(
            473 * 1544 / 1543 * 600 / 0.9616, abs=1
        )

    def test_else_by_the_sources_value_which_is_named(self) -> None:
        found = state(a(Quantity.HEIGHT, HEIGHT), a(Quantity.RETARGET, -9.0)).retarget
        assert found is not None
        assert (found.change_pct, found.source) == (-9.0, HOST)
        assert found.error_pct == pytest.approx(100 * (1 / 1543 - 1 / 2016) ** 0.5)
        assert (found.at - NOW).total_seconds() == pytest.approx(473 * 600 / 0.91)
        assert found.previous_pct is None

    def test_a_typed_change_wins(self) -> None:
        found = state(
            a(Quantity.HEIGHT, HEIGHT),
            a(Quantity.EPOCH_START, START_S),
            a(Quantity.RETARGET, 5.0, typed=True),
        ).retarget
        assert found is not None
        assert (found.change_pct, found.source) == (5.0, "typed")

    def test_early_in_an_epoch_the_quarter_is_needed(self) -> None:
        early = (
            a(Quantity.HEIGHT, 931_492),
            a(Quantity.EPOCH_START, NOW.timestamp() - 100 * 500),
            a(Quantity.RETARGET, 1.0),
        )
        previous = a(Quantity.PREVIOUS_RETARGET, 0.0)
        quarter = a(Quantity.QUARTER_TIME, NOW.timestamp() - 503 * 500)
        sources = [
            found.retarget.source
            for found in (
                state(*early),
                state(*early, previous),
                state(*early, quarter),
                state(*early, previous, quarter),
            )
            if found.retarget is not None
        ]
        assert sources == [HOST, HOST, HOST, "own formula"]
        found = state(*early, previous, quarter).retarget
        assert found is not None
        assert found.change_pct == pytest.approx((600 * 504 / (503 * 500) - 1) * 100)

    def test_the_last_block_settles_it(self) -> None:
        tip_s = NOW.timestamp() - 1_000
        found = state(
            a(Quantity.HEIGHT, 933_407),
            a(Quantity.EPOCH_START, tip_s - 2015 * 600),
            a(Quantity.TIP_TIME, tip_s),
        ).retarget
        assert found is not None
        assert found.change_pct == pytest.approx((2016 / 2015 - 1) * 100)

    def test_a_start_read_long_before_the_height_belongs_to_nothing(self) -> None:
        found = state(a(Quantity.HEIGHT, HEIGHT), a(Quantity.EPOCH_START, START_S, age_min=31))
        assert found.retarget is None

    def test_the_last_epochs_start_is_seen_through(self) -> None:
        found = state(
            a(Quantity.HEIGHT, 933_409),
            a(Quantity.EPOCH_START, START_S),
            a(Quantity.PREVIOUS_RETARGET, 0.0),
            a(Quantity.QUARTER_TIME, START_S),
        )
        assert found.retarget is None

    def test_an_old_height_is_projected_from_its_own_time(self) -> None:
        found = state(
            a(Quantity.HEIGHT, HEIGHT, age_min=600),
            a(Quantity.EPOCH_START, START_S - 36_000, age_min=600),
        ).retarget
        assert found is not None
        assert found.change_pct == pytest.approx(-3.84)
        assert found.taken_at == NOW - timedelta(minutes=600)

    def test_without_a_height_there_is_none(self) -> None:
        assert state(a(Quantity.RETARGET, -9.0)).retarget is None
        assert state(a(Quantity.RETARGET, -9.0), a(Quantity.HEIGHT, 1, typed=True)).retarget is None
        assert state(a(Quantity.HEIGHT, HEIGHT)).retarget is None
