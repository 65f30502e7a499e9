"""The rules of one site as numbers on its load, and the problem cut down to one site."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from minerdesk.engine.dispatch.problem import Demand, Floats, Ints, Problem


@dataclass(frozen=True, slots=True)
class Peaks:
    """The highest of I interval means, and the charges that meter it.

    Attributes:
        border: (K,) kW, rising. rate: (K,) money more for each kW above each; may be negative.
        steps: those that count, interval by interval. first: (I,) where each begins in them.
        share: (I,) of each of its steps in an interval. before: (I,) what lies before, in kW.
    """

    border: Floats
    rate: Floats
    steps: Ints
    first: Ints
    share: Floats
    before: Floats

    def highest(self, load: Floats) -> Floats:
        """Return (N,) kW of the highest mean of the loads (N, T)."""
        means = np.add.reduceat(load[:, self.steps], self.first, axis=1) * self.share + self.before
        highest: Floats = means.max(axis=1)
        return highest

    def cost(self, load: Floats) -> Floats:
        """Return (N,) money that the loads (N, T) owe."""
        above = np.maximum(self.highest(load)[:, None] - self.border, 0.0)
        cost: Floats = above @ self.rate
        return cost

    def most_gain(self, high: Floats) -> float:
        """Return the most money that a load up to ``high`` (T,) can be paid."""
        ends = np.append(self.border, np.maximum(self.highest(high[None]), self.border[-1]))
        paid = np.maximum(ends[:, None] - self.border, 0.0) @ self.rate
        return max(0.0, -float(paid.min()))


@dataclass(frozen=True, slots=True)
class Excess:
    """A take-or-pay block: ``rate`` (T,) money per kW and step above ``kw``; may be negative."""

    kw: float
    rate: Floats


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What couples the units of one site; kW of the whole site, with its fixed load.

    Attributes:
        low, high: (T,) the least and the most load its units can make, each for itself.
        most, least: (T,). ramp, before: kW from step to step, and load before the horizon.
    """

    fixed: float
    low: Floats
    high: Floats
    most: Floats
    least: Floats
    ramp: float
    before: float
    peaks: tuple[Peaks, ...]
    excesses: tuple[Excess, ...]

    def cost(self, load: Floats) -> Floats:
        """Return (N,) money that loads (N, T) cost beyond the price of their energy."""
        cost = np.zeros(len(load))
        for peak in self.peaks:
            cost += peak.cost(load)
        for excess in self.excesses:
            cost += np.maximum(load - excess.kw, 0.0) @ excess.rate
        return cost

    def violation(self, load: Floats) -> Floats:
        """Return (N,) kW by which loads (N, T) break the limits, summed over steps and rules."""
        broken = np.maximum(load - self.most, 0.0).sum(axis=1)
        broken += np.maximum(self.least - load, 0.0).sum(axis=1)
        if np.isfinite(self.ramp):
            change = np.abs(np.diff(load, axis=1, prepend=self.before))
            broken += np.maximum(change - self.ramp, 0.0).sum(axis=1)
        kept: Floats = broken
        return kept

    def sided(self, load: Floats) -> SiteRules:
        """Return them with each step held to the side of cheap blocks on which ``load`` (T,) is.

        Held so, all loads that keep the rules lie where energy becomes only dearer.
        """
        most, least = self.most.copy(), self.least.copy()
        for each in self.excesses:
            cheap = each.rate < 0.0
            above = cheap & (load > each.kw)
            least[above] = np.maximum(least[above], each.kw)
            most[cheap & ~above] = np.minimum(most[cheap & ~above], each.kw)
        return replace(self, most=most, least=least)

    @property
    def most_gain(self) -> float:
        """Money that cheap energy above the blocks, and paid peaks, can bring at most."""
        cheap = sum(
            float(np.maximum(self.high - each.kw, 0.0) @ -np.minimum(each.rate, 0.0))
            for each in self.excesses
        )
        return cheap + sum(each.most_gain(self.high) for each in self.peaks)


