"""The plan: the uncoupled optimum at once, then better and better where a site couples its rigs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.rigs import Pin
from minerdesk.engine.dispatch.now import Tolerance
from minerdesk.engine.dispatch.problem import CannotPlan, Problem, Solution
from minerdesk.engine.dispatch.uncoupled import impossible_units, plan_units
from minerdesk.engine.fleet import build_fleet
from minerdesk.services.evaluation import network_now, price_age, price_in, rates_into
from minerdesk.services.planning.compose import Held, blank, compose, hold_against
from minerdesk.services.planning.plan import Plan, PlanOptions
from minerdesk.services.planning.problem_of import Fleet, question
from minerdesk.services.planning.rules_of import rules_of
from minerdesk.services.planning.site_money import has_site_limits, has_site_money
from minerdesk.services.planning.units import group_facts
from minerdesk.services.planning.why_not import why_not
from minerdesk.services.power.site_prices import SitePrices

OnBetter = Callable[[Plan], None]
StartsToday = Callable[[Book, datetime], Mapping[str, int]]
_LEAST_S: Final = 0.5  # a search in less time finds nothing
_PIN_S: Final = 5.0
_WHY_S: Final = 5.0
_PAUSE_S: Final = 0.2  # between two better plans
_PAUSES: Final = 4  # times as long as it took to tell of one


@dataclass(frozen=True, slots=True)
class _PerEdit:
    rates: Mapping[str, float]
    fleet: Fleet


class Planner:
    """Makes plans; keeps between calls what changes only with an edit.

    Several threads may plan at once: what is kept is replaced as a whole.

    Args:
        prices: of power at the sites.
        clock: monotonic seconds.
        starts_today: gives by the group's id what is known to be used of its starts a day; it may
            block.
    """

    def __init__(
        self,
        prices: SitePrices,
        clock: Callable[[], float] = time.monotonic,
        starts_today: StartsToday = lambda _book, _now: {},
    ) -> None:
        self._prices = prices
        self._clock = clock
        self._starts_today = starts_today
        self._kept: _PerEdit | None = None

    def plan(
        self,
        book: Book,
        network: NetworkState,
        now: datetime,
        options: PlanOptions,
        token: CancelToken,
        *,
        book_revision: int = 0,
        tolerance: Tolerance | None = None,
        on_better: OnBetter | None = None,
    ) -> Plan | None:
        """Plan the hours to come.

        Args:
            book: what there is, what runs now, and what binds it.
            network: whatever is known; the plan says nothing of what its numbers are good for.
            now: UTC; the first step is the one it lies in.
            options: the horizon, and how long to search.
            token: ends the search.
            book_revision: of the book.
            tolerance: how wrong the numbers may be.
            on_better: gets each better plan until the last, in this thread.

        Returns:
            The plan, or one that says why there can be none; None where the book holds no rigs or
            a number of the network is not known.

        Raises:
            Cancelled: the token was cancelled.
        """
        token.check()
        if not book.groups or not network.complete or price_in(book.currency, network) is None:
            return None
        began = self._clock()
        numbers = network_now(network, book.currency)
        error = (tolerance or Tolerance()).fraction(
            fee_share=numbers.fee_share,
            price_age_days=price_age(network, network.example_of or now) / timedelta(days=1),
            spread=network.price.spread,
        )
        rates = rates_into(book.currency, network)
        fleet = self._fleet(book, rates)
        try:
            asked = question(
                fleet,
                network,
                numbers,
                now,
                options,
                power_of=lambda times: self._prices.power(book, fleet.arrays, rates, times),
                error_of_income=error,
                starts_today=self._starts_today(book, now),
            )
        except UserError as wrong:
            made = blank(book, now, options, wrong.sentence)
            return replace(made, book_revision=book_revision, network_revision=network.revision)
        held = hold_against(asked, book_revision, network, token.check)
        search = _Search(held, began, self._clock, token)
        try:
            solution = search.solve(on_better)
        except CannotPlan as wrong:
            sentence = search.why_not(wrong)
            return replace(held.blank, cannot=sentence, seconds=self._clock() - began)
        costs = search.pin_costs(solution)
        token.check()
        made = compose(held, solution, self._clock() - began, token.check)
        # Proved or out of time: nothing betters it any more.
        return replace(made, pin_costs=costs, finished=True)

    def _fleet(self, book: Book, rates: Mapping[str, float]) -> Fleet:
        kept = self._kept
        if kept is None or kept.fleet.book is not book or kept.rates != rates:
            kept = _PerEdit(rates, Fleet(book, build_fleet(book, rates), group_facts(book)))
            self._kept = kept
        return kept.fleet


class _Search:
    """One search for a plan."""

    def __init__(
        self, held: Held, began: float, clock: Callable[[], float], token: CancelToken
    ) -> None:
        self._held = held
        self._began = began
        self._clock = clock
        self._token = token
        self._problem = held.question.problem
        self._coupled = has_site_limits(self._problem) | has_site_money(self._problem)

    @property
    def _left_s(self) -> float:
        return max(0.0, self._held.question.options.seconds - (self._clock() - self._began))

    def solve(self, on_better: OnBetter | None) -> Solution:
        """Return the best plan that is found in time.

        Raises:
            CannotPlan: no plan keeps the rules.
            Cancelled: the token was cancelled.
        """
        if not self._coupled:
            return self._alone(self._problem)

        quiet_until = -float("inf")

        def better(solution: Solution) -> None:
            nonlocal quiet_until
            start = self._clock()
            if on_better is None or self._token.cancelled or start < quiet_until:
                return
            seconds = start - self._began
            on_better(compose(self._held, replace(solution, finished=False), seconds))
            # To tell of each better plan must not take the time in which a better one is found.
            took = self._clock() - start
            quiet_until = start + took + max(_PAUSE_S, _PAUSES * took)

        return self._together(self._problem, self._left_s, better)

    def why_not(self, wrong: CannotPlan) -> str:
        """Say why there is no plan, and the nearest thing that would work.

        Raises:
            Cancelled: the token was cancelled.
        """
        end = self._clock() + _WHY_S
        said = why_not(
            self._held.question,
            wrong,
            lambda: self._token.cancelled or self._clock() > end,
            self._clock,
        )
        self._token.check()
        return said

    def pin_costs(self, solution: Solution) -> tuple[tuple[str, float], ...]:
        """Return by group what holding it costs over the horizon, as far as time allows."""
        book, units = self._held.question.fleet.book, self._problem.units
        sites = {site.id: i for i, site in enumerate(book.sites)}
        pinned = [group for group in book.groups if group.pin is not Pin.FREE]
        if not pinned:
            return ()
        free = self._without_pins(frozenset(group.id for group in pinned))
        # Where nothing couples the rigs, each group's best with and without its pin tell it.
        gain = np.zeros(len(book.groups))
        if any(sites[group.site] not in self._coupled for group in pinned):
            held, best = (self._values(each) for each in (self._problem, free))
            np.add.at(gain, units.group, (best - held) * units.rigs)
        costs = []
        for index, group in enumerate(book.groups):
            if group.pin is Pin.FREE:
                continue
            if sites[group.site] not in self._coupled:
                costs.append((group.id, max(0.0, float(gain[index]))))
            elif self._left_s > _LEAST_S:
                other = self._without_pins(frozenset((group.id,)))
                found = self._together(other, min(self._left_s, _PIN_S), lambda _better: None)
                costs.append((group.id, max(0.0, found.objective - solution.objective)))
        return tuple(costs)

    def _without_pins(self, released: frozenset[str]) -> Problem:
        asked, problem = self._held.question, self._problem
        units, rules = rules_of(
            asked.fleet.book,
            problem.units,
            asked.rules,
            problem.rules.demand,
            problem.rules.blocks,
            released,
        )
        return replace(problem, units=units, rules=rules)

    def _values(self, problem: Problem) -> NDArray[np.float64]:
        return plan_units(problem, progress=lambda _done: self._token.check()).value

    def _alone(self, problem: Problem) -> Solution:
        plans = plan_units(problem, progress=lambda _done: self._token.check())
        failed = impossible_units(problem, plans)
        if failed:
            site = int(problem.units.site[failed[0].unit])
            nan = float("nan")
            raise CannotPlan(site, failed[0].step, "allowed", nan, nan, failed[0].unit)
        return plans.solution(problem)

    def _together(
        self, problem: Problem, seconds: float, better: Callable[[Solution], None]
    ) -> Solution:
        # The solver takes a tenth of a second to load, and most books need none.
        from minerdesk.engine.dispatch.coupled import solve

        found = solve(
            problem,
            gap=self._held.question.options.gap,
            seconds=seconds,
            on_better=better,
            cancelled=lambda: self._token.cancelled,
            clock=self._clock,
        )
        self._token.check()
        return found
