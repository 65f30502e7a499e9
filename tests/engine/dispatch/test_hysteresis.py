from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.engine.dispatch.hysteresis import Hand, Hysteresis, hysteresis

TODAY = {"hashprice_per_ph_day": 50.0, "price_per_kwh": 0.08}


def rig(
    wear: float = 0.0, start_lost_h: float = 0.0, min_on_h: float = 0.0, min_off_h: float = 0.0
) -> Hand:
    return Hand(200.0, 3.5, wear, start_lost_h, min_on_h, min_off_h)


costs = st.builds(
    rig,
    wear=st.floats(0.01, 0.5),
    start_lost_h=st.floats(0.0, 0.9),
    min_on_h=st.floats(0, 4),
    min_off_h=st.floats(0, 4),
)
holds = st.floats(1.0, 12.0)


def test_without_costs_both_numbers_are_the_break_even() -> None:
    found = hysteresis(rig(), **TODAY, hold_h=2.0)
    power = 3.5 * 0.08 * 24 / 0.2
    for each in (
        found.stop_below_per_ph_day,
        found.start_above_per_ph_day,
        found.break_even_per_ph_day,
    ):
        assert each[0] == pytest.approx(power)
    for each in (found.stop_above_per_kwh, found.start_below_per_kwh, found.break_even_per_kwh):
        assert each[0] == pytest.approx(0.2 * 50 / 24 / 3.5)


def test_by_hand() -> None:
    # Running 200 TH/s at 50 a PH/day earns 10/24 an hour; a quarter of an hour of it is lost.
    found = hysteresis(rig(wear=0.1, start_lost_h=0.25, min_off_h=4.0), **TODAY, hold_h=2.0)
    cycle = 0.1 + 0.25 * 10 / 24
    assert found.stop_above_per_kwh[0] == pytest.approx((10 / 24 + cycle / 4) / 3.5)
    assert found.start_below_per_kwh[0] == pytest.approx((10 / 24 - cycle / 2) / 3.5)
    h = found.stop_below_per_ph_day[0] * 0.2 / 24  # an hour's income at the number
    assert 4 * (0.28 - h) == pytest.approx(0.1 + 0.25 * h)
    h = found.start_above_per_ph_day[0] * 0.2 / 24
    assert 2 * (h - 0.28) == pytest.approx(0.1 + 0.25 * h)


@given(costs, holds)
def test_the_pair_straddles_the_break_even(hand: Hand, hold: float) -> None:
    found = hysteresis(hand, **TODAY, hold_h=hold)
    assert found.stop_below_per_ph_day < found.break_even_per_ph_day < found.start_above_per_ph_day
    assert found.start_below_per_kwh < found.break_even_per_kwh < found.stop_above_per_kwh


@given(costs, holds)
def test_a_longer_hold_brings_the_pair_closer(hand: Hand, hold: float) -> None:
    near, far = (hysteresis(hand, **TODAY, hold_h=each) for each in (2 * hold + 4, hold))
    assert near.stop_below_per_ph_day >= far.stop_below_per_ph_day
    assert near.start_above_per_ph_day <= far.start_above_per_ph_day


def test_many_groups_at_once() -> None:
    hand = Hand(np.array([200.0, 100.0]), np.array([3.5, 0.0]), 0.1, 0.2, 0.0, np.zeros(2))
    found = hysteresis(hand, **TODAY, hold_h=1.0)
    assert found.stop_above_per_kwh.shape == (2,)
    assert (
        found.stop_above_per_kwh[0]
        == hysteresis(rig(0.1, 0.2), **TODAY, hold_h=1.0).stop_above_per_kwh
    )
    # What draws as much while off is stopped by no price.
    for each in (found.stop_above_per_kwh, found.start_below_per_kwh, found.break_even_per_kwh):
        assert math.isinf(each[1])


def test_a_start_that_takes_all_the_hold_never_pays() -> None:
    found = hysteresis(rig(start_lost_h=2.0), **TODAY, hold_h=2.0)
    assert math.isinf(found.start_above_per_ph_day[0])
    assert math.isfinite(found.stop_below_per_ph_day[0])


@pytest.mark.parametrize("hold", [0.0, -1.0, math.nan])
def test_a_state_is_held_for_some_time(hold: float) -> None:
    with pytest.raises(ValueError, match="held for some time"):
        hysteresis(rig(), **TODAY, hold_h=hold)


def money(hand: Hand, path: list[tuple[float, float]], stop: float, start: float) -> float:
    """What a rig that runs is worth on (hours, power price) levels, stopped and started at these.

    The numbers themselves count as beyond, and break-even as beyond neither.
    """
    income = 0.2 * 50 / 24
    on, total = True, 0.0
    for hours, price in path:
        if on and price >= stop:
            on = False
        elif not on and price <= start:
            on = True
            total -= float(np.asarray(hand.wear)) + float(np.asarray(hand.start_lost_h)) * income
        if on:
            total += (income - 3.5 * price) * hours
    return total


def pair(hand: Hand, hold: float) -> Hysteresis:
    return hysteresis(hand, **TODAY, hold_h=hold)


@given(
    costs,
    holds,
    st.lists(st.tuples(st.floats(0.01, 1.0), st.floats(1e-6, 0.3)), min_size=1, max_size=12),
)
def test_acting_on_the_pair_never_loses_against_acting_at_break_even(
    hand: Hand, hold: float, excursions: list[tuple[float, float]]
) -> None:
    """Excursions to alternating sides, each at one level and at most the hold time long."""
    found = pair(hand, hold)
    even = float(found.break_even_per_kwh[0])
    longest = {
        +1: float(np.maximum(hold, hand.min_off_h)),
        -1: float(np.maximum(hold, hand.min_on_h)),
    }
    side, path = +1, []
    for number, (part, depth) in enumerate(excursions):
        side = +1 if number % 2 == 0 else -1
        path.append((part * longest[side], even + side * depth))
    if side < 0:
        path.pop()
    path.append((100.0, even - 10.0))  # back where everything runs, so that both end alike
    by_pair = money(
        hand, path, float(found.stop_above_per_kwh[0]), float(found.start_below_per_kwh[0])
    )
    at_even = money(hand, path, even, even)
    assert by_pair >= at_even - 1e-9 * abs(at_even)


@given(costs, holds, st.floats(1.0, 20.0), st.floats(0.0, 0.3))
def test_a_stop_pays_for_itself_where_the_price_stays_for_the_hold_time(
    hand: Hand, hold: float, longer: float, beyond: float
) -> None:
    found = pair(hand, hold)
    stop, start = float(found.stop_above_per_kwh[0]), float(found.start_below_per_kwh[0])
    hours = longer * float(np.maximum(hold, hand.min_off_h))
    path = [(hours, stop + beyond), (100.0, start)]
    stayed_on = money(hand, path, math.inf, start)
    assert money(hand, path, stop, start) >= stayed_on - 1e-9 * abs(stayed_on)


@given(costs, holds, st.floats(1.0, 20.0), st.floats(0.0, 0.05))
def test_a_start_pays_for_itself_where_the_price_stays_for_the_hold_time(
    hand: Hand, hold: float, longer: float, beyond: float
) -> None:
    found = pair(hand, hold)
    stop, start = float(found.stop_above_per_kwh[0]), float(found.start_below_per_kwh[0])
    hours = longer * float(np.maximum(hold, hand.min_on_h))
    path = [(1.0, 9.0), (hours, start - beyond), (1.0, 9.0)]
    stayed_off = money(hand, path, stop, -math.inf)
    assert money(hand, path, stop, start) >= stayed_off - 1e-9
