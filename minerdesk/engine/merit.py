"""Merit order and shutdown ladder: each mode step of each group is a block of its own.

A group does not run or stand; it climbs from off through its modes. Each step is extra hashrate at
its marginal cost. Only modes on the lower convex hull of (hashrate, avoided energy) are ever right
at some BTC price; a mode above the hull is never the best one and makes no block. The hull rests on
energy, not on money, so the steps are right at every power price. (The one thing it cannot show is
a mode that hashes less and draws more than another: such a mode is right only for one who is paid
to consume, and there `engine.dispatch` finds it.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import HOURS_PER_DAY, THS_PER_PHS, W_PER_KW
from minerdesk.engine.dispatch import OFF
from minerdesk.engine.economics import Economics, Prepared
from minerdesk.engine.fleet import FleetArrays, Floats, Ints


@dataclass(frozen=True, slots=True)
class Blocks:
    """The steps of all groups, B of them, shape (B,); built once per edit.

    Attributes:
        group: index of the group. from_mode, to_mode: indices of modes, ``from`` may be `OFF`.
        extra_ths: nameplate TH/s gained by the step, whole group, greater than 0.
        extra_cash_per_day: avoided power cost added, money/day, NaN where no price is known.
        extra_kwh_per_day: avoided energy added, kWh/day.
        keep: fraction of revenue left after the site's required margin.
    """

    group: Ints
    from_mode: Ints
    to_mode: Ints
    extra_ths: Floats
    extra_cash_per_day: Floats
    extra_kwh_per_day: Floats
    keep: Floats


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where each block should stop, shape (B,); NaN where no such number exists.

    Attributes:
        cost_per_btc: marginal cash cost of one BTC.
        price_per_btc: the BTC price below which the step does not pay (required margin inside).
        hashprice_per_ph_day: the hashprice, likewise.
        difficulty: the difficulty above which it does not pay; NaN where power costs nothing.
        price_per_kwh: the power price above which it does not pay.
        order: indices of the blocks, cheapest coin first.
        cumulative_phs: PH/s up to and with each block, in that order.
    """

    cost_per_btc: Floats
    price_per_btc: Floats
    hashprice_per_ph_day: Floats
    difficulty: Floats
    price_per_kwh: Floats
    order: NDArray[np.intp]
    cumulative_phs: Floats


def mode_steps(fleet: FleetArrays, prepared: Prepared) -> Blocks:
    """Find the steps of every group; O(M x most modes of a group)."""
    g = fleet.mode_group
    ths = prepared.nameplate_ths
    kwh_per_kw = prepared.count * (fleet.pue * fleet.uptime)[g] * HOURS_PER_DAY
    kwh = kwh_per_kw * (fleet.power_w - fleet.idle_w[g]) / W_PER_KW
    here = np.full(fleet.groups, OFF)
    at_ths, at_kwh = np.zeros(fleet.groups), np.zeros(fleet.groups)
    steps: list[tuple[Ints, Ints, Ints]] = []
    amounts: list[tuple[Floats, Floats]] = []
    while fleet.groups:
        gained = ths - at_ths[g]
        slope = np.full(fleet.modes, np.inf)
        np.divide(kwh - at_kwh[g], gained, out=slope, where=gained > 0)
        best = _least_in_group(fleet, slope, ths)
        climbs = np.flatnonzero(gained[best] > 0)
        if not len(climbs):
            break
        to = best[climbs]
        steps.append((climbs, here[climbs], to))
        amounts.append((gained[to], kwh[to] - at_kwh[climbs]))
        here[climbs], at_ths[climbs], at_kwh[climbs] = to, ths[to], kwh[to]
    if not steps:
        none, nothing = np.empty(0, np.int64), np.empty(0)
        return Blocks(none, none, none, nothing, nothing, nothing, nothing)
    group, from_mode, to_mode = (np.concatenate(each) for each in zip(*steps, strict=True))
    extra_ths, extra_kwh = (np.concatenate(each) for each in zip(*amounts, strict=True))
    extra_cash = extra_kwh * fleet.price_per_kwh[group]
    keep = 1 - fleet.required_margin[group]
    return Blocks(group, from_mode, to_mode, extra_ths, extra_cash, extra_kwh, keep)


def ladder(blocks: Blocks, economics: Economics) -> Ladder:
    """Put numbers of the moment on the steps and sort them into the merit order."""
    network, to, frm = economics.network, blocks.to_mode, blocks.from_mode
    btc = economics.btc_per_day
    extra_btc = btc[to] - np.where(frm == OFF, 0.0, btc[frm])
    extra_revenue = extra_btc * network.price_per_btc * blocks.keep
    # Power that costs next to nothing is worth running at any difficulty: infinity is the answer.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        cost = blocks.extra_cash_per_day / extra_btc
        price = cost / blocks.keep
        difficulty = network.difficulty * extra_revenue / blocks.extra_cash_per_day
        power = extra_revenue / blocks.extra_kwh_per_day
    order = np.argsort(cost, kind="stable")
    return Ladder(
        cost_per_btc=cost,
        price_per_btc=price,
        hashprice_per_ph_day=price * (economics.hashprice_per_ph_day / network.price_per_btc),
        difficulty=np.where(blocks.extra_cash_per_day > 0, difficulty, np.nan),
        price_per_kwh=np.where(blocks.extra_kwh_per_day > 0, power, np.nan),
        order=order,
        cumulative_phs=np.cumsum(blocks.extra_ths[order]) / THS_PER_PHS,
    )


def _least_in_group(fleet: FleetArrays, slope: Floats, ths: Floats) -> Ints:
    """Return each group's mode with the least slope; of equals the one with the most hashrate."""
    first, g = fleet.first[:-1], fleet.mode_group
    least = slope == np.minimum.reduceat(slope, first)[g]
    size = np.where(least, ths, -np.inf)
    chosen = least & (size == np.maximum.reduceat(size, first)[g])
    index = np.where(chosen, np.arange(fleet.modes), fleet.modes)
    return np.minimum.reduceat(index, first)
