"""A table of the past for a view: as many rows as there are, written when they are seen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from minerdesk.services.network_history.overview import PastTable
from minerdesk.ui.widgets.tips import wrapped

Index = QModelIndex | QPersistentModelIndex
_HELD: Final = 2_000


class PastModel(QAbstractTableModel):
    """Shows one `PastTable`; a new one replaces all rows."""

    def __init__(self, table: PastTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._rows: dict[int, tuple[str, ...]] = {}

    @property
    def table(self) -> PastTable:
        """What is shown."""
        return self._table

    def show_table(self, table: PastTable) -> None:
        """Show another table of the same columns."""
        self.beginResetModel()
        self._table = table
        self._rows.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows."""
        return 0 if parent.isValid() else self._table.count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._table.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._aligned(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._row(index.row())[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return wrapped(self._row(index.row())[index.column()])
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a heading."""
        heads = self._table.heads
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(heads):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._aligned(section)
        return None

    def _row(self, row: int) -> tuple[str, ...]:
        held = self._rows.get(row)
        if held is None:
            if len(self._rows) >= _HELD:
                self._rows.clear()
            held = self._rows[row] = self._table.row(row)
        return held

    def _aligned(self, column: int) -> int:
        number = column in self._table.numbers
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)
