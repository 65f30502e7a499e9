"""What the Dashboard shows while the book is empty: one sentence and the ways to begin."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.first_start.samples import SampleCards
from minerdesk.ui.page import PageContext
from minerdesk.ui.widgets.basics import button, label

_WIDE_PX = 640


class Welcome(QWidget):
    """The empty book."""

    def __init__(
        self, context: PageContext, guide: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.sentence = label(
            _("This book is empty. Enter your rigs, or look at a sample first."),
            "title",
            wrap=True,
        )
        self.guided = button(_("Guided start"), guide, primary=True)
        self.opening = button(_("Open a book…"), partial(context.run_action, "book.open"))
        self.samples = SampleCards(context)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.guided)
        row.addWidget(self.opening)
        row.addStretch(1)
        column = QWidget()
        column.setMaximumWidth(_WIDE_PX)
        box = QVBoxLayout(column)
        box.setSpacing(24)
        box.addStretch(1)
        box.addWidget(self.sentence)
        box.addLayout(row)
        box.addWidget(self.samples)
        box.addStretch(2)
        outer = QHBoxLayout(self)
        outer.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        outer.addWidget(column, 1)
