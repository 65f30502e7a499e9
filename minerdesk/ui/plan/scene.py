"""A plan as the page draws it: rows, bars and prices in one order, words and zone attached."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.rigs import Pin
from minerdesk.services.planning.break_evens import break_evens_per_kwh
from minerdesk.services.planning.plan import OFF, Move, Plan, SitePlan
from minerdesk.services.words import Formats
from minerdesk.services.words.plan_words import PlanWords

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROWS_MOST: Final = 200
"""Groups from which on those of one model and site share a row, until the operator unfolds them."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rigs in one state within a bar; ``mode`` counts from 0, off is -1."""

    state: str
    mode: int
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A span in which the states of a row stay as they are. Steps first to last, last not in it."""

    first: int
    last: int
    parts: tuple[Part, ...]

    @property
    def split(self) -> bool:
        """Whether the rigs are in different states."""
        return len(self.parts) > 1


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the Gantt chart: a site's name, or groups.

    Attributes:
        text: what stands before it. groups: places in the book; none for a site's name.
        site: place of the site in the plan. rigs: of all its groups.
        pin: where all have the same.
    """

    text: str
    site: int
    groups: tuple[int, ...] = ()
    rigs: int = 0
    pin: Pin = Pin.FREE


@dataclass
class Scene:
    """One plan for the charts and tables of the page.

    Attributes:
        plan: what is shown. formats: the operator's locale.
        zone: of all times; None means the operator's.
        folded: groups of one model and site share a row.
    """

    plan: Plan
    formats: Formats
    zone: tzinfo | None = None
    folded: bool = False
    _bars: dict[int, tuple[Bar, ...]] = field(default_factory=dict)

    @cached_property
    def words(self) -> PlanWords:
        """Sentences, in the scene's zone."""
        return PlanWords(self.plan, self.formats, self.zone)

    @cached_property
    def edges_s(self) -> Floats:
        """Borders of the steps, (T + 1,), seconds since 1970 UTC."""
        return np.append(self.plan.start_s, self.plan.ends.timestamp())

    @cached_property
    def break_evens(self) -> Floats:
        """Price of power at which each group earns nothing, (G, T)."""
        return break_evens_per_kwh(self.plan)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Sites in the plan's order with their groups, the one that must stop first on top."""
        book = self.plan.book
        even = self.break_evens.mean(axis=1)
        found: list[Row] = []
        for place, site in enumerate(self.plan.sites):
            members = [i for i, group in enumerate(book.groups) if group.site == site.site]
            if not members:
                continue
            found.append(Row(self.words.site_name(site.site), place))
            members.sort(key=lambda index: float(even[index]))
            bundles: dict[object, list[int]] = defaultdict(list)
            for index in members:
                bundles[book.groups[index].model if self.folded else index].append(index)
            found += [self._row(place, tuple(bundle)) for bundle in bundles.values()]
        return tuple(found)

    @property
    def site_plans(self) -> tuple[SitePlan, ...]:
        """What each site sees."""
        return self.plan.sites

    def row_of(self, group_id: str) -> int | None:
        """Return the row that holds a group."""
        groups = self.plan.book.groups
        for row, each in enumerate(self.rows):
            if any(groups[index].id == group_id for index in each.groups):
                return row
        return None

    def index_of(self, group_id: str) -> int | None:
        """Return a group's place in the plan's book."""
        groups = self.plan.book.groups
        return next((i for i, group in enumerate(groups) if group.id == group_id), None)

    def pin_cost(self, row: Row) -> float:
        """Return what the pins of a row cost over the horizon, money."""
        groups = self.plan.book.groups
        return sum(self._pin_costs.get(groups[index].id, 0.0) for index in row.groups)

    def bars(self, row: int) -> tuple[Bar, ...]:
        """Return the bars of a row; made when first asked for."""
        if row not in self._bars:
            self._bars[row] = self._make_bars(self.rows[row].groups)
        return self._bars[row]

    def bar_at(self, row: int, time_s: float) -> Bar | None:
        """Return the bar of a row at a time."""
        step = self.step_at(time_s)
        if step is None:
            return None
        return next((bar for bar in self.bars(row) if bar.first <= step < bar.last), None)

    def step_at(self, time_s: float) -> int | None:
        """Return the step that holds a time, or None outside the plan."""
        step = int(np.searchsorted(self.edges_s, time_s, side="right")) - 1
        return step if 0 <= step < len(self.plan.start_s) else None

    def time(self, step: int) -> datetime:
        """Return the border before a step, UTC."""
        return datetime.fromtimestamp(float(self.edges_s[step]), UTC)

    def move_at(self, row: int, time_s: float) -> Move | None:
        """Return the move that began what a row does at a time, or None where nothing did."""
        ids = {self.plan.book.groups[index].id for index in self.rows[row].groups}
        begun = [
            move
            for move in self.plan.moves
            if move.group in ids
            and move.at.timestamp() <= time_s
            and (move.until is None or time_s < move.until.timestamp())
        ]
        return max(begun, key=lambda move: (move.advised, move.at), default=None)

    def bar_words(self, row: int, bar: Bar) -> str:
        """Return whose bar it is, its span and its states."""
        formats, words = self.formats, self.words
        if len(bar.parts) == 1:
            states = words.state_name(bar.parts[0].state)
        else:
            states = ", ".join(
                f"{formats.count(part.count)} {words.state_name(part.state)}" for part in bar.parts
            )
        begin, end = self.time(bar.first), self.time(bar.last)
        return f"{self.rows[row].text} {states} {words.when(begin)}–{words.when(end, begin)}"

    # --- inside

    @cached_property
    def _pin_costs(self) -> dict[str, float]:
        return dict(self.plan.pin_costs)

    @cached_property
    def _plan_rows(self) -> dict[int, Ints]:
        """The plan's rows of each group."""
        order = np.argsort(self.plan.group_of_row, kind="stable")
        groups, first = np.unique(self.plan.group_of_row[order], return_index=True)
        pieces = np.split(order, first[1:])
        return {int(group): piece for group, piece in zip(groups, pieces, strict=True)}

    def _row(self, place: int, bundle: tuple[int, ...]) -> Row:
        groups = [self.plan.book.groups[index] for index in bundle]
        rigs = sum(group.count for group in groups)
        pins = {group.pin for group in groups}
        pin = next(iter(pins)) if len(pins) == 1 else Pin.FREE
        # The count first: where there is no room, it is the name that may be cut.
        text = f"{self.formats.count(rigs)} × {groups[0].model}"
        mark = self.words.mark(groups[0].id) if len(bundle) == 1 else ""
        return Row(", ".join(filter(None, (text, mark))), place, bundle, rigs, pin)

    def _make_bars(self, groups: tuple[int, ...]) -> tuple[Bar, ...]:
        names: dict[str, int] = {OFF: 0}
        for group in groups:
            for name in self.plan.mode_names[group]:
                names.setdefault(name, len(names))
        steps = len(self.plan.start_s)
        counts = np.zeros((steps, len(names)), np.int64)
        every = np.arange(steps)
        for group in groups:
            of_state = np.array([0, *(names[name] for name in self.plan.mode_names[group])])
            for row in self._plan_rows.get(group, ()):
                states = of_state[self.plan.state_of_row[row]]
                counts[every, states] += self.plan.rigs_of_row[row]
        changed = np.flatnonzero((np.diff(counts, axis=0) != 0).any(axis=1)) + 1
        borders = [0, *changed.tolist(), steps]
        listed = list(names)
        return tuple(
            Bar(
                first,
                last,
                tuple(
                    Part(listed[state], state - 1, int(counts[first, state]))
                    for state in (*range(1, len(listed)), 0)
                    if counts[first, state]
                ),
            )
            for first, last in pairwise(borders)
            if last > first
        )


def scene_of(
    plan: Plan,
    formats: Formats,
    zone: tzinfo | None = None,
    *,
    folded: bool | None = None,
    before: Scene | None = None,
) -> Scene:
    """Return the scene of a plan.

    Args:
        plan: what is to be shown.
        formats: the operator's locale.
        zone: of all times; None means the operator's.
        folded: as `Scene.folded`; None means where there are too many groups.
        before: the scene so far; the rows, which only an edit changes, are taken over.
    """
    if folded is None:
        folded = len(plan.book.groups) > ROWS_MOST
    scene = Scene(plan, formats, zone, folded)
    if before is not None and before.plan.book is plan.book and before.folded == folded:
        sites = [each.site for each in plan.sites]
        if sites == [each.site for each in before.plan.sites]:
            scene.rows = before.rows
    return scene
