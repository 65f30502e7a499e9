"""The decision log as a table that can be sorted by every column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, Qt

from minerdesk.domain.decisions import Decision
from minerdesk.domain.text import _
from minerdesk.services.decision_search import deed_word, outcome_word, worth_text
from minerdesk.services.words import DASH, Formats
from minerdesk.ui.widgets.column_table import ColumnTable

TAKEN, OUTCOME, WHAT, RIGS, SITE, UNTIL, WORTH, WHY, POWER, BTC, HASHPRICE, SOURCES = range(12)
_NUMBERS: Final = frozenset({WORTH, POWER, BTC, HASHPRICE})


class DecisionsModel(ColumnTable):
    """Rows are decisions; the newest first until another column is chosen."""

    def __init__(self, formats: Formats, parent: QObject | None = None) -> None:
        super().__init__(SOURCES + 1, _NUMBERS, parent)
        self._formats = formats
        self._rows: list[Decision] = []
        self._column, self._order = TAKEN, Qt.SortOrder.DescendingOrder

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The rows as they stand."""
        return tuple(self._rows)

    def show_decisions(self, found: Sequence[Decision]) -> None:
        """Show these alone, in the order chosen."""
        self.beginResetModel()
        self._rows = self._sorted(found)
        self.endResetModel()

    def count(self) -> int:
        """Return the number of decisions."""
        return len(self._rows)

    def head(self, column: int) -> str:
        """Return a column's title."""
        return (
            *(_("taken"), _("outcome"), _("what"), _("rigs"), _("site"), _("until"), _("worth")),
            *(_("why it was advised"), _("power then"), _("BTC then"), _("PH/s and day then")),
            _("numbers from"),
        )[column]

    def spoken(self, row: int, column: int) -> str:
        """Return what a screen reader says of a cell, a dash where it is empty."""
        return f"{self.head(column)}: {self.text(row, column) or DASH}"

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; what is selected stays so."""
        self._column, self._order = column, order
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [self._rows[index.row()].id for index in before]
        self._rows = self._sorted(self._rows)
        row_of = {each.id: row for row, each in enumerate(self._rows)}
        after = [
            self.index(row_of[each], index.column())
            for each, index in zip(held, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        return _TEXTS[column](self._rows[row], self._formats)

    def _sorted(self, rows: Sequence[Decision]) -> list[Decision]:
        key = _KEYS.get(self._column)
        falling = self._order == Qt.SortOrder.DescendingOrder
        if key is None:
            say = _TEXTS[self._column]
            return sorted(
                rows, key=lambda each: say(each, self._formats).casefold(), reverse=falling
            )
        # What is not known stands last, whichever way the rest is sorted.
        known = [each for each in rows if key(each) == key(each)]
        unknown = [each for each in rows if key(each) != key(each)]
        return sorted(known, key=key, reverse=falling) + unknown


def _moment(when: datetime | None, formats: Formats) -> str:
    return "" if when is None else f"{formats.local(when):%Y-%m-%d %H:%M}"


def _outcome(each: Decision, _formats: Formats) -> str:
    said = outcome_word(each)
    return f"{said}: {each.reason}" if each.reason else said


_TEXTS: Final[tuple[Callable[[Decision, Formats], str], ...]] = (
    lambda each, formats: _moment(each.at, formats),
    _outcome,
    lambda each, _formats: deed_word(each),
    lambda each, formats: f"{formats.count(each.count)} × {each.model}",
    lambda each, _formats: each.site_name,
    lambda each, formats: _moment(each.until, formats),
    worth_text,
    lambda each, _formats: each.why,
    lambda each, formats: formats.price_per_kwh(each.price_per_kwh, each.currency, 3),
    lambda each, formats: formats.money(each.price_per_btc, each.currency, 0),
    lambda each, formats: formats.money(each.hashprice_per_ph_day, each.currency, 2),
    lambda each, _formats: each.sources,
)
_KEYS: Final[dict[int, Callable[[Decision], float]]] = {
    TAKEN: lambda each: each.at.timestamp(),
    RIGS: lambda each: each.count,
    UNTIL: lambda each: float("nan") if each.until is None else each.until.timestamp(),
    WORTH: lambda each: each.worth,
    POWER: lambda each: each.price_per_kwh,
    BTC: lambda each: each.price_per_btc,
    HASHPRICE: lambda each: each.hashprice_per_ph_day,
}
