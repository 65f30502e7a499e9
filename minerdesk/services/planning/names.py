"""What is asked of a book's groups by their id, kept with each plan of the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import Pin, RigGroup
from minerdesk.domain.units import W_PER_KW
from minerdesk.engine.fleet import modes_of
from minerdesk.services.planning.move import OFF

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PINS: Final = tuple(Pin)


class BookNames:
    """Indices over one book. Each is made when first asked for; any thread may ask.

    Who makes a plan off the GUI thread asks for all (`make_all`), so that no page waits for one.
    """

    def __init__(self, book: Book) -> None:
        self.book = book

    def make_all(self) -> BookNames:
        """Make every index now."""
        _ = (self.place, self.alike, self.site_of, self.model_of, self.alike_of, self.counts)
        _ = (self.pin, self.ths_per_kw, self.rigs, self.states)
        return self

    def group(self, group_id: str) -> RigGroup:
        """Return a group.

        Raises:
            KeyError: there is no such group.
        """
        return self.book.groups[self.place[group_id]]

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Places in the book by the id of a group."""
        return {group.id: index for index, group in enumerate(self.book.groups)}

    @cached_property
    def sites(self) -> Mapping[str, str]:
        """Names of sites by their id."""
        return {site.id: site.name for site in self.book.sites}

    @cached_property
    def alike(self) -> Mapping[tuple[str, str], int]:
        """How many groups there are by site and model."""
        return Counter((group.site, group.model) for group in self.book.groups)

    def mark(self, group_id: str) -> str:
        """Return what tells a group from others of its model and site; nothing without such."""
        group = self.group(group_id)
        if self.alike[group.site, group.model] == 1:
            return ""
        return group.location or group.id

    @cached_property
    def site_of(self) -> Ints:
        """Place of each group's site in the book, (G,)."""
        place = {site.id: index for index, site in enumerate(self.book.sites)}
        return np.array([place[group.site] for group in self.book.groups], np.int64)

    @cached_property
    def model_of(self) -> Ints:
        """A number for each group's model, (G,)."""
        seen: dict[str, int] = {}
        return np.array(
            [seen.setdefault(group.model, len(seen)) for group in self.book.groups], np.int64
        )

    @cached_property
    def alike_of(self) -> Ints:
        """A number for each group's model at its site, (G,)."""
        key = self.site_of * (int(self.model_of.max(initial=0)) + 1) + self.model_of
        number: Ints = np.unique(key, return_inverse=True)[1].reshape(-1).astype(np.int64)
        return number

    @cached_property
    def counts(self) -> Ints:
        """Rigs of each group, (G,)."""
        return np.array([group.count for group in self.book.groups], np.int64)

    @cached_property
    def rigs(self) -> int:
        """Rigs of the whole book."""
        return int(self.counts.sum())

    @cached_property
    def states(self) -> tuple[tuple[str, ...], Ints]:
        """Names of states, `OFF` first, and which of them each state of a group is, (G, S).

        A group's state 0 is off, 1 its first mode.
        """
        models = {model.name: model for model in self.book.models}
        names = {OFF: 0}
        kinds: dict[tuple[str, ...], int] = {}
        kind_of = [
            kinds.setdefault(
                tuple(mode.name for mode in modes_of(group, models[group.model])), len(kinds)
            )
            for group in self.book.groups
        ]
        codes = np.zeros((len(kinds), 1 + max(map(len, kinds), default=0)), np.int64)
        for kind, place in kinds.items():
            codes[place, 1 : 1 + len(kind)] = [names.setdefault(each, len(names)) for each in kind]
        return tuple(names), codes[np.array(kind_of, np.int64)]

    @cached_property
    def pin(self) -> Ints:
        """Whether each group is held on or off, index into `PINS`, (G,)."""
        code = {pin: place for place, pin in enumerate(PINS)}
        return np.array([code[group.pin] for group in self.book.groups], np.int64)

    @property
    def pinned(self) -> Ints:
        """Places of the groups that are held on or off."""
        return np.flatnonzero(self.pin != PINS.index(Pin.FREE))

    @cached_property
    def ths_per_kw(self) -> Floats:
        """Paid TH/s per kW that a group draws more on than off, in its best mode, (G,).

        Of avoided power, PUE inside, net of pool and firmware fees and of rejected work; the pool's
        fee on the subsidy is taken for the fees too, which are a few hundredths of the reward.
        Uptime shortens earning and power alike, so it does not count. Infinite for a group that
        draws no more on than off.
        """
        models = {model.name: model for model in self.book.models}
        pue = {site.id: site.pue for site in self.book.sites}
        best = np.empty(len(self.book.groups))
        for index, group in enumerate(self.book.groups):
            model = models[group.model]
            idle_w = model.idle_w if group.idle_w is None else group.idle_w
            kept = (1 - group.reject_rate) * (1 - group.firmware_fee) * (1 - group.pool_fee)
            best[index] = max(
                (
                    mode.hashrate_ths
                    * kept
                    / ((mode.power_w - idle_w) / W_PER_KW * pue[group.site])
                    for mode in modes_of(group, model)
                    if mode.power_w > idle_w
                ),
                default=np.inf,
            )
        return best
