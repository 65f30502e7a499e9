"""The price of a kWh over the next days: its parts stacked, known and forecast told apart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _
from minerdesk.services.power.view import PriceSteps, SitePower
from minerdesk.services.words.formats import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.band import BandItem
from minerdesk.ui.charts.base import Chart, Table
from minerdesk.ui.charts.tones import band_brush, line_pen
from minerdesk.ui.charts.utc_axis import UtcAxis
from minerdesk.ui.theme import Theme, Tokens

Floats = NDArray[np.float64]

MOST_PARTS: Final = 6
_FEW_CORNERS: Final = np.empty(0)


class PriceChart(Chart):
    """One site's price by step. The line is the price; areas are its parts, up and down from 0.

    Known prices are drawn solid and forecast ones dashed. The band between two dotted lines is
    where the site's groups break even.
    """

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(
            theme,
            name=_("Price of a kWh, next seven days"),
            x=Axis(time=True, locale=formats.locale),
            y=Axis(numbers=formats.number, movable=False),
            parent=parent,
        )
        self._formats = self._local = formats
        self._site: SitePower | None = None
        self._advice = True
        self._areas = tuple(BandItem() for _each in range(MOST_PARTS))
        for area in self._areas:
            self.addItem(area)
        self._even = pg.LinearRegionItem(orientation="horizontal", movable=False)
        self._even.setZValue(-20)
        self.addItem(self._even, ignoreBounds=True)
        self._zero = pg.InfiniteLine(0, angle=0)
        self.addItem(self._zero, ignoreBounds=True)
        self._known, self._forecast = self.curve(None), self.curve(None)
        self.getPlotItem().getViewBox().setDefaultPadding(0.04)
        self.recolour_items(theme.tokens)

    @property
    def steps(self) -> PriceSteps | None:
        """What is drawn, or None."""
        return None if self._site is None else self._site.steps

    def show_site(self, site: SitePower | None, *, advice: bool = True) -> None:
        """Show another site, or newer prices of it; without ``advice`` its break-evens are grey."""
        if advice != self._advice:
            self._advice = advice
            self.recolour_items(self.theme.tokens)
        if site is self._site:
            return
        self._site = site
        if site is not None and site.steps is not None and len(site.steps.start_s):
            zone = ZoneInfo(site.zone)
            self._local = Formats(str(self._formats.locale), zone)
            first = datetime.fromtimestamp(float(site.steps.start_s[0]), zone)
            offset = first.utcoffset()
            axis = self.getPlotItem().getAxis("bottom")
            if isinstance(axis, UtcAxis):
                axis.ahead_s = 0.0 if offset is None else offset.total_seconds()
        self.redraw()

    def paint_data(self) -> None:
        """Hand the parts to their areas and the price to its two lines."""
        site, steps = self._site, self.steps
        if site is None or steps is None:
            for area in self._areas:
                area.show_band(_FEW_CORNERS, _FEW_CORNERS, _FEW_CORNERS)
            self._known.setData([], [])
            self._forecast.setData([], [])
            self._even.setVisible(False)
            return
        x = _corners(steps.start_s, steps.hours * 3600)
        for index, area in enumerate(self._areas):
            low, high = stacked(steps, index)
            area.show_band(x, np.repeat(low, 2), np.repeat(high, 2))
        price = np.repeat(steps.per_kwh, 2)
        known = np.repeat(steps.known, 2)
        self._known.setData(x, np.where(known, price, np.nan), connect="finite")
        self._forecast.setData(x, np.where(known, np.nan, price), connect="finite")
        least, most = site.break_even_least, site.break_even_most
        self._even.setVisible(least is not None and most is not None)
        if least is not None and most is not None:
            self._even.setRegion((least, most))
        self._fit(steps, least, most)

    def recolour_items(self, tokens: Tokens) -> None:
        """Give areas and lines the colours of ``tokens``."""
        if not hasattr(self, "_forecast"):
            return
        for index, area in enumerate(self._areas):
            area.set_brush(band_brush(tokens.series[index % len(tokens.series)]))
        self._known.setPen(line_pen(tokens.text, 2))
        self._forecast.setPen(line_pen(tokens.text, 1.5, dashed=True))
        self._zero.setPen(line_pen(tokens.text_muted, 1))
        edge = tokens.earn if self._advice else tokens.text_muted
        fill = QColor(edge)
        # What is no advice is an outline, here as everywhere.
        fill.setAlpha(26 if self._advice else 0)
        self._even.setBrush(fill)
        for line in self._even.lines:
            line.setPen(pg.mkPen(edge, style=Qt.PenStyle.DotLine))

    def cursor_stops(self) -> list[float]:
        """Return the starts of the steps."""
        stops: list[float] = [] if self.steps is None else self.steps.start_s.tolist()
        return stops

    def words_at(self, x: float) -> str:
        """Return the price and its parts in the step at ``x``."""
        site, steps = self._site, self.steps
        index = None if steps is None else steps.index_at(x)
        if site is None or steps is None or index is None:
            return ""
        digits = 4
        price = self._formats.price_per_kwh(float(steps.per_kwh[index]), site.currency, digits)
        parts = ", ".join(
            f"{part.name} {self._formats.number(float(part.per_kwh[index]), digits)}"
            for part in steps.parts
            if part.per_kwh[index]
        )
        kind = "" if steps.known[index] else _(" (forecast)")
        return f"{self._when(float(steps.start_s[index]))}: {price}{kind} = {parts}"

    def summary(self) -> str:
        """Return span, lowest and highest price, and how much of it is forecast."""
        site, steps = self._site, self.steps
        if site is None or steps is None or not np.isfinite(steps.per_kwh).any():
            return ""
        low, high = (int(f(steps.per_kwh)) for f in (np.nanargmin, np.nanargmax))
        said = _("{site}: lowest {low} at {low_at}, highest {high} at {high_at}.").format(
            site=site.name,
            low=self._formats.price_per_kwh(float(steps.per_kwh[low]), site.currency),
            low_at=self._when(float(steps.start_s[low])),
            high=self._formats.price_per_kwh(float(steps.per_kwh[high]), site.currency),
            high_at=self._when(float(steps.start_s[high])),
        )
        share = 1 - float(np.mean(steps.known))
        forecast = _("{share} of the steps are forecast.").format(
            share=self._formats.percent(share, 0)
        )
        return f"{said} {forecast}" if share else said

    def table(self) -> Table:
        """Return one row for each step."""
        steps = self.steps
        if steps is None:
            return Table((_("time (UTC)"), _("price per kWh")), ())
        heads = (
            _("time (UTC)"),
            _("price per kWh"),
            _("known"),
            *(part.name for part in steps.parts),
        )
        return Table(
            heads,
            tuple(
                (
                    datetime.fromtimestamp(float(at), UTC).strftime("%Y-%m-%d %H:%M"),
                    f"{steps.per_kwh[row]:.10g}",
                    _("known") if steps.known[row] else _("forecast"),
                    *(f"{part.per_kwh[row]:.10g}" for part in steps.parts),
                )
                for row, at in enumerate(steps.start_s)
            ),
        )

    def _when(self, at_s: float) -> str:
        return self._local.date_time(datetime.fromtimestamp(at_s, UTC))

    def _fit(self, steps: PriceSteps, least: float | None, most: float | None) -> None:
        """Keep zero, the price, its parts and the break-evens in view."""
        total_low = np.minimum(stacked_sum(steps, -1), steps.per_kwh)
        total_high = np.maximum(stacked_sum(steps, 1), steps.per_kwh)
        low = min(0.0, float(np.nanmin(total_low, initial=0.0)), least or 0.0)
        high = max(float(np.nanmax(total_high, initial=0.0)), most or 0.0, 0.001)
        self.getPlotItem().setYRange(low, high, padding=0.06)
        last = float(steps.start_s[-1]) + steps.hours * 3600
        self.getPlotItem().setXRange(float(steps.start_s[0]), last, padding=0.01)


def _corners(start_s: Floats, length_s: float) -> Floats:
    return np.column_stack((start_s, start_s + length_s)).ravel()


def stacked_sum(steps: PriceSteps, sign: int, count: int | None = None) -> Floats:
    """Return the sum of what the first ``count`` parts add above (1) or below (-1) zero, (T,)."""
    total = np.zeros(len(steps.start_s))
    for part in steps.parts[:count]:
        value = np.nan_to_num(part.per_kwh)
        total += np.maximum(value, 0.0) if sign > 0 else np.minimum(value, 0.0)
    return total


def stacked(steps: PriceSteps, index: int) -> tuple[Floats, Floats]:
    """Return between what heights one part lies, each (T,); the last area takes all that is left.

    Parts above zero are stacked upwards and those below downwards, so that a negative index does
    not hide what is paid on top of it.
    """
    nothing = np.zeros(len(steps.start_s))
    if index >= len(steps.parts):
        return nothing, nothing
    end = None if index == MOST_PARTS - 1 else index + 1
    above = stacked_sum(steps, 1, index), stacked_sum(steps, 1, end)
    below = stacked_sum(steps, -1, end), stacked_sum(steps, -1, index)
    positive = above[1] > above[0]
    low: Floats = np.where(positive, above[0], below[0])
    high: Floats = np.where(positive, above[1], below[1])
    return low, high
