"""The sites at the left: what each pays now, and whether its rigs earn at that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_NAME: Final = 0
_PRICE: Final = 1
_STANDING: Final = 2


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site in words; the tone only repeats what ``standing`` says."""

    site: str
    name: str
    tariff: str
    price: str
    standing: str
    tone: str


class SitesModel(QAbstractTableModel):
    """One row for each site: name, price now, whether its rigs earn."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: tuple[SiteRow, ...] = ()

    def show_rows(self, rows: Sequence[SiteRow]) -> None:
        """Show other rows; the same sites stay selected."""
        before, self_rows = [row.site for row in self.rows], tuple(rows)
        if self_rows == self.rows:
            return
        if before != [row.site for row in self_rows]:
            self.beginResetModel()
            self.rows = self_rows
            self.endResetModel()
            return
        self.rows = self_rows
        self.dataChanged.emit(self.index(0, 0), self.index(len(self_rows) - 1, _STANDING))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of sites."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as `rowCount`
        """Return the number of columns."""
        return 0 if parent.isValid() else _STANDING + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own signature
        """Return a heading."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("Site"), _("Now"), _("Rigs"))[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        """Return what a cell shows."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.name, row.price, row.standing)[index.column()]
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            parts = (row.name, row.tariff, row.price, row.standing)
            return ", ".join(filter(None, parts))
        if role == Qt.ItemDataRole.ForegroundRole and index.column() != _NAME and row.tone:
            return QColor(getattr(self._theme.tokens, row.tone))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == _PRICE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


class SitesList(QWidget):
    """The sites, one of them chosen.

    Signals:
        chosen(str): the id of the site that is chosen now.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = SitesModel(theme, self)
        self.view = QTreeView()
        self.view.setModel(self.model)
        self.view.setAccessibleName(_("Sites"))
        self.view.setRootIsDecorated(False)
        self.view.setUniformRowHeights(True)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.view.header()
        header.setAccessibleName(_("Columns"))
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(_PRICE, 58)
        header.resizeSection(_STANDING, 74)
        self.view.selectionModel().currentChanged.connect(self._changed)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view)
        self._wanted = ""

    @property
    def site(self) -> str:
        """The id of the chosen site, or empty."""
        row = self.view.currentIndex().row()
        return self.model.rows[row].site if 0 <= row < len(self.model.rows) else ""

    def show_rows(self, rows: Sequence[SiteRow]) -> None:
        """Show other rows; the chosen site stays chosen where it can."""
        kept = self.site or self._wanted
        self.model.show_rows(rows)
        if rows and self.site != kept:
            self.choose(kept if any(row.site == kept for row in rows) else rows[0].site)
        if rows and not self.site:
            self.choose(rows[0].site)

    def choose(self, site_id: str) -> None:
        """Choose a site, now or as soon as it is shown."""
        self._wanted = site_id
        for row, each in enumerate(self.model.rows):
            if each.site == site_id:
                self.view.setCurrentIndex(self.model.index(row, 0))

    def _changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        if self.site:
            self._wanted = self.site
            self.chosen.emit(self.site)
