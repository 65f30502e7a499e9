"""One unit's part of the compact programme where it matters which rig does what.

Rigs flow through the nodes of the unit's dynamic programme: state, steps it must still stay, starts
used today. Whole flows fall apart into walks of single rigs, so nothing is left out; it is larger
than counts by as many nodes as the minimum times have steps, and as tight as columns.
"""

from __future__ import annotations

import numpy as np

from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.worth import Worth
from minerdesk.engine.dispatch.feasible import Node, first_node, next_nodes
from minerdesk.engine.dispatch.problem import OFF_STATE, Floats, Ints, Problem, States


def walks_at_most(problem: Problem, unit: int) -> int:
    """Return how many columns the walks of a unit have at most."""
    units, steps = problem.units, problem.horizon.steps
    modes = int(units.has[unit].sum())
    longest_on, longest_off = (
        min(int(least[unit]), steps) for least in (units.min_on, units.min_off)
    )
    starts = 1 + min(int(units.most_starts[unit]), steps)
    return steps * starts * (modes + 1) * (modes * longest_on + longest_off)


class Walks:
    """Columns of one unit, one for each way from a node to one of the next step.

    Attributes:
        columns, step, kw: (K,) those that draw, when, and how much more than a rig that is off.
    """

    def __init__(self, model: Model, problem: Problem, worth: Worth, unit: int) -> None:
        self._rigs, self._steps = int(problem.units.rigs[unit]), problem.horizon.steps
        self._ways: list[dict[tuple[Node, int], tuple[int, Node]]] = []
        ways = self._find(problem, unit)
        step, before, state, from_, to = (np.array(each, dtype=np.int64) for each in ways)
        running, was = state != OFF_STATE, before != OFF_STATE
        gain = worth.gain[unit]
        cost = gain[step, OFF_STATE] - gain[step, state]
        cost += np.where(running & ~was, worth.start[unit, step, state], 0.0)
        cost += np.where(running & was & (before != state), worth.change[unit, step, state], 0.0)
        cost += np.where(was & ~running, worth.stop[unit], 0.0)
        every = model.add_columns(cost, 0.0, float(self._rigs))
        model.whole(every)
        self._every, self._state, self._from, self._to, self._step = every, state, from_, to, step
        inner = np.flatnonzero(step < self._steps - 1)
        nodes = int(max(from_.max(), to[inner].max(initial=0))) + 1
        side = np.zeros(nodes)
        side[0] = self._rigs
        model.add_uneven(
            side,
            side,
            (
                np.concatenate([from_, to[inner]]),
                np.concatenate([every, every[inner]]),
                np.concatenate([np.ones(len(every)), np.full(len(inner), -1.0)]),
            ),
        )
        draws = np.flatnonzero(running)
        self.columns: Ints = every[draws]
        self.step: Ints = step[draws]
        self.kw: Floats = worth.kw[unit, state[draws]] - worth.kw[unit, OFF_STATE]

    def start(self, rigs: Ints, state: States) -> tuple[Ints, Floats]:
        """Return columns and their values where ``rigs`` (R,) follow ``state`` (R, T)."""
        flow = np.zeros(len(self._every))
        for times, row in zip(rigs, state.tolist(), strict=True):
            node = self._first
            for ways, to in zip(self._ways, row, strict=True):
                way, node = ways[node, to]
                flow[way] += times
        return self._every, flow

    def states(self, values: Floats) -> States:
        """Return (rigs, T) what each rig does in a solution."""
        flow = np.rint(values[self._every]).astype(np.int64)
        states = np.zeros((self._rigs, self._steps), dtype=np.int8)
        at = np.zeros(self._rigs, dtype=np.int64)
        for step in range(self._steps):
            mine = np.flatnonzero(self._step == step)
            mine = mine[np.argsort(self._from[mine], kind="stable")]
            taken = np.repeat(mine, flow[mine])
            rigs = np.argsort(at, kind="stable")
            states[rigs, step] = self._state[taken]
            at[rigs] = self._to[taken]
        return states

    def _find(self, problem: Problem, unit: int) -> tuple[list[int], ...]:
        """Return step, state before, state, and numbers of both nodes of each way."""
        limited = bool(problem.units.most_starts[unit])
        self._first = _known(first_node(problem, unit), limited=limited)
        step_of: list[int] = []
        before: list[int] = []
        state: list[int] = []
        from_: list[int] = []
        to: list[int] = []
        here, count = {self._first: 0}, 1
        for step in range(self._steps):
            after: dict[Node, int] = {}
            ways: dict[tuple[Node, int], tuple[int, Node]] = {}
            for node, number in here.items():
                for found in next_nodes(problem, unit, step, node):
                    next_ = _known(found, limited=limited)
                    if next_ not in after:
                        after[next_] = count
                        count += 1
                    ways[node, next_[0]] = len(step_of), next_
                    step_of.append(step)
                    before.append(node[0])
                    state.append(next_[0])
                    from_.append(number)
                    to.append(after[next_])
            self._ways.append(ways)
            here = after
        return step_of, before, state, from_, to


def _known(node: Node, *, limited: bool) -> Node:
    """Return a node without the starts of a unit that may start as often as it likes."""
    return node if limited else (node[0], node[1], 0)
