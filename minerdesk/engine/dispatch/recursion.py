"""The dynamic programme of one chunk of units over (state, steps it must still stay, starts left).

Backwards, what each node is worth from its step on; forwards, the best way from where units are.
Time is linear in units and steps; a step costs a few array operations whatever the units.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from minerdesk.engine.dispatch.coefficients import Coefficients
from minerdesk.engine.dispatch.problem import OFF_STATE, Floats, States


class _Worth(NamedTuple):
    """What each node is worth; row 1 + k stands for k steps to stay, row 0 repeats row 1.

    A node with k steps to stay so finds its continuation in row k of the next step.

    Attributes:
        on: (T, rows, starts left, M, n). off: (T, rows, starts left, n).
    """

    on: Floats
    off: Floats


def best_states(chunk: Coefficients, price: Floats) -> tuple[States, Floats]:
    """Return the best state of every step, and what the rig's horizon is then worth.

    Args:
        chunk: the units.
        price: (T, n) money per kWh.

    Returns:
        (T, n) states and (n,) money; -inf where no schedule keeps the rules, the states then mean
        nothing.
    """
    worth = _backward(chunk, price)
    return _forward(chunk, worth)


def _backward(chunk: Coefficients, price: Floats) -> _Worth:
    steps, modes, n = chunk.earned.shape
    on_rows, off_rows, lefts = chunk.limits.shape
    on = np.empty((steps, on_rows + 1, lefts, modes, n))
    off = np.empty((steps, off_rows + 1, lefts, n))
    value = chunk.earned - chunk.kwh * price[:, None]
    off_value = chunk.off_earned - chunk.off_kwh * price
    unit, left = np.arange(n), np.arange(lefts)[:, None]
    enter_off = ((chunk.limits.off + 1) * lefts + left) * n + unit
    after_start = np.maximum(left - chunk.limits.spent, 0)
    enter_on = ((chunk.limits.on + 1) * lefts + after_start)[:, None] * modes
    enter_on = (enter_on + np.arange(modes)[:, None]) * n + unit
    limited = chunk.limits.spent > 0
    forced, new_day = np.any(chunk.forced, axis=1), np.any(chunk.new_day, axis=1)
    on[-1, 1:], off[-1, 1:] = value[-1], off_value[-1]
    on[-1, 0], off[-1, 0] = on[-1, 1], off[-1, 1]
    for step in range(steps - 2, -1, -1):
        after = step + 1
        on_now, off_now = on[step, 1:], off[step, 1:]
        stay = on[after, :-1]
        if modes > 1:
            changed = (stay - chunk.change_cost[after]).max(axis=2, keepdims=True)
            np.maximum(stay, changed, out=on_now)
        else:
            on_now[...] = stay
        stop = off[after].take(enter_off) - chunk.stop_cost
        if forced[after]:
            out = np.where(chunk.forced[after], stop, -np.inf)
            np.maximum(on_now, out[:, None], out=on_now)
        np.maximum(on_now[0], stop[:, None], out=on_now[0])
        start = (on[after].take(enter_on) - chunk.start_cost[after]).max(axis=1)
        if lefts > 1:
            start[0, limited] = -np.inf
        off_now[...] = off[after, :-1]
        np.maximum(off_now[0], start, out=off_now[0])
        if lefts > 1 and new_day[after]:
            _begin_day(chunk, after, on_now, off_now)
        on_now += value[step]
        off_now += off_value[step]
        on[step, 0], off[step, 0] = on_now[0], off_now[0]
    return _Worth(on, off)


def _begin_day(chunk: Coefficients, step: int, on: Floats, off: Floats) -> None:
    """Let the units whose day begins at a step have all their starts, whatever they had left."""
    begins = np.flatnonzero(chunk.new_day[step])
    most = chunk.limits.most[begins]
    # An index array beside a slice comes out first: (begins, rows, M) and (begins, rows).
    on[..., begins] = np.moveaxis(on[:, most, :, begins], 0, -1)[:, None]
    off[..., begins] = off[:, most, begins][:, None]


def _forward(chunk: Coefficients, worth: _Worth) -> tuple[States, Floats]:
    steps, modes, n = chunk.earned.shape
    lefts = worth.off.shape[2]
    limits, unit = chunk.limits, np.arange(n)
    # Nodes are counted as they lie in memory: rows, starts left, modes, units.
    on_row, off_row, mode_at = lefts * modes * n, lefts * n, np.arange(modes)[:, None] * n
    start_row, stop_row = (limits.on + 1) * on_row + unit, (limits.off + 1) * off_row + unit
    new_day, waits = np.any(chunk.new_day, axis=1), ~chunk.forced
    state, stay, left = chunk.state, limits.now, limits.left
    states = np.empty((steps, n), np.int8)
    choice, value = np.empty((1 + modes, n)), np.zeros(n)
    for step in range(steps):
        on, off = worth.on[step].reshape(-1), worth.off[step].reshape(-1)
        runs, held = state != OFF_STATE, stay > 0
        stay_on, stay_off = stay * on_row + unit, stay * off_row + unit
        start_at, stop_at, no_start = start_row, stop_row, held
        if lefts > 1:
            if new_day[step]:
                left = np.where(chunk.new_day[step], limits.most, left)
            stay_on, stay_off = stay_on + left * (modes * n), stay_off + left * n
            start_at = start_row + np.maximum(left - limits.spent, 0) * (modes * n)
            stop_at = stop_row + left * n
            no_start = held | (left < limits.spent)
        cost = np.where(runs, chunk.change_cost[step], chunk.start_cost[step])
        enter = np.where(runs, stay_on, start_at)
        choice[1:] = on.take(enter + mode_at)
        choice[1:] -= cost
        choice[0] = off.take(np.where(runs, stop_at, stay_off))
        choice[0] -= chunk.stop_cost * runs
        # What runs may go on as it does at no cost.
        same = np.where(runs, on.take(enter + np.maximum(state - 1, 0) * n), choice[0])
        np.copyto(choice[0], -np.inf, where=held & runs & waits[step])
        np.copyto(choice[1:], -np.inf, where=no_start & ~runs)
        top = choice.max(axis=0)
        if step == 0:
            value = np.maximum(same, top)
        state = np.where(same >= top, state, choice.argmax(axis=0))
        states[step] = state
        now_runs = state != OFF_STATE
        entered = np.where(now_runs, limits.on, limits.off)
        stay = np.where(now_runs == runs, np.maximum(stay - 1, 0), entered)
        if lefts > 1:
            left = left - limits.spent * (now_runs & ~runs)
    changes = (np.diff(states, axis=0, prepend=chunk.state[None].astype(np.int8)) != 0).sum(axis=0)
    return states, value + chunk.nudge * changes
