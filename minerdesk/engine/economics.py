"""What every group earns in every mode.

`prepare` does once per edit what does not change with the network; `evaluate` does per tick the
rest, one or two array operations per figure. Shapes are (M,), one entry per mode of each group, for
the whole group running in that mode (see `engine.fleet`).

Cost layers: *cash* is the power that stops when the rigs stop (W minus idle W, PUE inside) and
decides on and off; *avoidable* is all power and what stops when the site closes; *all-in* adds
overhead, capital and depreciation. NaN where a layer's inputs were not entered.

Margins are what is left after a host's share of the profit (`engine.margin`); break-evens, shutdown
prices, hashcost and the cash cost of a coin are where that profit is zero, and before it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.units import HOURS_PER_DAY, THS_PER_PHS, W_PER_KW
from minerdesk.engine.buffers import BlockPool
from minerdesk.engine.fleet import FleetArrays
from minerdesk.engine.network import NetworkNow, btc_per_ths_day, hashprice_per_ph_day
from minerdesk.engine.site_margin import SiteMargin

Floats = NDArray[np.float64]

_TILE: Final = 65_536
_TILES_WORTH_A_THREAD: Final = 4
_PER_TICK: Final = (
    "btc_per_day",
    "revenue_per_day",
    "margin_per_day",
    "margin_per_rig_day",
    "margin_per_kwh",
    "margin_per_ths_day",
    "break_even_price_per_kwh",
    "shutdown_price_per_btc",
    "shutdown_hashprice_per_ph_day",
    "cost_per_btc_avoidable",
    "cost_per_btc_all_in",
    "payback_days",
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What does not change with the network, shape (M,) throughout.

    Attributes:
        paid_ths_subsidy, paid_ths_fees: TH/s of the group that are paid, of subsidy and of fees.
        same_fee: whether the two are equal everywhere.
        count: rigs of the group. nameplate_ths: TH/s of all of them.
        kwh_per_day: at the meter, idle power in the off part of uptime and PUE inside.
        power_cost_per_day: of all that power. cash_cost_per_day: of the avoided power alone.
        avoidable_cost_per_day, all_in_cost_per_day: the outer layers, NaN where not entered.
        hashcost_per_ph_day, hashcost_avoidable_per_ph_day, hashcost_all_in_per_ph_day: money per
            nameplate PH/s and day.
        idle_cost_per_day: what the group costs while powered down.
        purchase_price: money for the whole group, NaN where not entered.
        sites: turns profits into margins. pool: memory for the results.
    """

    paid_ths_subsidy: Floats
    paid_ths_fees: Floats
    same_fee: bool
    count: Floats
    nameplate_ths: Floats
    kwh_per_day: Floats
    power_cost_per_day: Floats
    cash_cost_per_day: Floats
    avoidable_cost_per_day: Floats
    all_in_cost_per_day: Floats
    hashcost_per_ph_day: Floats
    hashcost_avoidable_per_ph_day: Floats
    hashcost_all_in_per_ph_day: Floats
    idle_cost_per_day: Floats
    purchase_price: Floats
    sites: SiteMargin
    pool: BlockPool


