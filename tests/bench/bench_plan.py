"""The plan's speed where no site rule couples the groups, against the tools one would take instead.

All compute on one thread and take turns. Both references are given less work than we: PyPSA one
mode in place of three (its generators have no modes) and a start at a constant price, HiGHS ready
matrices. What they find is first held to be what we find.
"""

from __future__ import annotations

import importlib.util
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from minerdesk.engine.dispatch.baselines import threshold
from minerdesk.engine.dispatch.problem import LONG_AGO, Problem
from minerdesk.engine.dispatch.reprice import reprice
from minerdesk.engine.dispatch.uncoupled import Pricer, plan_units
from tests.bench.rows import Row, interleaved_ms
from tests.engine.dispatch.problems import part_of, random_problem

GROUPS, HOURS, SITES = 1_000, 168, 5
# How many the references plan; their times are scaled up from it. PyPSA's grows in proportion from
# about a hundred on, below that the network itself takes longer than its groups.
BY_PYPSA, BY_HIGHS = 100, 30


def week(groups: int, modes: int = 3, seed: int = 1) -> Problem:
    """Groups near break-even under prices of a week with dear evenings, starts at a cost."""
    problem = random_problem(seed, groups, HOURS, modes=modes, sites=SITES, ruled=False)
    rng = np.random.default_rng(seed)
    hour = np.arange(HOURS)
    evenings = 0.03 * np.cos((hour - 19) / 24 * 2 * np.pi)
    price = 0.075 + evenings + rng.normal(0.0, 0.015, (SITES, HOURS))
    has = np.ones((groups, modes), bool)
    ths = rng.uniform(80, 200, (groups, 1)) * np.array([1.0, 1.2, 1.35][:modes])
    j_per_th = rng.uniform(16, 28, (groups, 1)) * np.array([1.0, 1.1, 1.25][:modes])
    none = np.zeros(groups)
    return Problem(
        replace(
            problem.horizon,
            hours=1.0,
            day=np.tile(hour // 24, (SITES, 1)),
            income_subsidy=np.where(hour < 90, 1.9e-3, 1.8e-3),
            income_fees=np.full(HOURS, 2e-5),
            price=price,
        ),
        replace(
            problem.units,
            has=has,
            paid_subsidy=0.98 * ths,
            paid_fees=0.98 * ths,
            kw=ths * j_per_th / 1e3,
            wear_start=rng.uniform(0.0, 0.1, groups),
            wear_stop=rng.uniform(0.0, 0.05, groups),
            start_lost_h=rng.uniform(0.1, 0.5, groups),
            mode_lost_h=none,
            most_starts=np.zeros(groups, int),
            state=np.ones(groups, np.int8),
            age=np.full(groups, LONG_AGO),
        ),
        problem.rules,
    )


def constant_starts(problem: Problem) -> Problem:
    """The problem with starts that cost wear alone and no idle power, for PyPSA."""
    none = np.zeros(problem.units.count)
    return replace(problem, units=replace(problem.units, start_lost_h=none, off_kw=none))


def plan(problem: Problem) -> Callable[[], object]:
    """A run from the problem to its schedules."""
    return lambda: plan_units(problem).solution(problem)


def rows() -> Iterator[Row]:
    """Yield the rows."""
    problem = week(GROUPS)
    what = "plan 1,000 x 168 h x 3 modes"
    yield from _against_pypsa(what, problem)
    yield from _against_highs(what, problem)
    many = week(10 * GROUPS)
    small, large = interleaved_ms(plan(problem), plan(many), rounds=5, warm_up=1)
    yield Row("plan 10,000 groups over 1,000", large, small, 12)
    yield Row("plan 1,000 groups, extra memory", _extra_mib(plan(problem)), 100, 1, "MiB")
    yield Row("plan 10,000 groups, extra memory", _extra_mib(plan(many)), unit="MiB")
    full = random_problem(1, GROUPS, HOURS, sites=SITES)
    (full_ms,) = interleaved_ms(plan(full), rounds=5, warm_up=1)
    yield Row("plan 1,000 groups, limited starts, events, lost modes", full_ms, small)
    few = Pricer(random_problem(1, 20, 48))
    (price_ms,) = interleaved_ms(few.solve, rounds=60)
    yield Row("other prices for 20 groups x 48 h, prepared", price_ms)
    schedule = plan_units(many).solution(many).schedule
    account_ms, rule_ms = interleaved_ms(
        lambda: reprice(many, schedule), lambda: threshold(many), rounds=5, warm_up=1
    )
    yield Row("account of 10,000 rows x 168 h", account_ms)
    yield Row("threshold rule and its account, 10,000 rows x 168 h", rule_ms)


def _extra_mib(run: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def _against_pypsa(what: str, problem: Problem) -> Iterator[Row]:
    if importlib.util.find_spec("pypsa") is None:
        (ours,) = interleaved_ms(plan(problem), rounds=5, warm_up=1)
        yield Row(f"{what} (PyPSA is not installed)", ours)
        return
    from tests.bench.plan_by_pypsa import commitment_value

    one_mode = constant_starts(week(BY_PYPSA, modes=1))
    _same(commitment_value(one_mode), plan_units(one_mode).solution(one_mode).objective)
    ours, theirs = interleaved_ms(
        plan(problem), lambda: commitment_value(one_mode), rounds=3, warm_up=1
    )
    yield _over_scaled(what, ours, 100, "PyPSA", theirs, BY_PYPSA)


def _against_highs(what: str, problem: Problem) -> Iterator[Row]:
    if importlib.util.find_spec("highspy") is None:
        yield Row(f"{what} (HiGHS is not installed)", 0.0)
        return
    from tests.bench.plan_by_highs import GroupProgrammes

    sample = part_of(problem, np.arange(BY_HIGHS))
    programmes = GroupProgrammes(sample)
    _same(programmes.value(), plan_units(sample).solution(sample).objective)
    ours, theirs = interleaved_ms(plan(problem), programmes.value, rounds=5, warm_up=1)
    yield _over_scaled(what, ours, 50, "one HiGHS LP each", theirs, BY_HIGHS)


def _over_scaled(what: str, ours: float, times: int, who: str, theirs: float, sample: int) -> Row:
    """Return our time over that part of a reference's in which we must be done."""
    scaled = theirs * GROUPS / sample
    name = f"{what}, 1/{times} of {who} ({sample}, scaled): {scaled / ours:.0f}x"
    return Row(name, ours, scaled / times, 1)


def _same(theirs: float, ours: float) -> None:
    if abs(theirs - ours) > 1e-6 * abs(ours):
        raise AssertionError(f"the reference finds {theirs}, we {ours}")
