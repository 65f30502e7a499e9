"""One section of the editor: a clause of the contract, or some of a site's rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar, Final, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.ui.widgets.basics import button, hairline, label, set_tone
from minerdesk.ui.widgets.forms import Entry, Grid
from minerdesk.ui.widgets.typing import Typing

T = TypeVar("T")
_FIELD: Final = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


def _complaints(part: QWidget) -> str:
    return str(getattr(part, "complaint", ""))


def sentence_of(error: ValueError) -> str:
    """Return what the book refuses as a sentence, its fields called as the page calls them."""
    named = _names()
    text = _FIELD.sub(lambda found: named.get(found[0], found[0].replace("_", " ")), str(error))
    return f"{text[:1].upper()}{text[1:]}."


def _names() -> dict[str, str]:
    return {
        "limit_kw": _("the limit"),
        "least_kw": _("the least load"),
        "ramp_kw": _("the ramp"),
        "expected_peak_kw": _("the expected peak"),
        "most_kw": _("the most load"),
        "up_to": _("the border of a tier"),
        "up_to_kw": _("the border of a tier"),
        "per_kwh": _("the price per kWh"),
        "per_kw": _("the price per kW"),
        "per_kw_year": _("the price per kW and year"),
        "per_month": _("the amount a month"),
        "from_hour": _("the start hour"),
        "to_hour": _("the end hour"),
    }


class Section(QWidget):
    """A title, one line that explains, fields, and what is wrong with them.

    A subclass makes its fields in ``__init__``, shows a value of the book in `fill`, and gives back
    what is typed in `read`. What is typed but cannot be used stays where it is.

    Attributes:
        holds: the fields of the tariff, the site or the assumptions that it edits.

    Signals:
        edited(): something was typed, chosen or painted.
        removed(): it is to be taken out of the contract.
    """

    holds: ClassVar[tuple[str, ...]] = ()
    edited = Signal()
    removed = Signal()

    def __init__(
        self, title: str, explains: str, typing: Typing, *, removable: bool = True
    ) -> None:
        super().__init__()
        self.typing = typing
        self.title = title
        self.currency = ""
        self._shown: tuple[object, ...] | None = None
        self._filling = False
        self._words = label("", wrap=True)
        set_tone(self._words, "lose")
        self._words.hide()
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(title, "title"))
        head.addWidget(label(explains, "muted", wrap=True), 1)
        if removable:
            gone = button(_("Remove"), self.removed.emit)
            gone.setAccessibleName(_("Remove {title}").format(title=title))
            head.addWidget(gone)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 8)
        box.setSpacing(8)
        box.addLayout(head)
        box.addLayout(self.body)
        box.addWidget(self._words)
        box.addWidget(hairline())
        self.setAccessibleName(title)

    @property
    def complaint(self) -> str:
        """What is wrong with the section as a whole, or empty."""
        return self._words.text()

    def fill(self, subject: Any) -> None:  # noqa: ANN401 - a tariff, a site or assumptions
        """Show the fields of ``subject``."""
        raise NotImplementedError

    def read(self, subject: Any) -> dict[str, object]:  # noqa: ANN401 - as `fill`
        """Return the fields as they are typed; ``subject`` has what the section does not show.

        Raises:
            UserError: a field is not understood; it says so itself.
            ValueError: the fields do not go together, in a sentence without its full stop.
        """
        raise NotImplementedError

    def show_subject(self, subject: Any, currency: str) -> None:  # noqa: ANN401 - as `fill`
        """Show ``subject`` where its fields are others than those shown already."""
        now = (currency, *(getattr(subject, name) for name in self.holds))
        if now == self._shown:
            return
        self._shown = now
        self.currency = currency
        self._filling = True
        try:
            self.fill(subject)
        finally:
            self._filling = False
        self.say("")

    def take(self, subject: Any) -> dict[str, object] | None:  # noqa: ANN401 - as `fill`
        """Return the fields that are typed, or None where they say what is wrong with them."""
        try:
            fields = self.read(subject)
        except UserError as error:
            told = any(error.sentence in _complaints(part) for part in self.findChildren(QWidget))
            self.say("" if told else error.sentence)
            return None
        except ValueError as error:
            self.say(sentence_of(error))
            return None
        self.say("")
        # What is typed is what is shown: writing it back would move the cursor.
        self._shown = (self.currency, *(fields[name] for name in self.holds))
        return fields

    def say(self, sentence: str) -> None:
        """Say what is wrong with the section as a whole, or nothing."""
        self._words.setText(sentence)
        self._words.setVisible(bool(sentence))

    def watch(self, *entries: Entry) -> None:
        """Take what is typed into ``entries`` when they are left or confirmed."""
        for entry in entries:
            watch_line(entry.line, self.changed)

    def changed(self) -> None:
        """Say that something was typed, unless the section itself is being filled."""
        if not self._filling:
            self.edited.emit()

    def add_entry(self, grid: Grid, name: str, *, hint: str = "", note: str = "") -> Entry:
        """Add a watched line to a grid of fields."""
        entry = grid.add_entry(name, hint=hint, note=note)
        self.watch(entry)
        return entry


def watch_line(line: QLineEdit, then: Callable[[], object]) -> None:
    """Call ``then`` when a line is left or confirmed with another text than before."""

    def left() -> None:
        if line.isModified():
            line.setModified(False)
            then()

    line.editingFinished.connect(left)


def read_field(entry: Entry, parse: Callable[[str], T]) -> T:
    """Return what is typed, as `Entry.read`, but leave the focus where the operator moved it.

    Raises:
        UserError: it is not understood; the sentence stands beneath the field.
    """
    try:
        value = parse(entry.text)
    except UserError as error:
        entry.say(error.sentence)
        raise
    entry.say("")
    return value


def read_or_none(entry: Entry, parse: Callable[[str], T]) -> T | None:
    """Return what is typed, or None where nothing is.

    Raises:
        UserError: as `read_field`.
    """
    if entry.text:
        return read_field(entry, parse)
    entry.say("")
    return None
