"""The ladder as a table: for each mode step the numbers at which it should stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from minerdesk.domain.text import _
from minerdesk.domain.units import THS_PER_PHS
from minerdesk.ui.charts.blocks import in_order
from minerdesk.ui.profitability.scene import Scene
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.tips import wrapped

Index = QModelIndex | QPersistentModelIndex
Floats = NDArray[np.float64]

GROUP_ID_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
_TRILLION: Final = 1e12


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        head: its heading; ``tip`` says more. text: what a block's cell says. key: what it is sorted
            by, one value per block. number: written at the right.
    """

    head: Callable[[Scene], str]
    tip: Callable[[], str]
    text: Callable[[Scene, int], str]
    key: Callable[[Scene], Floats | list[str]]
    number: bool = True


def _earns(scene: Scene) -> Floats:
    room: Floats = scene.price_per_btc - scene.figures.ladder.price_per_btc
    return room


def _now(scene: Scene, block: int) -> str:
    room = float(_earns_one(scene, block))
    if np.isnan(room):
        return _("unknown")
    return _("▲ earns") if room >= 0 else _("▼ loses")


def _earns_one(scene: Scene, block: int) -> float:
    return scene.price_per_btc - float(scene.figures.ladder.price_per_btc[block])


def _hashprice(scene: Scene, block: int) -> str:
    value = float(scene.figures.ladder.hashprice_per_ph_day[block])
    if scene.small:
        return scene.formats.number(value / THS_PER_PHS, 4)
    return scene.formats.number(value, 2)


COLUMNS: Final = (
    Column(
        lambda _scene: _("group"),
        lambda: _("Site, model and count"),
        lambda scene, block: scene.name(int(scene.figures.blocks.group[block])),
        lambda scene: [scene.name(int(group)) for group in scene.figures.blocks.group],
        number=False,
    ),
    Column(
        lambda _scene: _("step"),
        lambda: _("From which mode to which; each step is weighed by itself"),
        lambda scene, block: scene.step(block),
        lambda scene: [scene.step(block) for block in range(len(scene.figures.blocks.group))],
        number=False,
    ),
    Column(
        lambda _scene: _("now"),
        lambda: _(
            "Whether the step leaves money at today's price, after the power that stops with it"
        ),
        _now,
        _earns,
        number=False,
    ),
    Column(
        lambda scene: _("BTC price\n{currency}").format(currency=scene.currency),
        lambda: _("Stop below this price of one BTC: the cash cost of a coin"),
        lambda scene, block: scene.formats.number(float(scene.figures.ladder.price_per_btc[block])),
        lambda scene: scene.figures.ladder.price_per_btc,
    ),
    Column(
        lambda scene: (
            _("hashprice\n{currency}/TH/day") if scene.small else _("hashprice\n{currency}/PH/day")
        ).format(currency=scene.currency),
        lambda: _("Stop below this gross revenue of a day"),
        _hashprice,
        lambda scene: scene.figures.ladder.hashprice_per_ph_day,
    ),
    Column(
        lambda _scene: _("difficulty\nT"),
        lambda: _("Stop above this difficulty"),
        lambda scene, block: scene.formats.number(
            float(scene.figures.ladder.difficulty[block]) / _TRILLION, 1
        ),
        lambda scene: scene.figures.ladder.difficulty,
    ),
    Column(
        lambda scene: _("power\n{currency}/kWh").format(currency=scene.currency),
        lambda: _(
            "Stop above this price of power at the meter. Only the power that stops with the rig "
            "counts; a break-even power price counts all power, so it is lower where idle rigs "
            "draw power."
        ),
        lambda scene, block: scene.formats.number(
            float(scene.figures.ladder.price_per_kwh[block]), 4
        ),
        lambda scene: scene.figures.ladder.price_per_kwh,
    ),
)
_NOW_COLUMN: Final = 2
PRICE_COLUMN: Final = 3


class RungsModel(QAbstractTableModel):
    """Rows are blocks in the order of a column; a tick moves rows and never resets the model."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scene: Scene | None = None
        self._order: NDArray[np.intp] = np.empty(0, np.intp)
        self._column = PRICE_COLUMN
        self._direction = Qt.SortOrder.DescendingOrder
        theme.changed.connect(self._recolour)

    def show_scene(self, scene: Scene | None) -> None:
        """Show another evaluation; rows keep their selection unless the book itself changed."""
        before = self._scene
        same = (
            scene is not None
            and before is not None
            and scene.figures.blocks is before.figures.blocks
        )
        if not same:
            self.beginResetModel()
            self._scene = scene
            self._order = self._sorted()
            self.endResetModel()
            return
        self._scene = scene
        self._arrange()
        self._tell_all()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; blocks without a value come last either way."""
        if not 0 <= column < len(COLUMNS):
            return
        self._column, self._direction = column, order
        self._arrange()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def sort_by(self, column: int) -> None:
        """Sort by a column as a press on its heading does: again turns the order round."""
        first = (
            Qt.SortOrder.DescendingOrder if column >= _NOW_COLUMN else Qt.SortOrder.AscendingOrder
        )
        other = {
            Qt.SortOrder.AscendingOrder: Qt.SortOrder.DescendingOrder,
            Qt.SortOrder.DescendingOrder: Qt.SortOrder.AscendingOrder,
        }
        self.sort(column, other[self._direction] if column == self._column else first)

    def rows_of(self, group_id: str) -> list[int]:
        """Return the rows of a group, uppermost first."""
        scene = self._scene
        if scene is None:
            return []
        index = scene.group_index(group_id)
        if index is None:
            return []
        return [
            int(row) for row in np.flatnonzero(scene.figures.blocks.group[self._order] == index)
        ]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of steps."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows; `GROUP_ID_ROLE` is the group's id."""
        scene = self._scene
        if scene is None or not index.isValid():
            return None
        block, column = int(self._order[index.row()]), COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(scene, block)
        if role == Qt.ItemDataRole.ToolTipRole:
            return wrapped(column.text(scene, block))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole and column.text is _now:
            tokens, room = self._theme.tokens, _earns_one(scene, block)
            return QColor(tokens.lose if room < 0 else tokens.earn)
        if role == GROUP_ID_ROLE:
            return scene.evaluation.book.groups[int(scene.figures.blocks.group[block])].id
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a heading with its unit."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole and self._scene is not None:
            return column.head(self._scene) + self._arrow(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            return wrapped(column.tip())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _arrow(self, section: int) -> str:
        if section != self._column:
            return ""
        return " ▾" if self._direction == Qt.SortOrder.DescendingOrder else " ▴"

    def _sorted(self) -> NDArray[np.intp]:
        if self._scene is None:
            return np.empty(0, np.intp)
        key = COLUMNS[self._column].key(self._scene)
        down = self._direction == Qt.SortOrder.DescendingOrder
        if isinstance(key, list):
            order = np.array(sorted(range(len(key)), key=key.__getitem__), dtype=np.intp)
            return order[::-1] if down else order
        return in_order(-key if down else key, self._order)

    def _arrange(self) -> None:
        """Put the rows in order; persistent indexes go with their blocks."""
        order = self._sorted()
        if np.array_equal(order, self._order):
            return
        self.layoutAboutToBeChanged.emit()
        row_of = np.empty(len(order), np.intp)
        row_of[order] = np.arange(len(order))
        held = self.persistentIndexList()
        moved = [
            self.index(int(row_of[self._order[index.row()]]), index.column()) for index in held
        ]
        self._order = order
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _tell_all(self) -> None:
        if len(self._order):
            last = self.index(len(self._order) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _recolour(self) -> None:
        self._tell_all()
