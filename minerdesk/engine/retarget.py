"""The protocol's retarget on integers, and the projection of the next one.

Retarget: Bitcoin Core ``src/pow.cpp`` CalculateNextWorkRequired. Projection: the definition in
wide use by block explorers; its error band is one standard deviation of the Poisson block times.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from minerdesk.domain.units import BLOCKS_PER_EPOCH, TARGET_SPACING_S

POW_LIMIT_BITS: Final = 0x1D00FFFF
EPOCH_SPAN_S: Final = BLOCKS_PER_EPOCH * TARGET_SPACING_S
_QUARTER_BLOCKS: Final = 504
_MAX_CHANGE_PCT: Final = 300.0
_MIN_CHANGE_PCT: Final = -75.0


def bits_to_target(bits: int) -> int:
    """Expand compact bits to the integer target.

    Raises:
        ValueError: the bits are not a positive target of at most 256 bits.
    """
    # The range first: the shift of a number wider than 32 bits could fill the memory.
    if 0 <= bits < 1 << 32 and not bits & 0x00800000:
        exponent, mantissa = bits >> 24, bits & 0x007FFFFF
        target = mantissa >> 8 * (3 - exponent) if exponent <= 3 else mantissa << 8 * (exponent - 3)
        if target > 0 and target.bit_length() <= 256:
            return target
    raise ValueError(f"not the compact form of a target: {bits:#010x}")


def target_to_bits(target: int) -> int:
    """Truncate an integer target to its compact bits, as the protocol stores it.

    Raises:
        ValueError: the target is not positive or wider than 256 bits.
    """
    if target <= 0 or target.bit_length() > 256:
        raise ValueError(f"a target must be a positive 256-bit number, found {target}")
    size = (target.bit_length() + 7) // 8
    mantissa = target << 8 * (3 - size) if size <= 3 else target >> 8 * (size - 3)
    if mantissa & 0x00800000:  # the sign bit of the compact form must stay clear
        mantissa >>= 8
        size += 1
    return size << 24 | mantissa


POW_LIMIT: Final = bits_to_target(POW_LIMIT_BITS)


def difficulty_from_bits(bits: int) -> float:
    """Return the difficulty of compact bits: 0xffff x 2^208 / target."""
    return POW_LIMIT / bits_to_target(bits)


def hashes_per_block_exact(bits: int) -> float:
    """Return expected hashes per block as chainwork counts them: 2^256 / (target + 1)."""
    return 2**256 / (bits_to_target(bits) + 1)


def next_bits(first_time_s: int, last_time_s: int, bits: int) -> int:
    """Return the compact bits of the next epoch.

    Args:
        first_time_s: Unix time of the epoch's first block, s.
        last_time_s: Unix time of its last block (2015 intervals later), s.
        bits: compact bits in force during the epoch.

    Returns:
        Compact bits after the clamp to a quarter and four times the span, the proof-of-work limit
        and the truncation, in the protocol's order and on integers.
    """
    span = min(max(last_time_s - first_time_s, EPOCH_SPAN_S // 4), EPOCH_SPAN_S * 4)
    return target_to_bits(min(bits_to_target(bits) * span // EPOCH_SPAN_S, POW_LIMIT))


def bits_change_pct(old_bits: int, new_bits: int) -> float:
    """Return the change of difficulty between two compact bits, percent, within -75 and +300."""
    change = (bits_to_target(old_bits) / bits_to_target(new_bits) - 1) * 100
    return min(max(change, _MIN_CHANGE_PCT), _MAX_CHANGE_PCT)


class Projection(NamedTuple):
    """The next retarget as projected from the block times so far.

    Attributes:
        change_pct: expected change of difficulty, percent.
        error_pct: one standard deviation of it, percent; see `retarget_error_pct`.
        progress_pct: how much of the epoch is done, percent.
        remaining_blocks, remaining_s: until the first block of the next epoch.
        at_s: expected Unix time of it, s.
        next_height: its height.
        mean_block_s: mean block time of the epoch so far, s.
    """

    change_pct: float
    error_pct: float
    progress_pct: float
    remaining_blocks: int
    remaining_s: float
    at_s: float
    next_height: int
    mean_block_s: float


def retarget_error_pct(blocks_in: int) -> float:
    """Return one standard deviation of the projection, percent, after ``blocks_in`` blocks.

    100 sqrt(1/n - 1/2016) from block 504; before it 100 sqrt(10080 - 8n)/2016, since the projection
    then leans on the epoch before.

    Raises:
        ValueError: the count is outside 0 to 2016.
    """
    if not 0 <= blocks_in <= BLOCKS_PER_EPOCH:
        raise ValueError(f"an epoch has blocks 0 to {BLOCKS_PER_EPOCH}, found {blocks_in}")
    if blocks_in >= _QUARTER_BLOCKS:
        return 100 * math.sqrt(1 / blocks_in - 1 / BLOCKS_PER_EPOCH)
    return 100 * math.sqrt(5 * BLOCKS_PER_EPOCH - 8 * blocks_in) / BLOCKS_PER_EPOCH


def project_retarget(
    *,
    height: int,
    epoch_start_s: float,
    quarter_time_s: float | None,
    now_s: float,
    latest_block_s: float | None = None,
    previous_pct: float = 0.0,
) -> Projection:
    """Project the next difficulty change.

    Args:
        height: the tip.
        epoch_start_s: Unix time of the epoch's first block (height 2016k), s.
        quarter_time_s: Unix time of the block at tip - 503, s; None (or 0) where unknown. Used in
            the first quarter of an epoch, where this epoch alone says too little.
        now_s: Unix time, s.
        latest_block_s: Unix time of the tip; settles the span once the epoch's last block exists.
        previous_pct: the last change, percent; rescales the part of the last epoch.

    Returns:
        The projection; change within -75 and +300 percent.
    """
    blocks_in = height % BLOCKS_PER_EPOCH
    remaining = BLOCKS_PER_EPOCH - blocks_in
    span = max(0.0, now_s - epoch_start_s)
    mean_block_s = span / blocks_in if blocks_in else float(TARGET_SPACING_S)
    adjusted_s = mean_block_s
    if quarter_time_s and blocks_in < _QUARTER_BLOCKS - 1:
        span += (epoch_start_s - quarter_time_s) * (1 + previous_pct / 100)
        adjusted_s = span / (_QUARTER_BLOCKS - 1)
        per_block = span / _QUARTER_BLOCKS
    else:
        if latest_block_s is not None and remaining == 1:
            span = latest_block_s - epoch_start_s
        per_block = span / (blocks_in + 1)
    change = (TARGET_SPACING_S / per_block - 1) * 100 if per_block > 0 else _MAX_CHANGE_PCT
    # Whole milliseconds a block, as block explorers count, so that the two agree to the digit.
    remaining_s = remaining * math.floor(adjusted_s * 1000) / 1000
    return Projection(
        change_pct=min(max(change, _MIN_CHANGE_PCT), _MAX_CHANGE_PCT),
        error_pct=retarget_error_pct(blocks_in),
        progress_pct=blocks_in / BLOCKS_PER_EPOCH * 100,
        remaining_blocks=remaining,
        remaining_s=remaining_s,
        at_s=now_s + remaining_s,
        next_height=height + remaining,
        mean_block_s=mean_block_s,
    )
