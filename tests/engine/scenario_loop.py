"""A fleet over a grid of hashprices, group by group: the definition that the fast way must meet."""

from __future__ import annotations

import numpy as np

from minerdesk.engine.economics import Economics
from minerdesk.engine.fleet import FleetArrays, Floats


def plain_loop(fleet: FleetArrays, economics: Economics, ratio: Floats) -> tuple[Floats, Floats]:
    """Return margin and earning rigs at each ratio, every group in its best state."""
    prepared = economics.prepared
    margin, rigs = np.zeros(ratio.shape), np.zeros(ratio.shape)
    for group in range(fleet.groups):
        first = int(fleet.first[group])
        if np.isnan(prepared.cash_cost_per_day[first]):
            continue
        best, own = np.zeros(ratio.shape), np.zeros(ratio.shape)
        for mode in range(first, int(fleet.first[group + 1])):
            revenue = economics.revenue_per_day[mode] * ratio
            plain = revenue - prepared.cash_cost_per_day[mode]
            value = plain - revenue * fleet.required_margin[group]
            own = np.where(value > best, plain, own)
            best = np.maximum(best, value)
        margin += own - prepared.idle_cost_per_day[first]
        rigs += (best > 0) * fleet.count[group]
    return margin, rigs


def as_it_runs_loop(
    fleet: FleetArrays, economics: Economics, ratio: Floats
) -> tuple[Floats, Floats]:
    """Return margin and earning rigs at each ratio, every rig as it runs now."""
    prepared = economics.prepared
    margin, rigs = np.zeros(ratio.shape), np.zeros(ratio.shape)
    for group in range(fleet.groups):
        first = int(fleet.first[group])
        if np.isnan(prepared.cash_cost_per_day[first]):
            continue
        count = fleet.count[group]
        for mode in range(first, int(fleet.first[group + 1])):
            share = fleet.running[mode] / count
            revenue = economics.revenue_per_day[mode] * ratio
            plain = revenue - prepared.cash_cost_per_day[mode]
            margin += share * plain
            value = plain - revenue * fleet.required_margin[group]
            rigs += (value > 0) * fleet.running[mode]
        margin -= prepared.idle_cost_per_day[first]
    return margin, rigs
