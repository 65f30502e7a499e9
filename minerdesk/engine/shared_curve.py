"""A margin over the ratio of hashprices, site by site, where hosts take a share of the profit.

Between two changes of state the profit of a site is a straight line that does not fall, so that it
passes zero at most once there; above zero the margin is a part of it (`engine.margin`). A site's
margin is again straight between changes, with one more where its profit begins.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from minerdesk.engine.fleet import Floats, Ints


class Changes(NamedTuple):
    """What changes along the ratio, (E,) each, and what there is before; money a day at ratio 1.

    Attributes:
        at: ratio. site: whose it is. revenue, cost, rigs: by how much they change.
        before_revenue, before_cost: (sites,) at the smallest ratio.
    """

    at: Floats
    site: Ints
    revenue: Floats
    cost: Floats
    rigs: Floats
    before_revenue: Floats
    before_cost: Floats


def after_share(changes: Changes, kept: Floats) -> Changes:
    """Return the changes of what hosts leave: margin is their revenue x ratio less their cost.

    O(E log E), nothing where no host takes a share.

    Args:
        changes: of the profit.
        kept: (sites,) what each site's host leaves of a profit, in (0, 1].
    """
    shared = np.flatnonzero(kept < 1)
    if not len(shared):
        return changes
    mine = kept[changes.site] < 1
    begin = np.full(len(shared), -np.inf)
    lines = _lines(
        np.concatenate((begin, changes.at[mine])),
        np.concatenate((shared, changes.site[mine])),
        np.concatenate((changes.before_revenue[shared], changes.revenue[mine])),
        np.concatenate((changes.before_cost[shared], changes.cost[mine])),
        np.concatenate((np.zeros(len(shared)), changes.rigs[mine])),
    )
    revenue, cost = changes.before_revenue.copy(), changes.before_cost.copy()
    found = _split(lines, kept)
    first = found.at == -np.inf
    revenue[found.site[first]], cost[found.site[first]] = found.revenue[first], found.cost[first]
    return Changes(
        np.concatenate((changes.at[~mine], found.at[~first])),
        np.concatenate((changes.site[~mine], found.site[~first])),
        np.concatenate((changes.revenue[~mine], _steps(found.revenue, first)[~first])),
        np.concatenate((changes.cost[~mine], _steps(found.cost, first)[~first])),
        np.concatenate((changes.rigs[~mine], found.rigs[~first])),
        revenue,
        cost,
    )


class _Lines(NamedTuple):
    """Straight pieces by site and ratio: where each begins, its revenue and cost, rigs it adds."""

    at: Floats
    site: Ints
    revenue: Floats
    cost: Floats
    rigs: Floats

    def in_order(self) -> _Lines:
        order = np.lexsort((self.at, self.site))
        return _Lines(
            self.at[order],
            self.site[order],
            self.revenue[order],
            self.cost[order],
            self.rigs[order],
        )


def _lines(at: Floats, site: Ints, revenue: Floats, cost: Floats, rigs: Floats) -> _Lines:
    """Return pieces from what changes at the beginning of each."""
    found = _Lines(at, site, revenue, cost, rigs).in_order()
    first = np.flatnonzero(found.at == -np.inf)
    length = np.diff(np.append(first, len(found.at)))

    def summed(steps: Floats) -> Floats:
        total = np.cumsum(steps)
        return total - np.repeat(total[first] - steps[first], length)

    return found._replace(revenue=summed(found.revenue), cost=summed(found.cost))


def _split(lines: _Lines, kept: Floats) -> _Lines:
    """Return the pieces after the share, those in which the profit begins cut in two."""
    level = np.where(lines.cost < 0, -np.inf, np.inf)
    zero = np.divide(lines.cost, lines.revenue, out=level, where=lines.revenue > 0)
    other = np.append(lines.site[1:] != lines.site[:-1], True)
    end = np.where(other, np.inf, np.append(lines.at[1:], np.inf))
    cut = (zero > lines.at) & (zero < end)
    part = kept[lines.site]
    below = np.where(zero <= lines.at, part, 1.0)
    return _Lines(
        np.concatenate((lines.at, zero[cut])),
        np.concatenate((lines.site, lines.site[cut])),
        np.concatenate((lines.revenue * below, (lines.revenue * part)[cut])),
        np.concatenate((lines.cost * below, (lines.cost * part)[cut])),
        np.concatenate((lines.rigs, np.zeros(int(cut.sum())))),
    ).in_order()


def _steps(levels: Floats, first: NDArray[np.bool_]) -> Floats:
    """Return by how much each piece differs from the one before it."""
    found: Floats = levels - np.where(first, 0.0, np.concatenate(([0.0], levels[:-1])))
    return found
