"""The parts of the coupled plan, where the whole seldom leads."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from minerdesk.engine.dispatch.coupled import solve
from minerdesk.engine.dispatch.coupled.compact import Compact
from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.neighbours import add_neighbours
from minerdesk.engine.dispatch.coupled.pool import Pool
from minerdesk.engine.dispatch.coupled.rounding import better, weigh
from minerdesk.engine.dispatch.coupled.site import cut, peaks, site_rules
from minerdesk.engine.dispatch.coupled.turns import Counts, count, take_turns
from minerdesk.engine.dispatch.coupled.worth import prepare
from minerdesk.engine.dispatch.problem import Block, Demand, Floats, Schedule
from minerdesk.engine.dispatch.reprice import reprice
from tests.bench.coupled_cases import case
from tests.engine.dispatch.coupled.ruled import ruled_problem


def knapsack(seed: int = 0) -> tuple[Model, Floats]:
    """Thirty things of which half the weight may be taken."""
    rng = np.random.default_rng(seed)
    weight, worth = rng.uniform(1.0, 9.0, 30), rng.uniform(1.0, 9.0, 30)
    model = Model()
    things = model.add_columns(-worth, 0.0, 1.0)
    model.add_rows(-np.inf, weight.sum() / 2, [(things[None, :], weight[None, :])])
    model.whole(things)
    return model, worth


def ask(model: Model, better: Callable[[Floats], None]) -> tuple[float, bool]:
    return model.solve_whole(
        seconds=10.0, target=-np.inf, start=None, look=lambda _: False, better=better
    )


def test_highs_tells_each_better_solution_and_proves_the_last() -> None:
    model, worth = knapsack()
    found: list[float] = []
    bound, proved = ask(model, lambda values: found.append(float(values @ worth)))
    assert proved
    assert -bound == pytest.approx(max(found))


def test_a_start_known_in_part_passes_for_no_proof() -> None:
    """HiGHS ends a start by a programme of its own, whose bound says nothing of the whole."""
    rng = np.random.default_rng(1)
    weight, worth = rng.uniform(1.0, 9.0, (5, 40)), rng.uniform(1.0, 9.0, 40)
    model = Model()
    things = model.add_columns(-worth, 0.0, 1.0)
    limit = weight.sum(axis=1) / 2
    model.add_rows(-np.inf, limit, [(np.broadcast_to(things, weight.shape), weight)])
    model.whole(things)
    bounds: list[float] = []

    def look(bound: float) -> bool:
        bounds.append(bound)
        return False

    without_ten = things[:10], np.zeros(10)
    bound, proved = model.solve_whole(
        seconds=60.0, target=-np.inf, start=without_ten, look=look, better=lambda _: None
    )
    assert proved
    assert bounds
    assert max(bounds) <= bound + 1e-6


def test_a_start_that_cannot_be_is_left_out() -> None:
    model, worth = knapsack()
    everything = np.arange(30), np.ones(30)
    found: list[float] = []
    _, proved = model.solve_whole(
        seconds=10.0,
        target=-np.inf,
        start=everything,
        look=lambda _: False,
        better=lambda values: found.append(float(values @ worth)),
    )
    assert proved
    assert max(found) < worth.sum()


def test_what_a_callback_raises_comes_out_of_highs() -> None:
    def fail(_: Floats) -> None:
        raise ZeroDivisionError

    model, _ = knapsack()
    with pytest.raises(ZeroDivisionError):
        ask(model, fail)


def test_highs_says_what_is_infeasible() -> None:
    model = Model()
    column = model.add_columns(np.array([1.0]), 0.0, 1.0)
    model.whole(column)
    model.add_rows(0.4, 0.6, [(column[None, :], 1.0)])
    assert ask(model, lambda _: None) == (np.inf, True)
    assert np.isnan(model.solve())


def test_highs_out_of_time_has_no_solution() -> None:
    model, _ = knapsack()
    found: list[Floats] = []
    _, proved = model.solve_whole(
        seconds=0.0, target=-np.inf, start=None, look=lambda _: True, better=found.append
    )
    assert not proved
    assert found == []


def test_intervals_may_be_torn_apart_and_begin_before() -> None:
    demand = Demand(
        site=0,
        per_kw=2.0,
        interval=np.array([7, 3, -1, 7]),
        floor_kw=1.0,
        hours_before=2.0,
        kw_before=4.0,
    )
    (charge,) = peaks((demand,), hours=1.0)
    # The torn interval has (2 h x 4 kW + 1 + 9) / 4 h = 4.5 kW, the other 5 kW.
    load = np.array([[1.0, 5.0, 99.0, 9.0], [1.0, 0.0, 99.0, 1.0]])
    assert peaks((replace(demand, per_kw=0.0),), hours=1.0) == ()
    assert charge.cost(load) == pytest.approx([8.0, 3.0])


def test_a_worth_is_what_the_evaluator_says() -> None:
    problem = case(4, groups=5)
    plan = solve(problem, clock=time.perf_counter)
    rows = plan.schedule
    of = prepare(problem).of(rows.unit, rows.state)
    priced = reprice(replace(problem, rules=replace(problem.rules, demand=())), rows)
    assert float(of @ rows.rigs) == pytest.approx(priced.objective, rel=1e-12)


def test_taking_turns_gives_the_counts_back() -> None:
    rng = np.random.default_rng(1)
    state = rng.integers(0, 3, (9, 12)).astype(np.int8)
    counts = count(np.ones(9, dtype=np.int64), state, 1, 2)
    turned = take_turns(counts, 9, 1)
    again = count(np.ones(9, dtype=np.int64), turned, 1, 2)
    assert np.array_equal(counts.on, again.on)
    assert np.array_equal(counts.start, again.start)
    assert np.array_equal(counts.stop, again.stop)


def test_of_rigs_that_stop_together_those_that_ran_longer_start_first() -> None:
    on = np.array([[1], [2], [0], [1]])
    start, stop = np.array([[0], [1], [0], [1]]), np.array([1, 0, 2, 0])
    turned = take_turns(Counts(on, start, stop), 2, 1)
    assert turned.tolist() == [[0, 1, 0, 0], [1, 1, 0, 1]]


def test_counts_bound_what_walks_say_exactly() -> None:
    problem = cut(ruled_problem(87, units=5, steps=8, modes=2), 0)
    worth = prepare(problem)
    rules = site_rules(problem, worth.kw)
    plan = solve(problem, gap=1e-9, clock=time.perf_counter)
    assert problem.units.mode_lost_h.any()
    found = []
    for most_walks in (0, 10_000):
        compact = Compact(problem, worth, rules, most_walks=most_walks)
        columns, values = compact.start(plan.schedule)
        bound, proved = compact.model.solve_whole(
            seconds=60.0,
            target=-np.inf,
            start=(columns, values),
            look=lambda _: False,
            better=lambda _: None,
        )
        unit, rigs, state = compact.schedule(compact.model.values())
        priced = reprice(problem, Schedule(unit, rigs, state))
        assert priced.broken == ()
        assert proved
        found.append((compact.money(bound), priced.objective))
    (most, _), (exact, money) = found
    assert most >= exact - 1e-6
    assert exact == pytest.approx(money)
    assert exact == pytest.approx(plan.objective)


def test_moves_end_when_they_are_used_up() -> None:
    problem = cut(case(5, groups=4, steps=6), 0)
    worth = prepare(problem)
    rules = site_rules(problem, worth.kw)
    pool = Pool(worth, 6)
    units = np.repeat(np.arange(4), 2)
    pool.add(units, np.tile(np.array([[0] * 6, [1] * 6], dtype=np.int8), (4, 1)))
    dark = weigh(rules, pool, np.where(np.arange(8) % 2, 0, 5))
    prices = np.zeros(6)
    once = better(rules, pool, dark, prices, 1.0, moves=1)
    often = better(rules, pool, dark, prices, 1.0)
    assert dark.money < once.money < often.money
    assert once.rigs.sum() == often.rigs.sum() == dark.rigs.sum()


def test_neighbours_keep_the_units_rules_however_few_are_tried() -> None:
    problem = cut(case(5, groups=4, steps=12), 0)
    worth = prepare(problem)
    first = solve(problem, clock=time.perf_counter).schedule
    sizes = []
    for most_tried in (60, 1_000_000):
        pool = Pool(worth, 12)
        around = pool.add(first.unit, first.state)
        add_neighbours(problem, worth, pool, around, np.zeros(12), 5.0, most_tried=most_tried)
        one_each = replace(
            problem, units=replace(problem.units, rigs=np.bincount(pool.unit, minlength=4))
        )
        everyone = replace(first, unit=pool.unit, rigs=np.ones_like(pool.unit), state=pool.state)
        free = replace(
            one_each, rules=replace(one_each.rules, most_kw=np.full((1, 12), np.inf), demand=())
        )
        assert reprice(free, everyone).broken == ()
        sizes.append(len(pool))
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize("ramp", [np.inf, 40.0])
def test_a_single_step(ramp: float) -> None:
    problem = case(6, groups=4, steps=1)
    rules = replace(problem.rules, ramp_kw=np.array([ramp]))
    if np.isfinite(ramp):
        rules = replace(rules, load_before_kw=rules.most_kw[:, 0] - 10.0)
    problem = replace(problem, rules=rules)
    plan = solve(problem, gap=1e-9, clock=time.perf_counter)
    assert reprice(problem, plan.schedule).broken == ()
    assert plan.finished


def test_held_to_one_side_of_a_cheap_block_the_rules_are_those_of_that_side() -> None:
    problem = cut(case(1, groups=3, steps=4), 0)
    price = problem.horizon.price[0]
    cheaper = np.array([-0.02, -0.02, 0.01, -0.02])
    rules = site_rules(
        replace(problem, rules=replace(problem.rules, blocks=(Block(0, 100.0, price + cheaper),))),
        prepare(problem).kw,
    )
    held = rules.sided(np.array([50.0, 150.0, 150.0, 100.0]))
    assert held.most.tolist() == [100.0, *rules.most[1:3], 100.0]
    assert held.least.tolist() == [0.0, 100.0, 0.0, 0.0]
    assert held.excesses == rules.excesses


def test_cheap_blocks_are_planned_side_by_side() -> None:
    """What is found with the sides held is never worth more than its bound, and keeps all rules."""
    problem = case(2, groups=6, steps=24)
    border = 0.6 * float(problem.rules.most_kw[0, 0])
    block = Block(0, border, problem.horizon.price[0] - 0.03)
    problem = replace(problem, rules=replace(problem.rules, blocks=(block,)))
    told: list[float] = []
    plan = solve(
        problem,
        gap=0.03,
        clock=time.perf_counter,
        on_better=lambda found: told.append(found.objective),
    )
    assert reprice(problem, plan.schedule).broken == ()
    assert plan.objective == pytest.approx(reprice(problem, plan.schedule).objective)
    assert plan.bound >= plan.objective
    assert told == sorted(told)
