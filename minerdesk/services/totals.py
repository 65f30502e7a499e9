"""Sums over the fleet and over each site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import HOURS_PER_DAY, THS_PER_PHS, W_PER_KW
from minerdesk.domain.verdicts import Verdict
from minerdesk.engine.dispatch import Decisions
from minerdesk.engine.economics import Economics
from minerdesk.engine.fleet import FleetArrays

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a fleet or a site. Money per day in the evaluation's currency; NaN where undefined.

    "Now" is what runs now, idle power of the rest included; "advised" is after the advised moves,
    "exact" after all moves that pay, those too close to call included.

    Attributes:
        rigs: all. running: that run now.
        power_down, start, change_mode: rigs to move, advised moves alone.
        groups_to_move: groups with an advised move. groups_too_close: left out of the advice.
        gain_per_day: of the advised moves; gain_exact_per_day: of all. What a site requires of its
            rigs is inside.
        hashrate_phs, power_kw: of what runs now; power at the meter, with PUE, idle rigs and the
            sites' fixed load.
        btc_per_day, revenue_per_day, power_cost_per_day, margin_per_day: now; the fixed load's
            cost is not the rigs', it stands in the avoidable layer.
        host_share_per_day: what hosts take of the profit now, see `engine.margin`; the margin is
            revenue less power cost less this.
        margin_advised_per_day: margin after the advised moves.
        cost_per_btc, cost_per_btc_avoidable, cost_per_btc_all_in: of what runs now; a layer that
            no running group has is NaN.
        break_even_price_per_kwh: power price at which what runs now earns nothing; no host takes
            a share of nothing.
        price_per_kwh: what a kWh costs what runs now, on average.
    """

    rigs: int
    running: int
    power_down: int
    start: int
    change_mode: int
    groups: int
    groups_to_move: int
    groups_too_close: int
    gain_per_day: float
    gain_exact_per_day: float
    hashrate_phs: float
    power_kw: float
    btc_per_day: float
    revenue_per_day: float
    power_cost_per_day: float
    host_share_per_day: float
    margin_per_day: float
    margin_advised_per_day: float
    cost_per_btc: float
    cost_per_btc_avoidable: float
    cost_per_btc_all_in: float
    break_even_price_per_kwh: float
    price_per_kwh: float

    @property
    def running_advised(self) -> int:
        """Rigs that run after the advised moves."""
        return self.running - self.power_down + self.start


def add_up(
    fleet: FleetArrays, economics: Economics, decisions: Decisions, sites: int
) -> tuple[Totals, tuple[Totals, ...]]:
    """Return the totals of the fleet and of each of ``sites`` sites, in order."""
    columns = _columns(fleet, economics, decisions)
    by_site = {
        name: np.asarray(np.bincount(fleet.site, values, minlength=sites), dtype=np.float64)
        for name, values in columns.items()
    }
    by_site["kw"] = by_site["kw"] + fleet.site_fixed_kw
    whole = _totals({name: float(values.sum()) for name, values in by_site.items()})
    each = tuple(
        _totals({name: float(values[i]) for name, values in by_site.items()}) for i in range(sites)
    )
    return whole, each


def _columns(fleet: FleetArrays, economics: Economics, decisions: Decisions) -> dict[str, Floats]:
    """Return additive figures by group, shape (G,)."""
    prepared = economics.prepared
    ran = prepared.sites.ran

    def now(per_mode: Floats) -> Floats:
        return fleet.over_modes(ran * per_mode)

    def entered(per_mode: Floats) -> tuple[Floats, Floats]:
        known = np.isfinite(per_mode)
        return now(np.where(known, per_mode, 0.0)), now(known * economics.btc_per_day)

    profit = economics.profit_now()
    margin = profit * prepared.sites.part_kept_now(profit)
    avoidable, avoidable_btc = entered(prepared.avoidable_cost_per_day)
    all_in, all_in_btc = entered(prepared.all_in_cost_per_day)
    idle_kw = fleet.off * fleet.idle_w * fleet.pue / W_PER_KW
    advised = decisions.advised
    move = decisions.power_down + decisions.start + decisions.change_mode
    return {
        "rigs": fleet.count,
        "running": fleet.count - fleet.off,
        "power_down": decisions.power_down * advised,
        "start": decisions.start * advised,
        "change_mode": decisions.change_mode * advised,
        "groups": np.ones(fleet.groups),
        "groups_to_move": (move > 0) * advised * 1.0,
        "groups_too_close": (decisions.verdict == Verdict.TOO_CLOSE) * 1.0,
        "gain": np.where(advised, decisions.gain_per_day, 0.0),
        "gain_exact": decisions.gain_per_day,
        "margin_gain": np.where(advised, decisions.margin_gain_per_day, 0.0),
        "phs": now(prepared.nameplate_ths) / THS_PER_PHS,
        "kw": now(prepared.kwh_per_day) / HOURS_PER_DAY + idle_kw,
        "kwh_running": now(prepared.kwh_per_day),
        "btc": now(economics.btc_per_day),
        "revenue": now(economics.revenue_per_day),
        "power_running": now(prepared.power_cost_per_day),
        "idle": prepared.sites.idle_now,
        "margin": margin,
        "host_share": profit - margin,
        "cash": now(prepared.cash_cost_per_day),
        "avoidable": avoidable,
        "avoidable_btc": avoidable_btc,
        "all_in": all_in,
        "all_in_btc": all_in_btc,
    }


def _totals(sums: dict[str, float]) -> Totals:
    power_cost = sums["power_running"] + sums["idle"]
    return Totals(
        rigs=round(sums["rigs"]),
        running=round(sums["running"]),
        power_down=round(sums["power_down"]),
        start=round(sums["start"]),
        change_mode=round(sums["change_mode"]),
        groups=round(sums["groups"]),
        groups_to_move=round(sums["groups_to_move"]),
        groups_too_close=round(sums["groups_too_close"]),
        gain_per_day=sums["gain"],
        gain_exact_per_day=sums["gain_exact"],
        hashrate_phs=sums["phs"],
        power_kw=sums["kw"],
        btc_per_day=sums["btc"],
        revenue_per_day=sums["revenue"],
        power_cost_per_day=power_cost,
        host_share_per_day=sums["host_share"],
        margin_per_day=sums["margin"],
        margin_advised_per_day=sums["margin"] + sums["margin_gain"],
        cost_per_btc=_ratio(sums["cash"], sums["btc"]),
        cost_per_btc_avoidable=_ratio(sums["avoidable"], sums["avoidable_btc"]),
        cost_per_btc_all_in=_ratio(sums["all_in"], sums["all_in_btc"]),
        break_even_price_per_kwh=_ratio(sums["revenue"], sums["kwh_running"]),
        price_per_kwh=_ratio(sums["power_running"], sums["kwh_running"]),
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
