"""The plan's moves as a table, in time; only the rows in sight are written."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from minerdesk.domain.text import _
from minerdesk.services.planning.move import Move
from minerdesk.services.planning.move_table import MoveTable
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.widgets.tips import wrapped

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

WHEN, WHAT, WHY, WORTH = range(4)
_KEPT_MOST: Final = 4_096
_NONE: Final = QModelIndex()
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class PlanMovesModel(QAbstractTableModel):
    """Moves in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._moves = MoveTable.of((), {})
        # A view asks for a cell three times each time it is painted.
        self._written: dict[tuple[int, int], str] = {}

    @property
    def moves(self) -> MoveTable:
        """The rows."""
        return self._moves

    def show_moves(self, scene: Scene, moves: MoveTable) -> None:
        """Show moves of a plan; rows are put to and taken from the end, never all anew."""
        before, after = len(self._moves), len(moves)
        self._written = {}
        if after < before:
            self.beginRemoveRows(_NONE, after, before - 1)
            self._scene, self._moves = scene, moves
            self.endRemoveRows()
        elif after > before:
            self.beginInsertRows(_NONE, before, after - 1)
            self._scene, self._moves = scene, moves
            self.endInsertRows()
        self._scene, self._moves = scene, moves
        if min(before, after):
            self.dataChanged.emit(self.index(0, 0), self.index(min(before, after) - 1, WORTH))

    def row_of(self, move: Move) -> int | None:
        """Return the row of a move."""
        return self._moves.place_of(move)

    # --- Qt's own

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return the number of moves."""
        return 0 if parent.isValid() else len(self._moves)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else WORTH + 1

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - by role
        """Return a cell's text, alignment, tool tip or accessible text."""
        if not index.isValid() or index.row() >= len(self._moves):
            return None
        row, column = index.row(), index.column()
        if role == Role.DisplayRole:
            return self.text(row, column)
        if role == Role.TextAlignmentRole:
            return _RIGHT if column == WORTH else _LEFT
        if role == Role.ToolTipRole:
            return self._tip(row)
        if role == Role.AccessibleTextRole:
            return f"{self._head(column)}: {self.text(row, column)}".replace("\n", ", ")
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
            return _RIGHT if section == WORTH else _LEFT
        return None

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        if len(self._written) > _KEPT_MOST:
            self._written = {}
        found = self._written.get((row, column))
        if found is None:
            found = self._written[row, column] = self._write(row, column)
        return found

    def _write(self, row: int, column: int) -> str:
        scene, move = self._scene, self._moves[row]
        if scene is None:
            return ""
        words = scene.words
        if column == WHEN:
            return words.when(move.at)
        if column == WHAT:
            return f"{words.what(move)}\n{words.where(move)}"
        if column == WORTH:
            # The currency stands once, in the heading.
            worth = words.worth(move, doubt=not move.advised)
            return worth.removesuffix(f" {scene.plan.currency}")
        return words.why(move)

    # --- inside

    def _head(self, column: int) -> str:
        worth = _("worth")
        if self._scene is not None:
            worth = _("worth, {currency}").format(currency=self._scene.plan.currency)
        return (_("when"), _("do"), _("why"), worth)[column]

    def _tip(self, row: int) -> str:
        scene, move = self._scene, self._moves[row]
        if scene is None:
            return ""
        return wrapped("\n".join((scene.words.move(move), *scene.words.told(move))))
