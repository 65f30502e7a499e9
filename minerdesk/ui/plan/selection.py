"""What is selected on the page: a group, and a move of it; charts and lists follow it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from minerdesk.services.planning.plan import Move, Plan


def is_same(one: Move, other: Move) -> bool:
    """Tell whether two plans' moves are the same one, as their keys do, but quicker."""
    return (
        one.at == other.at
        and one.group == other.group
        and one.before == other.before
        and one.after == other.after
    )


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
            alike = [each for each in plan.moves if is_same(each, move)]
            move = next((each for each in alike if each.until == move.until), None) or next(
                iter(alike), None
            )
        known = any(group.id == self._group_id for group in plan.book.groups)
        self.choose(self._group_id if known else "", move)
