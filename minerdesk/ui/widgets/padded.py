"""Cells that keep their text from their edges, as the headings above them do."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

_BESIDE_PX: Final = 5  # a heading keeps 8 px, a cell 3 by itself
_ABOVE_PX: Final = 2


class Padded(QStyledItemDelegate):
    """Draws a cell a little smaller than its place; what is selected fills the place."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the cell."""
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.highlight())
        inside = QStyleOptionViewItem(option)
        inside.rect = option.rect.adjusted(_BESIDE_PX, 0, -_BESIDE_PX, 0)
        super().paint(painter, inside, index)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return what the text takes, and the room around it."""
        inside = QStyleOptionViewItem(option)
        inside.rect = option.rect.adjusted(_BESIDE_PX, 0, -_BESIDE_PX, 0)
        room = QSize(2 * _BESIDE_PX, 2 * _ABOVE_PX)
        return super().sizeHint(inside, index) + room
