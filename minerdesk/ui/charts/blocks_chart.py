"""A chart of blocks in two tones, of which one or more can be chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.base import Chart
from minerdesk.ui.charts.blocks import DRAWN_MOST, Blocks, BlocksItem, Look, thin_out
from minerdesk.ui.charts.tones import chosen_brush, earn_brushes, line_pen, lose_brushes
from minerdesk.ui.theme import Theme, Tokens


class BlocksChart(Chart):
    """Shows blocks; a click or Enter picks one.

    Signals:
        picked(object): the key of the block picked, an int.
    """

    picked = Signal(object)
    stairs = False

    def __init__(
        self, theme: Theme, *, name: str, x: Axis, y: Axis, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, name=name, x=x, y=y, parent=parent)
        self._blocks = Blocks()
        self._bounds = QRectF()
        self._chosen_key: int | None = None
        # Opaque first, faint last: what is chosen lies under the tone that tells its fate.
        self._items = {
            tone: BlocksItem(self._look(tone, theme.tokens)) for tone in ("chosen", "earn", "lose")
        }
        for item in self._items.values():
            self.addItem(item)
        self.recolour_items(theme.tokens)
        box = self.getPlotItem().getViewBox()
        box.setDefaultPadding(0.02)
        box.sigXRangeChanged.connect(self._range_changed)
        self.scene().sigMouseClicked.connect(self._clicked)

    @property
    def blocks(self) -> Blocks:
        """What is shown."""
        return self._blocks

    @property
    def drawn(self) -> int:
        """How many blocks are painted; neighbours are merged where there are too many."""
        return self._items["earn"].count + self._items["lose"].count

    @property
    def chosen_key(self) -> int | None:
        """Whose blocks are marked."""
        return self._chosen_key

    def show_blocks(self, blocks: Blocks, low: float, high: float) -> None:
        """Show other blocks, with y from ``low`` to ``high`` where everything is shown."""
        self._blocks = blocks
        width = float(blocks.edges[-1] - blocks.edges[0])
        self._bounds = QRectF(float(blocks.edges[0]), low, width, high - low)
        box = self.getPlotItem().getViewBox()
        room = width * 0.05 or 1.0
        box.setLimits(xMin=float(blocks.edges[0]) - room, xMax=float(blocks.edges[-1]) + room)
        self.redraw()

    def choose(self, key: int | None) -> None:
        """Mark the blocks of ``key``."""
        if key != self._chosen_key:
            self._chosen_key = key
            self.redraw()

    def paint_data(self) -> None:
        """Paint what fits into the view."""
        blocks = self._blocks
        (left, right), _y = self.getPlotItem().getViewBox().viewRange()
        if self.getPlotItem().getViewBox().autoRangeEnabled()[0]:
            left, right = float(blocks.edges[0]), float(blocks.edges[-1])
        first, last = blocks.visible(left, right)
        drawn = thin_out(blocks, first, last)
        self._items["earn"].show_blocks(drawn, drawn.earns, self._bounds)
        self._items["lose"].show_blocks(drawn, ~drawn.earns, self._bounds)
        mine = (
            blocks.key == self._chosen_key
            if self._chosen_key is not None
            else np.zeros(len(blocks), np.bool_)
        )
        self._items["chosen"].show_blocks(blocks, mine, self._bounds)

    def recolour_items(self, tokens: Tokens) -> None:
        """Give the blocks the tones of ``tokens``."""
        if not hasattr(self, "_items"):
            return
        for tone, item in self._items.items():
            item.look = self._look(tone, tokens)
            item.update()

    def cursor_stops(self) -> Sequence[float]:
        """Return the middles of the blocks."""
        edges = self._blocks.edges
        middles: list[float] = ((edges[1:] + edges[:-1]) / 2).tolist()
        return middles

    def pick_at(self, x: float) -> None:
        """Pick the block at ``x``; outside nothing is picked."""
        index = self._blocks.at(x)
        if index is not None:
            self.picked.emit(int(self._blocks.key[index]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and space pick the block under the cursor."""
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if event.key() in keys and self.cursor_x is not None:
            self.pick_at(self.cursor_x)
        else:
            super().keyPressEvent(event)

    def _look(self, tone: str, tokens: Tokens) -> Look:
        gap = 0.0 if self.stairs else 0.16
        if tone == "chosen":
            return Look((chosen_brush(tokens),), line_pen(tokens.accent, 2.5), gap=gap)
        if tone == "earn":
            return Look(earn_brushes(tokens), line_pen(tokens.earn, 2), self.stairs, gap)
        return Look(lose_brushes(tokens), line_pen(tokens.lose, 2), self.stairs, gap)

    @Slot()
    def _range_changed(self) -> None:
        if len(self._blocks) > DRAWN_MOST:
            self.redraw()

    def _clicked(self, event: object) -> None:
        if not isinstance(event, MouseClickEvent):
            return
        position: QPointF = event.scenePos()
        box = self.getPlotItem().getViewBox()
        inside = box.sceneBoundingRect().contains(position)
        if inside and event.button() == Qt.MouseButton.LeftButton:
            self.pick_at(float(box.mapSceneToView(position).x()))
