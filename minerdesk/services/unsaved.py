"""Books that were begun, never saved, and left by a kill; and who has such a book open.

A book without a file has its journal alone. While its window lives it holds a lock beside that
journal, so that no other window takes a book for lost that is being worked on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.storage import book_file, journal, locks
from minerdesk.storage.journal import Journal, Recovered
from minerdesk.storage.locks import Lock

PREFIX: Final = "untitled-"


def hold(folder: Path, key: str) -> Lock | None:
    """Take the lock of a book without a file.

    Args:
        folder: `Profile.journal_dir`.
        key: the name of its journal.

    Returns:
        None where another window holds it, or where the disk knows no locks.
    """
    try:
        return locks.acquire(_lock_path(folder, key))
    except locks.CannotLock:
        return None


def is_open_elsewhere(folder: Path, key: str) -> bool:
    """Tell whether a window holds the book; where the disk knows no locks, none does."""
    try:
        lock = locks.acquire(_lock_path(folder, key))
    except locks.CannotLock:
        return False
    if lock is None:
        return True
    lock.release()
    return False


def check_free(folder: Path, key: str) -> None:
    """Raise where another window took a book meanwhile.

    Raises:
        UserError: it did.
    """
    if is_open_elsewhere(folder, key):
        raise UserError(_("Another window has taken this book back already."))


def left(folder: Path, clock: Callable[[], datetime]) -> Iterator[tuple[str, Recovered]]:
    """Yield key and content of each book that a kill left. Reads the disk."""
    for key in journal.pending(folder):
        if not key.startswith(PREFIX) or is_open_elsewhere(folder, key):
            continue
        found = Journal(folder, key, clock).recover()
        if found is not None:
            yield key, found


def aside_path(folder: Path, found: Recovered) -> Path:
    """Return where `keep_aside` writes what a kill left."""
    return folder / f"recovered-{found.at:%Y-%m-%d-%H%M%S-%f}{book_file.SUFFIX}"


def keep_aside(folder: Path, found: Recovered) -> None:
    """Write what a kill left into ``folder`` as a book, once; the journal will not hold it longer.

    Raises:
        WorldError: it cannot be written.
    """
    path = aside_path(folder, found)
    if not path.exists():
        book_file.save(path, found.book)


def _lock_path(folder: Path, key: str) -> Path:
    return folder / f".{key}.lock"
