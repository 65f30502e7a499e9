"""Read a book without opening it: no lock beside it, no journal, nothing written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from minerdesk.domain.book import Book
from minerdesk.services.book import BookService, Opened
from minerdesk.storage import book_file, book_schema

_REPORT_JOURNAL = "report"


def read_book(path: Path) -> Book:
    """Read a book's file strictly.

    Raises:
        UserError: the file is not there or is no book; the sentence names place and value.
    """
    return book_file.load(path)


def look_at(path: Path, service: BookService) -> Book:
    """Make a book the one that ``service`` holds, only to be read.

    Unsaved edits of a window, its lock and its journal stay untouched.

    Raises:
        UserError: as `read_book`.
    """
    book = book_file.load(path)
    why = "it is only read for a report"
    service.adopt(Opened(book, path.resolve(), None, why, _REPORT_JOURNAL, None))
    return book


def schema() -> dict[str, Any]:
    """Return the JSON schema of a book's file."""
    return book_schema.schema()
