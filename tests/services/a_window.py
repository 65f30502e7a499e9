"""A window's part of a book, without the window."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from minerdesk.domain.book import Book
from minerdesk.services.book import BookService
from minerdesk.services.serial import SerialWorker
from minerdesk.storage.paths import Profile


def rename(book: Book) -> Book:
    return replace(book, name="Renamed")


class Clock:
    """Moves a second at each look, so that names made of the time differ."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 19, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Window:
    """One window on a profile: a service with its journal worker."""

    def __init__(self, profile: Profile) -> None:
        self.errors: list[BaseException] = []
        self.worker = SerialWorker("test-journal", self.errors.append)
        self.books = BookService(profile, Clock(), self.worker)

    def flush(self) -> None:
        done = self.worker.submit(lambda: None)
        assert done is not None
        done.result(timeout=10)

    def rename_and_die(self, file: Path) -> None:
        """Open a book, edit it and be killed before it is saved."""
        self.books.open(file)
        self.books.apply("Rename", rename)
        self.kill()

    def kill(self) -> None:
        """Leave as a killed process does: what is on disk stays, the lock goes with the process."""
        self.worker.close()
        lock = self.books._lock
        if lock is not None:
            os.close(lock._descriptor or 0)
            lock._descriptor = None
