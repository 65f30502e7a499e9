from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.engine.cost_curve import cost_curve
from minerdesk.engine.industry import Machines, weights

DAY = date(2026, 1, 19).toordinal()
# The third is too old, the fourth not yet delivered.
MACHINES = Machines(
    np.array([DAY - 700, DAY - 100, DAY - 1_900, DAY - 30]), np.array([30.0, 15.0, 20.0, 10.0])
)
COINS = 4.3e-7 / 86_400  # BTC of 1 TH


def test_shares_follow_the_weight_of_age_cheapest_first() -> None:
    found = cost_curve(
        DAY, MACHINES, price_per_kwh=0.05, earned_per_th=1, btc_per_th=COINS, pue=1.0
    )
    assert found.machine.tolist() == [1, 0]
    assert found.upto == pytest.approx([1.0 / 1.8, 1.0])
    assert found.cost_per_btc == pytest.approx(np.array([15, 30]) * 0.05 / 3.6e6 / COINS)


def test_a_machine_that_loses_does_not_count() -> None:
    earned = 20 * 0.05 / 3.6e6
    found = cost_curve(DAY, MACHINES, price_per_kwh=0.05, earned_per_th=earned, btc_per_th=COINS)
    assert found.machine.tolist() == [1]
    assert found.upto.tolist() == [1.0]


def test_who_mines_dearer() -> None:
    found = cost_curve(
        DAY, MACHINES, price_per_kwh=0.05, earned_per_th=1, btc_per_th=COINS, pue=1.0
    )
    cheap, dear = found.cost_per_btc
    costs = np.array([cheap - 1, cheap, dear - 1, dear, np.nan])
    share = found.dearer_share(costs)
    assert share[:4] == pytest.approx([1.0, 0.8 / 1.8, 0.8 / 1.8, 0.0])
    assert np.isnan(share[4])


def test_no_machine_is_no_share() -> None:
    found = cost_curve(DAY, MACHINES, price_per_kwh=0.05, earned_per_th=0, btc_per_th=COINS)
    assert not len(found.upto)
    assert np.isnan(found.dearer_share(np.array([1.0]))).all()


@pytest.mark.parametrize("price", [0.0, -0.1, float("nan")])
def test_power_must_cost_something(price: float) -> None:
    with pytest.raises(ValueError, match="greater than 0 per kWh"):
        cost_curve(DAY, MACHINES, price_per_kwh=price, earned_per_th=1, btc_per_th=COINS)


@given(
    ages=st.lists(st.integers(0, 2_200), min_size=1, max_size=20),
    price=st.floats(0.01, 0.2),
)
def test_the_curve_rises_and_its_mean_is_the_methods(ages: list[int], price: float) -> None:
    j_per_th = np.linspace(10, 60, len(ages))
    release = DAY - np.array(ages)
    earned = 40 * 0.06 / 3.6e6
    found = cost_curve(
        DAY, Machines(release, j_per_th), price_per_kwh=price, earned_per_th=earned, btc_per_th=1
    )
    assert (np.diff(found.cost_per_btc) >= 0).all()
    weight = weights(DAY - release - 61) * (j_per_th < earned / (price / 3.6e6))
    assert len(found.upto) == (weight > 0).sum()
    if weight.any():
        share = np.diff(found.upto, prepend=0.0)
        assert (share * found.j_per_th).sum() == pytest.approx(np.average(j_per_th, weights=weight))
        assert found.upto[-1] == 1
