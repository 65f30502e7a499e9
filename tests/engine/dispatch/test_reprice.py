from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from minerdesk.engine.dispatch.broken import Broken, Rule
from minerdesk.engine.dispatch.problem import Block, Demand, Problem, Schedule
from minerdesk.engine.dispatch.reprice import Repriced, reprice
from minerdesk.engine.dispatch.uncoupled import plan_units
from tests.engine.dispatch import plain_dp
from tests.engine.dispatch.problems import feasible, one_rig, random_problem


def priced(problem: Problem, *states: ArrayLike, rigs: tuple[int, ...] = (1,)) -> Repriced:
    """Price rows of the first unit."""
    rows = np.asarray(states, np.int8)
    return reprice(problem, Schedule(np.zeros(len(rows), int), np.array(rigs), rows))


@given(st.integers(0, 10**6))
def test_every_plan_is_worth_to_the_account_what_the_optimiser_said(seed: int) -> None:
    problem = feasible(random_problem(seed, ruled=seed % 2 > 0))
    solution = plan_units(problem).solution(problem)
    found = reprice(problem, solution.schedule)
    assert found.broken == ()
    assert found.objective == pytest.approx(solution.objective, rel=1e-9, abs=1e-9)


@given(st.integers(0, 10**6))
def test_any_schedule_is_worth_and_forbidden_as_the_plain_rules_say(seed: int) -> None:
    problem = random_problem(seed, pins=True)
    rng = np.random.default_rng(seed)
    held = rng.random((20, 24)) < 0.8
    state = rng.integers(0, 4, (20, 24))
    for step in range(1, 24):
        state[:, step] = np.where(held[:, step], state[:, step - 1], state[:, step])
    problem = replace(problem, units=replace(problem.units, rigs=np.ones(20, int)))
    schedule = Schedule(np.arange(20), np.ones(20, int), state.astype(np.int8))
    found = reprice(problem, schedule)
    for unit in range(20):
        value = plain_dp.schedule_value(problem, unit, state[unit].tolist())
        broken = any(each.where == unit for each in found.broken)
        assert broken == np.isneginf(value)
        if not broken:
            row = found.cash[unit] - found.required[unit]
            assert row == pytest.approx(value, rel=1e-9, abs=1e-9)


def test_the_parts_of_the_money() -> None:
    problem = one_rig(
        [0.5] * 6,
        wear_start=0.1,
        wear_stop=0.2,
        start_lost_h=1.5,
        off_kw=0.1,
        keep=0.9,
        rigs=3,
    )
    found = priced(problem, [1, 0, 0, 1, 1, 1], [1, 1, 1, 1, 1, 0], rigs=(2, 1))
    np.testing.assert_allclose(found.revenue, [2 * 4, 5])
    np.testing.assert_allclose(found.start_lost, [2 * 1.5, 0])
    np.testing.assert_allclose(found.mode_lost, 0)
    np.testing.assert_allclose(found.power, [2 * 2.1, 2.55])
    np.testing.assert_allclose(found.wear, [2 * 0.3, 0.2])
    np.testing.assert_allclose(found.required, [0.5, 0.5])
    np.testing.assert_allclose(found.kw, [[3, 1.2, 1.2, 3, 3, 2.1]])
    assert found.starts.tolist() == [1, 0]
    assert found.broken == ()
    assert found.margin == pytest.approx(8 + 5 - 3 - 4.2 - 2.55 - 0.6 - 0.2)
    assert found.objective == pytest.approx(found.margin - 1.0)


def test_lost_minutes_end_with_the_horizon() -> None:
    problem = one_rig([0.0] * 3, start_lost_h=5.0)
    assert priced(problem, [1, 0, 1]).start_lost.tolist() == [1.0]


def test_a_change_of_mode_loses_its_minutes() -> None:
    problem = random_problem(5, modes=2, ruled=False)
    units = replace(
        problem.units,
        has=np.ones((20, 2), bool),
        paid_subsidy=np.full((20, 2), 3.0),
        paid_fees=np.zeros((20, 2)),
        mode_lost_h=np.full(20, problem.horizon.hours / 2),
        state=np.ones(20, np.int8),
    )
    problem = replace(problem, units=units)
    found = priced(problem, [1] * 5 + [2] * 19, rigs=(2,))
    assert found.mode_lost[0] == pytest.approx(2 * 3 * problem.horizon.income_subsidy[5] / 2)
    assert found.wear[0] == 0


def test_a_demand_charge_is_for_the_highest_mean_above_what_is_reached() -> None:
    problem = one_rig([0.0] * 6, rigs=10)
    demand = Demand(
        site=0,
        per_kw=2.0,
        interval=np.array([0, 0, 1, 1, -1, 2]),
        floor_kw=1.0,
        hours_before=2.0,
        kw_before=4.0,
    )
    rules = replace(
        problem.rules, demand=(demand, replace(demand, floor_kw=50.0)), fixed_kw=np.array([1.0])
    )
    problem = replace(problem, rules=rules)
    # The first interval is half over at 4 kW.
    found = priced(problem, [1, 1, 0, 0, 1, 0], rigs=(10,))
    np.testing.assert_allclose(found.demand, [2 * ((8 + 22) / 4 - 1), 0])
    found = priced(problem, [0, 0, 1, 0, 1, 0], rigs=(10,))
    np.testing.assert_allclose(found.demand, [2 * (6 - 1), 0])
    found = priced(problem, [0, 0, 0, 0, 1, 1], rigs=(10,))
    np.testing.assert_allclose(found.demand, [2 * (11 - 1), 0])
    assert found.objective == found.revenue.sum() - found.demand.sum()


