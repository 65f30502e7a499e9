from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minerdesk.engine.dispatch.baselines import Baseline, all_off, always_on, as_it_is, threshold
from minerdesk.engine.dispatch.broken import SITE_RULES, Broken, Rule
from minerdesk.engine.dispatch.problem import Problem
from minerdesk.engine.dispatch.uncoupled import plan_units
from tests.engine.dispatch.problems import feasible, one_rig, random_problem

EVERY = [always_on, threshold, as_it_is, all_off]
seeds = st.integers(0, 10**6)


def states(baseline: Baseline) -> list[int]:
    found: list[int] = baseline.schedule.state[0].tolist()
    return found


@pytest.mark.parametrize("rule", EVERY)
@given(seed=seeds)
@settings(deadline=None)  # each example is a fleet
def test_the_plan_never_loses(rule: Callable[[Problem], Baseline], seed: int) -> None:
    problem = feasible(random_problem(seed, ruled=seed % 3 > 0))
    best = plan_units(problem).solution(problem).objective
    found = rule(problem)
    # Without foresight a rig may start that is not allowed on soon after; row 3 has such hours.
    stuck = problem.units.rule == 3
    assert all(stuck[each.where] for each in found.priced.broken)
    assert (found.objective is None) == bool(found.priced.broken)
    if found.objective is not None:
        assert found.objective <= best + 1e-9 * abs(best)


@given(seeds)
def test_with_nothing_to_pay_for_a_change_the_plan_is_the_threshold_rule(seed: int) -> None:
    problem = random_problem(seed, ruled=False)
    nothing, one = np.zeros(20), np.ones(20, int)
    units = replace(
        problem.units,
        wear_start=nothing,
        wear_stop=nothing,
        start_lost_h=nothing,
        mode_lost_h=nothing,
        min_on=one,
        min_off=one,
        most_starts=0 * one,
    )
    problem = replace(problem, units=units)
    plans = plan_units(problem)
    found = threshold(problem)
    np.testing.assert_array_equal(plans.state, found.schedule.state)
    assert found.objective == pytest.approx(plans.solution(problem).objective, rel=1e-12)


def test_always_on_runs_the_mode_that_is_worth_most_and_pays_for_its_start() -> None:
    problem = one_rig(
        [0.1, 0.1, 5.0], has=[True, True], kw=[2.0, 1.0], paid_subsidy=[1.0, 1.0], state=0,
        wear_start=0.5,
    )  # fmt: skip
    found = always_on(problem)
    assert states(found) == [2, 2, 2]
    assert found.objective == pytest.approx(3 - 5.2 - 0.5)


def test_rigs_obey_what_binds_them() -> None:
    problem = one_rig([0.1] * 8, min_off=2, state=0, age=1)
    problem.rules.forced_off[0, 3] = True
    problem.rules.may_start[0, 5] = False
    assert states(always_on(problem)) == [0, 1, 1, 0, 0, 0, 1, 1]
    assert states(as_it_is(problem)) == [0] * 8
    running = replace(problem, units=replace(problem.units, state=np.ones(1, np.int8)))
    assert states(as_it_is(running)) == [1, 1, 1, 0, 0, 0, 1, 1]


def test_staying_off_waits_for_the_minimum_time() -> None:
    assert states(all_off(one_rig([0.1] * 4, min_on=3, age=1))) == [1, 1, 0, 0]


def test_the_threshold_rule_starts_as_often_as_it_may() -> None:
    problem = one_rig([5.0, 0.1] * 4, most_starts=1)
    problem.horizon.day[0, 4:] = 1
    assert states(threshold(problem)) == [0, 1, 0, 0, 0, 1, 0, 0]


def test_a_baseline_says_which_site_rule_it_breaks() -> None:
    problem = one_rig([0.1] * 3, rigs=10)
    problem.rules.most_kw[0, 1:] = 4.0
    problem.rules.least_kw[0, 2] = 2.0
    found = always_on(problem)
    assert found.objective is None
    assert found.breaks == Broken(Rule.MOST_KW, 0, 1, 6.0)
    assert all_off(problem).breaks == Broken(Rule.LEAST_KW, 0, 2, 2.0)
    assert {Rule.MOST_KW, Rule.LEAST_KW} < SITE_RULES


def test_a_rig_that_can_be_in_no_state_breaks_a_rule() -> None:
    problem = one_rig([0.1] * 3, min_off=2, age=1, state=0)
    problem.rules.allowed[0, 0, 0] = False
    assert always_on(problem).breaks == Broken(Rule.NOT_ALLOWED, 0, 0)
