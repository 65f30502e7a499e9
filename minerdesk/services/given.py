"""Evaluate a table of rigs on numbers that are given, with no feed, no history and no profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from minerdesk.domain.errors import UserError
from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Quantity, Reading
from minerdesk.domain.text import _
from minerdesk.engine.network import subsidy_sat
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
    if subsidy_sat(numbers.block_height) == 0 and numbers.fees_btc == 0:
        raise UserError(
            _("A block at height {height} pays no subsidy, so --fees must be above 0.").format(
                height=numbers.block_height
            ),
            where="--fees",
        )
    catalogue = Catalogue(load_catalogue(catalogue_path()))
    book, models = load_rig_table(path, catalogue, numbers.currency)
    # Absurd sizes in the table overflow to infinity, which is shown as undefined.
    with np.errstate(over="ignore", invalid="ignore"):
        return Evaluator().evaluate(book, network_of(numbers, now), now), models


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
