"""What many groups of one model and site do together, counted in the worker that makes the plan."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.services.planning.names import BookNames

if TYPE_CHECKING:
    from minerdesk.services.planning.plan import PlanRows

Ints = NDArray[np.int64]

MANY: Final = 64
"""Rows of a plan from which on those of one model and site are counted beforehand."""


class Together:
    """Rigs by step and state of all groups of a model and site that have many rows in a plan.

    Counted when first asked for; any thread may ask. Who makes a plan off the GUI thread asks.

    Args:
        names: of the plan's book.
        rows: of the plan.
    """

    def __init__(self, names: BookNames, rows: PlanRows) -> None:
        self._names, self.rows = names, rows

    def make_all(self) -> Together:
        """Count now."""
        if len(self.rows.group):
            _ = self._table
        return self

    def counts(self, group: int) -> Ints | None:
        """Return rigs of all groups alike to one, by step and state; None where they are few.

        Args:
            group: place in the book.

        Returns:
            (T, S); states as `BookNames.states` names them.
        """
        if not len(self.rows.group):
            return None
        number = int(self._number_of_alike[self._names.alike_of[group]])
        return None if number < 0 else self._table[number]

    @cached_property
    def _number_of_alike(self) -> Ints:
        """Place in the table of what is alike, -1 where its rows are few."""
        rows = np.bincount(self._names.alike_of[self.rows.group])
        found = np.full(int(self._names.alike_of.max()) + 1, -1, np.int64)
        many = np.flatnonzero(rows >= MANY)
        found[many] = np.arange(len(many))
        return found

    @cached_property
    def _table(self) -> Ints:
        """Rigs, (K, T, S)."""
        names, codes = self._names.states
        count = int(self._number_of_alike.max(initial=-1)) + 1
        steps = self.rows.state.shape[1]
        table = np.zeros((steps, count * len(names)), np.int64)
        number = self._number_of_alike[self._names.alike_of[self.rows.group]]
        kept = np.flatnonzero(number >= 0)
        first, rigs = number[kept] * len(names), self.rows.rigs[kept]
        mine, states = codes[self.rows.group[kept]], self.rows.state[kept].T
        every = np.arange(len(kept))
        for step in range(steps if count else 0):
            place = first + mine[every, states[step]]
            table[step] = np.bincount(place, rigs, minlength=table.shape[1])
        found = np.ascontiguousarray(table.reshape(steps, count, len(names)).swapaxes(0, 1))
        found.flags.writeable = False
        return found
