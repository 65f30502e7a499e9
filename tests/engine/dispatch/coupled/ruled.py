"""Small random problems whose sites have rules that couple their rigs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from minerdesk.engine.dispatch.problem import Block, Demand, Floats, Problem, Rules
from tests.engine.dispatch.problems import feasible, random_problem


def ruled_problem(
    seed: int, *, units: int, steps: int, modes: int = 2, most_rigs: int = 4, sites: int = 1
) -> Problem:
    """Return a problem some rules of which bind, and some of which cannot be kept."""
    rng = np.random.default_rng(seed + 1_000_000)
    problem = feasible(random_problem(seed, units, steps, modes=modes, sites=sites, pins=True))
    rigs = rng.integers(1, most_rigs + 1, problem.units.count)
    problem = replace(problem, units=replace(problem.units, rigs=rigs))
    full = full_kw(problem)
    rules = replace(problem.rules, fixed_kw=rng.uniform(0.0, 0.1, sites) * full)
    return replace(problem, rules=_site_rules(rng, problem, rules, full))


def tiered(problem: Problem, seed: int) -> Problem:
    """Return it with tiers on its demand charges: dearer, cheaper, or even paid for."""
    rng = np.random.default_rng(seed + 2_000_000)
    full, charges = full_kw(problem), []
    for each in problem.rules.demand:
        charges.append(each)
        border, rate = each.floor_kw, each.per_kw
        for _ in range(rng.integers(1, 3)):
            border += float(full[each.site] * rng.uniform(0.02, 0.3))
            more = float(rng.choice([rng.uniform(0.0, 0.4), -rate * rng.uniform(0.0, 1.3)]))
            rate += more
            charges.append(replace(each, floor_kw=border, per_kw=more))
    return replace(problem, rules=replace(problem.rules, demand=tuple(charges)))


def full_kw(problem: Problem) -> Floats:
    """Return (sites,) kW with every rig in its hungriest mode."""
    units = problem.units
    full = np.zeros(problem.horizon.price.shape[0])
    np.add.at(full, units.site, units.rigs * units.kw.max(axis=1))
    return np.maximum(full, 1.0)


def _site_rules(rng: np.random.Generator, problem: Problem, rules: Rules, full: Floats) -> Rules:
    sites, steps = problem.horizon.price.shape
    before = full * rng.uniform(0.2, 0.8, sites) + rules.fixed_kw
    most, least = rules.most_kw.copy(), rules.least_kw.copy()
    ramp = rules.ramp_kw.copy()
    if rng.random() < 0.6:
        most[:] = (full * rng.uniform(0.4, 0.9))[:, None] + rules.fixed_kw[:, None]
        most[:, steps // 2] -= 0.1 * full
    if rng.random() < 0.3:
        least[:, rng.integers(0, steps)] = full * rng.uniform(0.1, 0.5)
    if rng.random() < 0.3:
        ramp = full * rng.uniform(0.4, 0.9)
    demand = [
        Demand(
            site=site,
            per_kw=float(rng.uniform(0.02, 0.4)),
            interval=_intervals(rng, steps),
            floor_kw=float(full[site] * rng.uniform(0.0, 0.6)),
            hours_before=float(rng.choice([0.0, 0.5])) * problem.horizon.hours,
            kw_before=float(before[site]),
        )
        for site in range(sites)
        for _ in range(rng.integers(0, 3))
    ]
    blocks = [
        Block(
            site=site,
            kw=float(full[site] * rng.uniform(0.0, 0.9)),
            above=problem.horizon.price[site] + rng.normal(0.01, 0.03, steps),
        )
        for site in range(sites)
        if rng.random() < 0.4
    ]
    return replace(
        rules,
        load_before_kw=before,
        most_kw=most,
        least_kw=least,
        ramp_kw=ramp,
        demand=tuple(demand),
        blocks=tuple(blocks),
    )


def _intervals(rng: np.random.Generator, steps: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Each step its own interval, or two or three together; some steps do not count."""
    interval = (np.arange(steps) + rng.integers(0, 2)) // rng.integers(1, 4)
    return np.where(rng.random(steps) < 0.15, -1, interval)
