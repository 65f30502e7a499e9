from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from minerdesk.services.power.view import PartSteps
from minerdesk.services.words.formats import Formats
from minerdesk.ui.power.price_chart import MOST_PARTS, PriceChart, stacked, stacked_sum
from minerdesk.ui.theme import Theme
from tests.support.power_views import KNOWN_HOURS, market, power_view, two_prices


@pytest.fixture
def chart(theme: Theme, qtbot: QtBot) -> PriceChart:
    made = PriceChart(theme, Formats("en", UTC))
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


def test_parts_above_zero_stand_on_each_other_and_those_below_hang() -> None:
    steps = market()
    low, high = stacked(steps, 0)
    fee_low, fee_high = stacked(steps, 1)
    index = steps.parts[0].per_kwh
    below = index < 0

    assert below.any()
    assert high[below] == pytest.approx(0)
    assert low[below] == pytest.approx(index[below])
    assert fee_low[below] == pytest.approx(0)
    assert fee_low[~below] == pytest.approx(index[~below])
    assert fee_high - fee_low == pytest.approx(0.008)
    assert stacked_sum(steps, 1) + stacked_sum(steps, -1) == pytest.approx(steps.per_kwh)


def test_more_parts_than_colours_share_the_last_area() -> None:
    one = np.full(168, 0.01)
    steps = replace(
        two_prices(), parts=tuple(PartSteps(f"part {n}", one) for n in range(MOST_PARTS + 3))
    )
    low, high = stacked(steps, MOST_PARTS - 1)
    assert high - low == pytest.approx(0.04)
    assert stacked(two_prices(), 5)[1].sum() == 0


def test_known_prices_are_solid_and_forecast_ones_dashed(chart: PriceChart) -> None:
    chart.show_site(power_view().sites[1])
    chart.draw_now()

    known = chart._known.yData
    forecast = chart._forecast.yData
    assert np.isfinite(known).sum() == 2 * KNOWN_HOURS
    assert np.isfinite(forecast).sum() == 2 * (168 - KNOWN_HOURS)
    low, high = chart.getPlotItem().getViewBox().viewRange()[1]
    assert low < -0.012  # the whole of the negative price
    assert high > 0.09  # the dearest break-even


def test_the_cursor_tells_the_parts_in_the_sites_own_time(chart: PriceChart) -> None:
    site = power_view().sites[0]
    chart.show_site(site)
    chart.draw_now()
    assert site.steps is not None

    words = chart.words_at(float(site.steps.start_s[0]) + 60)

    assert words == ("1 June 2026, 07:00: 0.0910 USD/kWh = energy 0.0810, grid fee 0.0100")
    assert chart.words_at(0) == ""
    assert len(chart.cursor_stops()) == 168


def test_a_chart_can_be_read_without_being_seen(chart: PriceChart) -> None:
    chart.show_site(power_view().sites[1])
    chart.draw_now()

    assert "lowest" in chart.accessibleDescription()
    assert "79% of the steps are forecast." in chart.accessibleDescription()
    table = chart.table()
    assert table.heads == ("time (UTC)", "price per kWh", "known", "index", "adder")
    assert len(table.rows) == 168
    assert table.rows[-1][2] == "forecast"


def test_a_site_without_a_price_draws_nothing(chart: PriceChart) -> None:
    chart.show_site(power_view().sites[0])
    chart.draw_now()
    chart.show_site(power_view().sites[2])
    chart.draw_now()

    assert chart.steps is None
    assert chart.summary() == ""
    assert chart.table().rows == ()
    assert chart.words_at(0) == ""
    assert list(chart.cursor_stops()) == []
