"""The moves of a schedule as arrays, before they are a plan's."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minerdesk.services.planning.move import Flips, Move
from minerdesk.services.planning.move_table import WHYS, Columns, MoveTable
from minerdesk.services.planning.names import BookNames
from minerdesk.services.planning.problem_of import Question
from minerdesk.services.planning.spans import Spans

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Written:
    """Moves, shape (N,) each, rising by ``key``.

    Attributes:
        key: see `packed`; of one move in any schedule of the same question.
        group, site: places in the book. at, until: steps; ``until`` is the number of steps where
            they do not change again. before, after: states. count: rigs. why: index into `WHYS`.
        price, break_even: per kWh. worth, doubt: money. revenue, kwh, later: as in `Spans`.
        kept: what a host's share of the profit leaves of power's cost.
        short: it ends their time on before its shortest. detail: name of an event or rule, str.
    """

    key: Ints
    group: Ints
    site: Ints
    at: Ints
    until: Ints
    before: Ints
    after: Ints
    count: Ints
    why: Ints
    price: Floats
    break_even: Floats
    worth: Floats
    doubt: Floats
    revenue: Floats
    kwh: Floats
    later: Floats
    kept: Floats
    advised: Bools
    forced: Bools
    short: Bools
    detail: NDArray[np.object_]

    def take(self, which: NDArray[Any]) -> Written:
        """Return some, by places or by a mask."""
        return Written(**{each.name: getattr(self, each.name)[which] for each in fields(self)})

    def and_left_out(self, exact: Written) -> Written:
        """Return these, all advised, and those of the exact schedule that were left out of it."""
        # What was looked at and kept is advised: leaving it out would break a rule.
        kept = replace(
            self, advised=np.ones(len(self.key), np.bool_), forced=self.forced | ~self.advised
        )
        place = np.minimum(np.searchsorted(self.key, exact.key), max(len(self.key) - 1, 0))
        known = np.zeros(len(exact.key), np.int64)
        if len(self.key):
            known = np.where(self.key[place] == exact.key, self.count[place], 0)
        count = exact.count - known
        share = count / np.maximum(exact.count, 1)
        left = replace(
            exact,
            count=count,
            worth=exact.worth * share,
            doubt=exact.doubt * share,
            advised=np.zeros(len(exact.key), np.bool_),
        ).take(count > 0)
        both = Written(
            **{
                each.name: np.concatenate((getattr(kept, each.name), getattr(left, each.name)))
                for each in fields(self)
            }
        )
        return both.take(np.argsort(both.key, kind="stable"))

    def table(self, question: Question, names: BookNames) -> MoveTable:
        """Return them as a plan's moves."""
        start_s, steps = question.start_s, question.problem.horizon.steps
        edges_s = np.append(start_s, np.inf)
        states, codes = names.states
        columns = Columns(
            at_s=start_s[self.at],
            until_s=edges_s[np.minimum(self.until, steps)],
            group=self.group,
            site=self.site,
            count=self.count,
            before=codes[self.group, self.before],
            after=codes[self.group, self.after],
            advised=self.advised,
            forced=self.forced,
            worth=self.worth,
            doubt=self.doubt,
            why=self.why,
        )
        parts = columns.parts()
        sites = tuple(site.id for site in question.fleet.book.sites)
        numbers = question.numbers.price_per_btc, question.numbers.difficulty

        def make(place: int) -> Move:
            move = self._move(place, columns, states, names, numbers)
            return move if parts[place] == 1 else replace(move, part=int(parts[place]))

        return MoveTable(columns, names.place, sites, states, make)

    def _move(
        self,
        place: int,
        columns: Columns,
        states: tuple[str, ...],
        names: BookNames,
        numbers: tuple[float, float],
    ) -> Move:
        group = names.book.groups[int(self.group[place])]
        until_s, worth = float(columns.until_s[place]), float(self.worth[place])
        later, revenue = float(self.later[place]), float(self.revenue[place])
        factor = 1 - worth / revenue if revenue else 0.0
        kwh, price = float(self.kwh[place]), float(self.price[place])
        kept = float(self.kept[place])
        at_price = price + worth / (kwh * kept) if kwh else float("nan")
        return Move(
            at=datetime.fromtimestamp(float(columns.at_s[place]), UTC),
            until=datetime.fromtimestamp(until_s, UTC) if np.isfinite(until_s) else None,
            site=group.site,
            group=group.id,
            count=int(self.count[place]),
            before=states[columns.before[place]],
            after=states[columns.after[place]],
            why=WHYS[self.why[place]],
            price_per_kwh=price,
            break_even_per_kwh=float(self.break_even[place]),
            worth=worth,
            doubt=float(self.doubt[place]),
            flips=Flips(
                price_per_btc=numbers[0] * factor if factor > 0 else None,
                price_per_kwh=at_price if np.isfinite(at_price) else None,
                difficulty=numbers[1] / factor if factor > 0 else None,
            ),
            advised=bool(self.advised[place]),
            forced=bool(self.forced[place]),
            on_forecast=abs(later) / (abs(later) + abs(worth - later)) if later else 0.0,
            detail=self.detail[place],
            overrides_min_on=bool(self.short[place]),
        )


def packed(question: Question, site: Ints, group: Ints, spans: Spans) -> Ints:
    """Return a number for each change, equal for one move, in the order of time, site and group."""
    units, steps = question.problem.units, question.problem.horizon.steps
    states = 1 + units.modes
    key = spans.at * len(question.fleet.book.sites) + site
    key = key * len(question.fleet.book.groups) + group
    key = key * (steps + 1) + spans.until
    found: Ints = (key * states + spans.before) * states + spans.after
    return found
