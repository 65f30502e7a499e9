"""Charts: panning a long curve beside a bare one, and a tick of 100,000 groups.

All times are of the GUI thread alone. A bare curve has the same down-sampling and clipping as ours:
by peaks, as many to a pixel, only what is in view.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.network_choice import NetworkChoice
from minerdesk.domain.rigs import PowerMode, RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.services.evaluation import Evaluation, Evaluator
from minerdesk.services.network_reading.curves import PhaseSpan
from minerdesk.services.network_reading.indicators import Indicators, make_indicators
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.base import PER_PIXEL
from minerdesk.ui.charts.time_chart import TimeChart, Track
from minerdesk.ui.icons import Icons
from minerdesk.ui.network.board import Board
from minerdesk.ui.network.cost_chart import CostChart
from minerdesk.ui.network.hashrate_chart import HashrateChart
from minerdesk.ui.profitability.margins import MarginsChart
from minerdesk.ui.profitability.rungs_panel import RungsPanel
from minerdesk.ui.profitability.scene import Scene, scene_of
from minerdesk.ui.profitability.stairs import StairsChart
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.group_places import GroupSelection
from tests.bench.rows import Row, interleaved_ms
from tests.support.evaluations import NOW, network
from tests.support.network_history import some_history, some_machines

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
    yield from _network(theme)
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
    _bare_curve(bare, time_s, value)
    bare.getPlotItem().getViewBox().setAutoVisible(y=True)
    bare.showGrid(x=False, y=True, alpha=0.25)
    for widget in (ours, bare):
        _show(widget)
    measured, reference = _frames(_pan(ours), _pan(bare))
    return Row(f"pan of a curve of {POINTS:,} points, frame painted", measured, reference, 1.5)


def _network(theme: Theme) -> Iterator[Row]:
    """Pan and zoom of the Network page's charts beside bare curves of the same points."""
    end = NOW.timestamp()
    ten_years = end - np.arange(3_650, dtype=np.float64)[::-1] * 86_400
    ten_minutes = end - np.arange(POINTS, dtype=np.float64)[::-1] * 600
    for name, time_s in (("ten years of days", ten_years), (f"{POINTS:,} points", ten_minutes)):
        found = _indicators(time_s)
        formats = Formats("en", UTC)
        for made in (CostChart(theme, formats), HashrateChart(theme, formats)):
            made.show_indicators(found)
            curves = [line for line in made.lines if line.drawn]
            bare = _bare([(line.time_s, line.value) for line in curves])
            for widget in (made, bare):
                _show(widget)
            measured, reference = _frames(_look_around(made, time_s), _look_around(bare, time_s))
            yield Row(f"{made.accessibleName()}, {name}: frame", measured, reference, 1.5)
            yield Row(f"{made.accessibleName()}, {name}: frame, of 16.7 ms", measured, 16.7, 1.0)
            for widget in (made, bare):
                widget.close()
        yield from _four(theme, formats, found, name)


def _four(theme: Theme, formats: Formats, found: Indicators, name: str) -> Iterator[Row]:
    """Pan and zoom the page's four charts at once, beside four bare ones of the same points."""
    icons = Icons(theme)
    board = Board(theme, icons, formats, ask=lambda _key: None, save=lambda _chart: None)
    board.show_indicators(found, network(), NOW)
    board.set_log(False)
    others = QWidget()
    box = QVBoxLayout(others)
    bare = [
        _bare([(line.time_s, line.value) for line in chart.lines if line.drawn])
        for chart in board.charts
    ]
    for plot in bare:
        box.addWidget(plot)
        plot.getPlotItem().setXLink(None if plot is bare[-1] else bare[-1].getPlotItem())
    for widget in (board, others):
        _show(widget, (1_190, 1_100))
    for chart in board.charts:
        chart.draw_now()
    time_s = found.curves.time_s
    measured, reference = _frames(
        _move_around(board.charts[-1], time_s), _move_around(bare[-1], time_s)
    )
    yield Row(f"four charts of the network, {name}: frame", measured, reference, 1.5)
    yield Row(f"four charts of the network, {name}: frame, of 16.7 ms", measured, 16.7, 1.0)
    for widget in (board, others):
        widget.close()
        widget.deleteLater()
    icons.deleteLater()


