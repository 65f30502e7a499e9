"""A section whose clauses are several, each with fields of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.power.parts import Part
from minerdesk.ui.power.section import Section, sentence_of
from minerdesk.ui.widgets.basics import button, label, set_tone
from minerdesk.ui.widgets.tab_order import focus_first
from minerdesk.ui.widgets.typing import Typing

C = TypeVar("C")


class Block(QWidget, Generic[C]):
    """One clause: its fields, what is wrong with them, and a button that takes it away.

    Signals:
        edited(): something was typed. removed(object): it is to go; the block itself.
    """

    edited = Signal()
    removed = Signal(object)

    def __init__(self, title: str, typing: Typing) -> None:
        super().__init__()
        self.typing = typing
        self.currency = ""
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self._words = label("", "small", wrap=True)
        set_tone(self._words, "lose")
        self._words.hide()
        head = QHBoxLayout()
        head.addWidget(label(title, "muted"), 1)
        gone = button(_("Remove"), lambda: self.removed.emit(self))
        gone.setAccessibleName(_("Remove {title}").format(title=title))
        head.addWidget(gone)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(head)
        box.addLayout(self.body)
        box.addWidget(self._words)

    @property
    def complaint(self) -> str:
        """What is wrong with the clause as a whole, or empty."""
        return self._words.text()

    def show_clause(self, clause: C) -> None:
        """Show a clause of the contract."""
        raise NotImplementedError

    def read(self) -> C:
        """Return the clause as it is typed.

        Raises:
            UserError: a field is not understood.
            ValueError: the fields do not go together.
        """
        raise NotImplementedError

    def say(self, sentence: str) -> None:
        """Say what is wrong with the clause, or nothing."""
        self._words.setText(sentence)
        self._words.setVisible(bool(sentence))

    def changed(self) -> None:
        """Say that something was typed."""
        self.edited.emit()


class BlocksSection(Section):
    """Blocks under each other, and a button that adds one. A subclass says which field they are."""

    def __init__(self, part: Part, typing: Typing, add: str) -> None:
        super().__init__(part.title, part.explains, typing)
        self.blocks: list[Block[Any]] = []
        self._inside = QVBoxLayout()
        self._inside.setSpacing(12)
        self.body.addLayout(self._inside)
        row = QHBoxLayout()
        row.addWidget(button(add, self._add_one))
        row.addStretch(1)
        self.body.addLayout(row)

    def make_block(self) -> Block[Any]:
        """Return an empty block."""
        raise NotImplementedError

    def first_clause(self) -> object:
        """Return what an added block begins with."""
        raise NotImplementedError

    def fill(self, subject: Any) -> None:  # noqa: ANN401 - as `Section.fill`
        """Show every clause."""
        clauses: Sequence[object] = getattr(subject, self.holds[0])
        while len(self.blocks) > len(clauses):
            self._drop(self.blocks[-1])
        while len(self.blocks) < len(clauses):
            self._append()
        for block, clause in zip(self.blocks, clauses, strict=True):
            block.currency = self.currency
            block.show_clause(clause)
            block.say("")

    def read(self, subject: Any) -> dict[str, object]:  # noqa: ANN401 - as `Section.read`
        """Return every clause as it is typed."""
        del subject
        made, first = [], None
        for block in self.blocks:
            block.say("")
            try:
                made.append(block.read())
            except UserError as error:
                first = first or error
            except ValueError as error:
                block.say(sentence_of(error))
                first = first or UserError(sentence_of(error))
        if first is not None:
            raise first
        return {self.holds[0]: tuple(made)}

    def _append(self) -> Block[Any]:
        block = self.make_block()
        block.currency = self.currency
        block.edited.connect(self.changed)
        block.removed.connect(self._remove)
        self.blocks.append(block)
        self._inside.addWidget(block)
        return block

    def _add_one(self) -> None:
        block = self._append()
        block.show_clause(self.first_clause())
        focus_first(block.body)
        self.changed()

    def _remove(self, block: Block[Any]) -> None:
        self._drop(block)
        self.changed()

    def _drop(self, block: Block[Any]) -> None:
        self.blocks.remove(block)
        self._inside.removeWidget(block)
        block.hide()
        block.deleteLater()
