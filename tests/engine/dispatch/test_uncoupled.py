from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minerdesk.domain.errors import Cancelled
from minerdesk.engine.dispatch.coefficients import chunks
from minerdesk.engine.dispatch.feasible import Impossible, first_impossible
from minerdesk.engine.dispatch.problem import OFF_STATE, Problem
from minerdesk.engine.dispatch.uncoupled import (
    Pricer,
    UnitPlans,
    impossible_units,
    plan_units,
    rig_kw,
)
from tests.engine.dispatch import plain_dp
from tests.engine.dispatch.problems import one_rig, part_of, plain_rules, random_problem

seeds = st.integers(0, 10**6)


def states(problem: Problem) -> list[int]:
    """The states of a problem of one unit."""
    return plan_units(problem).state[0].tolist()


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
