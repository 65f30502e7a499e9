"""Locks of the operating system: who may write a book, who may poll and write history.

A lock dies with its process, however the process ends, so none is ever left behind by a crash.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from minerdesk.domain.errors import WorldError
from minerdesk.domain.text import _

if sys.platform == "win32":  # pragma: no cover - the other branch is tested on POSIX
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_HELD = {errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN, errno.EDEADLK}


class CannotLock(WorldError):  # noqa: N818 - it is a state to show
    """The lock file cannot be made or the disk knows no locks; treat the book as read-only."""


class Lock:
    """A lock that is held. Also a context manager that releases it."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor

    @property
    def held(self) -> bool:
        """Whether it is still held."""
        return self._descriptor is not None

    def release(self) -> None:
        """Give the lock up and remove its file; again is no fault."""
        if self._descriptor is None:
            return
        _remove(self.path)
        os.close(self._descriptor)
        self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


def book_lock_path(book: Path) -> Path:
    """Return the hidden lock file beside a book, so that two profiles see each other's."""
    target = book.resolve()
    return target.with_name(f".{target.name}.lock")


def acquire(path: Path) -> Lock | None:
    """Take the lock whose file is ``path``; never waits.

    Args:
        path: the lock file itself: `book_lock_path` of a book, or `Profile.lock_file`.

    Returns:
        The lock, or None where another window or process holds it.

    Raises:
        CannotLock: the file cannot be made (a folder that cannot be written), or the disk knows no
            locks.
    """
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _cannot(path, error) from error
        try:
            _take(descriptor)
        except OSError as error:
            os.close(descriptor)
            _raise_unless_held(path, error)
            return None
        if _is_still_there(path, descriptor):
            return Lock(path, descriptor)
        # The holder before us removed the file between our open and our lock.
        os.close(descriptor)


def _is_still_there(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _remove(path: Path) -> None:
    # Removed while it is still locked, so nobody can have locked this very file in between.
    try:
        path.unlink(missing_ok=True)
    except OSError:  # pragma: no cover - an open file cannot be removed on Windows; it is empty
        return


def _raise_unless_held(path: Path, error: OSError) -> None:
    """Raise where the disk knows no locks; a lock held elsewhere is no fault."""
    if error.errno not in _HELD:
        raise _cannot(path, error) from error


def _cannot(path: Path, error: OSError) -> CannotLock:
    return CannotLock(
        _("{path} cannot be locked: {why}; it is opened for reading only.").format(
            path=path.parent, why=error.strerror
        )
    )
