"""A read-only table of texts: a model says what its cells are, and this answers Qt by role."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from minerdesk.ui.widgets.tips import wrapped

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

NONE: Final = QModelIndex()
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class ColumnTable(QAbstractTableModel):
    """Rows of texts under headings; a tool tip and what is spoken are made of them.

    Args:
        columns: how many there are.
        numbers: those written at the right.
    """

    def __init__(
        self, columns: int, numbers: Container[int] = (), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = columns
        self._numbers = numbers

    def count(self) -> int:
        """Return the number of rows."""
        raise NotImplementedError

    def head(self, column: int) -> str:
        """Return a column's heading."""
        raise NotImplementedError

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        raise NotImplementedError

    def tip(self, row: int, column: int) -> str:
        """Return a cell's tool tip: what it says, whole, or nothing."""
        return wrapped(self.text(row, column))

    def spoken(self, row: int, column: int) -> str:
        """Return what a screen reader says of a cell."""
        head, text = self.head(column).replace("\n", " "), self.text(row, column)
        return f"{head}: {text}".replace("\n", ", ")

    def look(self, row: int, column: int, role: int) -> object:
        """Return what else a cell has: a colour, a font, a picture, an id; None by itself."""
        del row, column, role
        return None

    def head_tip(self, column: int) -> str:
        """Return the tool tip of a heading, or nothing."""
        del column
        return ""

    def tell_changed(self, rows: int) -> None:
        """Tell views that the cells of the first so many rows may say something else."""
        if rows:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, self._columns - 1))

    # --- Qt's own

    def rowCount(self, parent: Index = NONE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else self.count()

    def columnCount(self, parent: Index = NONE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else self._columns

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """Return what a cell has of a role."""
        row, column = index.row(), index.column()
        if not index.isValid() or row >= self.count():
            return None
        if role == Role.DisplayRole:
            return self.text(row, column)
        if role == Role.TextAlignmentRole:
            return self._aligned(column)
        if role == Role.ToolTipRole:
            return self.tip(row, column) or None
        if role == Role.AccessibleTextRole:
            return self.spoken(row, column)
        return self.look(row, column, role)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> object:
        """Return a heading, aligned as its column; rows are numbered."""
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Role.DisplayRole else None
        if not 0 <= section < self._columns:
            return None
        if role == Role.DisplayRole:
            return self.head(section)
        if role == Role.TextAlignmentRole:
            return self._aligned(section)
        if role == Role.ToolTipRole:
            return self.head_tip(section) or None
        return None

    def _aligned(self, column: int) -> int:
        return _RIGHT if column in self._numbers else _LEFT
