from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.blocks import DRAWN_MOST, Blocks, in_order, thin_out
from minerdesk.ui.charts.blocks_chart import BlocksChart
from minerdesk.ui.theme import DARK, Theme


def stairs(n: int, *, line: float | None = None) -> Blocks:
    value = np.arange(1, n + 1, dtype=np.float64)
    limit = n / 2 if line is None else line
    return Blocks(np.arange(n + 1, dtype=np.float64), value, value <= limit, np.arange(n))


def test_the_block_under_a_place_is_found() -> None:
    blocks = stairs(4)
    assert blocks.at(0) == 0
    assert blocks.at(2.5) == 2
    assert blocks.at(4) == 3
    assert blocks.at(-0.1) is None
    assert blocks.at(4.1) is None
    assert Blocks().at(0) is None


@given(st.integers(1, 5_000), st.integers(10, 400))
def test_thinning_keeps_area_ends_and_the_turn(n: int, most: int) -> None:
    blocks = stairs(n)
    drawn = thin_out(blocks, 0, n, most)
    assert len(drawn) <= max(most + 2, 3)
    assert drawn.value[0] == blocks.value[0]
    assert drawn.value[-1] == blocks.value[-1]
    area = float((drawn.value * np.diff(drawn.edges)).sum())
    assert area == pytest.approx(float(blocks.value.sum()))
    earning = float(np.diff(drawn.edges)[drawn.earns].sum())
    assert earning == pytest.approx(float(blocks.earns.sum()))


def test_few_blocks_are_drawn_as_they_are() -> None:
    blocks = stairs(5)
    drawn = thin_out(blocks, 1, 4)
    assert drawn.value.tolist() == [2, 3, 4]
    assert drawn.key.tolist() == [1, 2, 3]
    assert len(thin_out(blocks, 2, 2)) == 0


@given(arrays(np.float64, st.integers(0, 60), elements=st.floats(-9, 9) | st.just(np.nan)))
def test_order_from_any_start_is_an_order_with_nan_last(key: np.ndarray) -> None:
    for before in (np.empty(0, np.intp), np.arange(len(key))[::-1]):
        order = in_order(key, before)
        assert sorted(order.tolist()) == list(range(len(key)))
        known = int(np.isfinite(key).sum())
        assert (np.diff(key[order[:known]]) >= 0).all()
        assert np.isnan(key[order[known:]]).all()


@pytest.fixture
def chart(theme: Theme, qtbot: QtBot) -> BlocksChart:
    made = BlocksChart(theme, name="Stairs", x=Axis("x"), y=Axis("y", movable=False))
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


def test_a_hundred_thousand_blocks_are_painted_as_a_few_hundred(chart: BlocksChart) -> None:
    chart.show_blocks(stairs(100_000), 0, 100_000)
    chart.draw_now()
    assert 100 < chart.drawn <= DRAWN_MOST + 2


def test_zooming_in_draws_each_block(chart: BlocksChart, qtbot: QtBot) -> None:
    chart.show_blocks(stairs(100_000), 0, 100_000)
    chart.draw_now()
    before = chart.paints
    chart.setXRange(50_000, 50_050, padding=0)
    qtbot.waitUntil(lambda: chart.paints > before)
    assert 48 <= chart.drawn <= 54


def test_zooming_among_few_blocks_draws_nothing_anew(chart: BlocksChart, qtbot: QtBot) -> None:
    chart.show_blocks(stairs(40), 0, 40)
    chart.draw_now()
    before = chart.paints
    chart.setXRange(10, 20, padding=0)
    qtbot.wait(120)
    assert chart.paints == before


def test_keys_pick_the_block_under_the_cursor(chart: BlocksChart, qtbot: QtBot) -> None:
    chart.show_blocks(stairs(4), 0, 4)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    with qtbot.waitSignal(chart.picked) as caught:
        QTest.keyClick(chart, Qt.Key.Key_Return)
    assert caught.args == [1]


def test_a_click_picks_the_block_under_it(chart: BlocksChart, qtbot: QtBot) -> None:
    chart.show_blocks(stairs(4), 0, 4)
    chart.draw_now()
    qtbot.wait(20)
    box = chart.getPlotItem().getViewBox()
    place = chart.mapFromScene(box.mapViewToScene(box.mapToView(box.rect().center())))
    with qtbot.waitSignal(chart.picked) as caught:
        click(chart, place)
    assert caught.args is not None
    assert caught.args[0] in {1, 2}


def click(chart: BlocksChart, place: QPoint) -> None:
    # Not by QTest, which warns of a plot that lets the event through to its parent.
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, held in (
        (QEvent.Type.MouseButtonPress, left),
        (QEvent.Type.MouseButtonRelease, none),
    ):
        at = QPointF(place)
        where = chart.viewport().mapToGlobal(place)
        event = QMouseEvent(kind, at, QPointF(where), left, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(chart.viewport(), event)


def test_nothing_is_picked_outside(chart: BlocksChart, qtbot: QtBot) -> None:
    chart.show_blocks(stairs(4), 0, 4)
    with qtbot.assertNotEmitted(chart.picked):
        chart.pick_at(9)


def test_the_theme_recolours_every_block(chart: BlocksChart, theme: Theme) -> None:
    chart.show_blocks(stairs(4), 0, 4)
    chart.choose(2)
    chart.draw_now()
    theme.choose("dark")
    looks = {tone: item.look.line.color().name() for tone, item in chart._items.items()}
    assert looks == {"chosen": DARK.accent, "earn": DARK.earn, "lose": DARK.lose}
    assert len(chart._items["lose"].look.fills) == 2
    assert chart.grab().toImage().width() >= 500


def test_marking_draws_once_and_only_on_change(chart: BlocksChart) -> None:
    chart.show_blocks(stairs(4), 0, 4)
    chart.draw_now()
    before = chart.paints
    chart.choose(1)
    chart.draw_now()
    chart.choose(1)
    chart.draw_now()
    assert chart.paints == before + 1
    assert chart._items["chosen"].count == 1
    assert chart.chosen_key == 1