@dataclass(frozen=True, slots=True)
class Economics:
    """What each group earns in each mode, shape (M,), money per day for the whole group.

    Attributes:
        network: the numbers it rests on. hashprice_per_ph_day: gross, money/PH/day.
        prepared: costs, which do not depend on the network.
        btc_per_day, revenue_per_day: net of pool and firmware fees.
        margin_per_day: revenue less the cost of all power, after the host's share of the profit;
            also per rig, kWh and TH/s.
        kept: what the host leaves of that profit, in (0, 1]: `SiteMargin.part_kept_in_mode`.
        break_even_price_per_kwh: at the meter, for all power.
        shutdown_price_per_btc, shutdown_hashprice_per_ph_day: where the cash margin is zero.
        cost_per_btc, cost_per_btc_avoidable, cost_per_btc_all_in: per coin that is kept.
        payback_days: purchase price over today's margin; infinite at a loss, NaN where no price
            above 0 was entered and there is a loss, or none was entered at all.
    """

    network: NetworkNow
    hashprice_per_ph_day: float
    prepared: Prepared
    btc_per_day: Floats
    revenue_per_day: Floats
    margin_per_day: Floats
    margin_per_rig_day: Floats
    margin_per_kwh: Floats
    margin_per_ths_day: Floats
    break_even_price_per_kwh: Floats
    shutdown_price_per_btc: Floats
    shutdown_hashprice_per_ph_day: Floats
    cost_per_btc_avoidable: Floats
    cost_per_btc_all_in: Floats
    payback_days: Floats
    kept: Floats

    @property
    def profit_per_day(self) -> Floats:
        """Revenue less the cost of all power, before any share of it, (M,)."""
        return self.revenue_per_day - self.prepared.power_cost_per_day

    @property
    def host_share_per_day(self) -> Floats:
        """What the host takes of that profit, (M,): below 0 where it bears a part of a loss."""
        return self.profit_per_day * (1 - self.kept)

    def profit_now(self) -> Floats:
        """Return the profit of what runs now, idle power of the rest inside, (G,), money a day."""
        return self.prepared.sites.now(self.profit_per_day)

    def margin_now(self) -> Floats:
        """Return the margin of what runs now, idle power of the rest inside, (G,), money a day."""
        now = self.profit_now()
        return now * self.prepared.sites.part_kept_now(now)

    def running_margin(self) -> Floats:
        """Return the margin of the rigs that run now alone, (G,); 0 where none runs."""
        sites, profit = self.prepared.sites, self.profit_per_day
        return sites.running(profit) * sites.part_kept_now(sites.now(profit))

    @property
    def cost_per_btc(self) -> Floats:
        """Cash cost of one BTC: by definition the price at which the cash margin is zero."""
        return self.shutdown_price_per_btc


def prepare(fleet: FleetArrays) -> Prepared:
    """Compute once per edit what does not change with the network."""
    g = fleet.mode_group
    count = fleet.count[g]
    nameplate_ths = count * fleet.ths
    uptime, idle_w = fleet.uptime[g], fleet.idle_w[g]
    kwh_per_w_day = count * fleet.pue[g] * (HOURS_PER_DAY / W_PER_KW)
    price = fleet.price_per_kwh[g]
    kwh = kwh_per_w_day * (uptime * fleet.power_w + (1 - uptime) * idle_w)
    power_cost = price * kwh
    idle_cost = price * kwh_per_w_day * idle_w
    cash = price * kwh_per_w_day * uptime * (fleet.power_w - idle_w)
    avoidable = power_cost + fleet.layers.avoidable_per_day[g]
    all_in = power_cost + fleet.layers.all_in_per_day[g]
    per_ph = THS_PER_PHS / nameplate_ths
    subsidy, fees = nameplate_ths * fleet.keep_subsidy[g], nameplate_ths * fleet.keep_fees[g]
    return Prepared(
        paid_ths_subsidy=subsidy,
        paid_ths_fees=fees,
        same_fee=bool(np.array_equal(subsidy, fees)),
        count=count,
        nameplate_ths=nameplate_ths,
        kwh_per_day=kwh,
        power_cost_per_day=power_cost,
        cash_cost_per_day=cash,
        avoidable_cost_per_day=avoidable,
        all_in_cost_per_day=all_in,
        hashcost_per_ph_day=cash * per_ph,
        hashcost_avoidable_per_ph_day=avoidable * per_ph,
        hashcost_all_in_per_ph_day=all_in * per_ph,
        idle_cost_per_day=idle_cost,
        purchase_price=fleet.layers.purchase_price[g],
        sites=SiteMargin.of(fleet, idle_cost),
        pool=BlockPool(len(_PER_TICK), fleet.modes),
    )


