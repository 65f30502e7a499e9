"""Charts: panning a long curve beside a bare one, and a tick of 100,000 groups."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import PowerMode, RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.services.evaluation import Evaluation, Evaluator
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.time_chart import TimeChart, Track
from minerdesk.ui.icons import Icons
from minerdesk.ui.profitability.margins import MarginsChart
from minerdesk.ui.profitability.rungs_panel import RungsPanel
from minerdesk.ui.profitability.scene import Scene, scene_of
from minerdesk.ui.profitability.selection import GroupSelection
from minerdesk.ui.profitability.stairs import StairsChart
from minerdesk.ui.theme import Theme
from tests.bench.rows import Row, interleaved_ms
from tests.support.evaluations import NOW, network

POINTS = 105_000
GROUPS = 100_000
_SIZE = (900, 300)


def rows() -> Iterator[Row]:
    """Give the rows of the charts."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme = Theme("light")
    theme.apply(app)
    yield _panning(theme)
    yield from _tick(theme)


def _panning(theme: Theme) -> Row:
    time_s = np.arange(POINTS, dtype=np.float64) * 300
    value = np.cumsum(np.random.default_rng(1).normal(size=POINTS))
    ours = TimeChart(
        theme, name="Margin", y=Axis("USD", movable=False), when=lambda at: f"{at:%H:%M}"
    )
    ours.show_tracks(Track("margin", time_s, value))
    bare = pg.PlotWidget(axisItems={"bottom": pg.DateAxisItem("bottom", utcOffset=0)})
    bare.setBackground(QColor("#ffffff"))
    item = bare.plot(time_s, value, pen=pg.mkPen("#1f55c4", width=1.5))
    item.setDownsampling(auto=True, method="peak")
    item.setClipToView(True)
    bare.getPlotItem().getViewBox().setAutoVisible(y=True)
    bare.showGrid(x=False, y=True, alpha=0.25)
    for widget in (ours, bare):
        _show(widget)
    measured, reference = interleaved_ms(_pan(ours), _pan(bare), rounds=40)
    return Row(f"pan of a curve of {POINTS:,} points, frame painted", measured, reference, 1.5)


def _pan(plot: pg.PlotWidget) -> Callable[[], object]:
    """Return a step of a pan through half of the curve, back and forth."""
    place = 0

    def step() -> None:
        nonlocal place
        place = (place + 1) % 50
        left = place * 3_000.0 * 100
        plot.setXRange(left, left + POINTS * 150, padding=0)
        plot.grab()

    return step


def _tick(theme: Theme) -> Iterator[Row]:
    scenes = _scenes()
    stairs, margins = StairsChart(theme), MarginsChart(theme)
    rungs = RungsPanel(theme, Icons(theme), GroupSelection())
    for widget in (stairs, margins, rungs):
        _show(widget)
    turn = 0

    def take() -> None:
        nonlocal turn
        turn = 1 - turn
        for part in (stairs, margins, rungs):
            part.show_scene(scenes[turn])

    def draw() -> None:
        stairs.redraw()
        stairs.draw_now()
        margins.redraw()
        margins.draw_now()

    def paint() -> None:
        stairs.grab()

    take()
    draw()
    taken, drawn, painted = interleaved_ms(take, draw, paint, rounds=20)
    yield Row(f"profitability: a tick of {GROUPS:,} groups, of 16 ms", taken, 16.0, 1.0)
    yield Row("profitability: two charts of them thinned out, of 16 ms", drawn, 16.0, 1.0)
    yield Row("profitability: a frame of the staircase, of 33 ms", painted, 33.0, 1.0)


def _scenes() -> tuple[Scene, Scene]:
    evaluator, made = Evaluator(), _book()
    found = tuple(
        scene_of(_at(evaluator, made, price), Formats("en", UTC)) for price in (93_049, 93_140)
    )
    one, other = found
    assert one is not None
    assert other is not None
    return one, other


def _at(evaluator: Evaluator, made: Book, price: float) -> Evaluation:
    state = network()
    assert state.price.reading is not None
    reading = replace(state.price.reading, value=price)
    return evaluator.evaluate(
        made, replace(state, price=replace(state.price, reading=reading)), NOW
    )


def _book() -> Book:
    chance = np.random.default_rng(1)
    return Book(
        sites=tuple(Site(f"s{i}", f"Site {i}", f"t{i}") for i in range(20)),
        tariffs=tuple(Tariff(f"t{i}", f"T{i}", 0.03 + 0.004 * i) for i in range(20)),
        models=tuple(
            RigModel(f"M{i}", (PowerMode("normal", 100.0 + i, 2_000.0 + 25 * i),))
            for i in range(80)
        ),
        groups=tuple(
            RigGroup(f"g{i}", f"s{i % 20}", f"M{i % 80}", 1 + i % 50, uptime=float(up))
            for i, up in enumerate(chance.uniform(0.9, 1, GROUPS))
        ),
    )


def _show(widget: QWidget) -> None:
    widget.resize(*_SIZE)
    widget.show()
    QApplication.processEvents()
