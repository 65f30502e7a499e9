"""What changed lately and matters to this fleet: at most one thing, with its numbers.

Situations differ in price and difficulty alone; the fleet is the same on both sides, as it is now.
So an edit of the book is never taken for a move of the market.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import numpy as np

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.units import BLOCKS_PER_DAY, BLOCKS_PER_EPOCH
from minerdesk.engine.scenario import MarginCurve, ratio_of
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.history_view import HistorySlice
from minerdesk.services.in_force import typed_quantities

DAY: Final = timedelta(days=1)
NEAR: Final = timedelta(hours=2)
# So many blocks hardly ever come faster than this each.
_SHORTEST_SPACING: Final = timedelta(minutes=2)


class Cause(StrEnum):
    """What moved."""

    DIFFICULTY = "difficulty"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class Situation:
    """Price in the book's currency, and difficulty."""

    price_per_btc: float
    difficulty: float


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        cause: what moved. change_pct: by how much, percent.
        rigs: that earn now and did not before; negative: that no longer earn.
        margin_per_day: how much more the fleet earns a day, every group in its best state.
    """

    cause: Cause
    change_pct: float
    rigs: int
    margin_per_day: float


def what_changed(
    before: Situation,
    now: Situation,
    curve: MarginCurve,
    *,
    price_move: float,
    tolerance: float = 0.0,
) -> Change | None:
    """Return the change that matters most: a retarget, then a large move of price, then a crossing.

    Args:
        before: such as a day ago.
        now: of the curve's ratio 1.
        curve: of the fleet, every group in its best state.
        price_move: a move of price that matters by itself, a fraction; smaller ones matter only
            where they turn rigs.
        tolerance: one standard deviation of revenue, a fraction; within it nobody crosses.
    """
    by_difficulty = _change(
        Cause.DIFFICULTY, before.difficulty, now.difficulty, curve, before=before, now=now
    )
    if by_difficulty is not None:
        return by_difficulty
    by_price = _change(
        Cause.PRICE, before.price_per_btc, now.price_per_btc, curve, before=before, now=now
    )
    if by_price is None:
        return None
    moved = abs(by_price.change_pct) / 100
    matters = moved >= price_move or (by_price.rigs != 0 and moved > tolerance)
    return by_price if matters else None


def since_yesterday(
    evaluation: Evaluation,
    curve: MarginCurve,
    history: HistorySlice | None,
    *,
    price_move: float,
) -> Change | None:
    """Return what changed in the last day; None for examples, old and typed numbers.

    The difficulty of yesterday is known from the last retarget where that was within a day's
    blocks and the difficulty was read after it, the price from what was kept within two hours of
    this time yesterday.

    Args:
        evaluation: of now.
        curve: as of `what_changed`.
        history: what was kept of the days before.
        price_move: as of `what_changed`.
    """
    figures, network = evaluation.figures, evaluation.network
    if evaluation.standing is not Standing.ADVICE or figures is None:
        return None
    height = network.height.value
    if typed_quantities(network) or network.given or height is None:
        return None
    now = Situation(figures.now.price_per_btc, figures.now.difficulty)
    difficulty = now.difficulty / (1 + _retarget_pct(network) / 100)
    price = None
    if history is not None:
        price = price_then(history, evaluation.currency, evaluation.made_at - DAY)
    before = Situation(now.price_per_btc if price is None else price, difficulty)
    return what_changed(before, now, curve, price_move=price_move, tolerance=figures.tolerance)


def _retarget_pct(network: NetworkState) -> float:
    """Return what a retarget of the last day did to the difficulty in force, percent; else 0."""
    height, difficulty = network.height.reading, network.difficulty.reading
    projection = network.retarget
    if height is None or difficulty is None or projection is None:
        return 0.0
    blocks = int(height.value) % BLOCKS_PER_EPOCH
    following = int(height.value) - blocks + BLOCKS_PER_EPOCH
    if blocks >= BLOCKS_PER_DAY or projection.height != following:
        return 0.0
    # Difficulty is asked for less often than the tip: it may still be the one before.
    if height.taken_at - difficulty.taken_at > blocks * _SHORTEST_SPACING:
        return 0.0
    return projection.previous_pct or 0.0


def price_then(history: HistorySlice, currency: str, when: datetime) -> float | None:
    """Return the BTC price that was kept within two hours of a moment, or None."""
    known = [(history.margins.currency, history.margins.time_s, history.margins.price_per_btc)]
    series = history.series.get("price")
    if series is not None:
        known.append((series.currency, series.time_s, series.value))
    for of, time_s, price in known:
        if of != currency or not len(time_s):
            continue
        away = np.abs(time_s - when.timestamp())
        nearest = int(away.argmin())
        if away[nearest] <= NEAR.total_seconds():
            return float(price[nearest])
    return None


def _change(
    cause: Cause,
    was: float,
    is_now: float,
    curve: MarginCurve,
    *,
    before: Situation,
    now: Situation,
) -> Change | None:
    """Return what a move of one number alone did; None where it did nothing to the fleet."""
    if was == is_now:
        return None
    # The other number as it is now: what is told is the doing of this one.
    price = before.price_per_btc if cause is Cause.PRICE else now.price_per_btc
    difficulty = before.difficulty if cause is Cause.DIFFICULTY else now.difficulty
    ratios = np.array(
        [
            float(
                ratio_of(np.array(price), np.array(difficulty), now.price_per_btc, now.difficulty)
            ),
            1.0,
        ]
    )
    rigs, margin = np.diff(curve.earning_rigs(ratios))[0], np.diff(curve.margin_per_day(ratios))[0]
    if rigs == 0 and margin == 0:
        return None
    return Change(cause, (is_now / was - 1) * 100, int(rigs), float(margin))
