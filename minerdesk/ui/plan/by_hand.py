"""For who acts by hand: at which numbers each group stops, and at which it starts again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.services.planning.plan import Hysteresis
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.plan.tables import PlainTable
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.column_table import ColumnTable
from minerdesk.ui.widgets.tips import wrapped

GROUP, STOP_HASHPRICE, START_HASHPRICE, STOP_PRICE, START_PRICE = range(5)
_NUMBERS: Final = range(STOP_HASHPRICE, START_PRICE + 1)
_PRICE_DIGITS: Final = 4
_HASHPRICE_DIGITS: Final = 2


class HysteresisModel(ColumnTable):
    """A row per group."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(START_PRICE + 1, _NUMBERS, parent)
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
        else:
            self.tell_changed(len(self._rows))

    def group_id(self, row: int) -> str:
        """Return the id of a row's group."""
        return self._rows[row].group

    def count(self) -> int:
        """Return the number of groups."""
        return len(self._rows)

    def head(self, column: int) -> str:
        """Return a column's title."""
        return (
            _("group"),
            _("stop\nbelow\nhashprice"),
            _("start\nabove\nhashprice"),
            _("stop\nabove\nprice"),
            _("start\nbelow\nprice"),
        )[column]

    def tip(self, row: int, column: int) -> str:
        """Return the group whole; a number says all there is."""
        return self.text(row, column) if column == GROUP else ""

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        scene, stops = self._scene, self._rows[row]
        if scene is None:
            return ""
        if column == GROUP:
            group = scene.words.group(stops.group)
            return f"{group.model}\n{scene.words.place_name(stops.group)}"
        digits = _HASHPRICE_DIGITS if column <= START_HASHPRICE else _PRICE_DIGITS
        value = (
            stops.stop_below_per_ph_day,
            stops.start_above_per_ph_day,
            stops.stop_above_per_kwh,
            stops.start_below_per_kwh,
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
