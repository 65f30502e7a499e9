"""The plan of all sites: those whose rules bind by columns, the others unit by unit."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import numpy as np

from minerdesk.domain.errors import Cancelled
from minerdesk.engine.dispatch.coupled import cannot
from minerdesk.engine.dispatch.coupled.asked import Asked, Enough
from minerdesk.engine.dispatch.coupled.site_plan import SitePlan
from minerdesk.engine.dispatch.problem import Problem, Schedule, Solution
from minerdesk.engine.dispatch.uncoupled import impossible_units, plan_units

Clock = Callable[[], float]
OnBetter = Callable[[Solution], None]
_ENDED = object()


def solve(
    problem: Problem,
    *,
    gap: float = 1e-4,
    seconds: float = np.inf,
    clock: Clock,
    on_better: OnBetter | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """Return the best plan under all rules, proved to ``gap`` where time is enough.

    Args:
        problem: what is planned.
        gap: how far the plan may be from the proved bound, as `Solution.gap` counts.
        seconds: when they are over the best plan yet is returned, with ``finished`` False; the
            first plan is waited for.
        clock: seconds from any beginning; asked between steps.
        on_better: called with each better plan or bound, in the caller's thread.
        cancelled: asked again and again; True ends the work like the end of time.

    Raises:
        CannotPlan: no schedule keeps the rules.
        Cancelled: it was cancelled before there was a plan.
    """
    return _Solving(problem, gap, clock() + seconds, clock, on_better, cancelled).run()


class _Solving:
    """One call of `solve`."""

    def __init__(
        self,
        problem: Problem,
        gap: float,
        end: float,
        clock: Clock,
        on_better: OnBetter | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._problem, self._gap, self._end, self._clock = problem, gap, end, clock
        self._on_better, self._cancelled = on_better, cancelled
        alone = plan_units(problem, progress=self._check)
        for impossible in impossible_units(problem, alone):
            raise cannot.by_itself(int(problem.units.site[impossible.unit]), impossible)
        asked = Asked(self._tolerance, self._stop, self._seconds)
        self._plans: list[SitePlan] = []
        self._told: tuple[float, float] | None = None
        for site in range(len(problem.rules.fixed_kw)):
            self._plans.append(SitePlan(problem, site, alone, asked))

    def run(self) -> Solution:
        """Better the site with the widest gap, until all is proved or time is out."""
        with suppress(Enough):
            self._better()
        self._tell()
        if not self._feasible():
            raise Cancelled
        return self._solution(finished=self._proved())

    def _better(self) -> None:
        going = {plan: plan.steps() for plan in self._plans}
        while not self._stop() and not self._proved():
            widest = max(going, key=lambda plan: plan.gap, default=None)
            if widest is None:
                break
            if next(going[widest], _ENDED) is _ENDED:
                del going[widest]

    def _check(self, _done: float) -> None:
        if self._cancelled is not None and self._cancelled():
            raise Cancelled

    def _solution(self, *, finished: bool) -> Solution:
        rows = [plan.schedule() for plan in self._plans]
        schedule = Schedule(
            np.concatenate([each.unit for each in rows]),
            np.concatenate([each.rigs for each in rows]),
            np.concatenate([each.state for each in rows]),
        )
        money = sum(plan.money for plan in self._plans)
        return Solution(schedule, money, money + self._missing(), finished)

    def _missing(self) -> float:
        return float(sum(plan.gap for plan in self._plans))

    def _worth(self) -> float:
        """Return the money of all sites as far as it is known, at least 1."""
        return max(1.0, abs(sum(plan.money for plan in self._plans)))

    def _proved(self) -> bool:
        return self._missing() <= self._gap * self._worth()

    def _tolerance(self) -> float:
        """Return the share of one site in the money that may be missing."""
        open_ = sum(plan.gap > 0.0 for plan in self._plans)
        return 0.95 * self._gap * self._worth() / max(1, open_)

    def _seconds(self) -> float:
        return max(0.0, self._end - self._clock()) if self._feasible() else np.inf

    def _feasible(self) -> bool:
        return all(plan.best is not None for plan in self._plans)

    def _stop(self) -> bool:
        """Say whether to stop, after telling what is new."""
        self._tell()
        if self._cancelled is not None and self._cancelled():
            return True
        return self._feasible() and self._clock() >= self._end

    def _tell(self) -> None:
        if self._on_better is None or not self._feasible():
            return
        now = (sum(plan.money for plan in self._plans), self._missing())
        if now != self._told:
            self._told = now
            self._on_better(self._solution(finished=self._proved()))
