"""One live number: large value, and small below it where it comes from and how old it is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from minerdesk.ui.icons import Icons
from minerdesk.ui.network.numbers import NumberWords
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import label, set_tone

_PIN = 12


class NumberTile(QWidget):
    """Shows a `NumberWords`; a stale one is outlined with dashes, a typed one bears a pin."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme, self._icons = theme, icons
        self._shown: NumberWords | None = None
        self._pin = QLabel()
        self._pin.hide()
        self._name = label("", "small")
        self._value = label("", "tile")
        self._source = label("", "small", wrap=True)
        self._remark = label("", "small", wrap=True)
        above = QHBoxLayout()
        above.setSpacing(4)
        above.addWidget(self._name)
        above.addWidget(self._pin)
        above.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 6, 8, 6)
        box.setSpacing(0)
        box.addLayout(above)
        for part in (self._value, self._source, self._remark):
            box.addWidget(part)
        box.addStretch(1)
        icons.changed.connect(self._tint)
        theme.changed.connect(self.update)

    @property
    def words(self) -> NumberWords | None:
        """What is shown."""
        return self._shown

    def show_words(self, words: NumberWords) -> None:
        """Show a number; nothing is touched when nothing changed."""
        if words == self._shown:
            return
        self._shown = words
        self._name.setText(words.name)
        self._value.setText(words.value)
        self._source.setText(" · ".join(part for part in (words.source, words.age) if part))
        set_tone(self._source, "warn" if words.stale and words.age else "")
        self._remark.setText(words.remark)
        set_tone(self._remark, "warn" if words.odd else "")
        self._remark.setVisible(bool(words.remark))
        self._pin.setVisible(words.typed)
        self._tint()
        self.setAccessibleName(words.spoken())
        self.setToolTip(words.spoken())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Outline what is stale."""
        super().paintEvent(event)
        if self._shown is None or not self._shown.stale:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.tokens.warn), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    @Slot()
    def _tint(self) -> None:
        if self._shown is not None and self._shown.typed:
            self._pin.setPixmap(self._icons.icon("pin").pixmap(_PIN, _PIN))
