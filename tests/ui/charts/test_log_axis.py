from __future__ import annotations

import math

import pytest

from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis, WordsAxis, log_ticks


def values(low: float, high: float, most: int = 6) -> list[float]:
    return [round(10**each, 6) for each in log_ticks(math.log10(low), math.log10(high), most)]


def test_ticks_are_round_numbers() -> None:
    assert values(1, 10_000) == [1, 10, 100, 1_000, 10_000]
    assert values(5_000, 120_000) == [5_000, 10_000, 20_000, 50_000, 100_000]
    assert values(85_000, 98_000)
    assert all(85_000 <= each <= 98_000 for each in values(85_000, 98_000))


@pytest.mark.usefixtures("qapp")
def test_a_tick_says_what_it_is_the_logarithm_of() -> None:
    axis = WordsAxis("left", Axis("USD", numbers=Formats("en").number))
    axis.log = True
    assert axis.tickStrings([2.0, -1.0, 4.6989700043], 1.0, 1.0) == ["100", "0.1", "50,000"]
    assert axis.tickStrings([1e6], 1.0, 1.0) == [""]
    assert axis.tickValues(0.0, 4.0, 200)[0][1] == [0.0, 1.0, 2.0, 3.0, 4.0]
    plain = WordsAxis("left", Axis("USD"))
    plain.log = True
    assert plain.tickStrings([3.0], 1.0, 1.0) == ["1000"]
