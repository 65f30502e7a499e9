"""The map over price and difficulty: sorted break-evens beside the plain loop over groups."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from minerdesk.engine.economics import evaluate, prepare
from minerdesk.engine.fleet import build_fleet
from minerdesk.engine.scenario import best_states, ratio_of
from tests.bench.bench_engine import NOW, THREE_MODES, book
from tests.bench.rows import Row, interleaved_ms
from tests.engine.scenario_loop import plain_loop

GROUPS = 10_000
CELLS = 60


def rows() -> Iterator[Row]:
    """Give the rows of the map."""
    fleet = build_fleet(book(THREE_MODES, GROUPS), {"USD": 1.0})
    economics = evaluate(prepare(fleet), NOW)
    price = np.linspace(0.4, 1.8, CELLS) * NOW.price_per_btc
    difficulty = np.linspace(0.6, 1.5, CELLS) * NOW.difficulty
    ratio = ratio_of(price[None, :], difficulty[:, None], NOW.price_per_btc, NOW.difficulty)
    curve = best_states(fleet, economics)

    def whole() -> None:
        found = best_states(fleet, economics)
        found.margin_per_day(ratio)
        found.earning_rigs(ratio)

    def again() -> None:
        curve.margin_per_day(ratio)
        curve.earning_rigs(ratio)

    begun = time.perf_counter()
    plain_loop(fleet, economics, ratio)
    loop_ms = (time.perf_counter() - begun) * 1e3
    first, after = interleaved_ms(whole, again, rounds=20)
    what = f"{CELLS} x {CELLS} cells, {fleet.groups:,} groups in three modes"
    yield Row(f"map: {what}", first, loop_ms, 0.05)
    yield Row("map: the same again, another place of the sliders", after, loop_ms, 0.001)
