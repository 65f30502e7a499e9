"""Hashprice over time."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.history_chart import HistoryChart, Line
from minerdesk.ui.theme import Theme

COLOUR: Final = 3


class HashpriceChart(HistoryChart):
    """What 1 PH/s earns in a day, gross; Puell and the fees' share in words and table."""

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        self._formats = formats
        super().__init__(
            theme,
            name=_("Hashprice"),
            y=Axis(_("USD/PH/day"), numbers=formats.number, movable=False),
            when=formats.utc_date,
            locale=formats.locale,
            parent=parent,
        )

    def show_indicators(self, found: Indicators) -> None:
        """Show other curves."""
        curves, formats = found.curves, self._formats

        def beside(name: str, value: object, words: object) -> Line:
            return Line(name, curves.time_s, value, words, drawn=False, fits=False)  # type: ignore[arg-type] # arrays and writers

        self.show_lines(
            (
                Line(_("hashprice"), curves.time_s, curves.hashprice, self._usd, COLOUR),
                beside(_("below its peak"), curves.hashprice_fall_pct, formats.percent_points),
                beside(_("Puell multiple"), curves.puell, lambda v: formats.number(v, 2)),
                beside(_("fees' share"), curves.fee_share, lambda v: formats.percent(v, 1)),
            )
        )

    def _usd(self, value: float) -> str:
        return self._formats.money(value, "USD", 2)
