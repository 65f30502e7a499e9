"""A plan as the page draws it: rows, bars and prices in one order, words and zone attached."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property, partial
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.rigs import Pin
from minerdesk.domain.text import _
from minerdesk.services.planning.break_evens import break_even_of, per_ths_hour
from minerdesk.services.planning.names import BookNames
from minerdesk.services.planning.plan import Move, Plan
from minerdesk.services.words import Formats
from minerdesk.services.words.plan_words import PlanWords
from minerdesk.ui.plan.row_list import Row, RowList

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
    _row_lists: dict[bool, RowList] = field(default_factory=dict)

    @cached_property
    def words(self) -> PlanWords:
        """Sentences, in the scene's zone."""
        return PlanWords(self.plan, self.formats, self.zone)

    @cached_property
    def edges_s(self) -> Floats:
        """Borders of the steps, (T + 1,), seconds since 1970 UTC."""
        return np.append(self.plan.start_s, self.plan.ends.timestamp())

    def break_even(self, group: int) -> Floats:
        """Price of power at which a group earns nothing, (T,)."""
        return break_even_of(self.plan, group)

    @cached_property
    def fleet_evens(self) -> tuple[Floats, Floats]:
        """Lowest and highest of all groups that have one, (T,) each; empty without any."""
        best = self.plan.names.ths_per_kw
        best = best[np.isfinite(best)]
        if not len(best):
            return np.empty(0), np.empty(0)
        earned = per_ths_hour(self.plan)
        return best.min() * earned, best.max() * earned

    @property
    def rows(self) -> RowList:
        """Sites in the plan's order with their groups, the one that must stop first on top."""
        found = self._row_lists.get(self.folded)
        if found is None:
            names, sites = self.plan.names, [each.site for each in self.plan.sites]
            text = partial(_row_text, names, self.formats)
            found = self._row_lists[self.folded] = RowList(names, sites, text, folded=self.folded)
        return found

    def take_rows(self, before: Scene) -> None:
        """Take over the rows of another scene of the same book and sites, folded and unfolded."""
        self._row_lists = before._row_lists

    def row_of(self, group_id: str) -> int | None:
        """Return the row that holds a group."""
        index = self.index_of(group_id)
        return None if index is None else self.rows.row_of(index)

    def index_of(self, group_id: str) -> int | None:
        """Return a group's place in the plan's book."""
        return self.plan.names.place.get(group_id)

    def pin_cost(self, row: Row) -> float | None:
        """Return what the pins of a row cost over the horizon; None where that is unknown."""
        if row.pin is Pin.FREE or not self._pin_costs:
            return None
        groups = [self.plan.book.groups[index] for index in row.groups]
        costs = [self._pin_costs.get(each.id) for each in groups if each.pin is not Pin.FREE]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if len(known) == len(costs) else None

    def bars(self, row: int) -> tuple[Bar, ...]:
        """Return the bars of a row; made when first asked for."""
        if row not in self._bars:
            self._bars[row] = self._make_bars(row)
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
        columns = self.plan.table.columns
        begun = (columns.at_s <= time_s) & (time_s < columns.until_s)
        begun &= self.rows.row_of_group[np.minimum(columns.group, self._last_group)] == row
        found = np.flatnonzero(begun)
        if not len(found):
            return None
        order = np.lexsort((-found, columns.at_s[found], columns.advised[found]))
        return self.plan.table[int(found[order[-1]])]

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

    def site_words(self, row: int, time_s: float) -> str:
        """Return the events of a heading's site at a time, and whether nothing may start."""
        site, step = self.plan.sites[self.rows[row].site], self.step_at(time_s)
        of_book = next(each for each in self.plan.book.sites if each.id == site.site)
        said = [
            _("{name}: at most {kw} until {time}").format(
                name=event.name or _("event"),
                kw=self.formats.power(event.most_kw * 1000),
                time=self.words.when(event.end),
            )
            for event in of_book.events
            if event.start.timestamp() <= time_s < event.end.timestamp()
        ]
        if step is not None and not site.may_start[step]:
            said.append(_("no starts"))
        return "\n".join(said)

    # --- inside

    @cached_property
    def _pin_costs(self) -> dict[str, float]:
        return dict(self.plan.pin_costs)

    @property
    def _last_group(self) -> int:
        return len(self.plan.book.groups) - 1

    @cached_property
    def _plan_rows(self) -> tuple[Ints, Ints]:
        """The plan's rows in the order of the scene's, and the scene's row of each."""
        row = self.rows.row_of_group[self.plan.group_of_row]
        order = np.argsort(row, kind="stable")
        return order, row[order]

    def _make_bars(self, row: int) -> tuple[Bar, ...]:
        groups, plan = self.rows.groups_of(row), self.plan
        found = self._counts(row, groups)
        if found is None:
            return ()
        names, codes = plan.names.states
        # Off is 0, and modes count from the first of the row's first group on, as their colours.
        seen = codes[groups].ravel()
        used = sorted(range(len(names)), key=lambda each: _first(seen == each))
        used = used[: int((np.bincount(seen, minlength=len(names)) > 0).sum())]
        counts = found[:, used]
        changed = np.flatnonzero((np.diff(counts, axis=0) != 0).any(axis=1)) + 1
        borders = [0, *changed.tolist(), len(counts)]
        listed = [names[each] for each in used]
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

    def _counts(self, row: int, groups: Ints) -> Ints | None:
        """Return rigs of a row by step and state as the plan names them; None without groups."""
        plan, together = self.plan, self.plan.together
        if not len(groups):
            return None
        made = together.counts(int(groups[0])) if self.folded and together is not None else None
        if made is not None:
            return made
        order, of_row = self._plan_rows
        begin, end = np.searchsorted(of_row, (row, row + 1))
        held = order[begin:end]
        if not len(held):
            return None
        names, codes = plan.names.states
        mine, every = codes[plan.group_of_row[held]], np.arange(len(held))
        counts = np.empty((len(plan.start_s), len(names)), np.int64)
        rigs, states = plan.rigs_of_row[held], plan.state_of_row[held]
        for step in range(len(counts)):
            counts[step] = np.bincount(mine[every, states[:, step]], rigs, minlength=len(names))
        return counts


def _first(mask: NDArray[np.bool_]) -> int:
    """Return the first place where it is so, the length where it never is."""
    place = int(mask.argmax())
    return place if mask[place] else len(mask)


def _row_text(names: BookNames, formats: Formats, groups: Ints, rigs: int) -> str:
    group = names.book.groups[int(groups[0])]
    # The count first: where there is no room, it is the name that may be cut.
    text = f"{formats.count(rigs)} × {group.model}"
    return ", ".join(filter(None, (text, names.mark(group.id) if len(groups) == 1 else "")))


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
    if before is not None and before.plan.book is plan.book:
        sites = [each.site for each in plan.sites]
        if sites == [each.site for each in before.plan.sites]:
            scene.take_rows(before)
    return scene
