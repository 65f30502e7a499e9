"""A book and an evaluation as rows and columns, each column made when it is first asked for."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import ModeCount, Origin, RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.services.evaluation import Evaluation, Figures, Standing
from minerdesk.services.words.formats import Formats
from minerdesk.services.words.standing import is_small

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NO_ROW = -1


class TextCodes(NamedTuple):
    """A text column: its different texts, sorted without regard to case, and each row's place."""

    words: tuple[str, ...]
    codes: Ints


@dataclass(frozen=True, slots=True)
class ModeShown:
    """The operating point a row shows, and where its two numbers come from."""

    name: str
    hashrate_ths: float
    power_w: float
    hashrate_origin: Origin = Origin.NAMEPLATE
    power_origin: Origin = Origin.NAMEPLATE


class FleetRows:
    """One book with the figures that are known of it. Never changed; columns are kept once made.

    A group that was edited after the evaluation has no figures until the next one: a row never
    shows the figures of another state of itself.

    Attributes:
        book: whose groups are the rows, in its order.
        evaluation: the newest, maybe of an earlier state of the book, or None.
        formats: the operator's locale.
        small: whether the fleet is small and speaks TH/s, sats, days and months.
    """

    def __init__(self, book: Book, evaluation: Evaluation | None, formats: Formats) -> None:
        self.book = book
        self.formats = formats
        self.evaluation = evaluation
        self.small = evaluation is not None and is_small(evaluation)
        self.models: dict[str, RigModel] = {model.name: model for model in book.models}
        self.sites: dict[str, Site] = {site.id: site for site in book.sites}
        self._kept: dict[str, Any] = {}
        self._take, self._pending = _match(book, evaluation)

    def __len__(self) -> int:
        return len(self.book.groups)

    @property
    def figures(self) -> Figures | None:
        """The engine's arrays behind `figure`, or None."""
        return None if self.evaluation is None else self.evaluation.figures

    @property
    def is_advice(self) -> bool:
        """Whether verdicts are advice: neither an example nor from numbers that are too old."""
        return self.evaluation is not None and self.evaluation.standing is Standing.ADVICE

    @property
    def settled(self) -> bool:
        """Whether the figures are of this very book."""
        return self.evaluation is not None and self.evaluation.book is self.book

    def keep(self, key: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - as `make` returns
        """Return what is kept under ``key``, made on the first call."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def group(self, row: int) -> RigGroup:
        """Return the group of a row."""
        return self.book.groups[row]

    def place_of(self, group_id: str) -> int:
        """Return the row of a group, or `NO_ROW`."""
        places: dict[str, int] = self.keep(
            "places", lambda: {group.id: row for row, group in enumerate(self.book.groups)}
        )
        return places.get(group_id, NO_ROW)

    def model(self, row: int) -> RigModel:
        """Return the model of a row's group."""
        return self.models[self.book.groups[row].model]

    def evaluated(self, row: int) -> int:
        """Return the row's place in the evaluation, or `NO_ROW` where it has no figures yet."""
        if self.figures is None or (self._pending is not None and self._pending[row]):
            return NO_ROW
        return row if self._take is None else int(self._take[row])

    def figure(self, name: str) -> Floats:
        """Return a figure by row, shape (G,): of `Figures.column`, the decisions or the fleet.

        NaN where there is none.
        """
        found: Floats = self.keep(f"figure {name}", lambda: self._figure(name))
        return found

    def numbers(self, key: str, of: Callable[[RigGroup], float]) -> Floats:
        """Return a number of each group, shape (G,)."""
        made: Floats = self.keep(
            f"numbers {key}", lambda: np.fromiter(map(of, self.book.groups), np.float64, len(self))
        )
        return made

    def texts(self, key: str, of: Callable[[RigGroup], str]) -> TextCodes:
        """Return a text column by its different texts."""
        made: TextCodes = self.keep(
            f"texts {key}", lambda: _codes([of(group) for group in self.book.groups])
        )
        return made

    def site_name(self, group: RigGroup) -> str:
        """Return the name of a group's site."""
        return self.sites[group.site].name

    def mode_shown(self, row: int) -> ModeShown:
        """Return the mode whose figures the row shows: the one most rigs run in, else the best."""
        group, model = self.book.groups[row], self.model(row)
        names = mode_names(group, model)
        place, figures = self.evaluated(row), self.figures
        if place != NO_ROW and figures is not None:
            mode = figures.decisions.reference_mode[place] - figures.fleet.first[place]
            return mode_at(group, model, names[int(mode)])
        running = running_of(group, model)
        most = max(running, key=operator.attrgetter("count"), default=None)
        return mode_at(group, model, most.mode if most is not None else names[0])

    def rate(self, name: str) -> Floats:
        """Return ``hashrate_ths`` or ``power_w`` of the mode shown by row, shape (G,)."""
        made: Floats = self.keep(f"rate {name}", lambda: self._rate(name))
        return made

    def _rate(self, name: str) -> Floats:
        figures = self.figures
        if figures is not None and self.settled:
            source = figures.fleet.ths if name == "hashrate_ths" else figures.fleet.power_w
            return source[figures.decisions.reference_mode]
        values = (getattr(self.mode_shown(row), name) for row in range(len(self)))
        return np.fromiter(values, np.float64, len(self))

    def _figure(self, name: str) -> Floats:
        figures = self.figures
        if figures is None:
            return np.full(len(self), np.nan)
        for source in (figures.decisions, figures.fleet):
            if hasattr(source, name):
                values = np.asarray(getattr(source, name), np.float64)
                break
        else:
            values = _now(figures, name) if name in _NOW else figures.column(name)
        if self._take is not None:
            values = values[self._take]
        if self._pending is not None:
            values = np.where(self._pending, np.nan, values)
        return values


def mode_names(group: RigGroup, model: RigModel) -> tuple[str, ...]:
    """Return the names of a group's modes: the model's, then its own."""
    names = [mode.name for mode in model.modes]
    return tuple(dict.fromkeys([*names, *(override.mode for override in group.overrides)]))


def mode_at(group: RigGroup, model: RigModel, name: str) -> ModeShown:
    """Return one mode of a group with the origin of its numbers."""
    plate = next((mode for mode in model.modes if mode.name == name), None)
    over = next((each for each in group.overrides if each.mode == name), None)
    ths = over.hashrate_ths if over is not None else None
    watts = over.power_w if over is not None else None
    if over is None or (ths is None and watts is None):
        if plate is None:
            return ModeShown(name, float("nan"), float("nan"))
        return ModeShown(name, plate.hashrate_ths, plate.power_w)
    return ModeShown(
        name,
        ths if ths is not None else plate.hashrate_ths if plate else float("nan"),
        watts if watts is not None else plate.power_w if plate else float("nan"),
        over.hashrate_origin if ths is not None else Origin.NAMEPLATE,
        over.power_origin if watts is not None else Origin.NAMEPLATE,
    )


def running_of(group: RigGroup, model: RigModel) -> tuple[ModeCount, ...]:
    """Return what runs now; without a state all rigs run in the first mode."""
    if group.state_now is None:
        return (ModeCount(model.modes[0].name, group.count),)
    return tuple(entry for entry in group.state_now.running if entry.count)


_NOW = ("revenue_now", "margin_now", "power_kw_now", "hashrate_ths_now")


def _now(figures: Figures, name: str) -> Floats:
    """Return a sum over what runs now, by group; see `services.totals` for the same by site."""
    fleet, prepared = figures.fleet, figures.economics.prepared
    ran = fleet.running / prepared.count
    first = fleet.first[:-1]

    def over(per_mode: Floats) -> Floats:
        return np.add.reduceat(ran * per_mode, first)

    if name == "hashrate_ths_now":
        return over(prepared.nameplate_ths)
    if name == "power_kw_now":
        idle_kw = fleet.off * fleet.idle_w * fleet.pue / 1000
        return over(prepared.kwh_per_day) / 24 + idle_kw
    if name == "revenue_now":
        return over(figures.economics.revenue_per_day)
    return figures.economics.margin_now()


def _match(
    book: Book, evaluation: Evaluation | None
) -> tuple[Ints | None, NDArray[np.bool_] | None]:
    """Return where each row stands in the evaluation, and which rows it does not know.

    None for both where every row stands at its own place and is known.
    """
    if evaluation is None or evaluation.figures is None or evaluation.book is book:
        return None, None
    old, new = evaluation.book, book
    shared = ("sites", "tariffs", "currency")
    if any(getattr(old, name) != getattr(new, name) for name in shared):
        return np.zeros(len(new.groups), np.int64), np.ones(len(new.groups), bool)
    if old.models is not new.models:
        models = {model.name: model for model in old.models}
        if any(models.get(model.name, model) != model for model in new.models):
            return np.zeros(len(new.groups), np.int64), np.ones(len(new.groups), bool)
    if len(old.groups) == len(new.groups):
        same = np.fromiter(map(operator.is_, old.groups, new.groups), bool, len(new.groups))
        if all(old.groups[i].id == new.groups[i].id for i in np.flatnonzero(~same)):
            return None, ~same
    places = {id(group): place for place, group in enumerate(old.groups)}
    take = np.fromiter(
        (places.get(id(group), NO_ROW) for group in new.groups), np.int64, len(new.groups)
    )
    return np.maximum(take, 0), take == NO_ROW


def _codes(texts: Iterable[str]) -> TextCodes:
    texts = list(texts)
    words = sorted(set(texts))
    words.sort(key=str.casefold)  # twice, as sorting plain texts is far quicker than pairs
    place = {word: number for number, word in enumerate(words)}
    codes = np.fromiter(map(place.__getitem__, texts), np.int64, len(texts))
    return TextCodes(tuple(words), codes)
