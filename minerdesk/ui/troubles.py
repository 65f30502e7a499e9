"""Says what stopped working meanwhile: a full disk, a damaged history, a broken settings file."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from minerdesk.ui.contracts import Desk
from minerdesk.ui.state import DeskState


class TroubleTeller(QObject):
    """Shows each of `Desk.troubles` once, when it comes; one that went and comes back, again.

    Looks whenever a slice changed: what an edit or a poll broke is known by then.
    """

    def __init__(
        self, desk: Desk, state: DeskState, say: Callable[[str], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._say = desk, say
        self._said: frozenset[str] = frozenset()
        state.changed.connect(self.look)

    @Slot()
    def look(self) -> None:
        """Say what is new."""
        troubles = self._desk.troubles
        for sentence in troubles:
            if sentence not in self._said:
                self._say(sentence)
        self._said = frozenset(troubles)
