"""What to do now as a table that makes only the rows it shows and never resets."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from itertools import compress, repeat
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QPixmap

from minerdesk.domain.text import _
from minerdesk.domain.units import DAYS_PER_MONTH
from minerdesk.domain.verdicts import Verdict
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.words import Formats, column_digits, is_small, sentence_prefix
from minerdesk.ui.widgets.column_table import ColumnTable, Role
from minerdesk.ui.widgets.tips import wrapped

if TYPE_CHECKING:
    from minerdesk.services.words.todo import TodoList, TodoRow

Shape = Callable[[Verdict, bool], QPixmap]
"""Draws a verdict; filled where it is advice, else an outline."""

WHAT, RIGS, SITE, UNTIL, WHY, WORTH = range(6)


class MovesModel(ColumnTable):
    """Rows are moves, in an order given. A row keeps its place in selection and focus."""

    def __init__(
        self, formats: Formats, shape: Shape, *, advice: bool = True, parent: QObject | None = None
    ) -> None:
        super().__init__(WORTH + 1, {WORTH}, parent)
        self._formats = formats
        self._shape = shape
        self._advice = advice
        self._todo: TodoList | None = None
        self._ids: tuple[str, ...] = ()
        self._places: Mapping[str, int] = {}
        self._made: dict[str, TodoRow] = {}
        self._reasons: dict[str, str] = {}
        # Asked for by every cell, and a sum over the whole fleet: kept.
        self._small = False
        self._digits = self._month_digits = 2
        self.filled = True
        self._beneath = False

    @property
    def reason_beneath(self) -> bool:
        """Whether the reason stands in a second line under the rigs."""
        return self._beneath

    @reason_beneath.setter
    def reason_beneath(self, beneath: bool) -> None:
        self._beneath = beneath
        if self._ids:
            self.dataChanged.emit(self.index(0, RIGS), self.index(len(self._ids) - 1, RIGS))

    @property
    def ids(self) -> tuple[str, ...]:
        """Keys of the moves, row by row."""
        return self._ids

    @property
    def listed(self) -> Container[str]:
        """The same keys, quick to look one up in."""
        return self._places

    @property
    def todo(self) -> TodoList | None:
        """What the rows are made from."""
        return self._todo

    @property
    def evaluation(self) -> Evaluation | None:
        """What the rows belong to."""
        return None if self._todo is None else self._todo.evaluation

    @property
    def timed(self) -> bool:
        """Whether the moves have an end, and a worth until then."""
        return self._todo is not None and self._todo.timed

    @property
    def ends(self) -> bool:
        """Whether any move has an end that is known."""
        return self._todo is not None and self._todo.ends

    def place(self, row: int) -> int:
        """Return the place in the list of the move in a row."""
        return self._places[self._ids[row]]

    def move_in(self, row: int) -> TodoRow:
        """Return the move in a row."""
        key = self._ids[row]
        if key not in self._made:
            self._made[key] = self._known.row(self._places[key])
        return self._made[key]

    def show_moves(self, todo: TodoList | None) -> None:
        """Show a list. Rows of moves that are listed still keep their selection."""
        places: Mapping[str, int] = {} if todo is None else todo.places
        ids = tuple(places)
        # Of many rows the keys are looked up once; all else is arithmetic.
        goes_to = np.fromiter(map(places.get, self._ids, repeat(-1)), np.intp, len(self._ids))
        stays = goes_to >= 0
        self._remove_all_but(stays)
        self._todo, self._places, self._made, self._reasons = todo, places, {}, {}
        self._small = todo is not None and not todo.timed and is_small(todo.evaluation)
        self._measure(todo)
        goes_to = goes_to[stays]
        new = np.ones(len(ids), np.bool_)
        new[goes_to] = False
        self._insert(tuple(compress(ids, new.tolist())))
        self._arrange(ids, np.concatenate((goes_to, np.flatnonzero(new))))
        self.tell_changed(len(self._ids))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, WORTH)

    def count(self) -> int:
        """Return the number of moves."""
        return len(self._ids)

    def head(self, column: int) -> str:
        """Return a column's title."""
        worth = _("worth a day (a month)") if self._small else _("worth a day")
        if self.timed:
            worth = _("worth")
        what = _("do") if self._advice else _("if anything")
        why = self._prefix + _("why")
        return (what, _("rigs"), _("site"), _("how long"), why, worth)[column]

    def look(self, row: int, column: int, role: int) -> object:
        """Return the shape of a verdict."""
        if role == Role.DecorationRole and column == WHAT:
            return self._shape(self.move_in(row).verdict, self.filled and self._advice)
        return None

    def rigs(self, row: int) -> str:
        """Return how many rigs of which model a move is of."""
        move = self.move_in(row)
        # The count first: where the column is narrow, it is the name that may be cut.
        return f"{self._formats.count(move.count)} × {move.model}"

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        move = self.move_in(row)
        if column == WHAT:
            return move.what
        if column == RIGS:
            rigs = self.rigs(row)
            return f"{rigs}\n{self.text(row, WHY)}" if self._beneath else rigs
        if column == SITE:
            return move.site
        if column == UNTIL:
            return move.until
        if column == WHY:
            # What every sentence of an example begins with stands over the column instead.
            return self._reason(row).removeprefix(self._prefix)
        return self._worth(move)

    def tip(self, row: int, column: int) -> str:
        """Return the reason, what a worth means, or a cell whole."""
        move = self.move_in(row)
        if column == WHY or (column == RIGS and self._beneath):
            return wrapped(self._reason(row))
        if column != WORTH:
            return wrapped(self.text(row, column))
        sentence = (
            _("{worth} a day, give or take {doubt} (one standard deviation)")
            if move.a_day
            else _("{worth} in all, give or take {doubt} (one standard deviation)")
        )
        currency = self._known.evaluation.currency
        return sentence.format(
            worth=self._formats.money(move.worth, currency),
            doubt=self._formats.money(move.doubt, currency),
        )

    # --- inside

    @property
    def _known(self) -> TodoList:
        if self._todo is None:
            raise LookupError("there are no rows without a list")
        return self._todo

    @property
    def _prefix(self) -> str:
        known = self.evaluation
        return "" if known is None else sentence_prefix(known, self._formats)

    def _reason(self, row: int) -> str:
        key = self._ids[row]
        if key not in self._reasons:
            self._reasons[key] = self._known.reason(self._places[key])
        return self._reasons[key]

    def _worth(self, move: TodoRow) -> str:
        currency = self._known.evaluation.currency
        if not self._advice:
            said = _("{worth} ±{doubt}").format(
                worth=self._formats.money(move.worth, "", self._digits),
                doubt=self._formats.money(move.doubt, currency, self._digits),
            )
        else:
            said = self._formats.money(move.worth, currency, self._digits)
        if self.timed and move.a_day:
            return _("{money} a day").format(money=said)
        if not self._small or not self._advice:
            return said
        each = move.worth * DAYS_PER_MONTH
        month = self._formats.money(each, currency, self._month_digits)
        return f"{said} ({month})"

    def _measure(self, todo: TodoList | None) -> None:
        """Choose the digits of the whole column, so that amounts stand under each other."""
        if todo is None or not todo.places:
            return
        shown = todo.worths
        self._month_digits = column_digits(shown * DAYS_PER_MONTH)
        if not self._advice:
            shown = np.concatenate((shown, todo.doubts))
        self._digits = column_digits(shown)

    def _remove_all_but(self, stays: NDArray[np.bool_]) -> None:
        """Bring the rows that go to the end, so that they go in one step."""
        if stays.all():
            return
        order = np.argsort(~stays, kind="stable")
        row_of = np.empty_like(order)
        row_of[order] = np.arange(len(order))
        self._arrange(tuple(map(self._ids.__getitem__, order.tolist())), row_of)
        left = int(stays.sum())
        self.beginRemoveRows(QModelIndex(), left, len(self._ids) - 1)
        self._ids = self._ids[:left]
        self.endRemoveRows()

    def _insert(self, new: tuple[str, ...]) -> None:
        if new:
            first = len(self._ids)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._ids += new
            self.endInsertRows()

    def _arrange(self, wanted: tuple[str, ...], row_of: NDArray[np.intp]) -> None:
        """Put the rows into the order wanted; ``row_of`` says where each of them goes."""
        if (row_of == np.arange(len(row_of))).all():
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        if before:
            after = [self.index(int(row_of[each.row()]), each.column()) for each in before]
            self.changePersistentIndexList(before, after)
        self._ids = wanted
        self.layoutChanged.emit()
