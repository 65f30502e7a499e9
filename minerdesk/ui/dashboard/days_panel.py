"""The bars of the last 30 days with what can be taken out of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.services.history_view import MarginHistory
from minerdesk.ui.dashboard.day_bars import DAYS, DayBars, daily_margins
from minerdesk.ui.page import PageContext
from minerdesk.ui.widgets.copying import copy_button

if TYPE_CHECKING:
    from minerdesk.ui.charts.base import Table


class DaysPanel(QWidget):
    """The bars and, beside them, the button whose menu copies and saves them.

    Args:
        context: of the page.
        frame: what is copied as a picture: the bars with the number they belong to.

    Attributes:
        bars: what draws the days.
    """

    def __init__(self, context: PageContext, frame: QWidget) -> None:
        super().__init__()
        self._context, self._frame = context, frame
        self._until = date.min
        self._currency = ""
        self.bars = DayBars(context.theme)
        self.setAccessibleName(self.title)
        self.copy = copy_button(context.icons, self.title, self.copy_picture, self.copy_table)
        self.copy.menu().addAction(_("Save as CSV…")).triggered.connect(self.save)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.bars)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        context.icons.changed.connect(self._tint)
        self.hide()

    @property
    def title(self) -> str:
        """What is shown."""
        return self.bars.accessibleName()

    def show_margins(self, margins: MarginHistory, now: datetime) -> None:
        """Show the days before ``now``, where enough of them are known."""
        self._until, self._currency = now.astimezone(UTC).date(), margins.currency
        self.bars.show_days(daily_margins(margins, now), self._context.formats, margins.currency)
        self.copy.setAccessibleDescription(self.bars.accessibleDescription())
        self.setVisible(not self.bars.isHidden())

    def table(self) -> Table:
        """Return day and mean margin, one row per day; empty where nobody looked."""
        # Charts are loaded after the first paint, and this is.
        from minerdesk.ui.charts.base import Table

        first = self._until - timedelta(days=DAYS - 1)
        return Table(
            (_("Day (UTC)"), _("{currency} a day").format(currency=self._currency)),
            tuple(
                (
                    (first + timedelta(days=day)).isoformat(),
                    f"{margin:.10g}" if np.isfinite(margin) else "",
                )
                for day, margin in enumerate(self.bars.days.tolist())
            ),
        )

    @Slot()
    def copy_picture(self) -> None:
        """Put the bars with their number, as they look, onto the clipboard."""
        ratio = self._frame.devicePixelRatioF()
        picture = QPixmap(self._frame.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        # The frame has no ground of its own.
        picture.fill(QColor(self._context.theme.tokens.background))
        self._frame.render(picture, renderFlags=QWidget.RenderFlag.DrawChildren)
        QGuiApplication.clipboard().setPixmap(picture)

    @Slot()
    def copy_table(self) -> None:
        """Put the days onto the clipboard, tab-separated."""
        QGuiApplication.clipboard().setText(self.table().tsv())

    @Slot()
    def save(self) -> None:
        """Ask for a file and write the days there."""
        from minerdesk.ui.save_csv import ask_where

        ask_where(self, self, self._context)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the button's menu."""
        self.copy.menu().popup(event.globalPos())
        event.accept()

    @Slot()
    def _tint(self) -> None:
        self.copy.setIcon(self._context.icons.icon("copy"))
