"""Whole rigs chosen window by window: never worse, all rules kept, nearer to the mix."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from minerdesk.engine.dispatch.coupled import solve
from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.pool import Pool
from minerdesk.engine.dispatch.coupled.segments import Segments
from minerdesk.engine.dispatch.coupled.site import cut, site_rules
from minerdesk.engine.dispatch.coupled.windows import Windows
from minerdesk.engine.dispatch.coupled.worth import prepare
from minerdesk.engine.dispatch.problem import Block, Demand, Problem, Schedule
from minerdesk.engine.dispatch.reprice import reprice
from minerdesk.engine.dispatch.uncoupled import Pricer
from tests.bench.coupled_cases import case


def ruled(seed: int) -> Problem:
    """Eight groups over two days, with a ramp, a block, and a peak over two steps each."""
    problem = cut(case(seed, groups=8), 0)
    rules = problem.rules
    full = float(rules.most_kw[0, 0])
    return replace(
        problem,
        rules=replace(
            rules,
            ramp_kw=np.array([0.5 * full]),
            demand=(replace(rules.demand[0], interval=(np.arange(48) + 1) // 2), _evening(full)),
            blocks=(Block(0, 0.6 * full, problem.horizon.price[0] + 0.02),),
        ),
    )


def _evening(full_kw: float) -> Demand:
    """A second charge, of the last evening's hours alone."""
    hours = np.arange(48)
    return Demand(0, 3.0, np.where(hours >= 40, hours, -1), 0.3 * full_kw)


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_that_is_made_worse_finds_back(seed: int) -> None:
    problem = ruled(seed)
    worth = prepare(problem)
    good = solve(problem, gap=0.01, clock=time.perf_counter).schedule
    pool = Pool(worth, 48)
    pool.add(good.unit, good.state)
    pricer = Pricer(problem)
    for dearer in (0.02, 0.05, 1.0):
        pool.add(np.arange(8), pricer.solve(extra=np.full((1, 48), dearer)).state)
    segments = Segments(problem, worth)
    segments.take(pool)
    # One rig of the plan's first row runs only where power is free, or it must.
    of = int(good.unit[0])
    dark = pool.state[np.flatnonzero(pool.unit == of)[-1:]]
    rigs = np.append(good.rigs - (np.arange(len(good.rigs)) == 0), 1)
    worse = Schedule(np.append(good.unit, of), rigs, np.vstack([good.state, dark]))
    before = reprice(problem, worse)
    assert before.broken == ()
    windows = Windows(
        segments,
        worth,
        site_rules(problem, worth.kw),
        segments.parts(worse.unit, worse.rigs, worse.state),
        before.kw[0].copy(),
    )
    target = reprice(problem, good).kw[0]
    for _ in windows.steps(target, np.zeros(len(segments)), 1e-6):
        unit, shares, state = segments.joined(windows.rigs)
        after = reprice(problem, Schedule(unit, np.rint(shares).astype(np.int64), state))
        assert after.broken == ()
    assert after.objective > before.objective


def test_where_nothing_better_is_found_the_start_stays() -> None:
    model = Model()
    columns = model.add_columns(np.ones(2), 0.0, 3.0)
    model.whole(columns)
    model.add_rows(9.0, np.inf, [(columns[None, :], 1.0)])
    start = np.array([1.0, 2.0])
    assert model.solve_near(0.0, 10.0, (columns, start)) is start
