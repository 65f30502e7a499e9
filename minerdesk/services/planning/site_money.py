"""Money that hangs on the load of a whole site: demand charges and take-or-pay blocks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from minerdesk.engine.dispatch.problem import Demand, Problem

Floats = NDArray[np.float64]


def has_site_money(problem: Problem) -> frozenset[int]:
    """Return the indices of the sites whose load as a whole costs money."""
    rules = problem.rules
    return frozenset(each.site for each in rules.demand) | {each.site for each in rules.blocks}


def has_site_limits(problem: Problem) -> frozenset[int]:
    """Return the indices of the sites with a limit, a least load or a ramp."""
    rules = problem.rules
    ruled = (
        np.isfinite(rules.most_kw).any(axis=1)
        | (rules.least_kw > 0).any(axis=1)
        | np.isfinite(rules.ramp_kw)
    )
    return frozenset(np.flatnonzero(ruled).tolist())


def site_money(problem: Problem, site: int, load_kw: Floats) -> float:
    """Return what a site's load costs beside the price of each kWh.

    Args:
        problem: gives the charges.
        site: index.
        load_kw: (T,) fixed load inside.
    """
    return sum(charges_of(problem, site, load_kw))


def charges_of(problem: Problem, site: int, load_kw: Floats) -> tuple[float, float, float, float]:
    """Return what demand charges, take-or-pay blocks, tiers and lost credits cost a site.

    See `site_money`.
    """
    horizon, rules = problem.horizon, problem.rules
    demand = blocks = tiers = credits_lost = 0.0
    for charge in rules.demand:
        if charge.site == site:
            above = max(0.0, peak_kw(charge, load_kw, horizon.hours) - charge.floor_kw)
            tiers += charge.per_kw * above * charge.of_energy
            demand += charge.per_kw * above * (not charge.of_energy)
    for block in rules.blocks:
        if block.site == site:
            above_kwh = np.maximum(load_kw - block.kw, 0.0) * horizon.hours
            money = float(above_kwh @ (block.above - horizon.price[site]))
            credits_lost += money * block.of_credit
            blocks += money * (not block.of_credit)
    return demand, blocks, tiers, credits_lost


def peak_kw(charge: Demand, load_kw: Floats, hours: float) -> float:
    """Return the highest mean over a metering interval inside the horizon, 0 where none counts."""
    counts = charge.interval >= 0
    if not counts.any():
        return 0.0
    number = charge.interval[counts]
    length = np.bincount(number) * hours
    energy = np.bincount(number, load_kw[counts]) * hours
    first = int(number[0])
    length[first] += charge.hours_before
    energy[first] += charge.hours_before * charge.kw_before
    return float((energy[length > 0] / length[length > 0]).max())


def breaks_limits(problem: Problem, site: int, load_kw: Floats) -> str:
    """Return which rule of a site a load breaks: ``most``, ``least``, ``ramp`` or empty."""
    rules = problem.rules
    slack = 1e-6 * max(1.0, float(np.abs(load_kw).max()))
    if (load_kw > rules.most_kw[site] + slack).any():
        return "most"
    if (load_kw < rules.least_kw[site] - slack).any():
        return "least"
    steps = np.diff(load_kw, prepend=rules.load_before_kw[site])
    if (np.abs(steps) > rules.ramp_kw[site] + slack).any():
        return "ramp"
    return ""
