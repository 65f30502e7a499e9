"""Difficulty over time as steps, with the next retarget as an outlined box."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from minerdesk.domain.readings import NetworkState, RetargetProjection
from minerdesk.domain.text import _
from minerdesk.domain.units import SECONDS_PER_DAY
from minerdesk.services.history_view import Series
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.time_chart import TimeChart, Track
from minerdesk.ui.charts.tones import band_brush, line_pen
from minerdesk.ui.theme import Theme, Tokens

_EPOCH_S = 14 * SECONDS_PER_DAY
_TRILLION = 1e12
_COLOUR = 1


class Projection(pg.GraphicsObject):  # type: ignore[misc] # pyqtgraph ships no types
    """The epoch to come: a dashed level, and the band of its error as an outlined box."""

    def __init__(self) -> None:
        super().__init__()
        self.colour = "#000000"
        self._box = QRectF()
        self._from = 0.0
        self._level = 0.0

    def show_change(self, begin_s: float, before: float, level: float, error: float) -> None:
        """Show a change of difficulty at ``begin_s`` from ``before`` to ``level`` ± ``error``."""
        self.prepareGeometryChange()
        self._box = QRectF(begin_s, level - error, _EPOCH_S, 2 * error)
        self._from, self._level = before, level
        self.informViewBoundsChanged()
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the box with the step towards it."""
        low, high = min(self._box.top(), self._from), max(self._box.bottom(), self._from)
        return QRectF(self._box.left(), low, self._box.width(), high - low)

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw band, outline, step and level."""
        painter.setPen(line_pen(self.colour, 1))
        painter.setBrush(band_brush(self.colour))
        painter.drawRect(self._box)
        painter.setPen(line_pen(self.colour, 2, dashed=True))
        path = pg.arrayToQPath(
            np.array([self._box.left(), self._box.left(), self._box.right()]),
            np.array([self._from, self._level, self._level]),
        )
        painter.setBrush(pg.mkBrush(None))
        painter.drawPath(path)


class DifficultyChart(TimeChart):
    """Each epoch's difficulty, and what the next is expected to be."""

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        self._formats = formats
        self._network = NetworkState()
        super().__init__(
            theme,
            name=_("Difficulty"),
            y=Axis(_("difficulty, T"), formats.number, movable=False),
            when=lambda at: formats.date(formats.local(at).date()),
            colours=(_COLOUR,),
            parent=parent,
        )
        self._projection = Projection()
        self._projection.setVisible(False)
        self.addItem(self._projection)
        self.recolour_items(theme.tokens)

    def show_difficulty(self, series: Series | None, network: NetworkState, now: datetime) -> None:
        """Show the steps up to now; no point at all leaves the one in force."""
        self._network = network
        time_s, value = changes(series)
        here = network.difficulty.value
        found = network.retarget
        until = now if found is None else max(found.at, now)
        if here is not None and network.example_of is None:
            if not len(value) or abs(value[-1] / here - 1) > 1e-6:
                time_s, value = np.append(time_s, now.timestamp()), np.append(value, here)
            time_s = np.append(time_s, max(until.timestamp(), float(time_s[-1])))
            value = np.append(value, here)
        self.show_tracks(Track(_("difficulty"), time_s, value / _TRILLION, self._write, steps=True))

    def paint_data(self) -> None:
        """Draw the steps and the projection."""
        super().paint_data()
        found, here = self._network.retarget, self._network.difficulty.value
        known = found is not None and here is not None
        self._projection.setVisible(known)
        if found is not None and here is not None:
            here_t = here / _TRILLION
            self._projection.show_change(
                found.at.timestamp(),
                here_t,
                here_t * (1 + found.change_pct / 100),
                here_t * found.error_pct / 100,
            )

    def recolour_items(self, tokens: Tokens) -> None:
        """Colour the steps and the box."""
        super().recolour_items(tokens)
        if hasattr(self, "_projection"):
            self._projection.colour = tokens.series[_COLOUR]
            self._projection.update()

    def words_at(self, x: float) -> str:
        """Return the difficulty at ``x``; after the next retarget what is expected."""
        found = self._network.retarget
        if found is not None and x >= found.at.timestamp():
            end = found.at + timedelta(seconds=_EPOCH_S)
            return "" if x > end.timestamp() else f"{self.when(x)}: {self._expected(found)}"
        return super().words_at(x)

    def summary(self) -> str:
        """Return the steps' span, and what is expected next."""
        found = self._network.retarget
        said = [super().summary()]
        if found is not None:
            said.append(
                _("On {date}: {expected}.").format(
                    date=self.when(found.at.timestamp()), expected=self._expected(found)
                )
            )
        return " ".join(part for part in said if part)

    def _expected(self, found: RetargetProjection) -> str:
        here = self._network.difficulty.value or float("nan")
        return _("difficulty {value} expected, {change} % ±{error}").format(
            value=self._formats.difficulty(here * (1 + found.change_pct / 100)),
            change=self._formats.number(found.change_pct, 1, signed=True),
            error=self._formats.number(found.error_pct, 1),
        )

    def _write(self, trillions: float) -> str:
        return self._formats.difficulty(trillions * _TRILLION)


def changes(series: Series | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the points at which a difficulty differs from the one before."""
    if series is None or not len(series.value):
        return np.empty(0), np.empty(0)
    new = np.append(True, np.abs(np.diff(series.value)) > 1e-6 * np.abs(series.value[1:]))
    return series.time_s[new], series.value[new]
