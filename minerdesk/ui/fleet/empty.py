"""What the page shows while the book has no rigs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.widgets.basics import button, label


class EmptyFleet(QWidget):
    """One sentence, one thing to do, and the two ways around it.

    Args:
        add, read, sample: add rigs, import a table, open the sample book.
    """

    def __init__(
        self,
        *,
        add: Callable[[], object],
        read: Callable[[], object],
        sample: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setSpacing(16)
        box.addStretch(1)
        words = _("Add your rigs, or drop a table of them anywhere on this page.")
        lead = label(words, "lead", wrap=True)
        lead.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.addWidget(lead)
        box.addWidget(button(_("Add rigs"), add, primary=True), 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(_("Import a table"), read))
        row.addWidget(button(_("Open the sample farm"), sample))
        row.addStretch(1)
        box.addLayout(row)
        box.addStretch(2)
