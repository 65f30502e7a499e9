"""What every part of the page draws from: one view with names at hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from minerdesk.services.standing.view import StandingView
from minerdesk.services.words import Formats, verdict_word
from minerdesk.ui.widgets.group_places import Places


@dataclass(frozen=True)
class Scene:
    """A view and the operator's locale, with the places of the view's book."""

    view: StandingView
    formats: Formats
    places: Places

    @classmethod
    def of(cls, view: StandingView, formats: Formats, before: Scene | None = None) -> Scene:
        """Return the scene of a view; what depends on the book alone is taken over."""
        kept = None if before is None else before.places
        return cls(view, formats, Places.of_book(view.evaluation.book, kept))

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
        return self.places.index(group_id)

    def group_id(self, group: int) -> str:
        """Return the id of a group."""
        return self.view.evaluation.book.groups[group].id

    def name(self, group: int) -> str:
        """Return site, model and count of a group; twins in these are told by their location."""
        return self.places.name(group, self.formats)

    def verdict(self, group: int) -> str:
        """Return the verdict of a group in words."""
        return verdict_word(int(self.view.figures.decisions.verdict[group]))

    def money(self, value: float, digits: int | None = 0, *, signed: bool = False) -> str:
        """Return an amount in the book's currency."""
        return self.formats.money(value, self.currency, digits, signed=signed)
