"""The whole plan as one mixed-integer programme: the formulation everybody would write.

Clustered unit commitment: of each unit and step whole numbers of rigs in each mode, of starts by
mode and of stops; minimum times as sums over starts and stops (Rajan and Takriti 2005). Equal rigs
take turns, so the counts say all, except where a change of mode costs and ages or starts are
limited: then what this finds is a bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np

from minerdesk.engine.dispatch.problem import OFF_STATE, Demand, Floats, Problem

INF = float("inf")
Terms = dict[int, float]


@dataclass
class Lines:
    """Columns and rows of a maximisation, as lists."""

    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, Terms, float]] = field(default_factory=list)
    constant: float = 0.0

    def column(self, cost: float, low: float, high: float, *, whole: bool = False) -> int:
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, low: float, terms: Terms, high: float) -> None:
        self.rows.append((low, {k: v for k, v in terms.items() if v}, high))


@dataclass(frozen=True)
class Answer:
    objective: float
    bound: float
    seconds: float
    first_within_1_percent: float
    feasible: bool


def solve(problem: Problem, *, gap: float = 1e-9, seconds: float = 1e9) -> Answer:
    """Return the best objective and the proved bound, and when 1 % was proved."""
    highs = _highs(lines_of(problem), gap, seconds)
    reached = [INF]

    def look(event: highspy.HighsCallbackEvent) -> None:
        out = event.data_out
        best, bound = float(out.mip_primal_bound), float(out.mip_dual_bound)
        if abs(best) < 1e20 and bound - best <= 0.01 * max(1.0, abs(best)):
            reached[0] = min(reached[0], float(out.running_time))

    highs.cbMipInterrupt.subscribe(look)
    highs.cbMipImprovingSolution.subscribe(look)
    highs.run()
    info, status = highs.getInfo(), highs.getModelStatus()
    took = highs.getRunTime()
    feasible = info.primal_solution_status == 2
    best = float(info.objective_function_value)
    bound = float(info.mip_dual_bound)
    if feasible and bound - best <= 0.01 * max(1.0, abs(best)):
        reached[0] = min(reached[0], took)
    if status == highspy.HighsModelStatus.kInfeasible:
        return Answer(-INF, -INF, took, INF, feasible=False)
    return Answer(best, bound, took, reached[0], feasible)


def _highs(lines: Lines, gap: float, seconds: float) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call] # highspy leaves it untyped
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("mip_rel_gap", gap),
        ("time_limit", seconds),
    ):
        highs.setOptionValue(option, value)
    starts = np.concatenate([[0], np.cumsum([len(terms) for _, terms, _ in lines.rows])])
    highs.passModel(
        len(lines.cost),
        len(lines.rows),
        int(starts[-1]),
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMaximize),
        lines.constant,
        np.array(lines.cost),
        np.array(lines.low),
        np.array(lines.high),
        np.array([low for low, _, _ in lines.rows]),
        np.array([high for _, _, high in lines.rows]),
        starts.astype(np.int32),
        np.array([k for _, terms, _ in lines.rows for k in terms], dtype=np.int32),
        np.array([v for _, terms, _ in lines.rows for v in terms.values()]),
        np.array(lines.whole, dtype=np.int32),
    )
    return highs


def lines_of(problem: Problem) -> Lines:
    """Write the programme."""
    lines, steps = Lines(), problem.horizon.steps
    sites = problem.horizon.price.shape[0]
    load = [[lines.column(0.0, -INF, INF) for _ in range(steps)] for _ in range(sites)]
    parts: list[list[Terms]] = [[{load[s][t]: -1.0} for t in range(steps)] for s in range(sites)]
    constant = np.repeat(problem.rules.fixed_kw[:, None], steps, axis=1).astype(float)
    for unit in range(problem.units.count):
        _unit(problem, unit, lines, parts, constant)
    for s in range(sites):
        for t in range(steps):
            lines.row(-constant[s, t], parts[s][t], -constant[s, t])
        _site(problem, s, lines, load[s])
    for demand in problem.rules.demand:
        _demand(problem, demand, lines, load[demand.site])
    _blocks(problem, lines, load)
    return lines


@dataclass(frozen=True)
class Columns:
    """Columns of one unit by step, and by mode."""

    on: list[dict[int, int]]
    start: list[dict[int, int]]
    change: list[dict[int, int]]
    stop: list[int]


def _unit(
    problem: Problem, u: int, lines: Lines, parts: list[list[Terms]], constant: Floats
) -> None:
    units = problem.units
    site, idle = int(units.site[u]), float(units.off_kw[u])
    columns = _columns(problem, u, lines)
    for t, on in enumerate(columns.on):
        for m, column in on.items():
            parts[site][t][column] = float(units.kw[u, m]) - idle
        constant[site, t] += units.rigs[u] * idle
        _flow(problem, u, lines, columns, t)
        _times(problem, u, lines, columns, t)
    if units.most_starts[u]:
        _starts(problem, u, lines, columns.start)


def _columns(problem: Problem, u: int, lines: Lines) -> Columns:
    units, rules, horizon = problem.units, problem.rules, problem.horizon
    rigs, site, hours = float(units.rigs[u]), int(units.site[u]), horizon.hours
    allowed, forced = rules.allowed[units.rule[u]], rules.forced_off[units.rule[u]]
    earn = units.keep[u] * (
        np.outer(horizon.income_subsidy, units.paid_subsidy[u])
        + np.outer(horizon.income_fees, units.paid_fees[u])
    )
    pay = horizon.price[site] * hours
    above = units.kw[u] - units.off_kw[u]
    wear, start_steps = float(units.wear_start[u]), units.start_lost_h[u] / hours
    change_steps = units.mode_lost_h[u] / hours
    made = Columns([], [], [], [])
    for t in range(horizon.steps):
        modes = [m for m in range(units.modes) if units.has[u, m]]
        may = {m: rigs if allowed[t, 1 + m] and not forced[t] else 0.0 for m in modes}
        opens = bool(rules.may_start[site, t])
        on, start, change = {}, {}, {}
        for m, most in may.items():
            gain = float(earn[t, m] - pay[t] * above[m])
            on[m] = lines.column(gain, 0.0, most, whole=True)
            cost = wear + _lost(earn[:, m], t, start_steps)
            start[m] = lines.column(-cost, 0.0, most if opens else 0.0, whole=True)
            change[m] = lines.column(-_lost(earn[:, m], t, change_steps), 0.0, most)
        made.on.append(on)
        made.start.append(start)
        made.change.append(change)
        made.stop.append(lines.column(-float(units.wear_stop[u]), 0.0, rigs, whole=True))
        lines.constant -= rigs * pay[t] * units.off_kw[u]
    return made


def _flow(problem: Problem, u: int, lines: Lines, columns: Columns, t: int) -> None:
    """Rigs that run were running, started, or changed their mode."""
    before, rigs = int(problem.units.state[u]), float(problem.units.rigs[u])
    on, start, last = columns.on[t], columns.start[t], columns.on[t - 1] if t else {}
    for m, column in on.items():
        was = {last[m]: -1.0} if t else {}
        first = rigs if not t and before == 1 + m else 0.0
        terms = {column: 1.0, start[m]: -1.0, columns.change[t][m]: -1.0, **was}
        lines.row(-INF, terms, first)
        lines.row(-INF, {start[m]: 1.0, column: -1.0}, 0.0)
    ran = rigs if not t and before != OFF_STATE else 0.0
    balance = dict.fromkeys(on.values(), 1.0) | dict.fromkeys(start.values(), -1.0)
    balance |= dict.fromkeys(last.values(), -1.0) | {columns.stop[t]: 1.0}
    lines.row(ran, balance, ran)


def _times(problem: Problem, u: int, lines: Lines, columns: Columns, t: int) -> None:
    """Minimum times, events that win over them, and steps in which it must run."""
    units, rules = problem.units, problem.rules
    rigs, rule = float(units.rigs[u]), int(units.rule[u])
    forced = rules.forced_off[rule]
    before, age = int(units.state[u]), int(units.age[u])
    running = dict.fromkeys(columns.on[t].values(), 1.0)
    since = max([0, *(k + 1 for k in range(t + 1) if forced[k])])
    if not forced[t]:
        lately = range(max(since, t - int(units.min_on[u]) + 1), t + 1)
        started = {column: 1.0 for k in lately for column in columns.start[k].values()}
        lines.row(-INF, started | dict.fromkeys(running, -1.0), 0.0)
        held = before != OFF_STATE and t < units.min_on[u] - age and since == 0
        if held or not rules.allowed[rule, t, OFF_STATE]:
            lines.row(rigs, running, rigs)
    lately = range(max(0, t - int(units.min_off[u]) + 1), t + 1)
    lines.row(-INF, {columns.stop[k]: 1.0 for k in lately} | running, rigs)
    if before == OFF_STATE and t < units.min_off[u] - age:
        lines.row(0.0, dict.fromkeys(columns.start[t].values(), 1.0), 0.0)


def _starts(problem: Problem, u: int, lines: Lines, start: list[dict[int, int]]) -> None:
    units, day = problem.units, problem.horizon.day[problem.units.site[u]]
    for number in np.unique(day):
        most = int(units.most_starts[u])
        if number == day[0]:
            most = max(0, most - int(units.starts_today[u]))
        inside = {c: 1.0 for t in np.flatnonzero(day == number) for c in start[t].values()}
        lines.row(-INF, inside, most * float(units.rigs[u]))


def _lost(earned: Floats, t: int, steps: float) -> float:
    return sum(
        float(earned[k]) * min(1.0, max(0.0, steps - (k - t))) for k in range(t, len(earned))
    )


def _site(problem: Problem, s: int, lines: Lines, load: list[int]) -> None:
    rules = problem.rules
    for t, column in enumerate(load):
        lines.row(rules.least_kw[s, t], {column: 1.0}, rules.most_kw[s, t])
        if np.isfinite(rules.ramp_kw[s]):
            base = float(rules.load_before_kw[s]) if t == 0 else 0.0
            terms = {column: 1.0} if t == 0 else {column: 1.0, load[t - 1]: -1.0}
            lines.row(base - rules.ramp_kw[s], terms, base + rules.ramp_kw[s])


def _demand(problem: Problem, demand: Demand, lines: Lines, load: list[int]) -> None:
    above = lines.column(-demand.per_kw, 0.0, INF)
    counted = [t for t in range(len(load)) if demand.interval[t] >= 0]
    for number in sorted({int(demand.interval[t]) for t in counted}):
        inside = [t for t in counted if demand.interval[t] == number]
        hours = len(inside) * problem.horizon.hours
        kwh = 0.0
        if inside[0] == counted[0]:
            hours += demand.hours_before
            kwh = demand.hours_before * demand.kw_before
        terms = {load[t]: problem.horizon.hours / hours for t in inside}
        lines.row(-INF, terms | {above: -1.0}, demand.floor_kw - kwh / hours)


def _blocks(problem: Problem, lines: Lines, load: list[list[int]]) -> None:
    horizon, units = problem.horizon, problem.units
    for block in problem.rules.blocks:
        s = block.site
        widest = np.column_stack([units.off_kw, np.where(units.has, units.kw, 0.0)]).max(axis=1)
        big = float(problem.rules.fixed_kw[s] + (units.rigs * widest)[units.site == s].sum())
        for t, column in enumerate(load[s]):
            rate = float(block.above[t] - horizon.price[s, t]) * horizon.hours
            excess = lines.column(-rate, 0.0, INF)
            if rate >= 0.0:
                lines.row(-INF, {column: 1.0, excess: -1.0}, block.kw)
                continue
            switch = lines.column(0.0, 0.0, 1.0, whole=True)
            room = big + block.kw
            lines.row(-INF, {excess: 1.0, switch: -room}, 0.0)
            lines.row(-INF, {excess: 1.0, column: -1.0, switch: room}, room - block.kw)
