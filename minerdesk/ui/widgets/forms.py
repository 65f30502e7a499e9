"""Fields with their name before and their complaint beneath, and the dialogs made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.ui.widgets.basics import button, label, restyle, set_tone
from minerdesk.ui.widgets.suggestions import Suggestions
from minerdesk.ui.widgets.tab_order import TabOrder

T = TypeVar("T")
_NARROWEST = 120
_ONE_LINE = 18


class Entry(QWidget):
    """A line to type into; its complaint stands beneath it until the text is changed.

    Args:
        name: what is typed. text: what it begins with. hint: stands in the empty line.
        reserve: keep the room of one line of complaint, so that nothing below it moves.
        parent: as of any widget.
    """

    def __init__(
        self,
        name: str,
        *,
        text: str = "",
        hint: str = "",
        reserve: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = name
        self.line = QLineEdit(text)
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(hint)
        self.line.setMinimumWidth(_NARROWEST)
        self.line.textEdited.connect(self._forget)
        self.setFocusProxy(self.line)
        self._words = label("", "small", wrap=True)
        set_tone(self._words, "lose")
        if reserve:
            # One line, never more: a label that wraps would ask for room by its narrowest width.
            policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            policy.setRetainSizeWhenHidden(True)
            self._words.setWordWrap(False)
            self._words.setSizePolicy(policy)
            self._words.setFixedHeight(_ONE_LINE)
        self._words.hide()
        self._asks = False
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(self.line)
        box.addWidget(self._words)

    @property
    def text(self) -> str:
        """What is typed, without blanks around it."""
        return self.line.text().strip()

    @property
    def complaint(self) -> str:
        """What is wrong with it, or empty."""
        return "" if self._asks else self._words.text()

    @property
    def question(self) -> str:
        """What was asked about it, or empty."""
        return self._words.text() if self._asks else ""

    def ask(self, sentence: str) -> None:
        """Ask about what is typed, or nothing; it is taken all the same."""
        if self.complaint:
            return
        self._asks = bool(sentence)
        self._words.setText(sentence)
        self._words.setToolTip(sentence)
        self._words.setVisible(bool(sentence))
        set_tone(self._words, "warn" if sentence else "lose")
        self.line.setAccessibleDescription(sentence)

    def say(self, sentence: str) -> None:
        """Say what is wrong, or nothing; a question stays where nothing is wrong."""
        if self._asks and not sentence:
            return
        self._asks = False
        set_tone(self._words, "lose")
        self._words.setText(sentence)
        self._words.setToolTip(sentence)
        self._words.setVisible(bool(sentence))
        self.line.setAccessibleDescription(sentence)
        self.line.setProperty("wrong", "true" if sentence else "false")
        restyle(self.line)

    def read(self, parse: Callable[[str], T]) -> T:
        """Return what is typed as ``parse`` understands it.

        Raises:
            UserError: it is not understood; the sentence stands beneath the field.
        """
        try:
            value = parse(self.text)
        except UserError as error:
            self.say(error.sentence)
            self.line.setFocus()
            raise
        self.say("")
        return value

    def read_or(self, parse: Callable[[str], T], default: T) -> T:
        """Return what is typed, or ``default`` where nothing is.

        Raises:
            UserError: as `read`.
        """
        return self.read(parse) if self.text else default

    def complete(self, words: Sequence[str]) -> None:
        """Suggest texts while typing."""
        self.line.setCompleter(Suggestions(words, self.name, self))

    def _forget(self) -> None:
        if self.complaint:
            self.say("")


def read_all(*readers: Callable[[], object]) -> None:
    """Read several fields, so that all that are wrong are marked at once.

    Raises:
        UserError: of the first that is wrong, which has the focus.
    """
    first: UserError | None = None
    # Backwards, as each wrong field takes the focus.
    for reader in reversed(readers):
        try:
            reader()
        except UserError as error:
            first = error
    if first is not None:
        raise first


def combo(name: str, entries: Sequence[tuple[str, object]]) -> QComboBox:
    """Make a list to choose from: texts and what each stands for."""
    made = QComboBox()
    made.setAccessibleName(name)
    made.view().setAccessibleName(name)
    for text, value in entries:
        made.addItem(text, value)
    return made


class Grid(QWidget):
    """Names on the left, fields on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._count = 0

    def add(self, name: str, field: QWidget, note: str = "") -> None:
        """Add a field; ``note`` is its unit or half a sentence, behind it."""
        words = label(name)
        words.setMinimumHeight(28)
        words.setBuddy(field)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(words, self._count, 0, top)
        self._grid.addWidget(field, self._count, 1)
        if note:
            behind = label(note, "muted")
            behind.setMinimumHeight(28)
            self._grid.addWidget(behind, self._count, 2, top)
        self._count += 1

    def add_entry(self, name: str, *, text: str = "", hint: str = "", note: str = "") -> Entry:
        """Add a line to type into."""
        entry = Entry(name, text=text, hint=hint)
        self.add(name, entry, note)
        return entry


class FormDialog(QDialog):
    """A dialog with a title, room for fields, one place for what concerns all, and two buttons.

    A subclass fills `body` and makes `take`, which does the work and raises `UserError` where it
    cannot; the dialog stays open then.
    """

    def __init__(self, title: str, accept: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.setSpacing(16)
        outer.addWidget(label(title, "title"))
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        outer.addLayout(self.body, 1)
        self._words = label("", wrap=True)
        set_tone(self._words, "lose")
        self._words.hide()
        outer.addWidget(self._words)
        self.accept_button = button(accept, self.finish, primary=True)
        self.accept_button.setDefault(True)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(_("Cancel"), self.reject))
        row.addWidget(self.accept_button)
        outer.addLayout(row)
        TabOrder(self)

    @property
    def complaint(self) -> str:
        """What is wrong with the whole, or empty."""
        return self._words.text()

    def say(self, sentence: str) -> None:
        """Say what is wrong with the whole, or nothing."""
        self._words.setText(sentence)
        self._words.setVisible(bool(sentence))

    def take(self) -> None:
        """Do the work.

        Raises:
            UserError: what was typed cannot be used.
        """
        raise NotImplementedError

    def finish(self) -> None:
        """Do the work and close, or say what is wrong where it was typed."""
        self.say("")
        try:
            self.take()
        except UserError as error:
            if not any(entry.complaint == error.sentence for entry in self.findChildren(Entry)):
                self.say(error.sentence)
            return
        self.accept()
