"""What the operator can do with the book: open, save, undo. The work is the services'."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.errors import MinerdeskError
from minerdesk.domain.text import _
from minerdesk.ui.actions import Action
from minerdesk.ui.contracts import Change
from minerdesk.ui.dialogs.files import (
    ask_about_edits,
    ask_open_file,
    ask_save_file,
    proposed_file,
)
from minerdesk.ui.errors import Errors
from minerdesk.ui.tasks import TaskRunner

if TYPE_CHECKING:
    from minerdesk.services.book import BookService, Opened, SaveJob

Then = Callable[[], object]


class BookActions(QObject):
    """Handlers of the File and Edit menus, and their rows of the action table.

    Disk work runs off the GUI thread; what follows it (closing, opening another) waits for it.

    Signals:
        note(str, str): what to tell the operator, and its tone.
        offer(str, str, object): the same, with the `Action` that goes on from there.
        lost_changed(): `lost` is another.
    """

    note = Signal(str, str)
    offer = Signal(str, str, object)
    lost_changed = Signal()

    def __init__(
        self, book: BookService, tasks: TaskRunner, errors: Errors, window: QWidget
    ) -> None:
        super().__init__(window)
        self._book = book
        self._tasks = tasks
        self._errors = errors
        self._window = window
        self._saving = False
        self._waiting: list[Then] = []
        self._let_go: Book | None = None
        self._lost: tuple[Opened, ...] = ()

    @property
    def saving(self) -> bool:
        """Whether a save is under way."""
        return self._saving

    @property
    def unsaved(self) -> bool:
        """Whether something would be asked or waited for before the book may go."""
        return self._saving or (self._book.dirty and not self._book.read_only)

    @property
    def lost(self) -> tuple[Opened, ...]:
        """Books that were never saved and left by a kill, newest first, until decided about."""
        return self._lost

    def actions(self) -> list[Action]:
        """Return the rows of the action table."""
        book, file, edit = self._book, _("File"), _("Edit")

        def can_save() -> bool:
            return not book.read_only and (book.dirty or book.path is None)

        return [
            Action("book.new", _("New book"), self.new, "Ctrl+N", "new", menu=file),
            Action("book.open", _("Open…"), self.ask_open, "Ctrl+O", "open", menu=file),
            Action("book.save", _("Save"), self.save, "Ctrl+S", "save", can_save, menu=file),
            Action("book.save_as", _("Save as…"), self.ask_save_as, "Ctrl+Shift+S", menu=file),
            Action(
                "edit.undo",
                _("Undo"),
                self.undo,
                "Ctrl+Z",
                "undo",
                lambda: book.can_undo,
                menu=edit,
            ),
            Action(
                "edit.redo",
                _("Redo"),
                self.redo,
                "Ctrl+Shift+Z",
                "redo",
                lambda: book.can_redo,
                menu=edit,
                more_shortcuts=("Ctrl+Y",),
            ),
        ]

    def run_command(self, text: str, change: Change) -> None:
        """Make an edit; the one door for pages.

        Raises:
            UserError: the change is refused; say it where it was typed.
        """
        self._book.apply(text, change)

    def new(self) -> None:
        """Begin an empty book, after asking about unsaved edits."""
        self.after_saving(self._new)

    def ask_open(self) -> None:
        """Let the operator choose a book's file."""
        self.after_saving(lambda: ask_open_file(self._window, self._book.path, self._open))

    def open_path(self, path: Path) -> None:
        """Open a book's file, after asking about unsaved edits."""
        self.after_saving(lambda: self._open(path))

    def open_sample(self, path: Path) -> None:
        """Begin a new book with the content of a sample; the sample itself is never written."""

        def read() -> Book:
            opened = self._book.read(path)
            if opened.lock is not None:
                opened.lock.release()
            return opened.book

        self.after_saving(
            lambda: self._tasks.start(
                "open a sample",
                lambda _token: read(),
                done=self._new,
                failed=lambda error: self._errors.handle(error, "open a sample"),
            )
        )

    def save(self) -> None:
        """Write the book to its file, or ask for one where it has none."""
        if self._book.path is None or self._book.read_only:
            self.ask_save_as()
        else:
            self._save(None)

    def ask_save_as(self, then: Then | None = None) -> None:
        """Let the operator choose where to write the book."""
        near = self._book.path or proposed_file(self._book.book.name)
        ask_save_file(self._window, near, lambda path: self._save(path, then))

    def undo(self) -> None:
        """Take the last edit back."""
        self._book.undo()

    def redo(self) -> None:
        """Make the edit again that was taken back."""
        self._book.redo()

    def after_saving(self, then: Then) -> None:
        """Run ``then`` at once, or after the operator decided about unsaved edits."""
        if self._saving:
            self._waiting.append(lambda: self.after_saving(then))
        elif not self.unsaved:
            then()
        else:
            ask_about_edits(
                self._window, lambda: self._save_then(then), lambda: self._let_go_then(then)
            )

    def leave(self) -> None:
        """Take note that the book is left: edits the operator did not want are forgotten."""
        if self._let_go is not None and self._let_go is self._book.book:
            self._book.discard()
        self._let_go = None

    # --- books left by a kill

    def look_for_lost(self) -> None:
        """Look, off the GUI thread, for books that were begun, never saved and left by a kill."""
        self._tasks.start(
            "look for lost books",
            lambda _token: self._book.unsaved_books(),
            done=self._set_lost,
            failed=lambda error: self._errors.handle(error, "look for lost books"),
        )

    def take_lost(self, opened: Opened) -> None:
        """Go on with a book that a kill left, after asking about unsaved edits."""

        def take() -> None:
            self.leave()
            self._book.take_unsaved(opened)

        self.after_saving(lambda: self._decide(opened, take))

    def drop_lost(self, opened: Opened) -> None:
        """Forget a book that a kill left."""
        self._decide(opened, lambda: self._book.drop_unsaved(opened))

    def _decide(self, opened: Opened, decision: Then) -> None:
        try:
            decision()
        except MinerdeskError as error:
            self._errors.handle(error)
        self._set_lost(tuple(each for each in self._lost if each is not opened))

    def _set_lost(self, lost: tuple[Opened, ...]) -> None:
        self._lost = lost
        self.lost_changed.emit()

    # --- inside

    def _new(self, book: Book | None = None) -> None:
        self.leave()
        self._book.new(book)

    def _let_go_then(self, then: Then) -> None:
        self._let_go = self._book.book
        then()

    def _save_then(self, then: Then) -> None:
        if self._book.path is None:
            self.ask_save_as(then)
        else:
            self._save(None, then)

    def _save(self, path: Path | None, then: Then | None = None) -> None:
        try:
            job = self._book.begin_save(path)
        except MinerdeskError as error:
            self._errors.handle(error)
            return
        self._saving = True
        self._tasks.start(
            "save the book",
            lambda _token: job.run(),
            done=lambda note: self._saved(job, note, then),
            failed=lambda error: self._not_saved(job, error),
        )

    def _saved(self, job: SaveJob, note: str, then: Then | None) -> None:
        self._saving = False
        self._book.finish_save(job)
        if note:
            self.note.emit(note, "warn")
        if then is not None:
            then()
        self._go_on()

    def _not_saved(self, job: SaveJob, error: BaseException) -> None:
        self._saving = False
        self._book.abandon_save(job)
        self._waiting.clear()
        if isinstance(error, MinerdeskError):
            elsewhere = Action("book.save_elsewhere", _("Save as…"), self.ask_save_as)
            self.offer.emit(str(error), "error", elsewhere)
        else:
            self._errors.handle(error, "save the book")

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        for step in waiting:
            step()

    def _open(self, path: Path) -> None:
        def adopt(opened: Opened) -> None:
            self.leave()
            self._book.adopt(opened)

        self._tasks.start(
            "open a book",
            lambda _token: self._book.read(path),
            done=adopt,
            failed=lambda error: self._errors.handle(error, "open a book"),
        )
