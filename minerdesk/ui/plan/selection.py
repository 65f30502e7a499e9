"""What is selected on the page: a group, and a move of it; charts and lists follow it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from minerdesk.services.planning.plan import Move, Plan


class PlanSelection(QObject):
    """Holds the id of one group and one of its moves, or none.

    Signals:
        changed(): another group or move is selected.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._group_id = ""
        self._move: Move | None = None

    @property
    def group_id(self) -> str:
        """The group selected, empty for none."""
        return self._group_id

    @property
    def move(self) -> Move | None:
        """The move selected, or None."""
        return self._move

    def choose(self, group_id: str, move: Move | None = None) -> None:
        """Select a group and a move of it; the empty id selects none."""
        if (group_id, move) != (self._group_id, self._move):
            self._group_id, self._move = group_id, move
            self.changed.emit()

    def choose_move(self, move: Move | None) -> None:
        """Select a move with its group; None selects neither."""
        self.choose("" if move is None else move.group, move)

    def follow(self, plan: Plan) -> None:
        """Keep what is selected where a newer plan still has it."""
        move = self._move
        if move is not None:
            place = plan.table.place_of(move)
            move = None if place is None else plan.table[place]
        known = self._group_id in plan.names.place
        self.choose(self._group_id if known else "", move)
