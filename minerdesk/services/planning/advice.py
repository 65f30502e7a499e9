"""The advised plan: a schedule without the changes that are too close to call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from minerdesk.engine.dispatch.broken import broken_rows
from minerdesk.services.planning.ledger import Ledger, site_kw
from minerdesk.services.planning.problem_of import Question
from minerdesk.services.planning.site_money import (
    breaks_limits,
    has_site_limits,
    has_site_money,
    site_money,
)
from minerdesk.services.planning.spans import (
    Rows,
    Spans,
    spans_of,
    without,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
States = NDArray[np.int8]


def advised_rows(
    question: Question, ledger: Ledger, rows: Rows, check: Callable[[], None] = lambda: None
) -> Rows:
    """Leave out changes too close to call, the least sure first, as long as every rule is kept.

    A change is left out by letting the rigs be as they were until they change again; what that
    makes of their next change is looked at anew. Each one left out leaves fewer changes, so it
    ends. ``check`` is called before each look; what it raises ends the work.
    """
    problem = question.problem
    coupled = has_site_limits(problem) | has_site_money(problem)
    rows = replace(rows, state=rows.state.copy())
    work = _Work(question, rows, site_kw(problem, rows.unit, rows.rigs, rows.state))
    at_site = problem.units.site[rows.unit]
    tied = np.isin(at_site, sorted(coupled))
    look_at = np.ones(len(rows.unit), np.bool_)
    while look_at.any():
        check()
        changed = _one_pass(work, ledger, np.flatnonzero(look_at), tied)
        # What a site's rule forbade may be allowed after another change there.
        look_at = changed | (tied & np.isin(at_site, at_site[changed]))
    return rows


@dataclass(frozen=True, slots=True)
class _Work:
    """The schedule that is being changed, and the load of each site, (sites, T)."""

    question: Question
    rows: Rows
    load: Floats


def _one_pass(work: _Work, ledger: Ledger, part: Ints, tied: Bools) -> Bools:
    """Leave out at most one change of each row of ``part``; return which rows changed, (R,)."""
    rows, problem = work.rows, work.question.problem
    some = Rows(rows.unit[part], rows.rigs[part], rows.state[part])
    spans = spans_of(work.question, ledger, some)
    worth = spans.worth + _saved_at_site(work, spans)
    changed = np.zeros(len(rows.unit), np.bool_)
    for candidates in _least_sure(spans, worth):
        which = candidates[~changed[part[spans.row[candidates]]]]
        index, state = without(some, spans, which)
        broken = {
            each.where for each in broken_rows(problem, some.unit[index], state.astype(np.int64))
        }
        keeps = np.setdiff1d(np.arange(len(index)), list(broken))
        target = part[index]
        free = keeps[~tied[target[keeps]]]
        rows.state[target[free]] = state[free]
        changed[target[free]] = True
        for k in keeps[tied[target[keeps]]]:
            changed[target[k]] = _drop(work, spans, int(which[k]), int(target[k]), state[k])
    return changed


def _drop(work: _Work, spans: Spans, span: int, row: int, state: States) -> bool:
    """Put a row's new states where its site allows it; keeps the loads up to date."""
    problem = work.question.problem
    unit = int(work.rows.unit[row])
    site = int(problem.units.site[unit])
    kw = np.append(problem.units.off_kw[unit], problem.units.kw[unit]) * work.rows.rigs[row]
    before = work.load[site]
    after = before + kw[state] - kw[work.rows.state[row]]
    if breaks_limits(problem, site, after) and not breaks_limits(problem, site, before):
        return False
    saved = site_money(problem, site, after) - site_money(problem, site, before)
    if not abs(spans.worth[span] + saved) < spans.doubt[span]:
        return False  # what was dropped before made this one matter
    work.rows.state[row] = state
    work.load[site] = after
    return True


def _least_sure(spans: Spans, worth: Floats) -> list[Ints]:
    """Return changes too close to call, the surest last, in parts of one change of a row each."""
    close = np.flatnonzero(is_close(worth, spans.doubt))
    with np.errstate(divide="ignore", invalid="ignore"):
        sure = np.where(spans.doubt > 0, np.abs(worth) / spans.doubt, 0.0)
    order = close[np.lexsort((sure[close], spans.row[close]))]
    place = np.arange(len(order)) - np.searchsorted(spans.row[order], spans.row[order])
    return [order[place == k] for k in range(int(place.max(initial=-1)) + 1)]


def is_close(worth: Floats, doubt: Floats) -> Bools:
    """Tell which changes are worth less than their own error, (N,)."""
    return np.abs(worth) < doubt


def _saved_at_site(work: _Work, spans: Spans) -> Floats:
    """Return the demand and block charges that each change saves, (N,)."""
    question = work.question
    costly = np.isin(
        question.problem.units.site[spans.unit], sorted(has_site_money(question.problem))
    )
    saved = np.zeros(len(spans.row))
    for i in np.flatnonzero(costly):
        saved[i] = saved_by(
            question,
            work.load,
            int(spans.unit[i]),
            (int(spans.before[i]), int(spans.after[i])),
            (int(spans.at[i]), int(spans.until[i])),
            int(spans.rigs[i]),
        )
    return saved


def saved_by(
    question: Question,
    load: Floats,
    unit: int,
    states: tuple[int, int],
    steps: tuple[int, int],
    rigs: int,
) -> float:
    """Return the demand and block charges that a change saves.

    Args:
        question: whose plan it is.
        load: (sites, T) kW with the change.
        unit: its index.
        states: before and after.
        steps: in which it holds, the end is not inside.
        rigs: that change.
    """
    problem = question.problem
    site = int(problem.units.site[unit])
    left = load[site].copy()
    left[slice(*steps)] += more_kw(question, unit, states[1], states[0]) * rigs
    return site_money(problem, site, left) - site_money(problem, site, load[site])


def more_kw(question: Question, unit: int, before: int, after: int) -> float:
    """Return how much more a rig draws after a change of state, kW."""
    units = question.problem.units
    kw = np.append(units.off_kw[unit], units.kw[unit])
    return float(kw[after] - kw[before])
