from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from minerdesk.domain.errors import Cancelled
from minerdesk.engine.dispatch.coefficients import chunks
from minerdesk.engine.dispatch.feasible import Impossible, first_impossible
from minerdesk.engine.dispatch.problem import OFF_STATE, Problem
from minerdesk.engine.dispatch.uncoupled import (
    Pricer,
    impossible_units,
    plan_units,
    rig_kw,
)
from tests.engine.dispatch import plain_dp
from tests.engine.dispatch.problems import one_rig, part_of, plain_rules, random_problem

seeds = st.integers(0, 10**6)


def states(problem: Problem) -> list[int]:
    """The states of a problem of one unit."""
    found: list[int] = plan_units(problem).state[0].tolist()
    return found


@pytest.mark.parametrize("part", range(10))
def test_a_thousand_units_are_worth_what_the_plain_programme_says(part: int) -> None:
    impossible = 0
    for seed in range(5 * part, 5 * part + 5):
        problem = random_problem(seed, ruled=seed % 4 > 0, pins=seed % 4 > 1)
        plans = plan_units(problem)
        assert plans.state.dtype == np.int8
        for unit, value in enumerate(plans.value):
            best = plain_dp.best_value(problem, unit)
            assert value == pytest.approx(best, rel=1e-9)
            impossible += math.isinf(best)
            if not math.isinf(best):
                found = plain_dp.schedule_value(problem, unit, plans.state[unit].tolist())
                assert found == pytest.approx(best, rel=1e-9)
    assert impossible < 50  # else the test would show little


@given(seeds, st.integers(1, 2), st.integers(1, 4))
def test_no_states_whatever_are_worth_more(seed: int, modes: int, steps: int) -> None:
    problem = random_problem(seed, 3, steps, modes=modes)
    plans = plan_units(problem)
    every = np.stack(np.meshgrid(*[np.arange(modes + 1)] * steps, indexing="ij"), axis=-1).reshape(
        -1, steps
    )
    for unit in range(3):
        worth = [plain_dp.schedule_value(problem, unit, each.tolist()) for each in every]
        assert plans.value[unit] == pytest.approx(max(worth), rel=1e-9)


def test_a_loss_shorter_than_its_cost_is_sat_out() -> None:
    price = [0.5, 0.5, 1.4, 1.4, 0.5, 0.5]
    assert states(one_rig(price, wear_start=0.5, wear_stop=0.4)) == [1] * 6
    assert states(one_rig(price, wear_start=0.5, wear_stop=0.2)) == [1, 1, 0, 0, 1, 1]


def test_the_lost_minutes_of_a_start_cost_what_the_hours_earn_that_they_fall_in() -> None:
    price, earns = [2.0, 0.0, 0.0, 0.0], [1.0, 1.0, 4.0, 1.0]
    # To start in the second hour would lose 1 and half of 4; so it starts in the dear first one,
    # where 1 and half of 1 are lost.
    plans = plan_units(one_rig(price, earns=earns, start_lost_h=1.5, state=0))
    assert plans.value[0] == pytest.approx(7 - 2 - 1.5)
    # Seven hours are lost, as far as the horizon goes.
    late = plan_units(one_rig([9.0] * 3 + [0.0], earns=[1, 1, 1, 8.0], start_lost_h=7.0, state=0))
    assert late.state[0].tolist() == [0, 0, 0, 0]


def test_an_event_wins_over_the_minimum_time_on() -> None:
    problem = one_rig([0.1] * 5, min_on=5, min_off=3, age=1)
    problem.rules.forced_off[0, 1] = True
    assert states(problem) == [1, 0, 0, 0, 1]


def test_minimum_times_count_from_before_the_horizon_and_run_past_it() -> None:
    assert states(one_rig([5.0] * 4, min_on=4, age=2)) == [1, 1, 0, 0]
    assert states(one_rig([0.1] * 4, min_off=4, age=1, state=0)) == [0, 0, 0, 1]
    assert states(one_rig([0.1, 0.1, 0.1, 5.0], min_on=900, state=0)) == [0] * 4
    assert states(one_rig([0.1, 5.0, 0.1, 0.1], min_off=900)) == [1, 0, 0, 0]


