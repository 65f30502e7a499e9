"""Many moves as columns: what is asked of all is arithmetic, and only those looked at are made."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Final, NamedTuple, overload
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from minerdesk.services.planning.move import OFF, Move, Why

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

OFF_CODE: Final = 0
WHYS: Final = tuple(Why)
_PLACE_OF: Final = {why: place for place, why in enumerate(WHYS)}
_KEY_TIME: Final = "%Y%m%dT%H%MZ"


@dataclass(frozen=True, slots=True)
class Columns:
    """What is asked of all moves, shape (N,) each.

    Attributes:
        at_s, until_s: seconds since 1970 UTC; infinite where there is no end.
        group: place in the book; from the number of its groups on where it holds no such.
        count: rigs.
        site: index into `MoveTable.sites`. before, after: states, index into `MoveTable.states`.
        advised: False where too close to call. forced: a rule or pin demands it.
        worth, doubt: money, NaN where it is not known. why: index into `WHYS`.
    """

    at_s: Floats
    until_s: Floats
    group: Ints
    site: Ints
    count: Ints
    before: Ints
    after: Ints
    advised: Bools
    forced: Bools
    worth: Floats
    doubt: Floats
    why: Ints

    @property
    def stops(self) -> Bools:
        """Which go off."""
        found: Bools = self.after == OFF_CODE
        return found

    @property
    def starts(self) -> Bools:
        """Which come from off."""
        found: Bools = self.before == OFF_CODE
        return found

    def parts(self) -> Ints:
        """Return which of the moves alike in time, group and states each is, from 1.

        Those that are advised come first, then those that end first.
        """
        states = 1 + int(max(self.before.max(initial=0), self.after.max(initial=0)))
        deed = (self.group * states + self.before) * states + self.after
        deed += self.at_s.astype(np.int64) * (1 + deed.max(initial=0))
        found = np.ones(len(deed), np.int64)
        order = np.argsort(deed, kind="stable")
        again = deed[order[1:]] == deed[order[:-1]]
        # Nearly all are alone, and sorting by many keys takes its time.
        alike = np.zeros(len(deed), np.bool_)
        alike[1:] |= again
        alike[:-1] |= again
        some = order[alike]
        some = some[np.lexsort((self.until_s[some], ~self.advised[some], deed[some]))]
        place = np.arange(len(some))
        new = np.ones(len(some), np.bool_)
        new[1:] = deed[some[1:]] != deed[some[:-1]]
        found[some] = 1 + place - np.maximum.accumulate(np.where(new, place, 0))
        return found

    def take(self, which: Ints) -> Columns:
        """Return some."""
        return Columns(**{each.name: getattr(self, each.name)[which] for each in fields(self)})


class MoveTable(Sequence[Move]):
    """Moves in an order. A move is made when it is asked for by its place, and kept.

    Args:
        columns: of the moves.
        codes: what ``columns.group`` says of a group's id.
        sites: ids that ``columns.site`` counts.
        states: names of states that ``columns.before`` and ``after`` count; the first is `OFF`.
        make: returns the move of a place.
        source: places that ``make`` counts, (N,); None takes 0 to N.
        kept: moves that were made already, by those places.
    """

    def __init__(
        self,
        columns: Columns,
        codes: Mapping[str, int],
        sites: Sequence[str],
        states: Sequence[str],
        make: Callable[[int], Move],
        *,
        source: Ints | None = None,
        kept: dict[int, Move] | None = None,
    ) -> None:
        self.columns, self.sites, self.states = columns, sites, states
        self._codes, self._make = codes, make
        self._source = np.arange(len(columns.at_s)) if source is None else source
        self._kept = {} if kept is None else kept

    @classmethod
    def of(cls, moves: Iterable[Move], places: Mapping[str, int]) -> MoveTable:
        """Return a table of moves that are made already.

        Args:
            moves: in their order.
            places: of the groups in the book.
        """
        made = tuple(moves)
        unknown = dict.fromkeys(move.group for move in made if move.group not in places)
        ids = places
        if unknown:
            ids = {**places, **{group: len(places) + i for i, group in enumerate(unknown)}}
        states = {OFF: OFF_CODE}
        sites: dict[str, int] = {}
        columns = Columns(
            at_s=np.array([move.at.timestamp() for move in made], np.float64),
            until_s=np.array(
                [math.inf if move.until is None else move.until.timestamp() for move in made],
                np.float64,
            ),
            group=np.array([ids[move.group] for move in made], np.int64),
            count=np.array([move.count for move in made], np.int64),
            site=np.array([sites.setdefault(m.site, len(sites)) for m in made], np.int64),
            before=np.array([states.setdefault(m.before, len(states)) for m in made], np.int64),
            after=np.array([states.setdefault(m.after, len(states)) for m in made], np.int64),
            advised=np.array([move.advised for move in made], np.bool_),
            forced=np.array([move.forced for move in made], np.bool_),
            worth=np.array([move.worth for move in made], np.float64),
            doubt=np.array([move.doubt for move in made], np.float64),
            why=np.array([_PLACE_OF[move.why] for move in made], np.int64),
        )
        return cls(columns, ids, tuple(sites), tuple(states), made.__getitem__)

    # --- a sequence

    def __len__(self) -> int:
        return len(self._source)

    @overload
    def __getitem__(self, place: int) -> Move: ...

    @overload
    def __getitem__(self, place: slice) -> MoveTable: ...

    def __getitem__(self, place: int | slice) -> Move | MoveTable:
        """Return a move, or a table of some."""
        if isinstance(place, slice):
            return self.take(np.arange(len(self))[place])
        source = int(self._source[place])
        found = self._kept.get(source)
        if found is None:
            # Two threads may make one at once: the first that is kept is everybody's.
            found = self._kept.setdefault(source, self._make(source))
        return found

    def __iter__(self) -> Iterator[Move]:
        """Yield the moves; those nobody asked for by their place are not kept."""
        for source in self._source.tolist():
            yield self._kept.get(source) or self._make(source)

    def __eq__(self, other: object) -> bool:
        """Whether another sequence holds equal moves."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(
            one == its for one, its in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment] # as a list: it is compared by what it holds

    def __repr__(self) -> str:
        return f"MoveTable({list(self)!r})"

    # --- some of them

    def take(self, which: Ints) -> MoveTable:
        """Return the moves of these places, in this order."""
        return MoveTable(
            self.columns.take(which),
            self._codes,
            self.sites,
            self.states,
            self._make,
            source=self._source[which],
            kept=self._kept,
        )

    def where(self, mask: Bools) -> MoveTable:
        """Return the moves of which ``mask`` (N,) says so."""
        return self.take(np.flatnonzero(mask))

    def with_counts(self, count: Ints) -> MoveTable:
        """Return the moves for fewer rigs, their worth in proportion.

        Args:
            count: (N,), each at least 1 and at most what it was.
        """
        if np.array_equal(count, self.columns.count):
            return self
        share = count / self.columns.count
        places = {int(source): place for place, source in enumerate(self._source)}

        def make(source: int) -> Move:
            place, move = places[source], self._kept.get(source) or self._make(source)
            fewer = int(count[place])
            if fewer == move.count:
                return move
            return replace(move, count=fewer, worth=move.worth * float(share[place]))

        columns = replace(self.columns, count=count, worth=self.columns.worth * share)
        return MoveTable(columns, self._codes, self.sites, self.states, make, source=self._source)

    @cached_property
    def advised_ones(self) -> MoveTable:
        """Those that are advised."""
        return self if self.columns.advised.all() else self.where(self.columns.advised)

    @cached_property
    def close_ones(self) -> MoveTable:
        """Those that are too close to call."""
        return self.where(~self.columns.advised)

    @cached_property
    def deeds(self) -> Mapping[str, int]:
        """What is done, such as ``s19/normal>off``, to the move's place; in the moves' order.

        By what is done and not by when: a move that is due stays the same an hour later. One that
        comes again has a number.
        """
        names, columns = list(self._codes), self.columns
        found: dict[str, int] = {}
        for group, before, after in zip(
            *(each.tolist() for each in (columns.group, columns.before, columns.after)), strict=True
        ):
            deed = plain = f"{names[group]}/{self.states[before]}>{self.states[after]}"
            again = 0
            while deed in found:
                again += 1
                deed = f"{plain}#{again}"
            found[deed] = len(found)
        return found

    # --- finding one

    def place_of(self, move: Move) -> int | None:
        """Return where a move is, known by its time, group and states, best with the same end."""
        alike = [
            place
            for place in self._at(move.at, (self._code(move.group),))
            if _same(self[place], move)
        ]
        with_end = (place for place in alike if self[place].until == move.until)
        return next(with_end, alike[0] if alike else None)

    def with_key(self, key: str) -> Move | None:
        """Return the move of a key (`Move.key`), or None."""
        first, *names = key.split("/")
        try:
            at = datetime.strptime(first.partition("#")[0], _KEY_TIME).replace(tzinfo=UTC)
            _site, group, _states = names
        except ValueError:
            return None
        then = self._at(at, (self._code(unquote(group)),))
        return next((self[place] for place in then if self[place].key == key), None)

    def _at(self, at: datetime, codes: Iterable[int]) -> list[int]:
        then = np.flatnonzero(self.columns.at_s == at.timestamp())
        found: list[int] = then[np.isin(self.columns.group[then], list(codes))].tolist()
        return found

    def _code(self, group_id: str) -> int:
        return self._codes.get(group_id, -1)


def _same(one: Move, other: Move) -> bool:
    return one.group == other.group and one.before == other.before and one.after == other.after


class Tally(NamedTuple):
    """Rigs by what is done to them."""

    power_down: int = 0
    start: int = 0
    change_mode: int = 0


def tally(moves: MoveTable) -> Tally:
    """Return how many rigs are powered down, started, and put into another mode."""
    count, stops, starts = moves.columns.count, moves.columns.stops, moves.columns.starts
    down = int(count[stops].sum())
    start = int(count[starts & ~stops].sum())
    return Tally(down, start, int(count.sum()) - down - start)
