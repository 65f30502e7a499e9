"""Equal rigs take turns: from how many do what to who does, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from minerdesk.engine.dispatch.problem import OFF_STATE, Bools, Ints, States


@dataclass(frozen=True, slots=True)
class Counts:
    """Rigs of one unit: on and start (T, M) by mode, stop (T,)."""

    on: Ints
    start: Ints
    stop: Ints


def count(rigs: Ints, state: States, before: int, modes: int) -> Counts:
    """Return the counts of rows ``state`` (R, T) that ``rigs`` (R,) follow each."""
    last = np.concatenate([np.full((len(rigs), 1), before), state[:, :-1]], axis=1)
    mode = np.arange(1, modes + 1)
    on = state[:, :, None] == mode
    start = on & (last == OFF_STATE)[:, :, None]
    stop = (last != OFF_STATE) & (state == OFF_STATE)
    return Counts(*(np.tensordot(rigs, each, axes=1) for each in (on, start, stop)))


def take_turns(counts: Counts, rigs: int, before: int) -> States:
    """Return (rigs, T) states: those longest off start, those longest on stop.

    Of those that stopped or started together the ones that came first before come first again, so
    that starts go around.
    """
    steps, modes = counts.on.shape
    states = np.zeros((rigs, steps), dtype=np.int8)
    state = np.full(rigs, before, dtype=np.int8)
    since, by_age = np.full(rigs, -1), np.arange(rigs)
    for step in range(steps):
        by_age = by_age[np.argsort(since[by_age], kind="stable")]
        running = by_age[state[by_age] != OFF_STATE]
        idle = by_age[state[by_age] == OFF_STATE]
        stopping = running[: counts.stop[step]]
        starting = idle[: counts.start[step].sum()]
        state[stopping] = OFF_STATE
        since[stopping] = since[starting] = step
        state[starting] = np.repeat(np.arange(1, modes + 1), counts.start[step])
        _change(state, counts.on[step], since == step)
        states[:, step] = state
    return states


def _change(state: States, on: Ints, fresh: Bools) -> None:
    """Move running rigs, but not those just started, from modes with too many to others."""
    spare: list[int] = []
    lacking: list[int] = []
    for mode, most in enumerate(on.tolist(), 1):
        mine = np.flatnonzero(state == mode)
        spare += mine[np.argsort(~fresh[mine], kind="stable")][most:].tolist()
        lacking += [mode] * (most - len(mine))
    state[spare] = lacking
