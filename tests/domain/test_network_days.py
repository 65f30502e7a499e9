from __future__ import annotations

import math

import pytest

from minerdesk.domain.network_days import DayQuantity, DayRows


def test_each_day_has_a_value() -> None:
    with pytest.raises(ValueError, match="found 2 and 1"):
        DayRows(DayQuantity.PRICE, (1, 2), (1.0,))


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_not_known_is_left_out(value: float) -> None:
    with pytest.raises(ValueError, match="left out"):
        DayRows(DayQuantity.PRICE, (1,), (value,))
