"""Mine or buy as a table: one row per group, the dearest coin first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from minerdesk.domain.text import _
from minerdesk.ui.charts.blocks import in_order
from minerdesk.ui.standing.scene import Scene
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.tips import wrapped

Index = QModelIndex | QPersistentModelIndex
Floats = NDArray[np.float64]

GROUP_ID_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column: heading, what it means, its text for a group, and what it is sorted by."""

    head: Callable[[Scene], str]
    tip: Callable[[], str]
    text: Callable[[Scene, int], str]
    key: Callable[[Scene], Floats | list[str]]
    number: bool = True


def _better(scene: Scene, group: int) -> str:
    premium = float(scene.view.buy.premium[group])
    if np.isnan(premium):
        return _("unknown")
    return _("▼ buy") if premium > 0 else _("▲ mine")


def _coins(scene: Scene, value: float) -> str:
    return scene.formats.number(value, scene.coin_digits)


COLUMNS: Final = (
    Column(
        lambda _scene: _("group"),
        lambda: _("Site, model and count"),
        lambda scene, group: scene.name(group),
        lambda scene: [scene.name(i) for i in range(len(scene.view.buy.premium))],
        number=False,
    ),
    Column(
        lambda _scene: _("better"),
        lambda: _("What gives more coins for the same power money"),
        _better,
        lambda scene: scene.view.buy.premium,
        number=False,
    ),
    Column(
        lambda scene: _("a mined BTC\n{currency}").format(currency=scene.currency),
        lambda: (
            _("Power that stops with the rigs, over the coins mined until the horizon")
            + "\n"
            + _("A host's share of the profit is spent as well.")
        ),
        lambda scene, group: scene.formats.number(float(scene.view.buy.cost_per_btc[group])),
        lambda scene: scene.view.buy.cost_per_btc,
    ),
    Column(
        lambda _scene: _("against\nspot"),
        lambda: _("Premium over today's price; below 0 mining is cheaper than buying"),
        lambda scene, group: scene.formats.percent_points(
            100 * float(scene.view.buy.premium[group]), signed=True
        ),
        lambda scene: scene.view.buy.premium,
    ),
    Column(
        lambda _scene: _("mined\nBTC"),
        lambda: _("Coins mined until the horizon, at the expected difficulty and after a halving"),
        lambda scene, group: _coins(scene, float(scene.view.buy.coins[group])),
        lambda scene: scene.view.buy.coins,
    ),
    Column(
        lambda _scene: _("bought\nBTC"),
        lambda: _("Coins that the same power money buys today"),
        lambda scene, group: _coins(scene, float(scene.view.buy.coins_bought[group])),
        lambda scene: scene.view.buy.coins_bought,
    ),
    Column(
        lambda scene: _("needed at horizon\n{currency}/BTC").format(currency=scene.currency),
        lambda: _(
            "BTC price at the horizon at which holding the mined coins has earned the discount "
            "rate on the power money, after taxes"
        ),
        lambda scene, group: scene.formats.number(float(scene.view.buy.price_needed[group])),
        lambda scene: scene.view.buy.price_needed,
    ),
)
_BETTER: Final = 1
PREMIUM_COLUMN: Final = 3


class BuyModel(QAbstractTableModel):
    """Rows are groups in the order of a column; a tick moves rows and never resets the model."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scene: Scene | None = None
        self._order: NDArray[np.intp] = np.empty(0, np.intp)
        self._column, self._down = PREMIUM_COLUMN, True
        theme.changed.connect(self._tell_all)

    def show_scene(self, scene: Scene) -> None:
        """Show another view; rows keep their selection unless the book itself changed."""
        before, self._scene = self._scene, scene
        if before is None or before.view.evaluation.book is not scene.view.evaluation.book:
            self.beginResetModel()
            self._order = self._sorted()
            self.endResetModel()
            return
        self._arrange()
        self._tell_all()

    def sort_by(self, column: int) -> None:
        """Sort by a column as a press on its heading does: again turns the order round."""
        self._down = not self._down if column == self._column else column > 0
        self._column = column
        self._arrange()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def row_of(self, group_id: str) -> int | None:
        """Return the row of a group, or None."""
        index = None if self._scene is None else self._scene.index(group_id)
        if index is None:
            return None
        return int(np.flatnonzero(self._order == index)[0])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of groups."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows; `GROUP_ID_ROLE` is the group's id."""
        scene = self._scene
        if scene is None or not index.isValid():
            return None
        group, column = int(self._order[index.row()]), COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(scene, group)
        if role == Qt.ItemDataRole.ToolTipRole:
            return wrapped(column.text(scene, group))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(column)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == _BETTER:
            tokens, premium = self._theme.tokens, float(scene.view.buy.premium[group])
            return QColor(tokens.lose if premium > 0 else tokens.earn)
        if role == GROUP_ID_ROLE:
            return scene.group_id(group)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a heading with its unit."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole and self._scene is not None:
            arrow = (" ▾" if self._down else " ▴") if section == self._column else ""
            return column.head(self._scene) + arrow
        if role == Qt.ItemDataRole.ToolTipRole:
            return wrapped(column.tip())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(column)
        return None

    def _sorted(self) -> NDArray[np.intp]:
        if self._scene is None:
            return np.empty(0, np.intp)
        key = COLUMNS[self._column].key(self._scene)
        if isinstance(key, list):
            order = np.array(sorted(range(len(key)), key=key.__getitem__), dtype=np.intp)
            return order[::-1] if self._down else order
        return in_order(-key if self._down else key, self._order)

    def _arrange(self) -> None:
        """Put the rows in order; persistent indexes go with their groups."""
        order = self._sorted()
        if np.array_equal(order, self._order):
            return
        self.layoutAboutToBeChanged.emit()
        row_of = np.empty(len(order), np.intp)
        row_of[order] = np.arange(len(order))
        held = self.persistentIndexList()
        moved = [self.index(int(row_of[self._order[old.row()]]), old.column()) for old in held]
        self._order = order
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _tell_all(self) -> None:
        if len(self._order):
            last = self.index(len(self._order) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _aligned(column: Column) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
