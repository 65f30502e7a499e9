"""Problems to plan: one plain rig written out, and random ones that have everything."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from minerdesk.engine.dispatch.problem import LONG_AGO, Horizon, Problem, Rules, Units
from minerdesk.engine.dispatch.uncoupled import plan_units


def plain_rules(sites: int, steps: int, modes: int, rows: int = 1) -> Rules:
    """No rule at all."""
    return Rules(
        allowed=np.ones((rows, steps, modes + 1), bool),
        forced_off=np.zeros((rows, steps), bool),
        may_start=np.ones((sites, steps), bool),
        fixed_kw=np.zeros(sites),
        load_before_kw=np.zeros(sites),
        most_kw=np.full((sites, steps), np.inf),
        least_kw=np.zeros((sites, steps)),
        ramp_kw=np.full(sites, np.inf),
    )


def one_rig(price: ArrayLike, *, earns: ArrayLike = 1.0, **changes: ArrayLike) -> Problem:
    """One rig of one mode that earns 1 a step of an hour and draws 1 kW, on, since long ago.

    ``changes`` are fields of `Units`, one value each.
    """
    prices = np.atleast_2d(np.asarray(price, float))
    steps = prices.shape[1]
    zero, none = np.zeros(1), np.zeros(1, int)
    units = Units(
        group=none,
        site=none,
        rigs=np.ones(1, int),
        has=np.ones((1, 1), bool),
        paid_subsidy=np.ones((1, 1)),
        paid_fees=np.zeros((1, 1)),
        kw=np.ones((1, 1)),
        off_kw=zero,
        keep=np.ones(1),
        wear_start=zero,
        wear_stop=zero,
        start_lost_h=zero,
        mode_lost_h=zero,
        min_on=np.ones(1, int),
        min_off=np.ones(1, int),
        most_starts=none,
        state=np.ones(1, np.int8),
        age=np.full(1, LONG_AGO),
        starts_today=none,
        rule=none,
    )
    changed: dict[str, Any] = {
        name: np.asarray([value], getattr(units, name).dtype) for name, value in changes.items()
    }
    units = replace(units, **changed)
    more = units.modes - 1  # modes the rig lacks or that stand still
    widened: dict[str, Any] = {
        name: np.pad(getattr(units, name), ((0, 0), (0, more)))
        for name in ("paid_subsidy", "paid_fees", "kw")
        if getattr(units, name).shape[1] == 1
    }
    units = replace(units, **widened)
    horizon = Horizon(
        hours=1.0,
        day=np.zeros((1, steps), int),
        income_subsidy=np.broadcast_to(np.asarray(earns, float), steps).copy(),
        income_fees=np.zeros(steps),
        price=prices,
    )
    return Problem(horizon, units, plain_rules(1, steps, units.modes))


def random_problem(
    seed: int,
    units: int = 20,
    steps: int = 24,
    *,
    modes: int = 3,
    sites: int = 2,
    ruled: bool = True,
    pins: bool = False,
) -> Problem:
    """Rigs near break-even with costs, minimum times, limits of starts, windows and events.

    Args:
        seed: of everything.
        units, steps, modes, sites: how many.
        ruled: with events and hours in which nothing may start.
        pins: with steps in which a unit must be on, or in one mode: some have no schedule then.
    """
    rng = np.random.default_rng(seed)
    has = np.arange(modes) < rng.integers(1, modes + 1, (units, 1))
    ths = rng.uniform(80, 250, (units, modes))
    kept = rng.uniform(0.9, 1.0, (units, 2))
    hours = float(rng.choice([0.25, 0.5, 1.0]))
    rows = 4 if ruled else 1
    rules = plain_rules(sites, steps, modes, rows)
    if ruled:
        rules.may_start[rng.random((sites, steps)) < 0.2] = False
        rules.forced_off[1, rng.integers(0, steps, 4)] = True
        rules.forced_off[2, : steps // 3] = rng.random(steps // 3) < 0.5
        rules.allowed[3, :, 1] = rng.random(steps) < 0.8
        if pins:
            rules.allowed[1, rng.integers(0, steps, 2), 0] = False
            rules.allowed[2, steps // 2, 1:] = False
            rules.allowed[3, rng.integers(0, steps, 3), 0] = False
    return Problem(
        Horizon(
            hours=hours,
            day=(np.arange(steps) + rng.integers(0, 5, (sites, 1))) // 8,
            income_subsidy=rng.uniform(0.9, 1.1, steps) * 2e-3 * hours,
            income_fees=rng.uniform(0.0, 1.0, steps) * 1e-4 * hours,
            price=rng.normal(0.085, 0.04, (sites, steps)),
        ),
        Units(
            group=np.arange(units),
            site=rng.integers(0, sites, units),
            rigs=rng.integers(1, 400, units),
            has=has,
            paid_subsidy=np.where(has, ths * kept[:, :1], 0.0),
            paid_fees=np.where(has, ths * kept[:, 1:], 0.0),
            kw=np.where(has, ths * rng.uniform(0.018, 0.03, (units, modes)), 0.0),
            off_kw=rng.uniform(0, 0.05, units),
            keep=1 - rng.choice([0.0, 0.1, -0.1], units),
            wear_start=rng.choice([0.0, 0.03, 0.1], units),
            wear_stop=rng.choice([0.0, 0.02], units),
            start_lost_h=rng.choice([0.0, 0.1, 0.7, 2.3], units),
            mode_lost_h=rng.choice([0.0, 0.05, 1.2], units),
            min_on=rng.integers(1, 6, units),
            min_off=rng.integers(1, 5, units),
            most_starts=rng.choice([0, 0, 1, 2, 9], units),
            state=(rng.integers(0, 99, units) % (1 + has.sum(axis=1))).astype(np.int8),
            age=np.where(rng.random(units) < 0.5, rng.integers(-1, 6, units), LONG_AGO),
            starts_today=rng.integers(0, 3, units),
            rule=rng.integers(0, rows, units),
        ),
        rules,
    )


def part_of(problem: Problem, units: ArrayLike) -> Problem:
    """The problem of some of the units."""
    index = np.asarray(units)
    kept: dict[str, Any] = {
        f.name: getattr(problem.units, f.name)[index] for f in fields(problem.units)
    }
    return replace(problem, units=Units(**kept))


def feasible(problem: Problem) -> Problem:
    """The problem without the units that contradict themselves."""
    return part_of(problem, np.flatnonzero(~np.isneginf(plan_units(problem).value)))
