"""Finding a rig model while typing: for the table's editors and for the dialogs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import QCompleter

from minerdesk.domain.rigs import RigModel
from minerdesk.domain.text import _
from minerdesk.services.words.formats import Formats

Role = Qt.ItemDataRole
_MOST = 40
Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class ModelsFound(QAbstractListModel):
    """The rig models that fit a text, best first."""

    def __init__(self, formats: Formats, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self._models: tuple[RigModel, ...] = ()

    @property
    def models(self) -> tuple[RigModel, ...]:
        """The models listed."""
        return self._models

    def show_models(self, models: Sequence[RigModel]) -> None:
        """List models in place of those before."""
        self.beginResetModel()  # a new answer to a new question, forty rows at most
        self._models = tuple(models[:_MOST])
        self.endResetModel()

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return the number of models listed."""
        return 0 if parent.isValid() else len(self._models)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - by role
        """Return a model's name, with its numbers where it is read or hovered."""
        if not index.isValid() or index.row() >= len(self._models):
            return None
        model = self._models[index.row()]
        if role in {Role.DisplayRole, Role.EditRole}:
            return model.name
        if role in {Role.ToolTipRole, Role.AccessibleTextRole}:
            return f"{model.name}: {facts(model, self._formats)}"
        return None


def facts(model: RigModel, formats: Formats) -> str:
    """Return a model's numbers in one line."""
    first = model.modes[0]
    parts = [
        _("{ths} TH/s").format(ths=formats.number(first.hashrate_ths, 1)),
        _("{watts} W").format(watts=formats.number(first.power_w)),
        formats.efficiency(first.efficiency_j_per_th),
    ]
    if len(model.modes) > 1:
        parts.append(_("modes: {names}").format(names=", ".join(m.name for m in model.modes)))
    if model.released:
        parts.append(_("since {month}").format(month=model.released))
    return ", ".join(parts)


class ModelCompleter(QCompleter):
    """Suggests rig models; what fits is the catalogue's to say, not the beginning of a name."""

    def __init__(self, search: Callable[[str], Sequence[RigModel]], formats: Formats) -> None:
        super().__init__()
        self._search = search
        self._found = ModelsFound(formats, self)
        self.setModel(self._found)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setMaxVisibleItems(12)
        name_popup(self, _("Models found"))

    def splitPath(self, path: str) -> list[str]:
        """Look for what is typed now; Qt asks this before it shows the list."""
        self._found.show_models(self._search(path))
        return [""]


def name_popup(completer: QCompleter, name: str) -> None:
    """Give a completer's list an accessible name."""
    popup = completer.popup()
    if popup is not None:
        popup.setAccessibleName(name)
