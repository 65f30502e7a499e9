"""A fleet as the optimiser sees it: rigs of one group that begin in one state are one unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.starts import DEFAULT_STARTS, StartCosts
from minerdesk.domain.units import W_PER_KW
from minerdesk.engine.dispatch.problem import LONG_AGO, Ints, Units
from minerdesk.engine.fleet import FleetArrays, modes_of
from minerdesk.services.planning.names import BookNames
from minerdesk.services.power.calendar import zone_of

Floats = NDArray[np.float64]

_MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What a plan needs of each group and changes only with an edit, shape (G,).

    Attributes:
        names: of the book, every index made. mode_names: of each group, in the order of its modes.
        since_s: seconds since 1970 UTC at which the present state began, NaN where not known.
        The rest: costs of a start, resolved: model over site over book over the defaults.
    """

    names: BookNames
    mode_names: tuple[tuple[str, ...], ...]
    since_s: Floats
    start_lost_h: Floats
    mode_lost_h: Floats
    wear_start: Floats
    wear_stop: Floats
    min_on_h: Floats
    min_off_h: Floats
    most_starts: Ints


def start_costs(book: Book, model: str, site: str) -> StartCosts:
    """Return what a start costs a model at a site: every field says something."""
    models, sites = {m.name: m for m in book.models}, {s.id: s for s in book.sites}
    found = book.assumptions.starts.over(DEFAULT_STARTS)
    for nearer in (sites[site].starts, models[model].starts):
        found = found if nearer is None else nearer.over(found)
    return found


def limited_days(book: Book, now: datetime) -> dict[str, datetime]:
    """Return when the local day of each group began whose starts a day are limited, by its id."""
    limited = {
        kind: bool(start_costs(book, *kind).most_starts_per_day)
        for kind in {(group.model, group.site) for group in book.groups}
    }
    zones = {site.id: site.time_zone for site in book.sites}
    found: dict[str, datetime] = {}
    for group in book.groups:
        if limited[group.model, group.site]:
            try:
                local = now.astimezone(zone_of(zones[group.site]))
            except UserError:
                continue  # there is no plan in a zone that is unknown, and it says so
            found[group.id] = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return found


def group_facts(book: Book) -> GroupFacts:
    """Read what changes only with an edit.

    Raises:
        ValueError: a group's modes cannot be resolved (`engine.fleet.modes_of`).
    """
    models = {model.name: model for model in book.models}
    kinds = {(group.model, group.site) for group in book.groups}
    costs = {kind: _numbers(start_costs(book, *kind)) for kind in kinds}
    table = np.array([costs[group.model, group.site] for group in book.groups]).reshape(-1, 7)
    since = [
        math.nan
        if group.state_now is None or group.state_now.since is None
        else group.state_now.since.timestamp()
        for group in book.groups
    ]
    names = (
        tuple(mode.name for mode in modes_of(group, models[group.model])) for group in book.groups
    )
    return GroupFacts(
        names=BookNames(book).make_all(),
        mode_names=tuple(names),
        since_s=np.array(since),
        start_lost_h=table[:, 0] / _MINUTES_PER_HOUR,
        mode_lost_h=table[:, 1] / _MINUTES_PER_HOUR,
        wear_start=table[:, 2],
        wear_stop=table[:, 3],
        min_on_h=table[:, 4] / _MINUTES_PER_HOUR,
        min_off_h=table[:, 5] / _MINUTES_PER_HOUR,
        most_starts=table[:, 6].astype(np.int64),
    )


def units_of(
    fleet: FleetArrays,
    facts: GroupFacts,
    begins: datetime,
    hours: float,
    day_starts_s: Floats,
    starts_today: Ints,
) -> Units:
    """Return the units in the order of groups, then off before the modes.

    Args:
        fleet: gives rates, draws, and what runs now.
        facts: of the same book.
        begins: start of the first step, UTC.
        hours: length of a step.
        day_starts_s: (sites,) seconds since 1970 UTC at which the local day of the first step
            began; a rig that runs since a later moment has used one start.
        starts_today: (G,) starts that are known to be used.
    """
    group, state, rigs = _present(fleet)
    modes = int(np.diff(fleet.first).max(initial=1))
    place = fleet.first[group][:, None] + np.arange(modes)
    has = np.arange(modes) < np.diff(fleet.first)[group][:, None]
    place = np.where(has, place, fleet.first[group][:, None])
    ths = np.where(has, fleet.ths[place], 0.0)
    uptime, idle_w = fleet.uptime[group], fleet.idle_w[group]
    per_w = fleet.pue[group] / W_PER_KW
    drawn_w = uptime[:, None] * fleet.power_w[place] + ((1 - uptime) * idle_w)[:, None]
    begins_s = begins.astimezone(UTC).timestamp()
    since = facts.since_s[group]
    known = ~np.isnan(since)
    lasted = (begins_s - np.where(known, since, 0.0)) // (hours * 3600)
    least_h = np.where(state > 0, facts.min_on_h[group], facts.min_off_h[group])
    # Whole steps alone count, none of the one that is under way; where no time is asked for,
    # the one step that `Units` takes for it is over.
    age = np.where(known, np.clip(lasted, np.where(least_h > 0, -1, 1), LONG_AGO), LONG_AGO)
    started = known & (state > 0) & (since > day_starts_s[fleet.site[group]])
    return Units(
        group=group,
        site=fleet.site[group],
        rigs=rigs,
        has=has,
        paid_subsidy=ths * fleet.keep_subsidy[group][:, None],
        paid_fees=ths * fleet.keep_fees[group][:, None],
        kw=np.where(has, drawn_w * per_w[:, None], 0.0),
        off_kw=idle_w * per_w,
        keep=1 - fleet.required_margin[group],
        wear_start=facts.wear_start[group],
        wear_stop=facts.wear_stop[group],
        start_lost_h=facts.start_lost_h[group],
        mode_lost_h=facts.mode_lost_h[group],
        min_on=_steps(facts.min_on_h[group], hours),
        min_off=_steps(facts.min_off_h[group], hours),
        most_starts=facts.most_starts[group],
        state=state.astype(np.int8),
        age=age.astype(np.int64),
        starts_today=np.maximum(started, starts_today[group]),
        rule=np.zeros(len(group), np.int64),
    )


def _present(fleet: FleetArrays) -> tuple[Ints, Ints, Ints]:
    """Return group, state and rigs of every group's present states that hold rigs, each (U,)."""
    mode = np.flatnonzero(fleet.running > 0)
    of_mode = fleet.mode_group[mode]
    off = np.flatnonzero(fleet.off > 0)
    group = np.concatenate((off, of_mode))
    state = np.concatenate((np.zeros(len(off), np.int64), 1 + mode - fleet.first[of_mode]))
    rigs = np.concatenate((fleet.off[off], fleet.running[mode]))
    order = np.lexsort((state, group))
    return group[order], state[order], np.rint(rigs[order]).astype(np.int64)


def _steps(time_h: Floats, hours: float) -> Ints:
    """Return whole steps that are no shorter than a time, at least one."""
    # A time of whole steps must not become one more for a rounding error.
    return np.maximum(np.ceil(time_h / hours - 1e-9), 1).astype(np.int64)


def _numbers(costs: StartCosts) -> Sequence[float]:
    return (
        costs.start_lost_minutes or 0.0,
        costs.mode_lost_minutes or 0.0,
        costs.wear_start or 0.0,
        costs.wear_stop or 0.0,
        costs.min_on_minutes or 0.0,
        costs.min_off_minutes or 0.0,
        costs.most_starts_per_day or 0,
    )
