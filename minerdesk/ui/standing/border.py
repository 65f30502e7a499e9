"""Who is squeezed: efficiency against price of power, and the border of earning nothing."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _
from minerdesk.domain.units import HOURS_PER_DAY
from minerdesk.services.standing.words import squeeze_words
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.band import BandItem
from minerdesk.ui.charts.base import Chart, Table
from minerdesk.ui.charts.tones import line_pen, lose_brushes
from minerdesk.ui.standing.dots import Dots
from minerdesk.ui.standing.scene import Scene
from minerdesk.ui.theme import Theme, Tokens

Floats = NDArray[np.float64]

_POINTS: Final = 200


class BorderChart(Chart):
    """J/TH against price of power; above the border a rig loses."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._shown: Scene | None = None
        self._price = self._border = np.empty(0)
        self._top = 1.0
        self._left_out = 0
        super().__init__(
            theme,
            name=_("Who is squeezed"),
            x=Axis(_("price of power"), numbers=self._write_price, movable=False),
            y=Axis(_("J per TH of paid work, PUE and fees inside"), self._write, movable=False),
            parent=parent,
        )
        self._band = BandItem()
        self.addItem(self._band, ignoreBounds=True)
        self._now = self.curve(line_pen(theme.tokens.text, 2.5))
        self._after = self.curve(line_pen(theme.tokens.accent, 2, dashed=True))
        self._words_now = pg.TextItem(anchor=(1, 0))
        self._words_after = pg.TextItem(anchor=(1, -1))
        for words in (self._words_now, self._words_after):
            words.setZValue(20)
            self.addItem(words, ignoreBounds=True)
        self.dots = Dots(theme.tokens, self.redraw, self)
        self.addItem(self.dots.item, ignoreBounds=True)
        self.recolour_items(theme.tokens)

    def show_scene(self, scene: Scene | None) -> None:
        """Show a view."""
        self._shown = scene
        if scene is not None:
            found = scene.view.squeeze
            known = np.isfinite(found.price_per_kwh) & np.isfinite(found.j_per_th)
            prices, j_per_th = found.price_per_kwh[known], found.j_per_th[known]
            most = max(float(prices.max(initial=0.0)) * 1.25, 0.02)
            least = min(float(prices.min(initial=0.0)) * 1.1, 0.0)
            self._top = max(float(j_per_th.max(initial=0.0)) * 1.2, 20.0)
            # Free power earns at every efficiency: the border comes down from infinity.
            first = found.hashprice_per_ph_day / (HOURS_PER_DAY * self._top * 1.5)
            self._price = np.linspace(min(first, most), most, _POINTS)
            self._border = found.hashprice_per_ph_day / (HOURS_PER_DAY * self._price)
            self._left_out = self.dots.show_groups(
                scene, found.price_per_kwh, found.j_per_th, found.earns
            )
            self.getPlotItem().setLabel(
                "bottom", _("price of power, {currency}/kWh").format(currency=scene.currency)
            )
            self.setXRange(least, most, padding=0)
            self.setYRange(0, self._top, padding=0)
        self.redraw()

    def paint_data(self) -> None:
        """Draw the borders and the area of loss."""
        scene = self._shown
        for item in (self._now, self._after, self._words_now, self._words_after, self.dots.item):
            item.setVisible(scene is not None)
        if scene is None:
            self._band.show_band(np.empty(0), np.empty(0), np.empty(0))
            return
        self.dots.paint()
        found = scene.view.squeeze
        roof = np.full(len(self._price), self._top * 1.5)
        self._band.show_band(self._price, np.minimum(self._border, roof), roof)
        self._now.setData(self._price, self._border)
        self._words_now.setText(_("— border today"))
        # The corner of dear power and hungry rigs: no border runs through it.
        for words in (self._words_now, self._words_after):
            words.setPos(float(self._price[-1]), self._top)
        after = None if found.after is None else self._border * found.after
        self._after.setVisible(after is not None)
        self._words_after.setVisible(after is not None)
        if after is not None and found.after_pct is not None:
            after = after / found.hashprice_per_ph_day
            self._after.setData(self._price, after)
            pct = scene.formats.percent_points(found.after_pct, signed=True)
            self._words_after.setText(_("- - after the retarget ({change})").format(change=pct))

    def recolour_items(self, tokens: Tokens) -> None:
        """Colour borders and dots."""
        if not hasattr(self, "dots"):
            return
        self._band.set_brush(lose_brushes(tokens)[-1])
        self._now.setPen(line_pen(tokens.text, 2.5))
        self._after.setPen(line_pen(tokens.accent, 2, dashed=True))
        self._words_now.setColor(QColor(tokens.text))
        self._words_after.setColor(QColor(tokens.accent))
        for words in (self._words_now, self._words_after):
            words.fill = pg.mkBrush(tokens.surface)
        self.dots.recolour(tokens)

    def note(self) -> str:
        """Return who loses, now and after the retarget."""
        scene = self._shown
        if scene is None:
            return ""
        said = squeeze_words(scene.view, scene.formats)
        if self._left_out:
            said += " " + _("{n} small groups are not drawn.").format(
                n=scene.formats.count(self._left_out)
            )
        return said

    def summary(self) -> str:
        """Return who loses."""
        return self.note() or _("No groups to show.")

    def table(self) -> Table:
        """Return one row per group."""
        scene = self._shown
        heads = (
            _("group"),
            _("price per kWh"),
            _("currency"),
            _("J/TH of paid work"),
            _("border per kWh"),
            _("earns"),
            _("earns after the retarget"),
            _("verdict"),
        )
        if scene is None:
            return Table(heads, ())
        found = scene.view.squeeze
        border = found.hashprice_per_ph_day / (HOURS_PER_DAY * found.j_per_th)
        yes, no = _("yes"), _("no")
        return Table(
            heads,
            tuple(
                (
                    scene.name(i),
                    f"{found.price_per_kwh[i]:.5g}",
                    scene.currency,
                    f"{found.j_per_th[i]:.4g}",
                    f"{border[i]:.5g}",
                    yes if found.earns[i] else no,
                    "" if found.after is None else yes if found.earns_after[i] else no,
                    scene.verdict(i),
                )
                for i in range(len(found.earns))
            ),
        )

    def words_at(self, x: float) -> str:
        """Return the border at a price of power."""
        scene = self._shown
        if scene is None:
            return ""
        price = scene.formats.price_per_kwh(x, scene.currency, 4)
        if x <= 0:
            return _("{price}: every rig earns").format(price=price)
        found = scene.view.squeeze
        border = found.hashprice_per_ph_day / (HOURS_PER_DAY * x)
        said = _("{price}: a rig earns below {j} J/TH").format(
            price=price, j=scene.formats.number(border, 1)
        )
        if found.after is not None:
            later = found.after / (HOURS_PER_DAY * x)
            said += _(", after the retarget below {j}").format(j=scene.formats.number(later, 1))
        return said

    def cursor_stops(self) -> list[float]:
        """Return the prices of the groups."""
        x, _y = self.dots.places
        return sorted({float(each) for each in x})

    def _write_price(self, value: float, digits: int) -> str:
        return "" if self._shown is None else self._shown.formats.number(value, max(digits, 2))

    def _write(self, value: float) -> str:
        return "" if self._shown is None else self._shown.formats.number(value)
