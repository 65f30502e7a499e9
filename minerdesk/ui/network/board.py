"""The four readings as four charts: one time axis, one cursor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.network_reading.page_words import why_no_cost
from minerdesk.services.words import Formats
from minerdesk.ui.charts.cursor import SharedCursor
from minerdesk.ui.charts.history_chart import HistoryChart
from minerdesk.ui.charts.panel import ChartPanel
from minerdesk.ui.charts.tones import earn_brushes, lose_brushes
from minerdesk.ui.icons import Icons
from minerdesk.ui.network import cost_chart, difficulty, hashprice_chart, hashrate_chart
from minerdesk.ui.network.cost_chart import CostChart
from minerdesk.ui.network.difficulty import EPOCH_S, DifficultyChart
from minerdesk.ui.network.explaining import ExplainButton
from minerdesk.ui.network.hashprice_chart import HashpriceChart
from minerdesk.ui.network.hashrate_chart import HashrateChart, phase_looks
from minerdesk.ui.network.numbers import hashrate_error
from minerdesk.ui.theme import Theme, Tokens
from minerdesk.ui.widgets.basics import label

_DAY_S: Final = 86_400.0
_ROOM: Final = 0.01
_LEAST_VIEW_S: Final = 7 * _DAY_S
# Of the panels, title and note included; the page scrolls rather than flatten a chart.
_SHARES: Final = (6, 6, 6, 5)
_EMPTY_PX: Final = 90
_LEAST_PX: Final = (180, 170, 180, 160)


class Patch(QWidget):
    """A piece of an area as the chart fills it, for the legend."""

    def __init__(self, theme: Theme, look: Callable[[Tokens], tuple[QBrush, ...]]) -> None:
        super().__init__()
        self._theme, self._look = theme, look
        self.setFixedSize(QSize(18, 10))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill it."""
        del event
        painter = QPainter(self)
        for brush in self._look(self._theme.tokens):
            painter.fillRect(self.rect(), brush)
        painter.end()


