"""A scroll area for what the keyboard walks through."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Slot
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

_SLIVER_PX: Final = 8


class FollowingScroll(QScrollArea):
    """Takes no key itself, and brings what gets the focus into sight.

    Qt does so only while Tab stays inside; whoever comes back from below would stand on a field
    that cannot be seen. What can be seen in part stays where it is, for a click gives focus too and
    must end where it began.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    @Slot(QWidget, QWidget)
    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        inside = self.widget()
        if new is None or inside is None or not inside.isAncestorOf(new):
            return
        place = QRect(new.mapTo(self.viewport(), QPoint()), new.size())
        seen = self.viewport().rect().intersected(place)
        if min(seen.width(), seen.height()) < _SLIVER_PX:
            self.ensureWidgetVisible(new)
