"""The band of an error around a line."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QPainter, QPainterPath

Floats = NDArray[np.float64]

_CORNERS_MOST: Final = 2_000


class BandItem(pg.GraphicsObject):  # type: ignore[misc] # pyqtgraph ships no types
    """Fills the area between two lines; thinned out where there are many points."""

    def __init__(self) -> None:
        super().__init__()
        self._path = QPainterPath()
        self._bounds = QRectF()
        self._brush = QBrush()

    def show_band(self, x: Floats, low: Floats, high: Floats) -> None:
        """Fill from ``low`` to ``high`` along ``x``, all of one shape; without points nothing."""
        every = max(len(x) // _CORNERS_MOST, 1)
        x, low, high = x[::every], low[::every], high[::every]
        self.prepareGeometryChange()
        if len(x):
            self._path = pg.arrayToQPath(
                np.concatenate((x, x[::-1])), np.concatenate((high, low[::-1]))
            )
        else:
            self._path = QPainterPath()
        self._bounds = self._path.boundingRect()
        # An item without points would pull the view to where nothing is.
        self.setVisible(bool(len(x)))
        self.informViewBoundsChanged()
        self.update()

    def set_brush(self, brush: QBrush) -> None:
        """Fill with another brush."""
        self._brush = brush
        self.update()

    def boundingRect(self) -> QRectF:
        """Return what the band takes."""
        return self._bounds

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Fill the band."""
        painter.fillPath(self._path, self._brush)
