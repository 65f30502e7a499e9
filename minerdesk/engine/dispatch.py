"""The one function that decides. Every verdict on every page and in the command line is its output.

A one-step plan over every mode and off, against what runs now: each group goes to the state with
the largest value per day, value being revenue less the site's required margin less the power that
stops when the rigs stop. Off has value 0. Ties keep what runs now.

Too close to call is a mark set afterwards; the optimum itself knows no tolerance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.verdicts import Reason, Verdict
from minerdesk.engine.economics import Economics
from minerdesk.engine.fleet import FleetArrays, Floats, Ints

OFF = -1


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How wrong the numbers may be, each a fraction.

    Attributes:
        fee_share_error: of the fees' share of the reward.
        price_drift_per_sqrt_day: of the price, growing with the square root of its age in days.
        floor: of everything else.
    """

    fee_share_error: float = 0.10
    price_drift_per_sqrt_day: float = 0.025
    floor: float = 0.005

    def fraction(self, *, fee_share: float, price_age_days: float, spread: float = 0.0) -> float:
        """Return one standard deviation of revenue, a fraction.

        The root of the sum of squares: fee error x fee share, drift x sqrt(age), floor, and half
        the spread of a disputed price.
        """
        return math.sqrt(
            (self.fee_share_error * fee_share) ** 2
            + self.price_drift_per_sqrt_day**2 * max(price_age_days, 0.0)
            + self.floor**2
            + spread**2
        )


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
    doubt_per_day: Floats
    value_per_day: Floats


def decide(fleet: FleetArrays, economics: Economics, tolerance: float) -> Decisions:
    """Choose the state of every group for the present step.

    Args:
        fleet: what there is and what runs now.
        economics: of the same fleet, from `engine.economics.evaluate`.
        tolerance: one standard deviation of revenue, a fraction; see `Tolerance`.
    """
    g, prepared = fleet.mode_group, economics.prepared
    revenue = economics.revenue_per_day
    value = revenue * (1 - fleet.required_margin[g]) - prepared.cash_cost_per_day
    ahead, most_run = _best_in_group(fleet, value), _best_in_group(fleet, fleet.running)
    best_value = value[ahead]
    running = fleet.count - fleet.off
    # At exactly 0 on and off are worth the same, and what is stays: no rig moves for nothing.
    on = (best_value > 0) | ((best_value == 0) & (running > 0))
    best = np.where(on, ahead, OFF)
    in_best = np.where(on, fleet.running[ahead], 0.0)
    down = np.where(on, 0.0, running)
    start = np.where(on, fleet.off, 0.0)
    change = np.where(on, running - in_best, 0.0)
    optimum = np.where(on, best_value, 0.0)
    ran = fleet.running / prepared.count
    value_now = _sum_in_group(fleet, ran * value)
    gain = np.maximum(optimum - value_now, 0.0)
    revenue_now = _sum_in_group(fleet, ran * revenue)
    best_revenue_each = revenue[ahead] / fleet.count
    moved = down + start + change
    # With nothing to move the question left is on against off.
    at_stake = np.where(moved > 0, gain, np.abs(best_value))
    revenue_at_stake = np.where(
        moved > 0,
        np.where(on, (start + change) * best_revenue_each, revenue_now),
        revenue[ahead],
    )
    doubt = tolerance * revenue_at_stake
    close = at_stake < doubt
    verdict = np.select(
        [close, down > 0, ~on, (start > 0) & (start >= change), change > 0],
        [
            Verdict.TOO_CLOSE,
            Verdict.POWER_DOWN,
            Verdict.STAY_OFF,
            Verdict.START,
            Verdict.CHANGE_MODE,
        ],
        Verdict.RUN,
    ).astype(np.int8)
    earns = revenue[ahead] > prepared.cash_cost_per_day[ahead]
    reason = np.select(
        [
            close,
            ~on & earns,
            ~on,
            verdict == Verdict.CHANGE_MODE,
            fleet.price_per_kwh < 0,
            ~earns & (best_value > 0),
        ],
        [
            Reason.WITHIN_ERROR,
            Reason.BELOW_REQUIRED_MARGIN,
            Reason.LOSES_IN_EVERY_MODE,
            Reason.OTHER_MODE_EARNS_MORE,
            Reason.PAID_TO_CONSUME,
            Reason.CHOSEN_LOSS,
        ],
        Reason.EARNS,
    ).astype(np.int8)
    return Decisions(
        best_mode=best,
        reference_mode=np.where(running > 0, most_run, ahead),
        verdict=verdict,
        reason=reason,
        power_down=down,
        start=start,
        change_mode=change,
        advised=~close,
        gain_per_day=gain,
        doubt_per_day=doubt,
        value_per_day=optimum,
    )


def _sum_in_group(fleet: FleetArrays, per_mode: Floats) -> Floats:
    if not fleet.groups:
        return np.empty(0)
    return np.add.reduceat(per_mode, fleet.first[:-1])


def _best_in_group(fleet: FleetArrays, score: Floats) -> Ints:
    """Return each group's mode with the largest score; of equals one that runs, then the first."""
    first = fleet.first[:-1]
    if fleet.modes == fleet.groups:
        return first.copy()
    most = np.maximum.reduceat(score, first)[fleet.mode_group]
    preferred = (score == most) * (1 + (fleet.running > 0))
    rank = np.where(preferred > 0, preferred, 0)
    top = np.maximum.reduceat(rank, first)[fleet.mode_group]
    index = np.where(rank == top, np.arange(fleet.modes), fleet.modes)
    return np.minimum.reduceat(index, first)
