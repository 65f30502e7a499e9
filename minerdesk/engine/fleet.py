"""The whole fleet as one struct of arrays, built once per edit of the book.

Groups are rows in the book's order, G of them. A group has one or more power modes; all modes of
all groups lie behind each other, M of them, the modes of group g at ``first[g]:first[g + 1]``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import PowerMode, RigGroup, RigModel
from minerdesk.engine.layers import LayerCosts, layer_costs
from minerdesk.engine.tariff import simple_price_per_kwh

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FleetArrays:
    """A fleet as arrays. Money is in the evaluation's currency.

    Attributes:
        first: (G + 1,) index of each group's first mode.
        mode_group: (M,) the group a mode belongs to.
        ths: (M,) TH/s of one rig.
        power_w: (M,) W of one rig at the wall, PUE outside.
        count: (G,) rigs. site: (G,) index of the site in the book.
        keep_subsidy, keep_fees: (G,) fraction of nameplate work that is paid, of subsidy and fees:
            (1 - reject)(1 - firmware fee) x uptime x (1 - pool fee).
        uptime: (G,). idle_w: (G,) W of one rig while powered down.
        price_per_kwh: (G,) at the meter. pue: (G,). required_margin: (G,) fraction of revenue.
        running: (M,) rigs that run now in each mode; off: (G,) rigs that are off now.
        site_fixed_kw: (sites,) load of each site beside its rigs, kW.
        profit_kept: (sites,) what the site's host leaves of a profit, in (0, 1]: 1 less its share.
        layers: what the outer cost layers add, per group.
    """

    first: Ints
    mode_group: Ints
    ths: Floats
    power_w: Floats
    count: Floats
    site: Ints
    keep_subsidy: Floats
    keep_fees: Floats
    uptime: Floats
    idle_w: Floats
    price_per_kwh: Floats
    pue: Floats
    required_margin: Floats
    running: Floats
    off: Floats
    site_fixed_kw: Floats
    profit_kept: Floats
    layers: LayerCosts

    @property
    def groups(self) -> int:
        """Number of groups, G."""
        return len(self.count)

    @property
    def modes(self) -> int:
        """Number of modes of all groups, M."""
        return len(self.ths)

    def by_mode(self, per_group: Floats) -> Floats:
        """Return a group's figure at each of its modes, (G,) to (M,); not to be written to."""
        return per_group if self.modes == self.groups else per_group[self.mode_group]

    def in_mode(self, per_mode: Floats, mode: Ints) -> Floats:
        """Return a figure of one mode of each group, (M,) to (G,); not to be written to.

        Args:
            per_mode: the figure, (M,).
            mode: (G,) the index of one of each group's own modes.
        """
        return per_mode if self.modes == self.groups else per_mode[mode]

    def over_modes(self, per_mode: Floats) -> Floats:
        """Return the sum over the modes of each group, (M,) to (G,); not to be written to."""
        if self.modes == self.groups:
            return per_mode
        return np.add.reduceat(per_mode, self.first[:-1])


def modes_of(group: RigGroup, model: RigModel) -> tuple[PowerMode, ...]:
    """Return the power modes of a group: the model's with the group's overrides, then custom ones.

    Raises:
        ValueError: an override names a mode the model lacks and does not give both values.
    """
    if not group.overrides:
        return model.modes
    by_name = {override.mode: override for override in group.overrides}
    modes = []
    for mode in model.modes:
        override = by_name.pop(mode.name, None)
        if override is None:
            modes.append(mode)
            continue
        ths = mode.hashrate_ths if override.hashrate_ths is None else override.hashrate_ths
        watts = mode.power_w if override.power_w is None else override.power_w
        modes.append(PowerMode(mode.name, ths, watts))
    for custom in by_name.values():
        if custom.hashrate_ths is None or custom.power_w is None:
            raise ValueError(
                f"group {group.id!r}: mode {custom.mode!r} is not one of {model.name!r}, "
                "so it needs both hashrate_ths and power_w"
            )
        modes.append(PowerMode(custom.mode, custom.hashrate_ths, custom.power_w))
    return tuple(modes)


