from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from minerdesk.domain.readings import RetargetProjection
from minerdesk.engine.scenario import MarginCurve
from minerdesk.services.words import Formats
from minerdesk.ui.page import PageContext
from minerdesk.ui.save_csv import ask_where, write
from minerdesk.ui.standing.border import BorderChart
from minerdesk.ui.standing.buy_model import COLUMNS, BuyModel
from minerdesk.ui.standing.dots import Dots
from minerdesk.ui.standing.hatch import HatchItem, above_a_ray
from minerdesk.ui.standing.heat import CELLS, HeatChart
from minerdesk.ui.standing.scene import Scene
from minerdesk.ui.standing.stairs import CostChart
from minerdesk.ui.theme import LIGHT, Theme
from tests.support.evaluations import NOW, book, evaluate, group, network
from tests.support.standings import BOOK, standing


@pytest.fixture
def cost(theme: Theme, scene: Scene, qtbot: QtBot) -> CostChart:
    made = CostChart(theme)
    qtbot.addWidget(made)
    made.show_scene(scene)
    made.draw_now()
    return made


def test_what_the_lines_say_is_whole_on_a_low_chart(
    cost: CostChart, scene: Scene, formats: Formats
) -> None:
    fleet = replace(scene.view.fleet, fleet_all_in=1.5 * scene.view.price_per_btc)
    cost.show_scene(Scene.of(replace(scene.view, fleet=fleet), formats))
    cost.resize(732, 210)
    cost.show()
    cost.draw_now()
    cost.grab()
    seen = cost.getPlotItem().getViewBox().sceneBoundingRect().adjusted(-1, -1, 1, 1)
    lines = [line for line in (*cost._lines.values(), cost._price) if line.isVisible()]
    assert len(lines) > 1
    for line in lines:
        text = line.label.textItem
        assert seen.contains(text.mapRectToScene(text.boundingRect())), line.label.toPlainText()


@pytest.fixture
def border(theme: Theme, formats: Formats, qtbot: QtBot) -> BorderChart:
    made = BorderChart(theme)
    qtbot.addWidget(made)
    projection = RetargetProjection(
        -4.0, 1.0, NOW + timedelta(days=3), 933_408, 473, "own formula", NOW
    )
    view = standing(evaluate(BOOK, replace(network(), retarget=projection)))
    made.show_scene(Scene.of(view, formats))
    made.draw_now()
    return made


@pytest.fixture
def heat(theme: Theme, scene: Scene, qtbot: QtBot) -> HeatChart:
    made = HeatChart(theme)
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show_scene(scene)
    made.show()
    return made


class _Press(MouseClickEvent):  # type: ignore[misc] # pyqtgraph ships no types
    """A press with the left button at a place of the scene."""

    def __init__(self, place: QPointF) -> None:
        self._place = place

    def scenePos(self) -> QPointF:  # noqa: N802 - Qt's name
        return self._place

    def button(self) -> Qt.MouseButton:
        return Qt.MouseButton.LeftButton


def _press_at(place: QPointF) -> MouseClickEvent:
    return _Press(place)


def test_the_stairs_are_the_network_and_the_dots_the_groups(cost: CostChart) -> None:
    assert len(cost.blocks) == 3
    assert cost.blocks.edges[-1] == 100
    assert cost.blocks.earns.tolist() == [True, True, False]
    # At 0.09 a coin costs 162,000; the chart ends above a price of 100,000.
    assert cost.dots.groups.tolist() == [0, 3]
    assert "2 groups above the chart" in cost.note()
    assert "3 machines from" in cost.accessibleDescription()
    assert cost.words_at(10).startswith("Thrifty: ")
    assert cost.words_at(10).endswith("67% of the network mines dearer")
    rows = cost.table().rows
    assert [row[0] for row in rows[:4]] == ["Thrifty", "Middling", "Greedy", "Cheap · Rig × 100"]


def test_the_chart_reaches_up_to_the_fleet_s_own_cost(cost: CostChart, formats: Formats) -> None:
    view = standing()
    high = replace(view, fleet=replace(view.fleet, fleet_all_in=190_000.0))
    cost.show_scene(Scene.of(high, formats))
    assert "above the chart" not in cost.note()
    assert sorted(cost.dots.groups.tolist()) == [0, 1, 2, 3]


def test_those_dearer_than_every_machine_stand_side_by_side(
    cost: CostChart, formats: Formats
) -> None:
    view = standing()
    dear = replace(
        view.fleet,
        fleet_all_in=190_000.0,
        cash=np.linspace(150_000.0, 151_000.0, 4),
        dearer=np.zeros(4),
    )
    cost.show_scene(Scene.of(replace(view, fleet=dear), formats))
    cost.draw_now()
    places, _costs = cost.dots.places
    assert (places > 100).all()
    assert len(set(places.tolist())) == 3
    assert "right of 100%: dearer than every machine" in cost.note()
    (left, right), _y = cost.getPlotItem().getViewBox().viewRange()
    assert left < 0 < places.max() < right


