"""What is on the picture: areas in two tones and patterns, phases, dots and marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from minerdesk.domain.network_choice import NetworkChoice, ReferenceMark
from minerdesk.services.network_reading.curves import Curves, PhaseSpan, time_of
from minerdesk.services.network_reading.indicators import Indicators, make_indicators
from minerdesk.services.words import Formats
from minerdesk.ui.charts.history_chart import HistoryChart
from minerdesk.ui.network.cost_chart import CostChart
from minerdesk.ui.network.hashrate_chart import HashrateChart
from minerdesk.ui.theme import Theme
from tests.support.fake_desk import NOW, network_state
from tests.support.network_history import LAST, some_history, some_machines

EN = Formats("en", UTC)
DAY_S = 86_400.0
DAYS = 40
_GRID = 16
Show = Callable[[HistoryChart, Indicators], "Picture"]


class Picture:
    """A chart as it was painted, looked at by time and height."""

    def __init__(self, chart: HistoryChart) -> None:
        self._chart = chart
        self._image: QImage = chart.grab().toImage()

    def place(self, day: float, height: float) -> tuple[int, int]:
        box = self._chart.getPlotItem().getViewBox()
        at = time_of(LAST) - (DAYS - 1 - day) * DAY_S
        point = self._chart.mapFromScene(box.mapViewToScene(QPointF(at, height)))
        return point.x(), point.y()

    def colours(self, day: float, height: float, side: int = 4) -> frozenset[str]:
        """Return the colours of a small square, those that hardly differ taken for one."""
        x, y = self.place(day, height)
        around = range(-side, side + 1)
        seen = Counter(self._image.pixelColor(x + a, y + b).name() for a in around for b in around)
        kinds: list[str] = []
        for name, _count in seen.most_common():
            if not any(near(name, other) for other in kinds):
                kinds.append(name)
        return frozenset(kinds)

    def exact(self, day: float, height: float) -> str:
        """Return the very colour of a place."""
        return self._image.pixelColor(*self.place(day, height)).name()

    @property
    def bottom(self) -> float:
        (_x, (low, high)) = self._chart.getPlotItem().getViewBox().viewRange()
        return float(low + (high - low) * 0.02)


@pytest.fixture(scope="module")
def found() -> Indicators:
    return make_indicators(
        some_history(DAYS), some_machines(), NetworkChoice(), network_state(), NOW
    )


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def shown(chart: HistoryChart, found: Indicators) -> Picture:
        qtbot.addWidget(chart)
        chart.resize(800, 300)
        chart.show_indicators(found)
        end = time_of(LAST)
        chart.getPlotItem().getViewBox().setXRange(end - DAYS * DAY_S, end + DAY_S, padding=0)
        chart.show()
        chart.draw_now()
        chart.grab()  # the axes take their room at the first painting
        return Picture(chart)

    return shown


def flat(found: Indicators, **curves: np.ndarray) -> Indicators:
    """Return indicators in which nothing is known but these curves."""
    unknown = np.full(found.curves.count, np.nan)
    free = dict.fromkeys(
        ("price", "cost_best", "cost_lower", "cost_upper", "cost_best_14"), unknown
    )
    rest = {"hashrate_ehs": unknown, "implied_ehs": unknown, **free, **curves}
    made: Curves = replace(
        found.curves,
        **rest,  # type: ignore[arg-type] # by name
        means_ehs=dict.fromkeys(found.curves.means_ehs, unknown),
        phases=(),
    )
    return replace(found, curves=made, marks=())


def near(one: str, other: str) -> bool:
    """Tell whether two colours differ no more than a grid line makes them differ."""
    parts = (
        (QColor(name).red(), QColor(name).green(), QColor(name).blue()) for name in (one, other)
    )
    return all(abs(a - b) <= _GRID for a, b in zip(*parts, strict=True))


def apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether no colour of one is near one of the other."""
    return not any(near(a, b) for a in one for b in other)


def test_surplus_and_deficit_differ_in_tone_and_pattern(
    theme: Theme, found: Indicators, show: Show
) -> None:
    cost = np.where(np.arange(DAYS) < DAYS / 2, 60_000.0, 140_000.0)
    price = np.full(DAYS, 100_000.0)
    picture = show(CostChart(theme, EN), flat(found, price=price, cost_best=cost))
    surplus, deficit = picture.colours(10, 85_000), picture.colours(30, 115_000)
    nothing = picture.colours(10, 115_000)
    assert len(surplus) == 1, "a surplus is plain"
    assert len(deficit) > 1, "a deficit is hatched"
    assert apart(nothing, surplus)
    assert apart(surplus, deficit)


def test_the_band_from_lower_to_upper_is_painted(
    theme: Theme, found: Indicators, show: Show
) -> None:
    price, level = np.linspace(60_000, 140_000, DAYS), np.ones(DAYS)
    band = {"cost_lower": 70_000 * level, "cost_upper": 130_000 * level}
    with_it = show(CostChart(theme, EN), flat(found, price=price, **band))
    without = show(CostChart(theme, EN), flat(found, price=price))
    assert with_it.exact(20, 82_000) != without.exact(20, 82_000)
    assert with_it.exact(20, 65_000) == without.exact(20, 65_000)


def test_marks_are_painted_own_ones_filled(theme: Theme, found: Indicators, show: Show) -> None:
    level = flat(found, price=np.linspace(60_000, 140_000, DAYS))
    day = LAST - timedelta(days=DAYS - 1 - 20)
    shown = {}
    for own in (False, True):
        mark = ReferenceMark(day, 75_000.0, "somebody", own=own)
        picture = show(CostChart(theme, EN), replace(level, marks=(mark,)))
        shown[own] = picture.colours(20, 75_000, 5)
    nothing = show(CostChart(theme, EN), level).colours(20, 75_000, 5)
    assert len(nothing) == 1
    assert nothing < shown[False]
    assert any(near(name, theme.tokens.accent) for name in shown[True])
    assert not any(near(name, theme.tokens.accent) for name in shown[False])


def test_phases_are_painted_under_the_chart_told_apart_by_pattern(
    theme: Theme, found: Indicators, show: Show
) -> None:
    means = dict.fromkeys(found.curves.means_ehs, np.linspace(900, 1_000, DAYS))
    at = found.curves.time_s
    phases = (
        PhaseSpan(float(at[5]), float(at[15]), "capitulation"),
        PhaseSpan(float(at[15]), float(at[25]), "recovered"),
    )
    made = flat(found)
    made = replace(made, curves=replace(made.curves, phases=phases, means_ehs=means))
    picture = show(HashrateChart(theme, EN), made)
    low = picture.bottom
    capitulation, recovered, normal = (picture.colours(day, low, 2) for day in (10, 20, 30))
    assert len(capitulation) == 1, "a capitulation's strip is solid"
    assert len(recovered) > 1, "a recovery's has a pattern"
    assert apart(capitulation, recovered)
    assert apart(capitulation, normal)


def test_single_days_are_painted_as_dots_with_nothing_between(
    theme: Theme, found: Indicators, show: Show
) -> None:
    ehs = np.where(np.arange(DAYS) % 2 == 0, 920.0, 980.0)
    means = {**flat(found).curves.means_ehs, 7: np.linspace(900, 1_000, DAYS)}
    made = flat(found, hashrate_ehs=ehs)
    picture = show(
        HashrateChart(theme, EN), replace(made, curves=replace(made.curves, means_ehs=means))
    )
    dot, between = picture.colours(30, 920, 2), picture.colours(30.5, 940, 2)
    assert len(dot) > 1
    assert len(between) == 1
    assert between < dot
