"""What the plan is worth over what could be done instead, and what it rests on."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.services.words.plan_worth import (
    WorthRow,
    not_compared,
    rests_on,
    worth_heads,
    worth_rows,
)
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.plan.tables import PlainTable
from minerdesk.ui.widgets.basics import label

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

NAME, ADVISED, A_DAY, EXACT = range(4)
_NONE: Final = QModelIndex()
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class WorthModel(QAbstractTableModel):
    """A row per thing that a plan is held beside."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads: tuple[str, ...] = ("", "", "", "")
        self._rows: tuple[WorthRow, ...] = ()

    def show_scene(self, scene: Scene) -> None:
        """Show another plan."""
        rows = worth_rows(scene.words)
        anew = len(rows) != len(self._rows)
        if anew:
            self.beginResetModel()
        self._heads, self._rows = worth_heads(scene.words), rows
        if anew:
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0, NAME), self.index(len(rows) - 1, EXACT))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, NAME, EXACT)

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else EXACT + 1

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - by role
        """Return a cell's text, alignment or accessible text."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], index.column()
        text = (row.name, row.advised, row.a_day, row.exact)[column]
        if role == Role.DisplayRole:
            return text
        if role == Role.TextAlignmentRole:
            return _LEFT if column == NAME else _RIGHT
        if role == Role.AccessibleTextRole:
            return text if column == NAME else f"{row.name}, {self._heads[column]}: {text}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:  # noqa: ANN401 - by role
        """Return the columns' titles."""
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Role.DisplayRole else None
        if role == Role.DisplayRole:
            return self._heads[section]
        if role == Role.TextAlignmentRole:
            return _LEFT if section == NAME else _RIGHT
        return None


class WorthPanel(QWidget):
    """The table, why some of it cannot be told, and what was assumed."""

    def __init__(self) -> None:
        super().__init__()
        self.model = WorthModel(self)
        self.view = PlainTable(self.model, _("What the plan is worth"), wide=NAME)
        self._why = label("", wrap=True)
        self._title = label(_("What it rests on"), "title")
        self._notes = label("", wrap=True)
        for words in (self._why, self._notes):
            words.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.view, 1)
        for part in (self._why, self._title, self._notes):
            box.addWidget(part)

    @property
    def told(self) -> str:
        """What stands beneath the table."""
        return "\n".join(filter(None, (self._why.text(), self._notes.text())))

    def show_scene(self, scene: Scene) -> None:
        """Show another plan."""
        self.model.show_scene(scene)
        self.view.fit_columns()
        why, notes = not_compared(scene.words), rests_on(scene.words)
        self._why.setText("\n".join(why))
        self._why.setVisible(bool(why))
        self._notes.setText("\n".join(notes))
        for part in (self._title, self._notes):
            part.setVisible(bool(notes))
