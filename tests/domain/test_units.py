import pytest

from minerdesk.domain import units


def test_efficiency_is_watts_over_terahashes() -> None:
    assert units.j_per_th(3_500, 200) == 17.5
    # The same number as kW per PH/s.
    phs = 200 * units.THS_PER_PHS**-1
    assert units.j_per_th(3_500, 200) == pytest.approx(3_500 / units.W_PER_KW / phs)


def test_scales_fit_together() -> None:
    assert units.HS_PER_EHS == units.HS_PER_THS * units.THS_PER_EHS
    assert units.THS_PER_EHS == units.THS_PER_PHS**2
    assert units.J_PER_KWH == units.W_PER_KW * units.SECONDS_PER_HOUR
    assert units.SECONDS_PER_DAY == units.HOURS_PER_DAY * units.SECONDS_PER_HOUR
    assert units.BLOCKS_PER_DAY * units.TARGET_SPACING_S == units.SECONDS_PER_DAY
    assert units.BLOCKS_PER_EPOCH * units.TARGET_SPACING_S == 14 * units.SECONDS_PER_DAY
    assert units.DAYS_PER_MONTH == 30.4375
