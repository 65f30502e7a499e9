"""An axis that paints its grid quickly."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

Stroke = tuple[QPen, QPointF, QPointF]
Words = tuple[QRectF, int, str]


class DrawnAxis(pg.AxisItem):  # type: ignore[misc] # pyqtgraph ships no types
    """Paints at once what the library records and plays back, and clips before it draws lines.

    Without a clip of its own Qt puts down a translucent line ten times as slowly; the grid of one
    chart then takes longer than its curves.
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
        painter.setClipRect(self.boundingRect())
        for pen, strokes in groupby((line, *ticks), key=itemgetter(0)):
            painter.setPen(pen)
            painter.drawLines([QLineF(begin, end) for _pen, begin, end in strokes])
        if self.style["tickFont"] is not None:
            painter.setFont(self.style["tickFont"])
        painter.setPen(self.textPen())
        for box, flags, text in words:
            painter.drawText(box, int(flags), text)
