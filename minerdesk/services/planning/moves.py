"""The moves of a schedule: equal changes of one group as one, each with why and its worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.rigs import Pin
from minerdesk.engine.dispatch.problem import OFF_STATE, Problem
from minerdesk.services.planning.advice import is_close, more_kw, saved_by
from minerdesk.services.planning.ledger import Ledger, site_kw
from minerdesk.services.planning.move import Why
from minerdesk.services.planning.move_table import WHYS
from minerdesk.services.planning.problem_of import Question
from minerdesk.services.planning.rules_of import event_at
from minerdesk.services.planning.site_money import (
    breaks_limits,
    charges_of,
    has_site_limits,
    has_site_money,
)
from minerdesk.services.planning.spans import Rows, Spans, spans_of
from minerdesk.services.planning.written import Written, packed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Reason:
    why: Why
    forced: bool = False
    detail: str = ""
    overrides_min_on: bool = False


@dataclass(frozen=True, slots=True)
class _Group:
    """Changes that are one move: indices of spans, and the money of all."""

    spans: Ints
    first: int
    rigs: int
    worth: float
    saved: float


def moves_of(question: Question, ledger: Ledger, rows: Rows) -> Written:
    """Return the moves of a schedule in time; which are advised is told by their own doubt alone.

    Args:
        question: what was asked.
        ledger: of the same question.
        rows: the schedule.
    """
    return _Writer(question, rows, spans_of(question, ledger, rows)).moves()


class _Writer:
    """Makes the moves of one schedule: all at once, but for those that a rule may demand."""

    def __init__(self, question: Question, rows: Rows, spans: Spans) -> None:
        self._question = question
        self._problem: Problem = question.problem
        self._spans = spans
        self._load = site_kw(self._problem, rows.unit, rows.rigs, rows.state)
        self._limited = has_site_limits(self._problem)
        self._costly = has_site_money(self._problem)
        forbidden = ~self._problem.rules.allowed
        self._forbidden = np.concatenate(
            (np.zeros_like(forbidden[:, :1], np.int64), np.cumsum(forbidden, axis=1)), axis=1
        )

    def moves(self) -> Written:
        spans, units = self._spans, self._problem.units
        group, site = units.group[spans.unit], units.site[spans.unit]
        key = packed(self._question, site, group, spans)
        key, first, which = np.unique(key, return_index=True, return_inverse=True)
        which, count = which.reshape(-1), len(key)

        def total(values: Floats | Ints) -> Floats:
            return np.bincount(which, values, minlength=count).astype(np.float64)

        rigs = np.rint(total(spans.rigs)).astype(np.int64)
        worth, late = total(spans.worth), total(spans.after_retarget)
        order = np.argsort(which, kind="stable")
        begin = np.searchsorted(which[order], np.arange(count + 1))
        saved = np.zeros(count)
        costly = np.isin(site[first], sorted(self._costly))
        for k in np.flatnonzero(costly).tolist():
            saved[k] = self._saved(int(first[k]), int(rigs[k]))
        why = self._by_money(first, worth, late)
        forced, short = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        detail = np.full(count, "", object)
        for k in np.flatnonzero(self._may_be_demanded(first, site) | costly).tolist():
            inside = order[begin[k] : begin[k + 1]]
            merged = _Group(inside, int(first[k]), int(rigs[k]), float(worth[k]), float(saved[k]))
            reason = self._reason(merged)
            if reason is not None:
                why[k] = WHYS.index(reason.why)
                forced[k], short[k] = reason.forced, reason.overrides_min_on
                detail[k] = reason.detail
        worth, doubt = worth + saved, total(spans.doubt)
        return Written(
            key=key,
            group=group[first],
            site=site[first],
            at=spans.at[first],
            until=spans.until[first],
            before=spans.before[first],
            after=spans.after[first],
            count=rigs,
            why=why,
            price=spans.price[first],
            break_even=spans.break_even[first],
            worth=worth,
            doubt=doubt,
            revenue=total(spans.revenue),
            kwh=total(spans.kwh),
            later=total(spans.later),
            kept=self._question.kept[site[first]],
            advised=forced | ~is_close(worth, doubt),
            forced=forced,
            short=short,
            detail=detail,
        )

    def _may_be_demanded(self, first: Ints, site: Ints) -> Bools:
        """Tell which moves a pin, an event or the site may demand."""
        spans, rule = self._spans, self._problem.units.rule[self._spans.unit[first]]
        before = spans.before[first]
        own: Bools = (
            self._forbidden[rule, spans.until[first], before]
            != self._forbidden[rule, spans.at[first], before]
        )
        return own | np.isin(site[first], sorted(self._limited))

    def _saved(self, first: int, rigs: int) -> float:
        """Return the demand and block charges that a move saves."""
        spans = self._spans
        unit = int(spans.unit[first])
        if int(self._problem.units.site[unit]) not in self._costly:
            return 0.0
        states = int(spans.before[first]), int(spans.after[first])
        steps = int(spans.at[first]), int(spans.until[first])
        return saved_by(self._question, self._load, unit, states, steps, rigs)

    # --- why

    def _reason(self, merged: _Group) -> _Reason | None:
        """Return what demands a move, or the charge it saves; None where it is a kWh's price."""
        demanded = self._by_own_rule(merged) or self._by_site_rule(merged)
        if demanded is not None:
            return demanded
        if merged.worth <= 0 < merged.worth + merged.saved:
            return _Reason(self._by_charge(merged))
        return None

    def _by_own_rule(self, merged: _Group) -> _Reason | None:
        """Return the reason where a pin or an event does not let the rigs be as they were."""
        spans, units, rules, i = self._spans, self._problem.units, self._problem.rules, merged.first
        unit, at, until = int(spans.unit[i]), int(spans.at[i]), int(spans.until[i])
        counts = self._forbidden[units.rule[unit], :, spans.before[i]]
        if counts[until] == counts[at]:
            return None
        at_once = bool(counts[at + 1] > counts[at])
        if not at_once and merged.worth + merged.saved > 0:
            return None  # it pays by itself; a rule that comes later is beside the point
        site, group = int(units.site[unit]), int(units.group[unit])
        age = at + int(units.age[unit])
        short = (
            bool(spans.after[i] == OFF_STATE)
            and bool(rules.forced_off[units.rule[unit], at])
            and self._lasted(i, age) < int(units.min_on[unit])
        )
        pinned = self._question.fleet.book.groups[group].pin is not Pin.FREE
        # A pin that holds from the first step is the reason there, whatever event comes later.
        ends = at + 1 if pinned and at_once else until
        dark = np.flatnonzero(self._question.rules[site].dark[at:ends])
        if len(dark) and spans.after[i] == OFF_STATE:
            step = at + int(dark[0])
            name = event_at(self._question.fleet.book.sites[site], self._question.times[site], step)
            return _Reason(Why.EVENT, forced=True, detail=name, overrides_min_on=short)
        return _Reason(Why.PINNED, forced=True, overrides_min_on=short) if pinned else None

    def _lasted(self, i: int, age: int) -> int:
        """Return for how many steps the state before a change has lasted, modes taken as one."""
        spans = self._spans
        k = i
        while k > 0 and spans.row[k - 1] == spans.row[i]:
            k -= 1
            if spans.before[k] == OFF_STATE:
                return int(spans.at[i] - spans.at[k])
        return age

    def _by_site_rule(self, merged: _Group) -> _Reason | None:
        """Return the reason where the site's rules do not let the rigs be as they were."""
        spans, units, i = self._spans, self._problem.units, merged.first
        unit = int(spans.unit[i])
        site = int(units.site[unit])
        if site not in self._limited:
            return None
        at, until = int(spans.at[i]), int(spans.until[i])
        load = self._load[site].copy()
        more = more_kw(self._question, unit, int(spans.after[i]), int(spans.before[i]))
        load[at:until] += more * merged.rigs
        rule = breaks_limits(self._problem, site, load)
        pays = merged.worth + merged.saved > 0
        if not rule:
            return None
        if pays and rule in {"ramp", "least"}:
            return None  # it pays by itself; that leaving it would break a rule is beside the point
        why = {"most": Why.SITE_LIMIT, "least": Why.SITE_LEAST, "ramp": Why.SITE_RAMP}[rule]
        detail = ""
        if rule == "most":
            over = np.flatnonzero(load > self._problem.rules.most_kw[site] + 1e-6)
            if pays and int(over[0]) > at:
                return None  # as of its own rules: one that comes later is beside the point
            place = self._question.fleet.book.sites[site]
            limit = float("inf") if place.limit_kw is None else place.limit_kw
            if self._problem.rules.most_kw[site, over[0]] < limit:
                why, detail = (
                    Why.EVENT,
                    event_at(place, self._question.times[site], int(over[0])),
                )
        return _Reason(why, forced=True, detail=detail)

    def _by_charge(self, merged: _Group) -> Why:
        """Return which charge of the whole site a move saves most of."""
        spans, i, problem = self._spans, merged.first, self._problem
        unit = int(spans.unit[i])
        site = int(problem.units.site[unit])
        left = self._load[site].copy()
        more = more_kw(self._question, unit, int(spans.after[i]), int(spans.before[i]))
        left[int(spans.at[i]) : int(spans.until[i])] += more * merged.rigs
        saved = np.subtract(
            charges_of(problem, site, left), charges_of(problem, site, self._load[site])
        )
        whys = (Why.DEMAND_PEAK, Why.BLOCK_FULL, Why.TIER_FULL, Why.CREDIT)
        return whys[int(np.argmax(saved))]

    def _by_money(self, first: Ints, worth: Floats, late: Floats) -> Ints:
        """Return the reason where the price of a kWh is one, index into `WHYS`."""
        spans, income = self._spans, self._question.income
        before, after = spans.before[first], spans.after[first]
        why = np.full(len(first), WHYS.index(Why.POWER_CHEAPER_THAN_WORTH), np.int64)
        why[spans.price[first] < 0] = WHYS.index(Why.PAID_TO_CONSUME)
        why[after == OFF_STATE] = WHYS.index(Why.POWER_DEARER_THAN_WORTH)
        changes = (before != OFF_STATE) & (after != OFF_STATE)
        why[changes] = WHYS.index(Why.OTHER_MODE_EARNS_MORE)
        if income.retarget_at is not None:
            # What it would be worth at the income of before the retarget.
            unchanged = worth + late * (1 / income.factor - 1)
            why[(worth > 0) & (late != 0) & (unchanged <= 0)] = WHYS.index(Why.RETARGET)
        return why
