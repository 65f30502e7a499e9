"""What each source says of one quantity, in the order in which sources are preferred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.network_days import DayQuantity
from minerdesk.domain.units import SECONDS_PER_DAY
from minerdesk.storage.history_day_rows import KeptSeries, KeptSource

Floats = NDArray[np.float64]

_CORE: Final = "Bitcoin Core"
COIN_METRICS: Final = "Coin Metrics"
_BLOCKCHAIN: Final = "blockchain.com"
_MEMPOOL: Final = "mempool"
_FILE: Final = "file"
_HASHES_PER_DIFFICULTY: Final = 2.0**32

ORDER: Final[Mapping[DayQuantity, tuple[str, ...]]] = MappingProxyType(
    {
        # Closes of a day come before the mean over a day that blockchain.com gives.
        DayQuantity.PRICE: (_CORE, _MEMPOOL, COIN_METRICS, _BLOCKCHAIN, _FILE),
        # The own node counts exactly; mempool asks a node; the others count blocks.
        DayQuantity.HASHRATE: (_CORE, _MEMPOOL, COIN_METRICS, _BLOCKCHAIN, _FILE),
        DayQuantity.DIFFICULTY: (_CORE, _MEMPOOL, COIN_METRICS, _BLOCKCHAIN, _FILE),
        # Sums of blocks come before means per block times a number of blocks.
        DayQuantity.FEES: (_CORE, COIN_METRICS, _BLOCKCHAIN, _MEMPOOL, _FILE),
        DayQuantity.ISSUANCE: (_CORE, COIN_METRICS, _BLOCKCHAIN, _MEMPOOL, _FILE),
    }
)
"""Who is believed where several know a day; instances of mempool in the order first heard."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One source's values of a quantity.

    Attributes:
        value: shape (D,) on the days of the join, NaN where nothing is known.
        taken_at: UTC. derived: how it was computed, empty where the source said it.
    """

    source: str
    value: Floats
    taken_at: datetime
    derived: str = ""


def ranked(sources: Iterable[KeptSource], quantity: DayQuantity) -> list[KeptSource]:
    """Return sources with the preferred first."""
    order = ORDER[quantity]
    return sorted(sources, key=lambda source: order.index(_kind(source)))


def candidates(
    sources: Sequence[KeptSource],
    quantity: DayQuantity,
    currency: str,
    span: tuple[int, int],
    difficulty: Floats,
) -> list[Candidate]:
    """Return what sources say of a quantity, the preferred first.

    Args:
        sources: all of them.
        quantity: one of `ORDER`.
        currency: of prices.
        span: ordinals of the first and last day, both inside.
        difficulty: shape (D,), mean of each day; it tells the number of blocks.
    """
    found: list[Candidate] = []
    for source in ranked(sources, quantity):
        wanted = currency if quantity is DayQuantity.PRICE else ""
        if series := _series(source, quantity, wanted):
            found.append(Candidate(source.name, placed(series, span), series.taken_at))
        if quantity in {DayQuantity.FEES, DayQuantity.ISSUANCE}:
            found += _derived(source, quantity, span, difficulty)
    return found


def placed(series: KeptSeries, span: tuple[int, int]) -> Floats:
    """Return a series on the days of a span, shape (D,)."""
    first, last = span
    value = np.full(last - first + 1, np.nan)
    begin, end = max(series.first_day, first), min(series.last_day, last) + 1
    if begin < end:
        value[begin - first : end - first] = series.value[
            begin - series.first_day : end - series.first_day
        ]
    return value


def _derived(
    source: KeptSource, quantity: DayQuantity, span: tuple[int, int], difficulty: Floats
) -> Iterable[Candidate]:
    def get(wanted: DayQuantity) -> KeptSeries | None:
        return _series(source, wanted, "")

    reward, fees = get(DayQuantity.REWARD), get(DayQuantity.FEES)
    if quantity is DayQuantity.ISSUANCE and reward is not None and fees is not None:
        value = placed(reward, span) - placed(fees, span)
        yield Candidate(source.name, value, reward.taken_at, "reward - fees")
    per_block, hashrate = get(DayQuantity.FEES_PER_BLOCK), get(DayQuantity.HASHRATE)
    if per_block is None or hashrate is None:
        return
    blocks = placed(hashrate, span) * SECONDS_PER_DAY / (difficulty * _HASHES_PER_DIFFICULTY)
    blocks = np.round(blocks)
    how = "hashrate x 86400 / (difficulty x 2^32) blocks"
    if quantity is DayQuantity.FEES:
        value = placed(per_block, span) * blocks
        yield Candidate(source.name, value, per_block.taken_at, f"mean per block x {how}")
    elif (rewards := get(DayQuantity.REWARD_PER_BLOCK)) is not None:
        value = (placed(rewards, span) - placed(per_block, span)) * blocks
        yield Candidate(source.name, value, rewards.taken_at, f"mean subsidy per block x {how}")


def _series(source: KeptSource, quantity: DayQuantity, currency: str) -> KeptSeries | None:
    return next(
        (s for s in source.series if s.quantity is quantity and s.currency == currency), None
    )


def _kind(source: KeptSource) -> str:
    if source.from_file:
        return _FILE
    known = {_CORE, COIN_METRICS, _BLOCKCHAIN}
    return source.name if source.name in known else _MEMPOOL
