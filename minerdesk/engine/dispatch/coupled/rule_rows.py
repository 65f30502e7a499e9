"""The rules of a site as columns and rows of a model, on one column for its load in each step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.site import Excess, Peaks, SiteRules
from minerdesk.engine.dispatch.problem import Floats, Ints


@dataclass(frozen=True, slots=True)
class RuleColumns:
    """Where a model holds what.

    Attributes:
        load: (T,) columns of load that keeps the rules. over, under: (T,) columns of kW above and
            below it. whole: columns that are 0 or 1 where a block is cheaper above.
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
    for peak in rules.peaks:
        _peak_rows(model, load, peak)
    switches = [_excess_rows(model, load, (low, high), each) for each in rules.excesses]
    return RuleColumns(load, over, under, np.concatenate([np.zeros(0, dtype=np.int64), *switches]))


def _peak_rows(model: Model, load: Ints, peak: Peaks) -> None:
    above = model.add_columns(np.array([peak.per_kw]))
    ends = [*peak.first[1:], len(peak.steps)]
    for number, (first, end) in enumerate(zip(peak.first, ends, strict=True)):
        inside = load[peak.steps[first:end]][None, :]
        most = peak.floor - peak.before[number]
        model.add_rows(-np.inf, most, [(inside, peak.share[number]), (above, -1.0)])


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
        return np.zeros(0, dtype=np.int64)
    above = model.add_columns(excess.rate[cheap])
    switch = model.add_columns(np.zeros(len(cheap)), 0.0, 1.0)
    model.add_rows(
        -np.inf, 0.0, [(above, 1.0), (switch, -np.maximum(high[cheap] - excess.kw, 0.0))]
    )
    # Off the switch only loads below the block are left free, on it only those above.
    room = np.maximum(excess.kw - low[cheap], 0.0)
    model.add_rows(-np.inf, room - excess.kw, [(above, 1.0), (load[cheap], -1.0), (switch, room)])
    return switch
