"""Copies of a book's earlier files, the newest ten of each book."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from minerdesk.storage import atomic
from minerdesk.storage.paths import make_private_dir

KEPT = 10


def keep(book: Path, backup_dir: Path, now: datetime) -> Path | None:
    """Copy the file as it is now, and let the oldest copies go.

    Args:
        book: the book's file.
        backup_dir: folder of the copies of all books.
        now: UTC; it is the copy's name.

    Returns:
        The copy, or None where there is no file yet.

    Raises:
        OSError: it cannot be copied.
        WorldError: the folder cannot be made.
    """
    try:
        data = book.read_bytes()
    except FileNotFoundError:
        return None
    folder = folder_of(book, backup_dir)
    make_private_dir(folder)
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%f")
    copy = folder / f"{stamp}{book.suffix}"
    atomic.write(copy, data)
    for old in kept(book, backup_dir)[KEPT:]:
        old.unlink(missing_ok=True)
    return copy


def kept(book: Path, backup_dir: Path) -> tuple[Path, ...]:
    """Return the copies of a book's earlier files, the newest first."""
    copies = folder_of(book, backup_dir).glob("[0-9]*")
    return tuple(sorted((copy for copy in copies if copy.suffix == book.suffix), reverse=True))


def folder_of(book: Path, backup_dir: Path) -> Path:
    """Return the folder of one book's copies: its name, and a digest of where it lives."""
    target = book.resolve()
    digest = hashlib.sha256(str(target).encode()).hexdigest()[:8]
    return backup_dir / f"{target.stem}-{digest}"
