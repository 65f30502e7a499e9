"""The decision of the present step where a plan of the hours to come says what is wanted.

The plan's first step stands over the step's own optimum: a group may rightly lose for an hour,
since to start it again would cost more, and may have to stop although it earns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.verdicts import Reason, Verdict
from minerdesk.engine.dispatch.decisions import OFF, Decisions, first_that_holds
from minerdesk.engine.economics import Economics
from minerdesk.engine.fleet import FleetArrays, Floats, Ints

NO_REASON = -1


@dataclass(frozen=True, slots=True)
class Target:
    """What a plan wants of the present step.

    Attributes:
        rigs: (M,) by mode, of the advised plan. exact: (M,) of the plan with the moves that are too
            close to call.
        held: (G,) `domain.verdicts.Reason` where a rule says what a group does, else `NO_REASON`.
    """

    rigs: Floats
    exact: Floats
    held: NDArray[np.int8]


def towards(
    fleet: FleetArrays, economics: Economics, tolerance: float, own: Decisions, target: Target
) -> Decisions:
    """Return the decisions that lead to a plan's first step.

    Money is of the present step, a day: what a move is worth over its own duration the plan knows.

    Args:
        fleet: what there is and what runs now.
        economics: of the same fleet.
        tolerance: one standard deviation of revenue, a fraction.
        own: the step's own optimum, from `decide` without a target.
        target: of the same fleet.
    """
    advised_moves = fleet.over_modes(np.abs(target.rigs - fleet.running)) > 0
    exact_moves = fleet.over_modes(np.abs(target.exact - fleet.running)) > 0
    unknown = own.reason == Reason.UNKNOWN_COST
    dropped = ~advised_moves & exact_moves & ~unknown
    wanted = np.where(fleet.by_mode(dropped), target.exact, target.rigs)
    wanted = np.where(fleet.by_mode(unknown), fleet.running, wanted)
    moves = (advised_moves | exact_moves) & ~unknown
    stays = np.minimum(fleet.running, wanted)
    leaves, enters = fleet.running - stays, wanted - stays
    still_off = fleet.count - fleet.over_modes(wanted)
    down, start = np.maximum(still_off - fleet.off, 0.0), np.maximum(fleet.off - still_off, 0.0)
    left = fleet.over_modes(leaves)
    change = left - down
    money = _money(
        fleet, economics, enters, leaves, np.where(left > 0, down / np.maximum(left, 1), 0.0)
    )
    own_moves = (own.power_down + own.start + own.change_mode) > 0
    # With nothing to move, and nothing the step itself would move, on against off is the question.
    close = np.where(moves, dropped, ~own.advised & ~own_moves)
    same = (own.power_down == down) & (own.start == start) & (own.change_mode == change)
    runs = fleet.over_modes(wanted) > 0
    verdict = first_that_holds(
        (close, Verdict.TOO_CLOSE),
        (down > 0, Verdict.POWER_DOWN),
        (~runs, Verdict.STAY_OFF),
        ((start > 0) & (start >= change), Verdict.START),
        (change > 0, Verdict.CHANGE_MODE),
        otherwise=Verdict.RUN,
    )
    reason = first_that_holds(
        (unknown, Reason.UNKNOWN_COST),
        (close, Reason.WITHIN_ERROR),
        *(((target.held == code) & ~same, code) for code in _RULES),
        (~same & ~moves, Reason.RESTART_COSTS_MORE),
        (~same, Reason.HOURS_TO_COME),
        (own.reason == Reason.WITHIN_ERROR, Reason.HOURS_TO_COME),
        otherwise=Reason.EARNS,
    )
    taken_over = same & ~close & (own.reason != Reason.WITHIN_ERROR)
    return replace(
        own,
        best_mode=_best_mode(fleet, own, wanted, enters),
        verdict=np.where(unknown, own.verdict, verdict).astype(np.int8),
        reason=np.where(taken_over | unknown, own.reason, reason).astype(np.int8),
        power_down=down,
        start=start,
        change_mode=change,
        advised=~(close | unknown),
        gain_per_day=np.where(same, own.gain_per_day, np.maximum(money.gain, 0.0)),
        margin_gain_per_day=np.where(same, own.margin_gain_per_day, money.margin),
        doubt_per_day=np.where(same, own.doubt_per_day, tolerance * money.moved),
        value_per_day=np.where(same, own.value_per_day, money.value(fleet, wanted)),
    )


_RULES = (Reason.PINNED, Reason.EVENT, Reason.SITE_RULE)


@dataclass(frozen=True, slots=True)
class _Money:
    """Money of the moves, a day, (G,); ``of_mode`` (M,) what each mode is worth."""

    gain: Floats
    margin: Floats
    moved: Floats
    of_mode: Floats

    def value(self, fleet: FleetArrays, wanted: Floats) -> Floats:
        return fleet.over_modes(self.of_mode * wanted) / fleet.count


def _money(
    fleet: FleetArrays, economics: Economics, enters: Floats, leaves: Floats, stopped: Floats
) -> _Money:
    prepared, revenue = economics.prepared, economics.revenue_per_day
    plain = revenue - prepared.cash_cost_per_day
    value = plain - revenue * fleet.by_mode(fleet.required_margin)
    change = (enters - leaves) / prepared.count
    ends = fleet.over_modes(leaves / prepared.count * revenue) * stopped
    return _Money(
        gain=fleet.over_modes(change * value),
        margin=fleet.over_modes(change * plain),
        moved=fleet.over_modes(enters / prepared.count * revenue) + ends,
        of_mode=value,
    )


def _best_mode(fleet: FleetArrays, own: Decisions, wanted: Floats, enters: Floats) -> Ints:
    """Return the mode that rigs go to, else the one they are right in, else `OFF`."""
    first = fleet.first[:-1]
    held_own = (own.best_mode != OFF) & (wanted[np.maximum(own.best_mode, 0)] > 0)
    rank = enters * 1e9 + wanted
    most = np.maximum.reduceat(rank, first)
    place = np.where(rank == most[fleet.mode_group], np.arange(fleet.modes), fleet.modes)
    mode = np.minimum.reduceat(place, first)
    entered = fleet.over_modes(enters) > 0
    mode = np.where(held_own & ~entered, own.best_mode, mode)
    return np.where(fleet.over_modes(wanted) > 0, mode, OFF)
