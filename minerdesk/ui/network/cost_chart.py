"""The cost of mining against the price: surplus and deficit, the band, and what others said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from minerdesk.domain.network_choice import ReferenceMark
from minerdesk.domain.text import _
from minerdesk.services.network_reading.curves import time_of
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.history_chart import HistoryChart, Line
from minerdesk.ui.charts.layers import Between, Layer, Map, Scale
from minerdesk.ui.charts.tones import earn_brushes, lose_brushes
from minerdesk.ui.theme import Theme, Tokens

PRICE_COLOUR: Final = 0
COST_COLOUR: Final = 1
_MARK_PX: Final = 5.0
_NEAR_S: Final = 4 * 86_400.0
_BAND_ALPHA: Final = 26
_LABEL_ROOM_PX: Final = 90
_BEHIND_ALPHA: Final = 190


class Marks(Layer):
    """Dated figures of others as diamonds; the operator's own are filled."""

    def __init__(self, scale: Scale) -> None:
        super().__init__(scale)
        self._marks: tuple[ReferenceMark, ...] = ()
        self._time_s = self._value = np.empty(0)
        self._line, self._own, self._back = QColor(), QColor(), QColor()
        self._font = QFont()

    def show_marks(self, marks: Sequence[ReferenceMark]) -> None:
        """Show other marks."""
        self._marks = tuple(marks)
        self._time_s = np.array([time_of(each.day) for each in marks])
        self._value = np.array([each.cost_per_btc for each in marks])
        self.update()

    def set_colours(self, tokens: Tokens, font: QFont) -> None:
        """Paint in the colours of ``tokens``."""
        self._line, self._back = QColor(tokens.text), QColor(tokens.surface)
        self._own = QColor(tokens.accent)
        self._font = font
        self.update()

    def near(self, x: float) -> tuple[ReferenceMark, ...]:
        """Return the marks of about that day."""
        return tuple(
            mark
            for mark, at in zip(self._marks, self._time_s, strict=True)
            if abs(at - x) <= _NEAR_S
        )

    def draw(self, painter: QPainter, place: Map) -> None:
        """Paint diamonds, each with a name where there is room."""
        x, y = place.x(self._time_s), place.y(self.scale_of.y(self._value))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        room = place.room
        last_label = -np.inf
        for mark, left, top in zip(self._marks, x.tolist(), y.tolist(), strict=True):
            if not (room.left() <= left <= room.right() and room.top() <= top <= room.bottom()):
                continue
            painter.setPen(QPen(self._line, 1.5))
            painter.setBrush(QBrush(self._own if mark.own else self._back))
            size = _MARK_PX
            corners = ((0, -size), (size, 0), (0, size), (-size, 0))
            painter.drawPolygon(QPolygonF([QPointF(left + a, top + b) for a, b in corners]))
            named = mark.own or not mark.name.startswith("Cambridge")
            if named and abs(left - last_label) > _LABEL_ROOM_PX:
                width = painter.fontMetrics().horizontalAdvance(mark.name)
                beside = left + 9 if left + 9 + width < room.right() else left - 9 - width
                metrics = painter.fontMetrics()
                behind = QColor(self._back)
                behind.setAlpha(_BEHIND_ALPHA)
                box = QRectF(beside - 2, top - metrics.height() / 2, width + 4, metrics.height())
                painter.fillRect(box, behind)
                painter.drawText(QPointF(beside, top + 4), mark.name)
                last_label = left


class CostChart(HistoryChart):
    """What a coin brings and what mining one costs the network."""

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        self._formats = formats
        self._found: Indicators | None = None
        super().__init__(
            theme,
            name=_("Cost against price"),
            y=Axis(_("USD/BTC"), numbers=formats.number, movable=False),
            when=formats.utc_date,
            locale=formats.locale,
            parent=parent,
        )
        self.area = Between(self.scale_y)
        self.band = Between(self.scale_y)
        self.marks = Marks(self.scale_y)
        for item, height in ((self.band, -30), (self.area, -20), (self.marks, 30)):
            item.setZValue(height)
            self.addItem(item, ignoreBounds=True)
        self.recolour_items(theme.tokens)

    def show_indicators(self, found: Indicators) -> None:
        """Show other curves."""
        self._found = found
        curves = found.curves

        def line(name: str, value: np.ndarray, **options: object) -> Line:
            return Line(name, curves.time_s, value, self._usd, **options)  # type: ignore[arg-type] # by name

        self.show_lines(
            (
                line(_("price"), curves.price, colour=PRICE_COLOUR, width=1.5),
                line(_("cost"), curves.cost_best, colour=COST_COLOUR, width=2.0),
                line(_("lower"), curves.cost_lower, drawn=False),
                line(_("upper"), curves.cost_upper, drawn=False),
                line(_("14-day mean"), curves.cost_best_14, drawn=False, spoken=False, fits=False),
            )
        )

    def paint_layers(self) -> None:
        """Bring area, band and marks to the curves."""
        if self._found is None:
            return
        curves = self._found.curves
        self.area.show_area(curves.time_s, curves.price, curves.cost_best)
        self.band.show_area(curves.time_s, curves.cost_upper, curves.cost_lower)
        self.marks.show_marks(self._found.marks)

    def recolour_layers(self, tokens: Tokens) -> None:
        """Colour area, band and marks."""
        if not hasattr(self, "marks"):
            return
        self.area.set_brushes(earn_brushes(tokens), lose_brushes(tokens))
        faint = QColor(tokens.series[COST_COLOUR])
        faint.setAlpha(_BAND_ALPHA)
        self.band.set_brushes((QBrush(faint),), (QBrush(faint),))
        font = QFont(self.font())
        font.setPointSizeF(tokens.small_pt)
        self.marks.set_colours(tokens, font)

    def more_words(self, x: float) -> Sequence[str]:
        """Return what others said of about that day."""
        return tuple(
            f"{mark.name} {self._usd(mark.cost_per_btc)}"
            + ("" if not mark.source else f" ({mark.source})")
            for mark in self.marks.near(x)
        )

    def more_summary(self) -> str:
        """Return how many days mining cost more than a coin brought, and the marks."""
        if self._found is None:
            return ""
        curves = self._found.curves
        known = np.isfinite(curves.cost_best) & np.isfinite(curves.price)
        dear = int((curves.cost_best[known] > curves.price[known]).sum())
        said = [
            _("On {n} of {all} days mining cost more than a coin brought.").format(
                n=dear, all=int(known.sum())
            )
        ]
        said += [
            f"{mark.name}, {self._formats.date(mark.day)}: {self._usd(mark.cost_per_btc)}."
            for mark in self._found.marks
        ]
        return " ".join(said)

    def _usd(self, value: float) -> str:
        return self._formats.money(value, "USD", 0)


def hatch(colour: str, style: Qt.BrushStyle, alpha: int) -> QBrush:
    """Return a pattern in a colour."""
    made = QColor(colour)
    made.setAlpha(alpha)
    return QBrush(made, style)
