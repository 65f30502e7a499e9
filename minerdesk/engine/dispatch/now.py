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

from minerdesk.domain.verdicts import Reason, Verdict
from minerdesk.engine.dispatch.decisions import OFF, Decisions, first_that_holds
from minerdesk.engine.dispatch.follow import Target, towards
from minerdesk.engine.economics import Economics
from minerdesk.engine.fleet import FleetArrays, Floats, Ints


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


def decide(
    fleet: FleetArrays, economics: Economics, tolerance: float, target: Target | None = None
) -> Decisions:
    """Choose the state of every group for the present step.

    Rigs whose state is worth as much as the best one stay as they are. Where the cost of power is
    unknown (NaN) nothing moves, nothing is advised, and the money is NaN.

    Args:
        fleet: what there is and what runs now.
        economics: of the same fleet, from `engine.economics.evaluate`.
        tolerance: one standard deviation of revenue, a fraction; see `Tolerance`.
        target: what a plan wants of the step; without one each group goes where the step alone is
            worth most. Where starts cost nothing and nothing binds, the two are the same.
    """
    own = _alone(fleet, economics, tolerance)
    return own if target is None else towards(fleet, economics, tolerance, own, target)


def _alone(fleet: FleetArrays, economics: Economics, tolerance: float) -> Decisions:
    """Return the optimum of the step by itself."""
    prepared, revenue = economics.prepared, economics.revenue_per_day
    plain = revenue - prepared.cash_cost_per_day
    value = plain - revenue * fleet.by_mode(fleet.required_margin)
    ahead = _best_in_group(fleet, value)
    best_value, best_revenue = fleet.in_mode(value, ahead), fleet.in_mode(revenue, ahead)
    unknown = np.isnan(best_value)
    optimum = np.maximum(best_value, 0.0)
    lags = fleet.running * (value < fleet.by_mode(optimum))
    behind = fleet.over_modes(lags)
    running = fleet.count - fleet.off
    # At exactly 0 on and off are worth the same, and what is stays.
    stays_on = (best_value == 0) & (fleet.in_mode(fleet.running, ahead) > 0)
    on = (best_value > 0) | stays_on | (unknown & (running > 0))
    down, change, start = behind * ~on, behind * on, fleet.off * (best_value > 0)
    to_best = (start + change) / fleet.count
    leaves = lags / prepared.count
    gain = np.maximum(to_best * best_value - fleet.over_modes(leaves * value), 0.0)
    margin_gain = to_best * fleet.in_mode(plain, ahead) - fleet.over_modes(leaves * plain)
    moves = (behind > 0) | (start > 0)
    # With nothing to move the question left is on against off.
    at_stake = np.where(moves, gain, np.abs(best_value))
    moved_revenue = to_best * best_revenue + fleet.over_modes(leaves * revenue) * ~on
    doubt = tolerance * np.where(moves, moved_revenue, best_revenue)
    close = at_stake < doubt
    verdict = first_that_holds(
        (close, Verdict.TOO_CLOSE),
        (down > 0, Verdict.POWER_DOWN),
        (~on, Verdict.STAY_OFF),
        ((start > 0) & (start >= change), Verdict.START),
        (change > 0, Verdict.CHANGE_MODE),
        otherwise=Verdict.RUN,
    )
    earns = fleet.in_mode(plain, ahead) > 0
    reason = first_that_holds(
        (unknown, Reason.UNKNOWN_COST),
        (close, Reason.WITHIN_ERROR),
        (~on & earns, Reason.BELOW_REQUIRED_MARGIN),
        (~on, Reason.LOSES_IN_EVERY_MODE),
        (verdict == Verdict.CHANGE_MODE, Reason.OTHER_MODE_EARNS_MORE),
        (fleet.price_per_kwh < 0, Reason.PAID_TO_CONSUME),
        (~earns & (best_value > 0), Reason.CHOSEN_LOSS),
        otherwise=Reason.EARNS,
    )
    return Decisions(
        best_mode=np.where(on, ahead, OFF),
        reference_mode=np.where(running > 0, _best_in_group(fleet, fleet.running), ahead),
        verdict=verdict,
        reason=reason,
        power_down=down,
        start=start,
        change_mode=change,
        advised=~(close | unknown),
        gain_per_day=gain,
        margin_gain_per_day=margin_gain,
        doubt_per_day=doubt,
        value_per_day=optimum,
    )


def _best_in_group(fleet: FleetArrays, score: Floats) -> Ints:
    """Return each group's mode with the largest score; of equals one that runs, then the first."""
    first = fleet.first[:-1]
    if fleet.modes == fleet.groups:
        return first
    score = np.where(np.isnan(score), -np.inf, score)  # all of a group's or none
    largest = score == np.maximum.reduceat(score, first)[fleet.mode_group]
    rank = largest * (1 + (fleet.running > 0))
    top = rank == np.maximum.reduceat(rank, first)[fleet.mode_group]
    index = np.where(top, np.arange(fleet.modes), fleet.modes)
    return np.minimum.reduceat(index, first)
