"""The answer: one sentence to be read from two metres, and the line that explains it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from minerdesk.services.words import Headline
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import label, set_tone

# A little more than other headlines: this one is read across a hall.
_LARGER: Final = 1.15
_PAD: Final = 12


class Answer(QWidget):
    """Sentence and detail. What is no advice stands in a dashed outline.

    Where the numbers are an example both do; where they are too old the sentence says so in full
    and only what follows from those numbers is outlined.
    """

    def __init__(self, theme: Theme, *beside: QWidget, parent: QWidget | None = None) -> None:
        """Build an empty answer.

        Args:
            theme: colours the outline.
            beside: what stands beside the detail, such as buttons.
            parent: as of any widget.
        """
        super().__init__(parent)
        self._theme = theme
        self._shown = Headline("")
        self.sentence = label("", "headline", wrap=True)
        self.sentence.setStyleSheet(f"font-size: {theme.tokens.headline_pt * _LARGER:.1f}pt")
        self.detail = label("", "lead", wrap=True)
        self._box = QVBoxLayout(self)
        self._box.setSpacing(_PAD)
        self._box.addWidget(self.sentence)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.detail, 1)
        for each in beside:
            row.addWidget(each)
        self._box.addLayout(row)
        self._place()
        theme.changed.connect(self._recolour)

    @property
    def shown(self) -> Headline:
        """What it says."""
        return self._shown

    def say(self, headline: Headline) -> None:
        """Show a headline; the same one again changes nothing."""
        if headline == self._shown:
            return
        self._shown = headline
        self.sentence.setText(headline.sentence)
        self.detail.setText(headline.detail)
        self.detail.setVisible(bool(headline.detail))
        set_tone(self.sentence, headline.tone)
        set_tone(self.detail, headline.detail_tone)
        self.setAccessibleName(headline.sentence)
        self.setAccessibleDescription(headline.detail)
        self._place()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the outline around what is no advice."""
        super().paintEvent(event)
        if not self._shown.outline:
            return
        around = self.rect() if self._whole else self.detail.geometry()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.tokens.warn), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(around).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    @property
    def _whole(self) -> bool:
        """Whether sentence and detail are outlined; an example has no tone."""
        return self._shown.outline and not self._shown.tone

    def _place(self) -> None:
        pads = [_PAD] * 4
        self._box.setContentsMargins(*(pads if self._whole else [0] * 4))
        self._box.setSpacing(8)
        inner = self._shown.outline and not self._whole
        self.detail.setContentsMargins(*(pads if inner else [0] * 4))

    @Slot()
    def _recolour(self) -> None:
        self.update()
