"""What a plan is asked: units of equal rigs, a horizon of steps, and the rules of the sites.

Money is in one currency. A *unit* is planned as one: rigs of one group that begin in the same
state. States are numbered 0 for off and ``1 + m`` for the m-th mode of the unit's group.

Per step of ``hours`` and rig, mode m earns ``paid_subsidy x income_subsidy + paid_fees x
income_fees`` times ``keep`` and pays ``kw x hours x price``; off pays ``off_kw x hours x price``. A
start costs its wear and the earnings of its lost minutes, beginning with the step it falls in and
running over into the next ones of the horizon; a change of mode likewise, without wear; a stop
costs its wear. Whole minutes count against the mode that is entered, whatever comes after.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
States = NDArray[np.int8]

OFF_STATE = 0
LONG_AGO = 1_000_000  # steps: an age at which no minimum time binds


@dataclass(frozen=True, slots=True)
class Horizon:
    """The steps, and what the network and the sites' tariffs say of each.

    Attributes:
        hours: length of a step.
        day: (sites, T) local day number, for the most starts a day.
        income_subsidy, income_fees: (T,) money that one TH/s earns in the step, of each part of the
            block reward, before any fee.
        price: (sites, T) money per kWh at the meter, demand charges outside; may be negative.
    """

    hours: float
    day: Ints
    income_subsidy: Floats
    income_fees: Floats
    price: Floats

    @property
    def steps(self) -> int:
        """Number of steps, T."""
        return len(self.income_subsidy)


@dataclass(frozen=True, slots=True)
class Units:
    """What is planned, U units of at most M modes; a mode a unit lacks has ``has`` False.

    Attributes:
        group: (U,) index of the group in the fleet. site: (U,) index of the site.
        rigs: (U,) whole rigs of the unit.
        has: (U, M). paid_subsidy, paid_fees: (U, M) TH/s of one rig that are paid.
        kw: (U, M) draw of one rig at the meter, uptime and PUE inside. off_kw: (U,) while off.
        keep: (U,) 1 less the site's required margin.
        wear_start, wear_stop: (U,) money. start_lost_h, mode_lost_h: (U,) hours.
        min_on, min_off: (U,) steps, at least 1. most_starts: (U,) a day; 0 means any number.
        state: (U,) before the horizon, 0 off or 1 + mode. age: (U,) whole steps it has lasted then,
            -1 where it began inside the first step, `LONG_AGO` where not known.
        starts_today: (U,) on the day of the first step.
        rule: (U,) row of `Rules.allowed`; row 0 allows everything.
    """

    group: Ints
    site: Ints
    rigs: Ints
    has: Bools
    paid_subsidy: Floats
    paid_fees: Floats
    kw: Floats
    off_kw: Floats
    keep: Floats
    wear_start: Floats
    wear_stop: Floats
    start_lost_h: Floats
    mode_lost_h: Floats
    min_on: Ints
    min_off: Ints
    most_starts: Ints
    state: States
    age: Ints
    starts_today: Ints
    rule: Ints

    @property
    def count(self) -> int:
        """Number of units, U."""
        return len(self.rigs)

    @property
    def modes(self) -> int:
        """The most modes a unit has, M."""
        return int(self.has.shape[1])


@dataclass(frozen=True, slots=True)
class Demand:
    """A demand charge of one site inside the horizon: one billing month of one charge.

    Attributes:
        site: index. per_kw: money for each kW above ``floor_kw``. Of a charge with tiers each is a
            charge of its own, with what it adds or, where cheaper, takes off from its border on.
        interval: (T,) number of the metering interval of each step, -1 where it does not count.
            Intervals longer than a step hold several; where a step is longer than the interval its
            mean stands for all intervals inside.
        floor_kw: what is reached, or will be, anyway.
        hours_before: hours of the first interval that lie before the horizon, with their mean load
            ``kw_before``.
        of_energy: it is the border of an energy tier: one interval, as long as the month's part of
            the horizon, so that its mean tells the kWh.
    """

    site: int
    per_kw: float
    interval: Ints
    floor_kw: float
    name: str = ""
    hours_before: float = 0.0
    kw_before: float = 0.0
    of_energy: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A load of one site above which another kWh costs ``above`` instead of `price`.

    Of take-or-pay: `Horizon.price` of the site holds what a kWh inside the block is worth (sold
    back, or 0). What several blocks of a site add to the price adds up.

    Attributes:
        above: (T,) money per kWh.
        of_credit: what is more, or less, is a credit for power that is not drawn.
    """

    site: int
    kw: float
    above: Floats
    of_credit: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site demands, and which states are allowed when.

    Site kW are those of its rigs, on or off, and its fixed load.

    Attributes:
        allowed: (K, T, M + 1) states a unit may be in; row 0 is all True.
        may_start: (sites, T) whether a start may fall in the step.
        fixed_kw: (sites,). load_before_kw: (sites,) before the horizon, for the ramp.
        most_kw, least_kw: (sites, T); infinite and 0 where there is no rule.
        ramp_kw: (sites,) most change from step to step; infinite where there is none.
        forced_off: (K, T) where only off is allowed by an event or a pin, which wins over the
            minimum time on.
    """

    allowed: Bools
    forced_off: Bools
    may_start: Bools
    fixed_kw: Floats
    load_before_kw: Floats
    most_kw: Floats
    least_kw: Floats
    ramp_kw: Floats
    demand: tuple[Demand, ...] = ()
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan is made from."""

    horizon: Horizon
    units: Units
    rules: Rules


@dataclass(frozen=True, slots=True)
class Schedule:
    """A plan: rows of whole rigs of one unit that do the same, R rows.

    The rigs of a unit's rows add up to the unit's.

    Attributes:
        unit: (R,). rigs: (R,). state: (R, T).
    """

    unit: Ints
    rigs: Ints
    state: States


@dataclass(frozen=True, slots=True)
class Solution:
    """A schedule with what it is worth and how good it is proved to be.

    Attributes:
        objective: money over the horizon, the value the optimiser maximises: revenue times
            ``keep``, less power, starts, stops and demand. bound: none can be worth more.
        finished: False where time ran out or it was cancelled; the schedule is the best so far.
    """

    schedule: Schedule
    objective: float
    bound: float
    finished: bool = True

    @property
    def gap(self) -> float:
        r"""(bound - objective) / max(1, \|objective\|)."""
        return (self.bound - self.objective) / max(1.0, abs(self.objective))


class CannotPlan(ValueError):  # noqa: N818 - it says what is so, and is caught as an answer
    """No schedule keeps the rules.

    Attributes:
        site, step: where it fails first, or worst.
        rule: the field of `Rules` that cannot be kept: ``most_kw``, ``least_kw``, ``ramp_kw``, or
            ``allowed`` where a unit by itself can be in no state.
        asked: what the rule says in that step, kW. nearest: what could be kept, kW.
        unit: the unit, where it is one by itself; else -1.
    """

    def __init__(
        self, site: int, step: int, rule: str, asked: float, nearest: float, unit: int = -1
    ) -> None:
        super().__init__(f"{rule}, site {site}, step {step}: {asked:g} asked, {nearest:g} can be")
        self.site = site
        self.step = step
        self.rule = rule
        self.asked = asked
        self.nearest = nearest
        self.unit = unit
