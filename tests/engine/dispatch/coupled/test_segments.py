"""Schedules cut and joined anew keep every rule of their unit, and are worth the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from minerdesk.engine.dispatch.broken import broken_rows
from minerdesk.engine.dispatch.coupled.pool import Pool
from minerdesk.engine.dispatch.coupled.segments import Segments
from minerdesk.engine.dispatch.coupled.site import cut
from minerdesk.engine.dispatch.coupled.worth import prepare
from minerdesk.engine.dispatch.problem import Problem
from minerdesk.engine.dispatch.uncoupled import Pricer
from tests.engine.dispatch.problems import feasible, random_problem


def many_schedules(seed: int, steps: int) -> tuple[Problem, Pool]:
    """A problem of one site and the best schedules of its units at twelve random prices."""
    rng = np.random.default_rng(seed)
    problem = cut(feasible(random_problem(seed, 8, steps, sites=1, pins=True)), 0)
    pool, pricer = Pool(prepare(problem), steps), Pricer(problem)
    for _ in range(12):
        extra = rng.normal(0.0, 0.03, (problem.units.count, steps))
        pool.add(np.arange(problem.units.count), pricer.solve(unit_extra=extra).state)
    return problem, pool


def _numbers(segments: Segments, pool: Pool, row: int) -> list[int]:
    """The segments of one schedule of the pool."""
    found, here = [], -1
    for window, (begin, end) in enumerate(pairwise(segments.borders.tolist())):
        part = pool.state[row, begin:end].tobytes()
        (number,) = (
            number
            for number in range(len(segments))
            if (segments.unit[number], segments.window[number]) == (pool.unit[row], window)
            and segments.from_[number] == here
            and segments.state[number].tobytes() == part
        )
        found.append(number)
        here = segments.to[number]
    return found


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("steps", [7, 24, 60])
def test_what_is_joined_keeps_the_rules_and_the_worth(seed: int, steps: int) -> None:
    problem, pool = many_schedules(seed, steps)
    segments = Segments(problem, prepare(problem))
    segments.take(pool)
    assert len(segments.borders) == 1 + max(1, steps // 8)
    assert (segments.nodes == 0) == (steps < 24)
    again = len(segments)
    segments.take(pool)
    assert len(segments) == again

    per_unit = np.bincount(pool.unit)
    share = (problem.units.rigs / per_unit)[pool.unit]
    rigs = np.zeros(len(segments))
    for row in range(len(pool)):
        rigs[_numbers(segments, pool, row)] += share[row]

    unit, joined, state = segments.joined(rigs)
    assert broken_rows(problem, unit, state.astype(np.int64)) == []
    assert np.bincount(unit, joined) == pytest.approx(problem.units.rigs)
    worth = prepare(problem)
    assert joined @ worth.of(unit, state) == pytest.approx(share @ pool.money)
    assert joined @ worth.load(unit, state) == pytest.approx(share @ pool.kw)


def test_an_unbalanced_mix_is_joined_as_far_as_it_goes() -> None:
    problem, pool = many_schedules(1, 24)
    segments = Segments(problem, prepare(problem))
    segments.take(pool)
    whole = np.ones(len(segments))
    assert len(segments.joined(whole)[0]) > 0
    for missing in range(2):
        some = np.where(np.array(segments.window) == missing, 0.0, whole)
        assert len(segments.joined(some)[0]) == 0


def test_a_long_horizon_has_many_windows_but_fewer_where_units_are_many() -> None:
    problem, _ = many_schedules(2, 400)
    borders = Segments(problem, prepare(problem)).borders
    assert len(borders) == 51
    assert np.diff(borders).min() == 8
    many = cut(problem, 0, 200)
    units = many.units.count
    windows = len(Segments(many, prepare(many)).borders) - 1
    assert 1 <= windows <= 4_000 / units