def test_above_a_block_each_kwh_costs_its_own_price() -> None:
    problem = one_rig([0.1, 0.1, 0.1], rigs=10)
    block = Block(site=0, kw=4.0, above=np.array([0.3, 0.05, 0.3]))
    problem = replace(problem, rules=replace(problem.rules, blocks=(block,)))
    found = priced(problem, [1, 1, 0], rigs=(10,))
    assert found.block[0] == pytest.approx(6 * 0.2 - 6 * 0.05)
    assert found.margin == pytest.approx(20 - 2 - found.block[0])


@pytest.mark.parametrize(
    ("states", "changes", "rule", "step"),
    [
        ([1, 1, 2, 2], {}, Rule.NOT_ALLOWED, 2),
        ([0, 1, 1, 1], {"min_off": 2}, Rule.MIN_OFF, 1),
        ([1, 0, 0, 1], {"min_on": 3, "age": 1}, Rule.MIN_ON, 1),
        ([1, 0, 0, 0], {"min_on": 2, "age": -1}, Rule.MIN_ON, 1),
        ([0, 1, 0, 1], {"min_on": 2}, Rule.MIN_ON, 2),
        ([0, 1, 0, 1], {"most_starts": 1}, Rule.STARTS_A_DAY, 3),
        ([0, 1, 1, 1], {"most_starts": 2, "starts_today": 2}, Rule.STARTS_A_DAY, 1),
    ],
)
def test_rules_of_a_rig(states: list[int], changes: dict[str, int], rule: Rule, step: int) -> None:
    problem = one_rig([0.0] * 4, has=[True, False], **changes)
    assert priced(problem, states).broken == (Broken(rule, 0, step),)


def test_a_state_that_began_inside_the_first_step_lasts_from_the_next() -> None:
    problem = one_rig([0.0] * 4, min_on=2, age=-1)
    assert priced(problem, [1, 1, 1, 0]).broken == ()
    assert priced(problem, [1, 1, 0, 0]).broken == (Broken(Rule.MIN_ON, 0, 2),)


def test_starts_are_counted_by_the_day() -> None:
    problem = one_rig([0.0] * 4, most_starts=1, starts_today=1)
    next_day = replace(problem, horizon=replace(problem.horizon, day=np.array([[7, 8, 8, 8]])))
    assert priced(next_day, [0, 1, 1, 1]).broken == ()
    assert priced(next_day, [0, 1, 0, 1]).broken == (Broken(Rule.STARTS_A_DAY, 0, 3),)


def test_nothing_may_start_in_closed_hours_and_events_oblige() -> None:
    problem = one_rig([0.0] * 4, min_on=9, age=1)
    rules = problem.rules
    rules.may_start[0, 2] = False
    rules.forced_off[0, 1] = True
    assert priced(problem, [1, 0, 0, 1]).broken == ()  # the event stands over the minimum time
    assert priced(problem, [1, 0, 1, 1]).broken == (Broken(Rule.MAY_START, 0, 2),)
    assert priced(problem, [1, 1, 1, 1]).broken == (Broken(Rule.NOT_ALLOWED, 0, 1),)


def test_rules_of_a_site() -> None:
    problem = one_rig([0.0] * 4, rigs=10)
    rules = replace(
        problem.rules,
        most_kw=np.array([[np.inf, 9, 9, 9]]),
        least_kw=np.array([[0, 0, 5.0, 0]]),
        ramp_kw=np.array([10.5]),
        load_before_kw=np.array([20.75]),
        fixed_kw=np.array([0.25]),
    )
    problem = replace(problem, rules=rules)
    assert set(priced(problem, [1, 1, 0, 0], rigs=(10,)).broken) == {
        Broken(Rule.MOST_KW, 0, 1, 1.25),
        Broken(Rule.LEAST_KW, 0, 2, 4.75),
    }
    assert priced(problem, [0, 0, 0, 0], rigs=(10,)).broken[-1] == Broken(Rule.RAMP, 0, 0, 10.0)
    missing = priced(problem, [1, 0, 0, 0], rigs=(9,)).broken
    assert missing[0] == Broken(Rule.RIGS, 0, 0)


def test_many_rows_are_told_apart() -> None:
    problem = one_rig(np.zeros(10_000), rigs=120)
    states = np.zeros((120, 10_000), np.int8)
    states[:, 5:] = np.arange(120)[:, None] % 2
    found = priced(problem, *states, rigs=(1,) * 120)
    np.testing.assert_array_equal(found.revenue, np.arange(120) % 2 * 9_995.0)
    assert found.broken == ()
    problem.rules.may_start[0, 5] = False
    assert {each.where for each in priced(problem, *states, rigs=(1,) * 120).broken} == set(
        range(1, 120, 2)
    )


def test_no_rows_are_worth_nothing() -> None:
    problem = one_rig([0.1, 0.2])
    schedule = Schedule(np.zeros(0, int), np.zeros(0, int), np.zeros((0, 2), np.int8))
    found = reprice(problem, schedule)
    assert found.objective == 0
    assert found.broken == (Broken(Rule.RIGS, 0, 0),)
