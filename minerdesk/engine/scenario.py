"""What a fleet would earn at another price and another difficulty.

At a given reward of a block the revenue of every rig is proportional to price over difficulty, so
the whole plane of the two has one coordinate: the *ratio*, hashprice there over hashprice now. In
it the margin of a group in one state is a line, of a group in its best state the upper envelope of
its lines, and of a fleet the sum of those: straight between the ratios at which some group changes
its state. These are found and sorted once; afterwards a point costs one binary search, whatever
the size of the fleet. Lines of equal margin are straight lines through the origin of the plane.
Margins are after the hosts' share of a profit (`engine.margin`), which moves no state.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import HOURS_PER_DAY
from minerdesk.engine.dispatch import OFF
from minerdesk.engine.economics import Economics
from minerdesk.engine.fleet import FleetArrays, Floats, Ints
from minerdesk.engine.network import btc_per_ths_day
from minerdesk.engine.shared_curve import Changes, after_share
from minerdesk.engine.site_margin import by_site


@dataclass(frozen=True, slots=True)
class MarginCurve:
    """A fleet's margin over the ratio of hashprices. Groups of unknown cost are left out.

    Attributes:
        at: (E,) ratios at which something changes, rising.
        revenue_per_day: (E + 1,) money a day at ratio 1, before, between and after them.
        cost_per_day: (E + 1,) cost of power, idle power included; both times what a host leaves of
            them where it takes a share.
        rigs: (E + 1,) rigs that earn more than the power that stops with them.
        known_rigs: rigs of known cost. unknown_rigs: the others.
    """

    at: Floats
    revenue_per_day: Floats
    cost_per_day: Floats
    rigs: Floats
    known_rigs: float
    unknown_rigs: float

    def margin_per_day(self, ratio: Floats) -> Floats:
        """Return the margin at each ratio, same shape, money a day."""
        piece = np.searchsorted(self.at, ratio, side="left")
        margin: Floats = self.revenue_per_day[piece] * ratio - self.cost_per_day[piece]
        return margin

    def earning_rigs(self, ratio: Floats) -> Floats:
        """Return how many rigs earn at each ratio, same shape."""
        found: Floats = self.rigs[np.searchsorted(self.at, ratio, side="left")]
        return found

    def zero_ratio(self) -> float | None:
        """Return the ratio above which the margin is above zero, or None where it always is.

        Infinite where it never is.
        """
        begin = np.concatenate(([0.0], np.maximum(self.at, 0.0)))
        end = np.append(begin[1:], np.inf)
        # On a piece that rises the margin is not above zero up to here; on a level one everywhere
        # or nowhere.
        level = np.where(self.cost_per_day >= 0, np.inf, -np.inf)
        upto = np.divide(
            self.cost_per_day, self.revenue_per_day, out=level, where=self.revenue_per_day > 0
        )
        below = (upto >= begin) & (end > begin)
        if not below.any():
            return None
        return float(np.minimum(upto, end)[below].max())


def ratio_of(
    price_per_btc: Floats, difficulty: Floats, price_now: float, difficulty_now: float
) -> Floats:
    """Return hashprice over hashprice now; shapes are broadcast."""
    found: Floats = (price_per_btc / price_now) * (difficulty_now / difficulty)
    return found


def best_states(fleet: FleetArrays, economics: Economics) -> MarginCurve:
    """Return the curve with every group in its best state everywhere, off included.

    The states are those of `engine.dispatch`: the largest revenue less required margin less the
    power that stops with the rigs. The margin is after all power.
    """
    prepared, revenue = economics.prepared, economics.revenue_per_day
    cash = prepared.cash_cost_per_day
    value = revenue * (1 - fleet.by_mode(fleet.required_margin))
    g, first = fleet.mode_group, fleet.first[:-1]
    known = _known(fleet, economics)
    usable = known[g]
    # At ratio 0 a group is off, unless it is paid for consuming.
    here = np.full(fleet.groups, OFF)
    if fleet.groups:
        least = _least(fleet, np.where(usable, cash, np.inf), value)
        here = np.where(cash[least] < 0, least, OFF)
        here[~known] = OFF
    events: list[tuple[Ints, Ints, Ints, Floats]] = []
    start = here.copy()
    while fleet.groups:
        gained = value - _at(value, here)[g]
        extra = cash - _at(cash, here)[g]
        crossing = np.full(fleet.modes, np.inf)
        np.divide(extra, gained, out=crossing, where=(gained > 0) & usable)
        next_mode = _least(fleet, crossing, value)
        climbs = np.flatnonzero(np.isfinite(crossing[next_mode]))
        if not len(climbs):
            break
        to = next_mode[climbs]
        events.append((climbs, here[climbs], to, crossing[to]))
        here[climbs] = to
    idle = np.where(known, prepared.idle_cost_per_day[first], 0.0)
    steps = _Steps.of(events)
    changes = Changes(
        at=steps.at,
        site=fleet.site[steps.group],
        revenue=_at(revenue, steps.to) - _at(revenue, steps.frm),
        cost=_at(cash, steps.to) - _at(cash, steps.frm),
        rigs=np.where(steps.frm == OFF, fleet.count[steps.group], 0.0),
        before_revenue=by_site(fleet, _at(revenue, start)),
        before_cost=by_site(fleet, idle + _at(cash, start)),
    )
    begins = float(fleet.count[start != OFF].sum())
    return _curve(fleet, known, changes, begins)


def earning_rigs(fleet: FleetArrays, economics: Economics) -> float:
    """Return how many rigs earn now: those of `best_states` at ratio 1, without the curve."""
    value = economics.revenue_per_day * (1 - fleet.by_mode(fleet.required_margin))
    earns = value > economics.prepared.cash_cost_per_day
    if not fleet.groups:
        return 0.0
    return float(fleet.count[np.logical_or.reduceat(earns, fleet.first[:-1])].sum())


def as_it_runs(fleet: FleetArrays, economics: Economics) -> MarginCurve:
    """Return the curve with every rig as it runs now, which is a straight line.

    Rigs that earn are those that run and are worth their power.
    """
    prepared, revenue = economics.prepared, economics.revenue_per_day
    known = _known(fleet, economics)
    share = fleet.running / prepared.count * known[fleet.mode_group]
    value = revenue * (1 - fleet.by_mode(fleet.required_margin))
    cost = fleet.over_modes(share * prepared.cash_cost_per_day)
    cost = cost + prepared.idle_cost_per_day[fleet.first[:-1]]
    runs = np.flatnonzero(share > 0)
    none = np.zeros(len(runs))
    changes = Changes(
        at=prepared.cash_cost_per_day[runs] / value[runs],
        site=fleet.site[fleet.mode_group[runs]],
        revenue=none,
        cost=none,
        rigs=fleet.running[runs],
        before_revenue=by_site(fleet, fleet.over_modes(share * revenue)),
        before_cost=by_site(fleet, np.where(known, cost, 0.0)),
    )
    return _curve(fleet, known, changes, 0.0)


def border_price_per_kwh(j_per_th: Floats, hashprice_per_ph_day: float) -> Floats:
    """Return the power price at which a rig of that efficiency earns nothing, money/kWh.

    ``hashprice / (24 x J/TH)``, since 1 J/TH is 1 kW per PH/s. The efficiency is that of paid work
    (`paid_j_per_th`), so that fees and PUE are inside.
    """
    found: Floats = hashprice_per_ph_day / (HOURS_PER_DAY * j_per_th)
    return found


def paid_j_per_th(fleet: FleetArrays, economics: Economics) -> Floats:
    """Return J that stop with the rig per TH of work that is paid, (M,).

    PUE, idle power, pool and firmware fees and rejected work are inside, so that a group earns just
    where `border_price_per_kwh` of it lies above its price of power.
    """
    prepared, network = economics.prepared, economics.network
    g = fleet.mode_group
    watts = prepared.count * (fleet.pue * fleet.uptime)[g] * (fleet.power_w - fleet.idle_w[g])
    paid_ths = economics.btc_per_day / (btc_per_ths_day(network.difficulty) * network.reward_btc)
    found: Floats = watts / paid_ths
    return found


@dataclass(frozen=True, slots=True)
class _Steps:
    """Changes of state of all groups, (E,) each."""

    group: Ints
    frm: Ints
    to: Ints
    at: Floats

    @classmethod
    def of(cls, events: list[tuple[Ints, Ints, Ints, Floats]]) -> _Steps:
        if not events:
            none = np.empty(0, np.int64)
            return cls(none, none, none, np.empty(0))
        group, frm, to, at = zip(*events, strict=True)
        return cls(
            np.concatenate(group), np.concatenate(frm), np.concatenate(to), np.concatenate(at)
        )


def _curve(
    fleet: FleetArrays, known: NDArray[np.bool_], profit: Changes, rigs_before: float
) -> MarginCurve:
    found = after_share(profit, fleet.profit_kept)
    order = np.argsort(found.at, kind="stable")

    def summed(begin: float, steps: Floats) -> Floats:
        total: Floats = np.cumsum(np.concatenate(([begin], steps[order])))
        return total

    return MarginCurve(
        found.at[order],
        summed(float(found.before_revenue.sum()), found.revenue),
        summed(float(found.before_cost.sum()), found.cost),
        summed(rigs_before, found.rigs),
        float(fleet.count[known].sum()),
        float(fleet.count[~known].sum()),
    )


def _known(fleet: FleetArrays, economics: Economics) -> NDArray[np.bool_]:
    """Return the groups whose cost of power is known, (G,)."""
    return np.isfinite(economics.prepared.cash_cost_per_day[fleet.first[:-1]])


def _at(per_mode: Floats, mode: Ints) -> Floats:
    """Return a figure in the state of each entry, 0 where that is off."""
    found: Floats = np.where(mode == OFF, 0.0, per_mode[np.maximum(mode, 0)])
    return found


def _least(fleet: FleetArrays, score: Floats, value: Floats) -> Ints:
    """Return each group's mode with the least score, of equals the one worth most."""
    first, g = fleet.first[:-1], fleet.mode_group
    least = score == np.minimum.reduceat(score, first)[g]
    size = np.where(least, value, -np.inf)
    chosen = least & (size == np.maximum.reduceat(size, first)[g])
    index = np.where(chosen, np.arange(fleet.modes), fleet.modes)
    found: Ints = np.minimum.reduceat(index, first)
    return found
