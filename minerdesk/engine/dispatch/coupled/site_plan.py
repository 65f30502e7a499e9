"""The plan of one site, bettered step by step: columns, whole rigs, and the proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from minerdesk.engine.dispatch.coupled import cannot
from minerdesk.engine.dispatch.coupled.asked import Asked
from minerdesk.engine.dispatch.coupled.compact import Compact, columns_of
from minerdesk.engine.dispatch.coupled.crowd import mix_of_answers
from minerdesk.engine.dispatch.coupled.generation import Generation
from minerdesk.engine.dispatch.coupled.merit import first_prices
from minerdesk.engine.dispatch.coupled.neighbours import add_neighbours
from minerdesk.engine.dispatch.coupled.pool import Pool
from minerdesk.engine.dispatch.coupled.restricted import best_of_pool
from minerdesk.engine.dispatch.coupled.rounding import Whole, better, round_off, weigh
from minerdesk.engine.dispatch.coupled.site import SiteRules, cut, site_rules
from minerdesk.engine.dispatch.coupled.windows import Windows
from minerdesk.engine.dispatch.coupled.worth import Worth, prepare
from minerdesk.engine.dispatch.problem import CannotPlan, Floats, Ints, Problem, Schedule, States
from minerdesk.engine.dispatch.uncoupled import UnitPlans

_BROKEN_KW = 1e-4  # of a mix, summed: under this only whole rigs can tell
_ROUNDS_BETWEEN = 3
_CROWD, _CROWD_ROUNDS = 200, 5  # units: a master of more takes its time
_MOST_SIDES = 5
_MOST_COLUMNS = 20_000  # of larger compact programmes HiGHS proves nothing, nor heeds the clock
_COARSE = 0.01  # of the money: until a plan is so near, every mix is tried
_MUCH = 0.8  # of the gap: what going through the windows must leave at most to be tried again
_WHOLE_S = 0.5  # what known schedules can give is mostly found by then
_ALMOST = 0.2  # of the tolerance: a mix so near its bound leaves the rest to whole rigs


class SitePlan:
    """One site of a problem; `steps` betters ``best`` and ``bound``.

    Attributes:
        best: the best plan that keeps the limits, None before there is one. bound: money.
        units: the numbers of its units in the whole problem.
    """

    def __init__(self, problem: Problem, site: int, alone: UnitPlans, asked: Asked) -> None:
        self.units: Ints = np.flatnonzero(problem.units.site == site)
        self.best: Whole | None = None
        self._site, self._asked = site, asked
        self._problem = cut(problem, site)
        worth = prepare(self._problem)
        self._worth = worth
        self._rules = site_rules(self._problem, worth.kw)
        self._rigs = self._problem.units.rigs
        self._pool = Pool(worth, problem.horizon.steps)
        self._alone = float(alone.value[self.units] @ self._rigs)
        self.bound = self._alone + self._rules.most_gain
        self._nearest: Whole
        self._least_broken = np.inf
        self._penalty = _dear(worth, self._rules)
        self._take(np.arange(len(self.units)), self._rigs, alone.state[self.units])
        if not len(self.units):
            self.bound = self.money

    @property
    def gap(self) -> float:
        """Money between the best plan and the bound; infinite while there is no plan."""
        return np.inf if self.best is None else max(0.0, self.bound - self.best.money)

    @property
    def money(self) -> float:
        """Money of the best plan; while there is none, of the bound."""
        return self.bound if self.best is None else self.best.money

    def schedule(self) -> Schedule:
        """Return the best plan's rows, of units of the whole problem."""
        rows = self._rows()
        return replace(rows, unit=self.units[rows.unit])

    def _rows(self) -> Schedule:
        rigs = np.zeros(0, dtype=np.int64) if self.best is None else self.best.rigs
        used = np.flatnonzero(rigs)
        return Schedule(self._pool.unit[used], rigs[used], self._pool.state[used])

    def steps(self) -> Iterator[None]:
        """Better the plan; yields often, and ends when nothing is left to prove.

        Raises:
            CannotPlan: no schedule keeps the limits.
        """
        if self.best is None:
            cannot.check_reach(self._rules, self._site)
        if not len(self.units):
            raise self._broken()
        generation = Generation(
            self._problem,
            self._worth,
            self._rules,
            self._pool,
            penalty=self._penalty,
            bound=self.bound,
            known=first_prices(self._problem, self._worth, self._rules, self._penalty),
            asked=self._asked,
        )
        self.bound = min(self.bound, generation.bound)
        if len(self.units) > _CROWD:
            yield from self._crowd(generation)
        generation.begin()
        yield from self._mix(generation)
        yield from self._sides(generation.mix.load)
        yield from self._windows(generation)
        self._spread(generation)
        yield
        self._whole(generation)
        yield
        self._prove()
        yield

    def _crowd(self, generation: Generation) -> Iterator[None]:
        """Find a first plan of whole answers, before the master has looked at each unit."""
        for _ in range(_CROWD_ROUNDS):
            mix, prices = mix_of_answers(
                self._rules,
                self._pool,
                self._rigs,
                generation.answers,
                penalty=self._penalty,
                stop=self._asked.stop,
            )
            rigs = round_off(self._pool, self._rigs, mix)
            self._better(weigh(self._rules, self._pool, rigs), prices)
            yield
            if self.best is not None:
                break
            generation.ask(prices)

    def _mix(self, generation: Generation) -> Iterator[None]:
        """Find columns until the mix is almost as good as its bound."""
        self._round_off(generation)
        yield
        rounds, found = 0, True
        for dearer in (1.0, 1e4):
            if dearer > 1.0 and generation.mix.broken <= _BROKEN_KW:
                break
            if dearer > 1.0:
                generation.punish(self._penalty * dearer)
            found = True
            while found:
                found = generation.round()
                rounds += 1
                self.bound = min(self.bound, generation.bound)
                missing = generation.bound - generation.mix.objective
                near = missing <= _ALMOST * self._asked.tolerance()
                # Only columns that are all there prove that limits cannot be kept.
                found = found and not (near and generation.mix.broken <= _BROKEN_KW)
                coarse = self.gap > _COARSE * abs(self.bound)
                if not found or coarse or rounds % _ROUNDS_BETWEEN == 0:
                    self._round_off(generation)
                yield
        if generation.mix.broken > _BROKEN_KW:
            raise self._broken()

    def _round_off(self, generation: Generation) -> None:
        mix = generation.rigs()
        rigs = round_off(self._pool, self._rigs, mix)
        whole = weigh(self._rules, self._pool, rigs)
        if self._offer(whole) and self.gap <= self._asked.tolerance():
            return
        prices = generation.mix.kw_price
        self._better(whole, prices)

    def _sides(self, load: Floats) -> Iterator[None]:
        """Better the plan on one side of each border behind which energy is cheaper.

        A mix takes a share of both sides, which no plan can; on one side mix and plan agree. Its
        bound is of that side alone.
        """
        cheap = any((each.rate < 0.0).any() for each in self._rules.excesses)
        for _ in range(_MOST_SIDES if cheap else 0):
            before = self.gap
            rules = self._rules.sided(load)
            generation = Generation(
                self._problem,
                self._worth,
                rules,
                self._pool,
                penalty=self._penalty,
                bound=np.inf,
                known=first_prices(self._problem, self._worth, rules, self._penalty),
                asked=self._asked,
            )
            generation.begin()
            yield
            while generation.round():
                yield
                if generation.bound - generation.mix.objective <= self._asked.tolerance():
                    break
            self._round_off(generation)
            yield
            if self.best is None or not self._asked.tolerance() < self.gap < before:
                break
            load = self.best.load

    def _better(self, whole: Whole, kw_price: Floats) -> None:
        penalty, stop = self._penalty * 10.0, self._asked.stop
        self._offer(better(self._rules, self._pool, whole, kw_price, penalty, stop=stop))

    def _windows(self, generation: Generation) -> Iterator[None]:
        """Better the plan window by window, as long as that brings much."""
        tolerance, before = self._asked.tolerance(), np.inf
        while self.best is not None and tolerance < self.gap < _MUCH * before:
            before = self.gap
            segments, rows, mix = generation.segments, self._rows(), generation.mix
            segments.take(self._pool)
            rigs = segments.parts(rows.unit, rows.rigs, rows.state)
            windows = Windows(segments, self._worth, self._rules, rigs, self.best.load.copy())
            # What was found since the mix was made is taken for as good as the mix.
            loss = np.pad(mix.loss, (0, len(segments) - len(mix.loss)))
            for _ in windows.steps(mix.load, loss, 0.1 * tolerance / len(segments.borders)):
                unit, times, state = segments.joined(windows.rigs)
                self._take(unit, np.rint(times).astype(np.int64), state)
                yield

    def _spread(self, generation: Generation) -> None:
        """Add schedules around those of the best plan and of the mix, and try them."""
        generation.around()
        used = np.flatnonzero(generation.rigs() > 1e-9)
        if self.best is not None:
            used = np.union1d(used, np.flatnonzero(self.best.rigs))
        prices = generation.kw_price
        reach = max(min(self.gap, abs(self.bound)), self._asked.tolerance())
        add_neighbours(self._problem, self._worth, self._pool, used, prices, reach)
        if self.best is not None:
            rigs = np.pad(self.best.rigs, (0, len(self._pool) - len(self.best.rigs)))
            whole = weigh(self._rules, self._pool, rigs)
            self._better(whole, prices)

    def _whole(self, generation: Generation) -> None:
        """Choose whole rigs among the columns that can matter."""
        slack = self._asked.tolerance()
        best_of_pool(
            self._rules,
            self._pool,
            self._rigs,
            (generation.kw_price, max(self.gap, slack), self.best),
            target=self.bound - 0.9 * slack,
            seconds=min(_WHOLE_S, self._asked.seconds()),
            stop=self._asked.stop,
            better=self._try,
        )

    def _prove(self) -> None:
        """Hand the whole to HiGHS, from the best plan on, until the gap is small or time is out.

        Raises:
            CannotPlan: no whole rigs keep the limits.
        """
        if self.best is not None and columns_of(self._problem) > _MOST_COLUMNS:
            return
        compact = Compact(self._problem, self._worth, self._rules)

        def look(bound: float) -> bool:
            self.bound = min(self.bound, compact.money(bound))
            return self._asked.stop() or self.gap <= self._asked.tolerance()

        def give(values: Floats) -> None:
            unit, rigs, state = compact.schedule(values)
            self._take(unit, rigs, state)

        bound, proved = compact.model.solve_whole(
            seconds=self._asked.seconds(),
            target=-np.inf,
            start=None if self.best is None else compact.start(self._rows()),
            look=look,
            better=give,
        )
        if proved and self.best is None:
            raise self._broken()
        # HiGHS may find nothing near rules that are just met; that proves nothing of what is known.
        look(bound if np.isfinite(bound) else -np.inf)

    def _take(self, unit: Ints, rigs: Ints, state: States) -> None:
        """Offer a plan of any rows."""
        numbers = self._pool.add(unit, state)
        summed = np.bincount(numbers, weights=rigs, minlength=len(self._pool))
        self._try(np.rint(summed).astype(np.int64))

    def _try(self, rigs: Ints) -> None:
        self._offer(weigh(self._rules, self._pool, rigs))

    def _offer(self, whole: Whole) -> bool:
        """Keep a plan if it is the best yet; return whether it is."""
        if whole.violation < self._least_broken:
            self._least_broken, self._nearest = whole.violation, whole
        if not whole.kept or (self.best is not None and whole.money <= self.best.money):
            return False
        self.best = whole
        return True

    def _broken(self) -> CannotPlan:
        return cannot.worst(self._rules, self._site, self._nearest.load)


def _dear(worth: Worth, rules: SiteRules) -> float:
    """Return money for a kW and step that is far over what any rig gives for it."""
    spread = worth.kw.max(axis=1) - worth.kw.min(axis=1)
    moves = np.abs(worth.gain).max(axis=(1, 2)) + worth.start.max(axis=(1, 2)) + worth.stop
    of_units = float((moves / np.maximum(spread, 1e-3)).max(initial=0.0))
    of_rules = sum(float(np.abs(each.rate).sum()) for each in rules.peaks)
    of_rules += sum(float(np.abs(each.rate).max()) for each in rules.excesses)
    return float(10.0 * (of_units + of_rules))
