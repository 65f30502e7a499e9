"""The next retarget: by the own formula where the timestamps are known, else the source's value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from minerdesk.domain.readings import Provenance, Quantity, Reading, RetargetProjection
from minerdesk.domain.text import _
from minerdesk.domain.units import BLOCKS_PER_EPOCH, TARGET_SPACING_S
from minerdesk.engine.retarget import project_retarget, retarget_error_pct
from minerdesk.services.rules import Rules, of

_QUARTER_BLOCKS = 503
# A mean spacing outside these cannot belong to the epoch it is read for.
_LONGEST_SPACING_S = TARGET_SPACING_S * 8
_GRACE_S = 7_200


def project(readings: Sequence[Reading], rules: Rules, now: datetime) -> RetargetProjection | None:
    """Return the projection of the next retarget, or None where too little is known.

    A typed change wins over both; its band and time follow from the blocks that are left.

    Args:
        readings: live, cached and typed ones of every quantity.
        rules: limits of age and the order of sources.
        now: UTC.
    """
    height = rules.best(_live(of(Quantity.HEIGHT, readings)), now)
    if height is None:
        return None
    # While the height is old, blocks were found that are not known: the projection is of its time.
    as_of = now if rules.is_fresh(height, now) else height.taken_at
    change = rules.best(of(Quantity.RETARGET, readings), now)
    previous = rules.best(of(Quantity.PREVIOUS_RETARGET, readings), now)
    previous_pct = None if previous is None else previous.value
    if change is None or change.provenance is not Provenance.TYPED:
        own = _own_formula(height, readings, previous_pct, as_of)
        if own is not None:
            return own
    return None if change is None else _of_source(change, height, previous_pct, as_of)


def _live(readings: Sequence[Reading]) -> list[Reading]:
    return [r for r in readings if r.provenance is not Provenance.TYPED]


def _own_formula(
    height: Reading, readings: Sequence[Reading], previous_pct: float | None, as_of: datetime
) -> RetargetProjection | None:
    tip = int(height.value)
    blocks_in = tip % BLOCKS_PER_EPOCH
    start_s = _block_time(Quantity.EPOCH_START, readings, height)
    quarter_s = _block_time(Quantity.QUARTER_TIME, readings, height)
    now_s = as_of.timestamp()
    if start_s is None or not -_GRACE_S <= now_s - start_s <= _longest_s(blocks_in):
        return None
    if blocks_in < _QUARTER_BLOCKS and (quarter_s is None or previous_pct is None):
        return None
    found = project_retarget(
        height=tip,
        epoch_start_s=start_s,
        quarter_time_s=quarter_s,
        now_s=now_s,
        latest_block_s=_block_time(Quantity.TIP_TIME, readings, height),
        previous_pct=previous_pct or 0.0,
    )
    return RetargetProjection(
        change_pct=found.change_pct,
        error_pct=found.error_pct,
        at=datetime.fromtimestamp(found.at_s, UTC),
        height=found.next_height,
        remaining_blocks=found.remaining_blocks,
        source=_("own formula"),
        # Computed anew at every look, yet no younger than the block it is computed from.
        taken_at=height.taken_at,
        previous_pct=previous_pct,
    )


def _longest_s(blocks_in: int) -> float:
    return (blocks_in + 1) * _LONGEST_SPACING_S + _GRACE_S


def _block_time(quantity: Quantity, readings: Sequence[Reading], height: Reading) -> float | None:
    """Return the newest time of a block that was read together with the height.

    Block times read long before it belong to another tip or another epoch.
    """
    near = [
        r
        for r in of(quantity, readings)
        if abs(r.taken_at - height.taken_at) <= timedelta(minutes=30)
    ]
    newest = max(near, key=lambda r: r.taken_at, default=None)
    return None if newest is None else newest.value


def _of_source(
    change: Reading, height: Reading, previous_pct: float | None, as_of: datetime
) -> RetargetProjection:
    tip = int(height.value)
    remaining = BLOCKS_PER_EPOCH - tip % BLOCKS_PER_EPOCH
    spacing_s = TARGET_SPACING_S / (1 + change.value / 100)
    return RetargetProjection(
        change_pct=change.value,
        error_pct=retarget_error_pct(tip % BLOCKS_PER_EPOCH),
        at=as_of + timedelta(seconds=remaining * spacing_s),
        height=tip + remaining,
        remaining_blocks=remaining,
        source=change.source,
        taken_at=change.taken_at,
        previous_pct=previous_pct,
        typed=change.provenance is Provenance.TYPED,
    )
