"""The moves of a schedule: equal changes of one group as one, each with why and its worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.rigs import Pin
from minerdesk.engine.dispatch.problem import OFF_STATE, Problem
from minerdesk.services.planning.advice import is_close, more_kw, saved_by
from minerdesk.services.planning.ledger import Ledger, site_kw
from minerdesk.services.planning.plan import OFF, Flips, Move, Why
from minerdesk.services.planning.problem_of import Question
from minerdesk.services.planning.rules_of import event_at
from minerdesk.services.planning.site_money import (
    breaks_limits,
    charges_of,
    has_site_limits,
    has_site_money,
)
from minerdesk.services.planning.spans import Rows, Spans, spans_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
    revenue: float
    doubt: float
    kwh: float
    saved: float


def moves_of(question: Question, ledger: Ledger, rows: Rows) -> list[Move]:
    """Return the moves of a schedule in time; which are advised is told by their own doubt alone.

    Args:
        question: what was asked.
        ledger: of the same question.
        rows: the schedule.
    """
    return _Writer(question, rows, spans_of(question, ledger, rows)).moves()


class _Writer:
    """Makes the moves of one schedule."""

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

    def moves(self) -> list[Move]:
        made = [self._move(each) for each in self._merged()]
        return sorted(made, key=lambda move: (move.at, move.site, move.group))

    def _merged(self) -> Iterator[_Group]:
        spans, units = self._spans, self._problem.units
        if not len(spans.row):
            return
        columns = (units.group[spans.unit], spans.at, spans.until, spans.before, spans.after)
        kinds, which = np.unique(np.stack(columns), axis=1, return_inverse=True)
        which = which.reshape(-1)
        count = kinds.shape[1]
        order = np.argsort(which, kind="stable")
        begin = np.searchsorted(which[order], np.arange(count + 1))

        def total(values: Floats | Ints) -> list[float]:
            found: list[float] = np.bincount(which, values, minlength=count).tolist()
            return found

        worth, revenue, doubt = (total(v) for v in (spans.worth, spans.revenue, spans.doubt))
        rigs, kwh = total(spans.rigs), total(spans.kwh)
        for k in range(count):
            inside = order[begin[k] : begin[k + 1]]
            first = int(inside[0])
            saved = self._saved(first, round(rigs[k]))
            yield _Group(
                inside, first, round(rigs[k]), worth[k], revenue[k], doubt[k], kwh[k], saved
            )

    def _saved(self, first: int, rigs: int) -> float:
        """Return the demand and block charges that a move saves."""
        spans = self._spans
        unit = int(spans.unit[first])
        if int(self._problem.units.site[unit]) not in self._costly:
            return 0.0
        states = int(spans.before[first]), int(spans.after[first])
        steps = int(spans.at[first]), int(spans.until[first])
        return saved_by(self._question, self._load, unit, states, steps, rigs)

    def _move(self, merged: _Group) -> Move:
        spans, question, i = self._spans, self._question, merged.first
        unit = int(spans.unit[i])
        group = question.fleet.book.groups[int(self._problem.units.group[unit])]
        names = (OFF, *question.fleet.facts.mode_names[int(self._problem.units.group[unit])])
        reason = self._reason(merged)
        worth, until = merged.worth + merged.saved, int(spans.until[i])
        later = float(spans.later[merged.spans].sum())
        known = worth - later
        return Move(
            at=self._time(int(spans.at[i])),
            until=None if until == self._problem.horizon.steps else self._time(until),
            site=group.site,
            group=group.id,
            count=merged.rigs,
            before=names[int(spans.before[i])],
            after=names[int(spans.after[i])],
            why=reason.why,
            price_per_kwh=float(spans.price[i]),
            break_even_per_kwh=float(spans.break_even[i]),
            worth=worth,
            doubt=merged.doubt,
            flips=self._flips(merged, worth),
            advised=reason.forced or not bool(is_close(np.array(worth), np.array(merged.doubt))),
            forced=reason.forced,
            on_forecast=abs(later) / (abs(later) + abs(known)) if later else 0.0,
            detail=reason.detail,
            overrides_min_on=reason.overrides_min_on,
        )

    def _time(self, step: int) -> datetime:
        return datetime.fromtimestamp(float(self._question.start_s[step]), UTC)

    def _flips(self, merged: _Group, worth: float) -> Flips:
        numbers, i = self._question.numbers, merged.first
        price = float(self._spans.price[i])
        factor = 1 - worth / merged.revenue if merged.revenue else 0.0
        at_price = price + worth / merged.kwh if merged.kwh else float("nan")
        return Flips(
            price_per_btc=numbers.price_per_btc * factor if factor > 0 else None,
            price_per_kwh=at_price if np.isfinite(at_price) else None,
            difficulty=numbers.difficulty / factor if factor > 0 else None,
        )

    # --- why

    def _reason(self, merged: _Group) -> _Reason:
        demanded = self._by_own_rule(merged) or self._by_site_rule(merged)
        if demanded is not None:
            return demanded
        if merged.worth <= 0 < merged.worth + merged.saved:
            return _Reason(self._by_charge(merged))
        return _Reason(self._by_money(merged))

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
        demand, block = np.subtract(
            charges_of(problem, site, left), charges_of(problem, site, self._load[site])
        )
        return Why.BLOCK_FULL if block > demand else Why.DEMAND_PEAK

    def _by_money(self, merged: _Group) -> Why:
        spans, i = self._spans, merged.first
        before, after = int(spans.before[i]), int(spans.after[i])
        income = self._question.income
        if income.retarget_at is not None and merged.worth > 0:
            # What it would be worth at the income of before the retarget.
            late = float(spans.after_retarget[merged.spans].sum())
            unchanged = merged.worth + late * (1 / income.factor - 1)
            if late and unchanged <= 0:
                return Why.RETARGET
        if OFF_STATE not in {before, after}:
            return Why.OTHER_MODE_EARNS_MORE
        if after == OFF_STATE:
            return Why.POWER_DEARER_THAN_WORTH
        if spans.price[i] < 0:
            return Why.PAID_TO_CONSUME
        return Why.POWER_CHEAPER_THAN_WORTH
