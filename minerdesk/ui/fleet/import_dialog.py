"""The dry run of an import: look at every row, decide what is open, take it in as one step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QSplitter,
    QTableView,
    QWidget,
)

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import MinerdeskError, UserError
from minerdesk.domain.text import _, ngettext
from minerdesk.services.catalogue import Catalogue
from minerdesk.services.exchange import (
    Action,
    DryRun,
    MatchBy,
    RawTable,
    apply,
    decided_words,
    dry_run,
    read_table,
)
from minerdesk.services.number_text import NumberStyle
from minerdesk.ui.fleet.import_choices import ColumnsEditor, MappingLine, StyleQuestion
from minerdesk.ui.fleet.import_model import ACTION, GROUP, ROW, DryRunModel, Look
from minerdesk.ui.fleet.site_dialog import Run
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.forms import FormDialog, Grid, combo
from minerdesk.ui.widgets.padded import Padded

Result = tuple[RawTable, DryRun, Book | None]
_ROW_HEIGHT = 26
_MOST_TALL = 300


class ImportDialog(FormDialog):
    """Shows what a file would do to the book; nothing is changed before it is accepted.

    Args:
        path: the file. book: gives the book in force. catalogue: where models are looked up.
        tasks: reads and computes; nothing of that happens in the GUI thread.
        run: the one door for edits.
        look: colours and numbers.
        taken: called with a sentence after the import.
    """

    def __init__(
        self,
        path: Path,
        book: Callable[[], Book],
        catalogue: Catalogue,
        *,
        tasks: TaskRunner,
        run: Run,
        look: Look,
        taken: Callable[[str], object] = lambda _text: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Import {name}").format(name=path.name), _("Import"), parent)
        self._path, self._book, self._catalogue = path, book, catalogue
        self._tasks, self._run, self._taken = tasks, run, taken
        self._table: RawTable | None = None
        self._result: DryRun | None = None
        self._after: Book | None = None
        self._style: NumberStyle | None = None
        self._token: CancelToken | None = None
        self.status = label("", wrap=True)
        self.question = StyleQuestion(self._style_chosen)
        self.question.hide()
        self.columns = ColumnsEditor(self.ask)
        self.columns.hide()
        self.mapping = MappingLine(self.columns)
        self.model = DryRunModel(look, self)
        self._write = look.write
        self._fresh = True
        self.notes = label("", "muted", wrap=True)
        self.detail = label(" ", wrap=True)
        self._build()
        self.finished.connect(self._stop)
        self.resize(1140, 680)
        self.ask()

    @property
    def result(self) -> DryRun | None:  # type: ignore[override] # Qt's is a number nobody asks for
        """The newest dry run, or None while it is made."""
        return self._result

    @property
    def busy(self) -> bool:
        """Whether a dry run is under way."""
        return self._token is not None

    def ask(self) -> None:
        """Make the dry run, with what the operator decided so far."""
        self._stop()
        self.say("")
        self._result = self._after = None
        self.accept_button.setEnabled(False)
        self.status.setText(_("Reading {name}…").format(name=self._path.name))
        path, table, book, catalogue = self._path, self._table, self._book(), self._catalogue
        style, match_by = self._style, MatchBy(self.match.currentData())
        mapping, models = dict(self.columns.mapping), dict(self.columns.model_choices)

        def work(token: CancelToken) -> Result:
            read = table if table is not None else read_table(path)
            run = dry_run(
                book,
                read,
                catalogue,
                style=style,
                mapping=mapping,
                match_by=match_by,
                model_choices=models,
                cancel=token,
            )
            return read, run, apply(book, run) if run.ready else None

        self._token = self._tasks.start("import", work, done=self._done, failed=self._failed)

    def take(self) -> None:
        """Take the rows in, as one step of undo."""
        result, after = self._result, self._after
        if result is None or after is None:
            raise UserError(_("The preview is not ready yet."))
        counts = result.counts
        text = _("import {name}").format(name=self._path.name)

        def change(book: Book) -> Book:
            return after if book is result.book else apply(book, result)

        self._run(text, change)
        words = _("{name}: {added} added, {changed} changed, {refused} refused.")
        self._taken(
            words.format(
                name=self._path.name,
                added=counts[Action.ADD],
                changed=counts[Action.CHANGE],
                refused=counts[Action.REFUSE],
            )
        )

    def _build(self) -> None:
        self.body.addWidget(self.status)
        self.body.addWidget(self.question)
        grid = Grid()
        self.match = combo(
            _("Rows find their group by"),
            (
                (_("id where there is one, else site, model and location"), MatchBy.AUTO),
                (_("id"), MatchBy.ID),
                (_("site, model and location"), MatchBy.PLACE),
            ),
        )
        self.match.activated.connect(self.ask)
        grid.add(_("Rows find their group by"), self.match)
        self.show_only = combo(
            _("Rows shown"),
            (
                (_("all rows"), ""),
                (_("added"), Action.ADD),
                (_("changed"), Action.CHANGE),
                (_("refused"), Action.REFUSE),
                (_("the same as before"), Action.SAME),
            ),
        )
        self.show_only.activated.connect(self._show_rows)
        grid.add(_("Rows shown"), self.show_only)
        self.body.addWidget(grid)
        self.body.addWidget(self.mapping)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self._view())
        split.addWidget(self.columns)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setSizes([700, 400])
        self.body.addWidget(split, 1)
        self.body.addWidget(self.detail)
        self.body.addWidget(self.notes)

    def _view(self) -> QTableView:
        view = self.view = QTableView()
        view.setModel(self.model)
        view.setAccessibleName(_("Rows of the file"))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setShowGrid(False)
        view.setCornerButtonEnabled(False)
        for corner in view.findChildren(QAbstractButton):
            corner.setAccessibleName(_("Select all rows"))
        view.setWordWrap(True)
        view.setItemDelegate(Padded(view))
        view.setTabKeyNavigation(False)
        view.verticalHeader().setMinimumSectionSize(_ROW_HEIGHT)
        view.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        view.verticalHeader().setAccessibleName(_("Rows"))
        view.verticalHeader().hide()
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setAccessibleName(_("Columns"))
        for column, width in ((ROW, 52), (ACTION, 84), (GROUP, 230)):
            view.setColumnWidth(column, width)
        view.horizontalHeader().setStretchLastSection(True)
        view.selectionModel().currentRowChanged.connect(self._show_detail)
        self._heights = QTimer(self, singleShot=True, interval=0)
        self._heights.timeout.connect(self._make_room)
        view.horizontalHeader().sectionResized.connect(self._heights.start)
        return view

    def _show_detail(self, index: QModelIndex, _before: QModelIndex) -> None:
        self.detail.setText(self.model.whole(index.row()) or " ")

    def _style_chosen(self, style: NumberStyle) -> None:
        self._style = style
        self.ask()

    def _done(self, result: Result) -> None:
        self._token = None
        self._table, self._result, self._after = result
        run = self._result
        counts = run.counts
        self.status.setText(
            _("{add} to add, {change} to change, {same} the same, {refuse} refused.").format(
                add=counts[Action.ADD],
                change=counts[Action.CHANGE],
                same=counts[Action.SAME],
                refuse=counts[Action.REFUSE],
            )
        )
        said = (*run.notes, decided_words(run.finding, self._write))
        self.notes.setText(" ".join(filter(None, said)))
        self.notes.setVisible(any(said))
        self.question.show_run(run, self._style)
        self.columns.show_run(run)
        self.mapping.show_run(run)
        self._show_rows()
        takes = counts[Action.ADD] + counts[Action.CHANGE]
        self.accept_button.setEnabled(run.ready and takes > 0)
        words = ngettext("Import {n} row", "Import {n} rows", takes)
        self.accept_button.setText(words.format(n=takes) if takes else _("Import"))
        if self._fresh and not run.ready:
            self.question.choice.setFocus()
        elif self._fresh and takes:
            self.accept_button.setFocus()
        self._fresh = False

    def _failed(self, error: BaseException) -> None:
        self._token = None
        if not isinstance(error, MinerdeskError):
            self._tasks.failed.emit("import", error)
            self.reject()
            return
        self.status.setText("")
        self.say(str(error))

    def _show_rows(self) -> None:
        chosen = self.show_only.currentData()
        self.model.show_run(self._result, Action(chosen) if chosen else None)
        self._heights.start()

    def _make_room(self) -> None:
        """Give rows with something to read as many lines as it takes; the first ones at least."""
        told = [n for n, plan in enumerate(self.model.plans) if plan.reasons or plan.warnings]
        for row in told[:_MOST_TALL]:
            self.view.resizeRowToContents(row)

    def _stop(self, _result: int = 0) -> None:
        if self._token is not None:
            self._token.cancel()
            self._token = None
