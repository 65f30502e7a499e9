"""Where the rules of a unit contradict each other: the first step without an allowed state."""

from __future__ import annotations

from dataclasses import dataclass

from minerdesk.engine.dispatch.problem import OFF_STATE, Problem

Node = tuple[int, int, int]  # state, steps it must still stay, starts used today


@dataclass(frozen=True, slots=True)
class Impossible:
    """A unit no schedule of which keeps the rules.

    Attributes:
        unit: its index. step: the first in which every state breaks a rule.
        must_run: True where off is not allowed in that step, so it had to be on and could not;
            False where it had to go off, or change its mode, and could not.
    """

    unit: int
    step: int
    must_run: bool


def first_impossible(problem: Problem, unit: int) -> Impossible:
    """Return where a unit fails.

    Args:
        problem: whose unit it is.
        unit: index of one that has no schedule.

    Raises:
        ValueError: it has one.
    """
    nodes = {first_node(problem, unit)}
    for step in range(problem.horizon.steps):
        nodes = {after for node in nodes for after in next_nodes(problem, unit, step, node)}
        if not nodes:
            off_allowed = problem.rules.allowed[problem.units.rule[unit], step, OFF_STATE]
            return Impossible(unit, step, must_run=not bool(off_allowed))
    raise ValueError(f"unit {unit} has a schedule that keeps its rules")


def first_node(problem: Problem, unit: int) -> Node:
    """Return the node that a unit is at before the horizon."""
    units = problem.units
    before = int(units.state[unit])
    least = int((units.min_off if before == OFF_STATE else units.min_on)[unit])
    return before, max(0, least - int(units.age[unit])), int(units.starts_today[unit])


def next_nodes(problem: Problem, unit: int, step: int, node: Node) -> list[Node]:
    """Return the nodes of a step that keep the unit's rules."""
    units, rules, horizon = problem.units, problem.rules, problem.horizon
    site, rule = units.site[unit], units.rule[unit]
    state, stay, used = node
    day = horizon.day[site]
    if step and day[step] != day[step - 1]:
        used = 0
    forced = bool(rules.forced_off[rule, step])
    runs, most = state != OFF_STATE, units.most_starts[unit]
    after: list[Node] = []
    if rules.allowed[rule, step, OFF_STATE] or forced:
        if not runs:
            after.append((OFF_STATE, max(0, stay - 1), used))
        elif not stay or forced:
            after.append((OFF_STATE, int(units.min_off[unit]) - 1, used))
    may_start = not stay and rules.may_start[site, step] and (most == 0 or used < most)
    if not forced and (runs or may_start):
        on = (max(0, stay - 1), used) if runs else (int(units.min_on[unit]) - 1, used + 1)
        modes = range(units.modes)
        allowed = rules.allowed[rule, step]
        after += [(1 + m, *on) for m in modes if units.has[unit, m] and allowed[1 + m]]
    return after