def evaluate(prepared: Prepared, network: NetworkNow, *, workers: int = 1) -> Economics:
    """Evaluate every group in every mode at one moment of the network.

    Args:
        prepared: the fleet's costs, from `prepare`.
        network: price and difficulty greater than 0; subsidy and fees at least 0, not both 0.
        workers: threads for fleets of several hundred thousand rows; fewer rows use the caller's.

    Raises:
        ValueError: a number of the network is outside its range.
    """
    _check(network)
    hashprice = hashprice_per_ph_day(network)
    block = prepared.pool.take()
    rows = block.shape[1]
    tiles = [slice(start, start + _TILE) for start in range(0, rows, _TILE)]

    def each(*fills: Callable[[Prepared, NetworkNow, float, Floats, slice], None]) -> None:
        def fill(tile: slice) -> None:
            for one in fills:
                one(prepared, network, hashprice, block, tile)

        if workers > 1 and len(tiles) > _TILES_WORTH_A_THREAD:
            with ThreadPoolExecutor(workers, thread_name_prefix="evaluate") as threads:
                list(threads.map(fill, tiles))
        else:
            for tile in tiles:
                fill(tile)

    sites = prepared.sites
    if sites.shares:
        # What a row keeps hangs on its whole site, so that every profit comes first.
        each(_fill_profit)
        margin = block[_PER_TICK.index("margin_per_day")]
        kept = sites.part_kept_in_mode(margin)
        kept.flags.writeable = False
        margin *= kept
        each(_fill_rest)
    else:
        each(_fill_profit, _fill_rest)
        kept = np.broadcast_to(1.0, rows)
    block.flags.writeable = False
    figures = dict(zip(_PER_TICK, block, strict=True))
    return Economics(network, hashprice, prepared, **figures, kept=kept)


def _fill_profit(
    prepared: Prepared, network: NetworkNow, _hashprice: float, block: Floats, tile: slice
) -> None:
    """Fill coins, revenue and profit of one tile of rows, the profit in the margin's place.

    Rows that are next to each other stay in the processor's cache.
    """
    btc, revenue, profit = block[:3, tile]
    coins_per_ths = btc_per_ths_day(network.difficulty)
    if prepared.same_fee:
        np.multiply(prepared.paid_ths_subsidy[tile], coins_per_ths * network.reward_btc, out=btc)
    else:
        np.multiply(prepared.paid_ths_subsidy[tile], coins_per_ths * network.subsidy_btc, out=btc)
        btc += prepared.paid_ths_fees[tile] * (coins_per_ths * network.fees_btc)
    np.multiply(btc, network.price_per_btc, out=revenue)
    np.subtract(revenue, prepared.power_cost_per_day[tile], out=profit)


def _fill_rest(
    prepared: Prepared, network: NetworkNow, hashprice: float, block: Floats, tile: slice
) -> None:
    """Fill what follows from coins, revenue and margin, of one tile of rows."""
    (
        btc,
        revenue,
        margin,
        per_rig,
        per_kwh,
        per_ths,
        break_even,
        shutdown,
        shutdown_hashprice,
        avoidable,
        all_in,
        payback,
    ) = block[:, tile]
    kwh = prepared.kwh_per_day[tile]
    np.divide(margin, prepared.count[tile], out=per_rig)
    np.divide(margin, kwh, out=per_kwh)
    np.divide(margin, prepared.nameplate_ths[tile], out=per_ths)
    np.divide(revenue, kwh, out=break_even)
    np.divide(prepared.cash_cost_per_day[tile], btc, out=shutdown)
    np.multiply(shutdown, hashprice / network.price_per_btc, out=shutdown_hashprice)
    np.divide(prepared.avoidable_cost_per_day[tile], btc, out=avoidable)
    np.divide(prepared.all_in_cost_per_day[tile], btc, out=all_in)
    np.maximum(margin, 0.0, out=payback)
    with np.errstate(divide="ignore", invalid="ignore"):  # a loss never pays back: infinite
        np.divide(prepared.purchase_price[tile], payback, out=payback)


def _check(network: NetworkNow) -> None:
    for name, value in (
        ("price_per_btc", network.price_per_btc),
        ("difficulty", network.difficulty),
        ("reward_btc", network.reward_btc),
    ):
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be greater than 0, found {value!r}")
    for name, value in (("subsidy_btc", network.subsidy_btc), ("fees_btc", network.fees_btc)):
        if not value >= 0:
            raise ValueError(f"{name} must be at least 0, found {value!r}")
