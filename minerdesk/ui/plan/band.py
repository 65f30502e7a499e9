"""What the three bands have in common: one time axis, the lines of now, retarget and forecast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.base import Chart
from minerdesk.ui.charts.tones import line_pen
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.plan.time_axis import ZoneAxis
from minerdesk.ui.theme import Theme, Tokens

Floats = NDArray[np.float64]

LEFT_PX: Final = (96, 178)
"""Least room at the left, and what names may take of a narrow page; equal in all bands."""

_RIGHT_PX: Final = 16  # for a scroll bar; equal in all bands

_LEAST_SPAN_S: Final = 2 * 3600.0
_MINUTE_S: Final = 60.0
_FORECAST_ALPHA: Final = 70


class Band(Chart):
    """A chart over the plan's time. Subclasses draw a `Scene`."""

    def __init__(
        self, theme: Theme, formats: Formats, *, name: str, y: Axis, parent: QWidget | None = None
    ) -> None:
        self.formats = formats
        self.scene_shown: Scene | None = None
        super().__init__(
            theme, name=name, x=Axis(time=True, locale=formats.locale), y=y, parent=parent
        )
        self.axis = ZoneAxis(formats.locale)
        plot = self.getPlotItem()
        plot.setAxisItems({"bottom": self.axis})
        plot.showGrid(x=True, y=True, alpha=0.25)
        self.left_px = LEFT_PX[1]
        self.set_left(self.left_px)
        plot.layout.setContentsMargins(0, 2, _RIGHT_PX, 0)
        self._forecast = pg.LinearRegionItem(movable=False, pen=pg.mkPen(None))
        self._forecast.setZValue(-20)
        self._now = pg.InfiniteLine(angle=90, movable=False)
        self._retarget = pg.InfiniteLine(angle=90, movable=False)
        self._from = pg.InfiniteLine(angle=90, movable=False)
        self._from_words = self.line_label(self._from, 0.06)
        self._from_words.setFormat(_("forecast"))
        for item in (self._forecast, self._from, self._now, self._retarget):
            item.setVisible(False)
            self.addItem(item, ignoreBounds=True)
        self._shown_now = 0.0
        self._recolour()

    def show_scene(self, scene: Scene) -> None:
        """Show another plan; the part of the time that is looked at stays where it can."""
        before, self.scene_shown = self.scene_shown, scene
        self.axis.show_zone(scene.words.local)
        first, last = float(scene.edges_s[0]), float(scene.edges_s[-1])
        box = self.getPlotItem().getViewBox()
        box.setLimits(xMin=first, xMax=last, minXRange=_LEAST_SPAN_S)
        if before is None or before.edges_s[-1] != last:
            self.setXRange(first, last, padding=0)
        at = scene.plan.retarget_at
        self._retarget.setVisible(at is not None)
        if at is not None:
            self._retarget.setPos(at.timestamp())
        self.redraw()

    def set_left(self, pixels: int) -> None:
        """Give names and numbers at the left so much room."""
        self.left_px = pixels
        plot = self.getPlotItem()
        if plot.getAxis("left").maximumWidth() == pixels:
            return
        plot.getAxis("left").setWidth(pixels)
        # Else it is laid out after the next painting, and painted again.
        plot.layout.activate()
        self._place_items()

    def show_now(self, now: datetime) -> None:
        """Move the line of now, once a minute."""
        at = now.timestamp() // _MINUTE_S * _MINUTE_S
        if at != self._shown_now:
            self._shown_now = at
            # A word beside a line is only placed while the line can be seen.
            self._now.setVisible(True)
            self._now.setPos(at)

    def show_forecast(self, from_s: float | None, to_s: float) -> None:
        """Hatch the part whose prices are a forecast and say so, or nothing."""
        shown = from_s is not None and from_s < to_s
        self._forecast.setVisible(shown)
        self._from.setVisible(shown)
        if from_s is not None:
            self._from.setPos(from_s)
            self._forecast.setRegion((from_s, to_s))

    def recolour_items(self, tokens: Tokens) -> None:
        """Colour the lines all bands have."""
        if not hasattr(self, "_now"):
            return
        self._now.setPen(line_pen(tokens.accent, 2))
        self._retarget.setPen(line_pen(tokens.warn, 1.5, dashed=True))
        self._from.setPen(pg.mkPen(None))
        self._from_words.setColor(QColor(tokens.text_muted))
        self._from_words.fill = pg.mkBrush(tokens.surface)
        hatch = QColor(tokens.text_muted)
        hatch.setAlpha(_FORECAST_ALPHA)
        self._forecast.setBrush(QBrush(hatch, Qt.BrushStyle.BDiagPattern))

    def cursor_stops(self) -> Sequence[float]:
        """Return the starts of the steps."""
        stops: list[float] = []
        if self.scene_shown is not None:
            stops = self.scene_shown.plan.start_s.tolist()
        return stops

    def words_at(self, x: float) -> str:
        """Return the step's hour and what stands there."""
        scene = self.scene_shown
        step = None if scene is None else scene.step_at(x)
        if scene is None or step is None:
            return ""
        return f"{scene.words.when(scene.time(step))}: {self.step_words(scene, step)}"

    def step_words(self, scene: Scene, step: int) -> str:
        """Return what stands at a step, without the hour."""
        del scene, step
        return ""

    def line_label(self, line: pg.InfiniteLine, position: float) -> pg.InfLineLabel:
        """Put a word beside one of the lines."""
        return pg.InfLineLabel(line, "", position=position, anchors=[(0, 0.5), (0, 0.5)])


def stairs(edges_s: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return the corners of a line that holds each value through its step."""
    return np.repeat(edges_s, 2)[1:-1], np.repeat(values, 2)


def forecast_word(known: bool) -> str:
    """Return the word behind a price that is not known."""
    return "" if known else _(" (forecast)")
