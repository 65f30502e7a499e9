"""What the network pays for work, and how much work there is.

Two factors turn difficulty into hashes per block and are never mixed: `hashes_per_block`
(difficulty x 2^32, what pools pay by and what every figure shown uses) and `hashes_per_block_exact`
(2^256 / (target + 1), what chainwork counts). The shortcut is 0.0015 % low.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Final, NamedTuple

from minerdesk.domain.units import (
    BLOCKS_PER_DAY,
    HS_PER_THS,
    SATOSHI_PER_BTC,
    SECONDS_PER_DAY,
    TARGET_SPACING_S,
    THS_PER_PHS,
)

HALVING_BLOCKS: Final = 210_000
INITIAL_SUBSIDY_SAT: Final = 50 * SATOSHI_PER_BTC
# First days that paid a halved subsidy, UTC, as proleptic ordinals; facts of the chain.
HALVING_DAYS: Final = tuple(
    date.fromisoformat(day).toordinal()
    for day in ("2012-11-28", "2016-07-09", "2020-05-11", "2024-04-20")
)
_TWO_32: Final = 2.0**32


class NetworkNow(NamedTuple):
    """The network's numbers that an evaluation rests on.

    Attributes:
        price_per_btc: money per BTC, in the currency of the whole evaluation.
        difficulty: dimensionless.
        subsidy_btc: new coins of the block being mined, BTC.
        fees_btc: transaction fees per block, BTC, mean of the last 144 blocks.
    """

    price_per_btc: float
    difficulty: float
    subsidy_btc: float
    fees_btc: float

    @property
    def reward_btc(self) -> float:
        """Subsidy and fees of one block, BTC."""
        return self.subsidy_btc + self.fees_btc

    @property
    def fee_share(self) -> float:
        """The fees' share of the reward, a fraction; 0 where there is no reward."""
        return self.fees_btc / self.reward_btc if self.reward_btc > 0 else 0.0


class HashrateEstimate(NamedTuple):
    """A hashrate with one standard deviation, both in H/s."""

    hashrate_hs: float
    error_hs: float


def subsidy_sat(height: int) -> int:
    """Return the new coins of the block at ``height``, in satoshi.

    The protocol's integer shift: halved every 210,000 blocks, 0 from the 64th halving. The block at
    a multiple of 210,000 itself pays the new subsidy.

    Raises:
        ValueError: the height is negative.
    """
    if height < 0:
        raise ValueError(f"a block's height must be at least 0, found {height}")
    halvings = height // HALVING_BLOCKS
    return 0 if halvings >= 64 else INITIAL_SUBSIDY_SAT >> halvings


def subsidy_btc(height: int) -> float:
    """Return the new coins of the block at ``height``, in BTC; see `subsidy_sat`."""
    return subsidy_sat(height) / SATOSHI_PER_BTC


def hashes_per_block(difficulty: float) -> float:
    """Return expected hashes per block as pools count them: difficulty x 2^32."""
    return difficulty * _TWO_32


def btc_per_ths_day(difficulty: float) -> float:
    """Return blocks' worth of reward that 1 TH/s expects in a day, per BTC of reward.

    Multiply by the reward in BTC to get BTC per TH/s and day:
    ``1e12 x 86400 / (difficulty x 2^32)``.

    Raises:
        ValueError: the difficulty is not a positive finite number.
    """
    if not (math.isfinite(difficulty) and difficulty > 0):
        raise ValueError(f"difficulty must be a number greater than 0, found {difficulty!r}")
    return HS_PER_THS * SECONDS_PER_DAY / hashes_per_block(difficulty)


def hashvalue_btc_per_ph_day(network: NetworkNow) -> float:
    """Return the gross coins of 1 PH/s in a day, BTC, from difficulty."""
    return btc_per_ths_day(network.difficulty) * THS_PER_PHS * network.reward_btc


def hashprice_per_ph_day(network: NetworkNow) -> float:
    """Return the gross revenue of 1 PH/s in a day, money/PH/day, from difficulty.

    Definition of Luxor's hashprice: subsidy and the 144-block mean of fees, before pool fees.
    """
    return hashvalue_btc_per_ph_day(network) * network.price_per_btc


def mean_fees_btc(total_fees_sat: int, blocks: int) -> float:
    """Return the mean fees of a block in BTC from their sum over ``blocks`` blocks.

    Raises:
        ValueError: there is no block, or the sum is negative.
    """
    if blocks <= 0:
        raise ValueError(f"fees need at least one block, found {blocks}")
    if total_fees_sat < 0:
        raise ValueError(f"a sum of fees cannot be negative, found {total_fees_sat}")
    return total_fees_sat / blocks / SATOSHI_PER_BTC


def hashrate_from_difficulty(difficulty: float) -> float:
    """Return the hashrate in H/s at which this difficulty finds a block every 600 s."""
    return hashes_per_block(difficulty) / TARGET_SPACING_S


def hashrate_from_blocks(blocks: int, span_s: float, hashes_each: float) -> HashrateEstimate:
    """Estimate the hashrate from a count of blocks.

    Blocks are Poisson events, so the relative standard deviation is 1/sqrt(blocks): 8.3 % a day.

    Args:
        blocks: blocks found in the span.
        span_s: the span, s.
        hashes_each: expected hashes per block (`hashes_per_block` or the exact factor).

    Raises:
        ValueError: there is no block or no time.
    """
    if blocks <= 0 or not span_s > 0:
        raise ValueError(
            f"a hashrate needs blocks and time, found {blocks} blocks in {span_s!r} seconds"
        )
    estimate = blocks * hashes_each / span_s
    return HashrateEstimate(estimate, estimate / math.sqrt(blocks))


def chance_of_a_block(hashrate_ths: float, difficulty: float, days: float) -> float:
    """Return the probability that a solo miner finds at least one block in ``days`` days.

    ``1 - exp(-expected blocks)``, a fraction.
    """
    return -math.expm1(-hashrate_ths * btc_per_ths_day(difficulty) * days)


def poisson_error_pct(days: float) -> float:
    """Return one standard deviation of a hashrate averaged over ``days`` days, percent."""
    return 100 / math.sqrt(BLOCKS_PER_DAY * days)
