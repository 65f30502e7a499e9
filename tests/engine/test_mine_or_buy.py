from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.engine.mine_or_buy import Holding, mine_or_buy

PRICE = 90_000.0
PLAIN = Holding(months=12, discount=0.0)
rates = st.floats(0, 0.6)


def test_today_without_growth() -> None:
    found = mine_or_buy(np.array([0.01, 0.01]), np.array([450.0, 1_350.0]), PRICE, PLAIN)
    assert found.coins == pytest.approx([3.6525] * 2)
    assert found.power_money == pytest.approx([164_362.5, 493_087.5])
    assert found.cost_per_btc == pytest.approx([45_000, 135_000])
    assert found.premium == pytest.approx([-0.5, 0.5])
    assert found.coins_bought == pytest.approx([1.82625, 5.47875])
    assert found.price_needed == pytest.approx([45_000, 135_000])
    assert found.price_needed_bought == pytest.approx(PRICE)


def test_growth_of_difficulty_is_its_integral() -> None:
    holding = replace(PLAIN, months=24, difficulty_growth=0.5)
    days = np.linspace(0, holding.days, 200_001)
    each = 1.5 ** (-days / 365.25)
    expected = float(((each[1:] + each[:-1]) / 2 * np.diff(days)).sum())
    assert holding.coin_days() == pytest.approx(expected, rel=1e-8)


def test_a_halving_within_the_horizon_counts() -> None:
    halved = replace(PLAIN, halving_in_days=100.0, reward_after=0.5)
    assert halved.coin_days() == pytest.approx(100 + 0.5 * (365.25 - 100))
    assert replace(halved, halving_in_days=4_000.0).coin_days() == pytest.approx(365.25)
    assert replace(halved, halving_in_days=-3.0).coin_days() == pytest.approx(0.5 * 365.25)


def test_the_discount_rate_is_asked_of_money_as_it_is_spent() -> None:
    holding = Holding(months=12, discount=0.10)
    found = mine_or_buy(np.array([0.01]), np.array([900.0]), PRICE, holding)
    factor = 0.10 / np.log(1.10)  # of money spent evenly through the year
    assert found.price_needed == pytest.approx([PRICE * factor])
    assert found.price_needed_bought == pytest.approx(99_000)


def test_taxes() -> None:
    holding = Holding(months=12, discount=0.0, income_tax=0.3, gains_tax=0.2)
    found = mine_or_buy(np.array([0.01, 0.01]), np.array([450.0, 1_350.0]), PRICE, holding)
    # A profit of 45,000 a coin is taxed as it is mined; 45,000 + 13,500 lie below today's price.
    # A loss pays no income tax; its 45,000 of gain must remain after a fifth is taken.
    assert found.price_needed == pytest.approx([58_500, PRICE + 45_000 / 0.8])


@given(
    coins=st.floats(1e-6, 10),
    cost=st.floats(-1_000, 100_000),
    holding=st.builds(
        Holding,
        months=st.floats(1, 60),
        difficulty_growth=st.floats(-0.3, 1),
        discount=st.floats(0, 1),
        income_tax=rates,
        gains_tax=rates,
    ),
    price=st.floats(1_000, 1e6),
)
def test_no_price_makes_up_for_a_premium(
    coins: float, cost: float, holding: Holding, price: float
) -> None:
    found = mine_or_buy(np.array([coins]), np.array([cost]), PRICE, holding)
    tax = holding.income_tax * max(float(found.coins[0]) * PRICE - float(found.power_money[0]), 0)

    def left(held: float) -> float:
        return held * (price - holding.gains_tax * max(price - PRICE, 0))

    bought = (float(found.power_money[0]) + tax) / PRICE
    mining_wins = left(float(found.coins[0])) > left(bought)
    if abs(found.premium[0]) > 1e-9:
        assert mining_wins == (found.premium[0] < 0)


@given(st.floats(0, 1), rates, st.floats(10, 5_000))
def test_the_price_needed_returns_the_money(discount: float, tax: float, cost: float) -> None:
    holding = Holding(months=18, discount=discount, gains_tax=tax)
    found = mine_or_buy(np.array([0.01]), np.array([cost]), PRICE, holding)
    price = float(found.price_needed[0])
    worth = float(found.coins[0]) * (price - tax * max(price - PRICE, 0))
    days = np.linspace(0, holding.days, 20_001)
    grown = cost * (1 + discount) ** ((holding.days - days) / 365.25)
    owed = float(((grown[1:] + grown[:-1]) / 2 * np.diff(days)).sum())
    assert worth == pytest.approx(owed, rel=1e-6)


def test_a_host_s_share_is_money_spent() -> None:
    found = mine_or_buy(
        np.array([0.01, 0.01]), np.array([450.0, 1_350.0]), PRICE, PLAIN, np.array([0.8, 0.8])
    )
    # A coin leaves 45,000 of profit, of which the host takes 9,000; a loss is not shared.
    assert found.power_money == pytest.approx([164_362.5, 493_087.5])
    assert found.host_money == pytest.approx([0.2 * 164_362.5, 0])
    assert found.cost_per_btc == pytest.approx([54_000, 135_000])
    assert found.premium == pytest.approx([-0.4, 0.5])
    assert found.coins_bought == pytest.approx([54_000 * 3.6525 / PRICE, 5.47875])
    assert found.price_needed == pytest.approx([54_000, 135_000])


def test_the_share_is_of_each_month_by_itself() -> None:
    """Half of the reward from the seventh month on: six months earn, six lose."""
    holding = replace(PLAIN, halving_in_days=365.25 / 2, reward_after=0.5)
    kept = np.array([0.5])
    found = mine_or_buy(np.array([0.01]), np.array([700.0]), PRICE, holding, kept)
    assert found.host_money == pytest.approx([0.5 * 200 * 365.25 / 2])
    taxed = mine_or_buy(
        np.array([0.01]), np.array([450.0]), PRICE, replace(PLAIN, income_tax=0.5), kept
    )
    # Of 45,000 a coin half is the host's, and of the rest half is tax.
    assert taxed.price_needed == pytest.approx([45_000 + 22_500 + 11_250])


def test_the_share_is_owed_from_the_end_of_its_month() -> None:
    holding = Holding(months=2.5, discount=0.2)
    found = mine_or_buy(np.array([0.01]), np.array([0.0]), PRICE, holding, np.array([0.5]))
    month = 0.5 * 900 * 365.25 / 12
    owed = month * (1.2 ** (1.5 / 12) + 1.2 ** (0.5 / 12) + 0.5)
    assert found.host_money == pytest.approx([2.5 * month])
    assert found.price_needed * found.coins == pytest.approx([owed])


@given(coins=st.floats(1e-6, 10), cost=st.floats(-1_000, 100_000), kept=st.floats(0.05, 1))
def test_a_share_turns_no_group_from_mining_to_buying(
    coins: float, cost: float, kept: float
) -> None:
    plain = mine_or_buy(np.array([coins]), np.array([cost]), PRICE, PLAIN)
    found = mine_or_buy(np.array([coins]), np.array([cost]), PRICE, PLAIN, np.array([kept]))
    if abs(plain.premium[0]) > 1e-9:
        assert (found.premium[0] < 0) == (plain.premium[0] < 0)


@pytest.mark.parametrize(
    "change",
    [
        {"months": 0},
        {"months": float("inf")},
        {"difficulty_growth": -1},
        {"discount": float("nan")},
        {"income_tax": 1},
        {"gains_tax": -0.1},
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="found"):
        replace(PLAIN, **change)
