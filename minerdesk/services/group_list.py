"""Groups in the order in which a page lists them, with the place of each.

Found with an evaluation, off the GUI thread: a book may have a hundred thousand groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.rigs import RigGroup
from minerdesk.engine.dispatch import Decisions


@dataclass(frozen=True, slots=True)
class GroupList:
    """Some groups in an order.

    Attributes:
        order: their places in the book, shape (N,).
        places: where each id stands in that order; the ids are in that order.
    """

    order: NDArray[np.intp]
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ByHour:
    """What this hour alone asks for: groups with an advised move, and those too close to call."""

    advised: GroupList
    close: GroupList


def by_hour(groups: Sequence[RigGroup], decisions: Decisions) -> ByHour:
    """Return which of a book's groups its decisions would move."""
    return ByHour(_listed(groups, move_order(decisions)), _listed(groups, close_order(decisions)))


def move_order(decisions: Decisions) -> NDArray[np.intp]:
    """Return the indices of the groups with an advised move, worth most first."""
    moved = decisions.power_down + decisions.start + decisions.change_mode
    # A gain that is not a number rests on an exchange rate nobody knows: no ground for a move.
    found = np.flatnonzero((moved > 0) & decisions.advised & np.isfinite(decisions.gain_per_day))
    return found[np.argsort(-decisions.gain_per_day[found], kind="stable")]


def close_order(decisions: Decisions) -> NDArray[np.intp]:
    """Return the indices of the groups too close to call, the largest possible gain first."""
    found = np.flatnonzero(~decisions.advised)
    return found[np.argsort(-decisions.gain_per_day[found], kind="stable")]


def _listed(groups: Sequence[RigGroup], order: NDArray[np.intp]) -> GroupList:
    # A loop, in which another thread gets its turn: built in one call, none would for many ms.
    return GroupList(order, {groups[at].id: place for place, at in enumerate(order.tolist())})
