"""What lies under or over the lines of a chart over time, painted in the screen's own units.

A pattern is neither stretched nor slow there, a dot keeps its size at every zoom, and only what the
view shows is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF, QTransform

Floats = NDArray[np.float64]

_POINTS_MOST: Final = 800
_DOTS_MOST: Final = 3_000
_DOT_ALPHA: Final = 85


class Scale:
    """How values become heights: as they are, or as their logarithms."""

    def __init__(self) -> None:
        self.log = False

    def y(self, values: Floats) -> Floats:
        """Return heights; what has no logarithm is NaN."""
        if not self.log:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(values > 0, np.log10(values), np.nan))


@dataclass(frozen=True, slots=True)
class Map:
    """From the chart's units to the screen's, without rotation."""

    to: QTransform
    view: QRectF

    def x(self, values: Floats) -> Floats:
        """Return screen positions along the bottom."""
        return np.asarray(values * self.to.m11() + self.to.dx())

    def y(self, values: Floats) -> Floats:
        """Return screen positions along the side."""
        return np.asarray(values * self.to.m22() + self.to.dy())

    @property
    def room(self) -> QRectF:
        """What is painted, on the screen."""
        return self.to.mapRect(self.view)


class Layer(pg.UIGraphicsItem):  # type: ignore[misc] # pyqtgraph ships no types
    """Paints over the whole view; it never moves the view."""

    def __init__(self, scale: Scale) -> None:
        super().__init__()
        self.scale_of = scale

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Paint in the screen's units."""
        place = Map(painter.worldTransform(), self.viewRect())
        painter.save()
        painter.setWorldTransform(QTransform())
        self.draw(painter, place)
        painter.restore()

    def draw(self, painter: QPainter, place: Map) -> None:
        """Paint; override it."""

    def visible(self, time_s: Floats, place: Map, most: int = _POINTS_MOST) -> slice:
        """Return the points in view with one on either side, thinned out where they are many."""
        low = max(int(np.searchsorted(time_s, place.view.left())) - 1, 0)
        high = min(int(np.searchsorted(time_s, place.view.right())) + 1, len(time_s))
        every = max((high - low) // most, 1)
        # Points keep their places while the view moves, or the thinned line would flicker.
        return slice(low - low % every, high, every)


class Dots(Layer):
    """Points without a line between them."""

    def __init__(self, scale: Scale) -> None:
        super().__init__(scale)
        self._time_s = self._value = np.empty(0)
        self._pen = QPen()

    def show_dots(self, time_s: Floats, value: Floats) -> None:
        """Show other points."""
        self._time_s, self._value = time_s, value
        self.update()

    def set_colour(self, colour: str, size: float = 2.0) -> None:
        """Paint in another colour, fainter than any line."""
        made = QColor(colour)
        made.setAlpha(_DOT_ALPHA)
        self._pen = QPen(made, size)
        # At two pixels no rounder than a square, and three times as quick.
        self._pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        self.update()

    def draw(self, painter: QPainter, place: Map) -> None:
        """Paint those in view."""
        part = self.visible(self._time_s, place, _DOTS_MOST)
        x, y = place.x(self._time_s[part]), place.y(self.scale_of.y(self._value[part]))
        painter.setPen(self._pen)
        painter.drawPoints(polygon(x, y))


class Between(Layer):
    """The area between two lines, in one look where the first is higher, else in another."""

    def __init__(self, scale: Scale) -> None:
        super().__init__(scale)
        self._time_s = self._one = self._other = np.empty(0)
        self._above: Sequence[QBrush] = ()
        self._below: Sequence[QBrush] = ()

    def show_area(self, time_s: Floats, one: Floats, other: Floats) -> None:
        """Show other lines, of one shape."""
        self._time_s, self._one, self._other = time_s, one, other
        self.update()

    def set_brushes(self, above: Sequence[QBrush], below: Sequence[QBrush]) -> None:
        """Fill with layers of brushes: where the first line is above, and where it is below."""
        self._above, self._below = tuple(above), tuple(below)
        self.update()

    def draw(self, painter: QPainter, place: Map) -> None:
        """Fill what is in view."""
        part = self.visible(self._time_s, place)
        x = place.x(self._time_s[part])
        one = place.y(self.scale_of.y(self._one[part]))
        other = place.y(self.scale_of.y(self._other[part]))
        painter.setPen(Qt.PenStyle.NoPen)
        for area, above in areas(x, one, other):
            for brush in self._above if above else self._below:
                painter.setBrush(brush)
                painter.drawPolygon(area)


def areas(x: Floats, one: Floats, other: Floats) -> list[tuple[QPolygonF, bool]]:
    """Return the areas between two lines, cut where they cross and where one is not known.

    Heights are the screen's, so less is higher; each area says whether ``one`` is the higher.
    """
    known = np.isfinite(one) & np.isfinite(other)
    found: list[tuple[QPolygonF, bool]] = []
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        found += _areas_of_run(x[begin:end], one[begin:end], other[begin:end])
    return found


def _areas_of_run(x: Floats, one: Floats, other: Floats) -> list[tuple[QPolygonF, bool]]:
    gap = other - one
    above = gap > 0
    turns = np.flatnonzero(above[1:] != above[:-1])
    found = []
    head: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
    begin = 0
    for turn in [*turns.tolist(), len(x) - 1]:
        last = turn == len(x) - 1
        tail: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        if not last:
            share = gap[turn] / (gap[turn] - gap[turn + 1])
            cross_x = x[turn] + share * (x[turn + 1] - x[turn])
            cross_y = one[turn] + share * (one[turn + 1] - one[turn])
            tail = (np.array([cross_x]), np.array([cross_y]))
        part = slice(begin, turn + 1)
        across = np.concatenate((head[0], x[part], tail[0]))
        top = np.concatenate((head[1], one[part], tail[1]))
        bottom = np.concatenate((head[1], other[part], tail[1]))
        found.append(
            (
                polygon(
                    np.concatenate((across, across[::-1])), np.concatenate((top, bottom[::-1]))
                ),
                bool(above[begin]),
            )
        )
        begin, head = turn + 1, tail
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, as Unix times in s, and what it is."""

    begin_s: float
    end_s: float
    kind: str


class Spans(Layer):
    """Stretches of time as a strip along the bottom, faint over the whole height above it."""

    strip_px: Final = 10

    def __init__(self, scale: Scale) -> None:
        super().__init__(scale)
        self._spans: tuple[Span, ...] = ()
        self._looks: dict[str, tuple[QBrush, QBrush]] = {}

    @property
    def spans(self) -> tuple[Span, ...]:
        """What is shown."""
        return self._spans

    def show_spans(self, spans: Sequence[Span]) -> None:
        """Show other stretches."""
        self._spans = tuple(spans)
        self.update()

    def set_looks(self, looks: dict[str, tuple[QBrush, QBrush]]) -> None:
        """Fill by kind: the strip, and what is above it."""
        self._looks = looks
        self.update()

    def draw(self, painter: QPainter, place: Map) -> None:
        """Fill those in view."""
        room = place.room
        painter.setPen(Qt.PenStyle.NoPen)
        for span in self._spans:
            if span.kind not in self._looks:
                continue
            left, right = place.x(np.array([span.begin_s, span.end_s])).tolist()
            if right < room.left() or left > room.right():
                continue
            left, right = max(left, room.left()), min(right, room.right())
            strip, above = self._looks[span.kind]
            width = max(right - left, 1.0)
            low = room.bottom() - self.strip_px
            painter.setBrush(above)
            painter.drawRect(QRectF(left, room.top(), width, low - room.top()))
            painter.setBrush(strip)
            painter.drawRect(QRectF(left, low, width, self.strip_px))


def polygon(x: Floats, y: Floats) -> QPolygonF:
    """Return the points whose height is known."""
    known = np.isfinite(y)
    if not known.any():
        return QPolygonF()
    made: QPolygonF = pg.functions.arrayToQPolygonF(x[known], y[known])
    return made
