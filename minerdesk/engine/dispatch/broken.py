"""Which rules a schedule breaks, and when first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from minerdesk.engine.dispatch.problem import OFF_STATE, Bools, Floats, Ints, Problem, Schedule

# A milliwatt: more than rounding errors of sums, less than any rig.
KW_TOLERANCE = 1e-6


class Rule(IntEnum):
    """What can be broken; of a row up to `RIGS`, of a site from `MOST_KW` on."""

    NOT_ALLOWED = 0
    MIN_ON = 1
    MIN_OFF = 2
    STARTS_A_DAY = 3
    MAY_START = 4
    RIGS = 5
    MOST_KW = 6
    LEAST_KW = 7
    RAMP = 8


SITE_RULES = frozenset({Rule.MOST_KW, Rule.LEAST_KW, Rule.RAMP})


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that is broken.

    Attributes:
        rule: which. where: the row of the schedule; the unit for `Rule.RIGS`; the site for one of
            `SITE_RULES`. step: the first in which it is; 0 for `Rule.RIGS`.
        kw: by how much there, for a site's rule; else 0.
    """

    rule: Rule
    where: int
    step: int
    kw: float = 0.0


def broken_rows(problem: Problem, unit: Ints, state: Ints, first_row: int = 0) -> list[Broken]:
    """Return the rules of single rigs that rows break, each once per row.

    Args:
        problem: whose rules they are.
        unit: (R,).
        state: (R, T).
        first_row: number of the first of these rows in the schedule.
    """
    units, rules = problem.units, problem.rules
    steps = np.arange(state.shape[1])
    site, rule = units.site[unit], units.rule[unit]
    forced = rules.forced_off[rule]
    on = state != OFF_STATE
    was_on = np.column_stack((units.state[unit] != OFF_STATE, on[:, :-1]))
    start, stop = on & ~was_on, was_on & ~on
    # The last change before each step, -1 where there is none in the horizon.
    changed = np.maximum.accumulate(np.where(start | stop, steps, -1), axis=1)
    changed = np.column_stack((np.full(len(unit), -1), changed[:, :-1]))
    lasted = steps - np.where(changed < 0, -units.age[unit][:, None], changed)
    has = np.column_stack((np.ones(units.count, bool), units.has))[unit[:, None], state]
    allowed = rules.allowed[rule[:, None], steps, state] & has
    found = {
        Rule.NOT_ALLOWED: np.where(forced, on, ~allowed),
        Rule.MIN_ON: stop & ~forced & (lasted < units.min_on[unit][:, None]),
        Rule.MIN_OFF: start & (lasted < units.min_off[unit][:, None]),
        Rule.STARTS_A_DAY: _too_many_starts(problem, unit, start),
        Rule.MAY_START: start & ~rules.may_start[site],
    }
    return [
        Broken(which, first_row + int(row), int(mask[row].argmax()))
        for which, mask in found.items()
        for row in np.flatnonzero(mask.any(axis=1))
    ]


def broken_sites(problem: Problem, schedule: Schedule, kw: Floats) -> list[Broken]:
    """Return the rules that the whole schedule breaks.

    Args:
        problem: whose rules they are.
        schedule: its rows are counted.
        kw: (sites, T) load of each site.
    """
    units, rules = problem.units, problem.rules
    rigs = np.bincount(schedule.unit, schedule.rigs, minlength=units.count)
    broken = [Broken(Rule.RIGS, int(unit), 0) for unit in np.flatnonzero(rigs != units.rigs)]
    change = np.diff(kw, axis=1, prepend=rules.load_before_kw[:, None])
    beyond = {
        Rule.MOST_KW: kw - rules.most_kw,
        Rule.LEAST_KW: rules.least_kw - kw,
        Rule.RAMP: np.abs(change) - rules.ramp_kw[:, None],
    }
    for rule, by_kw in beyond.items():
        mask = by_kw > KW_TOLERANCE
        for site in np.flatnonzero(mask.any(axis=1)):
            step = int(mask[site].argmax())
            broken.append(Broken(rule, int(site), step, float(by_kw[site, step])))
    return broken


def _too_many_starts(problem: Problem, unit: Ints, start: Bools) -> Bools:
    units, day = problem.units, problem.horizon.day
    used: Ints = np.cumsum(start, axis=1, dtype=np.int64)
    # (sites, T) the step in which each step's day begins.
    begins = np.where(np.diff(day, axis=1, prepend=day[:, :1]) != 0, np.arange(day.shape[1]), 0)
    begins = np.maximum.accumulate(begins, axis=1)[units.site[unit]]
    before = np.take_along_axis(np.column_stack((-units.starts_today[unit], used)), begins, axis=1)
    most = units.most_starts[unit][:, None]
    too_many: Bools = start & (most > 0) & (used - before > most)
    return too_many
