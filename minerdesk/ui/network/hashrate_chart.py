"""Hashrate: single days as dots, means as lines beside what difficulty implies, the ribbon."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _
from minerdesk.domain.units import HS_PER_EHS, HS_PER_THS
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.history_chart import HistoryChart, Line
from minerdesk.ui.charts.layers import Between, Dots, Span, Spans
from minerdesk.ui.network.cost_chart import hatch
from minerdesk.ui.theme import Theme, Tokens

Floats = NDArray[np.float64]

MEAN_COLOUR: Final = 0
FAST_COLOUR: Final = 3
SLOW_COLOUR: Final = 1
DAY_COLOUR: Final = 5
# As the difficulty's own chart beneath.
IMPLIED_COLOUR: Final = 2
_FAINT: Final = 30
_STRONG: Final = 220


class HashrateChart(HistoryChart):
    """Means of hashrate with the phases of the hash ribbon along the bottom."""

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        self._formats = formats
        self._found: Indicators | None = None
        super().__init__(
            theme,
            name=_("Hashrate and its ribbon"),
            y=Axis(_("EH/s"), numbers=formats.number, movable=False),
            when=formats.utc_date,
            locale=formats.locale,
            parent=parent,
        )
        self.dots = Dots(self.scale_y)
        self.phases = Spans(self.scale_y)
        self.ribbon = Between(self.scale_y)
        for item, height in ((self.phases, -30), (self.ribbon, -20), (self.dots, -10)):
            item.setZValue(height)
            self.addItem(item, ignoreBounds=True)
        self.recolour_items(theme.tokens)

    def show_indicators(self, found: Indicators) -> None:
        """Show other curves."""
        self._found = found
        curves = found.curves
        time_s = curves.time_s
        epoch = found.history.days is None
        single = Line(
            _("single day"),
            time_s,
            curves.hashrate_ehs,
            self._write,
            drawn=False,
            spoken=not epoch,
            fits=epoch,
            brief=self._number,
        )
        self.show_lines(
            (
                Line(_("7-day"), time_s, curves.means_ehs[7], self._error_words, MEAN_COLOUR),
                Line(
                    _("30-day"),
                    time_s,
                    curves.means_ehs[30],
                    self._write,
                    FAST_COLOUR,
                    1.0,
                    brief=self._number,
                ),
                Line(
                    _("60-day"),
                    time_s,
                    curves.means_ehs[60],
                    self._write,
                    SLOW_COLOUR,
                    1.0,
                    dashed=True,
                    brief=self._number,
                ),
                single,
                Line(
                    _("by difficulty"),
                    *_changes(time_s, curves.implied_ehs),
                    self._write,
                    IMPLIED_COLOUR,
                    1.0,
                    steps=True,
                    brief=self._number,
                ),
                Line(
                    _("14-day mean"),
                    time_s,
                    curves.means_ehs[14],
                    self._write,
                    drawn=False,
                    fits=False,
                    spoken=False,
                ),
            )
        )

    def paint_layers(self) -> None:
        """Bring dots, ribbon and phases to the curves."""
        if self._found is None:
            return
        curves = self._found.curves
        # The mean of an epoch is no day's own value, so it is no dot.
        daily = self._found.history.days is not None
        self.dots.show_dots(*((curves.time_s, curves.hashrate_ehs) if daily else _nothing()))
        self.ribbon.show_area(curves.time_s, curves.means_ehs[30], curves.means_ehs[60])
        self.phases.show_spans([Span(e.begin_s, e.end_s, e.kind) for e in curves.phases])

    def recolour_layers(self, tokens: Tokens) -> None:
        """Colour dots, ribbon and phases."""
        if not hasattr(self, "ribbon"):
            return
        self.dots.set_colour(tokens.series[DAY_COLOUR])
        up, down = QColor(tokens.earn), QColor(tokens.lose)
        up.setAlpha(_FAINT * 2)
        down.setAlpha(_FAINT * 2)
        self.ribbon.set_brushes((QBrush(up),), (QBrush(down),))
        self.phases.set_looks(phase_looks(tokens))

    def more_words(self, x: float) -> Sequence[str]:
        """Return the phase of that day."""
        span = next((s for s in self.phases.spans if s.begin_s <= x < s.end_s), None)
        return () if span is None else (phase_name(span.kind),)

    def more_summary(self) -> str:
        """Return the capitulations in words."""
        spans = [span for span in self.phases.spans if span.kind == "capitulation"]
        if not spans:
            return ""
        return _("{n} capitulations, the last from {begin} to {end}.").format(
            n=len(spans), begin=self.when(spans[-1].begin_s), end=self.when(spans[-1].end_s - 1)
        )

    def _write(self, ehs: float) -> str:
        return self._formats.hashrate(ehs * HS_PER_EHS / HS_PER_THS, 0 if ehs >= 1 else None)

    def _number(self, ehs: float) -> str:
        # All that is said under the cursor must have room on one line.
        return self._formats.number(ehs) if ehs >= 1 else self._write(ehs)

    def _error_words(self, ehs: float) -> str:
        found = self._found
        error = 0.0 if found is None else found.curves.error_pct[7]
        return f"{self._write(ehs)} ±{self._formats.percent_points(error)}"


def phase_looks(tokens: Tokens) -> dict[str, tuple[QBrush, QBrush]]:
    """Return the strip and the faint height of each phase; told apart by pattern too."""
    lose, earn = QColor(tokens.lose), QColor(tokens.earn)
    lose.setAlpha(_FAINT)
    earn.setAlpha(_FAINT)
    return {
        "capitulation": (hatch(tokens.lose, Qt.BrushStyle.SolidPattern, _STRONG), QBrush(lose)),
        "recovered": (hatch(tokens.earn, Qt.BrushStyle.Dense4Pattern, _STRONG), QBrush(earn)),
    }


def phase_name(kind: str) -> str:
    """Return a phase in words."""
    return {"capitulation": _("miners capitulate"), "recovered": _("recovered, no buy yet")}[kind]


def _changes(time_s: Floats, value: Floats) -> tuple[Floats, Floats]:
    """Return the points at which a held value changes, a gap begins or ends, and the last one."""
    known = np.isfinite(value)
    kept = np.ones(len(value), np.bool_)
    kept[1:] = (known[1:] != known[:-1]) | (known[1:] & (value[1:] != value[:-1]))
    kept[-1:] = True
    return time_s[kept], value[kept]


def _nothing() -> tuple[np.ndarray, np.ndarray]:
    return np.empty(0), np.empty(0)
