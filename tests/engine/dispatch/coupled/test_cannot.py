"""A plan that cannot be names its site, step and rule, and what could be asked instead."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from minerdesk.engine.dispatch.coupled import solve
from minerdesk.engine.dispatch.problem import Bools, CannotPlan, Demand, Floats, Problem, Solution
from tests.bench.coupled_cases import case
from tests.engine.dispatch.coupled.ruled import full_kw

STEPS = 8


def small(**changes: Floats | Bools) -> Problem:
    """Three groups that are on since long ago, under rules that do not bind but for ``changes``."""
    problem = case(0, groups=3, steps=STEPS)
    units = replace(
        problem.units,
        rigs=np.array([5, 3, 4]),
        state=np.ones(3, dtype=np.int8),
        age=np.full(3, 100),
    )
    given: dict[str, Any] = {
        "most_kw": np.full((1, STEPS), np.inf),
        "demand": (),
        "fixed_kw": np.array([1.0]),
        **changes,
    }
    return replace(problem, units=units, rules=replace(problem.rules, **given))


def planned(problem: Problem) -> Solution:
    return solve(problem, clock=time.perf_counter)


def refused(problem: Problem) -> CannotPlan:
    with pytest.raises(CannotPlan) as found:
        planned(problem)
    return found.value


def test_a_limit_below_idle_rigs_and_fixed_load() -> None:
    most = np.full((1, STEPS), np.inf)
    most[0, 3] = 1.05
    units = small().units
    idle = 1.0 + float(units.rigs @ units.off_kw)
    error = refused(small(most_kw=most))
    assert (error.site, error.step, error.rule) == (0, 3, "most_kw")
    assert error.asked == 1.05
    assert error.nearest == pytest.approx(idle)
    assert "most_kw" in str(error)
    most[0, 3] = error.nearest
    assert planned(small(most_kw=most)).finished


def test_more_than_all_rigs_draw() -> None:
    least = np.zeros((1, STEPS))
    least[0, 2] = 1e6
    error = refused(small(least_kw=least))
    assert (error.step, error.rule) == (2, "least_kw")
    least[0, 2] = error.nearest
    assert planned(small(least_kw=least)).finished


def test_a_limit_below_the_least_load() -> None:
    least, most = np.full((1, STEPS), 20.0), np.full((1, STEPS), 15.0)
    error = refused(small(least_kw=least, most_kw=most))
    assert (error.step, error.rule, error.asked, error.nearest) == (0, "least_kw", 20.0, 15.0)


def test_a_ramp_too_slow_for_an_event() -> None:
    forced = np.zeros((1, STEPS), dtype=bool)
    forced[0, 4] = True
    full = float(full_kw(small())[0])
    before = np.array([0.8 * full])
    changes = {"forced_off": forced, "load_before_kw": before}
    error = refused(small(**changes, ramp_kw=np.array([0.1 * full])))
    assert error.rule == "ramp_kw"
    assert error.asked == pytest.approx(0.1 * full)
    assert error.nearest > error.asked
    assert planned(small(**changes, ramp_kw=np.array([error.nearest]))).finished


def test_minimum_times_against_a_limit() -> None:
    problem = small()
    units = replace(problem.units, min_on=np.full(3, 4), age=np.ones(3, dtype=np.int64))
    least_on = 1.0 + float(units.rigs @ units.kw.min(axis=1))
    most = np.full((1, STEPS), 0.5 * least_on)
    error = refused(replace(small(most_kw=most), units=units))
    assert error.rule == "most_kw"
    assert error.step < 3
    assert error.nearest == pytest.approx(least_on)


def test_whole_rigs_cannot_meet_a_narrow_band() -> None:
    problem = small()
    kw = problem.units.kw.copy()
    kw[:] = 3.0
    units = replace(problem.units, kw=kw, off_kw=np.zeros(3))
    band = {"most_kw": np.full((1, STEPS), 12.6), "least_kw": np.full((1, STEPS), 11.4)}
    error = refused(replace(small(**band), units=units))
    assert error.rule in {"most_kw", "least_kw"}
    assert error.nearest in {10.0, 13.0}


def test_a_unit_that_contradicts_itself() -> None:
    allowed = np.ones((1, STEPS, 4), dtype=bool)
    allowed[0, 5] = False
    error = refused(small(allowed=allowed))
    assert (error.rule, error.step, error.unit) == ("allowed", 5, 0)


def without_units(*demand: Demand) -> Problem:
    """A second site that has no rigs."""
    problem = small()
    rules, horizon = problem.rules, problem.horizon
    changed: dict[str, Any] = {
        name: np.repeat(getattr(rules, name), 2, axis=0)
        for name in (
            "may_start",
            "fixed_kw",
            "load_before_kw",
            "most_kw",
            "least_kw",
            "ramp_kw",
        )
    }
    return replace(
        problem,
        horizon=replace(
            horizon,
            day=np.repeat(horizon.day, 2, axis=0),
            price=np.repeat(horizon.price, 2, axis=0),
        ),
        rules=replace(rules, **changed, demand=demand),
    )


def test_a_site_without_rigs_pays_its_demand() -> None:
    demand = Demand(site=1, per_kw=10.0, interval=np.arange(STEPS), floor_kw=0.25)
    plain, charged = planned(without_units()), planned(without_units(demand))
    assert plain.objective - charged.objective == pytest.approx(7.5)
    assert charged.gap == pytest.approx(0.0, abs=1e-12)


def test_a_site_without_rigs_that_breaks_its_ramp() -> None:
    ramp, before = np.array([np.inf, 0.5]), np.array([0.0, 9.0])
    problem = without_units()
    rules = replace(problem.rules, ramp_kw=ramp, load_before_kw=before)
    error = refused(replace(problem, rules=rules))
    assert (error.site, error.step, error.rule, error.nearest) == (1, 0, "ramp_kw", 8.0)
