"""A table of what many rows of numbers are, put in order by one of its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor

from minerdesk.ui.charts.base import Table
from minerdesk.ui.charts.blocks import in_order
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.column_table import ColumnTable, Role
from minerdesk.ui.widgets.tips import wrapped

S = TypeVar("S")
Floats = NDArray[np.float64]
Places = NDArray[np.intp]

ID_ROLE: Final = int(Role.UserRole) + 1
_UP, _DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@dataclass(frozen=True, slots=True)
class Column(Generic[S]):
    """One column of a scene, in which what is shown has a place.

    Attributes:
        head: its heading; ``tip`` says more. text: what the cell of a place says. key: what it is
            sorted by, one value per place. number: written at the right, and sorted from the
            highest down at first. loses: whether a cell is told in the tone of a loss rather than
            of a gain; None leaves it without. unit: how much of ``key`` is one of what the heading
            tells.
    """

    head: Callable[[S], str]
    tip: Callable[[], str]
    text: Callable[[S, int], str]
    key: Callable[[S], Floats | list[str]]
    number: bool = True
    loses: Callable[[S, int], bool] | None = None
    unit: Callable[[S], float] = lambda _scene: 1.0


class RankedTable(ColumnTable, Generic[S]):
    """Rows are places in the order of a column; a tick moves rows and never resets the model.

    Args:
        theme: gives the tones.
        columns: from the left.
        by: the column that rows are first in the order of, the highest on top.
    """

    def __init__(
        self, theme: Theme, columns: Sequence[Column[S]], by: int, parent: QObject | None = None
    ) -> None:
        numbers = frozenset(at for at, column in enumerate(columns) if column.number)
        super().__init__(len(columns), numbers, parent)
        self.scene: S | None = None
        self.order: Places = np.empty(0, np.intp)
        self._theme = theme
        self._specs = tuple(columns)
        self._by, self._direction = by, _DOWN
        theme.changed.connect(self._tell_all)

    def same_places(self, before: S, scene: S) -> bool:
        """Return whether two scenes have the same places, so that rows keep their selection."""
        raise NotImplementedError

    def places_of(self, scene: S, group_id: str) -> Places:
        """Return the places that belong to a group, none where it is not there."""
        raise NotImplementedError

    def group_id(self, scene: S, place: int) -> str:
        """Return the id of the group that a place belongs to."""
        raise NotImplementedError

    def show_scene(self, scene: S | None) -> None:
        """Show another scene; rows keep their selection unless the book itself changed."""
        before = self.scene
        if scene is None or before is None or not self.same_places(before, scene):
            self.beginResetModel()
            self.scene = scene
            self.order = self._sorted()
            self.endResetModel()
            return
        self.scene = scene
        self._arrange()
        self._tell_all()

    def sort(self, column: int, order: Qt.SortOrder = _UP) -> None:
        """Sort by a column; places without a value come last either way."""
        if not 0 <= column < len(self._specs):
            return
        self._by, self._direction = column, order
        self._arrange()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._specs) - 1)

    def sort_by(self, column: int) -> None:
        """Sort by a column as a press on its heading does: again turns the order round."""
        spec, other = self._specs[column], {_UP: _DOWN, _DOWN: _UP}
        first = _DOWN if spec.number or spec.loses else _UP
        self.sort(column, other[self._direction] if column == self._by else first)

    def rows_of(self, group_id: str) -> list[int]:
        """Return the rows of a group, uppermost first."""
        if self.scene is None:
            return []
        found: list[int] = np.flatnonzero(
            np.isin(self.order, self.places_of(self.scene, group_id))
        ).tolist()
        return found

    def table(self) -> Table:
        """Return headings and rows as they are sorted, numbers as other programs read them."""
        scene = self.scene
        if scene is None:
            return Table((), ())
        columns = [self._written(scene, at) for at in range(len(self._specs))]
        heads = tuple(spec.head(scene).replace("\n", " ") for spec in self._specs)
        return Table(heads, tuple(zip(*columns, strict=True)))

    def count(self) -> int:
        """Return the number of places."""
        return len(self.order)

    def head(self, column: int) -> str:
        """Return a heading with its unit, and the arrow where rows are sorted by it."""
        if self.scene is None:
            return ""
        arrow = "" if column != self._by else " ▾" if self._direction == _DOWN else " ▴"
        return self._specs[column].head(self.scene) + arrow

    def head_tip(self, column: int) -> str:
        """Return what a column means."""
        return wrapped(self._specs[column].tip())

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        return "" if self.scene is None else self._specs[column].text(self.scene, self._place(row))

    def look(self, row: int, column: int, role: int) -> object:
        """Return the tone of a cell, or by `ID_ROLE` the id of its row's group."""
        scene = self.scene
        if scene is None:
            return None
        if role == ID_ROLE:
            return self.group_id(scene, self._place(row))
        loses = self._specs[column].loses
        if role == Role.ForegroundRole and loses is not None:
            tokens = self._theme.tokens
            return QColor(tokens.lose if loses(scene, self._place(row)) else tokens.earn)
        return None

    # --- inside

    def _written(self, scene: S, column: int) -> list[str]:
        spec = self._specs[column]
        key = spec.key(scene) if spec.number else None
        if not isinstance(key, np.ndarray):
            return [spec.text(scene, place) for place in self.order.tolist()]
        shown = (key[self.order] / spec.unit(scene)).tolist()
        return [f"{value:.10g}" if np.isfinite(value) else "" for value in shown]

    def _place(self, row: int) -> int:
        return int(self.order[row])

    def _sorted(self) -> Places:
        if self.scene is None:
            return np.empty(0, np.intp)
        key = self._specs[self._by].key(self.scene)
        down = self._direction == _DOWN
        if isinstance(key, list):
            order = np.array(sorted(range(len(key)), key=key.__getitem__), dtype=np.intp)
            return order[::-1] if down else order
        return in_order(-key if down else key, self.order)

    def _arrange(self) -> None:
        """Put the rows in order; persistent indexes go with their places."""
        order = self._sorted()
        if np.array_equal(order, self.order):
            return
        self.layoutAboutToBeChanged.emit()
        row_of = np.empty(len(order), np.intp)
        row_of[order] = np.arange(len(order))
        held = self.persistentIndexList()
        moved = [self.index(int(row_of[self._place(old.row())]), old.column()) for old in held]
        self.order = order
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _tell_all(self) -> None:
        self.tell_changed(len(self.order))
