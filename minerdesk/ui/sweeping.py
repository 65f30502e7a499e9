"""Cycles of dead objects are collected in the GUI thread alone.

Python collects in whatever thread happens to allocate. In a worker that would destroy items of a
chart while the GUI thread paints or deletes them, and the process ends there.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS: Final = 500
# All that lives is looked through then; with a large book that takes longer than a frame.
_FULL_EVERY: Final = 600


class Sweeper(QObject):
    """Collects on a timer of the thread it lives in, and keeps every other thread from doing so."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticks = 0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.sweep)

    def start(self) -> None:
        """Begin."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Leave collecting to Python again."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def sweep(self) -> None:
        """Collect what is young where there is enough of it, and everything once in a while."""
        # Another one that ended has switched Python's own on.
        gc.disable()
        self._ticks += 1
        if self._ticks % _FULL_EVERY == 0:
            gc.collect()
            return
        young, middle, _old = gc.get_count()
        least_young, least_middle, _least_old = gc.get_threshold()
        if young > least_young:
            gc.collect(1 if middle > least_middle else 0)
