"""The tree of sites with their totals."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QFont

from minerdesk.domain.text import _
from minerdesk.services.totals import Totals
from minerdesk.services.words.formats import DASH
from minerdesk.ui.fleet.rows import FleetRows
from minerdesk.ui.fleet.table_model import Index

Role = Qt.ItemDataRole
_NONE: Final = QModelIndex()
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_TOP: Final = 0
_SITE: Final = 1
NAME, RIGS, POWER, MARGIN = range(4)


class SitesModel(QAbstractItemModel):
    """One row for the whole fleet, and under it one for each site in the book's order."""

    def __init__(self, rows: FleetRows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._ids = tuple(site.id for site in rows.book.sites)

    def set_rows(self, rows: FleetRows) -> None:
        """Show newer totals; sites come and go without a reset."""
        wanted = tuple(site.id for site in rows.book.sites)
        top = self.index(0, 0)
        for row in range(len(self._ids) - 1, -1, -1):
            if self._ids[row] not in wanted:
                self.beginRemoveRows(top, row, row)
                self._ids = self._ids[:row] + self._ids[row + 1 :]
                self.endRemoveRows()
        for row, site_id in enumerate(wanted):
            if site_id not in self._ids:
                self.beginInsertRows(top, row, row)
                self._ids = (*self._ids[:row], site_id, *self._ids[row:])
                self.endInsertRows()
        self._rows, self._ids = rows, wanted
        self.dataChanged.emit(top, self.index(0, MARGIN))
        if wanted:
            last = self.index(len(wanted) - 1, MARGIN, top)
            self.dataChanged.emit(self.index(0, 0, top), last)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, MARGIN)

    def site_id(self, index: Index) -> str:
        """Return the id of a site's row; empty for the whole fleet."""
        if not index.isValid() or index.internalId() == _TOP:
            return ""
        return self._ids[index.row()]

    def index_of(self, site_id: str) -> QModelIndex:
        """Return the index of a site, or of the whole fleet where it is none."""
        top = self.index(0, 0)
        return self.index(self._ids.index(site_id), 0, top) if site_id in self._ids else top

    def index(self, row: int, column: int, parent: Index = _NONE) -> QModelIndex:
        """Return the index of a row."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, _SITE if parent.isValid() else _TOP)

    def parent(self, index: Index = _NONE) -> QModelIndex:  # type: ignore[override] # as Qt's other form
        """Return the whole fleet's row for a site."""
        if not index.isValid() or index.internalId() == _TOP:
            return QModelIndex()
        return self.createIndex(0, 0, _TOP)

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return one at the top, and the number of sites under it."""
        if not parent.isValid():
            return 1
        at_top = parent.internalId() == _TOP and parent.column() == 0
        return len(self._ids) if at_top else 0

    def columnCount(self, _parent: Index = _NONE) -> int:
        """Return name, rigs, kW and margin."""
        return MARGIN + 1

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - by role
        """Return a cell's text, alignment, tool tip or accessible text."""
        if not index.isValid():
            return None
        if role == Role.DisplayRole:
            return self._text(index)
        if role == Role.TextAlignmentRole:
            return _LEFT if index.column() == NAME else _RIGHT
        if role == Role.ToolTipRole:
            return self._tip(index) or None
        if role == Role.AccessibleTextRole:
            head = self.headerData(index.column(), Qt.Orientation.Horizontal)
            return f"{head} {self._text(index)}".replace("\n", " ")
        if role == Role.FontRole and index.internalId() == _TOP:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:  # noqa: ANN401 - by role
        """Return titles with units."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return _LEFT if section == NAME else _RIGHT
        if role != Role.DisplayRole:
            return None
        currency = self._rows.book.currency
        day = _("day")
        return (_("Site\n"), _("Rigs\n"), _("Power\nkW"), f"{_('Margin')}\n{currency}/{day}")[
            section
        ]

    def _totals(self, index: Index) -> Totals | None:
        evaluation = self._rows.evaluation
        if evaluation is None or evaluation.totals is None:
            return None
        if index.internalId() == _TOP:
            return evaluation.totals
        ids = [site.id for site in evaluation.book.sites]
        site_id = self.site_id(index)
        return evaluation.sites[ids.index(site_id)] if site_id in ids else None

    def _text(self, index: Index) -> str:
        column, formats = index.column(), self._rows.formats
        if column == NAME:
            if index.internalId() == _TOP:
                return _("All sites")
            return self._rows.sites[self.site_id(index)].name
        if column == RIGS:
            return formats.count(self._count(index))
        totals = self._totals(index)
        if totals is None:
            return DASH
        if column == POWER:
            text = formats.number(totals.power_kw, 0 if totals.power_kw >= 100 else 2)
            limit = self._limit(index)
            return text if limit is None or totals.power_kw <= limit else f"! {text}"
        small = abs(totals.margin_per_day) < 1000
        return formats.number(totals.margin_per_day, 2 if small else 0)

    def _count(self, index: Index) -> int:
        wanted = self.site_id(index)
        per_site: dict[str, int] = self._rows.keep("rigs by site", self._rigs_by_site)
        return per_site.get(wanted, 0) if wanted else sum(per_site.values())

    def _limit(self, index: Index) -> float | None:
        site_id = self.site_id(index)
        return self._rows.sites[site_id].limit_kw if site_id else None

    def _rigs_by_site(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for group in self._rows.book.groups:
            found[group.site] = found.get(group.site, 0) + group.count
        return found

    def _tip(self, index: Index) -> str:
        totals, formats = self._totals(index), self._rows.formats
        if totals is None:
            return ""
        lines = [
            _("{n} of {m} rigs run").format(
                n=formats.count(totals.running), m=formats.count(totals.rigs)
            )
        ]
        limit = self._limit(index)
        if limit is not None:
            words = (
                _("over its limit of {limit} kW")
                if totals.power_kw > limit
                else _("of at most {limit} kW")
            )
            lines.append(words.format(limit=formats.number(limit)))
        return ", ".join(lines)
