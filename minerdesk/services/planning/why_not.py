"""Why there is no plan, tried: what is said to work does, or what else it takes is said as well."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from minerdesk.domain.text import _
from minerdesk.engine.dispatch.problem import CannotPlan, Problem
from minerdesk.services.planning.cannot import cannot_sentence, nearest_kw
from minerdesk.services.planning.nearest_ramp import fault_of, nearest_ramp
from minerdesk.services.planning.problem_of import Question


def why_not(
    question: Question, wrong: CannotPlan, stop: Callable[[], bool], clock: Callable[[], float]
) -> str:
    """Say which rule cannot be kept, when, and the nearest thing that would work.

    Where that would not do because another rule stands in the way as well, that one follows.

    Args:
        question: that has no plan.
        wrong: why, as the optimiser found it.
        stop: whether to stop trying; what is known by then is said.
        clock: seconds.
    """
    problem = question.problem
    found: dict[tuple[str, float], str] = {}
    fault: CannotPlan | None = wrong
    while fault is not None:
        fault, ramp_kw = _with_ramp(problem, fault, stop, clock)
        fault = _as_asked(question, fault)
        # A rule that fails in two steps is told once, with what is enough for both.
        found[fault.rule, fault.asked] = cannot_sentence(question, fault, ramp_kw)
        if fault.unit >= 0 or ramp_kw is not None or fault.rule == "ramp_kw" or stop():
            break
        problem = _mended(question.problem, problem, fault)
        fault = fault_of(problem, fault.site, stop, clock)
    first, *others = found.values()
    alone = _("{sentence} That alone is not enough: {another}")
    for other in others:
        first = alone.format(sentence=first, another=other)
    return first


def _with_ramp(
    problem: Problem, fault: CannotPlan, stop: Callable[[], bool], clock: Callable[[], float]
) -> tuple[CannotPlan, float | None]:
    """Return a fault that is not the ramp's, or the ramp in kW that would work."""
    if fault.unit >= 0 or not math.isfinite(problem.rules.ramp_kw[fault.site]):
        return fault, None
    found = nearest_ramp(problem, fault, stop, clock)
    return (found, None) if isinstance(found, CannotPlan) else (fault, found)


def _as_asked(question: Question, fault: CannotPlan) -> CannotPlan:
    """Return a fault with what the operator's own rule asks there, not one that is mended."""
    if fault.rule not in {"most_kw", "least_kw"}:
        return fault
    asked = float(getattr(question.problem.rules, fault.rule)[fault.site, fault.step])
    return CannotPlan(fault.site, fault.step, fault.rule, asked, fault.nearest, fault.unit)


def _mended(asked: Problem, problem: Problem, fault: CannotPlan) -> Problem:
    """Return the problem with the limit, or the least load, that is said to work.

    Args:
        asked: the operator's own.
        problem: the same with what was mended before.
        fault: of one of the two rules, as the operator asks it.
    """
    its_steps = getattr(asked.rules, fault.rule)[fault.site] == fault.asked
    values = getattr(problem.rules, fault.rule).copy()
    values[fault.site, its_steps] = nearest_kw(fault)
    return replace(problem, rules=replace(problem.rules, **{fault.rule: values}))