def build_fleet(book: Book, rates: Mapping[str, float]) -> FleetArrays:
    """Turn a book into arrays, at the plainest price of each tariff; `with_prices` gives another.

    Args:
        book: whose references hold (`domain.book.check_references`).
        rates: what one unit of each currency is worth in the evaluation's currency; a currency that
            is missing makes the money that rests on it NaN.

    Raises:
        ValueError: a group's modes cannot be resolved, see `modes_of`.
    """
    groups, models = book.groups, {model.name: model for model in book.models}
    modes = [modes_of(group, models[group.model]) for group in groups]
    lengths = np.fromiter((len(each) for each in modes), np.int64, len(groups))
    first = np.concatenate(([0], np.cumsum(lengths)))
    flat = list(chain.from_iterable(modes))
    site_index = {site.id: i for i, site in enumerate(book.sites)}
    site = np.fromiter((site_index[group.site] for group in groups), np.int64, len(groups))
    count = _floats([group.count for group in groups])
    uptime = _floats([group.uptime for group in groups])
    work = (
        uptime
        * (1 - _floats([group.reject_rate for group in groups]))
        * (1 - _floats([group.firmware_fee for group in groups]))
    )
    pool_fee = _floats([group.pool_fee for group in groups])
    fee_on_fees = _floats(
        [g.pool_fee if g.pool_fee_on_fees is None else g.pool_fee_on_fees for g in groups]
    )
    idle_w = _floats([models[g.model].idle_w if g.idle_w is None else g.idle_w for g in groups])
    running = _running(groups, modes, first)
    power_w = _floats([mode.power_w for mode in flat])
    price = _site_prices(book, rates)[site] if len(groups) else np.empty(0)
    fleet_power_w = count * power_w[first[:-1]]
    profit_kept = _profit_kept(book)
    return FleetArrays(
        first=first,
        mode_group=np.repeat(np.arange(len(groups)), lengths),
        ths=_floats([mode.hashrate_ths for mode in flat]),
        power_w=power_w,
        count=count,
        site=site,
        keep_subsidy=work * (1 - pool_fee),
        keep_fees=work * (1 - fee_on_fees),
        uptime=uptime,
        idle_w=idle_w,
        price_per_kwh=price,
        pue=_floats([each.pue for each in book.sites])[site],
        required_margin=_floats([each.required_margin for each in book.sites])[site],
        running=running,
        off=count - np.add.reduceat(running, first[:-1]) if len(groups) else np.empty(0),
        site_fixed_kw=_floats([each.fixed_load_kw for each in book.sites]),
        profit_kept=profit_kept,
        layers=layer_costs(
            book,
            rates,
            site=site,
            power_w=fleet_power_w,
            price_per_kwh=price,
            profit_kept=profit_kept,
        ),
    )


def with_prices(
    fleet: FleetArrays, book: Book, rates: Mapping[str, float], per_kwh: Mapping[str, float]
) -> FleetArrays:
    """Return a fleet at other prices of power; only what holds money is made anew.

    Args:
        fleet: of the book.
        book: gives the sites' outer costs.
        rates: as `build_fleet` takes them.
        per_kwh: price at the meter by the site's id, money of the evaluation's currency; NaN where
            it is not known.
    """
    price = _floats([per_kwh[site.id] for site in book.sites])[fleet.site]
    power_w = fleet.count * fleet.power_w[fleet.first[:-1]]
    layers = layer_costs(
        book,
        rates,
        site=fleet.site,
        power_w=power_w,
        price_per_kwh=price,
        profit_kept=fleet.profit_kept,
    )
    return replace(fleet, price_per_kwh=price, layers=layers)


def _floats(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float64)


def _site_prices(book: Book, rates: Mapping[str, float]) -> Floats:
    """Return the price of a kWh at each site, in the evaluation's currency."""
    prices = {
        tariff.id: simple_price_per_kwh(tariff)
        * rates.get(tariff.currency or book.currency, float("nan"))
        for tariff in book.tariffs
    }
    return _floats([prices[site.tariff] for site in book.sites])


def _profit_kept(book: Book) -> Floats:
    """Return what the host of each site leaves of a profit."""
    kept = {
        tariff.id: 1.0 if tariff.hosting is None else 1 - tariff.hosting.profit_share
        for tariff in book.tariffs
    }
    return _floats([kept[site.tariff] for site in book.sites])


def _running(
    groups: Sequence[RigGroup], modes: Sequence[tuple[PowerMode, ...]], first: Ints
) -> Floats:
    """Return rigs running now by mode; a group without a state runs all in its first mode."""
    running = np.zeros(int(first[-1]))
    for g, group in enumerate(groups):
        if group.state_now is None:
            running[first[g]] = group.count
            continue
        names = [mode.name for mode in modes[g]]
        for entry in group.state_now.running:
            if entry.mode not in names:
                raise ValueError(
                    f"group {group.id!r} runs {entry.count} rigs in mode {entry.mode!r}, "
                    f"which it has not; it has {', '.join(names)}"
                )
            running[first[g] + names.index(entry.mode)] += entry.count
    return running
