"""What each column of a file of the past is, in which unit, and what it would bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QScrollArea, QWidget

from minerdesk.domain.network_days import DayQuantity
from minerdesk.domain.text import _, ngettext
from minerdesk.services.network_history.columns import USD_TO_BTC, ColumnUse
from minerdesk.services.network_history.dry_run import DryRun, units_of
from minerdesk.services.network_history.import_file import HistoryPreview, PartPreview
from minerdesk.services.network_history.overview import quantity_name
from minerdesk.services.words import Formats
from minerdesk.ui.widgets.basics import label, set_tone
from minerdesk.ui.widgets.forms import combo

_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """The widgets of one column."""

    header: str
    quantity: QComboBox
    unit: QComboBox
    words: QLabel


class PastColumns(QScrollArea):
    """One row per column of the file; a choice never moves another one.

    Args:
        formats: the operator's locale.
        changed: called when the operator decided something.
    """

    def __init__(self, formats: Formats, changed: Callable[[], object]) -> None:
        super().__init__()
        self._formats, self._changed = formats, changed
        self._headers: tuple[str, ...] | None = None
        # Columns whose unit nobody chose: it is found anew by the size of the values.
        self._guessed: set[str] = set()
        self.rows: list[ColumnRow] = []
        self.setWidgetResizable(True)
        self.setAccessibleName(_("Columns of the file"))

    @property
    def uses(self) -> tuple[ColumnUse, ...]:
        """What the columns are, as shown; those left out are not among them."""
        found = []
        for row in self.rows:
            quantity = _quantity(row)
            if quantity is not None:
                chosen = "" if row.header in self._guessed else row.unit.currentData()
                found.append(ColumnUse(row.header, quantity, str(chosen or "")))
        return tuple(found)

    def show_run(self, run: DryRun, time: str) -> None:
        """Show how the columns were taken, and what each would bring or what is wrong with it."""
        if run.table is None:
            return
        if run.table.header != self._headers:
            self._headers = run.table.header
            self._build()
        uses = {use.column: use for use in run.mapping.columns}
        self._guessed |= {use.column for use in run.mapping.columns if use.guessed}
        preview = run.preview
        parts = {part.use.column: part for part in preview.parts} if preview else {}
        for row in self.rows:
            self._show_use(row, uses.get(row.header), is_time=row.header == time)
            wrong = run.problem if run.column == row.header else ""
            if wrong:
                self._say(row, wrong, "lose")
            elif row.header == time:
                self._say(row, _("the days"), "")
            elif row.header in parts:
                self._say(row, *self._part(parts[row.header], preview))
            elif row.header in uses and preview is not None:
                self._say(row, _("no value that can be kept"), "warn")
            else:
                self._say(row, "", "")

    def _part(self, part: PartPreview, found: HistoryPreview | None) -> tuple[str, str]:
        """Say what a column brings; what it has in common with all stands above."""
        formats = self._formats
        said = [ngettext("{n} day", "{n} days", part.days).format(n=formats.count(part.days))]
        if found is None or (part.first, part.last) != (found.first, found.last):
            said.append(
                _("{first} to {last}").format(
                    first=formats.date(part.first), last=formats.date(part.last)
                )
            )
        lacking = sum(gap.days for gap in part.gaps)
        if lacking:
            text = ngettext("{n} day lacks", "{n} days lack", lacking)
            said.append(text.format(n=formats.count(lacking)))
        own_doubles = bool(part.doubles) and (found is None or not common_doubles(found))
        if own_doubles:
            said.append(doubles_words(len(part.doubles), formats))
        if part.use.guessed:
            said.append(_("unit guessed by size: look at it"))
        return ", ".join(said), "warn" if part.use.guessed or own_doubles else ""

    def _show_use(self, row: ColumnRow, use: ColumnUse | None, *, is_time: bool) -> None:
        with QSignalBlocker(row.quantity), QSignalBlocker(row.unit):
            row.quantity.setCurrentIndex(row.quantity.findData(use.quantity) if use else 0)
            row.quantity.setEnabled(not is_time)
            self._fill_units(row, use.quantity if use else None)
            row.unit.setCurrentIndex(max(0, row.unit.findData(use.unit)) if use else 0)

    def _fill_units(self, row: ColumnRow, quantity: DayQuantity | None) -> None:
        units = () if quantity is None else units_of(quantity)
        row.unit.clear()
        for unit in units:
            row.unit.addItem(_("money of the day") if unit == USD_TO_BTC else unit, unit)
        row.unit.setVisible(bool(units))

    def _build(self) -> None:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(_WORDS, 1)
        heads = (_("Column of the file"), _("is"), _("in"), _("brings"))
        for column, head in enumerate(heads):
            grid.addWidget(label(head, "small"), 0, column)
        quantities = [(quantity_name(quantity), quantity) for quantity in DayQuantity]
        self.rows = []
        for number, header in enumerate(self._headers or (), start=1):
            named = header or str(number)
            quantity = combo(
                _("What {column} is").format(column=named),
                [(_("– left out –"), None), *quantities],
            )
            unit = combo(_("Unit of {column}").format(column=named), ())
            unit.setMinimumContentsLength(len(_("money of the day")))
            row = ColumnRow(header, quantity, unit, label("", "small", wrap=True))
            quantity.activated.connect(lambda _n, chosen=row: self._chosen(chosen))
            unit.activated.connect(lambda _n, chosen=row: self._unit_chosen(chosen))
            self.rows.append(row)
            for column, part in enumerate((label(named), quantity, unit, row.words)):
                grid.addWidget(part, number, column, Qt.AlignmentFlag.AlignVCenter)
            unit.hide()
        grid.setRowStretch(len(self.rows) + 1, 1)
        self.setWidget(inside)

    def _unit_chosen(self, row: ColumnRow) -> None:
        self._guessed.discard(row.header)
        self._changed()

    def _chosen(self, row: ColumnRow) -> None:
        quantity = _quantity(row)
        self._guessed.discard(row.header)
        if quantity is DayQuantity.HASHRATE:
            self._guessed.add(row.header)
        self._fill_units(row, quantity)
        for other in self.rows:
            # A file has each quantity once; the newest choice wins.
            if other is not row and quantity is not None and _quantity(other) is quantity:
                other.quantity.setCurrentIndex(0)
                self._fill_units(other, None)
        self._changed()

    def _say(self, row: ColumnRow, words: str, tone: str) -> None:
        row.words.setText(words)
        set_tone(row.words, tone)
        row.quantity.setAccessibleDescription(words)


def common_doubles(found: HistoryPreview) -> int:
    """Return how many days the file has twice, where that is so of every column alike; else 0."""
    doubles = {part.doubles for part in found.parts}
    return len(doubles.pop()) if len(doubles) == 1 else 0


def doubles_words(count: int, formats: Formats) -> str:
    """Say how many days are there twice, and what is done with them."""
    text = ngettext("{n} day twice, the last holds", "{n} days twice, the last hold", count)
    return text.format(n=formats.count(count))


def _quantity(row: ColumnRow) -> DayQuantity | None:
    # A StrEnum comes back from Qt as a plain text.
    data = row.quantity.currentData()
    return None if data is None else DayQuantity(data)
