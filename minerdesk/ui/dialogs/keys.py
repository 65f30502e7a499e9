"""Keys that mean the same in every dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QPushButton


def pressed_focused(dialog: QDialog, event: QKeyEvent) -> bool:
    """Press the button that has the focus where the key is Return or Enter.

    Qt would press the dialog's default button, and no button at all where there is none.

    Returns:
        Whether the event was used up.
    """
    if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
        return False
    focused = dialog.focusWidget()
    if not isinstance(focused, QPushButton):
        return False
    event.accept()
    focused.click()
    return True
