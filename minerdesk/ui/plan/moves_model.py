"""The plan's moves as a table, in time; only the rows in sight are written."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject

from minerdesk.domain.text import _
from minerdesk.services.planning.move import Move
from minerdesk.services.planning.move_table import MoveTable
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.widgets.column_table import NONE, ColumnTable
from minerdesk.ui.widgets.tips import wrapped

WHEN, WHAT, WHY, WORTH = range(4)
_KEPT_MOST: Final = 4_096


class PlanMovesModel(ColumnTable):
    """Moves in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(WORTH + 1, {WORTH}, parent)
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
            self.beginRemoveRows(NONE, after, before - 1)
            self._scene, self._moves = scene, moves
            self.endRemoveRows()
        elif after > before:
            self.beginInsertRows(NONE, before, after - 1)
            self._scene, self._moves = scene, moves
            self.endInsertRows()
        self._scene, self._moves = scene, moves
        self.tell_changed(min(before, after))

    def row_of(self, move: Move) -> int | None:
        """Return the row of a move."""
        return self._moves.place_of(move)

    def count(self) -> int:
        """Return the number of moves."""
        return len(self._moves)

    def head(self, column: int) -> str:
        """Return a column's title."""
        worth = _("worth")
        if self._scene is not None:
            worth = _("worth, {currency}").format(currency=self._scene.plan.currency)
        return (_("when"), _("do"), _("why"), worth)[column]

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        if len(self._written) > _KEPT_MOST:
            self._written = {}
        found = self._written.get((row, column))
        if found is None:
            found = self._written[row, column] = self._write(row, column)
        return found

    def tip(self, row: int, column: int) -> str:
        """Return all that is told of a move."""
        del column
        scene, move = self._scene, self._moves[row]
        if scene is None:
            return ""
        return wrapped("\n".join((scene.words.move(move), *scene.words.told(move))))

    # --- inside

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
            return worth.replace(f" {scene.plan.currency}", "", 1)
        return words.why(move)
