"""The grids of one calendar: weekdays, weekends, and holidays where they differ."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from minerdesk.domain.calendar import Calendar, DayKind
from minerdesk.domain.text import _
from minerdesk.ui.power.paint_grid import Paint, PaintGrid
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import label


class CalendarGrids(QWidget):
    """Two grids side by side, and a third on demand.

    Signals:
        edited(): a stroke was painted.
        brush_wanted(str): a letter was typed that is to be the brush.
    """

    edited = Signal()
    brush_wanted = Signal(str)

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        titles = (_("Weekdays"), _("Weekends"), _("Holidays"))
        self.grids = tuple(PaintGrid(f"{name}: {title}", theme) for title in titles)
        self.holidays = QCheckBox(_("Holidays have hours of their own"))
        self.holidays.toggled.connect(self._show_holidays)
        self.holidays.clicked.connect(self.edited)
        self._words = label("", "small")
        self._brush = ""
        layout = QGridLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(4)
        self._heads = tuple(label(title, "muted") for title in titles)
        for index, (head, grid) in enumerate(zip(self._heads, self.grids, strict=True)):
            row, column = divmod(index, 2)
            layout.addWidget(head, row * 2, column)
            layout.addWidget(grid, row * 2 + 1, column)
            layout.setColumnStretch(column, 1)
            grid.painted.connect(self.edited)
            grid.pointed.connect(self._words.setText)
            grid.brush_wanted.connect(self.brush_wanted)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(layout)
        box.addWidget(self._words)
        box.addWidget(self.holidays)
        self._show_holidays(shown=False)

    @property
    def calendar(self) -> Calendar:
        """What is painted; grids that say the same as those before them are left out."""
        weekday, weekend, holiday = (grid.rows for grid in self.grids)
        own = self.holidays.isChecked() and holiday != weekend
        return Calendar(weekday, () if weekend == weekday else weekend, holiday if own else ())

    def show_calendar(self, calendar: Calendar) -> None:
        """Show a calendar."""
        for kind, grid in zip(DayKind, self.grids, strict=True):
            grid.show_rows(calendar.grid(kind))
        # A box that was just ticked stays so until hours are painted that differ.
        if calendar.holiday:
            self.holidays.setChecked(True)

    def set_paints(self, paints: Sequence[Paint], brush: str) -> None:
        """Say which keys there are, and which one is painted with."""
        for grid in self.grids:
            grid.set_paints(paints, brush)

    def replace_key(self, old: str, new: str) -> None:
        """Give every hour of one key another, without a word to anyone."""
        for grid in self.grids:
            grid.show_rows([row.replace(old, new) for row in grid.rows])

    def _show_holidays(self, shown: bool) -> None:
        self._heads[DayKind.HOLIDAY].setVisible(shown)
        self.grids[DayKind.HOLIDAY].setVisible(shown)
