"""The bars of the Gantt chart, of which only the rows and spans in sight are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from minerdesk.domain.rigs import Pin
from minerdesk.domain.sites import Event
from minerdesk.domain.text import _
from minerdesk.services.planning.plan import Move
from minerdesk.services.words.plan_moves import pin_sentence
from minerdesk.ui.plan.row_list import Row
from minerdesk.ui.plan.scene import Bar, Scene
from minerdesk.ui.theme import Theme, Tokens

_GAP_PX: Final = 3.0
_PAD_PX: Final = 4.0
_LEAST_TEXT_PX: Final = 18.0
_LEAST_CUT_PX: Final = 34.0
_LEAST_PART_PX: Final = 9.0  # a share this low holds no words
_MODE_COLOURS: Final = (0, 3, 2, 4)
_MODE_PATTERNS: Final = (
    None,
    Qt.BrushStyle.Dense6Pattern,
    Qt.BrushStyle.FDiagPattern,
    Qt.BrushStyle.CrossPattern,
)
_FILL_ALPHA: Final = 96
_PATTERN_ALPHA: Final = 110
_EVENT_ALPHA: Final = 90


@dataclass(frozen=True, slots=True)
class Marked:
    """What is selected: a row, and a move within it."""

    row: int | None = None
    move: Move | None = None


class BarsItem(pg.GraphicsObject):  # type: ignore[misc] # pyqtgraph ships no types
    """Draws a scene's rows; y is the row, downwards, x the time.

    Attributes:
        drawn: how many rows the last painting drew, for tests.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._scene: Scene | None = None
        self._marked = Marked()
        self._bounds = QRectF()
        self.drawn = 0

    def show_scene(self, scene: Scene) -> None:
        """Draw another plan."""
        self.prepareGeometryChange()
        self._scene = scene
        first, last = float(scene.edges_s[0]), float(scene.edges_s[-1])
        self._bounds = QRectF(first, 0, last - first, max(len(scene.rows), 1))
        self.informViewBoundsChanged()
        self.update()

    def mark(self, marked: Marked) -> None:
        """Frame what is selected."""
        self._marked = marked
        self.update()

    def boundingRect(self) -> QRectF:
        """Return what all rows take."""
        return self._bounds

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the rows in sight, in pixels, so that words and frames keep their size."""
        scene = self._scene
        box = self.getViewBox()
        if scene is None or box is None:
            return
        seen = self.viewRect()
        transform = painter.transform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        font = QFont(painter.font())
        font.setPointSizeF(self._theme.tokens.small_pt)
        painter.setFont(font)
        brush = _Drawer(painter, self._theme.tokens, scene, seen)
        first = max(int(seen.top()), 0)
        last = min(int(seen.bottom()) + 1, len(scene.rows))
        self.drawn = 0
        for place in range(first, last):
            self.drawn += 1
            corners = (
                transform.map(QPointF(seen.left(), place)),
                transform.map(QPointF(seen.right(), place + 1)),
            )
            brush.row(place, QRectF(*corners))
        if self._marked.row is not None and first <= self._marked.row < last:
            top, bottom = (
                transform.map(QPointF(seen.left(), self._marked.row)),
                transform.map(QPointF(seen.right(), self._marked.row + 1)),
            )
            brush.frame(QRectF(top, bottom), self._marked.move)
        painter.restore()


class _Drawer:
    """One painting."""

    def __init__(self, painter: QPainter, tokens: Tokens, scene: Scene, seen: QRectF) -> None:
        self._painter, self._tokens, self._scene, self._seen = painter, tokens, scene, seen
        self._metrics = QFontMetricsF(painter.font())

    def row(self, place: int, box: QRectF) -> None:
        """Draw one row into its box, which spans the time in sight."""
        row = self._scene.rows[place]
        if not row.groups:
            self._site_row(row, box)
            return
        inner = box.adjusted(0, _GAP_PX / 2, 0, -_GAP_PX / 2)
        for bar in self._scene.bars(place):
            span = self._span(
                float(self._scene.edges_s[bar.first]),
                float(self._scene.edges_s[bar.last]),
                inner,
            )
            if span is not None:
                self._bar(bar, row, span)

    def frame(self, box: QRectF, move: Move | None) -> None:
        """Frame the selected row, or the move within it."""
        pen = QPen(QColor(self._tokens.accent), 2.5)
        if move is not None and not move.advised:
            pen.setStyle(Qt.PenStyle.DashLine)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        if move is None:
            line = QPen(QColor(self._tokens.accent), 1)
            self._painter.setPen(line)
            self._painter.drawLine(box.topLeft(), box.topRight())
            self._painter.drawLine(box.bottomLeft(), box.bottomRight())
            return
        end = float(self._scene.edges_s[-1]) if move.until is None else move.until.timestamp()
        span = self._span(move.at.timestamp(), end, box)
        if span is not None:
            self._painter.setPen(pen)
            self._painter.drawRect(span.adjusted(1, 1, -1, -1))

    def _span(self, begin_s: float, end_s: float, box: QRectF) -> QRectF | None:
        """Return the part of a row's box between two times, or None outside what is seen."""
        left, right = self._seen.left(), self._seen.right()
        if end_s <= left or begin_s >= right or right <= left:
            return None
        scale = box.width() / (right - left)
        x = box.left() + (max(begin_s, left) - left) * scale
        end = box.left() + (min(end_s, right) - left) * scale
        return QRectF(x, box.top(), end - x, box.height())

    def _bar(self, bar: Bar, row: Row, box: QRectF) -> None:
        total = max(sum(part.count for part in bar.parts), 1)
        top = box.top()
        for part in bar.parts:
            high = box.height() * part.count / total
            inside = QRectF(box.left(), top, box.width(), high)
            top += high
            self._fill(part.mode, inside)
        self._painter.setPen(QPen(QColor(self._tokens.hairline), 1))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRect(box)
        words = self._scene.words
        if bar.split:
            names = [
                f"{self._scene.formats.count(part.count)} {words.state_name(part.state)}"
                for part in bar.parts
            ]
            text = " · ".join(names)
            if self._metrics.horizontalAdvance(text) > box.width() - 2 * _PAD_PX:
                formats, first = self._scene.formats, bar.parts[0].count
                text = f"{formats.count(first)} / {formats.count(total)}"
        else:
            text = words.state_name(bar.parts[0].state)
        if bar.first == 0 and row.pin is not Pin.FREE:
            cost = self._scene.pin_cost(row)
            said = _("{state} ({pinned}, costs {money})")
            if cost is None:
                said = _("{state} ({pinned})")
            money = "" if cost is None else words.money(cost)
            text = said.format(state=text, pinned=pin_sentence(row.pin), money=money)
        self._write(text, box, muted=bar.parts[0].mode < 0)

    def _fill(self, mode: int, box: QRectF) -> None:
        if mode < 0:
            self._painter.fillRect(box, QColor(self._tokens.background))
            return
        place = mode % len(_MODE_COLOURS)
        colour = QColor(self._tokens.series[_MODE_COLOURS[place]])
        colour.setAlpha(_FILL_ALPHA)
        self._painter.fillRect(box, colour)
        pattern = _MODE_PATTERNS[place]
        if pattern is not None:
            colour.setAlpha(_PATTERN_ALPHA)
            self._painter.fillRect(box, QBrush(colour, pattern))

    def _site_row(self, row: Row, box: QRectF) -> None:
        """Draw what concerns a whole site: its events, and hours in which nothing may start."""
        site = self._scene.plan.sites[row.site]
        of_book = next(each for each in self._scene.plan.book.sites if each.id == site.site)
        self._painter.setPen(QPen(QColor(self._tokens.hairline), 1))
        self._painter.drawLine(box.bottomLeft(), box.bottomRight())
        inner = box.adjusted(0, _GAP_PX, 0, -_GAP_PX)
        first = 0
        barred = [*(~site.may_start).tolist(), False]
        for step, no_start in enumerate(barred):
            if no_start and (step == 0 or not barred[step - 1]):
                first = step
            if not no_start and step and barred[step - 1]:
                edges = self._scene.edges_s
                self._mark(float(edges[first]), float(edges[step]), inner, _("no starts"), "warn")
        for event in of_book.events:
            self._event(event, inner)

    def _event(self, event: Event, box: QRectF) -> None:
        text = event.name or _("event")
        self._mark(event.start.timestamp(), event.end.timestamp(), box, text, "lose")

    def _mark(self, begin_s: float, end_s: float, box: QRectF, text: str, tone: str) -> None:
        span = self._span(begin_s, end_s, box)
        if span is None:
            return
        colour = QColor(self._tokens.lose if tone == "lose" else self._tokens.warn)
        colour.setAlpha(_EVENT_ALPHA)
        self._painter.fillRect(span, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        colour.setAlpha(255)
        self._painter.setPen(QPen(colour, 1))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRect(span)
        # A short event's name may run on over the free row; what recurs each night would not fit.
        wide = self._metrics.horizontalAdvance(text) + 2 * _PAD_PX
        if tone == "warn" and wide > span.width():
            return
        room = QRectF(span.left(), span.top(), max(span.width(), wide), span.height())
        if room.right() > box.right():
            room.moveRight(box.right())
        back = QColor(self._tokens.surface)
        words = QRectF(room.left() + 1, room.top() + 1, min(wide, room.width()) - 2, 0)
        words.setBottom(room.bottom() - 1)
        self._painter.fillRect(words, back)
        self._painter.drawText(
            room.adjusted(_PAD_PX, 0, 0, 0),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
            text,
        )

    def _write(self, text: str, box: QRectF, *, muted: bool) -> None:
        room = box.adjusted(_PAD_PX, 0, -_PAD_PX, 0)
        if room.width() < _LEAST_TEXT_PX or room.height() < _LEAST_PART_PX:
            return
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        # A letter or two say nothing; the words under the cursor say it all.
        if shown != text and room.width() < _LEAST_CUT_PX:
            return
        self._painter.setPen(QColor(self._tokens.text_muted if muted else self._tokens.text))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        self._painter.drawText(room, int(flags), shown)
