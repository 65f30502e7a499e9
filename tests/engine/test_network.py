from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.engine.network import (
    NetworkNow,
    btc_per_ths_day,
    chance_of_a_block,
    hashes_per_block,
    hashprice_per_ph_day,
    hashrate_from_blocks,
    hashrate_from_difficulty,
    hashvalue_btc_per_ph_day,
    mean_fees_btc,
    poisson_error_pct,
    subsidy_btc,
    subsidy_sat,
)
from minerdesk.engine.retarget import hashes_per_block_exact
from tests.engine.books import networks

JANUARY_DIFFICULTY = 146_472_570_619_930.78


@pytest.mark.parametrize("halving", range(70))
def test_subsidy_halves_at_the_block_itself(halving: int) -> None:
    whole = 50 * 100_000_000
    expected = whole
    for _ in range(halving):
        expected //= 2
    assert subsidy_sat(210_000 * halving) == expected
    assert subsidy_sat(210_000 * halving + 209_999) == expected


def test_subsidy_of_known_heights() -> None:
    assert subsidy_btc(0) == 50
    assert subsidy_btc(839_999) == 6.25
    assert subsidy_btc(840_000) == 3.125
    assert subsidy_btc(932_936) == 3.125
    assert subsidy_btc(1_050_000) == 1.5625
    assert subsidy_sat(6_929_999) == 1
    assert subsidy_sat(6_930_000) == 0
    # A shift by 64 and more would wrap around in fixed-width arithmetic.
    assert subsidy_sat(210_000 * 64) == 0


def test_all_coins_are_just_under_21_million() -> None:
    assert sum(210_000 * subsidy_sat(210_000 * n) for n in range(64)) == 2_099_999_997_690_000


def test_subsidy_refuses_a_negative_height() -> None:
    with pytest.raises(ValueError, match="-1"):
        subsidy_sat(-1)


def test_coins_of_a_90_ths_machine() -> None:
    coins = 90 * btc_per_ths_day(27_452_707_696_466.3) * 6.25
    assert coins == pytest.approx(0.000412184, rel=1e-6)


def test_hashprice_at_a_round_difficulty() -> None:
    now = NetworkNow(100_000, 1e14, 3.125, 0)
    assert hashprice_per_ph_day(now) == pytest.approx(62.864, abs=5e-4)
    assert hashprice_per_ph_day(now) == pytest.approx(62.81, rel=0.0015)  # the source truncates


def test_hashprice_of_july_2021() -> None:
    fees = 6.25 * 0.0157
    per_ths = hashprice_per_ph_day(NetworkNow(31_338, 14.363e12, 6.25, fees)) / 1000
    assert per_ths == pytest.approx(0.27863, rel=1e-4)
    assert per_ths == pytest.approx(0.2787, rel=1e-3)


def test_a_post_that_prints_the_old_difficulty_is_not_reproduced() -> None:
    # January 2026: the post's hashvalue belongs to 146.47 T, though its text says 148.26 T.
    def hashvalue(difficulty: float) -> float:
        return hashvalue_btc_per_ph_day(NetworkNow(1, difficulty, 3.125, 0.022))

    published = 0.00043143
    assert hashvalue(146.47e12) == pytest.approx(published, rel=2e-3)
    assert hashvalue(148.26e12) == pytest.approx(0.00042635, rel=2e-3)
    assert abs(hashvalue(148.26e12) / published - 1) > 0.01


def test_coins_of_a_petahash_in_the_foundry_contract() -> None:
    assert btc_per_ths_day(21_448_277_761_059) * 1000 * 6.25 == pytest.approx(0.0058619, abs=5e-8)


def test_january_2026() -> None:
    now = NetworkNow(92_526, JANUARY_DIFFICULTY, 3.125, 0.0148)
    assert btc_per_ths_day(JANUARY_DIFFICULTY) * now.reward_btc == pytest.approx(
        4.3122e-7, abs=5e-12
    )
    assert round(hashprice_per_ph_day(now), 2) == 39.90
    assert round(hashprice_per_ph_day(now._replace(fees_btc=0)), 2) == 39.71


