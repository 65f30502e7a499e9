"""The editor of one cell: it stays open, with the reason, until its text is understood."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit, QWidget

from minerdesk.ui.widgets.basics import restyle, set_tone

_WIDEST = 360
_GAP = 2


class _Complaint(QLabel):
    """A sentence that floats over the table, so it has an edge of its own."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("complaint")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", "words")
        set_tone(self, "lose")
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words, then the edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.BrightText))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class CellEditor(QLineEdit):
    """A line to type in, with its complaint below.

    Attributes:
        filled: whether the cell's text was put in already.
        leaving: whether it was accepted and is about to go.
    """

    def __init__(self, completer: QCompleter | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.filled = False
        self.leaving = False
        self._asks = False
        self.setFrame(True)
        self._words = _Complaint(parent)
        if completer is not None:
            completer.setParent(self)
            self.setCompleter(completer)

    @property
    def complaint(self) -> str:
        """What is wrong with the text, or empty."""
        return "" if self._asks else self._words.text()

    @property
    def question(self) -> str:
        """What is asked about the text, or empty."""
        return self._words.text() if self._asks else ""

    @property
    def completing(self) -> bool:
        """Whether the list of suggestions has the focus."""
        completer = self.completer()
        popup = completer.popup() if completer is not None else None
        return popup is not None and popup.isVisible()

    def fill(self, text: str) -> None:
        """Begin with a text, selected, so that typing replaces it."""
        self.filled = True
        self.setText(text)
        self.selectAll()

    def say(self, sentence: str) -> None:
        """Say what is wrong, or nothing."""
        self._asks = False
        set_tone(self._words, "lose")
        self._words.setText(sentence)
        self._words.setVisible(bool(sentence))
        self.setAccessibleDescription(sentence)
        self.setProperty("wrong", "true" if sentence else "false")
        restyle(self)
        self.place()

    def ask(self, sentence: str) -> None:
        """Ask about a text that is taken all the same, or nothing."""
        self.say("")
        self._asks = bool(sentence)
        set_tone(self._words, "warn" if sentence else "lose")
        self._words.setText(sentence)
        self._words.setVisible(bool(sentence))
        self.setAccessibleDescription(sentence)
        self.place()

    def place(self) -> None:
        """Lay the complaint under the editor, or over it at the lower edge, inside the table."""
        around = self.parentWidget()
        if around is None or not self._words.text():
            return
        width = min(_WIDEST, around.width())
        self._words.setFixedWidth(width)
        height = self._words.heightForWidth(width)
        left = max(0, min(self.x(), around.width() - width))
        below = self.geometry().bottom() + _GAP
        top = below if below + height <= around.height() else self.y() - height - _GAP
        self._words.setFixedHeight(height)
        self._words.move(QPoint(left, top))
        self._words.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the complaint at the editor."""
        super().resizeEvent(event)
        self.place()

    def finish(self) -> None:
        """Take the complaint away for good; the editor itself is its delegate's to delete."""
        self._words.hide()
        self._words.deleteLater()