def cut(problem: Problem, site: int, copies: int = 1) -> Problem:
    """Return the problem of one site alone, that site and its units ``copies`` times over."""
    horizon, units, rules = problem.horizon, problem.units, problem.rules
    mine = np.flatnonzero(units.site == site)
    rows = np.tile(mine, copies)
    fields = {name: getattr(units, name)[rows] for name in units.__dataclass_fields__}
    fields["site"] = np.repeat(np.arange(copies), len(mine))
    same = np.full(copies, site)
    return Problem(
        replace(horizon, day=horizon.day[same], price=horizon.price[same]),
        replace(units, **fields),
        replace(
            rules,
            may_start=rules.may_start[same],
            fixed_kw=rules.fixed_kw[same],
            load_before_kw=rules.load_before_kw[same],
            most_kw=rules.most_kw[same],
            least_kw=rules.least_kw[same],
            ramp_kw=rules.ramp_kw[same],
            demand=tuple(replace(d, site=0) for d in rules.demand if d.site == site),
            blocks=tuple(replace(b, site=0) for b in rules.blocks if b.site == site),
        ),
    )


def site_rules(problem: Problem, kw: Floats) -> SiteRules:
    """Return the rules of a problem of one site.

    Args:
        problem: as `cut` gives it.
        kw: (U, S) draw of one rig by state.
    """
    horizon, rules = problem.horizon, problem.rules
    low, high = _reach(problem, kw)
    return SiteRules(
        fixed=float(rules.fixed_kw[0]),
        low=low,
        high=high,
        most=rules.most_kw[0],
        least=rules.least_kw[0],
        ramp=float(rules.ramp_kw[0]),
        before=float(rules.load_before_kw[0]),
        peaks=peaks(rules.demand, horizon.hours),
        excesses=tuple(
            Excess(each.kw, (each.above - horizon.price[0]) * horizon.hours)
            for each in rules.blocks
        ),
    )


def peaks(demand: tuple[Demand, ...], hours: float) -> tuple[Peaks, ...]:
    """Return the interval means of demand charges as sums over the steps, each meter once."""
    alike: dict[tuple[bytes, float, float], list[Demand]] = {}
    for each in demand:
        if each.per_kw != 0.0 and (each.interval >= 0).any():
            meter = each.interval.tobytes(), each.hours_before, each.kw_before
            alike.setdefault(meter, []).append(each)
    return tuple(_peaks(each, hours) for each in alike.values())


def _peaks(charges: list[Demand], hours: float) -> Peaks:
    demand = charges[0]
    counted = np.flatnonzero(demand.interval >= 0)
    steps = counted[np.argsort(demand.interval[counted], kind="stable")]
    numbers, first, lengths = np.unique(
        demand.interval[steps], return_index=True, return_counts=True
    )
    total = np.multiply(lengths, hours, dtype=np.float64)
    before: Floats = np.zeros(len(numbers))
    earliest = int(np.searchsorted(numbers, demand.interval[counted[0]]))
    total[earliest] += demand.hours_before
    before[earliest] = demand.hours_before * demand.kw_before / total[earliest]
    share: Floats = hours / total
    border, place = np.unique([each.floor_kw for each in charges], return_inverse=True)
    rate: Floats = np.zeros(len(border))
    np.add.at(rate, place, [each.per_kw for each in charges])
    return Peaks(border, rate, steps, first, share, before)


def _reach(problem: Problem, kw: Floats) -> tuple[Floats, Floats]:
    units, rules = problem.units, problem.rules
    states = np.concatenate([np.ones((units.count, 1), dtype=bool), units.has], axis=1)
    may = rules.allowed[units.rule] & states[:, None, :]
    forced = rules.forced_off[units.rule]
    may[..., 1:] &= ~forced[..., None]
    may[..., 0] |= forced
    rigs = units.rigs[:, None]
    fixed = float(rules.fixed_kw[0])
    low = np.where(may, kw[:, None, :], np.inf).min(axis=2)
    high = np.where(may, kw[:, None, :], -np.inf).max(axis=2)
    return (rigs * low).sum(axis=0) + fixed, (rigs * high).sum(axis=0) + fixed