def test_nothing_to_show(cost: CostChart, border: BorderChart, heat: HeatChart) -> None:
    for chart in (cost, border, heat):
        chart.show_scene(None)
        chart.draw_now()
        chart.redraw()
        assert chart.note() == ""
        assert chart.table().rows == ()
        assert chart.words_at(0.05) == ""
        assert chart.summary()


def test_the_border_at_a_price_of_power(border: BorderChart) -> None:
    assert border.words_at(0.05) == (
        "0.0500 USD/kWh: a rig earns below 33.3 J/TH, after the retarget below 34.7"
    )
    assert border.words_at(-0.01) == "−0.0100 USD/kWh: every rig earns"
    assert border.cursor_stops() == [0.04, 0.0555, 0.09]
    head, *rows = (border.table().heads, *border.table().rows)
    assert len(head) == len(rows[0])
    assert [row[5] for row in rows] == ["yes", "no", "no", "yes"]


def test_without_a_projection_there_is_one_border(border: BorderChart, scene: Scene) -> None:
    assert border._after.isVisible()
    border.show_scene(scene)
    border.draw_now()
    assert not border._after.isVisible()
    assert "after the retarget" not in border.words_at(0.05)
    assert border.table().rows[0][6] == ""


def test_many_groups_leave_the_smallest_out(theme: Theme, formats: Formats) -> None:
    many = book(*(group(f"g{i}", "cheap", 1 + i) for i in range(510)))
    scene = Scene.of(standing(evaluate(many)), formats)
    dots = Dots(theme.tokens, lambda: None)
    place = np.arange(510.0)
    assert dots.show_groups(scene, place, place, place > 5) == 10
    assert dots.groups.min() == 10
    assert dots.near(20.2, 20.0, 1, 1) == 20


def test_dots_without_groups(theme: Theme) -> None:
    dots = Dots(theme.tokens, lambda: None)
    dots.choose(3)
    assert dots.near(0, 0, 1, 1) is None


class TestHeat:
    def test_the_cells_are_the_curve(self, heat: HeatChart, scene: Scene) -> None:
        grid = heat.grid
        assert grid is not None
        assert grid.margin_per_day.shape == (CELLS, CELLS)
        price, difficulty = float(grid.price_per_btc[7]), float(grid.difficulty[50])
        assert grid.margin_per_day[50, 7] == scene.view.margin_at(price, difficulty)
        assert len(heat.table().rows) == CELLS * CELLS

    def test_the_way_lies_on_the_map(self, heat: HeatChart, scene: Scene) -> None:
        way = scene.view.path
        assert len(way.time_s) == 90
        assert heat.reach.left() < way.price_per_btc.min()
        assert heat.reach.bottom() >= way.difficulty.max()
        x, _y = heat._way.getData()
        assert len(x) == 90

    def test_the_line_of_zero_divides_it(self, heat: HeatChart, scene: Scene) -> None:
        x, y = heat._zero.getData()
        for price, difficulty in zip(x, y, strict=True):
            assert scene.view.margin_at(price, difficulty) == pytest.approx(0, abs=1e-6)
        assert heat._hatch.isVisible()

    def test_keys_walk_over_the_map(self, heat: HeatChart) -> None:
        placed: list[tuple[float, float]] = []
        heat.placed.connect(lambda x, y: placed.append((x, y)))
        for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return):
            QTest.keyClick(heat, key)
        assert heat.cursor_words.startswith("At ")
        assert "rigs earn" in heat.cursor_words
        grid = heat.grid
        assert grid is not None
        ((price, difficulty),) = placed
        assert price in grid.price_per_btc
        assert difficulty in grid.difficulty
        QTest.keyClick(heat, Qt.Key.Key_Escape)
        assert heat.cursor_x is None

    def test_a_press_asks_about_a_place(self, heat: HeatChart, qtbot: QtBot) -> None:
        box = heat.getPlotItem().getViewBox()
        middle = box.mapViewToScene(heat.reach.center())
        with qtbot.waitSignal(heat.placed) as caught:
            heat.scene().sigMouseClicked.emit(_press_at(middle))
        assert caught.args is not None
        assert caught.args[0] == pytest.approx(heat.reach.center().x(), rel=0.02)

    def test_the_mouse_moves_both_lines(self, heat: HeatChart) -> None:
        box = heat.getPlotItem().getViewBox()
        place = QPointF(heat.reach.center().x(), heat.reach.center().y())
        heat.scene().sigMouseMoved.emit(box.mapViewToScene(place))
        assert heat._level.isVisible()
        assert heat._level.value() == pytest.approx(place.y(), rel=1e-6)

    @pytest.mark.parametrize(("cost_per_day", "hatched"), [(1.0, True), (-1.0, False)])
    def test_everywhere_or_nowhere(
        self, heat: HeatChart, scene: Scene, cost_per_day: float, hatched: bool
    ) -> None:
        none, rigs = np.zeros(1), np.zeros(1)
        flat = MarginCurve(np.empty(0), none, np.full(1, cost_per_day), rigs, 0.0, 3.0)
        heat.show_scene(Scene.of(replace(scene.view, curve=flat), scene.formats))
        heat.draw_now()
        assert not heat._zero.isVisible()
        assert heat._hatch.isVisible() is hatched
        assert "3 rigs of unknown power cost" in heat.note()


