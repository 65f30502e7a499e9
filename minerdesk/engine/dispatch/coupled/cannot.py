"""Which rule cannot be kept, where, and what could be."""

from __future__ import annotations

import math

import numpy as np

from minerdesk.engine.dispatch.broken import KW_TOLERANCE
from minerdesk.engine.dispatch.coupled.site import SiteRules
from minerdesk.engine.dispatch.feasible import Impossible
from minerdesk.engine.dispatch.problem import CannotPlan, Floats


def by_itself(site: int, impossible: Impossible) -> CannotPlan:
    """Return the error of a unit that breaks its own rules whatever the others do."""
    return CannotPlan(site, impossible.step, "allowed", math.nan, math.nan, unit=impossible.unit)


def check_reach(rules: SiteRules, site: int) -> None:
    """Raise where a limit lies outside all that the units of a site can draw.

    Raises:
        CannotPlan: with the first such step.
    """
    for step in range(len(rules.most)):
        most, least = float(rules.most[step]), float(rules.least[step])
        low, high = float(rules.low[step]), float(rules.high[step])
        if low > most + KW_TOLERANCE:
            raise CannotPlan(site, step, "most_kw", most, low)
        if high < least - KW_TOLERANCE:
            raise CannotPlan(site, step, "least_kw", least, high)
        if least > most:
            raise CannotPlan(site, step, "least_kw", least, most)


def worst(rules: SiteRules, site: int, load: Floats) -> CannotPlan:
    """Return the error that the load (T,) of the least broken plan shows.

    What it draws where it breaks a rule most is what could be kept.
    """
    over, under = load - rules.most, rules.least - load
    change = np.abs(np.diff(load, prepend=rules.before))
    beyond = change - rules.ramp
    step, kind = divmod(int(np.argmax(np.column_stack([over, under, beyond]))), 3)
    if kind == 0:
        return CannotPlan(site, step, "most_kw", float(rules.most[step]), float(load[step]))
    if kind == 1:
        return CannotPlan(site, step, "least_kw", float(rules.least[step]), float(load[step]))
    return CannotPlan(site, step, "ramp_kw", rules.ramp, float(change.max()))
