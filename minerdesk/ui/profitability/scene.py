"""What every part of the page draws from: one evaluation, with names and units at hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import THS_PER_PHS
from minerdesk.services.evaluation import Evaluation, Figures
from minerdesk.services.words import Formats, is_small, mode_name
from minerdesk.ui.widgets.group_places import Places

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scene:
    """An evaluation with figures, and the operator's locale.

    Attributes:
        evaluation: whose ``figures`` are not None.
        figures: those figures.
        formats: the operator's locale.
        places: of the evaluation's book.
    """

    evaluation: Evaluation
    figures: Figures
    formats: Formats
    places: Places

    @cached_property
    def small(self) -> bool:
        """Whether the fleet speaks TH/s."""
        return is_small(self.evaluation)

    @property
    def digits(self) -> int:
        """Decimals of money per day: cents for a small fleet."""
        return 2 if self.small else 0

    @property
    def currency(self) -> str:
        """Of all money."""
        return self.evaluation.currency

    @property
    def price_per_btc(self) -> float:
        """The BTC price in force."""
        return self.figures.now.price_per_btc

    @property
    def hashrate_unit(self) -> str:
        """The unit the fleet speaks."""
        return "TH/s" if self.small else "PH/s"

    def group_index(self, group_id: str) -> int | None:
        """Return where a group stands in the book, or None where it does not."""
        return self.places.index(group_id)

    def hashrate(self, ths: Floats) -> Floats:
        """Return TH/s in the unit the fleet speaks."""
        return ths if self.small else ths / THS_PER_PHS

    def hashrate_words(self, ths: float) -> str:
        """Return a hashrate given in TH/s with the unit the fleet speaks."""
        value = ths if self.small else ths / THS_PER_PHS
        digits = 0 if value >= 100 else 1 if value >= 10 else 2
        return f"{self.formats.number(value, digits)} {self.hashrate_unit}"

    def money(self, value: float, *, signed: bool = False) -> str:
        """Return an amount in the book's currency."""
        return self.formats.money(value, self.currency, signed=signed)

    def margin(self, value: float) -> str:
        """Return money per day with its sign, to the cent for a small fleet."""
        digits = 2 if self.small or abs(value) < 10 else 0
        return self.formats.money(value, self.currency, digits, signed=True)

    def name(self, group: int) -> str:
        """Return site, model and count of a group; twins in these are told by their location."""
        return self.places.name(group, self.formats)

    @cached_property
    def margins(self) -> Floats:
        """Money a day after all power, shape (G,): of the rigs that run, else of all if run."""
        running = self.figures.economics.running_margin()
        return np.where(self.runs(), running, self.figures.column("margin_per_day"))

    def rigs_in_margin(self, group: int) -> int:
        """Return of how many rigs the margin of a group is: of those that run, else of all."""
        fleet = self.figures.fleet
        running = int(fleet.count[group] - fleet.off[group])
        return running or int(fleet.count[group])

    def step(self, block: int) -> str:
        """Return a mode step in words, such as ``off → eco``; a lone mode by its name alone."""
        blocks = self.figures.blocks
        before, after = int(blocks.from_mode[block]), int(blocks.to_mode[block])
        to = mode_name(self.evaluation, after)
        if not self.has_modes(int(blocks.group[block])):
            return to
        return f"{mode_name(self.evaluation, before)} → {to}"

    def has_modes(self, group: int) -> bool:
        """Whether a group can run in more than one mode."""
        first = self.figures.fleet.first
        return int(first[group + 1] - first[group]) > 1

    def runs(self) -> NDArray[np.bool_]:
        """Return which groups have a rig running now, shape (G,)."""
        fleet = self.figures.fleet
        found: NDArray[np.bool_] = fleet.off < fleet.count
        return found


def scene_of(evaluation: object, formats: Formats, before: Scene | None = None) -> Scene | None:
    """Return the scene of an evaluation that has figures, else None.

    Args:
        evaluation: a value of the slice.
        formats: the operator's locale.
        before: the scene so far; what depends on the book alone is taken over.
    """
    if not isinstance(evaluation, Evaluation) or evaluation.figures is None:
        return None
    places = Places.of_book(evaluation.book, None if before is None else before.places)
    return Scene(evaluation, evaluation.figures, formats, places)
