"""``minerdesk-cli check``: what a book holds, or what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from minerdesk.domain.text import _
from minerdesk.services.book_reading import read_book
from minerdesk.services.reports import holds
from minerdesk.services.words import Formats


def check(path: Path) -> str:
    """Return what a book holds.

    Raises:
        UserError: it is no book that this program reads.
    """
    book = read_book(path)
    return (
        _("{path} is a good book: {name}, {holds}, {currency}.").format(
            path=path,
            name=book.name or _("without a name"),
            holds=holds(book, Formats("en")),
            currency=book.currency,
        )
        + "\n"
    )
