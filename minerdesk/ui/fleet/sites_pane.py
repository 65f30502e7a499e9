"""The tree of sites at the left, and what can be done with a site."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.ui.fleet.rows import FleetRows
from minerdesk.ui.fleet.site_delegate import SiteDelegate
from minerdesk.ui.fleet.sites_model import MARGIN, NAME, POWER, RIGS, SitesModel
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import button

_CELL_ROOM_PX = 20
_LEAST_NAME_PX = 100
_WIDTHS = ((NAME, 100), (RIGS, 68), (POWER, 68), (MARGIN, 76))


class SitesPane(QWidget):
    """Selecting a site filters the table; Enter or a double click edits it.

    Args:
        rows: what is shown at first.
        theme: its colours.
        add, edit, remove: what the buttons do.

    Signals:
        chosen(str): a site's id, or empty for all.
    """

    chosen = Signal(str)

    def __init__(
        self,
        rows: FleetRows,
        theme: Theme,
        *,
        add: Callable[[], object],
        edit: Callable[[], object],
        remove: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = SitesModel(rows, self)
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self.tree.setItemDelegate(SiteDelegate(theme, self.tree))
        self.tree.setAccessibleName(_("Sites"))
        self.tree.setRootIsDecorated(False)
        self.tree.setItemsExpandable(False)
        self.tree.setIndentation(8)
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.expandAll()
        self.model.rowsInserted.connect(self.tree.expandAll)
        header = self.tree.header()
        header.setAccessibleName(_("Columns"))
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(48)
        for column, width in _WIDTHS:
            header.resizeSection(column, width)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.tree.setCurrentIndex(self.model.index(0, 0))
        self.tree.selectionModel().currentChanged.connect(self._changed)
        self.tree.activated.connect(lambda _index: edit() if self.site else None)
        # In two rows: beside each other they would make the pane as wide as the longest language.
        row = QGridLayout()
        row.setContentsMargins(8, 8, 8, 8)
        row.setSpacing(8)
        self._edit = button(_("Edit…"), edit)
        self._edit.setAccessibleName(_("Edit site"))
        self._remove = button(_("Remove"), remove)
        self._remove.setAccessibleName(_("Remove site"))
        row.addWidget(button(_("Add site…"), add), 0, 0, 1, 2)
        row.addWidget(self._edit, 1, 0)
        row.addWidget(self._remove, 1, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.tree, 1)
        box.addLayout(row)
        self._fit_numbers()
        self._enable()

    @property
    def site(self) -> str:
        """The id of the chosen site, or empty for all."""
        return self.model.site_id(self.tree.currentIndex())

    def show_rows(self, rows: FleetRows) -> None:
        """Show newer totals."""
        before = self.site
        self.model.set_rows(rows)
        if before and self.site != before:
            self.tree.setCurrentIndex(self.model.index(0, 0))
        self._fit_numbers()
        self._enable()

    def _fit_numbers(self) -> None:
        """Let no number be cut: columns and pane grow with them, and never shrink."""
        header, every = self.tree.header(), self.model.index(0, 0)
        bold = QFont(self.tree.font())
        bold.setBold(True)
        wide = QFontMetrics(bold).horizontalAdvance
        for column in (RIGS, POWER, MARGIN):
            # The first row is the sum of all, so it is the widest but for a negative margin.
            rows = [every.siblingAtColumn(column)]
            rows += [self.model.index(n, column, every) for n in range(self.model.rowCount(every))]
            most = max(wide(str(row.data() or "")) for row in rows) + _CELL_ROOM_PX
            if most > header.sectionSize(column):
                header.resizeSection(column, most)
        numbers = sum(header.sectionSize(column) for column in (RIGS, POWER, MARGIN))
        self.tree.setMinimumWidth(numbers + _LEAST_NAME_PX)

    def choose(self, site_id: str) -> None:
        """Choose a site."""
        self.tree.setCurrentIndex(self.model.index_of(site_id))

    def _changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._enable()
        self.chosen.emit(self.site)

    def _enable(self) -> None:
        for part in (self._edit, self._remove):
            part.setEnabled(bool(self.site))
