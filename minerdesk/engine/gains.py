"""What the moves that ought to happen add to the margin, after the hosts' share of the profit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from minerdesk.engine.dispatch.decisions import Decisions
from minerdesk.engine.economics import Economics
from minerdesk.engine.fleet import FleetArrays, Floats
from minerdesk.engine.margin import part_kept_of_change
from minerdesk.engine.site_margin import by_site


def part_kept_of_moves(fleet: FleetArrays, economics: Economics, decisions: Decisions) -> Floats:
    """Return which part of each group's gain reaches the margin, (G,), in (0, 1].

    All moves of a site bear the same part, so that their gains add up to what its margin gains: the
    advised ones from what runs now, those too close to call on top of them. Where nothing moves it
    is the part that is kept as things are.

    Args:
        fleet: what runs now.
        economics: of the same fleet.
        decisions: of the same fleet, before the share, from `engine.dispatch.decide`.
    """
    if not economics.prepared.sites.shares:
        return np.broadcast_to(1.0, fleet.groups)
    gained = decisions.margin_gain_per_day
    now = by_site(fleet, economics.profit_now())
    advised = now + by_site(fleet, np.where(decisions.advised, gained, 0.0))
    exact = advised + by_site(fleet, np.where(decisions.advised, 0.0, gained))
    kept = fleet.profit_kept
    of_advised = part_kept_of_change(now, advised, kept)[fleet.site]
    of_others = part_kept_of_change(advised, exact, kept)[fleet.site]
    return np.where(decisions.advised, of_advised, of_others)


def after_share_of(decisions: Decisions, part: Floats) -> Decisions:
    """Return decisions with their money after the hosts' share; nothing that is decided moves.

    The margin rises with the profit, so the best states stay the best; gain and doubt shrink alike,
    so what was too close to call stays so.

    Args:
        decisions: before the share.
        part: (G,) from `part_kept_of_moves`.
    """
    return replace(
        decisions,
        gain_per_day=decisions.gain_per_day * part,
        margin_gain_per_day=decisions.margin_gain_per_day * part,
        doubt_per_day=decisions.doubt_per_day * part,
        value_per_day=decisions.value_per_day * part,
    )
