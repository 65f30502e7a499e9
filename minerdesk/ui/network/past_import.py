"""The dry run of a file of the past: look at it, say what is what, take it in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import MinerdeskError, UserError
from minerdesk.domain.text import _, ngettext
from minerdesk.services.network_history.door import PastDoor
from minerdesk.services.network_history.dry_run import DryRun, Place, dry_run
from minerdesk.services.network_history.import_file import HistoryMapping, HistoryPreview
from minerdesk.services.number_text import DECIMAL_COMMA, DECIMAL_DOT, NumberStyle
from minerdesk.services.words import Formats
from minerdesk.ui.network.past_columns import PastColumns, common_doubles, doubles_words
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.widgets.basics import label, set_tone
from minerdesk.ui.widgets.forms import FormDialog, combo
from minerdesk.ui.widgets.padded import Padded

_READINGS_IN: Final = "USD"
_CURRENCIES: Final = ("USD", "EUR", "GBP", "CHF", "CAD", "AUD", "JPY", "CNY", "KRW", "BRL", "INR")
_SAMPLE_ROWS: Final = 4
_ROW_PX: Final = 24
_LETTERS: Final = 22
_Looked = tuple[DryRun, bool]


class PastImportDialog(FormDialog):
    """Shows what a file would bring; nothing is kept before it is accepted.

    Args:
        path: the file.
        past: where it is kept.
        tasks: reads and keeps; nothing of that happens in the GUI thread.
        formats: the operator's locale.
        now: UTC.
        taken: called with a sentence after the import.
        parent: as of any widget.
    """

    def __init__(
        self,
        path: Path,
        past: PastDoor,
        *,
        tasks: TaskRunner,
        formats: Formats,
        now: Callable[[], datetime],
        taken: Callable[[str], object] = lambda _text: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Import {name}").format(name=path.name), _("Import"), parent)
        self._path, self._past, self._tasks = path, past, tasks
        self._formats, self._now, self._taken = formats, now, taken
        self._run: DryRun | None = None
        self._token: CancelToken | None = None
        self.status = label("", wrap=True)
        self.days_words = label("", "small", wrap=True)
        set_tone(self.days_words, "lose")
        self.columns_words = label("", "small", wrap=True)
        set_tone(self.columns_words, "lose")
        self.notes = label("", "muted", wrap=True)
        self.columns = PastColumns(formats, self.ask)
        self._build()
        self.finished.connect(self._stop)
        self.resize(960, 680)
        self._ask(None)

    @property
    def run(self) -> DryRun | None:
        """The newest dry run, or None while it is made."""
        return self._run if self._token is None else None

    def ask(self) -> None:
        """Make the dry run again, with what the operator decided so far."""
        style = self.style_choice.currentData()
        mapping = HistoryMapping(
            str(self.time.currentData() or ""),
            tuple(use for use in self.columns.uses if use.column != self.time.currentData()),
            str(self.currency.currentData()),
            self.order.currentData(),
            style if isinstance(style, NumberStyle) else None,
        )
        self._ask(mapping)

    def finish(self) -> None:
        """Keep the file off the GUI thread, then close; or say why it cannot be kept."""
        self.say("")
        found = None if self.run is None else self.run.preview
        if found is None:
            self.say(_("The preview is not ready yet."))
            return
        self.accept_button.setEnabled(False)
        batch = found.batch(self._now())
        self._token = self._tasks.start(
            "import history",
            lambda token: self._past.keep(batch, token),
            done=lambda _none: self._kept(found),
            failed=self._failed,
        )

    def _build(self) -> None:
        self.body.addWidget(self.status)
        self.time = combo(_("Days are in"), ())
        self.order = combo(
            _("Order of day and month"),
            (
                (_("as the file tells"), None),
                (_("day first: 03/04 is 3 April"), True),
                (_("month first: 03/04 is 4 March"), False),
            ),
        )
        self.style_choice = combo(
            _("Decimal sign"),
            (
                (_("as the file tells"), None),
                (_("the dot: 3,250.5"), DECIMAL_DOT),
                (_("the comma: 3.250,5"), DECIMAL_COMMA),
            ),
        )
        self.currency = combo(_("Prices are in"), [(code, code) for code in _CURRENCIES])
        self.days_words.hide()
        self.columns_words.hide()
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(4, 1)
        choices = (self.time, self.order, self.style_choice, self.currency)
        for number, choice in enumerate(choices):
            choice.activated.connect(self.ask)
            choice.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            choice.setMinimumContentsLength(_LETTERS)
            words = label(choice.accessibleName())
            words.setBuddy(choice)
            # What is wrong with the days stands in the row between.
            row, column = 2 * (number // 2), 2 * (number % 2)
            grid.addWidget(words, row, column)
            grid.addWidget(choice, row, column + 1)
        grid.addWidget(self.days_words, 1, 0, 1, 5)
        self.body.addLayout(grid)
        self.body.addWidget(self.columns, 1)
        self.body.addWidget(self.columns_words)
        self.body.addWidget(label(_("The first rows of the file"), "small"))
        self.sample = self._make_sample()
        self.body.addWidget(self.sample)
        self.body.addWidget(self.notes)

    def _make_sample(self) -> QTableWidget:
        made = QTableWidget(0, 0)
        made.setAccessibleName(_("The first rows of the file"))
        made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        made.setShowGrid(False)
        made.setCornerButtonEnabled(False)
        made.setTabKeyNavigation(False)
        made.verticalHeader().hide()
        made.verticalHeader().setAccessibleName(_("Rows of the file"))
        made.horizontalHeader().setAccessibleName(_("Headings of the file"))
        made.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        made.setItemDelegate(Padded(made))
        made.verticalHeader().setDefaultSectionSize(_ROW_PX)
        made.setFixedHeight(_ROW_PX * (_SAMPLE_ROWS + 2))
        return made

    def _ask(self, mapping: HistoryMapping | None) -> None:
        self._stop()
        self.say("")
        self.accept_button.setEnabled(False)
        self.status.setText(_("Reading {name}…").format(name=self._path.name))
        path, past, now = self._path, self._past, self._now()
        table = None if self._run is None else self._run.table

        def work(token: CancelToken) -> _Looked:
            return dry_run(path, table, mapping, now, token), past.imported(path, token)

        self._token = self._tasks.start(
            "look at history", work, done=self._show, failed=self._failed
        )

    def _show(self, looked: _Looked) -> None:
        self._token = None
        run, again = looked
        first = self._run is None or self._run.table is None
        self._run = run
        if first and run.table is not None:
            self._show_file(run)
        self.columns.show_run(run, run.mapping.time)
        self._complain(run)
        found = run.preview
        self.accept_button.setEnabled(found is not None)
        if first:
            (self.time if found is None else self.accept_button).setFocus()
        self.status.setText("" if found is None else self._span_words(found))
        self.status.setVisible(found is not None)
        notes = [] if found is None else list(found.notes)
        if again:
            notes.append(_("A file of this name was imported before; this one replaces it."))
        if found is not None and any(
            rows.currency not in {"", _READINGS_IN} for rows in found.series
        ):
            text = _("The readings are in {usd}; prices in another currency are kept beside them.")
            notes.append(text.format(usd=_READINGS_IN))
        self.notes.setText(" ".join(notes))
        self.notes.setVisible(bool(notes))

    def _show_file(self, run: DryRun) -> None:
        table = run.table
        if table is None:
            return
        self.time.clear()
        for header in table.header:
            self.time.addItem(header, header)
        self.time.setCurrentIndex(self.time.findData(run.mapping.time))
        rows = table.rows[:_SAMPLE_ROWS]
        self.sample.setColumnCount(len(table.header))
        self.sample.setHorizontalHeaderLabels(list(table.header))
        self.sample.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, cell in enumerate(row[: len(table.header)]):
                self.sample.setItem(number, column, QTableWidgetItem(str(cell)))
        self.sample.resizeColumnsToContents()

    def _complain(self, run: DryRun) -> None:
        """Say what is wrong where it is mended."""
        at_days = run.problem if run.place is Place.DAYS else ""
        at_columns = run.problem if run.place is Place.COLUMNS and not run.column else ""
        for words, sentence in ((self.days_words, at_days), (self.columns_words, at_columns)):
            words.setText(sentence)
            words.setVisible(bool(sentence))
        self.time.setAccessibleDescription(at_days)
        self.order.setAccessibleDescription(at_days)
        self.say(run.problem if run.place is Place.FILE else "")

    def _span_words(self, found: HistoryPreview) -> str:
        formats = self._formats
        text = ngettext(
            "{n} row with a day, from {first} to {last}.",
            "{n} rows with a day, from {first} to {last}.",
            found.rows,
        )
        said = text.format(
            n=formats.count(found.rows),
            first=formats.date(found.first),
            last=formats.date(found.last),
        )
        doubles = common_doubles(found)
        if not doubles:
            return said
        words = doubles_words(doubles, formats)
        return f"{said} {words[:1].upper()}{words[1:]}."

    def _kept(self, found: HistoryPreview) -> None:
        self._token = None
        self._past.tell()
        sentence = _("{name} is kept as a source of its own; History… removes it again.")
        self._taken(sentence.format(name=found.name))
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._token = None
        if not isinstance(error, MinerdeskError):
            self._tasks.failed.emit("import history", error)
            self.reject()
            return
        self.status.setText("")
        self.say(error.sentence if isinstance(error, UserError) else str(error))
        self.accept_button.setEnabled(self._run is not None and self._run.preview is not None)

    def _stop(self, _result: int = 0) -> None:
        if self._token is not None:
            self._token.cancel()
            self._token = None
