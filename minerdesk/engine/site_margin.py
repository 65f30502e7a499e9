"""The cash margin of a fleet's groups: `engine.margin` over its sites.

Shapes are (G,) groups, (M,) modes of all groups (see `engine.fleet`), (sites,). All is O(M).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from minerdesk.engine.fleet import FleetArrays
from minerdesk.engine.margin import part_kept

Floats = NDArray[np.float64]


def shares(fleet: FleetArrays) -> bool:
    """Return whether any host takes a share; where none does every part kept is 1."""
    return bool((fleet.profit_kept < 1).any())


def profit_now(fleet: FleetArrays, profit: Floats, idle_cost: Floats) -> Floats:
    """Return the profit of what runs now less the idle power of the rest, (G,), money a day.

    Args:
        fleet: what runs now.
        profit: (M,) of the whole group running in that mode.
        idle_cost: (M,) of the whole group powered down.
    """
    off = fleet.off / fleet.count
    found: Floats = running_profit(fleet, profit) - off * fleet.in_mode(idle_cost, fleet.first[:-1])
    return found


def running_profit(fleet: FleetArrays, profit: Floats) -> Floats:
    """Return the profit of the rigs that run now, (G,), from that of each mode, (M,)."""
    ran = fleet.running / fleet.by_mode(fleet.count)
    found: Floats = fleet.over_modes(ran * profit)
    return found


def by_site(fleet: FleetArrays, per_group: Floats) -> Floats:
    """Return the sum over the groups of each site, (G,) to (sites,)."""
    sums = np.bincount(fleet.site, per_group, minlength=len(fleet.profit_kept))
    return np.asarray(sums, dtype=np.float64)


def part_kept_now(fleet: FleetArrays, profit: Floats) -> Floats:
    """Return which part of its profit each group keeps as its site runs now, (G,).

    Args:
        fleet: what runs now.
        profit: (G,) of each group now, from `profit_now`.
    """
    return part_kept(by_site(fleet, profit), fleet.profit_kept)[fleet.site]


def part_kept_in_mode(fleet: FleetArrays, profit: Floats, now: Floats) -> Floats:
    """Return which part each group would keep wholly in each mode, the others as now, (M,).

    Args:
        fleet: what runs now.
        profit: (M,) of the whole group running in that mode.
        now: (G,) of each group now, from `profit_now`.
    """
    others = by_site(fleet, now)[fleet.site] - now
    kept = fleet.by_mode(fleet.profit_kept[fleet.site])
    return part_kept(fleet.by_mode(others) + profit, kept)
