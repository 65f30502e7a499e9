"""Paints the rows of the tree of sites as the table beside it paints its own."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from minerdesk.ui.fleet.cell_delegate import ROW_HEIGHT
from minerdesk.ui.fleet.table_model import Index
from minerdesk.ui.theme import Theme

_PAD = 8
Role = Qt.ItemDataRole


class SiteDelegate(QStyledItemDelegate):
    """One row height, the same padding as the table, a negative margin in the losing tone."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return one height for all rows."""
        return QSize(48, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        tokens, rect = self._theme.tokens, option.rect
        text = str(index.data(Role.DisplayRole) or "")
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.selection))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(tokens.hairline))
        font = index.data(Role.FontRole)
        painter.setFont(font.resolve(option.font) if isinstance(font, QFont) else option.font)
        painter.setPen(QColor(tokens.lose if text[:1] == "−" else tokens.text))
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        flags = int(index.data(Role.TextAlignmentRole)) | int(Qt.TextFlag.TextSingleLine)
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, flags, text)
        painter.restore()
