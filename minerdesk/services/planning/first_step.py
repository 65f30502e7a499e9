"""What a plan wants of the present moment."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.verdicts import Reason
from minerdesk.engine.dispatch import NO_REASON, Target
from minerdesk.engine.dispatch.problem import OFF_STATE
from minerdesk.engine.fleet import FleetArrays
from minerdesk.services.planning.move_table import WHYS
from minerdesk.services.planning.plan import Plan, PlanRows, Why

Floats = NDArray[np.float64]

_BY_RULE: Final = {
    Why.EVENT: Reason.EVENT,
    Why.SITE_LIMIT: Reason.SITE_RULE,
    Why.SITE_LEAST: Reason.SITE_RULE,
    Why.SITE_RAMP: Reason.SITE_RULE,
    Why.DEMAND_PEAK: Reason.SITE_RULE,
    Why.BLOCK_FULL: Reason.SITE_RULE,
    Why.TIER_FULL: Reason.SITE_RULE,
    Why.CREDIT: Reason.SITE_RULE,
    Why.PINNED: Reason.PINNED,
}


def is_in_force(plan: Plan | None, book: Book, now: datetime) -> bool:
    """Tell whether a plan says what to do now: of this very book, real, possible, and not over."""
    return (
        plan is not None
        and plan.book is book
        and plan.options.what_if.is_real
        and not plan.cannot
        and plan.begins <= now < plan.ends
    )


def target_of(plan: Plan, fleet: FleetArrays, now: datetime) -> Target:
    """Return what a plan in force wants of the step that ``now`` lies in.

    Args:
        plan: of the fleet's book.
        fleet: arrays of the same book.
        now: inside the plan.
    """
    step = int((now - plan.begins) / plan.step)
    exact = plan.rows if plan.exact is None else plan.exact
    return Target(
        rigs=_by_mode(fleet, plan.rows, step),
        exact=_by_mode(fleet, exact, step),
        held=_held(plan, fleet, step),
    )


def _by_mode(fleet: FleetArrays, rows: PlanRows, step: int) -> Floats:
    """Return rigs by mode of the whole fleet in one step, (M,)."""
    found = np.zeros(fleet.modes)
    state = rows.state[:, step].astype(np.int64)
    runs = state != OFF_STATE
    np.add.at(found, fleet.first[rows.group[runs]] + state[runs] - 1, rows.rigs[runs])
    return found


def _held(plan: Plan, fleet: FleetArrays, step: int) -> NDArray[np.int8]:
    """Return which rule says what a group does in the step, (G,)."""
    held = np.full(fleet.groups, NO_REASON, np.int8)
    for s, site in enumerate(plan.sites):
        here = fleet.site == s
        if not site.may_start[step]:
            held[here & (fleet.off > 0)] = Reason.SITE_RULE
        # Where one more rig would not fit, a limit is why those that would earn stay off.
        kw = np.where(here, fleet.power_w[fleet.first[:-1]] * fleet.pue / 1000, np.inf)
        held[here & (site.kw[step] + kw > site.most_kw[step])] = Reason.SITE_RULE
        if site.least_kw[step] > 0:
            held[here & (site.kw[step] - kw < site.least_kw[step])] = Reason.SITE_RULE
    now, moves = (plan.begins + step * plan.step).timestamp(), plan.advised
    ends = np.minimum(moves.columns.until_s, plan.ends.timestamp())
    by_rule = np.isin(moves.columns.why, [WHYS.index(why) for why in _BY_RULE])
    begun = moves.where((moves.columns.at_s <= now) & (now < ends) & by_rule)
    for move in begun:
        held[plan.names.place[move.group]] = _BY_RULE[move.why]
    pinned = plan.names.pinned
    held[pinned[held[pinned] != Reason.EVENT]] = Reason.PINNED
    return held
