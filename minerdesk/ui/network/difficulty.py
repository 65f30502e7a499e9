"""Difficulty as steps, its last changes as bars beneath, and the next one with its error."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QWidget

from minerdesk.domain.readings import NetworkState, RetargetProjection
from minerdesk.domain.text import _
from minerdesk.domain.units import SECONDS_PER_DAY
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis, WordsAxis
from minerdesk.ui.charts.history_chart import HistoryChart, Line
from minerdesk.ui.charts.layers import Layer, Map, Scale
from minerdesk.ui.charts.tones import band_brush, line_pen
from minerdesk.ui.network.cost_chart import hatch
from minerdesk.ui.theme import Theme, Tokens

Floats = NDArray[np.float64]

EPOCH_S: Final = 14.0 * SECONDS_PER_DAY
COLOUR: Final = 2
_TRILLION: Final = 1e12
_BARS_SHARE: Final = 0.4
_LEAST_PCT: Final = 5.0
_LABEL_PX: Final = 34


class Bars(Layer):
    """Changes in percent as bars along the bottom third: rises filled, falls hatched."""

    def __init__(self, scale: Scale) -> None:
        super().__init__(scale)
        self._begin_s = self._change_pct = np.empty(0)
        self._expected: RetargetProjection | None = None
        self._formats: Formats | None = None
        self._tokens: Tokens | None = None
        self._font = QFont()

    def show_changes(
        self,
        begin_s: Floats,
        change_pct: Floats,
        expected: RetargetProjection | None,
        formats: Formats,
    ) -> None:
        """Show other changes, each at the begin of its epoch, and the one that is expected."""
        self._begin_s, self._change_pct = begin_s, change_pct
        self._expected, self._formats = expected, formats
        self.update()

    def set_colours(self, tokens: Tokens, font: QFont) -> None:
        """Paint in the colours of ``tokens``."""
        self._tokens, self._font = tokens, font
        self.update()

    def draw(self, painter: QPainter, place: Map) -> None:
        """Paint the bars in view around their own zero."""
        if self._tokens is None or self._formats is None:
            return
        part = self.visible(self._begin_s, place)
        begin, change = self._begin_s[part], self._change_pct[part]
        known = np.isfinite(change)
        begin, change = begin[known], change[known]
        found = self._expected
        if found is not None:
            begin = np.append(begin, found.at.timestamp())
            change = np.append(change, found.change_pct)
        if not len(change):
            return
        room = place.room
        top = room.bottom() - room.height() * _BARS_SHARE
        most = max(float(np.abs(change).max()), _LEAST_PCT)
        middle = (top + room.bottom()) / 2
        per_pct = (room.bottom() - top) / 2 / most * 0.92
        left = place.x(begin)
        width = max(float(place.x(np.array([begin[0] + EPOCH_S]))[0] - left[0]), 1.0)
        painter.setFont(self._font)
        for index, (x, pct) in enumerate(zip(left.tolist(), change.tolist(), strict=True)):
            expected = found is not None and index == len(change) - 1
            box = QRectF(x + width * 0.12, middle, width * 0.76, -pct * per_pct).normalized()
            self._bar(painter, box, pct, expected=expected)
        painter.setPen(line_pen(self._tokens.text_muted, 1))
        painter.drawLine(QPointF(room.left(), middle), QPointF(room.right(), middle))
        step = scale_step(most)
        for pct in (step, -step):
            self._draw_level(painter, room, middle - pct * per_pct, pct)

    def _draw_level(self, painter: QPainter, room: QRectF, height: float, pct: float) -> None:
        """Draw a line of the bars' own scale, with its value at the left end."""
        if self._tokens is None or self._formats is None:
            return
        painter.setPen(QPen(QColor(self._tokens.hairline), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(room.left(), height), QPointF(room.right(), height))
        text = self._formats.percent_points(pct, 0 if abs(pct) >= 1 else 1, signed=True)
        metrics = painter.fontMetrics()
        box = QRectF(room.left() + 4, height - metrics.height() / 2, 0, metrics.height())
        box.setWidth(metrics.horizontalAdvance(text) + 4)
        painter.fillRect(box, QColor(self._tokens.surface))
        painter.setPen(QColor(self._tokens.text_muted))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    def _bar(self, painter: QPainter, box: QRectF, pct: float, *, expected: bool) -> None:
        if self._tokens is None or self._formats is None:
            return
        # A fall of difficulty is good for who stays and bad news of who left: no tone of money.
        tone = self._tokens.series[COLOUR]
        painter.setPen(line_pen(tone, 1, dashed=expected))
        if expected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        elif pct < 0:
            painter.setBrush(hatch(tone, Qt.BrushStyle.BDiagPattern, 230))
        else:
            painter.setBrush(QBrush(QColor(tone)))
        painter.drawRect(box)
        if box.width() >= _LABEL_PX * 0.76:
            painter.setPen(QColor(self._tokens.text))
            text = self._formats.number(pct, 1, signed=True)
            across = painter.fontMetrics().horizontalAdvance(text)
            above = box.top() - 3 if pct >= 0 else box.bottom() + painter.fontMetrics().ascent() + 1
            painter.drawText(QPointF(box.center().x() - across / 2, above), text)


def scale_step(most_pct: float) -> float:
    """Return the largest of 1, 2, 5, 10, 20 … that is at most ``most_pct`` percent."""
    power = 10.0 ** np.floor(np.log10(most_pct))
    return float(max(n * power for n in (1, 2, 5) if n * power <= most_pct))


class Projection(Layer):
    """The epoch to come: a dashed level, and the band of its error as an outlined box."""

    def __init__(self, scale: Scale) -> None:
        super().__init__(scale)
        self.colour = "#000000"
        self.at_s: float | None = None
        self.before = self.level = self.error = 0.0

    def show_change(self, at_s: float, before: float, level: float, error: float) -> None:
        """Show a change at ``at_s`` from ``before`` to ``level`` ± ``error``."""
        self.at_s, self.before, self.level, self.error = at_s, before, level, error
        self.update()

    def hide_change(self) -> None:
        """Show none."""
        self.at_s = None
        self.update()

    def draw(self, painter: QPainter, place: Map) -> None:
        """Draw band, outline, step and level."""
        if self.at_s is None:
            return
        left, right = place.x(np.array([self.at_s, self.at_s + EPOCH_S])).tolist()
        low, high, before, level = place.y(
            self.scale_of.y(
                np.array(
                    [self.level - self.error, self.level + self.error, self.before, self.level]
                )
            )
        ).tolist()
        painter.setPen(line_pen(self.colour, 1))
        painter.setBrush(band_brush(self.colour))
        painter.drawRect(QRectF(left, high, right - left, low - high))
        painter.setPen(line_pen(self.colour, 2, dashed=True))
        painter.drawPolyline([QPointF(left, before), QPointF(left, level), QPointF(right, level)])


class DifficultyChart(HistoryChart):
    """Each epoch's difficulty, its changes, and what the next is expected to be."""

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        self._formats = formats
        self._found: Indicators | None = None
        self._projection: RetargetProjection | None = None
        super().__init__(
            theme,
            name=_("Difficulty"),
            y=Axis(_("T"), numbers=formats.number, movable=False),
            when=formats.utc_date,
            locale=formats.locale,
            parent=parent,
        )
        self.bars = Bars(self.scale_y)
        self.projection = Projection(self.scale_y)
        for item, height in ((self.bars, -20), (self.projection, 10)):
            item.setZValue(height)
            self.addItem(item, ignoreBounds=True)
        self.recolour_items(theme.tokens)

    def show_indicators(self, found: Indicators, network: NetworkState, now: datetime) -> None:
        """Show the steps up to now and what comes next."""
        self._found = found
        curves = found.curves
        live = network.example_of is None and len(curves.difficulty) > 0
        self._projection = network.retarget if live else None
        time_s, value, change = curves.retarget_s, curves.difficulty / _TRILLION, curves.change_pct
        reading = found.readings.difficulty
        if len(time_s) and reading is not None and not reading.old:
            until = now if self._projection is None else max(self._projection.at, now)
            time_s = np.append(time_s, max(until.timestamp(), float(time_s[-1])))
            value, change = np.append(value, value[-1]), np.append(change, change[-1])
        self.show_lines(
            (
                Line(_("difficulty"), time_s, value, self._write, COLOUR, 2.0, steps=True),
                Line(
                    _("change"),
                    time_s,
                    change,
                    lambda pct: self._formats.percent_points(pct, 2, signed=True),
                    steps=True,
                    drawn=False,
                    fits=False,
                ),
            )
        )

    def paint_layers(self) -> None:
        """Bring bars and projection to the changes."""
        if self._found is None:
            return
        curves, found = self._found.curves, self._projection
        self.bars.show_changes(curves.retarget_s, curves.change_pct, found, self._formats)
        if found is None:
            self.projection.hide_change()
            return
        here = float(curves.difficulty[-1]) / _TRILLION
        self.projection.show_change(
            found.at.timestamp(),
            here,
            here * (1 + found.change_pct / 100),
            here * found.error_pct / 100,
        )

    def recolour_layers(self, tokens: Tokens) -> None:
        """Colour bars and projection."""
        if not hasattr(self, "projection"):
            return
        font = QFont(self.font())
        font.setPointSizeF(tokens.small_pt - 1)
        self.bars.set_colours(tokens, font)
        self.projection.colour = tokens.series[COLOUR]
        self.projection.update()

    def fit_more(self, low: float, high: float) -> tuple[float, float]:
        """Leave the bottom third to the bars, and room for the projection."""
        shown = self.projection if hasattr(self, "projection") else None
        if shown is not None and shown.at_s is not None and self.x_range[1] > shown.at_s:
            low, high = min(low, shown.level - shown.error), max(high, shown.level + shown.error)
        if not (np.isfinite(low) and np.isfinite(high)):
            return low, high
        share = _BARS_SHARE / (1 - _BARS_SHARE)
        axis = self.getPlotItem().getAxis("left")
        if isinstance(axis, WordsAxis):
            # Beside the bars the axis would name heights that are not theirs.
            axis.least = float(self.scale_y.y(np.array([low]))[0])
        if self.log:
            return low * (low / high) ** share if high > low else low * 0.9, high
        return low - max(high - low, high * 0.02) * share, high

    def words_at(self, x: float) -> str:
        """Return the difficulty at ``x``; after the next retarget what is expected."""
        found = self._projection
        if found is not None and x >= found.at.timestamp():
            end = found.at.timestamp() + EPOCH_S
            return "" if x > end else f"{self.when(x)}: {self._expected(found)}"
        return super().words_at(x)

    def more_summary(self) -> str:
        """Return what is expected next."""
        found = self._projection
        if found is None:
            return ""
        return _("On {date}: {expected}.").format(
            date=self.when(found.at.timestamp()), expected=self._expected(found)
        )

    def _expected(self, found: RetargetProjection) -> str:
        here = self._found.curves.difficulty[-1] if self._found is not None else float("nan")
        return _("difficulty {value} expected, {change}").format(
            value=self._formats.difficulty(float(here) * (1 + found.change_pct / 100)),
            change=self._formats.change(found.change_pct, found.error_pct),
        )

    def _write(self, trillions: float) -> str:
        return self._formats.difficulty(trillions * _TRILLION, 2)
