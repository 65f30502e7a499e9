"""Cells that changed glow once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QObject, QTimer

LASTS_S: Final = 0.28
_FRAME_MS: Final = 40

Cell = tuple[str, int]
"""A group's id and a column."""


class Glow(QObject):
    """Knows which cells glow and how strongly; asks for repaints until the last has faded.

    Args:
        repaint: called for each frame.
        still: whether the operator asked for less motion; asked each time something changed.
    """

    def __init__(
        self, repaint: Callable[[], object], still: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._repaint = repaint
        self._still = still
        self._since = 0.0
        self._cells: frozenset[Cell] = frozenset()
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._frame)

    @property
    def cells(self) -> frozenset[Cell]:
        """The cells that glow now."""
        return self._cells

    def begin(self, cells: Iterable[Cell]) -> None:
        """Let cells glow, in place of those that did."""
        changed = frozenset(cells)
        if not changed or self._still():
            return
        self._cells = changed
        self._since = time.monotonic()
        self._timer.start()

    def strength(self, cell: Cell) -> float:
        """Return how strongly a cell glows, 1 at first and 0 at the end."""
        if cell not in self._cells:
            return 0.0
        return max(0.0, 1.0 - (time.monotonic() - self._since) / LASTS_S)

    def stop(self) -> None:
        """Let nothing glow."""
        self._timer.stop()
        self._cells = frozenset()

    def _frame(self) -> None:
        if time.monotonic() - self._since >= LASTS_S:
            self.stop()
        self._repaint()
