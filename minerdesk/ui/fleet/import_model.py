"""The rows of a dry run as a table: what each would do, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from minerdesk.domain.text import _
from minerdesk.services.exchange import (
    Action,
    DryRun,
    Field,
    FieldChange,
    RowPlan,
    field_label,
    value_words,
)
from minerdesk.services.words.formats import DASH
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.column_table import ColumnTable, Role

ROW, ACTION, GROUP, DETAIL = range(4)
_MOST_CHANGES: Final = 6
# What the column of groups says already.
_SAID: Final = frozenset({Field.ID, Field.SITE, Field.MODEL, Field.COUNT})
# What follows from other values and is told only where the file speaks of it.
_BEHIND: Final = frozenset({Field.HASHRATE_ORIGIN, Field.POWER_ORIGIN, Field.STATE_SOURCE})


def action_word(action: Action) -> str:
    """Return what happens to a row, with a sign that is no colour."""
    return {
        Action.ADD: _("+ add"),
        Action.CHANGE: _("~ change"),
        Action.SAME: _("= same"),
        Action.REFUSE: _("× refuse"),
    }[action]


@dataclass(frozen=True, slots=True)
class Look:
    """How a dry run is shown: the theme's colours, and how numbers are written."""

    theme: Theme
    write: Callable[[float], str]


class DryRunModel(ColumnTable):
    """The rows of one dry run, all or those of one action."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(DETAIL + 1, parent=parent)
        self._theme = look.theme
        self._write = look.write
        self._run: DryRun | None = None
        self._action: Action | None = None
        self._plans: tuple[RowPlan, ...] = ()
        self._changes: dict[int, tuple[FieldChange, ...]] = {}
        # What many rows have in common, such as a site that keeps its price, is told of the first.
        self._first_told: dict[str, int] = {}

    @property
    def plans(self) -> tuple[RowPlan, ...]:
        """The rows shown."""
        return self._plans

    def show_run(self, run: DryRun | None, action: Action | None = None) -> None:
        """Show another dry run, or another choice of its rows."""
        self.beginResetModel()  # another answer altogether: no row of the old one means anything
        if run is not self._run:
            self._changes = {}
        self._run, self._action = run, action
        plans = run.rows if run is not None else ()
        self._plans = tuple(p for p in plans if action is None or p.action is action)
        self._first_told = {}
        for plan in self._plans:
            for warning in plan.warnings:
                self._first_told.setdefault(warning, plan.row)
        self.endResetModel()

    def count(self) -> int:
        """Return the number of rows shown."""
        return len(self._plans)

    def head(self, column: int) -> str:
        """Return a title."""
        return (_("Row"), _("What"), _("Group"), _("Before → after, or why not"))[column]

    def look(self, row: int, column: int, role: int) -> object:
        """Return the tone of what is refused, or warned of."""
        plan = self._plans[row]
        if role == Role.ForegroundRole and column in {ACTION, DETAIL}:
            tokens = self._theme.tokens
            if plan.action is Action.REFUSE:
                return QColor(tokens.lose)
            if plan.warnings:
                return QColor(tokens.warn)
        return None

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        plan = self._plans[row]
        if column == ROW:
            return str(plan.row)
        if column == ACTION:
            return action_word(plan.action)
        if column == GROUP:
            return self._group(plan)
        return self._detail(plan, _MOST_CHANGES)

    def whole(self, row: int) -> str:
        """Return all there is to say of a row."""
        if not 0 <= row < len(self._plans):
            return ""
        return self._detail(self._plans[row], None)

    def _detail(self, plan: RowPlan, most: int | None) -> str:
        changed = self._changed(plan, most)
        warnings = (
            each
            for each in plan.warnings
            if most is None or self._first_told.get(each, plan.row) == plan.row
        )
        return " ".join(filter(None, (*plan.reasons, *warnings, changed)))

    def _group(self, plan: RowPlan) -> str:
        group = plan.after or plan.before
        if group is None or self._run is None:
            return DASH
        sites = (*self._run.book.sites, *self._run.sites)
        site = next((each.name for each in sites if each.id == group.site), group.site)
        return f"{site} · {group.model} ×{group.count}"

    def _changed(self, plan: RowPlan, most: int | None) -> str:
        if self._run is None or plan.action not in {Action.ADD, Action.CHANGE}:
            return ""
        if plan.row not in self._changes:
            self._changes[plan.row] = self._told(self._run, plan)
        changes = self._changes[plan.row]
        parts = [self._change(each) for each in changes[:most]]
        if most is not None and len(changes) > most:
            parts.append("…")
        return ", ".join(parts)

    def _told(self, run: DryRun, plan: RowPlan) -> tuple[FieldChange, ...]:
        """Return what is worth telling: of a new group what the file says of it."""
        named = {column.field for column in run.columns}
        if plan.before is None:
            return tuple(c for c in run.changes(plan) if c.field in named - _SAID)
        return tuple(c for c in run.changes(plan) if c.field in named or c.field not in _BEHIND)

    def _change(self, change: FieldChange) -> str:
        label = field_label(change.field)
        after = value_words(change.field, change.after, self._write) or DASH
        if change.before is None:
            return f"{label} {after}"
        before = value_words(change.field, change.before, self._write) or DASH
        return f"{label} {before} → {after}"
