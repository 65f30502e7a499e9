"""The sites above the page: what each pays now, and whether its rigs earn at that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_PAD: Final = 8
_GAP: Final = 4
_WIDTHS: Final = (132, 260)
_MOST_LINES: Final = 2
_BAR: Final = 3
_ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site in words; the tone only repeats what ``standing`` says."""

    site: str
    name: str
    tariff: str
    price: str
    standing: str
    tone: str

    @property
    def told(self) -> str:
        """Price now and whether the rigs earn."""
        return " · ".join(filter(None, (self.price, self.standing)))


class SitesModel(QAbstractListModel):
    """One item for each site."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[SiteRow, ...] = ()

    def show_rows(self, rows: Sequence[SiteRow]) -> bool:
        """Show other rows; the same sites stay selected. Tell whether anything changed."""
        before, new = [row.site for row in self.rows], tuple(rows)
        if new == self.rows:
            return False
        if before != [row.site for row in new]:
            self.beginResetModel()
            self.rows = new
            self.endResetModel()
            return True
        self.rows = new
        self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
        return True

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of sites."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        """Return a site's name, what a reader says of it, or its row."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == _ROW_ROLE:
            return row
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return ", ".join(filter(None, (row.name, row.tariff, row.price, row.standing)))
        return None


class _Painter(QStyledItemDelegate):
    """A name, and small beneath it the price and the standing in its tone."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self._size = QSize()

    def measure(self, rows: Sequence[SiteRow]) -> QSize:
        """Make all items as wide as the widest needs, within limits."""
        least, most = _WIDTHS
        # Before it is shown for the first time a widget does not know its font.
        self._view.ensurePolished()
        large, small = QFontMetrics(self._view.font()), QFontMetrics(self._small())
        texts = [large.horizontalAdvance(row.name) for row in rows]
        texts += [small.horizontalAdvance(row.told) for row in rows]
        wide = min(max((least, *(text + 3 * _PAD + _BAR for text in texts))), most)
        self._size = QSize(wide, large.height() + small.height() + _PAD)
        return self._size

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Return one size for all."""
        return self._size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one site; a bar at its edge says that it is chosen, a frame that it has focus."""
        tokens, rect = self._theme.tokens, option.rect
        row: SiteRow = index.data(_ROW_ROLE)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(rect, QColor(tokens.selection if chosen else tokens.surface))
        if chosen:
            painter.fillRect(rect.left(), rect.top(), _BAR, rect.height(), QColor(tokens.accent))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(tokens.accent))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        inner = rect.adjusted(_PAD + _BAR, _PAD // 2, -_PAD, -_PAD // 2)
        align = int(Qt.AlignmentFlag.AlignLeft)
        for text, font, colour, side in (
            (row.name, option.font, tokens.text, Qt.AlignmentFlag.AlignTop),
            (
                row.told,
                self._small(),
                getattr(tokens, row.tone or "text_muted"),
                Qt.AlignmentFlag.AlignBottom,
            ),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, inner.width()
            )
            painter.drawText(inner, align | int(side), shown)
        painter.restore()

    def _small(self) -> QFont:
        font = QFont(self._view.font())
        font.setPointSizeF(self._theme.tokens.small_pt)
        return font


class SitesStrip(QWidget):
    """The sites side by side, one of them chosen; with one site alone there is nothing to choose.

    Signals:
        chosen(str): the id of the site that is chosen now.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = SitesModel(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setAccessibleName(_("Sites"))
        self.view.setFlow(QListView.Flow.LeftToRight)
        self.view.setWrapping(True)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setUniformItemSizes(True)
        self.view.setSpacing(_GAP // 2)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        # The items are the surface; between them is the page.
        self.view.setStyleSheet("QListView { background: transparent; }")
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._painter = _Painter(theme, self.view)
        self.view.setItemDelegate(self._painter)
        self.view.selectionModel().currentChanged.connect(self._changed)
        theme.changed.connect(self.view.viewport().update)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view)
        self._wanted = ""
        self._item = QSize()

    @property
    def site(self) -> str:
        """The id of the chosen site, or empty."""
        row = self.view.currentIndex().row()
        return self.model.rows[row].site if 0 <= row < len(self.model.rows) else ""

    def show_rows(self, rows: Sequence[SiteRow]) -> None:
        """Show other rows; the chosen site stays chosen where it can."""
        kept = self.site or self._wanted
        if self.model.show_rows(rows):
            self._item = self._painter.measure(rows)
            self.view.doItemsLayout()
            self._fit()
            self.setVisible(len(rows) > 1)
        if rows and self.site != kept:
            self.choose(kept if any(row.site == kept for row in rows) else rows[0].site)
        if rows and not self.site:
            self.choose(rows[0].site)

    def choose(self, site_id: str) -> None:
        """Choose a site, now or as soon as it is shown."""
        self._wanted = site_id
        for row, each in enumerate(self.model.rows):
            if each.site == site_id:
                self.view.setCurrentIndex(self.model.index(row))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the lines that this width asks for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._item.isEmpty():
            return
        in_line = max((self.width() - _GAP) // (self._item.width() + _GAP), 1)
        lines = min(-(-len(self.model.rows) // in_line), _MOST_LINES)
        self.setFixedHeight(max(lines, 1) * (self._item.height() + _GAP) + _GAP)

    def _changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        if self.site:
            self._wanted = self.site
            self.chosen.emit(self.site)
