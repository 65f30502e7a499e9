"""A fleet over a grid of hashprices, group by group: the definition that the fast way must meet."""

from __future__ import annotations

import numpy as np

from minerdesk.engine.economics import Economics
from minerdesk.engine.fleet import FleetArrays, Floats


def plain_loop(fleet: FleetArrays, economics: Economics, ratio: Floats) -> tuple[Floats, Floats]:
    """Return margin and earning rigs at each ratio, every group in its best state."""
    prepared = economics.prepared
    profit, rigs = np.zeros((len(fleet.profit_kept), *ratio.shape)), np.zeros(ratio.shape)
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
        profit[fleet.site[group]] += own - prepared.idle_cost_per_day[first]
        rigs += (best > 0) * fleet.count[group]
    return _left(fleet, profit), rigs


def as_it_runs_loop(
    fleet: FleetArrays, economics: Economics, ratio: Floats
) -> tuple[Floats, Floats]:
    """Return margin and earning rigs at each ratio, every rig as it runs now."""
    prepared = economics.prepared
    profit, rigs = np.zeros((len(fleet.profit_kept), *ratio.shape)), np.zeros(ratio.shape)
    for group in range(fleet.groups):
        first = int(fleet.first[group])
        if np.isnan(prepared.cash_cost_per_day[first]):
            continue
        count = fleet.count[group]
        for mode in range(first, int(fleet.first[group + 1])):
            share = fleet.running[mode] / count
            revenue = economics.revenue_per_day[mode] * ratio
            plain = revenue - prepared.cash_cost_per_day[mode]
            profit[fleet.site[group]] += share * plain
            value = plain - revenue * fleet.required_margin[group]
            rigs += (value > 0) * fleet.running[mode]
        profit[fleet.site[group]] -= prepared.idle_cost_per_day[first]
    return _left(fleet, profit), rigs


def _left(fleet: FleetArrays, profit: Floats) -> Floats:
    """Return what hosts leave of the profits of all sites, (sites, ...) to (...)."""
    margin = np.zeros(profit.shape[1:])
    for site, kept in enumerate(fleet.profit_kept):
        margin += np.where(profit[site] > 0, kept * profit[site], profit[site])
    return margin
