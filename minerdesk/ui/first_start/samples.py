"""Two cards that open a copy of a sample book."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.page import PageContext
from minerdesk.ui.widgets.basics import label


class SampleCards(QWidget):
    """One card for each sample; the packaged file is never written."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self.cards: dict[str, QPushButton] = {}
        for name, title, words in (
            ("home", _("Sample: home miner"), _("A few rigs in a garage, one tariff, EUR")),
            ("farm", _("Sample: farm"), _("Three sites, 12,000 rigs, USD")),
        ):
            card = _card(title, words)
            card.clicked.connect(partial(_open, context, name))
            self.cards[name] = card
            row.addWidget(card, 1)


def _open(context: PageContext, name: str, _checked: bool = False) -> None:
    context.run_action(f"book.sample_{name}")


def _card(title: str, words: str) -> QPushButton:
    made = QPushButton()
    made.setAutoDefault(False)
    made.setAccessibleName(title)
    made.setAccessibleDescription(words)
    made.setToolTip(_("Opens a copy; nothing of yours changes"))
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box = QVBoxLayout(made)
    box.setContentsMargins(16, 12, 16, 12)
    box.setSpacing(2)
    heading, text = label(title, "title"), label(words, "muted", wrap=True)
    for part in (heading, text):
        box.addWidget(part)
    made.setMinimumHeight(72)
    return made
