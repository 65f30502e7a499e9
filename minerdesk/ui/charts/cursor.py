"""One cursor for several charts with the same x."""

from __future__ import annotations

from PySide6.QtCore import QObject

from minerdesk.ui.charts.base import Chart


class SharedCursor(QObject):
    """Moves the cursor of every chart in the group with the one under the mouse."""

    def __init__(self, *charts: Chart, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._charts = charts
        self._moving = False
        for chart in charts:
            chart.cursor_moved.connect(self._move)

    def _move(self, x: float | None) -> None:
        if self._moving:
            return
        self._moving = True
        try:
            for chart in self._charts:
                if chart is not self.sender():
                    chart.set_cursor(x)
        finally:
            self._moving = False
