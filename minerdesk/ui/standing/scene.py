"""What every part of the page draws from: one view with names at hand, and the chosen group."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import QObject, Signal

from minerdesk.domain.book import Book
from minerdesk.services.standing.view import StandingView
from minerdesk.services.words import Formats, verdict_word


class Chosen(QObject):
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

    @cached_property
    def of(self) -> dict[str, int]:
        """Index of each group by its id."""
        return {group.id: i for i, group in enumerate(self.book.groups)}

    @cached_property
    def twins(self) -> frozenset[tuple[str, str, int]]:
        """Site, model and count that several groups share."""
        counted = Counter((each.site, each.model, each.count) for each in self.book.groups)
        return frozenset(each for each, groups in counted.items() if groups > 1)


@dataclass(frozen=True)
class Scene:
    """A view and the operator's locale, with the places of the view's book."""

    view: StandingView
    formats: Formats
    places: Places

    @classmethod
    def of(cls, view: StandingView, formats: Formats, before: Scene | None = None) -> Scene:
        """Return the scene of a view; what depends on the book alone is taken over."""
        book = view.evaluation.book
        same = before is not None and before.places.book is book
        return cls(view, formats, before.places if same and before is not None else Places(book))

    @property
    def currency(self) -> str:
        """Of all money."""
        return self.view.currency

    @cached_property
    def coin_digits(self) -> int:
        """Decimals of coins, the same for every group."""
        most = float(np.fmax.reduce(self.view.buy.coins, initial=0.0))
        return 5 if most < 1 else 3 if most < 100 else 1

    def index(self, group_id: str) -> int | None:
        """Return where a group stands in the book, or None."""
        return self.places.of.get(group_id) if group_id else None

    def group_id(self, group: int) -> str:
        """Return the id of a group."""
        return self.view.evaluation.book.groups[group].id

    def name(self, group: int) -> str:
        """Return site, model and count of a group; twins in these are told by their location."""
        book, found = self.view.evaluation.book, self.view.evaluation.book.groups[group]
        site = book.sites[int(self.view.figures.fleet.site[group])].name
        rigs = f"{found.model} × {self.formats.count(found.count)}"
        twin = (found.site, found.model, found.count) in self.places.twins
        return " · ".join(filter(None, (site, rigs, found.location if twin else "")))

    def verdict(self, group: int) -> str:
        """Return the verdict of a group in words."""
        return verdict_word(int(self.view.figures.decisions.verdict[group]))

    def money(self, value: float, digits: int | None = 0, *, signed: bool = False) -> str:
        """Return an amount in the book's currency."""
        return self.formats.money(value, self.currency, digits, signed=signed)
