"""The book that is open: the one door for edits, its undo list, its file and its journal.

All methods are called on one thread (the GUI's), apart from `read` and `SaveJob.run`, which do the
disk's work and may run anywhere. The journal is written by a worker of its own, in order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.text import _
from minerdesk.services import unsaved
from minerdesk.services.kept_edits import KeptEdits
from minerdesk.services.serial import SerialWorker
from minerdesk.services.undo import UndoList
from minerdesk.storage import book_file, locks
from minerdesk.storage.book_file import Stamp
from minerdesk.storage.journal import Recovered
from minerdesk.storage.locks import Lock
from minerdesk.storage.paths import Profile

Change = Callable[[Book], Book]
Listener = Callable[[Book, int], object]


@dataclass(frozen=True, slots=True)
class Opened:
    """What `BookService.read` brought from disk.

    Attributes:
        lock: held while the book is open; None makes it read-only, ``why_read_only`` says why.
        recovered: edits that were made but never saved.
        stamp: of the file as it was read.
    """

    book: Book
    path: Path | None
    lock: Lock | None
    why_read_only: str
    journal_key: str
    recovered: Recovered | None
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class SaveJob:
    """A save that was begun: run it anywhere, then hand it to `BookService.finish_save`.

    ``stamp`` is that of the file as this window knows it; None writes over whatever is there.
    """

    book: Book
    path: Path
    lock: Lock | None
    backup_dir: Path
    now: datetime
    stamp: Stamp | None = None

    def run(self) -> str:
        """Write the file.

        Returns:
            A sentence where the copy of the earlier file could not be kept, or where another
            program had changed the file; else empty.

        Raises:
            WorldError: nothing was written.
        """
        saved = book_file.save(self.path, self.book, self.backup_dir, self.now, expected=self.stamp)
        if saved.changed_meanwhile:
            return _(
                "Another program had changed {name} since it was read here; that version is kept "
                "as {copy}."
            ).format(name=self.path.name, copy=saved.backup)
        return saved.backup_failed


class BookService:
    """Holds the open book."""

    def __init__(
        self, profile: Profile, clock: Callable[[], datetime], journal_worker: SerialWorker
    ) -> None:
        self._profile, self._clock, self._untitled = profile, clock, 0
        self._listeners: list[Listener] = []
        self._undo = UndoList()
        self.book = Book()
        self.revision = 0
        self.path: Path | None = None
        self.why_read_only = ""
        self._saved: Book | None = self.book
        self._lock: Lock | None = None
        self._stamp: Stamp | None = None
        self._kept = KeptEdits(profile, clock, journal_worker, self._untitled_key())

    # --- what it is

    @property
    def read_only(self) -> bool:
        """Whether edits are refused; `why_read_only` says why."""
        return bool(self.why_read_only)

    @property
    def dirty(self) -> bool:
        """Whether the book differs from its file."""
        return self.book is not self._saved

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._undo.can_back

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return self._undo.can_forth

    @property
    def undo_text(self) -> str:
        """What `undo` would take back, or empty."""
        return self._undo.back_text

    @property
    def redo_text(self) -> str:
        """What `redo` would do again, or empty."""
        return self._undo.forth_text

    @property
    def key(self) -> str:
        """A name for this book that lasts, for history: its path, or empty while it has none."""
        return "" if self.path is None else str(self.path.resolve())

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener(book, revision)`` after each change; return what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # --- edits

    def apply(self, text: str, change: Change) -> Book:
        """Make one edit, one step of undo.

        Args:
            text: what the edit is called, such as ``Change power price``.
            change: a pure function of the book; the same book back means nothing happened.

        Raises:
            UserError: the book is read-only, or the change refused.
        """
        if self.read_only:
            raise UserError(
                _("This book cannot be changed here: {why}").format(why=self.why_read_only)
            )
        changed = change(self.book)
        if changed is self.book or changed == self.book:
            return self.book
        self._undo.note(text, self.book)
        self._set(changed, text)
        return changed

    def undo(self) -> None:
        """Take the last step back; without one nothing happens."""
        step = self._undo.back(self.book)
        if step is not None:
            self._set(step.book, step.text)

    def redo(self) -> None:
        """Do the step taken back again; without one nothing happens."""
        step = self._undo.forth(self.book)
        if step is not None:
            self._set(step.book, step.text)

    # --- files

    def new(self, book: Book | None = None) -> None:
        """Begin a book that has no file yet; what was open is let go."""
        self.adopt(Opened(book or Book(), None, None, "", self._untitled_key(), None))
        if book is not None:
            self._saved = None
            self._write_journal(_("New book"))

    def read(self, path: Path) -> Opened:
        """Read a book from disk, lock it and look for unsaved edits. Runs on any thread.

        Raises:
            UserError: the file is no book that this program reads.
            WorldError: unsaved edits are there and cannot be read.
        """
        path = path.resolve()
        stamp = book_file.stamp(path)
        book = book_file.load(path)
        if path == self.path and self._lock is not None:  # this window holds the lock already
            return Opened(book, path, self._lock, "", str(path), None, stamp)
        lock, why = None, ""
        try:
            lock = self._kept.acquire(path)
        except locks.CannotLock as error:
            why = str(error)
        if lock is None and not why:
            why = _("another window has it open. Save a copy to work on it.")
        if lock is None:
            return Opened(book, path, None, why, str(path), None, stamp)
        try:
            found = self._kept.left(str(path), book)
        except WorldError:
            lock.release()  # or it would be this window that has the book open elsewhere
            raise
        return Opened(book, path, lock, "", str(path), found, stamp)

    def adopt(self, opened: Opened) -> None:
        """Make what `read` brought the open book."""
        if self._lock is not None and self._lock is not opened.lock:
            self._kept.release(self._lock)
        self.book, self._saved, self.path = opened.book, opened.book, opened.path
        self._lock, self.why_read_only = opened.lock, opened.why_read_only
        self._stamp = opened.stamp
        self._undo = UndoList()
        self._kept.begin(opened.journal_key, opened.recovered, read_only=self.read_only)
        self._tell()

    def open(self, path: Path) -> None:
        """Read a book and make it the open one; see `read`."""
        self.adopt(self.read(path))

    def begin_save(self, path: Path | None = None) -> SaveJob:
        """Begin to save, under a new name where ``path`` is given.

        Raises:
            UserError: there is no file yet, the book is read-only, or another window has the file.
        """
        target = self.path if path is None else path.resolve()
        if target is None:
            raise UserError(_("Choose a name for the book first."))
        if target != self.path:
            lock = self._kept.acquire(target)
            if lock is None:
                raise UserError(
                    _("Another window has {name} open; choose another name.").format(
                        name=target.name
                    )
                )
            return SaveJob(self.book, target, lock, self._profile.backup_dir, self._clock())
        if self.read_only:
            raise UserError(
                _("{name} cannot be saved: {why}").format(name=target.name, why=self.why_read_only)
            )
        return SaveJob(
            self.book, target, self._lock, self._profile.backup_dir, self._clock(), self._stamp
        )

    def finish_save(self, job: SaveJob) -> None:
        """Take note that ``job`` was written. Edits made meanwhile stay journalled."""
        self._kept.moved(str(job.path))
        if job.lock is not self._lock:
            if self._lock is not None:
                self._kept.release(self._lock)
            self._lock, self.why_read_only = job.lock, ""
        self.path, self._saved = job.path, job.book
        self._stamp = book_file.stamp(job.path)
        if self.dirty:
            self._write_journal(_("Edits since the save"))
        self._tell()

    def abandon_save(self, job: SaveJob) -> None:
        """Take note that ``job`` failed: the lock of a new name is given back."""
        if job.lock is not None and job.lock is not self._lock:
            job.lock.release()

    def save(self, path: Path | None = None) -> str:
        """Save at once, on this thread; see `begin_save` and `SaveJob.run`."""
        job = self.begin_save(path)
        try:
            note = job.run()
        except WorldError:
            self.abandon_save(job)
            raise
        self.finish_save(job)
        return note

    # --- after a kill

    def recoverable(self) -> Recovered | None:
        """Return edits that were made but never saved, until they are taken or dropped."""
        return self._kept.recovered

    @property
    def edited_since(self) -> bool:
        """Whether the book was edited after `recoverable`, whose return would undo that."""
        found = self._kept.recovered
        saved_ns = self._stamp.modified_ns if self._stamp else 0
        return found is not None and (self.can_undo or saved_ns > found.at.timestamp() * 1e9)

    @property
    def recovery_copy(self) -> Path | None:
        """The file that keeps a copy of `recoverable` too, once an edit or a save made one."""
        return self._kept.aside if self._kept.recovered is not None else None

    def recover(self) -> None:
        """Take the unsaved edits back, as one step of undo; edits made since are undone by it."""
        found, self._kept.recovered = self._kept.recovered, None
        if found is not None:
            self.apply(_("Recover unsaved edits"), lambda _book: found.book)

    def drop_recovery(self) -> None:
        """Let the unsaved edits go."""
        if self._kept.recovered is not None:
            self._kept.recovered = None
            self._kept.clear()
            if self.dirty:
                self._write_journal(_("Edits since the book was opened"))

    def discard(self) -> None:
        """Offer nothing back later: the operator is leaving the book and said not to save."""
        self._kept.clear()

    def unsaved_books(self) -> tuple[Opened, ...]:
        """Return books that were begun, never saved, and left by a kill, the newest first.

        Reads the disk; runs on any thread.
        """
        found = unsaved.left(self._profile.journal_dir, self._clock)
        newest_first = sorted(found, key=lambda each: each[1].at, reverse=True)
        return tuple(
            Opened(Book(), None, None, "", key, recovered)
            for key, recovered in newest_first
            if key != self._kept.key
        )

    def take_unsaved(self, opened: Opened) -> None:
        """Make one of `unsaved_books` the open book, with its edits, as one step of undo.

        Raises:
            UserError: another window took it meanwhile.
        """
        unsaved.check_free(self._profile.journal_dir, opened.journal_key)
        self.adopt(opened)
        self.recover()

    def drop_unsaved(self, opened: Opened) -> None:
        """Forget one of `unsaved_books`.

        Raises:
            UserError: another window took it meanwhile.
        """
        unsaved.check_free(self._profile.journal_dir, opened.journal_key)
        self._kept.forget(opened.journal_key)

    def close(self) -> None:
        """Give the lock back, the journal written. A book that was saved leaves no journal."""
        if not self.dirty and self._kept.recovered is None:
            self._kept.clear()
        if self._lock is not None:
            self._kept.release(self._lock)
            self._lock = None
        self._kept.settle()

    # --- inside

    def _set(self, book: Book, text: str) -> None:
        self.book = book
        self._write_journal(text)
        self._tell()

    def _write_journal(self, text: str) -> None:
        if self.path is None and self._lock is None:
            self._lock = unsaved.hold(self._profile.journal_dir, self._kept.key)
        self._kept.write(self.book, text)

    def _tell(self) -> None:
        self.revision += 1
        for listener in tuple(self._listeners):
            listener(self.book, self.revision)

    def _untitled_key(self) -> str:
        self._untitled += 1
        stamp = self._clock().strftime("%Y%m%d%H%M%S%f")
        return f"{unsaved.PREFIX}{stamp}-{self._untitled}"