def test_starts_are_counted_by_the_day() -> None:
    price = [5.0, 0.1] * 4
    assert states(one_rig(price)) == [0, 1] * 4
    problem = one_rig(price, most_starts=1, starts_today=1)
    problem.horizon.day[0, 4:] = 1
    # On the first day none is left: stay on at a loss or off; later one, best at the end or not.
    found = states(problem)
    assert sum(b > a for a, b in zip([1, *found], found, strict=False)) == 1
    assert plan_units(problem).value[0] == pytest.approx(plain_dp.best_value(problem, 0))


def test_nothing_starts_in_closed_hours() -> None:
    problem = one_rig([0.1] * 4, state=0)
    problem.rules.may_start[0, :2] = False
    assert states(problem) == [0, 0, 1, 1]


def test_of_equal_states_what_runs_is_kept() -> None:
    even = [1.0] * 6
    assert states(one_rig(even)) == [1] * 6
    assert states(one_rig(even, state=0)) == [0] * 6
    two_alike: dict[str, ArrayLike] = {
        "has": [True, True],
        "paid_subsidy": [1.1, 1.1],
        "kw": [0.1, 0.1],
    }
    for mode in (1, 2):
        assert states(one_rig(np.linspace(0.1, 0.7, 6), **two_alike, state=mode)) == [mode] * 6


def test_of_equal_plans_the_one_with_fewer_changes_is_chosen() -> None:
    # Off in the hours that lose; the hour between them is worth nothing on or off.
    assert states(one_rig([0.5, 2.0, 1.0, 2.0, 0.5])) == [1, 0, 0, 0, 1]
    # Both modes are worth the same in the first hour, the second more in the next.
    two: dict[str, ArrayLike] = {"has": [True, True], "paid_subsidy": [1, 2], "kw": [0.5, 2.5]}
    assert states(one_rig([0.5, 0.0], **two, state=0)) == [2, 2]
    # Off would be better by no more than a rounding.
    assert states(one_rig([0.1 + 0.2] * 3, earns=0.3)) == [1, 1, 1]


def test_prices_are_arguments() -> None:
    problem = random_problem(3, sites=3, ruled=False)
    rng = np.random.default_rng(0)
    price = rng.normal(0.09, 0.05, problem.horizon.price.shape)
    extra = rng.normal(0.0, 0.02, price.shape)
    own = rng.normal(0.0, 0.02, (20, 24))
    pricer = Pricer(problem)
    other = replace(problem, horizon=replace(problem.horizon, price=price + extra))
    found, expected = pricer.solve(price, extra=extra), plan_units(other)
    np.testing.assert_allclose(found.value, expected.value, rtol=1e-12)
    np.testing.assert_array_equal(found.state, expected.state)
    np.testing.assert_array_equal(
        plan_units(problem, price=price, extra=extra).state, expected.state
    )
    lone = pricer.solve(price, extra=extra, unit_extra=own)
    each = own + extra[problem.units.site]
    for unit in range(3):
        single = part_of(problem, [unit])
        alone = Pricer(single).solve(price, unit_extra=each[[unit]])
        assert alone.value[0] == pytest.approx(lone.value[unit], rel=1e-12)
    # The worth at dual prices is the worth at real ones less the duals of the kWh.
    kwh = pricer.kw(lone.state) * problem.horizon.hours
    real = [plain_dp.schedule_value(other, unit, lone.state[unit].tolist()) for unit in range(20)]
    np.testing.assert_allclose(lone.value + (kwh * own).sum(axis=1), real, rtol=1e-9)


def test_kw_of_a_schedule() -> None:
    problem = one_rig([0.1] * 3, off_kw=0.25)
    assert rig_kw(problem, np.array([0, 0]), np.array([[0, 1, 1], [0, 0, 1]])).tolist() == [
        [0.25, 1, 1],
        [0.25, 0.25, 1],
    ]


def test_units_are_planned_alike_in_whatever_company() -> None:
    problem = random_problem(8, 700, 30)
    parts = list(chunks(problem))
    assert len(parts) > 1
    assert sorted(np.concatenate(parts)) == list(range(700))
    whole = plan_units(problem)
    half = plan_units(part_of(problem, np.arange(0, 700, 7)))
    np.testing.assert_array_equal(whole.state[::7], half.state)
    np.testing.assert_allclose(whole.value[::7], half.value, rtol=1e-12)


def test_long_horizons_are_planned_in_small_chunks() -> None:
    problem = random_problem(8, 60, 14 * 96)
    assert max(len(part) for part in chunks(problem)) < 60


