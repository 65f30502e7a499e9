from __future__ import annotations

import numpy as np
import pytest

from minerdesk.engine.indicators.days import Days
from minerdesk.engine.indicators.value import (
    fee_share,
    hashprice_per_ph_day,
    puell,
    regression_price,
    supply_btc,
)
from minerdesk.engine.network import NetworkNow
from minerdesk.engine.network import hashprice_per_ph_day as of_network


def days(price: float = 100.0, count: int = 1) -> Days:
    def full(value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.full(count, value)

    return Days(738_000, full(price), full(1e21), full(146.47e12), full(2.0), full(450.0))


def test_a_steady_issuance_has_a_puell_multiple_of_one_after_a_year() -> None:
    found = puell(days(count=366))
    assert np.isnan(found[:364]).all()
    assert found[364:] == pytest.approx([1.0, 1.0])


def test_a_halved_price_halves_the_multiple_at_first() -> None:
    some = days(count=366)
    some.price[365] = 50.0
    assert puell(some)[365] == pytest.approx(0.5 / (1 - 0.5 / 365))


def test_daily_hashprice_is_the_networks_hashprice() -> None:
    found = hashprice_per_ph_day(days(93_000.0), np.array([3.125]))
    assert found[0] == pytest.approx(of_network(NetworkNow(93_000.0, 146.47e12, 3.125, 2 / 144)))


def test_the_fees_share_is_of_the_whole_reward() -> None:
    assert fee_share(days())[0] == pytest.approx(2 / 452)


@pytest.mark.parametrize(
    ("height", "coins"),
    [
        (0, 50.0),
        (209_999, 10_500_000.0),
        (210_000, 10_500_025.0),
        (839_999, 19_687_500.0),
        (10**9, 20_999_999.9769),
    ],
)
def test_the_supply_follows_the_protocol(height: int, coins: float) -> None:
    assert supply_btc(height) == pytest.approx(coins, abs=1e-9)


def test_there_is_no_supply_before_the_first_block() -> None:
    with pytest.raises(ValueError, match="found -1"):
        supply_btc(-1)


def test_the_regression_gives_its_published_value() -> None:
    found = regression_price(146_472_570_619_930.78, supply_btc(932_935))
    assert float(found) == pytest.approx(38_958, rel=2e-3)
