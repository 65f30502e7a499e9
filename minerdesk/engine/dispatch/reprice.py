"""What a schedule is worth, part by part, and which rules it breaks: the account of every plan.

Shares nothing with the optimisers but `problem`, so that each is a proof of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from minerdesk.engine.dispatch.broken import Broken, broken_rows, broken_sites
from minerdesk.engine.dispatch.problem import (
    OFF_STATE,
    Block,
    Bools,
    Demand,
    Floats,
    Ints,
    Problem,
    Schedule,
)

_AT_ONCE = 500_000  # rig steps: bounds the memory


@dataclass(frozen=True, slots=True)
class Repriced:
    """The money of a schedule over the horizon, of all rigs of each of its R rows.

    Attributes:
        revenue: (R,) as if every step were mined in full. start_lost, mode_lost: (R,) what is not
            earned in the minutes after a start, and after a change of mode.
        power: (R,) at `Horizon.price`. wear: (R,) of starts and stops.
        required: (R,) what the sites' required margins take off what is earned: no cost, but no
            reason to run either.
        demand: money of each of `Rules.demand`. block: of each of `Rules.blocks`, beyond the
            block's price; may be negative.
        kw: (sites, T) load with fixed load and idle rigs. starts: (R,) of one rig in the horizon.
        broken: the rules that are broken, in no order.
    """

    revenue: Floats
    start_lost: Floats
    mode_lost: Floats
    power: Floats
    wear: Floats
    required: Floats
    demand: Floats
    block: Floats
    kw: Floats
    starts: Ints
    broken: tuple[Broken, ...]

    @property
    def cash(self) -> Floats:
        """(R,) money of the rows, without what couples them."""
        return self.revenue - self.start_lost - self.mode_lost - self.power - self.wear

    @property
    def site_charges(self) -> float:
        """Money of all demand charges and blocks."""
        return float(self.demand.sum() + self.block.sum())

    @property
    def margin(self) -> float:
        """Cash margin over the horizon."""
        return float(self.cash.sum()) - self.site_charges

    @property
    def objective(self) -> float:
        """What an optimiser maximises: the cash margin less what required margins withhold."""
        return float((self.cash - self.required).sum()) - self.site_charges


def reprice(problem: Problem, schedule: Schedule) -> Repriced:
    """Return what a schedule is worth.

    Args:
        problem: what was planned.
        schedule: any one, whether it keeps the rules or not.
    """
    rows, steps = schedule.state.shape
    horizon, rules = problem.horizon, problem.rules
    kw = np.repeat(rules.fixed_kw[:, None], steps, axis=1)
    parts: list[_Rows] = []
    broken: list[Broken] = []
    at_once = max(1, _AT_ONCE // steps)
    for first in range(0, max(1, rows), at_once):
        part = slice(first, first + at_once)
        unit, state = schedule.unit[part], schedule.state[part].astype(np.int64)
        parts.append(_rows(problem, unit, schedule.rigs[part], state, kw))
        broken += broken_rows(problem, unit, state, first)
    return Repriced(
        revenue=np.concatenate([each.revenue for each in parts]),
        start_lost=np.concatenate([each.start_lost for each in parts]),
        mode_lost=np.concatenate([each.mode_lost for each in parts]),
        power=np.concatenate([each.power for each in parts]),
        wear=np.concatenate([each.wear for each in parts]),
        required=np.concatenate([each.required for each in parts]),
        demand=np.array([_demand(each, horizon.hours, kw[each.site]) for each in rules.demand]),
        block=np.array([_block(each, horizon.hours, kw, horizon.price) for each in rules.blocks]),
        kw=kw,
        starts=np.concatenate([each.starts for each in parts]),
        broken=(*broken, *broken_sites(problem, schedule, kw)),
    )


class _Rows(NamedTuple):
    """Parts of `Repriced` of some rows."""

    revenue: Floats
    start_lost: Floats
    mode_lost: Floats
    power: Floats
    wear: Floats
    required: Floats
    starts: Ints


def _rows(problem: Problem, unit: Ints, rigs: Ints, state: Ints, kw: Floats) -> _Rows:
    """Return the money of some rows, and add their load to ``kw`` (sites, T)."""
    units, horizon = problem.units, problem.horizon
    row_kw = rigs[:, None] * _of_state(units.off_kw, units.kw, unit, state)
    np.add.at(kw, units.site[unit], row_kw)
    before = np.column_stack((units.state[unit], state[:, :-1]))
    on, was_on = state != OFF_STATE, before != OFF_STATE
    start, stop, changed = on & ~was_on, was_on & ~on, on & was_on & (state != before)
    revenue, start_lost, mode_lost = np.zeros((3, len(unit)))
    for ths, income in (
        (units.paid_subsidy, horizon.income_subsidy),
        (units.paid_fees, horizon.income_fees),
    ):
        until = np.concatenate(([0.0], np.cumsum(income)))
        revenue += _of_state(np.zeros(units.count), ths, unit, state) @ income
        start_lost += _lost(ths, until, unit, state, start, units.start_lost_h / horizon.hours)
        mode_lost += _lost(ths, until, unit, state, changed, units.mode_lost_h / horizon.hours)
    starts = start.sum(axis=1)
    wear = units.wear_start[unit] * starts + units.wear_stop[unit] * stop.sum(axis=1)
    required = (revenue - start_lost - mode_lost) * (1 - units.keep[unit])
    return _Rows(
        revenue=rigs * revenue,
        start_lost=rigs * start_lost,
        mode_lost=rigs * mode_lost,
        power=(row_kw * horizon.price[units.site[unit]]).sum(axis=1) * horizon.hours,
        wear=rigs * wear,
        required=rigs * required,
        starts=starts,
    )


def _of_state(off: Floats, by_mode: Floats, unit: Ints, state: Ints) -> Floats:
    """Return (R, T) what a table of units says of the states."""
    return np.column_stack((off, by_mode))[unit[:, None], state]


def _lost(
    ths: Floats, until: Floats, unit: Ints, state: Ints, event: Bools, length: Floats
) -> Floats:
    """Return (R,) what one rig of each row does not earn after its events.

    Args:
        ths: (U, M) paid.
        until: (T + 1,) income of one TH/s until the beginning of each step.
        unit: (R,).
        state: (R, T) what is entered.
        event: (R, T) whether it is entered there, at a cost.
        length: (U,) steps that are lost.
    """
    row, step = np.nonzero(event)
    mine = unit[row]
    # Between two steps' beginnings income grows evenly; past the horizon it does not grow.
    ends = np.interp(step + length[mine], np.arange(len(until)), until)
    lost: Floats = np.zeros(len(unit))
    np.add.at(lost, row, (ends - until[step]) * ths[mine, state[row, step] - 1])
    return lost


def _demand(demand: Demand, hours: float, load: Floats) -> float:
    """Return the money of a demand charge under its site's load (T,)."""
    highest, counted = demand.floor_kw, np.flatnonzero(demand.interval >= 0)
    for number in np.unique(demand.interval[counted]):
        inside = load[demand.interval == number]
        kwh, length = float(inside.sum()) * hours, len(inside) * hours
        if number == demand.interval[counted[0]]:
            kwh += demand.hours_before * demand.kw_before
            length += demand.hours_before
        highest = max(highest, kwh / length)
    return demand.per_kw * (highest - demand.floor_kw)


def _block(block: Block, hours: float, kw: Floats, price: Floats) -> float:
    """Return what the kWh above a block cost beyond its price, under loads (sites, T)."""
    above = np.maximum(kw[block.site] - block.kw, 0.0) * hours
    return float(above @ (block.above - price[block.site]))
