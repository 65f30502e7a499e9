"""The coupled plan is the best there is, keeps every rule, and says how good it is."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from minerdesk.domain.errors import Cancelled
from minerdesk.engine.dispatch.coupled import solve
from minerdesk.engine.dispatch.problem import Block, CannotPlan, Demand, Problem, Solution
from minerdesk.engine.dispatch.reprice import reprice
from minerdesk.engine.dispatch.uncoupled import plan_units
from tests.bench.coupled_cases import case
from tests.engine.dispatch.coupled import brute, direct
from tests.engine.dispatch.coupled.ruled import full_kw, ruled_problem, tiered
from tests.engine.dispatch.problems import feasible, random_problem


def planned(problem: Problem, gap: float = 1e-7) -> Solution | None:
    """The plan, or None where there can be none."""
    try:
        return solve(problem, gap=gap, seconds=60.0, clock=time.perf_counter)
    except CannotPlan:
        return None


def check(problem: Problem, plan: Solution) -> None:
    """Re-price a plan: same money, no rule broken, bound above."""
    priced = reprice(problem, plan.schedule)
    assert priced.broken == ()
    assert plan.objective == pytest.approx(priced.objective, rel=1e-9, abs=1e-7)
    assert plan.bound >= plan.objective
    assert (plan.schedule.rigs > 0).all()


def counts_say_all(problem: Problem) -> bool:
    units = problem.units
    turns_matter = (units.min_on > 1) | (units.most_starts > 0)
    return not ((units.mode_lost_h > 0) & turns_matter).any()


@pytest.mark.parametrize("seed", range(60))
def test_as_good_as_the_whole_given_to_highs(seed: int) -> None:
    sizes = {"units": 2 + seed % 4, "steps": 5 + seed % 7}
    problem = ruled_problem(seed, **sizes, modes=2, sites=1 + seed % 2)
    if seed % 3:
        no_change_costs = np.zeros(problem.units.count)
        problem = replace(problem, units=replace(problem.units, mode_lost_h=no_change_costs))
    plan, answer = planned(problem), direct.solve(problem)
    if plan is None:
        assert not answer.feasible
        return
    check(problem, plan)
    assert plan.finished
    scale = 2e-6 * max(1.0, abs(answer.objective))
    assert plan.objective <= answer.bound + scale
    if counts_say_all(problem):
        assert plan.objective == pytest.approx(answer.objective, abs=scale)
        assert plan.bound >= answer.objective - scale


@pytest.mark.parametrize("seed", range(15))
def test_horizons_of_several_windows_are_as_good_too(seed: int) -> None:
    problem = ruled_problem(seed + 300, units=3, steps=24 + seed, modes=2)
    no_change_costs = np.zeros(problem.units.count)
    problem = replace(problem, units=replace(problem.units, mode_lost_h=no_change_costs))
    plan, answer = planned(problem), direct.solve(problem)
    if plan is None:
        assert not answer.feasible
        return
    check(problem, plan)
    assert plan.finished
    scale = 2e-6 * max(1.0, abs(answer.objective))
    assert plan.objective == pytest.approx(answer.objective, abs=scale)
    assert plan.bound >= answer.objective - scale


def test_fourteen_days_are_proved() -> None:
    problem = case(0, steps=14 * 24)
    plan = solve(problem, clock=time.perf_counter)
    check(problem, plan)
    assert plan.finished
    assert plan.gap <= 1e-4


@pytest.mark.parametrize("seed", range(40))
def test_as_good_as_the_best_of_all_plans(seed: int) -> None:
    problem = ruled_problem(seed + 500, units=2, steps=3 + seed % 2, modes=2)
    few = np.array([2 - seed % 2, 1])[: problem.units.count]  # else there are too many plans
    problem = replace(problem, units=replace(problem.units, rigs=few))
    plan, best = planned(problem, gap=1e-9), brute.best(problem)
    if plan is None:
        assert best == -math.inf
        return
    check(problem, plan)
    assert best >= plan.objective - 1e-7
    assert plan.bound >= best - 1e-7
    assert plan.finished
    assert plan.objective == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_tiers_of_demand_are_weighed_whether_dearer_cheaper_or_paid(seed: int) -> None:
    problem = tiered(ruled_problem(seed + 900, units=2, steps=3 + seed % 2, modes=2), seed)
    few = np.array([2 - seed % 2, 1])[: problem.units.count]
    problem = replace(problem, units=replace(problem.units, rigs=few))
    plan, best = planned(problem, gap=1e-9), brute.best(problem)
    if plan is None:
        assert best == -math.inf
        return
    check(problem, plan)
    assert plan.finished
    assert plan.objective == pytest.approx(best, abs=1e-6)
    assert plan.bound >= best - 1e-7


@pytest.mark.parametrize("seed", range(10))
def test_rules_that_do_not_bind_change_nothing(seed: int) -> None:
    problem = feasible(random_problem(seed, 12, 24, sites=2))
    alone = plan_units(problem).solution(problem)
    load = reprice(problem, alone.schedule).kw
    rules = replace(
        problem.rules,
        most_kw=load.max(axis=1, keepdims=True) + np.zeros_like(load),
        least_kw=load,
        demand=(Demand(0, 12.0, np.arange(24) // 2, float(load[0].max())),),
    )
    problem = replace(problem, rules=rules)
    plan = solve(problem, clock=time.perf_counter)
    check(problem, plan)
    assert plan.objective == pytest.approx(alone.objective, rel=1e-12)
    assert plan.gap == pytest.approx(0.0, abs=1e-12)
    assert plan.finished


def test_a_split_group_adds_up_and_a_large_site_is_proved() -> None:
    problem = case(3)
    told: list[Solution] = []
    plan = solve(problem, clock=time.perf_counter, on_better=told.append)
    check(problem, plan)
    assert plan.finished
    assert plan.gap <= 1e-4
    assert len(plan.schedule.unit) > problem.units.count
    objectives, bounds = [each.objective for each in told], [each.bound for each in told]
    assert objectives == sorted(objectives)
    assert all(late <= early + 1e-6 for early, late in pairwise(bounds))
    assert told[-1].objective == plan.objective
    for each in told[:3]:
        check(problem, each)


def test_when_time_is_out_the_best_so_far_comes_with_its_bound() -> None:
    problem = case(1, groups=6)
    now = iter(range(1_000_000))
    plan = solve(problem, seconds=5.0, clock=lambda: float(next(now)))
    check(problem, plan)
    assert not plan.finished
    best = solve(problem, clock=time.perf_counter)
    assert plan.objective <= best.bound
    assert plan.bound >= best.objective


@pytest.mark.parametrize(("seed", "units", "sites"), [(87, 5, 2), (1214, 4, 1), (1697, 4, 1)])
def test_it_is_proved_where_counts_do_not_say_who_does_what(
    seed: int, units: int, sites: int
) -> None:
    problem = ruled_problem(seed, units=units, steps=8, modes=2, sites=sites)
    plan = planned(problem)
    assert plan is not None
    check(problem, plan)
    assert not counts_say_all(problem)
    assert plan.finished


def test_asked_for_more_than_can_be_proved_it_ends_with_the_best() -> None:
    problem = ruled_problem(3, units=3, steps=6, sites=2)
    best = planned(problem)
    assert best is not None
    plan = solve(problem, gap=-1.0, clock=time.perf_counter)
    check(problem, plan)
    assert not plan.finished
    assert plan.objective == pytest.approx(best.objective, abs=1e-6)


def test_cancelled_with_a_plan_gives_the_plan() -> None:
    told: list[Solution] = []
    plan = solve(
        case(2, groups=6),
        clock=time.perf_counter,
        on_better=told.append,
        cancelled=lambda: len(told) > 1,
    )
    assert not plan.finished
    assert plan.objective == told[-1].objective


def test_cancelled_before_a_plan_says_so() -> None:
    with pytest.raises(Cancelled):
        solve(case(2, groups=6), clock=time.perf_counter, cancelled=lambda: True)


def test_what_on_better_raises_comes_through() -> None:
    def fail(_: Solution) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        solve(case(2, groups=6), clock=time.perf_counter, on_better=fail)


def test_cancel_is_heard_inside_a_linear_programme() -> None:
    """The master of hundreds of groups takes far longer than a look at the clock."""
    asked: list[float] = []

    def cancelled() -> bool:
        asked.append(time.process_time())
        return len(asked) > 2_000

    with pytest.raises(Cancelled):
        solve(
            impossible_so_far(case(2, groups=60, steps=96)), clock=lambda: 0.0, cancelled=cancelled
        )
    assert len(asked) <= 2_002


def impossible_so_far(problem: Problem) -> Problem:
    """A problem whose load must stay in a band of a few watts: no plan comes early."""
    full = float(problem.rules.most_kw[0, 0])
    rules = replace(
        problem.rules,
        most_kw=np.full_like(problem.rules.most_kw, 0.8 * full + 1e-3),
        least_kw=np.full_like(problem.rules.least_kw, 0.8 * full),
    )
    return replace(problem, rules=rules)


def test_many_groups_have_a_first_plan_before_the_master_has_one() -> None:
    problem = case(4, groups=250, steps=24)
    told: list[Solution] = []
    plan = solve(
        problem,
        clock=time.perf_counter,
        on_better=told.append,
        cancelled=lambda: len(told) > 0,
    )
    check(problem, plan)
    assert not plan.finished
    best = solve(problem, gap=0.01, clock=time.perf_counter)
    check(problem, best)
    assert best.gap <= 0.01
    assert plan.objective <= best.bound
    assert plan.bound >= best.objective


def in_a_band(problem: Problem, least: float, most: float) -> Problem:
    """Return it with its load held between parts of that of all rigs."""
    full, like = full_kw(problem)[0], problem.rules.most_kw
    rules = replace(
        problem.rules,
        most_kw=np.full_like(like, most * full),
        least_kw=np.full_like(like, least * full),
    )
    return replace(problem, rules=rules)


def test_many_groups_are_asked_again_until_whole_rigs_keep_a_narrow_band() -> None:
    problem = in_a_band(case(2, groups=220, steps=24), 0.19, 0.2)
    plan = solve(problem, gap=0.01, clock=time.perf_counter)
    check(problem, plan)
    assert plan.gap <= 0.01


def test_many_groups_that_cannot_keep_their_limit_are_told_so() -> None:
    problem = in_a_band(case(1, groups=220, steps=24), 0.1, 0.15)
    ramp = replace(problem.rules, ramp_kw=0.01 * full_kw(problem))
    with pytest.raises(CannotPlan, match="most_kw"):
        solve(replace(problem, rules=ramp), gap=0.01, clock=time.perf_counter)


def test_thousands_of_schedules_are_taken_in_parts() -> None:
    problem = case(3, groups=4500, steps=4)
    plan = solve(problem, gap=1e-3, clock=time.perf_counter)
    check(problem, plan)
    assert plan.gap <= 1e-3


def test_energy_that_is_cheaper_above_a_block_is_planned_on_either_side() -> None:
    problem = case(4, groups=5, steps=48)
    cheaper = Block(0, 0.3 * float(full_kw(problem)[0]), problem.horizon.price[0] - 0.02)
    problem = replace(problem, rules=replace(problem.rules, blocks=(cheaper,)))
    plan = solve(problem, gap=4e-3, clock=time.perf_counter)
    check(problem, plan)
    assert plan.gap <= 4e-3


def test_what_is_too_large_for_one_programme_ends_unproved_but_bounded() -> None:
    problem = case(5, groups=60, steps=48)
    plan = solve(problem, gap=1e-9, clock=time.perf_counter)
    check(problem, plan)
    assert not plan.finished
    assert plan.gap <= 1e-4