def test_a_hobbyist_of_2011() -> None:
    # 7,255,634,282,020,860 hashes a block; 3,120 MH/s and 1.55 kW at 0.149 a kWh; 50 BTC a block.
    difficulty = 7_255_634_282_020_860 / 2**32
    assert difficulty == pytest.approx(1_689_334, rel=1e-6)
    days = 1 / (0.00312 * btc_per_ths_day(difficulty))
    assert days * 24 == pytest.approx(645.98, abs=0.01)
    assert days * 24 * 1.55 == pytest.approx(1_001.3, abs=0.05)
    assert days * 24 * 1.55 * 0.149 / 50 == pytest.approx(2.984, abs=0.001)


def test_the_two_factors_differ_by_0_0015_percent() -> None:
    shortcut, exact = hashes_per_block(1.0), hashes_per_block_exact(0x1D00FFFF)
    assert shortcut == 4_294_967_296
    assert exact == pytest.approx(4_295_032_833, abs=1)
    assert exact / shortcut - 1 == pytest.approx(1.5259e-5, rel=1e-4)


def test_hashrate_from_difficulty() -> None:
    assert hashrate_from_difficulty(146.47e12) == pytest.approx(1.0485e21, rel=1e-4)


@given(networks)
def test_hashprice_is_86_4_times_the_price_of_an_exahash(now: NetworkNow) -> None:
    money_per_exahash = 1e18 / hashes_per_block(now.difficulty) * now.reward_btc * now.price_per_btc
    assert hashprice_per_ph_day(now) == pytest.approx(86.4 * money_per_exahash, rel=1e-12)


@given(networks, st.floats(0.1, 10))
def test_hashprice_follows_price_and_difficulty(now: NetworkNow, factor: float) -> None:
    base = hashprice_per_ph_day(now)
    dearer = now._replace(price_per_btc=now.price_per_btc * factor)
    harder = now._replace(difficulty=now.difficulty * factor)
    assert hashprice_per_ph_day(dearer) == pytest.approx(base * factor)
    assert hashprice_per_ph_day(harder) == pytest.approx(base / factor)


@given(networks)
def test_a_network_at_its_own_hashrate_earns_144_rewards_a_day(now: NetworkNow) -> None:
    ths = hashrate_from_difficulty(now.difficulty) / 1e12
    assert ths * btc_per_ths_day(now.difficulty) == pytest.approx(144)


@pytest.mark.parametrize("difficulty", [0.0, -1.0, math.nan, math.inf])
def test_difficulty_outside_its_range_is_refused(difficulty: float) -> None:
    with pytest.raises(ValueError, match="difficulty must be"):
        btc_per_ths_day(difficulty)


def test_fee_share() -> None:
    assert NetworkNow(1, 1, 3, 1).fee_share == 0.25
    assert NetworkNow(1, 1, 0, 0).fee_share == 0


def test_mean_fees() -> None:
    assert mean_fees_btc(1_311_748_254, 100) == pytest.approx(0.13117482, abs=1e-8)
    assert mean_fees_btc(0, 144) == 0
    with pytest.raises(ValueError, match="at least one block"):
        mean_fees_btc(1, 0)
    with pytest.raises(ValueError, match="negative"):
        mean_fees_btc(-1, 144)


def test_hashrate_from_a_count_of_blocks() -> None:
    each = hashes_per_block(146.47e12)
    day = hashrate_from_blocks(144, 86_400, each)
    assert day.hashrate_hs == pytest.approx(hashrate_from_difficulty(146.47e12))
    assert day.error_hs / day.hashrate_hs == pytest.approx(1 / 12)
    for blocks, span in ((0, 600.0), (1, 0.0), (1, -1.0), (1, math.nan)):
        with pytest.raises(ValueError, match="needs blocks and time"):
            hashrate_from_blocks(blocks, span, each)


@pytest.mark.parametrize(
    ("days", "percent"), [(1, 8.33), (3, 4.81), (7, 3.15), (14, 2.23), (30, 1.52)]
)
def test_poisson_error(days: float, percent: float) -> None:
    assert round(poisson_error_pct(days), 2) == percent


def test_chance_of_a_block() -> None:
    difficulty, ths = 146.47e12, 1.2
    blocks_a_year = ths * btc_per_ths_day(difficulty) * 365.25
    assert chance_of_a_block(ths, difficulty, 365.25) == pytest.approx(blocks_a_year, rel=1e-4)
    assert chance_of_a_block(1e12, 1.0, 365) == 1.0
    assert chance_of_a_block(ths, difficulty, 0) == 0
