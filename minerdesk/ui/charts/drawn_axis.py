"""An axis that paints its grid quickly."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

Stroke = tuple[QPen, QPointF, QPointF]
Words = tuple[QRectF, int, str]

_FLAT: Final = 0.5
_ONE: Final = QSizeF(1.0, 1.0)


class DrawnAxis(pg.AxisItem):  # type: ignore[misc] # pyqtgraph ships no types
    """Paints at once what the library records and plays back, and long lines as rectangles.

    Painted without a graphics card a translucent line is put down pixel by pixel, which for the
    grid of one chart takes longer than its curves; a rectangle is filled row by row.
    """

    picture: tuple[Stroke, list[Stroke], list[Words]] | None

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.enableAutoSIPrefix(False)

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Paint axis, grid and words."""
        # The library sets this to None where ticks must be worked out anew.
        specs = self.picture
        if specs is None:
            specs = self.picture = self.generateDrawSpecs(painter)
        if specs is None:
            return
        painter.save()
        self.drawPicture(painter, *specs)
        painter.restore()

    def drawPicture(
        self, painter: QPainter, line: Stroke, ticks: list[Stroke], words: list[Words]
    ) -> None:
        """Paint the axis' own line, ticks and grid, and the words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        for pen, strokes in groupby((line, *ticks), key=itemgetter(0)):
            _draw_lines(painter, pen, [QLineF(begin, end) for _pen, begin, end in strokes])
        if self.style["tickFont"] is not None:
            painter.setFont(self.style["tickFont"])
        painter.setPen(self.textPen())
        painter.setClipRect(self.boundingRect())
        for box, flags, text in words:
            painter.drawText(box, int(flags), text)


def _draw_lines(painter: QPainter, pen: QPen, lines: list[QLineF]) -> None:
    plain = pen.widthF() <= 1 and pen.style() == Qt.PenStyle.SolidLine
    if not plain or not all(abs(each.dx()) < _FLAT or abs(each.dy()) < _FLAT for each in lines):
        painter.setPen(pen)
        painter.drawLines(lines)
        return
    colour = pen.color()
    for each in lines:
        box = QRectF(each.p1(), each.p2()).normalized()
        box.setSize(box.size().expandedTo(_ONE))
        painter.fillRect(box, colour)
