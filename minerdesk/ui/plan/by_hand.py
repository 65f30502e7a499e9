"""For who acts by hand: at which numbers each group stops, and at which it starts again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.services.planning.plan import Hysteresis
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.plan.tables import PlainTable
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.tips import wrapped

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

GROUP, STOP_HASHPRICE, START_HASHPRICE, STOP_PRICE, START_PRICE = range(5)
_NONE: Final = QModelIndex()
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_PRICE_DIGITS: Final = 4
_HASHPRICE_DIGITS: Final = 2


class HysteresisModel(QAbstractTableModel):
    """A row per group."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._rows: Sequence[Hysteresis] = ()

    def show_scene(self, scene: Scene) -> None:
        """Show another plan."""
        # A row a group, in the book's order.
        same = self._scene is not None and self._scene.plan.book is scene.plan.book
        same = same and len(self._rows) == len(scene.plan.hysteresis)
        if not same:
            self.beginResetModel()
        self._scene, self._rows = scene, scene.plan.hysteresis
        if not same:
            self.endResetModel()
        elif self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, START_PRICE))

    def group_id(self, row: int) -> str:
        """Return the id of a row's group."""
        return self._rows[row].group

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return the number of groups."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else START_PRICE + 1

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - by role
        """Return a cell's text, alignment, tool tip or accessible text."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        column = index.column()
        if role == Role.DisplayRole:
            return self._text(self._rows[index.row()], column)
        if role == Role.TextAlignmentRole:
            return _LEFT if column == GROUP else _RIGHT
        if role == Role.ToolTipRole and column == GROUP:
            return self._text(self._rows[index.row()], column)
        if role == Role.AccessibleTextRole:
            head = self._head(column).replace("\n", " ")
            said = self._text(self._rows[index.row()], column).replace("\n", ", ")
            return f"{head}: {said}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:  # noqa: ANN401 - by role
        """Return the columns' titles."""
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Role.DisplayRole else None
        if role == Role.DisplayRole:
            return self._head(section)
        if role == Role.TextAlignmentRole:
            return _LEFT if section == GROUP else _RIGHT
        return None

    def _head(self, column: int) -> str:
        return (
            _("group"),
            _("stop\nbelow\nhashprice"),
            _("start\nabove\nhashprice"),
            _("stop\nabove\nprice"),
            _("start\nbelow\nprice"),
        )[column]

    def _text(self, row: Hysteresis, column: int) -> str:
        scene = self._scene
        if scene is None:
            return ""
        if column == GROUP:
            group = scene.words.group(row.group)
            return f"{group.model}\n{scene.words.place_name(row.group)}"
        digits = _HASHPRICE_DIGITS if column <= START_HASHPRICE else _PRICE_DIGITS
        value = (
            row.stop_below_per_ph_day,
            row.start_above_per_ph_day,
            row.stop_above_per_kwh,
            row.start_below_per_kwh,
        )[column - 1]
        return scene.formats.number(value, digits)


class ByHandPanel(QWidget):
    """The table with what it means above."""

    def __init__(self) -> None:
        super().__init__()
        self.model = HysteresisModel(self)
        self.view = PlainTable(self.model, _("Stop and start by hand"), wide=GROUP, lines=2)
        self._note = label("", "small", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(6)
        box.addWidget(self._note)
        box.addWidget(self.view, 1)

    def show_scene(self, scene: Scene) -> None:
        """Show another plan."""
        self.model.show_scene(scene)
        self.view.fit_columns()
        self._note.setText(
            _(
                "Hashprice in {currency} per PH/s and day at today's price of power; price of "
                "power in {currency} per kWh at today's hashprice."
            ).format(currency=scene.plan.currency)
        )
        self._note.setToolTip(
            wrapped(
                _(
                    "Between the two numbers leave a group as it is: a change would cost more in "
                    "starts than it earns."
                )
            )
        )