class TestHatch:
    RECT = QRectF(1.0, 1.0, 2.0, 2.0)

    @pytest.mark.parametrize(
        ("slope", "area"), [(0.0, 4.0), (1.0, 2.0), (3.0, 0.0), (10.0, 0.0), (2.0, 0.25)]
    )
    def test_the_part_above_a_ray(self, slope: float, area: float) -> None:
        corners = above_a_ray(self.RECT, slope)
        turned = corners[1:] + corners[:1]
        twice = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(corners, turned, strict=True))
        assert abs(twice) / 2 == pytest.approx(area)

    def test_it_paints_in_the_units_of_the_screen(self, heat: HeatChart) -> None:
        picture: QImage = heat.grab().toImage()
        assert not picture.isNull()
        item = HatchItem()
        item.show_area([])
        assert not item.isVisible()


class TestTable:
    def test_the_model_keeps_the_rules(
        self, theme: Theme, scene: Scene, qtmodeltester: ModelTester
    ) -> None:
        model = BuyModel(theme)
        model.show_scene(scene)
        qtmodeltester.check(model)  # type: ignore[no-untyped-call] # the library has no types
        for column in range(len(COLUMNS)):
            model.sort_by(column)
            model.sort_by(column)
            texts = [model.index(row, column).data() for row in range(model.rowCount())]
            assert all(isinstance(text, str) and text for text in texts)
            assert model.headerData(column, Qt.Orientation.Horizontal)

    def test_the_dearest_coin_comes_first(self, theme: Theme, scene: Scene) -> None:
        model = BuyModel(theme)
        assert model.rowCount() == 0
        assert model.rows_of("good") == []
        model.show_scene(scene)
        premiums = [model.index(row, 3).data() for row in range(4)]
        assert premiums == ["+62.0%", "+62.0%", "−0.1%", "−28.0%"]
        assert [model.index(row, 1).data() for row in (0, 3)] == ["▼ buy", "▲ mine"]
        colour = model.index(0, 1).data(Qt.ItemDataRole.ForegroundRole)
        assert colour.name() == LIGHT.lose
        assert model.rows_of("good") == [3]

    def test_the_selection_goes_with_its_group(
        self, theme: Theme, scene: Scene, formats: Formats
    ) -> None:
        from PySide6.QtCore import QPersistentModelIndex

        model = BuyModel(theme)
        model.show_scene(scene)
        (row,) = model.rows_of("good")
        held = QPersistentModelIndex(model.index(row, 0))
        model.sort_by(3)
        assert held.row() == 0
        model.show_scene(Scene.of(standing(evaluate(scene.view.evaluation.book)), formats))
        assert held.isValid()


def test_numbers_are_saved(
    heat: HeatChart, context: PageContext, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "map.csv"
    write(heat, path, context)
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: not context.tasks.running)
    head, first, *_rest = path.read_text(encoding="utf-8-sig").splitlines()
    assert head == "BTC price,currency,difficulty,margin a day,rigs that earn"
    assert first.split(",")[1] == "USD"


def test_numbers_are_saved_as_the_operator_writes_them(
    heat: HeatChart, context: PageContext, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "map.csv"
    write(heat, path, replace(context, formats=Formats("de")))
    qtbot.waitUntil(lambda: not context.tasks.running)
    head, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert head.split(";")[0] == "BTC price"
    written = [line.split(";")[3] for line in lines]
    assert any("," in each for each in written)
    found = [float(each.replace(",", ".")) for each in written]
    assert found == [float(row[3]) for row in heat.table().rows]


def test_where_to_save_is_asked(heat: HeatChart, context: PageContext) -> None:
    dialog = ask_where(heat, heat, context)
    assert dialog.isVisible()
    dialog.reject()
