"""The rules of a site as columns and rows of a model, on one column for its load in each step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.site import Excess, Peaks, SiteRules
from minerdesk.engine.dispatch.problem import Floats, Ints

_NONE: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class RuleColumns:
    """Where a model holds what.

    Attributes:
        load: (T,) columns of load that keeps the rules. over, under: (T,) columns of kW above and
            below it. whole: columns that are 0 or 1, where more load becomes cheaper.
    """

    load: Ints
    over: Ints
    under: Ints
    whole: Ints


def lay(model: Model, rules: SiteRules, penalty: float) -> RuleColumns:
    """Add the rules; load that breaks them costs ``penalty`` per kW and step (infinite: never)."""
    steps = len(rules.most)
    low = np.maximum(rules.least, np.minimum(rules.low, rules.most))
    high = np.minimum(rules.most, np.maximum(rules.high, rules.least))
    load = model.add_columns(np.zeros(steps), low, np.maximum(high, low))
    room = np.inf if np.isfinite(penalty) else 0.0
    cost = np.full(steps, penalty if np.isfinite(penalty) else 0.0)
    over, under = model.add_columns(cost, 0.0, room), model.add_columns(cost, 0.0, room)
    if np.isfinite(rules.ramp):
        model.add_rows(rules.before - rules.ramp, rules.before + rules.ramp, [(load[:1], 1.0)])
        if steps > 1:
            model.add_rows(-rules.ramp, rules.ramp, [(load[1:], 1.0), (load[:-1], -1.0)])
    reach = low, np.maximum(high, low)
    switches = [_peak_rows(model, load, reach, each) for each in rules.peaks]
    switches += [_excess_rows(model, load, reach, each) for each in rules.excesses]
    return RuleColumns(load, over, under, np.concatenate([_NONE, *switches]))


def _peak_rows(model: Model, load: Ints, reach: tuple[Floats, Floats], peak: Peaks) -> Ints:
    """Add the highest mean as parts between borders, each at its rate; return the switches.

    Parts that become dearer fill up in their order by themselves; those that are cheaper than the
    ones before wait for a switch.
    """
    low, high = reach
    rate, top = np.cumsum(peak.rate), float(peak.highest(high[None])[0])
    ends = np.append(peak.border[1:], np.inf)
    width = np.maximum(np.minimum(ends, top) - peak.border, 0.0)
    parts = model.add_columns(rate, 0.0, width)
    intervals = len(peak.first)
    inside = np.repeat(np.arange(intervals), np.diff(peak.first, append=len(peak.steps)))
    of_parts = np.repeat(np.arange(intervals), len(parts))
    means = (
        np.concatenate([inside, of_parts]),
        np.concatenate([load[peak.steps], np.tile(parts, intervals)]),
        np.concatenate([peak.share[inside], np.full(len(of_parts), -1.0)]),
    )
    border = peak.border[0] - peak.before
    model.add_uneven(np.full(intervals, -np.inf), border, means)
    whole = [_NONE]
    for at in np.flatnonzero((np.diff(rate) < 0.0) & (width[1:] > 0.0)) + 1:
        switch = model.add_columns(np.zeros(1), 0.0, 1.0)
        for some, low_side, high_side in (
            (slice(at, None), -np.inf, 0.0),
            (slice(at), 0.0, np.inf),
        ):
            room = switch[[0] * len(parts[some])], -width[some]
            model.add_rows(low_side, high_side, [(parts[some], 1.0), room])
        whole.append(switch)
    if rate.min() < 0.0:
        whole.append(_held_rows(model, low, peak, means, width.sum()))
    return np.concatenate(whole)


def _held_rows(
    model: Model, low: Floats, peak: Peaks, means: tuple[Ints, Ints, Floats], most: float
) -> Ints:
    """Hold the parts, ``most`` kW together, to some mean or to nothing: where more is paid for."""
    intervals = len(peak.first)
    held = model.add_columns(np.zeros(intervals + 1), 0.0, 1.0)
    model.add_rows(1.0, 1.0, [(held[None, :], 1.0)])
    least = np.add.reduceat(low[peak.steps], peak.first) * peak.share + peak.before
    room = np.maximum(peak.border[0] + most - least, 0.0)
    row, column, factor = (
        np.concatenate(each)
        for each in zip(means, (np.arange(intervals), held[:-1], -room), strict=True)
    )
    side = peak.border[0] - peak.before - room
    model.add_uneven(side, np.full(intervals, np.inf), (row, column, factor))
    parts = np.unique(means[1][means[2] < 0.0])
    model.add_rows(-np.inf, most, [(parts[None, :], 1.0), (held[None, -1:], most)])
    return held


def _excess_rows(model: Model, load: Ints, reach: tuple[Floats, Floats], excess: Excess) -> Ints:
    """Add (load - kw)+ at its rate; return the switches of the steps where it is a gain."""
    low, high = reach
    open_ = (high > excess.kw) & (excess.rate != 0.0)
    dear = np.flatnonzero(open_ & (excess.rate > 0.0))
    if len(dear):
        above = model.add_columns(excess.rate[dear])
        model.add_rows(-np.inf, excess.kw, [(load[dear], 1.0), (above, -1.0)])
    cheap = np.flatnonzero(open_ & (excess.rate < 0.0))
    if not len(cheap):
        return _NONE
    above = model.add_columns(excess.rate[cheap])
    switch = model.add_columns(np.zeros(len(cheap)), 0.0, 1.0)
    model.add_rows(
        -np.inf, 0.0, [(above, 1.0), (switch, -np.maximum(high[cheap] - excess.kw, 0.0))]
    )
    # Off the switch only loads below the block are left free, on it only those above.
    room = np.maximum(excess.kw - low[cheap], 0.0)
    model.add_rows(-np.inf, room - excess.kw, [(above, 1.0), (load[cheap], -1.0), (switch, room)])
    return switch
