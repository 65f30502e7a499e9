from __future__ import annotations

import math
from dataclasses import replace

import pytest

from minerdesk.domain.rigs import PoolScheme
from minerdesk.services.words import Formats, reason
from tests.support.evaluations import book, evaluate, group, network

EN = Formats("en")


def test_a_pool_pays_what_is_expected() -> None:
    assert "solo" not in reason(evaluate(book(group("a", "cheap", 7)), network()), 0, EN)


@pytest.mark.parametrize("fee", [0.0, 0.02])
def test_a_solo_miner_hears_how_seldom_it_comes(fee: float) -> None:
    solo = replace(group("a", "cheap", 7), pool_scheme=PoolScheme.SOLO, pool_fee=fee)
    found = evaluate(book(solo), network())
    assert found.figures is not None
    ths = 7 * float(found.figures.fleet.ths[0])
    blocks = ths * 1e12 * 86_400 * 365.25 / (found.figures.now.difficulty * 2**32)
    n = f"{round(1 / -math.expm1(-blocks)):,}"
    assert reason(found, 0, EN).endswith(
        f"; expected income, solo: chance of a block this year 1 in {n}"
    )


def test_a_large_solo_fleet_hears_a_percentage() -> None:
    solo = replace(group("a", "cheap", 700_000), pool_scheme=PoolScheme.SOLO)
    assert reason(evaluate(book(solo), network()), 0, EN).endswith("this year 100%")
