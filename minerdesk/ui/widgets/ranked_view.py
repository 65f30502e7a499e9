"""The view of a ranked table, and the panel in which it follows the page's selection."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.charts.base import Table
from minerdesk.ui.charts.panel import Panel
from minerdesk.ui.icons import Icons
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.group_places import GroupSelection
from minerdesk.ui.widgets.ranked_table import ID_ROLE, RankedTable
from minerdesk.ui.widgets.whole_rows import show_whole_rows

_MEASURED_ROWS: Final = 60


class RankedView(QTableView):
    """Whole rows of fixed height; a press on a heading sorts, Ctrl+C copies all of it."""

    def __init__(self, model: RankedTable[Any], name: str) -> None:
        super().__init__()
        show_whole_rows(self, model, name, self.fontMetrics().height() + 8)
        self.ranked = model
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        # A group's name begins with its model and ends with its site; both tell it from others.
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.horizontalHeader()
        header.setAccessibleName(_("Columns; a press sorts by one"))
        # The model writes the arrow into the heading: Qt's lies over the text.
        header.setSectionsClickable(True)
        header.sectionClicked.connect(model.sort_by)

    def text_width(self, column: int, more: str = "") -> int:
        """Return how wide a column's heading and first rows are, pixels.

        Args:
            column: any.
            more: what the last line of the heading is to have room for.
        """
        model, wide = self.ranked, self.fontMetrics().horizontalAdvance
        head = f"{model.head(column)}{more}".splitlines()
        rows = (model.text(row, column) for row in range(min(model.rowCount(), _MEASURED_ROWS)))
        return max(map(wide, (*head, *rows)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the whole table as it is sorted."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_table()
        else:
            super().keyPressEvent(event)

    def table(self) -> Table:
        """Return headings and rows as they are sorted."""
        return self.ranked.table()

    def copy_table(self) -> None:
        """Put the rows onto the clipboard, tab-separated."""
        QGuiApplication.clipboard().setText(self.table().tsv())


class RankedPanel(Panel):
    """A ranked table under its title; its row and the page's selection are one.

    Args:
        body: what the view stands in; None is the view itself.
    """

    def __init__(
        self,
        title: str,
        theme: Theme,
        icons: Icons,
        view: RankedView,
        selection: GroupSelection,
        *,
        body: QWidget | None = None,
    ) -> None:
        super().__init__(title, theme, icons, body or view)
        self._ranked_view, self._selection = view, selection
        view.ranked.setParent(self)
        view.selectionModel().currentRowChanged.connect(self._row_chosen)
        selection.changed.connect(self.follow)

    def copy_table(self) -> None:
        """Put the rows onto the clipboard, tab-separated."""
        self._ranked_view.copy_table()

    def follow(self, group_id: str) -> None:
        """Select the uppermost row of a group, and none where it has no row."""
        view = self._ranked_view
        current = view.currentIndex()
        if current.isValid() and current.data(ID_ROLE) == group_id:
            return
        rows = view.ranked.rows_of(group_id)
        if not rows:
            view.clearSelection()
            view.setCurrentIndex(QModelIndex())
            return
        flags = QItemSelectionModel.SelectionFlag
        index = view.ranked.index(rows[0], 0)
        view.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._selection.choose(str(current.data(ID_ROLE)))
