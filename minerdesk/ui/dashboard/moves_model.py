"""What to do now as a table that makes only the rows it shows and never resets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap

from minerdesk.domain.text import _
from minerdesk.domain.units import DAYS_PER_MONTH
from minerdesk.domain.verdicts import Verdict
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.words import (
    Formats,
    Move,
    column_digits,
    is_small,
    move_at,
    sentence_prefix,
)
from minerdesk.ui.widgets.tips import wrapped

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
Shape = Callable[[Verdict, bool], QPixmap]
"""Draws a verdict; filled where it is advice, else an outline."""

WHAT, RIGS, SITE, WHY, WORTH = range(5)
_NONE: Final = QModelIndex()
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class MovesModel(QAbstractTableModel):
    """Rows are groups to move, in an order given. A row keeps its place in selection and focus."""

    def __init__(
        self, formats: Formats, shape: Shape, *, advice: bool = True, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._formats = formats
        self._shape = shape
        self._advice = advice
        self._evaluation: Evaluation | None = None
        self._ids: list[str] = []
        self._places: dict[str, int] = {}
        self._made: dict[int, Move] = {}
        # Asked for by every cell, and a sum over the whole fleet: kept.
        self._small = False
        self._digits = self._month_digits = 2
        self.filled = True

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the groups, row by row."""
        return tuple(self._ids)

    @property
    def evaluation(self) -> Evaluation | None:
        """What the rows are made from."""
        return self._evaluation

    def place(self, row: int) -> int:
        """Return the place in the evaluation's book of the group in a row."""
        return self._places[self._ids[row]]

    def move_in(self, row: int) -> Move:
        """Return the move in a row."""
        place = self.place(row)
        if place not in self._made:
            self._made[place] = move_at(self._known, place, self._formats)
        return self._made[place]

    def show_moves(self, evaluation: Evaluation | None, order: Sequence[int]) -> None:
        """Show the groups at ``order``, places in the evaluation's book.

        Rows of groups that are listed still keep their selection.
        """
        places: dict[str, int] = {}
        if evaluation is not None:
            groups = evaluation.book.groups
            places = {groups[place].id: int(place) for place in order}
        self._remove_all_but(places)
        self._evaluation, self._places, self._made = evaluation, places, {}
        self._small = evaluation is not None and is_small(evaluation)
        self._measure(evaluation, order)
        listed = set(self._ids)
        self._insert([each for each in places if each not in listed])
        self._arrange(list(places))
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, WORTH))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, WORTH)

    # --- Qt's own

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return the number of moves."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else WORTH + 1

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - by role
        """Return a cell's text, shape, alignment, tool tip or accessible text."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        row, column = index.row(), index.column()
        if role == Role.DisplayRole:
            return self.text(row, column)
        if role == Role.DecorationRole and column == WHAT:
            return self._shape(self.move_in(row).verdict, self.filled and self._advice)
        if role == Role.TextAlignmentRole:
            return _RIGHT if column == WORTH else _LEFT
        if role == Role.ToolTipRole:
            return self._tip(row, column)
        if role == Role.AccessibleTextRole:
            return f"{self._head(column)}: {self.text(row, column)}"
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
        move = self.move_in(row)
        if column == WHAT:
            return move.what
        if column == RIGS:
            # The count first: where the column is narrow, it is the name that may be cut.
            return f"{self._formats.count(move.count or self._count(row))} × {move.model}"
        if column == SITE:
            return move.site
        if column == WHY:
            # What every sentence of an example begins with stands over the column instead.
            return move.reason.removeprefix(self._prefix)
        return self._worth(move)

    # --- inside

    @property
    def _known(self) -> Evaluation:
        if self._evaluation is None:
            raise LookupError("there are no rows without an evaluation")
        return self._evaluation

    @property
    def _prefix(self) -> str:
        return "" if self._evaluation is None else sentence_prefix(self._evaluation, self._formats)

    def _count(self, row: int) -> int:
        return self._known.book.groups[self.place(row)].count

    def _head(self, column: int) -> str:
        worth = _("worth a day (a month)") if self._small else _("worth a day")
        what = _("do") if self._advice else _("if anything")
        return (what, _("rigs"), _("site"), self._prefix + _("why"), worth)[column]

    def _worth(self, move: Move) -> str:
        currency = self._known.currency
        if not self._advice:
            return _("{worth} ± {doubt}").format(
                worth=self._formats.money(move.worth_per_day, "", self._digits),
                doubt=self._formats.money(move.doubt_per_day, currency, self._digits),
            )
        day = self._formats.money(move.worth_per_day, currency, self._digits)
        if not self._small:
            return day
        each = move.worth_per_day * DAYS_PER_MONTH
        month = self._formats.money(each, currency, self._month_digits)
        return f"{day} ({month})"

    def _measure(self, evaluation: Evaluation | None, order: Sequence[int]) -> None:
        """Choose the digits of the whole column, so that amounts stand under each other."""
        if evaluation is None or evaluation.figures is None:
            return
        decisions, places = evaluation.figures.decisions, list(order)
        shown = decisions.gain_per_day[places]
        self._month_digits = column_digits(shown * DAYS_PER_MONTH)
        if not self._advice:
            shown = np.concatenate((shown, decisions.doubt_per_day[places]))
        self._digits = column_digits(shown)

    def _tip(self, row: int, column: int) -> str:
        move = self.move_in(row)
        if column == WHY:
            return wrapped(move.reason)
        if column != WORTH:
            return wrapped(self.text(row, column))
        return _("{worth} a day, give or take {doubt} (one standard deviation)").format(
            worth=self._formats.money(move.worth_per_day, self._known.currency),
            doubt=self._formats.money(move.doubt_per_day, self._known.currency),
        )

    def _remove_all_but(self, places: dict[str, int]) -> None:
        """Bring the rows that go to the end, so that they go in one step."""
        stay = [each for each in self._ids if each in places]
        if len(stay) == len(self._ids):
            return
        self._arrange(stay + [each for each in self._ids if each not in places])
        self.beginRemoveRows(QModelIndex(), len(stay), len(self._ids) - 1)
        self._ids = stay
        self.endRemoveRows()

    def _insert(self, new: list[str]) -> None:
        if new:
            first = len(self._ids)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._ids += new
            self.endInsertRows()

    def _arrange(self, wanted: list[str]) -> None:
        if wanted == self._ids:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        if before:
            row_of = {each: row for row, each in enumerate(wanted)}
            after = [self.index(row_of[self._ids[each.row()]], each.column()) for each in before]
            self.changePersistentIndexList(before, after)
        self._ids = wanted
        self.layoutChanged.emit()
