"""The pair of numbers of each group for an operator who acts by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from minerdesk.engine.dispatch.hysteresis import Hand, hysteresis
from minerdesk.engine.network import hashprice_per_ph_day
from minerdesk.services.planning.lazily import Lazily
from minerdesk.services.planning.plan import Hysteresis
from minerdesk.services.planning.problem_of import Question

# How long a price is taken to last that the operator acts on: the hour that most markets settle.
HOLD_H: Final = 1.0


def by_hand(question: Question) -> Sequence[Hysteresis]:
    """Return stop and start of each group in the book's order, for its first running mode.

    The mode is the one most of its rigs run, or the first where none runs; the hashprice is the
    present one, and the price of power the first step's.
    """
    fleet, facts = question.fleet.arrays, question.fleet.facts
    first = fleet.first[:-1]
    most = np.maximum.reduceat(fleet.running, first)
    place = np.where(fleet.running == most[fleet.mode_group], np.arange(fleet.modes), fleet.modes)
    mode = np.minimum.reduceat(place, first)
    now = question.numbers
    # Hashprice means both parts of the reward; where their fees differ, each weighs by its share.
    keep = (fleet.keep_subsidy * (1 - now.fee_share) + fleet.keep_fees * now.fee_share) * (
        1 - fleet.required_margin
    )
    kept = question.kept
    price = question.problem.horizon.price[:, 0] / kept
    found = hysteresis(
        Hand(
            paid_ths=fleet.ths[mode] * keep,
            avoided_kw=(fleet.power_w[mode] - fleet.idle_w) * fleet.uptime * fleet.pue / 1000,
            # A host's share shortens earning and power alike, and wear it does not.
            wear=(facts.wear_start + facts.wear_stop) / kept[fleet.site],
            start_lost_h=facts.start_lost_h,
            min_on_h=facts.min_on_h,
            min_off_h=facts.min_off_h,
        ),
        hashprice_per_ph_day=hashprice_per_ph_day(now),
        price_per_kwh=price[fleet.site],
        hold_h=HOLD_H,
    )
    columns = (
        found.stop_below_per_ph_day,
        found.start_above_per_ph_day,
        found.stop_above_per_kwh,
        found.start_below_per_kwh,
    )
    groups = question.fleet.book.groups
    return Lazily(
        len(groups),
        lambda place: Hysteresis(groups[place].id, *(float(each[place]) for each in columns)),
    )
