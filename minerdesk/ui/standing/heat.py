"""The fleet's margin over price and difficulty: today, the last 90 days, the line of zero."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _
from minerdesk.services.standing.view import Grid
from minerdesk.services.standing.words import what_if_words, zero_words
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.base import Chart, Table
from minerdesk.ui.charts.tones import line_pen, lose_brushes
from minerdesk.ui.standing.hatch import HatchItem, above_a_ray
from minerdesk.ui.standing.scene import Scene
from minerdesk.ui.theme import Theme, Tokens

Floats = NDArray[np.float64]

CELLS: Final = 60
_PRICE_FROM, _PRICE_TO = 0.4, 1.8
_DIFFICULTY_FROM, _DIFFICULTY_TO = 0.6, 1.5


class HeatChart(Chart):
    """Price to the right, difficulty upwards; hatched where the fleet earns nothing.

    Signals:
        placed(float, float): a price and a difficulty that were pressed or chosen with Enter.
    """

    placed = Signal(float, float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._shown: Scene | None = None
        self._grid: Grid | None = None
        self._rect = QRectF(0, 0, 1, 1)
        self._cursor_y: float | None = None
        self._asked: tuple[float, float] | None = None
        super().__init__(
            theme,
            name=_("Margin over price and difficulty"),
            x=Axis(_("BTC price"), self._write_price, movable=False),
            y=Axis(_("difficulty"), self._write_difficulty, movable=False),
            parent=parent,
        )
        self._image = pg.ImageItem(axisOrder="row-major")
        self._hatch = HatchItem()
        # Plain curves: down-sampling and clipping believe that x rises, and a way turns back.
        self._zero, self._way = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._today = pg.ScatterPlotItem(size=14, symbol="o")
        self._what_if = pg.ScatterPlotItem(size=16, symbol="+")
        self._level = pg.InfiniteLine(angle=0, movable=False)
        self._level.setVisible(False)
        for z, item in enumerate((self._image, self._hatch), -20):
            item.setZValue(z)
            self.addItem(item, ignoreBounds=True)
        for item in (self._zero, self._way, self._today, self._what_if, self._level):
            self.addItem(item, ignoreBounds=True)
        self._zero_words = pg.TextItem(anchor=(0, 0.5))
        self._today_words = pg.TextItem(anchor=(-0.2, 1.3))
        for words in (self._zero_words, self._today_words):
            self.addItem(words, ignoreBounds=True)
        self.getPlotItem().showGrid(x=False, y=False)
        self.scene().sigMouseClicked.connect(self._clicked)
        self.recolour_items(theme.tokens)

    @property
    def grid(self) -> Grid | None:
        """The cells that are drawn."""
        return self._grid

    @property
    def reach(self) -> QRectF:
        """What the map covers: prices from left to right, difficulties from top() to bottom()."""
        return self._rect

    def show_scene(self, scene: Scene | None) -> None:
        """Show a view."""
        self._shown = scene
        if scene is None:
            self._grid = None
        else:
            view, way = scene.view, scene.view.path
            low_price, high_price = _reach(
                view.price_per_btc, way.price_per_btc, _PRICE_FROM, _PRICE_TO
            )
            low, high = _reach(view.difficulty, way.difficulty, _DIFFICULTY_FROM, _DIFFICULTY_TO)
            self._rect = QRectF(low_price, low, high_price - low_price, high - low)
            self._grid = view.grid(_middles(low_price, high_price), _middles(low, high))
            self.getPlotItem().setLabel(
                "bottom", _("BTC price, {currency}").format(currency=scene.currency)
            )
            self.setXRange(low_price, high_price, padding=0)
            self.setYRange(low, high, padding=0)
        self.redraw()

    def ask(self, place: tuple[float, float] | None) -> None:
        """Mark the price and difficulty that are asked about; None marks nothing."""
        self._asked = place
        self.redraw()

    def paint_data(self) -> None:
        """Paint cells, line of zero, way and dots."""
        scene, grid = self._shown, self._grid
        drawn = scene is not None and grid is not None
        for item in (self._image, self._today, self._today_words, self._way):
            item.setVisible(drawn)
        if scene is None or grid is None:
            self._hatch.show_area([])
            self._zero.setVisible(False)
            self._zero_words.setVisible(False)
            self._what_if.setVisible(False)
            return
        view = scene.view
        self._image.setImage(_colours(grid.margin_per_day, self.theme.tokens), levels=None)
        self._image.setRect(self._rect)
        self._way.setData(view.path.price_per_btc, view.path.difficulty)
        self._today.setData([view.price_per_btc], [view.difficulty])
        self._today_words.setText(_("today"))
        self._today_words.setPos(view.price_per_btc, view.difficulty)
        self._what_if.setVisible(self._asked is not None)
        if self._asked is not None:
            self._what_if.setData([self._asked[0]], [self._asked[1]])
        self._draw_zero(view.zero_price(1.0))

    def recolour_items(self, tokens: Tokens) -> None:
        """Colour everything anew."""
        if not hasattr(self, "_today_words"):
            return
        self._hatch.set_brush(lose_brushes(tokens)[-1])
        self._zero.setPen(line_pen(tokens.text, 2))
        self._way.setPen(line_pen(tokens.accent, 2))
        self._today.setBrush(QColor(tokens.accent))
        self._today.setPen(line_pen(tokens.surface, 2))
        self._what_if.setPen(line_pen(tokens.text, 2))
        self._what_if.setBrush(QColor(tokens.text))
        self._level.setPen(pg.mkPen(tokens.text_muted, style=Qt.PenStyle.DashLine))
        for words in (self._zero_words, self._today_words):
            words.setColor(QColor(tokens.text))
            fill = QColor(tokens.surface)
            fill.setAlpha(190)
            words.fill = pg.mkBrush(fill)
        self.redraw()

    def set_cursor(self, x: float | None) -> None:
        """Put the cursor at a price, on the difficulty it is at."""
        super().set_cursor(x)
        shown = x is not None and self._cursor_y is not None
        self._level.setVisible(shown)
        if shown and self._cursor_y is not None:
            self._level.setPos(self._cursor_y)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down move the cursor along difficulty; Enter asks about its place."""
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down} and self._grid is not None:
            self._climb(1 if key == Qt.Key.Key_Up else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.cursor_x is not None:
            self.placed.emit(self.cursor_x, self._height())
        else:
            super().keyPressEvent(event)

    def words_at(self, x: float) -> str:
        """Return margin and earning rigs at a price and the cursor's difficulty."""
        scene = self._shown
        return "" if scene is None else what_if_words(scene.view, scene.formats, x, self._height())

    def cursor_stops(self) -> list[float]:
        """Return the middles of the cells."""
        found: list[float] = [] if self._grid is None else self._grid.price_per_btc.tolist()
        return found

    def note(self) -> str:
        """Return where zero lies, and what the tones reach."""
        scene, grid = self._shown, self._grid
        if scene is None or grid is None:
            return ""
        states = (
            _("each group in its best state")
            if scene.view.choice.best_states
            else _("every rig as it runs now")
        )
        reach = _("{states}; from {least} to {most} a day").format(
            states=states,
            least=scene.money(float(grid.margin_per_day.min()), signed=True),
            most=scene.money(float(grid.margin_per_day.max()), signed=True),
        )
        said = f"{zero_words(scene.view, scene.formats)} {reach[:1].upper()}{reach[1:]}."
        if len(scene.view.path.time_s):
            said += " " + _("The line leads through the last 90 days.")
        if scene.view.curve.unknown_rigs:
            said += " " + _("{n} rigs of unknown power cost are left out.").format(
                n=scene.formats.count(scene.view.curve.unknown_rigs)
            )
        return said

    def summary(self) -> str:
        """Return what the fleet earns today and where zero lies."""
        scene = self._shown
        if scene is None:
            return _("Nothing to show.")
        view = scene.view
        today = what_if_words(view, scene.formats, view.price_per_btc, view.difficulty)
        return f"{today}. {self.note()}"

    def table(self) -> Table:
        """Return every cell."""
        scene, grid = self._shown, self._grid
        heads = (
            _("BTC price"),
            _("currency"),
            _("difficulty"),
            _("margin a day"),
            _("rigs that earn"),
        )
        if scene is None or grid is None:
            return Table(heads, ())
        return Table(
            heads,
            tuple(
                (
                    f"{price:.0f}",
                    scene.currency,
                    f"{difficulty:.6g}",
                    f"{grid.margin_per_day[row, column]:.2f}",
                    f"{grid.rigs[row, column]:.0f}",
                )
                for row, difficulty in enumerate(grid.difficulty)
                for column, price in enumerate(grid.price_per_btc)
            ),
        )

    def _draw_zero(self, price_of_one: float | None) -> None:
        """Draw the ray of zero; none where the fleet earns everywhere."""
        nowhere = price_of_one is not None and not np.isfinite(price_of_one)
        drawn = price_of_one is not None and not nowhere and price_of_one > 0
        self._zero.setVisible(drawn)
        self._zero_words.setVisible(drawn)
        if not drawn or price_of_one is None:
            self._hatch.show_area(above_a_ray(self._rect, 0.0) if nowhere else [])
            return
        slope = 1 / price_of_one
        left, right = self._rect.left(), self._rect.right()
        self._zero.setData([left, right], [left * slope, right * slope])
        self._hatch.show_area(above_a_ray(self._rect, slope))
        # Named where the line is inside the map.
        at = min(max(left * slope, self._rect.top()), self._rect.bottom())
        high = self._rect.top() + 0.85 * self._rect.height()
        at = max(at, min(high, right * slope))
        self._zero_words.setText(_("the fleet earns 0"))
        self._zero_words.setPos(at * price_of_one, at)

    def _height(self) -> float:
        if self._cursor_y is not None:
            return self._cursor_y
        return 0.0 if self._shown is None else self._shown.view.difficulty

    def _climb(self, by: int) -> None:
        if self._grid is None or self._shown is None:
            return
        stops = self._grid.difficulty
        index = int(np.abs(stops - self._height()).argmin()) + by
        self._cursor_y = float(stops[min(max(index, 0), len(stops) - 1)])
        x = self.cursor_x
        self.set_cursor(self._shown.view.price_per_btc if x is None else x)

    def _mouse_moved(self, position: QPointF) -> None:
        self._cursor_y = float(self.getPlotItem().getViewBox().mapSceneToView(position).y())
        super()._mouse_moved(position)

    def _clicked(self, event: object) -> None:
        if not isinstance(event, MouseClickEvent) or self._grid is None:
            return
        box = self.getPlotItem().getViewBox()
        position: QPointF = event.scenePos()
        if event.button() == Qt.MouseButton.LeftButton and box.sceneBoundingRect().contains(
            position
        ):
            place = box.mapSceneToView(position)
            self.placed.emit(float(place.x()), float(place.y()))

    def _write_price(self, value: float) -> str:
        return "" if self._shown is None else self._shown.formats.number(value)

    def _write_difficulty(self, value: float) -> str:
        return "" if self._shown is None else self._shown.formats.difficulty(value, 0)


def _reach(now: float, way: Floats, from_share: float, to_share: float) -> tuple[float, float]:
    """Return what an axis covers: a share around now, and all of the way."""
    low = min(now * from_share, float(way.min(initial=now)) * 0.95)
    high = max(now * to_share, float(way.max(initial=now)) * 1.05)
    return low, high


def _middles(low: float, high: float) -> Floats:
    step = (high - low) / CELLS
    return low + step * (np.arange(CELLS, dtype=np.float64) + 0.5)


def _colours(margin: Floats, tokens: Tokens) -> NDArray[np.uint8]:
    """Return the cells as RGBA, (Y, X, 4): the surface at zero, towards the tones away from it."""
    most = float(np.abs(margin).max()) or 1.0
    share = np.sqrt(np.abs(margin) / most)[..., None] * 0.75

    def rgb(colour: str) -> Floats:
        made = QColor(colour)
        return np.array([made.red(), made.green(), made.blue()], np.float64)

    tone = np.where((margin > 0)[..., None], rgb(tokens.earn), rgb(tokens.lose))
    mixed = rgb(tokens.surface) * (1 - share) + tone * share
    opaque = np.full((*margin.shape, 1), 255.0)
    return np.concatenate((mixed, opaque), axis=-1).astype(np.uint8)
