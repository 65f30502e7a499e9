"""The slowest ramp with which a site's rules can be kept, found by trying."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from minerdesk.domain.errors import Cancelled
from minerdesk.engine.dispatch.problem import CannotPlan, Problem
from minerdesk.services.planning.rules_of import most_of_all

_ANY_GAP: Final = 1e12  # the first plan that keeps the rules will do
_DIGITS: Final = 3  # of what is said


def nearest_ramp(
    problem: Problem, wrong: CannotPlan, stop: Callable[[], bool], clock: Callable[[], float]
) -> float | CannotPlan:
    """Return the slowest ramp in kW that is found to work, to about three digits.

    Args:
        problem: that cannot be planned at a site with a ramp.
        wrong: what was said of it.
        stop: whether to stop trying; what is known to work by then is returned.
        clock: seconds.

    Returns:
        The ramp, or what cannot be kept however fast the site's load may change; ``wrong`` itself
        where nothing could be found out.
    """
    from minerdesk.engine.dispatch.coupled.site import cut

    alone = cut(problem, wrong.site)

    def fails(ramp_kw: float) -> CannotPlan | None:
        rules = replace(problem.rules, ramp_kw=np.full(len(problem.rules.ramp_kw), ramp_kw))
        return fault_of(replace(problem, rules=rules), wrong.site, stop, clock, wrong)

    off, full = most_of_all(alone.units, 1)
    fixed, before = float(alone.rules.fixed_kw[0]), float(alone.rules.load_before_kw[0])
    swing = max(float(full[0]) + fixed, before) - min(float(off[0]) + fixed, before)
    unit = 10.0 ** (math.floor(math.log10(max(swing, 0.1))) - _DIGITS + 1)
    unit = max(unit, 1.0) if swing >= 10 else unit
    works = math.ceil(swing / unit)
    other = fails(works * unit)
    if other is not None:
        return other
    broken = math.floor(float(alone.rules.ramp_kw[0]) / unit)
    while works - broken > 1:
        middle = (works + broken) // 2
        works, broken = (works, middle) if fails(middle * unit) else (middle, broken)
    return works * unit


def fault_of(
    problem: Problem,
    site: int,
    stop: Callable[[], bool],
    clock: Callable[[], float],
    unknown: CannotPlan | None = None,
) -> CannotPlan | None:
    """Return why a site by itself has no plan, None where it has one.

    Args:
        problem: of any number of sites.
        site: its index.
        stop: whether to stop trying; then it is ``unknown``.
        clock: seconds.
        unknown: what is returned where there was no time to find out.
    """
    # Loaded already: the solver said what is wrong.
    from minerdesk.engine.dispatch.coupled import solve
    from minerdesk.engine.dispatch.coupled.site import cut

    try:
        solve(cut(problem, site), gap=_ANY_GAP, clock=clock, cancelled=stop)
    except CannotPlan as found:
        unit = (
            int(np.flatnonzero(problem.units.site == site)[found.unit]) if found.unit >= 0 else -1
        )
        return CannotPlan(site, found.step, found.rule, found.asked, found.nearest, unit)
    except Cancelled:
        return unknown
    return None