class Board(QWidget):
    """Cost against price, hashrate, difficulty and hashprice above each other.

    Args:
        ask: gets the key of a figure whose computation is asked for.
        save: gets a chart whose numbers are to be written to a file.

    Signals:
        moved(): the operator zoomed or moved the view by hand.
        view_changed(object, object): first and last time in view, UTC.
    """

    moved = Signal()
    view_changed = Signal(object, object)

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        formats: Formats,
        *,
        ask: Callable[[str], object],
        save: Callable[[HistoryChart], object],
    ) -> None:
        super().__init__()
        self._formats = formats
        self._days: float | None = None
        self._span = (0.0, 0.0)
        self._by_hand = False
        self.cost = CostChart(theme, formats)
        self.hashrate = HashrateChart(theme, formats)
        self.difficulty = DifficultyChart(theme, formats)
        self.hashprice = HashpriceChart(theme, formats)
        self.charts: tuple[HistoryChart, ...] = (
            self.cost,
            self.hashrate,
            self.difficulty,
            self.hashprice,
        )
        legends = (
            (
                (_("price"), cost_chart.PRICE_COLOUR, False),
                (_("cost"), cost_chart.COST_COLOUR, False),
            ),
            (
                (_("7 d"), hashrate_chart.MEAN_COLOUR, False),
                (_("30 d"), hashrate_chart.FAST_COLOUR, False),
                (_("60 d"), hashrate_chart.SLOW_COLOUR, True),
                (_("by difficulty"), hashrate_chart.IMPLIED_COLOUR, False),
            ),
            ((_("expected"), difficulty.COLOUR, True),),
            ((_("hashprice"), hashprice_chart.COLOUR, False),),
        )
        self.panels = tuple(
            ChartPanel(chart.accessibleName(), (chart,), theme, icons, legend=legend)
            for chart, legend in zip(self.charts, legends, strict=True)
        )
        keys = ("cost", "hashrate", "difficulty", "hashprice")
        for panel, chart, key in zip(self.panels, self.charts, keys, strict=True):
            panel.add_entry(_("Save as CSV…"), partial(save, chart))
            if key == "hashrate":
                panel.add_to_head(ExplainButton(_("Hash ribbon"), icons, partial(ask, "ribbon")))
            panel.add_to_head(ExplainButton(panel.title, icons, partial(ask, key)))
        self._add_patches(theme)
        self._lay_out()
        self._share_time()
        self._cursor = SharedCursor(*self.charts, parent=self)

    @property
    def view(self) -> tuple[float, float]:
        """First and last Unix time in view, s."""
        return self.charts[-1].x_range

    def show_indicators(self, found: Indicators, network: NetworkState, now: datetime) -> None:
        """Show other curves; the view stays unless a range is chosen."""
        self.cost.show_indicators(found)
        self.hashrate.show_indicators(found)
        self.difficulty.show_indicators(found, network, now)
        self.hashprice.show_indicators(found)
        self._show_span(found, network, now)
        self._say(found, network.currency)
        self._share_height()

    def show_days(self, days: float | None) -> None:
        """Show the last ``days`` days, or everything."""
        self._days, self._by_hand = days, False
        self._apply_range()

    def set_log(self, on: bool) -> None:
        """Show heights as logarithms, difficulty with its bars apart."""
        for chart in self.charts:
            chart.set_log(on)

    def _show_span(self, found: Indicators, network: NetworkState, now: datetime) -> None:
        curves = found.curves
        starts = [float(each[0]) for each in (curves.time_s, curves.retarget_s) if len(each)]
        end = now.timestamp()
        if network.retarget is not None and network.example_of is None:
            end = max(end, network.retarget.at.timestamp() + EPOCH_S)
        before = self._span
        self._span = (min(starts, default=end - 365 * _DAY_S), end)
        room = (self._span[1] - self._span[0]) * _ROOM
        for chart in self.charts:
            chart.getPlotItem().getViewBox().setLimits(
                xMin=self._span[0] - room, xMax=self._span[1] + room, minXRange=_LEAST_VIEW_S
            )
        if self._span != before and not (self._by_hand and before[1]):
            self._apply_range()

    def _apply_range(self) -> None:
        left, right = self._span
        if not right:
            return
        if self._days is not None:
            left = max(left, right - self._days * _DAY_S)
        room = (right - left) * _ROOM
        lowest = self.charts[-1].getPlotItem().getViewBox()
        lowest.setXRange(left - room, right + room, padding=0)

    def _say(self, found: Indicators, currency: str) -> None:
        readings, formats = found.readings, self._formats
        # A day of the past would need that day's rate.
        unconverted = "" if currency == "USD" else _("in USD, not converted; ")
        known = found.offline_words
        alone = (
            ""
            if known is None
            else _("known to {day}, from retargets alone").format(day=formats.date(known))
        )
        if readings.cost is None:
            self.panels[0].show_empty(why_no_cost(found))
        else:
            self.panels[0].say(
                unconverted
                + _("at {power}; band: lower to upper; 7-day means; days are UTC").format(
                    power=formats.price_per_kwh(found.choice.price_per_kwh, "USD")
                )
            )
        parts = (alone, self._confirmation(found), self._drawn(found))
        self.panels[1].say("; ".join(part for part in parts if part))
        self.panels[2].say(alone or _("bars: each change in percent, hatched where it fell"))
        if found.curves.hashprice.size and (found.curves.hashprice > 0).any():
            self.panels[3].say(
                unconverted + _("of 1 PH/s for a day, gross, from difficulty and the day's fees")
            )
        else:
            self.panels[3].show_empty(_("It needs the price of each day."))

    def _drawn(self, found: Indicators) -> str:
        if found.history.days is None:
            return _("each epoch's mean spread over its days")
        return _("dots: single days, ±{error}; lines: means of 7, 30 and 60 days").format(
            error=self._formats.percent(hashrate_error(1))
        )

    def _confirmation(self, found: Indicators) -> str:
        """Say what a cross of the ribbon must have; nothing where it needs no more than itself."""
        days, band = found.choice.confirmation_days, found.choice.confirmation_band
        words = {"n": days, "band": self._formats.percent(band)}
        if days > 1 and band > 0:
            text = _("a cross counts after {n} days beyond {band}")
        elif days > 1:
            text = _("a cross counts after {n} days")
        elif band > 0:
            text = _("a cross counts beyond {band}")
        else:
            text = ""
        return text.format(**words)

    def _add_patches(self, theme: Theme) -> None:
        for panel, look, text in (
            (self.panels[0], earn_brushes, _("surplus")),
            (self.panels[0], lose_brushes, _("deficit")),
            (self.panels[1], lambda t: phase_looks(t)["capitulation"][:1], _("capitulation")),
            (self.panels[1], lambda t: phase_looks(t)["recovered"][:1], _("recovered")),
        ):
            panel.add_legend(Patch(theme, look), label(text, "small"))

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        for panel in self.panels:
            box.addWidget(panel)
        self._share_height()

    def _share_height(self) -> None:
        """Share out the height; a chart that has nothing to show takes little of it."""
        box = self.layout()
        if not isinstance(box, QVBoxLayout):
            return
        for panel, share, least in zip(self.panels, _SHARES, _LEAST_PX, strict=True):
            empty = bool(panel.empty_words)
            panel.setMinimumHeight(_EMPTY_PX if empty else least)
            box.setStretchFactor(panel, 1 if empty else share)

    def _share_time(self) -> None:
        lowest = self.charts[-1].getPlotItem()
        width = self.fontMetrics().horizontalAdvance("000,000") + 26
        for chart in self.charts:
            chart.getPlotItem().getAxis("left").setWidth(width)
            if chart is not self.charts[-1]:
                chart.getPlotItem().setXLink(lowest)
                # The ticks of one axis serve all four, and drawing them is most of a frame.
                chart.getPlotItem().hideAxis("bottom")
            chart.moved_by_hand.connect(self._moved)
        lowest.getViewBox().sigXRangeChanged.connect(self._tell_view)

    @Slot()
    def _tell_view(self, *_range: object) -> None:
        begin, end = (datetime.fromtimestamp(each, UTC) for each in self.view)
        self.view_changed.emit(begin, end)

    @Slot()
    def _moved(self) -> None:
        self._by_hand = True
        self.moved.emit()
