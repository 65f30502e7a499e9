"""Tables of the page: whole rows, copied whole, no grid."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from minerdesk.ui.charts.base import Table
from minerdesk.ui.widgets.whole_rows import show_whole_rows

_MEASURED: Final = 20
_ROOM_PX: Final = 16
_WIDEST_PX: Final = 300


class PlainTable(QTableView):
    """A read-only table of whole rows; Ctrl+C copies all of it."""

    def __init__(self, model: QAbstractTableModel, name: str, *, wide: int, lines: int = 1) -> None:
        """Show a model.

        Args:
            model: what is shown.
            name: for screen readers.
            wide: the column that takes the room that is left.
            lines: of text in a row.
        """
        super().__init__()
        show_whole_rows(self, model, name, self.fontMetrics().height() * lines + 10)
        self._wide = wide
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        head = self.horizontalHeader()
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(40)
        # A heading begins and ends where the text of its column does.
        head.setStyleSheet("QHeaderView::section { padding: 4px 3px; }")
        head.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)

    def widen(self, column: int) -> None:
        """Give the room that is left to another column."""
        if column != self._wide:
            modes = QHeaderView.ResizeMode
            self.horizontalHeader().setSectionResizeMode(self._wide, modes.Interactive)
            self.horizontalHeader().setSectionResizeMode(column, modes.Stretch)
            self._wide = column
            self.fit_columns()

    def fit_columns(self) -> None:
        """Make columns as wide as their headings and first rows."""
        model, advance = self.model(), self.fontMetrics().horizontalAdvance
        for column in range(model.columnCount()):
            if column == self._wide:
                continue
            heads = str(model.headerData(column, Qt.Orientation.Horizontal)).splitlines()
            rows = (
                line
                for row in range(min(model.rowCount(), _MEASURED))
                for line in str(model.index(row, column).data()).splitlines()
            )
            most = max(map(advance, (*heads, *rows)))
            self.setColumnWidth(column, min(most, _WIDEST_PX) + _ROOM_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the whole table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_table()
        else:
            super().keyPressEvent(event)

    def table(self) -> Table:
        """Return headings and rows as shown."""
        model = self.model()
        columns = range(model.columnCount())
        heads = (
            str(model.headerData(column, Qt.Orientation.Horizontal)).replace("\n", " ")
            for column in columns
        )
        rows = (
            tuple(str(model.index(row, column).data()).replace("\n", ", ") for column in columns)
            for row in range(model.rowCount())
        )
        return Table(tuple(heads), tuple(rows))

    def copy_table(self) -> None:
        """Put the rows onto the clipboard, tab-separated."""
        QGuiApplication.clipboard().setText(self.table().tsv())
