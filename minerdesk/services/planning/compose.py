"""From a schedule to the plan that pages read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.readings import NetworkState
from minerdesk.engine.dispatch.baselines import Baseline, always_on, as_it_is, threshold
from minerdesk.engine.dispatch.problem import OFF_STATE, Schedule, Solution
from minerdesk.engine.dispatch.reprice import Repriced, reprice
from minerdesk.services.planning.advice import advised_rows
from minerdesk.services.planning.broken_words import broken_sentence
from minerdesk.services.planning.by_hand import by_hand
from minerdesk.services.planning.ledger import Ledger, site_kw
from minerdesk.services.planning.move_table import MoveTable
from minerdesk.services.planning.moves import moves_of
from minerdesk.services.planning.plan import (
    Gains,
    Plan,
    PlanOptions,
    PlanRows,
    SitePlan,
)
from minerdesk.services.planning.problem_of import Question, first_step
from minerdesk.services.planning.site_power import SitePower
from minerdesk.services.planning.spans import Rows
from minerdesk.services.planning.together import Together

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


Check = Callable[[], None]


def _go_on() -> None:
    """Let the work go on."""


@dataclass(frozen=True, slots=True)
class Held:
    """What every schedule of a question is held against; made once.

    Attributes:
        blank: the plan without rows.
        always_on, threshold, as_is: the simple rules.
        later: money of `beaten` in steps whose price is a forecast.
    """

    question: Question
    ledger: Ledger
    blank: Plan
    always_on: Baseline
    threshold: Baseline
    as_is: Baseline
    later: float

    @property
    def beaten(self) -> Baseline:
        """What the gain is counted over: the first of the rules that keeps those of the sites."""
        return _beaten(self.always_on, self.as_is, self.threshold)


def hold_against(
    question: Question, book_revision: int, network: NetworkState, check: Check = _go_on
) -> Held:
    """Return what the plans of a question are made with.

    Args:
        question: what was asked.
        book_revision: of its book.
        network: what it was asked of.
        check: called between the parts of the work; what it raises ends it.
    """
    problem = question.problem
    baselines = []
    for rule in (always_on, threshold, as_it_is):
        check()
        baselines.append(rule(problem))
    on, best, stay = baselines
    beaten = _beaten(on, stay, best)
    return Held(
        question=question,
        ledger=Ledger(question),
        blank=told(
            question,
            blank(question.fleet.book, question.now, question.options),
            book_revision,
            network,
        ),
        always_on=on,
        threshold=best,
        as_is=stay,
        later=_later_money(question, beaten.schedule, beaten.priced.kw),
    )


def _beaten(*rules: Baseline) -> Baseline:
    return next((rule for rule in rules if rule.objective is not None), rules[0])


def compose(held: Held, solution: Solution, seconds: float, check: Check = _go_on) -> Plan:
    """Return the plan of a schedule that keeps every rule; ``check`` as of `hold_against`."""
    question = held.question
    problem, exact = question.problem, solution.schedule
    rows = Rows(exact.unit, exact.rigs, exact.state)
    check()
    advised = advised_rows(question, held.ledger, rows, check)
    schedule = Schedule(advised.unit, advised.rigs, advised.state)
    check()
    priced = reprice(problem, schedule)
    check()
    exact_kw = site_kw(problem, exact.unit, exact.rigs, exact.state)
    later = _later_money(question, exact, exact_kw)
    advised_later = _later_money(question, schedule, priced.kw)
    merged = _merged(problem.units.group, advised)
    check()
    return replace(
        held.blank,
        group_of_row=merged.group,
        rigs_of_row=merged.rigs,
        state_of_row=merged.state,
        together=Together(held.blank.names, merged).make_all(),
        exact=_merged(problem.units.group, rows),
        sites=_site_plans(held, priced),
        moves=_moves(held, rows, advised),
        objective=solution.objective,
        advised_objective=priced.objective,
        bound=max(solution.bound, solution.objective),
        gains=_gains(held, solution.objective, later),
        advised_gains=_gains(held, priced.objective, advised_later),
        hysteresis=by_hand(question),
        starts=int(priced.starts @ advised.rigs),
        seconds=seconds,
        finished=solution.finished,
    )


def blank(book: Book, now: datetime, options: PlanOptions, cannot: str = "") -> Plan:
    """Return a plan without rows: of a book, a moment, and a horizon."""
    begins = first_step(book, now, options.step_minutes).timestamp()
    steps = np.arange(options.hours * 60 // options.step_minutes, dtype=np.float64)
    nothing = Gains(None, None, None)
    return Plan(
        book=book,
        book_revision=0,
        network_revision=0,
        made_at=now,
        options=options,
        currency=book.currency,
        start_s=_frozen(begins + steps * options.step_minutes * 60),
        hashprice_per_ph_day=_frozen(np.full(len(steps), np.nan)),
        retarget_at=None,
        retarget_pct=0.0,
        retarget_error_pct=0.0,
        group_of_row=np.zeros(0, np.int64),
        rigs_of_row=np.zeros(0, np.int64),
        state_of_row=np.zeros((0, len(steps)), np.int8),
        mode_names=(),
        sites=(),
        moves=(),
        objective=0.0,
        advised_objective=0.0,
        bound=0.0,
        gains=nothing,
        advised_gains=nothing,
        hysteresis=(),
        starts=0,
        seconds=0.0,
        finished=True,
        cannot=cannot,
    )


def told(question: Question, plan: Plan, book_revision: int, network: NetworkState) -> Plan:
    """Return a plan with all that is known without a schedule."""
    income, power = question.income, question.power
    ends = [_known_until(question, each) for each in power]
    retarget = income.retarget
    return replace(
        plan,
        book_revision=book_revision,
        network_revision=network.revision,
        hashprice_per_ph_day=_frozen(income.hashprice_per_ph_day),
        retarget_at=income.retarget_at,
        retarget_pct=0.0 if retarget is None else retarget.change_pct,
        retarget_error_pct=0.0 if retarget is None else retarget.error_pct,
        mode_names=question.fleet.facts.mode_names,
        names=question.fleet.facts.names,
        known_until=min((end for end in ends if end is not None), default=None),
        notes=tuple(dict.fromkeys(note for each in power for note in each.notes)),
    )


def _merged(group_of_unit: Ints, rows: Rows) -> PlanRows:
    """Return rows of one group that do the same as one."""
    group = group_of_unit[rows.unit]
    key = np.column_stack((group.astype(">i8")[:, None].view(np.int8), rows.state))
    packed = np.ascontiguousarray(key).view([("", np.void, key.shape[1])]).reshape(-1)
    _, first, which = np.unique(packed, return_index=True, return_inverse=True)
    order = np.lexsort((first, group[first]))
    rigs = np.bincount(which.reshape(-1), rows.rigs, minlength=len(first)).astype(np.int64)
    first, rigs = first[order], rigs[order]
    return PlanRows(_frozen(group[first]), _frozen(rigs), _frozen(rows.state[first]))


def _moves(held: Held, exact: Rows, advised: Rows) -> MoveTable:
    """Return the moves of the advised plan, and those of the exact one that were left out."""
    found = moves_of(held.question, held.ledger, advised)
    whole = found
    if not np.array_equal(exact.state, advised.state):
        whole = moves_of(held.question, held.ledger, exact)
    return found.and_left_out(whole).table(held.question, held.blank.names)


def _site_plans(held: Held, priced: Repriced) -> tuple[SitePlan, ...]:
    question = held.question
    return tuple(
        SitePlan(
            site=site.id,
            price=power.price,
            known=power.known,
            known_until=_known_until(question, power),
            kw=_frozen(priced.kw[i]),
            kw_always_on=_frozen(held.always_on.priced.kw[i]),
            most_kw=rules.most_kw,
            least_kw=rules.least_kw,
            peak_kw=power.peak_kw,
            may_start=rules.may_start,
            notes=power.notes,
        )
        for i, (site, power, rules) in enumerate(
            zip(question.fleet.book.sites, question.power, question.rules, strict=True)
        )
    )


def _known_until(question: Question, power: SitePower) -> datetime | None:
    return power.known_from(question.begins, question.problem.horizon.hours)


def _gains(held: Held, objective: float, later: float) -> Gains:
    def over(baseline: Baseline) -> float | None:
        return None if baseline.objective is None else objective - baseline.objective

    def why(baseline: Baseline) -> str:
        broken = baseline.breaks
        return "" if broken is None else broken_sentence(held.question, broken)

    gain = over(held.beaten)
    on_forecast = 0.0
    if gain is not None:
        from_later = abs(later - held.later)
        whole = from_later + abs(gain - (later - held.later))
        on_forecast = from_later / whole if whole > 0 else 0.0
    return Gains(
        over_always_on=over(held.always_on),
        over_threshold=over(held.threshold),
        over_as_is=over(held.as_is),
        why_not_always_on=why(held.always_on),
        why_not_threshold=why(held.threshold),
        why_not_as_is=why(held.as_is),
        on_forecast=on_forecast,
    )


def _later_money(question: Question, schedule: Schedule, kw: Floats) -> float:
    """Return what a schedule earns less what it pays in steps whose price is a forecast."""
    problem = question.problem
    units, horizon = problem.units, problem.horizon
    unknown = ~np.array([each.known for each in question.power])
    total = -float((kw * horizon.price * unknown).sum()) * horizon.hours
    site, keep = units.site[schedule.unit], units.keep[schedule.unit] * schedule.rigs
    for step in np.flatnonzero(unknown.any(axis=0)):
        state = schedule.state[:, step].astype(np.int64)
        mode = np.maximum(state - 1, 0)
        earned = (
            units.paid_subsidy[schedule.unit, mode] * horizon.income_subsidy[step]
            + units.paid_fees[schedule.unit, mode] * horizon.income_fees[step]
        )
        total += float((earned * keep * (state != OFF_STATE) * unknown[site, step]).sum())
    return total


def _frozen(array: NDArray) -> NDArray:  # type: ignore[type-arg] # of any kind of number
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
