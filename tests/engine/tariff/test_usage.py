from __future__ import annotations

import pytest

from minerdesk.domain.sites import ChargePeak, MeteredMonth
from minerdesk.domain.tariff import DemandCharge, DemandTier, Ratchet
from minerdesk.engine.tariff import Usage, billing_month_of

JANUARY = 2026 * 12


def test_months_are_numbered_through() -> None:
    assert billing_month_of("2026-01") == JANUARY
    assert billing_month_of("2025-12") == JANUARY - 1


def test_what_the_meter_said_of_past_months_and_this_one() -> None:
    usage = Usage.of(
        (
            MeteredMonth("2025-12", 9_000.0, 80.0, (ChargePeak("on peak", 60.0),)),
            MeteredMonth("2026-01", 400.0, 50.0),
        ),
        kwh_later={JANUARY: 8_000.0},
        expected_peak_kw=70.0,
        kw_before=40.0,
    )
    assert usage.kwh == {JANUARY - 1: 9_000.0, JANUARY: 400.0}
    assert usage.peak_of(JANUARY - 1, "on peak") == 60
    assert usage.peak_of(JANUARY - 1, "another") == 80
    assert usage.peak_of(JANUARY - 2, "another") == 0
    assert (usage.kwh_later, usage.expected_peak_kw, usage.kw_before) == (
        {JANUARY: 8_000.0},
        70,
        40,
    )
    assert Usage.of(()) == Usage()


@pytest.mark.parametrize(
    ("months", "of_months", "expected"),
    [(1, (), 40), (2, (), 100), (11, (12,), 40), (11, (6,), 0)],
)
def test_a_ratchet_looks_back_over_its_months(
    months: int, of_months: tuple[int, ...], expected: float
) -> None:
    usage = Usage(peak_kw={JANUARY - 1: 80.0, JANUARY - 2: 200.0, JANUARY: 999.0})
    held = DemandCharge("d", (DemandTier(1.0),), ratchet=Ratchet(0.5, months, of_months))
    assert usage.ratchet_kw(JANUARY, held) == expected
    assert usage.floor_kw(JANUARY - 1, held) >= 80
    assert usage.before(JANUARY).ratchet_kw(JANUARY, held) == expected
    assert usage.before(JANUARY).peak_of(JANUARY, "d") == 0
