"""The four tiles in a row, or two by two where the window is narrow."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.dashboard.days_panel import DaysPanel
from minerdesk.ui.dashboard.tile_texts import TileTexts, hints
from minerdesk.ui.page import PageContext
from minerdesk.ui.widgets.basics import Tile
from minerdesk.ui.widgets.tips import wrapped

_NARROW_PX: Final = 740


class Tiles(QWidget):
    """The numbers the answer rests on."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.margin = Tile(_("Margin today"))
        self.running = Tile(_("Running"))
        self.cost = Tile(_("Fleet cost of 1 BTC"))
        self.break_even = Tile(_("My break-even power price"))
        self.days = DaysPanel(context, self.margin)
        box = self.margin.layout()
        if isinstance(box, QVBoxLayout):
            box.insertWidget(2, self.days)
        self._all = (self.margin, self.running, self.cost, self.break_even)
        told = hints()
        texts = (told.margin, told.running, told.cost, told.break_even)
        for tile, text in zip(self._all, texts, strict=True):
            tile.setToolTip(wrapped(text.note))
            tile.setAccessibleDescription(text.note)
        self._shown = TileTexts()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(16)
        self._columns = 0
        self._arrange(4)

    def show_texts(self, texts: TileTexts) -> None:
        """Show what `tile_texts` returned; a tile that says the same is not touched."""
        for tile, new, old in (
            (self.margin, texts.margin, self._shown.margin),
            (self.running, texts.running, self._shown.running),
            (self.cost, texts.cost, self._shown.cost),
            (self.break_even, texts.break_even, self._shown.break_even),
        ):
            if new != old:
                tile.show_value(new.value, new.note, new.tone)
        self._shown = texts

    @property
    def texts(self) -> TileTexts:
        """What the tiles say now."""
        return self._shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the tiles out anew where the width asks for it."""
        super().resizeEvent(event)
        self._arrange(2 if event.size().width() < _NARROW_PX else 4)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for number, tile in enumerate(self._all):
            self._grid.addWidget(tile, number // columns, number % columns)
        for column in range(len(self._all)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
