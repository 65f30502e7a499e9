"""The table of break-evens with its title and copying."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.ui.charts.base import Table
from minerdesk.ui.charts.panel import Panel
from minerdesk.ui.icons import Icons
from minerdesk.ui.profitability.rungs import RungsModel
from minerdesk.ui.profitability.scene import Scene
from minerdesk.ui.profitability.selection import GroupSelection
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.ranked_table import ID_ROLE
from minerdesk.ui.widgets.tips import cash_layer

_MEASURED_ROWS: Final = 60
_CELL_MARGIN: Final = 14
_LEAST_NAME_PX: Final = 190


class WholeRows(QWidget):
    """Gives a table as much of its height as whole rows take, so that none is cut."""

    def __init__(self, view: QTableView) -> None:
        super().__init__()
        self._view = view
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(view, 1)
        box.addStretch(0)
        # Headings of two lines come with the first figures.
        view.horizontalHeader().geometriesChanged.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Round the height of the table down."""
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        view = self._view
        around = view.horizontalHeader().sizeHint().height() + 2 * view.frameWidth()
        row = view.verticalHeader().defaultSectionSize()
        rows = max((self.height() - around) // row, 1)
        view.setMaximumHeight(around + rows * row)


class RungsView(QTableView):
    """The table itself: one row per mode step, whole rows selected, fixed row height."""

    def __init__(self, model: RungsModel) -> None:
        super().__init__()
        self.setModel(model)
        self._rungs = model
        self.setAccessibleName(_("Break-evens"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        # A group's name begins with its model and ends with its site; both tell it from others.
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setAccessibleName(_("Columns; a press sorts by one"))
        self.verticalHeader().setAccessibleName(_("Rows"))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        # The model writes the arrow into the heading: Qt's lies over the text.
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().sectionClicked.connect(model.sort_by)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(48)
        # A heading begins and ends where the text of its column does.
        self.horizontalHeader().setStyleSheet("QHeaderView::section { padding: 4px 3px; }")

    def fit_columns(self) -> None:
        """Make columns as wide as their headings and first rows; the first takes the rest."""
        header, model = self.horizontalHeader(), self._rungs
        wide = self.fontMetrics().horizontalAdvance
        for column in range(1, model.columnCount()):
            head = f"{model.headerData(column, Qt.Orientation.Horizontal)}".splitlines()
            rows = (
                str(model.index(row, column).data())
                for row in range(min(model.rowCount(), _MEASURED_ROWS))
            )
            most = max(map(wide, (*head, *rows)))
            header.resizeSection(column, min(most, wide("normal → high")) + _CELL_MARGIN)
        self._fit_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the first column what is left."""
        super().resizeEvent(event)
        self._fit_first()

    def _fit_first(self) -> None:
        """Let names take the room that is left; never so little that they cannot be told apart."""
        header = self.horizontalHeader()
        others = sum(header.sectionSize(place) for place in range(1, header.count()))
        left = self.viewport().width() - others
        header.resizeSection(0, max(left, _LEAST_NAME_PX))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the whole table as it is sorted."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_table()
        else:
            super().keyPressEvent(event)

    def table(self) -> Table:
        """Return headings and rows as shown."""
        model, columns = self._rungs, range(self._rungs.columnCount())
        heads = (
            str(model.headerData(column, Qt.Orientation.Horizontal) or "").replace("\n", " ")
            for column in columns
        )
        rows = (
            tuple(str(model.index(row, column).data()) for column in columns)
            for row in range(model.rowCount())
        )
        return Table(tuple(heads), tuple(rows))

    def copy_table(self) -> None:
        """Put the rows onto the clipboard, tab-separated."""
        QGuiApplication.clipboard().setText(self.table().tsv())


class RungsPanel(Panel):
    """The table under its title; follows the page's selection."""

    def __init__(self, theme: Theme, icons: Icons, selection: GroupSelection) -> None:
        self.model = RungsModel(theme)
        self.view = RungsView(self.model)
        super().__init__(_("Break-evens"), theme, icons, WholeRows(self.view))
        self.model.setParent(self)
        self._selection = selection
        self.say(
            _(
                "cash layer · stop when BTC price or hashprice falls below, "
                "difficulty or power price rises above"
            ),
            cash_layer(),
        )
        self.view.selectionModel().currentRowChanged.connect(self._row_chosen)
        selection.changed.connect(self._follow)

    def show_scene(self, scene: Scene | None) -> None:
        """Show another evaluation."""
        first = self.model.rowCount() == 0
        self.model.show_scene(scene)
        if first and scene is not None:
            self.view.fit_columns()
        if not self.view.selectionModel().hasSelection():
            self._follow(self._selection.group_id)

    def copy_table(self) -> None:
        """Put the rows onto the clipboard, tab-separated."""
        self.view.copy_table()

    def _row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._selection.choose(str(current.data(ID_ROLE)))

    def _follow(self, group_id: str) -> None:
        current = self.view.currentIndex()
        if current.isValid() and current.data(ID_ROLE) == group_id:
            return
        rows = self.model.rows_of(group_id)
        if not rows:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())
            return
        flags = QItemSelectionModel.SelectionFlag
        index = self.model.index(rows[0], 0)
        self.view.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
