"""Finding the schedules that the best mix needs, and how good any plan can be.

Prices between the master's and the best known ones are asked as well in each round (Wentges 1997):
those bring the bound down while the master's still swing.
"""

from __future__ import annotations

import numpy as np

from minerdesk.engine.dispatch.coupled.asked import Asked
from minerdesk.engine.dispatch.coupled.master import Master, Mix
from minerdesk.engine.dispatch.coupled.pool import Pool
from minerdesk.engine.dispatch.coupled.segments import Segments
from minerdesk.engine.dispatch.coupled.site import SiteRules, cut
from minerdesk.engine.dispatch.coupled.worth import Worth
from minerdesk.engine.dispatch.problem import Floats, Ints, Problem
from minerdesk.engine.dispatch.uncoupled import Pricer

_FIRST = np.array([1.0, 0.7, 1.3, 0.0])  # of the prices to begin with
SHARES = np.array([1.0, 0.5, 0.2, 0.08])  # how far each question lies towards the master's prices


class Generation:
    """The rounds of one site.

    Attributes:
        bound: the best so far. mix: the best so far, from `begin` on.
        answers: (N, U) columns of the pool that the units answered to each price that was asked.
    """

    def __init__(
        self,
        problem: Problem,
        worth: Worth,
        rules: SiteRules,
        pool: Pool,
        *,
        penalty: float,
        bound: float,
        known: tuple[Floats, float],
        asked: Asked,
    ) -> None:
        units, self._hours = problem.units, problem.horizon.hours
        self._rigs, self._off_kw, self._pool = units.rigs, units.off_kw, pool
        self._pricer = Pricer(cut(problem, 0, len(SHARES)), check=asked.check)
        self._master = Master(problem, worth, rules, penalty, asked)
        self._check = asked.check
        self.bound = bound
        self._known_price, self._known_rest = known
        self.answers: Ints = np.zeros((0, len(self._rigs)), dtype=np.int64)
        self.mix: Mix
        self.bound = min(self.bound, self._ask(_FIRST[:, None] * known[0])[0] + known[1])

    def ask(self, kw_price: Floats) -> None:
        """Add what units answer to prices (T,) and between them and the known ones."""
        self._ask(self._known_price + SHARES[:, None] * (kw_price - self._known_price))

    def begin(self) -> None:
        """Mix what has been found so far."""
        self.mix = self._solve()

    def punish(self, penalty: float) -> None:
        """Change what a kW that breaks a limit costs, and mix anew."""
        self._master.punish(penalty)
        self.mix = self._solve()

    def around(self, spread: float = 0.3) -> None:
        """Add schedules that are best at prices near the known ones, other for each unit."""
        noise = np.random.default_rng(len(self._pool)).normal(
            0.0, spread, (len(SHARES) * len(self._rigs), len(self._known_price))
        )
        level = np.abs(self._known_price).mean() / self._hours + 1e-6
        extra = np.broadcast_to(self._known_price / self._hours, (len(SHARES), noise.shape[1]))
        plans = self._pricer.solve(extra=extra, unit_extra=noise * level, check=self._check)
        self._pool.add(np.tile(np.arange(len(self._rigs)), len(SHARES)), plans.state)

    def rigs(self) -> Floats:
        """Return (columns of the pool,) the rigs of the mix; the pool may grow."""
        return self._master.schedules(self.mix, self._pool)

    @property
    def segments(self) -> Segments:
        """The segments that the mix is of."""
        return self._master.segments

    def _solve(self) -> Mix:
        self._fresh = self._master.take(self._pool)
        return self._master.solve()

    def round(self) -> bool:
        """Ask once; return whether anything was found that the mix could not have."""
        mix = self.mix
        price = self._known_price + SHARES[:, None] * (mix.kw_price - self._known_price)
        rest = self._known_rest + SHARES * (mix.rest - self._known_rest)
        bounds = self._ask(price) + rest
        best = int(np.argmin(bounds))
        if bounds[best] < self.bound:
            self.bound = float(bounds[best])
            self._known_price, self._known_rest = price[best], float(rest[best])
        self.mix = self._solve()
        return self._fresh

    def _ask(self, price: Floats) -> Floats:
        """Add the best schedules at prices (N, T) and return what all rigs are worth at each."""
        plans = self._pricer.solve(extra=price / self._hours, check=self._check)
        numbers = self._pool.add(np.tile(np.arange(len(self._rigs)), len(price)), plans.state)
        self.answers = np.concatenate([self.answers, numbers.reshape(len(price), -1)])
        worth = plans.value.reshape(len(price), -1) + price.sum(axis=1)[:, None] * self._off_kw
        total: Floats = worth @ self._rigs
        return total

    @property
    def kw_price(self) -> Floats:
        """(T,) the prices that gave the bound: what a kW in each step is worth to the site."""
        return self._known_price
