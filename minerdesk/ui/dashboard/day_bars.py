"""The margin of the last 30 days as small bars: up earned, down lost, none where none looked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from minerdesk.domain.text import _
from minerdesk.domain.units import SECONDS_PER_DAY
from minerdesk.services.history_view import MarginHistory
from minerdesk.services.words import Formats
from minerdesk.ui.theme import Theme

DAYS: Final = 30
_LEAST: Final = 3  # one or two bars tell nothing of a month
Floats = NDArray[np.float64]


def daily_margins(margins: MarginHistory, now: datetime) -> Floats:
    """Return the mean margin of each of the last 30 days (UTC), oldest first, shape (30,).

    NaN where nothing was kept that day.
    """
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = (today - timedelta(days=DAYS - 1)).timestamp()
    day = np.floor((margins.time_s - first) / SECONDS_PER_DAY).astype(np.int64)
    inside = (day >= 0) & (day < DAYS) & np.isfinite(margins.margin_now_per_day)
    sums = np.bincount(day[inside], margins.margin_now_per_day[inside], minlength=DAYS)
    seen = np.bincount(day[inside], minlength=DAYS)
    found = np.full(DAYS, np.nan)
    np.divide(sums, seen, out=found, where=seen > 0)
    return found


class DayBars(QWidget):
    """Draws one bar a day.

    Attributes:
        paints: how often it was painted, for tests.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._days: Floats = np.full(DAYS, np.nan)
        self.paints = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Margin of the last 30 days"))
        theme.changed.connect(self._recolour)

    @property
    def days(self) -> Floats:
        """The margins drawn, money a day, oldest first, NaN where none."""
        return self._days

    def show_days(self, days: Floats, formats: Formats, currency: str) -> None:
        """Show the margins of the days, from three known ones on; see `daily_margins`."""
        self.setVisible(int(np.isfinite(days).sum()) >= _LEAST)
        if np.array_equal(days, self._days, equal_nan=True):
            return
        self._days = days
        known = days[np.isfinite(days)]
        if len(known):
            self.setAccessibleDescription(
                _("{n} days seen, from {least} to {most} a day.").format(
                    n=formats.count(len(known)),
                    least=formats.money(float(known.min()), currency),
                    most=formats.money(float(known.max()), currency),
                )
            )
        self.update()

    def sizeHint(self) -> QSize:
        """Return 5 px a day."""
        return QSize(DAYS * 5, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars from a line at zero."""
        del event
        self.paints += 1
        tokens = self._theme.tokens
        painter = QPainter(self)
        known = np.where(np.isfinite(self._days), self._days, 0.0)
        most, least = max(float(known.max()), 0.0), min(float(known.min()), 0.0)
        scale = (self.height() - 1) / ((most - least) or 1.0)
        zero = most * scale
        painter.fillRect(QRectF(0, zero, self.width(), 1), QColor(tokens.hairline))
        for day, margin in enumerate(self._days):
            if np.isfinite(margin):
                size = max(abs(float(margin)) * scale, 1.0)
                top = zero - size if margin >= 0 else zero
                colour = QColor(tokens.earn if margin >= 0 else tokens.lose)
                painter.fillRect(QRectF(day * 5, top, 4, size), colour)
        painter.end()

    @Slot()
    def _recolour(self) -> None:
        self.update()
