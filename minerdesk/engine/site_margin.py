"""The cash margin of a fleet's groups: `engine.margin` over its sites.

Shapes are (G,) groups, (M,) modes of all groups (see `engine.fleet`), (sites,). All is O(M).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from minerdesk.engine.fleet import FleetArrays, Floats
from minerdesk.engine.margin import part_kept


def by_site(fleet: FleetArrays, per_group: Floats) -> Floats:
    """Return the sum over the groups of each site, (G,) to (sites,)."""
    sums = np.bincount(fleet.site, per_group, minlength=len(fleet.profit_kept))
    return np.asarray(sums, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class SiteMargin:
    """What turns profits of groups into margins; made once per edit.

    Attributes:
        fleet: what there is and what runs now.
        shares: whether any host takes a share; where none does every part kept is 1.
        ran: (M,) the part of a group's rigs that runs now in the mode.
        idle_now: (G,) cost of the power of rigs that are off now, money a day.
    """

    fleet: FleetArrays
    shares: bool
    ran: Floats
    idle_now: Floats

    @classmethod
    def of(cls, fleet: FleetArrays, idle_cost: Floats) -> SiteMargin:
        """Return it for a fleet.

        Args:
            fleet: what there is and what runs now.
            idle_cost: (M,) of the whole group powered down, money a day.
        """
        return cls(
            fleet,
            bool((fleet.profit_kept < 1).any()),
            fleet.running / fleet.by_mode(fleet.count),
            fleet.in_mode(idle_cost, fleet.first[:-1]) * (fleet.off / fleet.count),
        )

    def running(self, profit: Floats) -> Floats:
        """Return the profit of the rigs that run now, (G,).

        Args:
            profit: (M,) of the whole group running in that mode.
        """
        return self.fleet.over_modes(self.ran * profit)

    def now(self, profit: Floats) -> Floats:
        """Return the profit of what runs now less the idle power of the rest, (G,), money a day.

        Args:
            profit: (M,) of the whole group running in that mode.
        """
        return self.running(profit) - self.idle_now

    def part_kept_now(self, now: Floats) -> Floats:
        """Return which part of its profit each group keeps as its site runs now, (G,).

        Args:
            now: (G,) profit of each group now, from `now`.
        """
        if not self.shares:
            return np.broadcast_to(1.0, self.fleet.groups)
        fleet = self.fleet
        return part_kept(by_site(fleet, now), fleet.profit_kept)[fleet.site]

    def part_kept_in_mode(self, profit: Floats) -> Floats:
        """Return which part each group would keep wholly in each mode, the others as now, (M,).

        Args:
            profit: (M,) of the whole group running in that mode.
        """
        fleet, now = self.fleet, self.now(profit)
        others = by_site(fleet, now)[fleet.site] - now
        kept = fleet.by_mode(fleet.profit_kept[fleet.site])
        return part_kept(fleet.by_mode(others) + profit, kept)
