"""Texts that are suggested while typing, and their list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QCompleter, QWidget

# No text holds it, so nothing is suggested for it.
_NOTHING = "\0"


class Suggestions(QCompleter):
    """Suggests the texts that hold what is typed; nothing once it is one of them.

    Args:
        words: what is suggested.
        name: accessible name of the list.
        parent: as of any object.
    """

    def __init__(self, words: Sequence[str], name: str, parent: QObject | None = None) -> None:
        super().__init__(list(words), parent)
        self._whole = frozenset(word.casefold() for word in words)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        dress_popup(self, name)

    def splitPath(self, path: str) -> list[str]:
        """Return what is looked for; Qt asks this before it shows the list."""
        return [_NOTHING if path.strip().casefold() in self._whole else path]


class _ClickThrough(QObject):
    """Hands on a click beside a list of suggestions, which Qt would only use to close it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close the list and press what is under the mouse."""
        if (
            event.type() != QEvent.Type.MouseButtonPress
            or not isinstance(event, QMouseEvent)
            or not isinstance(watched, QWidget)
            or watched.rect().contains(event.position().toPoint())
        ):
            return False
        watched.hide()
        under = QApplication.widgetAt(event.globalPosition().toPoint())
        if under is not None and under is not watched:
            pressed = QMouseEvent(
                event.type(),
                QPointF(under.mapFromGlobal(event.globalPosition())),
                event.globalPosition(),
                event.button(),
                event.buttons(),
                event.modifiers(),
            )
            if under.focusPolicy() & Qt.FocusPolicy.ClickFocus:
                under.setFocus(Qt.FocusReason.MouseFocusReason)
            QApplication.sendEvent(under, pressed)
        return True


def dress_popup(completer: QCompleter, name: str) -> None:
    """Give a completer's list its name and look, and let clicks beside it through."""
    popup = completer.popup()
    if popup is not None:
        popup.setAccessibleName(name)
        popup.setObjectName("suggestions")
        # Else Qt may replay the click that is handed on already.
        popup.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        popup.installEventFilter(_ClickThrough(popup))
