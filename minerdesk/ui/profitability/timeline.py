"""Margin and BTC price over time: two plots, one time axis, one cursor."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QGuiApplication

from minerdesk.domain.text import _
from minerdesk.services.history_view import HistorySlice, MarginHistory
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.base import Table
from minerdesk.ui.charts.cursor import SharedCursor
from minerdesk.ui.charts.panel import ChartPanel
from minerdesk.ui.charts.time_chart import TimeChart, Track, share_time
from minerdesk.ui.icons import Icons
from minerdesk.ui.theme import Theme

_MARGIN, _ADVISED, _PRICE = 0, 3, 1
_FEW: Final = 2


class TimelinePanel(ChartPanel):
    """Margin now and as advised above, the BTC price it rested on below."""

    def __init__(self, theme: Theme, icons: Icons, formats: Formats) -> None:
        self._formats = formats
        self._margins = MarginHistory()
        self.margin = TimeChart(
            theme,
            name=_("Margin over time"),
            y=Axis(_("a day"), numbers=formats.number, movable=False),
            when=formats.date_time,
            locale=formats.locale,
            colours=(_MARGIN, _ADVISED),
        )
        self.price = TimeChart(
            theme,
            name=_("BTC price over time"),
            y=Axis(_("BTC price"), numbers=formats.number, movable=False),
            when=formats.date_time,
            locale=formats.locale,
            colours=(_PRICE,),
        )
        super().__init__(
            _("Over time"),
            (self.margin, self.price),
            theme,
            icons,
            legend=(
                (_("margin"), _MARGIN, False),
                (_("advised"), _ADVISED, True),
            ),
            stretch=(3, 2),
            lines=2,
        )
        share_time(self.margin, self.price)
        self._cursor = SharedCursor(self.margin, self.price, parent=self)
        self.setAccessibleName(self.title)

    def show_history(self, history: object) -> None:
        """Show what was kept; with too little of it, say when there will be a line."""
        if not isinstance(history, HistorySlice):
            self.show_empty(_("The history is being read."))
            return
        found = history.margins
        if len(found.time_s) < _FEW:
            self.show_empty(
                history.problem
                or _(
                    "Margins are kept from the first live number on, for a book that has been "
                    "saved. The line begins with the second one, a few minutes later."
                )
            )
            return
        if found is not self._margins:
            self._margins = found
            self._draw(found)
        self.say(_("whole fleet, after all power; times in UTC"))

    def table(self) -> Table:
        """Return margins and price, one row per time."""
        margin, price = self.margin.table(), self.price.table()
        rows = zip(margin.rows, price.rows, strict=True)
        return Table(
            (*margin.heads, *price.heads[1:]), tuple((*one, *other[1:]) for one, other in rows)
        )

    def copy_table(self) -> None:
        """Put margins and price onto the clipboard, tab-separated."""
        QGuiApplication.clipboard().setText(self.table().tsv())

    def _draw(self, found: MarginHistory) -> None:
        def money(value: float) -> str:
            return self._formats.money(value, found.currency)

        self.margin.getPlotItem().setLabel(
            "left", _("{currency} a day").format(currency=found.currency)
        )
        self.price.getPlotItem().setLabel(
            "left", _("{currency}/BTC").format(currency=found.currency)
        )
        self.margin.show_tracks(
            Track(_("margin now"), found.time_s, found.margin_now_per_day, money),
            Track(_("as advised"), found.time_s, found.margin_advised_per_day, money, dashed=True),
        )
        self.price.show_tracks(Track(_("BTC price"), found.time_s, found.price_per_btc, money))
        self.margin.recolour_items(self.margin.theme.tokens)