def _indicators(time_s: np.ndarray) -> Indicators:
    """Return indicators whose curves have these times."""
    base = make_indicators(
        some_history(200),
        some_machines(),
        NetworkChoice(),
        network(),
        datetime(2026, 6, 1, tzinfo=UTC),
    )
    chance = np.random.default_rng(3)
    price = 60_000 + np.cumsum(chance.normal(size=len(time_s))) * 60
    hashrate = 600 + np.cumsum(chance.normal(size=len(time_s)))
    cost = price * (1 + 0.2 * np.sin(np.linspace(0, 150, len(time_s))))
    begin, span_s = float(time_s[0]), float(time_s[-1] - time_s[0]) / 24
    phases = tuple(
        PhaseSpan(
            begin + span_s * i,
            begin + span_s * (i + 0.6),
            "capitulation" if i % 2 else "recovered",
        )
        for i in range(24)
    )
    retarget_s = np.arange(begin, float(time_s[-1]), 14 * 86_400.0)
    epoch = np.searchsorted(retarget_s, time_s, side="right") - 1
    change_pct = chance.normal(0.5, 3, len(retarget_s))
    curves = replace(
        base.curves,
        hashprice=hashrate * 0.1,
        hashprice_fall_pct=hashrate,
        puell=hashrate,
        fee_share=hashrate,
        retarget_s=retarget_s,
        difficulty=np.asarray(1e14 * np.cumprod(1 + change_pct / 100), np.float64),
        change_pct=change_pct,
        time_s=time_s,
        price=price,
        cost_best=cost,
        cost_lower=cost * 0.6,
        cost_upper=cost * 1.5,
        cost_best_14=cost,
        hashrate_ehs=hashrate * chance.normal(1, 0.08, len(time_s)),
        means_ehs={days: hashrate + days for days in base.curves.means_ehs},
        implied_ehs=hashrate[np.searchsorted(time_s, retarget_s)][epoch],
        phases=phases,
    )
    return replace(base, curves=curves)


def _bare(curves: list[tuple[np.ndarray, np.ndarray]]) -> pg.PlotWidget:
    made = pg.PlotWidget(axisItems={"bottom": pg.DateAxisItem("bottom", utcOffset=0)})
    made.setBackground(QColor("#ffffff"))
    for x, y in curves:
        _bare_curve(made, x, y)
    made.getPlotItem().getViewBox().setAutoVisible(y=True)
    made.showGrid(x=False, y=True, alpha=0.25)
    return made


def _bare_curve(plot: pg.PlotWidget, x: np.ndarray, y: np.ndarray) -> None:
    pen = pg.mkPen("#1f55c4", width=1.5)
    item = plot.plot(x, y, pen=pen, autoDownsampleFactor=PER_PIXEL)
    item.setDownsampling(auto=True, method="peak")
    item.setClipToView(True)


def _frames(*steps: Callable[[], object]) -> tuple[float, ...]:
    return interleaved_ms(*steps, rounds=40, clock=time.thread_time)


def _look_around(plot: pg.PlotWidget, time_s: np.ndarray) -> Callable[[], object]:
    """Return a step of a pan that also zooms, from a fifth of the curve to all of it."""
    move = _mover(plot, time_s)

    def step() -> None:
        move()
        plot.grab()

    return step


def _move_around(plot: pg.PlotWidget, time_s: np.ndarray) -> Callable[[], object]:
    """Return the same step, painted as the event loop does, with all that is linked."""
    move = _mover(plot, time_s)

    def step() -> None:
        move()
        QApplication.processEvents()

    return step


def _mover(plot: pg.PlotWidget, time_s: np.ndarray) -> Callable[[], object]:
    place = 0
    whole = float(time_s[-1] - time_s[0])

    def step() -> None:
        nonlocal place
        place = (place + 1) % 40
        width = whole * (0.2 + 0.02 * place)
        left = float(time_s[0]) + (whole - width) * ((place * 7) % 40) / 40
        plot.setXRange(left, left + width, padding=0)

    return step


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
    taken, drawn, painted = interleaved_ms(take, draw, paint, rounds=20, clock=time.thread_time)
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


def _show(widget: QWidget, size: tuple[int, int] = _SIZE) -> None:
    widget.resize(*size)
    widget.show()
    QApplication.processEvents()
