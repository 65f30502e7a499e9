"""An area filled with a pattern that keeps its size on the screen at every zoom."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QPainter, QPolygonF, QTransform


class HatchItem(pg.GraphicsObject):  # type: ignore[misc] # pyqtgraph ships no types
    """Fills a polygon."""

    def __init__(self) -> None:
        super().__init__()
        self._polygon = QPolygonF()
        self._brush = QBrush()

    def show_area(self, corners: list[tuple[float, float]]) -> None:
        """Fill the polygon of these corners; with fewer than three nothing."""
        self.prepareGeometryChange()
        self._polygon = QPolygonF([QPointF(x, y) for x, y in corners])
        self.setVisible(len(corners) > 2)
        self.informViewBoundsChanged()
        self.update()

    def set_brush(self, brush: QBrush) -> None:
        """Fill with another brush."""
        self._brush = brush
        self.update()

    def boundingRect(self) -> QRectF:
        """Return what the area takes."""
        return self._polygon.boundingRect()

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Fill in the units of the screen."""
        to_screen = painter.worldTransform()
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setPen(pg.mkPen(None))
        painter.setBrush(self._brush)
        painter.drawPolygon(to_screen.map(self._polygon))
        painter.restore()


def above_a_ray(rect: QRectF, slope: float) -> list[tuple[float, float]]:
    """Return the corners of the part of ``rect`` above y = slope x.

    Clips the rectangle by one half-plane, corner by corner.
    """
    left, right = rect.left(), rect.right()
    low, high = rect.top(), rect.bottom()
    corners = [(left, low), (right, low), (right, high), (left, high)]
    kept: list[tuple[float, float]] = []
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        over0, over1 = y0 - slope * x0, y1 - slope * x1
        if over0 >= 0:
            kept.append((x0, y0))
        if (over0 >= 0) != (over1 >= 0):
            share = over0 / (over0 - over1)
            kept.append((x0 + share * (x1 - x0), y0 + share * (y1 - y0)))
    return kept
