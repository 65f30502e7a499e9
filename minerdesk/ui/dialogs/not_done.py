"""Why was it not done? A reason from a short list, or in the operator's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.words.decision_words import check_reason, reasons_not_to
from minerdesk.ui.dialogs.keys import pressed_focused
from minerdesk.ui.widgets.basics import button, label, restyle, set_tone

_ROW_PX: Final = 28


class NotDoneDialog(QDialog):
    """Asks for one reason.

    Args:
        what: the moves in words.
        then: gets the reason once it is given.
    """

    def __init__(
        self, what: str, then: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._then = then
        self.setWindowTitle(_("Not done"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        self.reasons = QListWidget()
        self.reasons.setAccessibleName(_("Usual reasons"))
        self.reasons.addItems(list(reasons_not_to()))
        for row in range(self.reasons.count()):
            self.reasons.item(row).setSizeHint(QSize(0, _ROW_PX))
        self.reasons.setFixedHeight(self.reasons.count() * _ROW_PX + 4)
        self.words = QLineEdit()
        self.words.setAccessibleName(_("The reason, in your own words"))
        self.words.setPlaceholderText(_("or in your own words"))
        self.wrong = label("", wrap=True)
        set_tone(self.wrong, "lose")
        self.wrong.hide()
        self.keep = button(_("Write it down"), self.give, primary=True)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button(_("Cancel"), self.reject))
        foot.addWidget(self.keep)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(12)
        box.addWidget(label(_("Not done, because …"), "title"))
        box.addWidget(label(what, "muted", wrap=True))
        box.addWidget(self.reasons)
        box.addWidget(self.words)
        box.addWidget(self.wrong)
        box.addLayout(foot)
        self.reasons.itemClicked.connect(self._choose)
        self.reasons.currentItemChanged.connect(self._moved)
        self.reasons.itemActivated.connect(self._take)
        self.words.returnPressed.connect(self.give)
        self.words.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Return press the button that has the focus."""
        if not pressed_focused(self, event):
            super().keyPressEvent(event)

    @Slot()
    def give(self) -> None:
        """Hand the reason on, or say that there is none."""
        try:
            reason = check_reason(self.words.text())
        except UserError as error:
            self.wrong.setText(error.sentence)
            self.wrong.show()
            self.words.setProperty("wrong", "true")
            restyle(self.words)
            self.words.setFocus()
            return
        self.accept()
        self._then(reason)

    @Slot(object)
    def _choose(self, item: QListWidgetItem) -> None:
        self.words.setText(item.text())

    @Slot(object)
    def _take(self, item: QListWidgetItem) -> None:
        self._choose(item)
        self.give()

    @Slot(object, object)
    def _moved(self, item: QListWidgetItem | None, before: QListWidgetItem | None) -> None:
        # The focus alone puts the list on its first line, and nobody said that reason.
        if item is not None and before is not None:
            self._choose(item)


def ask_why_not(what: str, then: Callable[[str], object], parent: QWidget) -> NotDoneDialog:
    """Ask why moves were not done, over a window; ``then`` gets the reason."""
    dialog = NotDoneDialog(what, then, parent)
    dialog.open()
    return dialog
