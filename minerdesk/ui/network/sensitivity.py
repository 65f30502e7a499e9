"""The cost of a BTC at every price of power."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _
from minerdesk.services.network_reading.curves import Sensitivity
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.base import Chart, Table
from minerdesk.ui.charts.layers import Between, Scale
from minerdesk.ui.charts.tones import line_pen
from minerdesk.ui.network.cost_chart import COST_COLOUR, PRICE_COLOUR
from minerdesk.ui.theme import Theme, Tokens

_ALPHA: Final = 30
_AROUND_WORDS_PX: Final = 26


class SensitivityChart(Chart):
    """Best guess and band over the price of power, with the price of a coin as a level."""

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        self._formats = formats
        self._found: Sensitivity | None = None
        self._price: float | None = None
        self._chosen = 0.0
        super().__init__(
            theme,
            name=_("Cost at each price of power"),
            x=Axis(_("USD/kWh"), numbers=formats.number, movable=False),
            y=Axis(_("USD/BTC"), numbers=formats.number, movable=False),
            parent=parent,
        )
        # The library learns how wide the words are by painting them, and is late by one painting.
        width = self.fontMetrics().horizontalAdvance("000,000") + _AROUND_WORDS_PX
        self.getPlotItem().getAxis("left").setWidth(width)
        self._band = Between(Scale())
        self._band.setZValue(-20)
        self.addItem(self._band, ignoreBounds=True)
        self._best = self.curve(None)
        self._level = pg.InfiniteLine(angle=0, movable=False)
        self._here = pg.InfiniteLine(angle=90, movable=False)
        for item in (self._level, self._here):
            self.addItem(item, ignoreBounds=True)
        self.recolour_items(theme.tokens)

    def show_indicators(self, found: Indicators) -> None:
        """Show the curve of the last day."""
        self._found = found.curves.sensitivity
        self._price = found.readings.price
        self._chosen = found.choice.price_per_kwh
        self.redraw()

    def paint_data(self) -> None:
        """Bring lines and band to the curve."""
        found = self._found
        self._level.setVisible(self._price is not None)
        if found is None:
            return
        self._best.setData(found.price_per_kwh, found.best)
        self._band.show_area(found.price_per_kwh, found.upper, found.lower)
        self._here.setPos(self._chosen)
        if self._price is not None:
            self._level.setPos(self._price)
        top = max(float(np.nanmax(found.upper)), self._price or 0.0)
        plot = self.getPlotItem().getViewBox()
        plot.setXRange(float(found.price_per_kwh[0]), float(found.price_per_kwh[-1]), padding=0.02)
        plot.setYRange(0.0, top * 1.04, padding=0)

    def recolour_items(self, tokens: Tokens) -> None:
        """Colour lines and band."""
        if not hasattr(self, "_here"):
            return
        cost = tokens.series[COST_COLOUR]
        self._best.setPen(line_pen(cost, 2))
        faint = QColor(cost)
        faint.setAlpha(_ALPHA)
        self._band.set_brushes((QBrush(faint),), (QBrush(faint),))
        self._level.setPen(line_pen(tokens.series[PRICE_COLOUR], 1.5))
        self._here.setPen(line_pen(tokens.text_muted, 1, dashed=True))

    def cursor_stops(self) -> Sequence[float]:
        """Return the prices."""
        stops: list[float] = [] if self._found is None else self._found.price_per_kwh.tolist()
        return stops

    def words_at(self, x: float) -> str:
        """Return the cost at a price of power."""
        found = self._found
        if found is None:
            return ""
        index = int(np.abs(found.price_per_kwh - x).argmin())
        power = self._formats.price_per_kwh(float(found.price_per_kwh[index]), "USD")
        if not np.isfinite(found.best[index]):
            return _("{power}: no machine would earn").format(power=power)
        return _("{power}: cost {best}, lower {low}, upper {high}").format(
            power=power,
            best=self._usd(found.best[index]),
            low=self._usd(found.lower[index]),
            high=self._usd(found.upper[index]),
        )

    def summary(self) -> str:
        """Return the cost at a few prices of power."""
        if self._found is None:
            return ""
        said = [self.words_at(price) for price in (0.03, 0.05, 0.08, 0.12)]
        if self._price is not None:
            said.append(_("a coin brings {price}").format(price=self._usd(self._price)))
        return "; ".join(said) + "."

    def table(self) -> Table:
        """Return the curve."""
        heads = (_("USD/kWh"), _("lower"), _("cost"), _("upper"))
        if self._found is None:
            return Table(heads, ())
        columns = (
            self._found.price_per_kwh,
            self._found.lower,
            self._found.best,
            self._found.upper,
        )
        return Table(
            heads,
            tuple(
                tuple(f"{value:.10g}" if np.isfinite(value) else "" for value in row)
                for row in zip(*columns, strict=True)
            ),
        )

    def _usd(self, value: float) -> str:
        return self._formats.money(float(value), "USD", 0)
