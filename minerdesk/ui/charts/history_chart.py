"""A chart over years of days: lines with gaps, layers under them, a scale of logarithms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _
from minerdesk.ui.charts.axes import Axis, WordsAxis
from minerdesk.ui.charts.base import Chart, Table
from minerdesk.ui.charts.layers import Scale
from minerdesk.ui.charts.tones import line_pen
from minerdesk.ui.theme import Theme, Tokens

Floats = NDArray[np.float64]

_MARGIN: Final = 0.06
_ZOOM: Final = 0.7
_PAN: Final = 0.25
_NEAR_S: Final = 20 * 86_400.0


def _none() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity over time; NaN is a gap.

    Attributes:
        name: translated, as a heading and in the words under the cursor.
        time_s: Unix time, s, rising. value: of the same shape.
        words: writes a value with its unit.
        colour: of the theme's series. width: in pixels. dashed: beside its colour.
        steps: the value holds until the next point.
        drawn: has a line; else a layer shows it, or only words and table do.
        fits: the view is made to hold it. spoken: in the words under the cursor.
        brief: writes a value under the cursor, where the line before has said the unit.
    """

    name: str
    time_s: Floats = field(default_factory=_none)
    value: Floats = field(default_factory=_none)
    words: Callable[[float], str] = str
    colour: int = 0
    width: float = 1.5
    dashed: bool = False
    steps: bool = False
    drawn: bool = True
    fits: bool = True
    spoken: bool = True
    brief: Callable[[float], str] | None = None

    def at(self, x: float) -> int | None:
        """Return the index of the point in force at ``x``, or None where none is or it is NaN."""
        after = int(np.searchsorted(self.time_s, x, side="right"))
        if self.steps:
            index = after - 1
        else:
            near = [i for i in (after - 1, after) if 0 <= i < len(self.time_s)]
            index = min(near, key=lambda i: abs(float(self.time_s[i]) - x), default=-1)
            if index >= 0 and abs(float(self.time_s[index]) - x) > _NEAR_S:
                return None
        return index if index >= 0 and np.isfinite(self.value[index]) else None


