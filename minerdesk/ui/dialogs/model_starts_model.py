"""The rig models of the book as a table: how many rigs each has, and what it says of starting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from minerdesk.domain.book import Book
from minerdesk.domain.text import _
from minerdesk.services.words.formats import Formats
from minerdesk.ui.widgets.start_fields import StartField

_Index = QModelIndex | QPersistentModelIndex
Draft = dict[str, dict[str, str]]
NAME, OWN, RIGS = range(3)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class ModelsTable(QAbstractTableModel):
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
        super().__init__(parent)
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

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of models."""
        return 0 if parent.isValid() else len(self.names)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as `rowCount`
        """Return three: name, own values, rigs."""
        return 0 if parent.isValid() else 3

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401 - Qt's own
        """Return a column's heading."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section == RIGS else _LEFT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (_("Model"), _("Own values"), _("Rigs"))[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        """Return a cell's text; the tool tip says it whole."""
        if not index.isValid():
            return None
        name, column = self.names[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and column == RIGS:
            return _RIGHT
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        if column == NAME:
            return name
        return self._formats.count(self._rigs[name]) if column == RIGS else self.own(name)
