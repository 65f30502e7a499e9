from __future__ import annotations

import pytest

from minerdesk.services.plausibility import odd_price, odd_rig


@pytest.mark.parametrize(
    ("price", "currency", "asked"),
    [
        (0.071, "USD", ""),
        (-0.02, "EUR", ""),
        (2.0, "USD", ""),
        (71.0, "usd", "did you mean 71 USD/MWh?"),
        (7.1, "EUR", "did you mean 7.1 ct/kWh?"),
        (71.0, "JPY", ""),
    ],
)
def test_a_dear_price_is_asked_about(price: float, currency: str, asked: str) -> None:
    found = odd_price(price, currency)
    assert asked in found
    assert bool(found) == bool(asked)


@pytest.mark.parametrize(
    ("ths", "watts", "asked"),
    [
        (200.0, 3_500.0, ""),
        (13.5, 1_350.0, ""),
        (200.0, 3.5, "did you mean 3.5 kW?"),
        (200.0, 3_500_000.0, "did you mean 3500 W?"),
        (0.001, 3_500.0, "are the units right?"),
        (0.0, 3_500.0, ""),
    ],
)
def test_a_rig_that_can_hardly_be_is_asked_about(ths: float, watts: float, asked: str) -> None:
    found = odd_rig(ths, watts)
    assert asked in found
    assert bool(found) == bool(asked)
