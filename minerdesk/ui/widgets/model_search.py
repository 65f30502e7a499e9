"""Finding a rig model while typing: for the table's editors and for the dialogs."""

from __future__ import annotations

import re
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
from minerdesk.ui.widgets.suggestions import dress_popup

Role = Qt.ItemDataRole
_MOST = 40
# A hashrate stands by itself; "s19" and "m60" are names.
_NUMBER = re.compile(r"(?<![\w.])(\d{2,4}(?:\.\d+)?)(?=\s*(?:th/s|ths|th|t)?\b)", re.IGNORECASE)
_BIN_TYPED = re.compile(r"\s+\d{2,4}(?:\.\d+)?\s*(?:th/s|ths|th|t)?\s*$", re.IGNORECASE)
Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class ModelsFound(QAbstractListModel):
    """The rig models that fit a text, best first.

    Args:
        formats: the operator's locale.
        whole: show each model's numbers behind its name.
        parent: as of any object.
    """

    def __init__(
        self, formats: Formats, parent: QObject | None = None, *, whole: bool = False
    ) -> None:
        super().__init__(parent)
        self._formats = formats
        self._whole = whole
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
        if role == Role.DisplayRole and self._whole:
            return listed(model, self._formats)
        if role in {Role.DisplayRole, Role.EditRole}:
            return model.name
        if role in {Role.ToolTipRole, Role.AccessibleTextRole}:
            return f"{model.name}: {facts(model, self._formats)}"
        return None


def listed(model: RigModel, formats: Formats) -> str:
    """Return a model as lists show it: its name, then its numbers."""
    return f"{model.name}    {facts(model, formats)}"


def closest_bin(models: Sequence[RigModel], text: str, ths: float | None = None) -> int:
    """Return which of the models found is meant, -1 where there is none.

    Of the bins of the best one that is the one whose hashrate is closest to what was typed, in the
    search itself ("s19 xp 141") or beside it.

    Args:
        models: as found, best first.
        text: what was looked for.
        ths: a hashrate in TH/s, or None.
    """
    if not models:
        return -1
    if ths is None:
        numbers = [float(each) for each in _NUMBER.findall(text)]
        if not numbers:
            return 0
        ths = numbers[-1]
    family = family_of(models[0].name)
    bins = [n for n, model in enumerate(models) if family_of(model.name) == family]
    return min(bins, key=lambda n: abs(models[n].modes[0].hashrate_ths - ths))


def find_models(search: Callable[[str], Sequence[RigModel]], text: str) -> tuple[RigModel, ...]:
    """Look for models; a hashrate in the search that no bin has finds its neighbours."""
    found = tuple(search(text))
    plain = _BIN_TYPED.sub("", text).strip()
    if plain == text.strip() or not plain:
        return found
    typed = closest_bin(found, text)
    exact = _NUMBER.findall(text)
    if typed >= 0 and exact and found[typed].modes[0].hashrate_ths == float(exact[-1]):
        return found
    return tuple(search(plain))


def family_of(name: str) -> str:
    """Return a model's name without its bin."""
    return name.partition(" (")[0]


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
        dress_popup(self, _("Models found"))

    def splitPath(self, path: str) -> list[str]:
        """Look for what is typed now; Qt asks this before it shows the list."""
        self._found.show_models(self._search(path))
        return [""]