def test_progress_and_cancelling() -> None:
    problem = random_problem(8, 700, 10)
    told: list[float] = []
    plan_units(problem, progress=told.append)
    assert told[0] == 0.0
    assert told[-1] == 1.0
    assert told == sorted(told)

    def stop(done: float) -> None:
        if done > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        plan_units(problem, progress=stop)


def test_no_units_have_no_plan() -> None:
    nobody = part_of(random_problem(1), np.zeros(0, int))
    assert plan_units(nobody, progress=lambda _done: None).state.shape == (0, 24)
    assert Pricer(nobody).solve().solution(nobody).objective == 0.0


def test_where_the_rules_contradict_each_other() -> None:
    pinned = one_rig([0.1] * 4, min_off=3, age=1, state=0)
    pinned.rules.allowed[0, 1:3, OFF_STATE] = False
    plans = plan_units(pinned)
    assert plans.state.tolist() == [[0] * 4]
    assert impossible_units(pinned, plans) == (Impossible(0, 1, must_run=True),)
    # Off alone is allowed, by no event: the minimum time on stands.
    closed = one_rig([0.1] * 4, min_on=3, age=1)
    closed.rules.allowed[0, 1, 1:] = False
    assert impossible_units(closed, plan_units(closed)) == (Impossible(0, 1, must_run=False),)
    # An event on the second day after which the only start of that day was used.
    spent = one_rig([0.1] * 6, most_starts=1, starts_today=1, state=0)
    spent.horizon.day[0, 2:] = 1
    spent.rules.allowed[0, [2, 5], OFF_STATE] = False
    assert impossible_units(spent, plan_units(spent)) == ()
    spent.rules.forced_off[0, 4] = True
    assert impossible_units(spent, plan_units(spent)) == (Impossible(0, 5, must_run=True),)


def test_a_unit_with_a_plan_has_no_contradiction() -> None:
    with pytest.raises(ValueError, match="unit 0 has a schedule"):
        first_impossible(one_rig([0.1, 0.2]), 0)


@given(seeds)
@settings(max_examples=30, deadline=None)  # some seeds have many such units
def test_every_unit_without_a_plan_fails_in_a_step_that_truncation_confirms(seed: int) -> None:
    problem = random_problem(seed, pins=True)
    plans = plan_units(problem)
    for found in impossible_units(problem, plans):
        alone = part_of(problem, [found.unit])
        assert math.isinf(plan_units(until(alone, found.step + 1)).value[0])
        if found.step:
            assert math.isfinite(plan_units(until(alone, found.step)).value[0])


def until(problem: Problem, steps: int) -> Problem:
    """The first steps of a problem."""
    h, r = problem.horizon, problem.rules
    first = slice(0, steps)
    horizon = replace(
        h,
        day=h.day[:, first],
        income_subsidy=h.income_subsidy[first],
        income_fees=h.income_fees[first],
        price=h.price[:, first],
    )
    rules = replace(
        plain_rules(len(h.price), steps, problem.units.modes),
        allowed=r.allowed[:, first],
        forced_off=r.forced_off[:, first],
        may_start=r.may_start[:, first],
    )
    return Problem(horizon, problem.units, rules)


@given(seeds)
def test_scaling_money_scales_the_plan(seed: int) -> None:
    problem = random_problem(seed)
    h, u = problem.horizon, problem.units
    scaled = replace(
        problem,
        horizon=replace(
            h,
            income_subsidy=h.income_subsidy * 1024,
            income_fees=h.income_fees * 1024,
            price=h.price * 1024,
        ),
        units=replace(u, wear_start=u.wear_start * 1024, wear_stop=u.wear_stop * 1024),
    )
    one, other = plan_units(problem), plan_units(scaled)
    np.testing.assert_array_equal(one.state, other.state)
    np.testing.assert_array_equal(one.value * 1024, other.value)


@given(seeds)
def test_longer_minimum_times_and_fewer_starts_never_gain(seed: int) -> None:
    problem = random_problem(seed, ruled=False)
    u = problem.units
    free = replace(problem, units=replace(u, most_starts=np.zeros(20, int)))
    easy, bound = plan_units(free).value, plan_units(problem).value
    longer = replace(problem, units=replace(u, min_on=u.min_on + 2, min_off=u.min_off + 1))
    slack = 1e-9 * np.abs(easy)
    assert (bound <= easy + slack).all()
    assert (plan_units(longer).value <= bound + slack).all()
