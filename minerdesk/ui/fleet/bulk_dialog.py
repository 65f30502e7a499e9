"""One value for many groups, with how many it would change, as one step of undo."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _, ngettext
from minerdesk.ui.fleet.editing import GroupChange, Reading, bulk_fields, change_of
from minerdesk.ui.fleet.site_dialog import Run
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.widgets.basics import label, set_tone
from minerdesk.ui.widgets.forms import FormDialog, Grid, combo

_WAIT_MS = 150


class BulkDialog(FormDialog):
    """Sets one field of the groups ``ids``.

    Args:
        book: the book as it is. ids: the groups. reading: how values are understood.
        run: the one door for edits.
        tasks: where the preview is counted.
    """

    def __init__(
        self,
        book: Book,
        ids: Collection[str],
        reading: Reading,
        run: Run,
        tasks: TaskRunner,
        parent: QWidget | None = None,
    ) -> None:
        title = ngettext("Edit {n} group", "Edit {n} groups", len(ids)).format(n=len(ids))
        super().__init__(title, _("Change"), parent)
        self._book, self._ids, self._reading = book, tuple(ids), reading
        self._run, self._tasks = run, tasks
        self._token: CancelToken | None = None
        self._made: tuple[str, str, Book] | None = None
        grid = Grid()
        self.field = combo(_("What to set"), [(text, key) for key, text in bulk_fields()])
        self.field.setCurrentIndex(self.field.findData("mode"))
        self.field.currentIndexChanged.connect(self._later)
        grid.add(_("What to set"), self.field)
        self.value = grid.add_entry(_("New value"))
        self.value.line.textChanged.connect(self._later)
        self.body.addWidget(grid)
        self.preview = label(" ", "muted", wrap=True)
        self.body.addWidget(self.preview)
        self.body.addStretch(1)
        self._timer = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._timer.timeout.connect(self._count)
        self.finished.connect(self._stop)
        self.resize(460, 260)
        self.value.setFocus()

    def take(self) -> None:
        """Make the edit."""
        key, text = str(self.field.currentData()), self.value.text
        change = self.value.read(lambda typed: change_of(key, typed, self._reading))
        # What the preview made of the same book need not be made again.
        ready = self._made if self._made is not None and self._made[:2] == (key, text) else None

        def edit(book: Book) -> Book:
            return ready[2] if ready is not None and book is self._book else change(book, self._ids)

        name = self.field.currentText()
        words = _("set {field} of {n} groups").format(field=name, n=len(self._ids))
        self.value.read(lambda _typed: self._run(words, edit))

    def _later(self) -> None:
        self._timer.start()

    def _count(self) -> None:
        self._stop()
        key, text = str(self.field.currentData()), self.value.text
        try:
            change = change_of(key, text, self._reading)
        except UserError as error:
            self._say(error.sentence if text else " ", wrong=bool(text))
            return
        book, ids = self._book, self._ids

        def work(token: CancelToken) -> tuple[Book, int]:
            token.check()
            return _preview(book, ids, change)

        def done(result: tuple[Book, int]) -> None:
            self._made = (key, text, result[0])
            words = _("Changes {n} of {m} groups.").format(n=result[1], m=len(ids))
            self._say(words, wrong=False)

        def failed(error: BaseException) -> None:
            if not isinstance(error, UserError):
                self._tasks.failed.emit("bulk preview", error)
                return
            self._say(error.sentence, wrong=True)

        self._token = self._tasks.start("bulk preview", work, done=done, failed=failed)

    def _say(self, sentence: str, *, wrong: bool) -> None:
        self.preview.setText(sentence)
        set_tone(self.preview, "lose" if wrong else "")

    def _stop(self, _result: int = 0) -> None:
        self._timer.stop()
        if self._token is not None:
            self._token.cancel()
            self._token = None


def _preview(book: Book, ids: Collection[str], change: GroupChange) -> tuple[Book, int]:
    """Return the changed book and how many groups differ."""
    made = change(book, ids)
    pairs = zip(book.groups, made.groups, strict=True)
    return made, sum(old is not new and old != new for old, new in pairs)
