"""What the plan is worth over what could be done instead, and what it rests on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
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
from minerdesk.ui.widgets.column_table import ColumnTable

NAME, ADVISED, A_DAY, EXACT = range(4)


class WorthModel(ColumnTable):
    """A row per thing that a plan is held beside."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(EXACT + 1, {ADVISED, A_DAY, EXACT}, parent)
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
            self.tell_changed(len(rows))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, NAME, EXACT)

    def count(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    def head(self, column: int) -> str:
        """Return a column's title."""
        return self._heads[column]

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        found = self._rows[row]
        return (found.name, found.advised, found.a_day, found.exact)[column]

    def spoken(self, row: int, column: int) -> str:
        """Return what a screen reader says of a cell."""
        text = self.text(row, column)
        return text if column == NAME else f"{self._rows[row].name}, {self.head(column)}: {text}"


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