class HistoryChart(Chart):
    """Shows lines; the side axis always fits what is in view.

    Subclasses add layers made with `scale`, and bring them to their data in `paint_layers`.

    Signals:
        moved_by_hand(): the operator zoomed or moved the view.

    Args:
        name: accessible name. y: the side axis. when: writes a time.
        locale: of the dates under the axis.
    """

    moved_by_hand = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        name: str,
        y: Axis,
        when: Callable[[datetime], str],
        locale: str = "en",
        parent: QWidget | None = None,
    ) -> None:
        self.scale_y = Scale()
        self._lines: tuple[Line, ...] = ()
        self._items: list[pg.PlotDataItem] = []
        super().__init__(theme, name=name, x=Axis(time=True, locale=locale), y=y, parent=parent)
        self._when = when
        box = self.getPlotItem().getViewBox()
        box.disableAutoRange()
        box.sigXRangeChanged.connect(self.fit)
        box.sigRangeChangedManually.connect(lambda *_moved: self.moved_by_hand.emit())

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    @property
    def log(self) -> bool:
        """Whether heights are logarithms."""
        return self.scale_y.log

    def set_log(self, on: bool) -> None:
        """Show heights as logarithms, or as they are."""
        if on == self.scale_y.log:
            return
        self.scale_y.log = on
        self.redraw()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other values."""
        self._lines = tuple(lines)
        self.redraw()

    def when(self, time_s: float) -> str:
        """Return a Unix time in words."""
        return self._when(datetime.fromtimestamp(time_s, UTC))

    @property
    def x_range(self) -> tuple[float, float]:
        """First and last Unix time in view, s."""
        (left, right), _y = self.getPlotItem().getViewBox().viewRange()
        return float(left), float(right)

    def paint_layers(self) -> None:
        """Bring the layers to the data in hand."""

    def recolour_layers(self, tokens: Tokens) -> None:
        """Give the layers the colours of ``tokens``."""

    def more_words(self, x: float) -> Sequence[str]:
        """Return what else stands at ``x``."""
        del x
        return ()

    def more_summary(self) -> str:
        """Return what else the chart shows, a sentence."""
        return ""

    def paint_data(self) -> None:
        """Hand the lines to their items."""
        axis = self.getPlotItem().getAxis("left")
        # Not before: ticks of one scale make no sense over a range of the other.
        if isinstance(axis, WordsAxis) and axis.log != self.scale_y.log:
            axis.log = self.scale_y.log
            axis.picture = None
        drawn = [line for line in self._lines if line.drawn]
        while len(self._items) < len(drawn):
            self._items.append(self.curve(None))
        for item in self._items[len(drawn) :]:
            item.setData([], [])
        for item, line in zip(self._items, drawn, strict=False):
            time_s, value = held(line) if line.steps else (line.time_s, line.value)
            item.setData(time_s, self.scale_y.y(value))
        self.paint_layers()
        self.recolour_items(self.theme.tokens)
        self.fit()

    def recolour_items(self, tokens: Tokens) -> None:
        """Give the lines the colours of ``tokens``."""
        drawn = [line for line in self._lines if line.drawn]
        for item, line in zip(self._items, drawn, strict=False):
            item.setPen(line_pen(tokens.series[line.colour], line.width, dashed=line.dashed))
        self.recolour_layers(tokens)

    @Slot()
    def fit(self, *_range: object) -> None:
        """Let the side axis hold the values in view."""
        left, right = self.x_range
        low, high = np.inf, -np.inf
        for line in self._lines:
            if not line.fits:
                continue
            begin = max(int(np.searchsorted(line.time_s, left)) - 1, 0)
            end = int(np.searchsorted(line.time_s, right, side="right")) + 1
            part = line.value[begin:end]
            if self.scale_y.log:
                part = part[part > 0]
            if not len(part):
                continue
            # fmin and fmax pass over gaps, and are quicker than nanmin and without its warning.
            low, high = (
                min(low, float(np.fmin.reduce(part))),
                max(high, float(np.fmax.reduce(part))),
            )
        low, high = self.fit_more(low, high)
        if not (np.isfinite(low) and np.isfinite(high)):
            return
        ends = self.scale_y.y(np.array([low, high]))
        room = max(float(ends[1] - ends[0]), abs(float(ends[1])) * 1e-3, 1e-9) * _MARGIN
        self.getPlotItem().getViewBox().setYRange(
            float(ends[0]) - room, float(ends[1]) + room, padding=0
        )

    def fit_more(self, low: float, high: float) -> tuple[float, float]:
        """Return what the side axis must hold, given what the lines ask for."""
        return low, high

    def cursor_stops(self) -> Sequence[float]:
        """Return the times of the first line that are in view and have a value of any line."""
        if not self._lines:
            return []
        time_s = self._lines[0].time_s
        left, right = self.x_range
        known = np.zeros(len(time_s), np.bool_)
        for line in self._lines:
            if line.time_s is time_s:
                known |= np.isfinite(line.value)
        stops: list[float] = time_s[known & (time_s >= left) & (time_s <= right)].tolist()
        return stops

    def words_at(self, x: float) -> str:
        """Return time and values at ``x``."""
        said: list[str] = []
        for line in self._lines:
            index = line.at(x) if line.spoken else None
            if index is not None:
                write = line.brief or line.words
                said.append(f"{line.name} {write(float(line.value[index]))}")
        said += self.more_words(x)
        return f"{self.when(x)}: {', '.join(said)}" if said else ""

    def summary(self) -> str:
        """Return for each line the span and its first, last, lowest and highest value."""
        said = [self._summary(line) for line in self._lines if line.spoken]
        return " ".join(part for part in (*said, self.more_summary()) if part)

    def table(self) -> Table:
        """Return the points, one row per time of the first line; gaps are empty."""
        heads = (_("time (UTC)"), *(line.name for line in self._lines))
        if not self._lines:
            return Table(heads, ())
        times = self._lines[0].time_s
        columns = [_column(line, times) for line in self._lines]
        return Table(
            heads,
            tuple(
                (
                    datetime.fromtimestamp(float(at), UTC).strftime("%Y-%m-%d %H:%M"),
                    *(f"{c[row]:.10g}" if np.isfinite(c[row]) else "" for c in columns),
                )
                for row, at in enumerate(times)
            ),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus zoom, Shift with an arrow moves; the rest is the base's."""
        key, shift = event.key(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus}:
            self.zoom(1 / _ZOOM if key == Qt.Key.Key_Minus else _ZOOM)
        elif shift and key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.pan(-_PAN if key == Qt.Key.Key_Left else _PAN)
        else:
            super().keyPressEvent(event)

    def zoom(self, factor: float) -> None:
        """Show ``factor`` times as much, around the cursor or the middle."""
        left, right = self.x_range
        middle = (left + right) / 2 if self.cursor_x is None else self.cursor_x
        self._show(middle - (middle - left) * factor, middle + (right - middle) * factor)

    def pan(self, share: float) -> None:
        """Move by a share of what is in view."""
        left, right = self.x_range
        by = (right - left) * share
        self._show(left + by, right + by)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl or when the chart has the focus; else the page scrolls."""
        if self.hasFocus() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        else:
            event.ignore()

    def _show(self, left: float, right: float) -> None:
        self.getPlotItem().getViewBox().setXRange(left, right, padding=0)
        self.moved_by_hand.emit()

    def _summary(self, line: Line) -> str:
        known = np.flatnonzero(np.isfinite(line.value))
        if not len(known):
            return ""
        value = line.value[known]
        return _(
            "{name} from {begin} to {end}: {first} to {last}, between {low} and {high}."
        ).format(
            name=line.name,
            begin=self.when(float(line.time_s[known[0]])),
            end=self.when(float(line.time_s[known[-1]])),
            first=line.words(float(value[0])),
            last=line.words(float(value[-1])),
            low=line.words(float(value.min())),
            high=line.words(float(value.max())),
        )


def held(line: Line) -> tuple[Floats, Floats]:
    """Return the corners of a line that holds each value until the next point."""
    return np.repeat(line.time_s, 2)[1:], np.repeat(line.value, 2)[:-1]


def _column(line: Line, times: Floats) -> Floats:
    """Return the line's value at each of ``times``."""
    if line.time_s is times or not len(line.time_s):
        return line.value if len(line.value) else np.full(len(times), np.nan)
    index = np.searchsorted(line.time_s, times, side="right") - 1
    found = np.where(index >= 0, line.value[np.maximum(index, 0)], np.nan)
    if not line.steps:
        found = np.where(line.time_s[np.maximum(index, 0)] == times, found, np.nan)
    return np.asarray(found)
