"""A plan as the window, the command line and the exports read it. Frozen; arrays are read-only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.services.planning.move import OFF, Flips, Move, Why
from minerdesk.services.planning.move_table import MoveTable
from minerdesk.services.planning.names import BookNames
from minerdesk.services.planning.together import Together

if TYPE_CHECKING:
    from minerdesk.engine.tariff import MarginalPrice

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

__all__ = [
    "OFF",
    "Flips",
    "Gains",
    "Hysteresis",
    "Move",
    "Plan",
    "PlanOptions",
    "PlanRows",
    "SitePlan",
    "WhatIf",
    "Why",
]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Sliders: factors on what the numbers say; 1 leaves them."""

    price_per_btc: float = 1.0
    difficulty: float = 1.0
    price_per_kwh: float = 1.0

    @property
    def is_real(self) -> bool:
        """Whether nothing is changed."""
        return self == WhatIf()


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What is asked.

    Attributes:
        hours: of the horizon, 24 to 336. step_minutes: 15, 30 or 60.
        seconds: of search at most. gap: proved gap at which it ends.
    """

    hours: int = 48
    step_minutes: int = 60
    what_if: WhatIf = field(default_factory=WhatIf)
    seconds: float = 30.0
    gap: float = 1e-4


@dataclass(frozen=True, slots=True)
class Hysteresis:
    """For who acts by hand: stop below one number, start again above the other.

    Attributes:
        stop_below_per_ph_day, start_above_per_ph_day: hashprice, at today's price of power.
        stop_above_per_kwh, start_below_per_kwh: price of power at the meter, at today's hashprice.
    """

    group: str
    stop_below_per_ph_day: float
    start_above_per_ph_day: float
    stop_above_per_kwh: float
    start_below_per_kwh: float


@dataclass(frozen=True, slots=True)
class SitePlan:
    """What a site sees, by step, shape (T,).

    Attributes:
        site: id. price: money of the plan's currency per kWh with its parts.
        known: where the price is known; elsewhere it is a forecast.
        known_until: until when all prices from the first step on are known, UTC; None where no
            price series is involved and all are.
        kw: load by the plan. kw_always_on: with every rig on. most_kw, least_kw: its rules,
            infinite and 0 where there is none.
        peak_kw: demand reached, or counted on, this month; NaN without a demand charge.
        may_start: whether rigs may start.
        notes: sentences on what was assumed.
    """

    site: str
    price: MarginalPrice
    known: Bools
    known_until: datetime | None
    kw: Floats
    kw_always_on: Floats
    most_kw: Floats
    least_kw: Floats
    peak_kw: float
    may_start: Bools
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gains:
    """Money over the horizon; None where the baseline breaks a rule of a site, with why.

    Attributes:
        over_always_on, over_threshold, over_as_is: against every rig on, against each step's best
            state without regard to starting costs, and against leaving all as it is.
        on_forecast: share of the gain that rests on forecast prices: of that over always-on, else
            over leaving all as it is, else over each step's best state.
    """

    over_always_on: float | None
    over_threshold: float | None
    over_as_is: float | None
    why_not_always_on: str = ""
    why_not_threshold: str = ""
    why_not_as_is: str = ""
    on_forecast: float = 0.0


@dataclass(frozen=True, slots=True)
class PlanRows:
    """Rigs of one group that do the same throughout, R rows.

    Attributes:
        group: (R,) index into the book's groups. rigs: (R,).
        state: (R, T), 0 for off and 1 + index of the group's mode.
    """

    group: Ints
    rigs: Ints
    state: NDArray[np.int8]

    def counts(self, group: int, states: int) -> Ints:
        """Return rigs of a group by step and state, (T, ``states``)."""
        found = np.zeros((self.state.shape[1], states), np.int64)
        steps = np.arange(self.state.shape[1])
        for row in np.flatnonzero(self.group == group):
            found[steps, self.state[row]] += self.rigs[row]
        return found


@dataclass(frozen=True, slots=True)
class Plan:
    """Which rig runs when.

    Attributes:
        book, book_revision, network_revision, made_at, options: what it was made from.
        currency: of all money, the book's.
        start_s: (T,) seconds since 1970 UTC at which each step starts.
        hashprice_per_ph_day: (T,). retarget_at: UTC of the next retarget where it falls into the
            horizon; retarget_pct, retarget_error_pct: its change, one standard deviation.
        group_of_row: (R,) index into ``book.groups``. rigs_of_row: (R,). state_of_row: (R, T), 0
            for off and 1 + index of the group's mode; of the *advised* plan.
        mode_names: by group, in the order of its modes.
        moves: in time; those not advised among them.
        objective, gains: of the exact plan. advised_objective, advised_gains: without the moves
            that are too close to call.
        bound: no plan can be worth more. finished: False while a better one is still looked for.
        cannot: why there is no plan, a sentence; else empty.
        starts: rigs started over the horizon. notes: sentences on what was assumed.
        pin_costs: by group id, what holding it costs over the horizon.
        known_until: the earliest of the sites', or None.
        exact: the rows of the exact plan, the moves too close to call inside; None where there is
            no plan.
        names: of the book's groups and sites; made here where none of this book were given.
        together: what many groups of a model and site do; made here where not of these rows.
    """

    book: Book
    book_revision: int
    network_revision: int
    made_at: datetime
    options: PlanOptions
    currency: str
    start_s: Floats
    hashprice_per_ph_day: Floats
    retarget_at: datetime | None
    retarget_pct: float
    retarget_error_pct: float
    group_of_row: Ints
    rigs_of_row: Ints
    state_of_row: NDArray[np.int8]
    mode_names: tuple[tuple[str, ...], ...]
    sites: tuple[SitePlan, ...]
    moves: Sequence[Move]
    objective: float
    advised_objective: float
    bound: float
    gains: Gains
    advised_gains: Gains
    hysteresis: Sequence[Hysteresis]
    starts: int
    seconds: float
    finished: bool
    known_until: datetime | None = None
    pin_costs: tuple[tuple[str, float], ...] = ()
    notes: tuple[str, ...] = ()
    cannot: str = ""
    exact: PlanRows | None = None
    names: BookNames = field(default_factory=lambda: BookNames(Book()), compare=False)
    together: Together | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.names.book is not self.book:
            object.__setattr__(self, "names", BookNames(self.book))
        if not isinstance(self.moves, MoveTable):
            object.__setattr__(self, "moves", MoveTable.of(self.moves, self.names.place))
        if self.together is None or self.together.rows.state is not self.state_of_row:
            object.__setattr__(self, "together", Together(self.names, self.rows))

    @property
    def table(self) -> MoveTable:
        """The moves with their columns."""
        return cast("MoveTable", self.moves)  # made so above

    @property
    def gap(self) -> float:
        """(bound - objective) / max(1, |objective|)."""
        return (self.bound - self.objective) / max(1.0, abs(self.objective))

    @property
    def step(self) -> timedelta:
        """Length of a step."""
        return timedelta(minutes=self.options.step_minutes)

    @property
    def begins(self) -> datetime:
        """Start of the first step, UTC."""
        return datetime.fromtimestamp(float(self.start_s[0]), UTC)

    @property
    def ends(self) -> datetime:
        """End of the last step, UTC."""
        return datetime.fromtimestamp(float(self.start_s[-1]), UTC) + self.step

    @property
    def advised(self) -> MoveTable:
        """The moves that are advised."""
        return self.table.advised_ones

    @property
    def close(self) -> MoveTable:
        """The moves that are too close to call."""
        return self.table.close_ones

    @property
    def rows(self) -> PlanRows:
        """The rows of the advised plan."""
        return PlanRows(self.group_of_row, self.rigs_of_row, self.state_of_row)

    def counts(self, group: int) -> Ints:
        """Return rigs of a group by step and state, (T, 1 + modes), of the advised plan."""
        return self.rows.counts(group, 1 + len(self.mode_names[group]))
