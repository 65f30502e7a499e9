"""Lets what may wait begin after the window is on the screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

# A window that starts hidden or minimised is never painted, and its work must begin nevertheless.
_AT_LAST_MS = 1_000


class FirstPaint(QObject):
    """Calls ``work`` once, after the window's first paint or a second after it should have come.

    Args:
        window: lives as long as this.
        work: called in the GUI thread.
    """

    def __init__(self, window: QWidget, work: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._work = work
        self._timer = QTimer(self, singleShot=True, interval=_AT_LAST_MS)
        self._timer.timeout.connect(self._run)
        self._timer.start()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the paint, and for the rest of what is painted with it."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._timer.start(0)
        return super().eventFilter(watched, event)

    @Slot()
    def _run(self) -> None:
        self._window.removeEventFilter(self)
        self._work()
