"""One table of the past: whole rows, columns as wide as what they hold, copied with Ctrl+C."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedLayout,
    QTableView,
    QWidget,
)

from minerdesk.services.network_history.overview import PastTable
from minerdesk.ui.network.past_model import PastModel
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.padded import Padded
from minerdesk.ui.widgets.whole_rows import show_whole_rows

_MEASURED_ROWS: Final = 60
_CELL_MARGIN: Final = 28
_WIDEST: Final = 240
_LEAST_PX: Final = 96


class PastView(QTableView):
    """The table itself."""

    def __init__(self, model: PastModel) -> None:
        super().__init__()
        model.setParent(self)
        show_whole_rows(self, model, model.table.title, self.fontMetrics().height() + 8)
        self._rows = model
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setCornerButtonEnabled(False)
        self.setItemDelegate(Padded(self))
        self._wished: list[int] = []
        self.fit_columns()

    def fit_columns(self) -> None:
        """Make columns as wide as headings and first rows; the wide one takes the rest.

        Where there is no rest the widest give way, so that no column is out of sight: a long name
        is whole in the tool tip.
        """
        header, table = self.horizontalHeader(), self._rows.table
        wide = self.fontMetrics().horizontalAdvance
        rows = [table.row(row) for row in range(min(table.count, _MEASURED_ROWS))]
        self._wished = [
            min(max(map(wide, (*head.splitlines(), *(row[column] for row in rows)))), _WIDEST)
            + _CELL_MARGIN
            for column, head in enumerate(table.heads)
        ]
        header.setSectionResizeMode(table.wide, QHeaderView.ResizeMode.Stretch)
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share another width out anew."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        wide = self._rows.table.wide
        wished = {place: px for place, px in enumerate(self._wished) if place != wide}
        over = sum(wished.values()) + _LEAST_PX - self.viewport().width()
        while over > 0:
            widest = max(wished, key=wished.__getitem__)
            if wished[widest] <= _LEAST_PX:
                break
            others = [px for place, px in wished.items() if place != widest]
            give = min(over, wished[widest] - max(_LEAST_PX, *others, 0))
            give = max(give, 1)
            wished[widest] -= give
            over -= give
        for place, px in wished.items():
            self.horizontalHeader().resizeSection(place, px)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the whole table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the table onto the clipboard, tab-separated."""
        QGuiApplication.clipboard().setText(self._rows.table.tsv())


class PastPane(QWidget):
    """A table, or one sentence where it has no rows."""

    def __init__(self, table: PastTable) -> None:
        super().__init__()
        self.model = PastModel(table)
        self.view = PastView(self.model)
        self._empty = label(table.empty, "muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(8, 12, 8, 8)
        self._layers = QStackedLayout(self)
        self._layers.setContentsMargins(0, 0, 0, 0)
        self._layers.addWidget(self.view)
        self._layers.addWidget(self._empty)
        self._choose()

    @property
    def empty(self) -> bool:
        """Whether there is no row."""
        return self.model.rowCount() == 0

    def show_table(self, table: PastTable) -> None:
        """Show another table of the same columns; the row that was current stays so."""
        current = self.view.currentIndex().row()
        self.model.show_table(table)
        self.view.fit_columns()
        if 0 <= current < table.count:
            self.view.selectRow(current)
        self._choose()

    def _choose(self) -> None:
        self._layers.setCurrentWidget(self._empty if self.empty else self.view)
