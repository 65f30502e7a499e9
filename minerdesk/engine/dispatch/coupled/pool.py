"""The schedules of single rigs that a plan may be made of."""

from __future__ import annotations

import numpy as np

from minerdesk.engine.dispatch.coupled.worth import Worth
from minerdesk.engine.dispatch.problem import Floats, Ints, States


class Pool:
    """Different schedules, each of one unit; they only become more."""

    def __init__(self, worth: Worth, steps: int) -> None:
        self._worth = worth
        self._known: dict[tuple[int, bytes], int] = {}
        self.unit: Ints = np.zeros(0, dtype=np.int64)
        self.state: States = np.zeros((0, steps), dtype=np.int8)
        self.money: Floats = np.zeros(0)
        self.kw: Floats = np.zeros((0, steps))

    def __len__(self) -> int:
        return len(self.unit)

    def add(self, unit: Ints, state: States) -> Ints:
        """Add schedules (R, T) of units (R,), where new; return the number of each, (R,)."""
        numbers = np.empty(len(unit), dtype=np.int64)
        fresh: list[int] = []
        for row, of in enumerate(unit):
            key = (int(of), state[row].tobytes())
            if key not in self._known:
                self._known[key] = len(self._known)
                fresh.append(row)
            numbers[row] = self._known[key]
        if fresh:
            self._append(unit[fresh], state[fresh])
        return numbers

    def _append(self, unit: Ints, state: States) -> None:
        self.unit = np.concatenate([self.unit, unit])
        self.state = np.concatenate([self.state, state])
        self.money = np.concatenate([self.money, self._worth.of(unit, state)])
        self.kw = np.concatenate([self.kw, self._worth.load(unit, state)])
