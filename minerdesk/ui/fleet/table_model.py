"""The groups as a Qt table that sorts and filters by an order array and never resets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.words.reasons import reason
from minerdesk.ui.fleet.columns import IF_RUN, ColumnSpec, is_off, origin_of, origin_words
from minerdesk.ui.fleet.ordering import matching, sorted_rows
from minerdesk.ui.fleet.rows import NO_ROW, FleetRows, Ints

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
Edit = Callable[[str, str, str], None]
"""Takes a group's id, a column's key and what was typed; raises `UserError`."""
Doubt = Callable[[str, str, str], str]
"""Takes the same; returns what to ask about a value that can hardly be, or empty."""

_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
# Each cell of each frame asks; joining flags takes longer than all else of the answer.
_SHOWN: Final = (
    Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
)
_EDITABLE: Final = _SHOWN | Qt.ItemFlag.ItemIsEditable
_NONE: Final = QModelIndex()
_LAYOUT: Final = "QList<QPersistentModelIndex>,QAbstractItemModel::LayoutChangeHint"


class GroupsModel(QAbstractTableModel):
    """Rows are the groups that pass the filter, in the order sorted by; columns are all there are.

    New values keep selection, current cell and scroll position: rows move by ``layoutChanged``,
    values change by one ``dataChanged``, rows come and go by inserts and removals.
    """

    def __init__(
        self,
        columns: Sequence[ColumnSpec],
        rows: FleetRows,
        edit: Edit,
        parent: QObject | None = None,
        *,
        doubt: Doubt = lambda _group_id, _key, _text: "",
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.place = {column.key: number for number, column in enumerate(self.columns)}
        self._rows = rows
        self._edit = edit
        self._doubt = doubt
        self._needle = ""
        self._site = ""
        self._sort: tuple[int, bool] | None = None
        self._order: Ints = np.arange(len(rows))

    @property
    def rows(self) -> FleetRows:
        """What is shown."""
        return self._rows

    @property
    def order(self) -> Ints:
        """The book's place of the group in each row, shape (rows,); not to be written to."""
        return self._order

    @property
    def needle(self) -> str:
        """The text filtered by."""
        return self._needle

    @property
    def site(self) -> str:
        """The id of the site filtered by, or empty."""
        return self._site

    def set_rows(self, rows: FleetRows) -> None:
        """Show newer values; rows stay where they are unless the sorted column moves them."""
        heads = self._heads()
        self._translate(rows)
        self._rows = rows
        self._move(self._wanted())
        if len(self._order):
            last = self.index(len(self._order) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        if self._heads() != heads:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def set_filter(self, needle: str, site: str) -> None:
        """Show the groups that hold every word of ``needle`` and, where given, stand at a site."""
        if (needle, site) != (self._needle, self._site):
            self._needle, self._site = needle, site
            self._move(self._wanted())

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the book's own order."""
        self._sort = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._move(self._wanted())

    def group_id(self, row: int) -> str:
        """Return the id of the group in a row."""
        return self._rows.group(int(self._order[row])).id

    def row_of(self, group_id: str) -> int:
        """Return the row of a group, or -1 where the filter hides it."""
        groups = self._rows.book.groups
        found = (row for row, place in enumerate(self._order) if groups[place].id == group_id)
        return next(found, -1)

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        place = int(self._order[row])
        return "" if place == NO_ROW else self.columns[column].text(self._rows, place)

    def try_edit(self, index: Index, text: str) -> str:
        """Make an edit of one cell.

        Returns:
            Empty where it was made; else what is wrong with the text, a sentence.
        """
        column = self.columns[index.column()]
        if text.strip() == self._edit_text(index).strip():
            return ""
        try:
            self._edit(self.group_id(index.row()), column.key, text)
        except UserError as error:
            return error.sentence
        return ""

    def question(self, index: Index, text: str) -> str:
        """Return what to ask about a text typed into a cell, or empty."""
        return self._doubt(
            self.group_id(index.row()), self.columns[index.column()].key, text.strip()
        )

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return the number of rows shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return the number of columns, hidden ones included."""
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say which cells can be edited."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _EDITABLE if self.columns[index.column()].edit else _SHOWN

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - by role
        """Return a cell's text, editor text, alignment, tool tip or accessible text."""
        if not index.isValid() or not index.row() < len(self._order):
            return None
        if role == Role.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Role.EditRole:
            return self._edit_text(index)
        if role == Role.TextAlignmentRole:
            return _RIGHT if self.columns[index.column()].number else _LEFT
        if role == Role.ToolTipRole:
            return self._tip(index) or None
        if role == Role.AccessibleTextRole:
            return self._spoken(index)
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:  # noqa: ANN401 - as Qt's
        """Make an edit of one cell; `try_edit` also says what is wrong."""
        if role != Role.EditRole or not index.isValid():
            return False
        return not self.try_edit(index, str(value))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:  # noqa: ANN401 - by role
        """Return titles with their units, what they mean, and the numbers of rows."""
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Role.DisplayRole else None
        column = self.columns[section]
        if role == Role.DisplayRole:
            return self._head(column)
        if role == Role.ToolTipRole:
            return column.help
        if role == Role.AccessibleTextRole:
            return f"{column.title} {column.unit(self._rows)}".strip()
        if role == Role.TextAlignmentRole:
            return _RIGHT if column.number else _LEFT
        return None

    def _heads(self) -> tuple[str, ...]:
        return tuple(self._head(column) for column in self.columns)

    def _head(self, column: ColumnSpec) -> str:
        return f"{column.title}\n{column.unit(self._rows)}"

    def _edit_text(self, index: Index) -> str:
        column, place = self.columns[index.column()], int(self._order[index.row()])
        return (column.edit_text or column.text)(self._rows, place)

    def _tip(self, index: Index) -> str:
        column, place = self.columns[index.column()], int(self._order[index.row()])
        if column.key == "verdict":
            return self._why(place)
        if column.key in IF_RUN and is_off(self._rows, place):
            return _("The group is off: this is what it would be if it ran.")
        if column.key in {"hashrate_ths", "power_w"}:
            return origin_words(origin_of(self._rows, place, column.key))
        return "" if column.number else column.text(self._rows, place)

    def _why(self, place: int) -> str:
        evaluation, number = self._rows.evaluation, self._rows.evaluated(place)
        if evaluation is None or evaluation.figures is None or number == NO_ROW:
            return _("Not computed yet.")
        return reason(evaluation, number, self._rows.formats)

    def _spoken(self, index: Index) -> str:
        column = self.columns[index.column()]
        words = [column.title, self.text(index.row(), index.column()), column.unit(self._rows)]
        if column.key in {"hashrate_ths", "power_w"}:
            place = int(self._order[index.row()])
            words.append(origin_words(origin_of(self._rows, place, column.key)))
        return " ".join(filter(None, words))

    # --- order

    def _wanted(self) -> Ints:
        """Return the order that sorting and filter ask for."""
        rows = self._rows
        if self._sort is None:
            order = np.arange(len(rows))
        else:
            column, descending = self._sort
            order = sorted_rows(self.columns[column].keys(rows), descending=descending)
        passes = self._passes()
        return order if passes is None else order[passes[order]]

    def _passes(self) -> NDArray[np.bool_] | None:
        rows = self._rows
        texts = [each.words(rows) for each in self.columns if each.words] if self._needle else []
        found = matching(texts, self._needle, len(rows))
        if not self._site:
            return found
        sites = rows.texts("site id", lambda group: group.site)
        here = np.array([word == self._site for word in sites.words], bool)[sites.codes]
        return here if found is None else here & found

    def _translate(self, rows: FleetRows) -> None:
        """Point the rows shown at the same groups in a newer book; those it lacks go away."""
        old, new = self._rows.book.groups, rows.book.groups
        if old is new or not len(self._order):
            return
        if len(old) == len(new) and all(
            a is b or a.id == b.id for a, b in zip(old, new, strict=True)
        ):
            return
        places = {group.id: place for place, group in enumerate(new)}
        moved = np.fromiter((places.get(group.id, NO_ROW) for group in old), np.int64, len(old))
        target = moved[self._order]
        self._remove_where(target == NO_ROW)
        self._order = moved[self._order]

    def _move(self, wanted: Ints) -> None:
        """Bring the rows into an order, telling views each step."""
        if np.array_equal(wanted, self._order):
            return
        stays = np.isin(self._order, wanted, assume_unique=True)
        if not stays.all():
            self._remove_where(~stays)
        if len(self._order) < len(wanted):
            new = wanted[~np.isin(wanted, self._order, assume_unique=True)]
            first = len(self._order)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._order = np.concatenate((self._order, new))
            self.endInsertRows()
        if not np.array_equal(wanted, self._order):
            self._permute(wanted)

    def _remove_where(self, gone: NDArray[np.bool_]) -> None:
        """Remove rows as one block, brought to the end first where they do not lie together."""
        positions = np.flatnonzero(gone)
        if not positions.size:
            return
        if positions[-1] - positions[0] + 1 != positions.size:
            self._permute(np.concatenate((self._order[~gone], self._order[gone])))
            positions = np.arange(len(gone) - positions.size, len(gone))
        first, last = int(positions[0]), int(positions[-1])
        self.beginRemoveRows(QModelIndex(), first, last)
        self._order = np.delete(self._order, slice(first, last + 1))
        self.endRemoveRows()

    def _permute(self, wanted: Ints) -> None:
        # Told that only rows move, a selection keeps one index a row instead of one a cell.
        hint = QAbstractTableModel.LayoutChangeHint.VerticalSortHint
        self.layoutAboutToBeChanged[_LAYOUT].emit([], hint)  # type: ignore[index] # an overload the stubs lack
        before = self.persistentIndexList()
        if before:
            place = np.zeros(int(wanted.max()) + 1, np.int64)
            place[wanted] = np.arange(len(wanted))
            target = place[self._order]
            after = [self.index(int(target[each.row()]), each.column()) for each in before]
            self.changePersistentIndexList(before, after)
        self._order = wanted
        self.layoutChanged[_LAYOUT].emit([], hint)  # type: ignore[index] # an overload the stubs lack
