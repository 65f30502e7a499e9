"""Every shortcut there is, made from the action table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.actions import Action, ActionTable
from minerdesk.ui.widgets.basics import button, label


def shortcut_rows(table: ActionTable) -> list[tuple[str, str]]:
    """Return text and keys of each action that has a shortcut, in the table's order."""
    return [(action.text, _keys(action)) for action in table if action.shortcuts]


def _keys(action: Action) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(keys).toString(native) for keys in action.shortcuts)


class ShortcutsDialog(QDialog):
    """A list to look at."""

    def __init__(self, table: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keyboard shortcuts"))
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(16)
        box.addWidget(label(_("Keyboard shortcuts"), "title"))
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(32)
        for row, (text, keys) in enumerate(shortcut_rows(table)):
            grid.addWidget(label(text), row, 0)
            grid.addWidget(label(keys, "muted"), row, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(rows)
        scroll.setAccessibleName(_("List of shortcuts"))
        box.addWidget(scroll, 1)
        box.addWidget(button(_("Close"), self.reject), 0, Qt.AlignmentFlag.AlignRight)
        self.resize(480, 560)
