"""The engine's speed: re-evaluation after a change of price or difficulty, and what lies around it.

The fleets have outer layers and purchase prices entered, so that no output is trivially undefined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import count
from typing import Any

import numpy as np

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import ModeOverride, PowerMode, Purchase, RigGroup, RigModel
from minerdesk.domain.sites import Capital, CostLayer, MonthlyCost, Site
from minerdesk.domain.tariff import Tariff
from minerdesk.engine import dispatch, economics, merit
from minerdesk.engine.fleet import FleetArrays, build_fleet
from minerdesk.engine.layers import LayerCosts
from minerdesk.engine.network import NetworkNow, btc_per_ths_day
from tests.bench.rows import Row, interleaved_ms, keep_freed_memory

GROUPS = 100_000
NOW = NetworkNow(93_049.0, 146_472_570_619_930.78, 3.125, 0.0148)
POOL_FEE = 0.02
ONE_MODE = (PowerMode("normal", 200.0, 3_500.0),)
THREE_MODES = (*ONE_MODE, PowerMode("eco", 150.0, 2_200.0), PowerMode("turbo", 220.0, 4_300.0))


def book(modes: tuple[PowerMode, ...], groups: int = GROUPS) -> Book:
    """A book whose groups differ, on twenty sites on both sides of break-even."""
    costs = (MonthlyCost("hosting", 9_000.0), MonthlyCost("office", 4_000.0, CostLayer.OVERHEAD))
    return Book(
        sites=tuple(
            Site(
                f"site {i}",
                f"Site {i}",
                f"tariff {i}",
                pue=1.02 + i / 200,
                monthly_costs=costs,
                capital=Capital(1e6, 60, 0.06),
            )
            for i in range(20)
        ),
        tariffs=tuple(Tariff(f"tariff {i}", "Power", 0.06 + i / 300) for i in range(20)),
        models=(RigModel("rig", modes),),
        groups=tuple(
            RigGroup(
                f"group {i}",
                f"site {i % 20}",
                "rig",
                count=1 + i % 60,
                uptime=0.9 + i % 10 / 100,
                pool_fee=POOL_FEE,
                overrides=(ModeOverride("normal", 170.0 + i % 60, 3_400.0 + i % 200),),
                purchase=Purchase(2_500.0),
            )
            for i in range(groups)
        ),
    )


def repeated(fleet: FleetArrays, times: int) -> FleetArrays:
    """The same fleet several times over, of one mode each; a book that large is slow to make."""
    tiled: dict[str, Any] = {
        f.name: np.tile(getattr(fleet, f.name), times)
        for f in fields(fleet)
        if f.name not in {"layers", "site_fixed_kw", "profit_kept"}
    }
    tiled["first"] = np.arange(fleet.modes * times + 1)
    tiled["mode_group"] = np.arange(fleet.modes * times)
    tiled["layers"] = LayerCosts(*(np.tile(each, times) for each in fleet.layers))
    return replace(fleet, **tiled)


@dataclass
class Ticks:
    """A network whose price and difficulty change each time it is asked for."""

    def __post_init__(self) -> None:
        """Begin at the first tick."""
        self._tick = count()

    def next(self) -> NetworkNow:
        """Return the next tick: price and difficulty take turns."""
        tick = next(self._tick)
        change = 1 + tick % 97 / 1e4
        if tick % 2:
            return NOW._replace(price_per_btc=NOW.price_per_btc * change)
        return NOW._replace(difficulty=NOW.difficulty * change)


def bare(fleet: FleetArrays, ticks: Ticks) -> Callable[[], object]:
    """The margin as one numpy expression over stored columns."""
    n, ths, w = fleet.count.copy(), fleet.ths.copy(), fleet.power_w.copy()
    price, pue, uptime = fleet.price_per_kwh.copy(), fleet.pue.copy(), fleet.uptime.copy()
    fee = np.full(fleet.groups, POOL_FEE)

    def run() -> object:
        now = ticks.next()
        k = btc_per_ths_day(now.difficulty) * now.reward_btc * now.price_per_btc
        return n * (ths * k * (1 - fee) * uptime - w * 0.024 * price * pue * uptime)

    return run


def tick(prepared: economics.Prepared, ticks: Ticks, workers: int) -> Callable[[], object]:
    """All outputs that change with the network; the last ones are held, as the window does."""
    held: list[economics.Economics] = []

    def run() -> object:
        held[:] = [economics.evaluate(prepared, ticks.next(), workers=workers)]
        return held

    return run


def rows() -> Iterator[Row]:
    """Yield the rows."""
    # Else the bare expression is slowed by page faults, and every ratio to it flatters.
    keep_freed_memory()
    plain = book(ONE_MODE)
    fleet = build_fleet(plain, {"USD": 1.0})
    prepared = economics.prepare(fleet)
    yield from _evaluation(fleet, prepared)
    yield from _decisions("one mode", fleet, prepared)
    several = build_fleet(book(THREE_MODES), {"USD": 1.0})
    yield from _decisions("three modes", several, economics.prepare(several))
    (build_ms,) = interleaved_ms(lambda: build_fleet(plain, {"USD": 1.0}), rounds=3, warm_up=1)
    yield Row("per edit: build the arrays, 100,000 groups", build_ms)
    (prepare_ms,) = interleaved_ms(lambda: economics.prepare(fleet), rounds=15)
    yield Row("per edit: prepare, 100,000 groups", prepare_ms)


def _evaluation(fleet: FleetArrays, prepared: economics.Prepared) -> Iterator[Row]:
    ticks = Ticks()
    large = economics.prepare(repeated(fleet, 10))
    for in_a_row, how in ((1, "interleaved"), (8, "own cache")):
        for workers in (2, 1):
            small = tick(prepared, ticks, workers)
            ours, reference = interleaved_ms(
                small, bare(fleet, ticks), rounds=200 // in_a_row, in_a_row=in_a_row
            )
            yield Row(f"evaluate 100k groups, {how}, workers={workers}", ours, reference, 3)
            million, reference = interleaved_ms(
                tick(large, ticks, workers), small, rounds=80 // in_a_row, in_a_row=in_a_row
            )
            yield Row(f"evaluate 1M over 100k, {how}, workers={workers}", million, reference, 12)
    hosted = economics.prepare(replace(fleet, profit_kept=np.full(20, 0.9)))
    ours, reference = interleaved_ms(tick(hosted, ticks, 1), tick(prepared, ticks, 1), rounds=200)
    yield Row("evaluate 100k groups, hosts share the profit", ours, reference)


def _decisions(what: str, fleet: FleetArrays, prepared: economics.Prepared) -> Iterator[Row]:
    found = economics.evaluate(prepared, NOW)
    blocks = merit.mode_steps(fleet, prepared)
    decide_ms, evaluate_ms = interleaved_ms(
        lambda: dispatch.decide(fleet, found, 0.006), tick(prepared, Ticks(), 1), rounds=40
    )
    yield Row(f"decide 100,000 groups of {what}, over evaluate", decide_ms, evaluate_ms)
    (ladder_ms,) = interleaved_ms(lambda: merit.ladder(blocks, found), rounds=15)
    yield Row(f"ladder and merit order, 100,000 groups of {what}", ladder_ms)
    (steps_ms,) = interleaved_ms(lambda: merit.mode_steps(fleet, prepared), rounds=10)
    yield Row(f"per edit: mode steps, 100,000 groups of {what}", steps_ms)
