"""A table of the past for a view: as many rows as there are, written when they are seen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject

from minerdesk.services.network_history.overview import PastTable
from minerdesk.ui.widgets.column_table import ColumnTable

_HELD: Final = 2_000


class PastModel(ColumnTable):
    """Shows one `PastTable`; a new one replaces all rows."""

    def __init__(self, table: PastTable, parent: QObject | None = None) -> None:
        super().__init__(len(table.heads), table.numbers, parent)
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

    def count(self) -> int:
        """Return the number of rows."""
        return self._table.count

    def head(self, column: int) -> str:
        """Return a heading."""
        return self._table.heads[column]

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        return self._row(row)[column]

    def _row(self, row: int) -> tuple[str, ...]:
        held = self._rows.get(row)
        if held is None:
            if len(self._rows) >= _HELD:
                self._rows.clear()
            held = self._rows[row] = self._table.row(row)
        return held
