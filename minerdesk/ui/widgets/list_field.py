"""A short list of rows, each of a few lines to type into, that grows and shrinks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.widgets.basics import button, label
from minerdesk.ui.widgets.forms import Entry, combo, read_all

T = TypeVar("T")


class ListRow(QWidget):
    """One row: a name, an amount, maybe a choice, and a button that takes it away."""

    def __init__(
        self,
        heads: tuple[str, str],
        choices: Sequence[tuple[str, object]],
        remove: Callable[[QWidget], None],
    ) -> None:
        super().__init__()
        self.name = Entry(heads[0], hint=heads[0])
        self.amount = Entry(heads[1], hint=heads[1])
        self.choice: QComboBox | None = combo(_("Cost layer"), choices) if choices else None
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.name, 3)
        box.addWidget(self.amount, 2)
        if self.choice is not None:
            box.addWidget(self.choice, 2)
        gone = button(_("Remove"), lambda: remove(self))
        box.addWidget(gone)


class ListField(QWidget):
    """Rows under a title, with a button that adds one.

    Args:
        title: what the rows are.
        heads: what name and amount are called; the second names its unit.
        choices: for a third field, or nothing.

    Signals:
        typed(): an amount was typed, or a row came or went.
    """

    typed = Signal()

    def __init__(
        self,
        title: str,
        heads: tuple[str, str],
        choices: Sequence[tuple[str, object]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._heads = heads
        self._choices = choices
        self._rows: list[ListRow] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label(title, "muted"), 1)
        adding = button(_("Add"), self._add_and_go)
        adding.setAccessibleName(_("Add to {title}").format(title=title))
        head.addWidget(adding)
        self._box.addLayout(head)

    @property
    def rows(self) -> tuple[ListRow, ...]:
        """The rows there are."""
        return tuple(self._rows)

    def add(self, name: str = "", amount: str = "", choice: object = None) -> ListRow:
        """Add a row."""
        row = ListRow(self._heads, self._choices, self._remove)
        row.name.line.setText(name)
        row.amount.line.setText(amount)
        if row.choice is not None and choice is not None:
            row.choice.setCurrentIndex(max(0, row.choice.findData(choice)))
        self._rows.append(row)
        self._box.addWidget(row)
        row.amount.line.textChanged.connect(self.typed)
        self.typed.emit()
        return row

    def read(self, make: Callable[[ListRow], T]) -> tuple[T, ...]:
        """Return what the rows hold; a row of which nothing is filled in is left out.

        Raises:
            UserError: a row is not understood.
        """
        filled = [row for row in self._rows if row.name.text or row.amount.text]
        read_all(*(partial(make, row) for row in filled))
        return tuple(make(row) for row in filled)

    def _add_and_go(self) -> None:
        self.add().name.setFocus()

    def _remove(self, row: QWidget) -> None:
        self._rows = [each for each in self._rows if each is not row]
        self._box.removeWidget(row)
        row.deleteLater()
        self.typed.emit()
