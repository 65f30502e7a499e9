"""The rows of the Gantt chart: sites with their groups; a row is made when it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.rigs import Pin
from minerdesk.services.planning.names import PINS, BookNames

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the Gantt chart: a site's name, or groups.

    Attributes:
        text: what stands before it. groups: places in the book; none for a site's name.
        site: place of the site in the plan. rigs: of all its groups.
        pin: of all its groups; None where they differ.
    """

    text: str
    site: int
    groups: tuple[int, ...] = ()
    rigs: int = 0
    pin: Pin | None = Pin.FREE


class RowList(Sequence[Row]):
    """Sites in the plan's order, each with its groups, the one that must stop first on top.

    Args:
        names: of the groups.
        sites: ids of the plan's sites in its order.
        text_of: returns what stands before groups (places in the book) of so many rigs.
        folded: groups of one model and site share a row.

    Attributes:
        row_of_group: (G,) the row of each group; -1 for a group of a site the plan has not.
        headings: (S,) the rows that name a site.
        made: how many rows were made, for tests.
    """

    def __init__(
        self,
        names: BookNames,
        sites: Sequence[str],
        text_of: Callable[[Ints, int], str],
        *,
        folded: bool,
    ) -> None:
        place_of = {site: place for place, site in enumerate(sites)}
        place = np.array([place_of.get(each.id, -1) for each in names.book.sites], np.int64)
        site = place[names.site_of]
        order = np.lexsort((names.ths_per_kw, site))
        order = order[site[order] >= 0]
        if folded and len(order):
            key = site[order] * (int(names.model_of.max()) + 1) + names.model_of[order]
            _key, first, which = np.unique(key, return_index=True, return_inverse=True)
            # The models in the order in which their first group must stop.
            order = order[np.argsort(first[which.reshape(-1)], kind="stable")]
            key = site[order] * (int(names.model_of.max()) + 1) + names.model_of[order]
            new = np.diff(key, prepend=-1) != 0
        else:
            new = np.ones(len(order), np.bool_)
        self._names, self._site_ids, self._text_of = names, tuple(sites), text_of
        self._order = order
        self._first = np.append(np.flatnonzero(new), len(order))
        self._sites: Ints = site[order[self._first[:-1]]]
        heads = np.diff(self._sites, prepend=-1) != 0
        row_of_bundle = np.arange(len(heads)) + np.cumsum(heads)
        self.headings: Ints = row_of_bundle[heads] - 1
        self._bundle = np.full(len(heads) + int(heads.sum()), -1, np.int64)
        self._bundle[row_of_bundle] = np.arange(len(heads))
        self._head_site = {
            int(row): int(self._sites[b])
            for row, b in zip(self.headings, np.flatnonzero(heads), strict=True)
        }
        self.row_of_group = np.full(len(names.site_of), -1, np.int64)
        self.row_of_group[order] = row_of_bundle[np.cumsum(new) - 1] if len(order) else 0
        self._kept: dict[int, Row] = {}
        self._longest: dict[int, list[Row]] = {}

    @property
    def made(self) -> int:
        """How many rows were made."""
        return len(self._kept)

    def row_of(self, group: int) -> int | None:
        """Return the row of a group by its place in the book."""
        row = int(self.row_of_group[group])
        return row if row >= 0 else None

    def groups_of(self, row: int) -> Ints:
        """Return the places in the book of a row's groups; none for a heading."""
        bundle = int(self._bundle[row])
        if bundle < 0:
            return self._order[:0]
        return self._order[self._first[bundle] : self._first[bundle + 1]]

    def longest(self, count: int) -> list[Row]:
        """Return the headings, and the rows among which those with the longest texts should be."""
        if count not in self._longest:
            self._longest[count] = self._find_longest(count)
        return self._longest[count]

    def _find_longest(self, count: int) -> list[Row]:
        names, first = self._names, self._order[self._first[:-1]]
        if not len(first):
            return []
        rows = self.row_of_group[first]
        spread = rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(np.int64)]
        most = np.lexsort((names.counts[first], names.model_of[first]))
        ends = np.flatnonzero(np.diff(names.model_of[first][most], append=-1))
        wanted = {*spread.tolist(), *rows[most[ends]].tolist(), *self.headings.tolist()}
        return [self[row] for row in sorted(wanted)]

    def __len__(self) -> int:
        return len(self._bundle)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        """Return a row, or some."""
        if isinstance(place, slice):
            return [self[each] for each in range(len(self))[place]]
        row = range(len(self))[place]
        found = self._kept.get(row)
        if found is None:
            found = self._kept[row] = self._make(row)
        return found

    def _make(self, row: int) -> Row:
        names, bundle = self._names, int(self._bundle[row])
        if bundle < 0:
            site = self._head_site[row]
            site_id = self._site_ids[site]
            return Row(names.sites.get(site_id, site_id), site)
        groups = self.groups_of(row)
        rigs, pins = int(names.counts[groups].sum()), np.unique(names.pin[groups])
        return Row(
            self._text_of(groups, rigs),
            int(self._sites[bundle]),
            tuple(groups.tolist()),
            rigs,
            PINS[pins[0]] if len(pins) == 1 else None,
        )
