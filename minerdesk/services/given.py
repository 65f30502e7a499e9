"""Evaluate a table of rigs on numbers that are given, with no feed, no history and no profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from minerdesk.domain.errors import UserError
from minerdesk.domain.readings import (
    Gauge,
    NetworkState,
    Provenance,
    Quantity,
    Reading,
    RetargetProjection,
)
from minerdesk.domain.text import _
from minerdesk.domain.units import BLOCKS_PER_EPOCH, TARGET_SPACING_S
from minerdesk.engine.network import subsidy_sat
from minerdesk.engine.retarget import retarget_error_pct
from minerdesk.services.catalogue import Catalogue
from minerdesk.services.evaluation import Evaluation, Evaluator
from minerdesk.services.rig_table import load_rig_table
from minerdesk.storage.catalogue_file import load_catalogue
from minerdesk.storage.resources import catalogue_path


@dataclass(frozen=True, slots=True)
class GivenNumbers:
    """The network as the operator gives it; typed values have age 0.

    Attributes:
        price_per_btc: money in ``currency``. difficulty: at least 1. fees_btc: of one block.
        block_height: of the block being mined, one above the tip.
    """

    price_per_btc: float
    difficulty: float
    fees_btc: float
    block_height: int
    currency: str = "USD"


def evaluate_table(
    path: Path, numbers: GivenNumbers, now: datetime
) -> tuple[Evaluation, tuple[str, ...]]:
    """Evaluate the strict table of rigs.

    Args:
        path: CSV as `services.rig_table` reads it.
        numbers: the network.
        now: UTC.

    Returns:
        The evaluation, and the model of each row as the table names it.

    Raises:
        UserError: the table is refused, or the block being mined pays nothing.
    """
    check_reward(numbers)
    catalogue = Catalogue(load_catalogue(catalogue_path()))
    book, models = load_rig_table(path, catalogue, numbers.currency)
    # Absurd sizes in the table overflow to infinity, which is shown as undefined.
    with np.errstate(over="ignore", invalid="ignore"):
        return Evaluator().evaluate(book, network_of(numbers, now), now), models


def check_reward(numbers: GivenNumbers) -> None:
    """Check that the block being mined pays anything.

    Raises:
        UserError: it does not.
    """
    if subsidy_sat(numbers.block_height) == 0 and numbers.fees_btc == 0:
        raise UserError(
            _("A block at height {height} pays no subsidy, so --fees must be above 0.").format(
                height=numbers.block_height
            ),
            where="--fees",
        )


def network_of(numbers: GivenNumbers, now: datetime) -> NetworkState:
    """Return the given numbers as a network state; the tip is one below the block being mined."""

    def typed(quantity: Quantity, value: float, currency: str = "") -> Gauge:
        reading = Reading(quantity, value, "typed", now, Provenance.TYPED, currency)
        return Gauge(reading, beside=(reading,))

    return NetworkState(
        currency=numbers.currency,
        price=typed(Quantity.PRICE, numbers.price_per_btc, numbers.currency),
        height=typed(Quantity.HEIGHT, numbers.block_height - 1),
        difficulty=typed(Quantity.DIFFICULTY, numbers.difficulty),
        fees=typed(Quantity.FEES, numbers.fees_btc),
        given=True,
    )


def with_retarget(network: NetworkState, change_pct: float, now: datetime) -> NetworkState:
    """Return a network whose difficulty changes by so many percent at the next retarget.

    Blocks come as fast as such a change supposes; the error is that of the blocks so far.

    Args:
        network: gives the height.
        change_pct: above -100.
        now: UTC.
    """
    tip = int(network.height.value or 0)
    blocks_in = tip % BLOCKS_PER_EPOCH
    remaining = BLOCKS_PER_EPOCH - blocks_in
    spacing_s = TARGET_SPACING_S / (1 + change_pct / 100)
    projection = RetargetProjection(
        change_pct=change_pct,
        error_pct=retarget_error_pct(blocks_in),
        at=now + timedelta(seconds=remaining * spacing_s),
        height=tip + remaining,
        remaining_blocks=remaining,
        source="typed",
        taken_at=now,
    )
    return replace(network, retarget=projection)


def over(network: NetworkState, given: Mapping[Quantity, float], now: datetime) -> NetworkState:
    """Return a network with some numbers given over its own; the height is the tip's.

    Args:
        network: the rest is its.
        given: by quantity; a price is in the network's currency.
        now: UTC.
    """

    def gauge(old: Gauge, quantity: Quantity) -> Gauge:
        if quantity not in given:
            return old
        currency = network.currency if quantity is Quantity.PRICE else ""
        reading = Reading(quantity, given[quantity], "typed", now, Provenance.TYPED, currency)
        return Gauge(reading, beside=(*old.beside, reading))

    return replace(
        network,
        price=gauge(network.price, Quantity.PRICE),
        height=gauge(network.height, Quantity.HEIGHT),
        difficulty=gauge(network.difficulty, Quantity.DIFFICULTY),
        fees=gauge(network.fees, Quantity.FEES),
        given=True,
    )
