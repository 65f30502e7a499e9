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


def _unit(
    problem: Problem, u: int, lines: Lines, parts: list[list[Terms]], constant: Floats
) -> None:
    units, rules, horizon = problem.units, problem.rules, problem.horizon
    rigs, site, hours = float(units.rigs[u]), int(units.site[u]), horizon.hours
    steps, modes = horizon.steps, [m for m in range(units.modes) if units.has[u, m]]
    allowed, forced = rules.allowed[units.rule[u]], rules.forced_off[units.rule[u]]
    before, age = int(units.state[u]), int(units.age[u])
    earn = units.keep[u] * (
        np.outer(horizon.income_subsidy, units.paid_subsidy[u])
        + np.outer(horizon.income_fees, units.paid_fees[u])
    )
    pay = horizon.price[site] * hours
    on, start, stop, changed = [], [], [], []
    for t in range(steps):
        open_ = not forced[t]
        may = {m: rigs if open_ and allowed[t, 1 + m] else 0.0 for m in modes}
        on.append(
            {
                m: lines.column(
                    earn[t, m] - pay[t] * (units.kw[u, m] - units.off_kw[u]),
                    0.0,
                    may[m],
                    whole=True,
                )
                for m in modes
            }
        )
        started = rigs if rules.may_start[site, t] else 0.0
        start.append(
            {
                m: lines.column(
                    -units.wear_start[u] - _lost(earn[:, m], t, units.start_lost_h[u] / hours),
                    0.0,
                    min(may[m], started),
                    whole=True,
                )
                for m in modes
            }
        )
        stop.append(lines.column(-units.wear_stop[u], 0.0, rigs, whole=True))
        changed.append(
            {
                m: lines.column(-_lost(earn[:, m], t, units.mode_lost_h[u] / hours), 0.0, may[m])
                for m in modes
            }
        )
        lines.constant -= rigs * pay[t] * units.off_kw[u]
        constant[site, t] += rigs * units.off_kw[u]
        for m in modes:
            parts[site][t][on[t][m]] = units.kw[u, m] - units.off_kw[u]
            was = rigs if before == 1 + m else 0.0
            last = {on[t - 1][m]: -1.0} if t else {}
            lines.row(
                -INF,
                {on[t][m]: 1.0, start[t][m]: -1.0, changed[t][m]: -1.0, **last},
                0.0 if t else was,
            )
            lines.row(-INF, {start[t][m]: 1.0, on[t][m]: -1.0}, 0.0)
        ran = rigs if before != OFF_STATE else 0.0
        balance = {on[t][m]: 1.0 for m in modes} | {start[t][m]: -1.0 for m in modes}
        balance[stop[t]] = 1.0
        if t:
            balance |= {on[t - 1][m]: -1.0 for m in modes}
        lines.row(0.0 if t else ran, balance, 0.0 if t else ran)
        if open_ and not allowed[t, OFF_STATE]:
            lines.row(rigs, {on[t][m]: 1.0 for m in modes}, rigs)
        since = max([0, *(k + 1 for k in range(t + 1) if forced[k])])
        if open_:
            window = range(max(since, t - int(units.min_on[u]) + 1), t + 1)
            up = {start[k][m]: 1.0 for k in window for m in modes}
            lines.row(-INF, up | {on[t][m]: -1.0 for m in modes}, 0.0)
            if before != OFF_STATE and t < units.min_on[u] - age and since == 0:
                lines.row(rigs, {on[t][m]: 1.0 for m in modes}, rigs)
        window = range(max(0, t - int(units.min_off[u]) + 1), t + 1)
        down = {stop[k]: 1.0 for k in window} | {on[t][m]: 1.0 for m in modes}
        lines.row(-INF, down, rigs)
        if before == OFF_STATE and t < units.min_off[u] - age:
            lines.row(0.0, {start[t][m]: 1.0 for m in modes}, 0.0)
    if units.most_starts[u]:
        _starts(problem, u, lines, start)


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
