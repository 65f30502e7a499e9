"""Pens and brushes in the two tones; area in the losing tone also bears a pattern."""

from __future__ import annotations

from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPen

from minerdesk.ui.theme import Tokens

_AREA_ALPHA: Final = 56
_HATCH_ALPHA: Final = 150


def earn_brushes(tokens: Tokens) -> tuple[QBrush, ...]:
    """Return what an earning area is filled with, one layer over the other."""
    return (_faint(tokens.earn),)


def lose_brushes(tokens: Tokens) -> tuple[QBrush, ...]:
    """Return what a losing area is filled with: its tone, and a hatch over it."""
    hatch = QColor(tokens.lose)
    hatch.setAlpha(_HATCH_ALPHA)
    return (_faint(tokens.lose), QBrush(hatch, Qt.BrushStyle.BDiagPattern))


def chosen_brush(tokens: Tokens) -> QBrush:
    """Return what marks the selected group."""
    return QBrush(QColor(tokens.accent))


def line_pen(colour: str, width: float = 1.5, *, dashed: bool = False) -> QPen:
    """Return a pen whose width does not grow with the zoom."""
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    pen: QPen = pg.mkPen(colour, width=width, style=style)
    return pen


def band_brush(colour: str) -> QBrush:
    """Return what the band of an error is filled with."""
    return _faint(colour)


def _faint(colour: str) -> QBrush:
    made = QColor(colour)
    made.setAlpha(_AREA_ALPHA)
    return QBrush(made)
