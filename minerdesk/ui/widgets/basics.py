"""Labels, hairlines, tiles and empty states, so that every page speaks in the same voice."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

# A number and what it counts, and the parts of a date: "93,049 USD", "19 January 2026".
_TOGETHER: Final = re.compile(r"(?<=\d) (?=\S)|(?<=\d\.) (?=\w+ \d{4}\b)|(?<=\w) (?=\d{4}\b)")
_SENTENCES: Final = frozenset({"headline", "lead"})


class Sentence(QLabel):
    """Breaks no line between a number and its unit, nor inside a date."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._said = ""
        self.setText(text)

    def setText(self, text: str) -> None:
        """Say ``text``."""
        self._said = text
        super().setText(_TOGETHER.sub("\N{NO-BREAK SPACE}", text))

    def clear(self) -> None:
        """Say nothing."""
        self.setText("")

    def text(self) -> str:
        """Return what was said, as it was given."""
        return self._said


def label(text: str = "", role: str = "", *, wrap: bool = False, name: str = "") -> QLabel:
    """Make a label.

    Args:
        text: what it says; never taken as HTML.
        role: ``headline``, ``title``, ``lead``, ``tile``, ``muted``, ``small`` or empty.
        wrap: break long text into lines.
        name: accessible name where the text alone does not tell, such as a bare number.
    """
    made = Sentence() if role in _SENTENCES else QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if name:
        made.setAccessibleName(name)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Give a label a tone: ``earn``, ``lose``, ``warn``, ``accent`` or empty.

    A tone only repeats what the words or a sign already say.
    """
    if widget.property("tone") == tone:
        return
    widget.setProperty("tone", tone)
    restyle(widget)


def restyle(widget: QWidget) -> None:
    """Let the style sheet see a changed property."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def hairline(*, vertical: bool = False) -> QFrame:
    """Make the one-pixel line that stands between parts instead of boxes."""
    line = QFrame()
    line.setProperty("role", "hairline")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def button(text: str, handler: Callable[[], object], *, primary: bool = False) -> QPushButton:
    """Make a push button; ``primary`` is the one thing to do next."""
    made = QPushButton(text)
    made.setAccessibleName(text)
    made.setAutoDefault(False)
    if primary:
        made.setProperty("primary", "true")
    made.clicked.connect(lambda _checked=False: handler())
    return made


class Tile(QWidget):
    """A number with its name above and a note below."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label(title, "small")
        self._value = label("–", "tile")
        self._note = label("", "small", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        for part in (self._title, self._value, self._note):
            box.addWidget(part)
        box.addStretch(1)

    def show_value(self, value: str, note: str = "", tone: str = "") -> None:
        """Show a value, a note beneath it and a tone that repeats its sign."""
        self._value.setText(value)
        self._note.setText(note)
        set_tone(self._value, tone)
        self.setAccessibleName(f"{self._title.text()}: {value} {note}".strip())


class EmptyState(QWidget):
    """What a page shows while it has nothing: one sentence and one button."""

    def __init__(
        self,
        sentence: str,
        action: str = "",
        handler: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setSpacing(16)
        box.addStretch(1)
        self._words = label(sentence, "lead", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.addWidget(self._words)
        if handler is not None:
            box.addWidget(button(action, handler, primary=True), 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)

    def say(self, sentence: str) -> None:
        """Change the sentence."""
        self._words.setText(sentence)

    def offer(self, offered: bool) -> None:
        """Show or hide the button."""
        for each in self.findChildren(QPushButton):
            each.setVisible(offered)
