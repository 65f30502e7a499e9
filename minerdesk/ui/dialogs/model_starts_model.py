"""The rig models of the book as a table: how many rigs each has, and what it says of starting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject

from minerdesk.domain.book import Book
from minerdesk.domain.text import _
from minerdesk.services.words.formats import Formats
from minerdesk.ui.widgets.column_table import ColumnTable
from minerdesk.ui.widgets.start_fields import StartField

Draft = dict[str, dict[str, str]]
NAME, OWN, RIGS = range(3)


class ModelsTable(ColumnTable):
    """One row for each model, those with the most rigs first.

    Args:
        book: the book as it is.
        draft: what is typed, by model and field of `StartCosts`.
        fields: those there are.
        formats: the operator's locale.

    Attributes:
        names: of the models, by row.
    """

    def __init__(
        self,
        book: Book,
        draft: Draft,
        fields: Sequence[StartField],
        formats: Formats,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(RIGS + 1, {RIGS}, parent)
        self.draft, self._fields, self._formats = draft, tuple(fields), formats
        self._rigs: Counter[str] = Counter()
        for group in book.groups:
            self._rigs[group.model] += group.count
        names = (model.name for model in book.models)
        self.names = sorted(names, key=lambda name: (-self._rigs[name], name.casefold()))

    def type_texts(self, model: str, texts: Mapping[str, str]) -> None:
        """Take what is typed for a model."""
        self.draft[model] = dict(texts)
        cell = self.index(self.names.index(model), OWN)
        self.dataChanged.emit(cell, cell)

    def own(self, model: str) -> str:
        """Return what a model says itself, or that it says nothing."""
        texts = self.draft[model]
        said = [
            f"{field.title}: {texts[field.name]}" for field in self._fields if texts[field.name]
        ]
        return ", ".join(said) or _("none")

    def count(self) -> int:
        """Return the number of models."""
        return len(self.names)

    def head(self, column: int) -> str:
        """Return a column's heading."""
        return (_("Model"), _("Own values"), _("Rigs"))[column]

    def text(self, row: int, column: int) -> str:
        """Return a cell's text."""
        name = self.names[row]
        if column == NAME:
            return name
        return self._formats.count(self._rigs[name]) if column == RIGS else self.own(name)
