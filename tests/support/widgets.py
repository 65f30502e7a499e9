"""Walks over widgets."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTableView,
    QWidget,
)

_INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
)


def nameless(root: QWidget) -> list[str]:
    """Return the interactive widgets under ``root`` that a screen reader could not name.

    Qt's own inner parts (names that begin with ``qt_``, scroll bars, the field inside a spin box)
    are named by the widget they are in.
    """
    return [
        f"{type(widget).__name__}({widget.objectName()!r}) in {type(widget.parent()).__name__}"
        for widget in root.findChildren(QWidget)
        if isinstance(widget, _INTERACTIVE)
        and not isinstance(widget, QScrollBar)
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent(), QAbstractSpinBox | QComboBox)
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
    ]


def left_of_ink(picture: QImage) -> int:
    """Return the first column of a picture in which more than a shade differs from its middle."""
    ground = picture.pixelColor(picture.width() - 4, picture.height() // 2).lightness()
    for x in range(2, picture.width()):
        column = (picture.pixelColor(x, y).lightness() for y in range(3, picture.height() - 3))
        if any(abs(lightness - ground) > 60 for lightness in column):
            return x
    raise AssertionError("nothing is drawn")


def left_of_columns(view: QTableView, column: int) -> tuple[int, int]:
    """Return where a heading and the first cell under it begin, pixels from the column's edge."""
    head = view.horizontalHeader()
    place = QRect(
        head.sectionViewportPosition(column), 0, head.sectionSize(column), head.height() - 2
    )
    cell = view.visualRect(view.model().index(0, column))
    return (
        left_of_ink(head.viewport().grab(place).toImage()),
        left_of_ink(view.viewport().grab(cell).toImage()),
    )
