from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from minerdesk.ui.power.paint_grid import Paint, PaintGrid
from minerdesk.ui.power.span import ALL, Span, painted
from minerdesk.ui.theme import Theme

ROWS = ("o" * 24,) * 12
PAINTS = (Paint("o", "off-peak", 0), Paint("p", "on-peak", 1))


@pytest.fixture
def grid(theme: Theme, qtbot: QtBot) -> PaintGrid:
    made = PaintGrid("Weekdays", theme)
    qtbot.addWidget(made)
    made.set_paints(PAINTS, "p")
    made.show_rows(ROWS)
    made.resize(34 + 24 * 17 + 1, made.sizeHint().height())
    made.show()
    return made


def at(month: int, hour: int) -> QPoint:
    return QPoint(34 + hour * 17 + 8, 18 + month * 17 + 8)


def test_a_span_paints_its_rectangle_and_nothing_else() -> None:
    rows = painted(ROWS, Span((2, 5), (1, 3)), "p")

    assert rows[1] == rows[2] == "ooo" + "ppp" + "o" * 18
    assert rows[0] == rows[3] == "o" * 24
    assert ALL.count == 288


def test_a_drag_is_one_stroke_over_a_rectangle(grid: PaintGrid) -> None:
    strokes: list[tuple[str, ...]] = []
    grid.painted.connect(lambda: strokes.append(grid.rows))

    QTest.mousePress(grid, Qt.MouseButton.LeftButton, pos=at(5, 13))
    for hour in range(14, 19):
        QTest.mouseMove(grid, at(8, hour))
    assert grid.rows == ROWS  # only shown as it would be
    QTest.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=at(8, 18))

    assert len(strokes) == 1
    assert [row[13:19] for row in grid.rows[5:9]] == ["pppppp"] * 4
    assert "".join(grid.rows).count("p") == 24


def test_the_name_of_a_month_paints_its_row_and_an_hour_its_column(grid: PaintGrid) -> None:
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(5, at(3, 0).y()))
    assert grid.rows[3] == "p" * 24

    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(at(0, 7).x(), 5))
    assert all(row[7] == "p" for row in grid.rows)


def test_keys_move_extend_and_paint_with_a_letter(grid: PaintGrid) -> None:
    wanted: list[str] = []
    grid.brush_wanted.connect(wanted.append)
    shift = Qt.KeyboardModifier.ShiftModifier

    QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Right, shift)
    QTest.keyClick(grid, Qt.Key.Key_Down, shift)
    QTest.keyClicks(grid, "p")

    assert [row[:4] for row in grid.rows[:4]] == ["oooo", "oppo", "oppo", "oooo"]
    assert wanted == ["p"]


def test_space_paints_with_the_brush_and_escape_gives_the_selection_up(grid: PaintGrid) -> None:
    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert grid.span == ALL
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    assert grid.span.single
    QTest.keyClick(grid, Qt.Key.Key_Space)

    assert "".join(grid.rows).count("p") == 1


def test_painting_what_is_there_already_is_no_stroke(grid: PaintGrid) -> None:
    strokes: list[int] = []
    grid.painted.connect(lambda: strokes.append(1))
    grid.paint_span("o")
    assert strokes == []


def test_the_cell_under_the_cursor_is_said(grid: PaintGrid) -> None:
    assert grid.accessibleDescription() == "Jan, 00:00 to 01:00: off-peak"
    QTest.keyClick(grid, Qt.Key.Key_End)
    assert grid.accessibleDescription() == "Jan, 23:00 to 24:00: off-peak"
    QTest.keyClick(grid, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert grid.accessibleDescription() == "24 hours selected, to Jan, 00:00 to 01:00: off-peak"
