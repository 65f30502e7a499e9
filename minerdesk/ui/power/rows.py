"""A small table whose rows are typed into, come and go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.ui.power.section import read_field, sentence_of, watch_line
from minerdesk.ui.widgets.basics import button, label, set_tone
from minerdesk.ui.widgets.forms import Entry, combo

T = TypeVar("T")


def _text(text: str) -> str:
    return text


def _plain(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of such a table.

    Attributes:
        title: with its unit. hint: stands in an empty field.
        read, write: between text and value. empty: the value of an empty field; without it an
            empty field is not understood.
        choices: text and value of each; the field is then a list to choose from.
        width: share of the row's width.
    """

    title: str
    hint: str = ""
    read: Callable[[str], Any] = _text
    write: Callable[[Any], str] = _plain
    may_be_empty: bool = False
    empty: object = None
    choices: tuple[tuple[str, object], ...] = ()
    width: int = 2


class Row(QWidget):
    """One row."""

    def __init__(self, columns: Sequence[Column], edited: Callable[[], object]) -> None:
        super().__init__()
        self._columns = columns
        self.fields: list[Entry | QComboBox] = []
        self.kept: object = None
        self._words = label("", "small", wrap=True)
        set_tone(self._words, "lose")
        self._words.hide()
        self.line = QHBoxLayout()
        self.line.setSpacing(8)
        for column in columns:
            self.line.addWidget(self._field(column, edited), column.width)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addLayout(self.line)
        box.addWidget(self._words)

    @property
    def blank(self) -> bool:
        """Whether nothing is typed."""
        entries = [field for field in self.fields if isinstance(field, Entry)]
        return bool(entries) and not any(entry.text for entry in entries)

    @property
    def complaint(self) -> str:
        """What is wrong with the row as a whole, or empty."""
        return self._words.text()

    def say(self, sentence: str) -> None:
        """Say what is wrong with the row, or nothing."""
        self._words.setText(sentence)
        self._words.setVisible(bool(sentence))

    def show_values(self, values: Sequence[object]) -> None:
        """Show one value for each column."""
        for column, field, value in zip(self._columns, self.fields, values, strict=True):
            if isinstance(field, Entry):
                field.line.setText("" if value is None else column.write(value))
                field.say("")
            else:
                field.setCurrentIndex(max(0, field.findData(value)))

    def values(self) -> list[Any]:
        """Return the value of each column.

        Raises:
            UserError: a field is not understood.
        """
        missing = self._missing()
        if missing:
            sentence = _("Not taken up yet: {name} is empty.").format(name=missing)
            self.say(sentence)
            raise UserError(sentence)
        first: UserError | None = None
        found: list[Any] = []
        for column, field in zip(self._columns, self.fields, strict=True):
            if isinstance(field, QComboBox):
                found.append(field.currentData())
                continue
            try:
                typed = bool(field.text) or not column.may_be_empty
                found.append(read_field(field, column.read) if typed else column.empty)
            except UserError as error:
                first = first or error
        if first is not None:
            raise first
        return found

    def _missing(self) -> str:
        for column, field in zip(self._columns, self.fields, strict=True):
            if isinstance(field, Entry) and not field.text and not column.may_be_empty:
                return column.title
        return ""

    def _field(self, column: Column, edited: Callable[[], object]) -> QWidget:
        if column.choices:
            box = combo(column.title, column.choices)
            box.activated.connect(lambda _index: edited())
            self.fields.append(box)
            return box
        entry = Entry(column.title, hint=column.hint)
        entry.line.setMinimumWidth(48)
        watch_line(entry.line, edited)
        self.fields.append(entry)
        return entry


class RowsField(QWidget):
    """Rows under their headings, with a button that adds one, unless their number is ``fixed``.

    Signals:
        edited(): a field was typed into, or a row went.
    """

    edited = Signal()

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        *,
        add: str = "",
        start: Sequence[object] = (),
        fixed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._columns = tuple(columns)
        self._start = tuple(start)
        self._fixed = fixed
        self._rows: list[Row] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(label(title, "muted"), 1)
        adding = button(add or _("Add"), self._add_and_go)
        adding.setAccessibleName(_("Add to {title}").format(title=title))
        head.addWidget(adding)
        self._box.addLayout(head)
        adding.setHidden(fixed)
        self._heads = QWidget()
        self._lay_heads()
        self._box.addWidget(self._heads)
        self._heads.hide()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows there are."""
        return tuple(self._rows)

    def show_rows(self, rows: Sequence[Sequence[object]], kept: Sequence[object] = ()) -> None:
        """Show other rows; ``kept`` is remembered with each, for what the row does not show."""
        while len(self._rows) > len(rows):
            self._drop(self._rows[-1])
        while len(self._rows) < len(rows):
            self.add()
        for index, (row, values) in enumerate(zip(self._rows, rows, strict=True)):
            row.show_values(values)
            row.say("")
            row.kept = kept[index] if index < len(kept) else None

    def add(self) -> Row:
        """Add an empty row."""
        row = Row(self._columns, self.edited.emit)
        gone = button(_("Remove"), lambda: self._remove(row))
        gone.setAccessibleName(
            _("Remove row {n} of {title}").format(n=len(self._rows) + 1, title=self._title)
        )
        row.line.addWidget(gone)
        gone.setHidden(self._fixed)
        self._rows.append(row)
        self._box.addWidget(row)
        self._heads.show()
        return row

    def read(self, make: Callable[..., T]) -> tuple[T, ...]:
        """Return what ``make`` makes of each row's values; a row that is blank is left out.

        Raises:
            UserError: a row is not understood, which says so itself.
        """
        made: list[T] = []
        first: UserError | None = None
        for row in self._rows:
            if row.blank:
                continue
            row.say("")
            try:
                made.append(make(*row.values()))
            except UserError as error:
                first = first or error
            except ValueError as error:
                row.say(sentence_of(error))
                first = first or UserError(sentence_of(error))
        if first is not None:
            raise first
        return tuple(made)

    def _lay_heads(self) -> None:
        grid = QGridLayout(self._heads)
        grid.setContentsMargins(0, 0, 0 if self._fixed else 92, 0)
        grid.setHorizontalSpacing(8)
        for index, column in enumerate(self._columns):
            grid.addWidget(label(column.title, "small", wrap=True), 0, index)
            grid.setColumnStretch(index, column.width)

    def _add_and_go(self) -> None:
        row = self.add()
        if self._start:
            row.show_values(self._start)
        row.fields[0].setFocus()

    def _remove(self, row: Row) -> None:
        with suppress(ValueError):
            self._rows.remove(row)
        self._drop(row)
        self.edited.emit()

    def _drop(self, row: Row) -> None:
        self._rows = [each for each in self._rows if each is not row]
        self._box.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._heads.setVisible(bool(self._rows))
