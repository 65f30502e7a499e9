"""What ought to happen to every group in the present step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minerdesk.engine.fleet import Floats, Ints

OFF = -1


@dataclass(frozen=True, slots=True)
class Decisions:
    """What ought to happen, shape (G,) throughout.

    Attributes:
        best_mode: index into the modes of the whole fleet, or `OFF`.
        reference_mode: the mode whose figures describe the group: the one most of its rigs run
            now; where none runs the one it would run best in.
        verdict: `domain.verdicts.Verdict` codes. reason: `domain.verdicts.Reason` codes.
        power_down, start, change_mode: rigs to move. advised: False where too close to call.
        gain_per_day: value of the optimum less value of what runs now, money per day, at least 0.
        margin_gain_per_day: what the moves add to the margin; less than the gain, or negative,
            where a site requires a margin and rigs that earn less are powered down.
        doubt_per_day: what the verdict may be wrong by (one standard deviation), money per day.
        value_per_day: of the optimum, avoided power alone, required margin inside.
    """

    best_mode: Ints
    reference_mode: Ints
    verdict: NDArray[np.int8]
    reason: NDArray[np.int8]
    power_down: Floats
    start: Floats
    change_mode: Floats
    advised: NDArray[np.bool_]
    gain_per_day: Floats
    margin_gain_per_day: Floats
    doubt_per_day: Floats
    value_per_day: Floats


def first_that_holds(*cases: tuple[NDArray[np.bool_], int], otherwise: int) -> NDArray[np.int8]:
    """Return for each group the code of its first case that holds, shape (G,)."""
    codes = np.full(len(cases[0][0]), otherwise, np.int8)
    for holds, code in reversed(cases):
        np.copyto(codes, np.int8(code), where=holds)
    return codes
