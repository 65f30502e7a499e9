"""Schedules cut into windows: what follows after a node is free to join what came before.

Two schedules of a unit that pass a border in the same state, with the same steps to stay and starts
used, may be cut there and joined crosswise. A mix of segments so knows far more schedules than were
found, and a long horizon needs hardly more rounds than a short one.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from minerdesk.engine.dispatch.coupled.pool import Pool
from minerdesk.engine.dispatch.coupled.worth import Worth
from minerdesk.engine.dispatch.problem import OFF_STATE, Floats, Ints, Problem, States

# Shorter windows, or more of all units together, make more rows than they save rounds.
_WINDOW_STEPS, _MOST_WINDOWS = 8, 4_000
_NOTHING = 1e-6  # rigs: what a simplex may be wrong by


class Segments:
    """The different segments of the schedules of a pool; they only become more.

    Attributes:
        unit, window, from_, to: of each segment; its nodes are numbered from 0, -1 is the beginning
            and the end of the horizon. nodes: how many there are.
    """

    def __init__(self, problem: Problem, worth: Worth) -> None:
        self._units, self._worth, self._day = problem.units, worth, problem.horizon.day[0]
        most = _MOST_WINDOWS // max(1, problem.units.count)
        windows = max(1, min(problem.horizon.steps // _WINDOW_STEPS, most))
        self.borders: Ints = np.arange(windows + 1) * problem.horizon.steps // windows
        self._known: dict[tuple[int, int, int, bytes], int] = {}
        self._node: dict[tuple[int, ...], int] = {}
        self._taken = 0
        self.unit: list[int] = []
        self.window: list[int] = []
        self.from_: list[int] = []
        self.to: list[int] = []
        self.money: list[float] = []
        self.state: list[States] = []

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def nodes(self) -> int:
        """How many nodes there are at the borders."""
        return len(self._node)

    def take(self, pool: Pool, most: int | None = None) -> bool:
        """Cut the schedules that a pool has got since, up to ``most``; return whether all."""
        end = len(pool) if most is None else min(len(pool), self._taken + most)
        unit, state = pool.unit[self._taken : end], pool.state[self._taken : end]
        self._taken = end
        if len(unit):
            self._cut(unit, state)
        return end == len(pool)

    def _cut(self, unit: Ints, state: States) -> None:
        money = np.add.reduceat(self._worth.by_step(unit, state), self.borders[:-1], axis=1)
        ends = self.borders[1:]
        stay, used = (each[:, ends - 1].tolist() for each in self._bound_by(unit, state))
        for row, of in enumerate(unit.tolist()):
            here = -1
            for window, (begin, end) in enumerate(pairwise(self.borders.tolist())):
                part = state[row, begin:end]
                key = of, window, here, part.tobytes()
                there = -1
                if window < len(ends) - 1:
                    node = of, window, int(part[-1]), stay[row][window], used[row][window]
                    there = self._node.setdefault(node, len(self._node))
                if key not in self._known:
                    self._known[key] = len(self._known)
                    self.unit.append(of)
                    self.window.append(window)
                    self.from_.append(here)
                    self.to.append(there)
                    self.money.append(float(money[row, window]))
                    self.state.append(part)
                here = there

    def parts(self, unit: Ints, rigs: Ints, state: States) -> Floats:
        """Return (segments,) the rigs that follow schedules of a pool that has been taken."""
        found: Floats = np.zeros(len(self))
        for of, times, row in zip(unit.tolist(), rigs.tolist(), state, strict=True):
            here = -1
            for window, (begin, end) in enumerate(pairwise(self.borders.tolist())):
                number = self._known[of, window, here, row[begin:end].tobytes()]
                found[number] += times
                here = self.to[number]
        return found

    def joined(self, rigs: Floats) -> tuple[Ints, Floats, States]:
        """Return units, rigs and states of whole schedules that together have ``rigs`` (N,)."""
        left = rigs.copy()
        after: dict[tuple[int, int], list[int]] = {}
        for number in np.flatnonzero(rigs > _NOTHING).tolist():
            after.setdefault((self.unit[number], self.from_[number]), []).append(number)
        unit: list[int] = []
        share: list[float] = []
        state: list[States] = []
        for of in range(self._units.count):
            missing = float(self._units.rigs[of])
            while missing > _NOTHING:
                walk = self._walk(of, after, left)
                times = min(missing, float(left[walk].min(initial=np.inf)))
                if len(walk) < len(self.borders) - 1 or times <= _NOTHING:
                    break
                left[walk] -= times
                missing -= times
                unit.append(of)
                share.append(times)
                state.append(np.concatenate([self.state[number] for number in walk]))
        return (
            np.array(unit, dtype=np.int64),
            np.array(share, dtype=np.float64),
            np.array(state, dtype=np.int8).reshape(len(unit), len(self._day)),
        )

    def _walk(self, of: int, after: dict[tuple[int, int], list[int]], left: Floats) -> list[int]:
        """Return segments of a unit behind each other, the ones most rigs are left of."""
        walk, here = [], -1
        for _ in self.borders[1:]:
            if (of, here) not in after:
                break
            walk.append(max(after[of, here], key=left.__getitem__))
            here = self.to[walk[-1]]
        return walk

    def _bound_by(self, unit: Ints, state: States) -> tuple[Ints, Ints]:
        """Return (R, T) steps that must still be stayed after each step, and starts used then."""
        units, steps, on = self._units, np.arange(state.shape[1]), state != OFF_STATE
        was = np.column_stack([units.state[unit] != OFF_STATE, on[:, :-1]])
        began = np.where(on != was, steps, -units.age[unit][:, None])
        lasted = steps + 1 - np.maximum.accumulate(began, axis=1)
        least = np.where(on, units.min_on[unit][:, None], units.min_off[unit][:, None])
        starts = np.cumsum(on & ~was, axis=1)
        new_day = np.diff(self._day, prepend=self._day[0]) != 0
        begins = np.maximum.accumulate(np.where(new_day, steps, 0))
        before = np.column_stack([-units.starts_today[unit], starts])[:, begins]
        # Behind the last step of a day the count begins anew.
        counts = (units.most_starts[unit] > 0)[:, None] & ~np.append(new_day[1:], False)
        return np.maximum(least - lasted, 0), np.where(counts, starts - before, 0)
