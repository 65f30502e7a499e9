"""What hashing earns in each step: the present numbers, the pending retarget and the halving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.readings import NetworkState, RetargetProjection
from minerdesk.domain.units import HOURS_PER_DAY, SECONDS_PER_HOUR, TARGET_SPACING_S, THS_PER_PHS
from minerdesk.engine.network import HALVING_BLOCKS, NetworkNow, btc_per_ths_day, subsidy_btc

Floats = NDArray[np.float64]

_NO_CHANGE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Income:
    """Money that one TH/s earns, shape (T,) throughout.

    Attributes:
        subsidy, fees: in the whole step, of each part of the block reward, before any fee.
        hashprice_per_ph_day: gross, a day at the step's rate.
        after: share of the step's income that is earned after the retarget, 0 to 1.
        retarget: the projection where it falls into the horizon, else None. retarget_at: UTC.
        error: one standard deviation of the income after it, a fraction.
    """

    subsidy: Floats
    fees: Floats
    hashprice_per_ph_day: Floats
    after: Floats
    retarget: RetargetProjection | None
    retarget_at: datetime | None
    error: float

    @property
    def factor(self) -> float:
        """What the retarget multiplies the income with; 1 where there is none."""
        if self.retarget is None:
            return _NO_CHANGE
        return 1 / (1 + self.retarget.change_pct / 100)


def income_by_step(
    numbers: NetworkNow,
    network: NetworkState,
    start_s: Floats,
    hours: float,
    now: datetime,
) -> Income:
    """Return what hashing earns in each step.

    The difficulty holds until the projected retarget and changes by the projected fraction there;
    a step that holds the moment is weighed. A retarget that is overdue happens now. The subsidy
    halves at its height, blocks coming as projected until the retarget and every 600 s after.

    Args:
        numbers: price, difficulty, subsidy and fees, whatever is asked about them inside.
        network: gives the height and the projection.
        start_s: (T,) seconds since 1970 UTC.
        hours: length of a step.
        now: UTC.
    """
    ends_s = float(start_s[-1]) + hours * SECONDS_PER_HOUR
    found = network.retarget
    if found is not None and network.example_of is not None and found.at < now:
        found = None  # the example is of its own date, and so is its retarget
    at_s = np.inf if found is None else max(found.at.timestamp(), now.timestamp())
    if found is not None and at_s >= ends_s:
        found = None
    change = 0.0 if found is None else found.change_pct / 100
    later = _share_after(start_s, hours, at_s)
    factor = (1 - later) + later / (1 + change)
    halved = 1 - _share_after(start_s, hours, _halving_s(network, now)) * _lost_subsidy(network)
    per_step = btc_per_ths_day(numbers.difficulty) / HOURS_PER_DAY * hours * numbers.price_per_btc
    subsidy = per_step * numbers.subsidy_btc * factor * halved
    fees = per_step * numbers.fees_btc * factor
    return Income(
        subsidy=subsidy,
        fees=fees,
        hashprice_per_ph_day=(subsidy + fees) * (THS_PER_PHS * HOURS_PER_DAY / hours),
        after=later / (1 + change) / factor if found is not None else np.zeros(len(start_s)),
        retarget=found,
        retarget_at=None if found is None else max(found.at, now),
        error=0.0 if found is None else found.error_pct / 100 / (1 + change),
    )


def _share_after(start_s: Floats, hours: float, moment_s: float) -> Floats:
    """Return the share of each step that lies after a moment, (T,)."""
    length = hours * SECONDS_PER_HOUR
    share: Floats = np.clip((start_s + length - moment_s) / length, 0.0, 1.0)
    return share


def _halving_s(network: NetworkState, now: datetime) -> float:
    """Return when the block that pays half is first worked on, seconds since 1970."""
    if network.height.value is None:
        return np.inf
    mined = int(network.height.value) + 1
    left = -mined % HALVING_BLOCKS or HALVING_BLOCKS
    begin_s, pending = now.timestamp(), network.retarget
    if pending is None or pending.remaining_blocks <= 0:
        return begin_s + left * TARGET_SPACING_S
    until_s = max(pending.at.timestamp() - begin_s, 0.0)
    if left <= pending.remaining_blocks:
        return begin_s + until_s * left / pending.remaining_blocks
    return begin_s + until_s + (left - pending.remaining_blocks) * TARGET_SPACING_S


def _lost_subsidy(network: NetworkState) -> float:
    """Return which share of the subsidy the next halving takes: a half, or all of the last."""
    if network.height.value is None:
        return 0.0
    mined = int(network.height.value) + 1
    before = subsidy_btc(mined)
    after = subsidy_btc(mined + (-mined % HALVING_BLOCKS or HALVING_BLOCKS))
    return 1 - after / before if before > 0 else 0.0
