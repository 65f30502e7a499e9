"""Where each group stands in a book, what it is called, and which one a page has selected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QObject, Signal

from minerdesk.domain.book import Book
from minerdesk.services.words import Formats


class GroupSelection(QObject):
    """Holds the id of one rig group, or none.

    Signals:
        changed(str): the id selected now, empty for none.
    """

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._group_id = ""

    @property
    def group_id(self) -> str:
        """The id selected, empty for none."""
        return self._group_id

    def choose(self, group_id: str) -> None:
        """Select a group; the empty id selects none."""
        if group_id != self._group_id:
            self._group_id = group_id
            self.changed.emit(group_id)


@dataclass(frozen=True)
class Places:
    """Where each group stands in a book; made when first asked for, kept while the book is."""

    book: Book

    @classmethod
    def of_book(cls, book: Book, before: Places | None) -> Places:
        """Return the places of a book, those so far where it is the same."""
        return before if before is not None and before.book is book else cls(book)

    @cached_property
    def of(self) -> dict[str, int]:
        """Index of each group by its id."""
        return {group.id: i for i, group in enumerate(self.book.groups)}

    @cached_property
    def twins(self) -> frozenset[tuple[str, str, int]]:
        """Site, model and count that several groups share."""
        counted = Counter((each.site, each.model, each.count) for each in self.book.groups)
        return frozenset(each for each, groups in counted.items() if groups > 1)

    def index(self, group_id: str) -> int | None:
        """Return where a group stands in the book, or None where it does not."""
        return self.of.get(group_id) if group_id else None

    def name(self, group: int, formats: Formats) -> str:
        """Return site, model and count of a group; twins in these are told by their location."""
        found = self.book.groups[group]
        rigs = f"{found.model} × {formats.count(found.count)}"
        twin = (found.site, found.model, found.count) in self.twins
        location = found.location if twin else ""
        return " · ".join(filter(None, (self._sites[found.site], rigs, location)))

    @cached_property
    def _sites(self) -> dict[str, str]:
        return {site.id: site.name for site in self.book.sites}
