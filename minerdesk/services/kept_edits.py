"""The journal of the book that is open, as its window keeps it: written by a worker, in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from minerdesk.domain.book import Book
from minerdesk.services import unsaved
from minerdesk.services.serial import SerialWorker
from minerdesk.storage import locks
from minerdesk.storage.journal import Journal, Recovered
from minerdesk.storage.locks import Lock
from minerdesk.storage.paths import Profile


class KeptEdits:
    """Keeps the edits of one book against a crash, and what an earlier crash left of it.

    A window that only reads a book has no edits to keep. The journal is another window's then, or
    waits for the one that opens the book next, and nothing here touches it.

    Attributes:
        key: the name of the journal.
        recovered: edits that a kill left and nobody has taken or dropped yet.
        aside: the file of its own that holds a copy of ``recovered``, once there is one.
    """

    def __init__(
        self, profile: Profile, clock: Callable[[], datetime], worker: SerialWorker, key: str
    ) -> None:
        self._profile, self._clock, self._worker = profile, clock, worker
        self.begin(key)

    def begin(
        self, key: str, recovered: Recovered | None = None, *, read_only: bool = False
    ) -> None:
        """Go on with another book."""
        self.key, self.recovered, self._read_only = key, recovered, read_only
        self.aside: Path | None = None
        self._journal = self._journal_of(key)

    def left(self, key: str, saved: Book) -> Recovered | None:
        """Return what a kill left of a book. Reads the disk; runs on any thread."""
        return self._journal_of(key).recover(saved)

    def write(self, book: Book, text: str) -> None:
        """Write an edit down."""
        # The first new edit begins the journal anew; what the kill left must not go with it.
        self._put_aside()
        journal = self._journal
        self._worker.submit(lambda: journal.append(book, text))

    def clear(self) -> None:
        """Forget every edit: the file holds them, or the operator does not want them.

        What a kill left and nobody has decided about is no such edit: the journal holds it again.
        """
        if self._read_only:
            return
        journal, found = self._journal, self.recovered
        self._worker.submit(journal.clear if found is None else lambda: journal.restore(found))

    def forget(self, key: str) -> None:
        """Forget what a kill left of another book."""
        self._worker.submit(self._journal_of(key).clear)

    def acquire(self, path: Path) -> Lock | None:
        """Take the lock of a book, which this window itself may be about to give back.

        Returns:
            None where another window holds it.

        Raises:
            CannotLock: the disk knows no locks.
        """
        lock_path = locks.book_lock_path(path)
        lock = locks.acquire(lock_path)
        if lock is None:
            self.settle()
            lock = locks.acquire(lock_path)
        return lock

    def release(self, lock: Lock) -> None:
        """Give a book's lock back once what is queued for its journal is on disk.

        Whoever takes the lock next writes the same journal, and must find nobody else at it.
        """
        if self._worker.submit(lock.release) is None:
            lock.release()

    def settle(self) -> None:
        """Wait until everything queued so far is done."""
        done = self._worker.submit(lambda: None)
        if done is not None:
            done.result()

    def moved(self, key: str) -> None:
        """Go on in the journal of the file that now holds the book and every edit."""
        self._put_aside()
        if key == self.key:
            self.clear()
            return
        found, aside, self.recovered = self.recovered, self.aside, None
        self.clear()
        self.begin(key)
        self._make_room()
        if found is not None:  # its copy is there; the offer goes with the book
            self.recovered, self.aside = found, aside
            self.clear()

    def _make_room(self) -> None:
        journal, folder = self._journal, self._profile.backup_dir

        def make_room() -> None:
            # The file that was written over may have been a book with edits that a kill left.
            found = journal.recover()
            if found is not None:
                unsaved.keep_aside(folder, found)
            journal.clear()

        self._worker.submit(make_room)

    def _put_aside(self) -> None:
        found, folder = self.recovered, self._profile.backup_dir
        if found is not None and self.aside is None:
            self.aside = unsaved.aside_path(folder, found)
            self._worker.submit(lambda: unsaved.keep_aside(folder, found))

    def _journal_of(self, key: str) -> Journal:
        return Journal(self._profile.journal_dir, key, self._clock)
