from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from minerdesk.ui.widgets.column_table import ColumnTable, Role

RIGHT = Qt.AlignmentFlag.AlignRight


class Sums(ColumnTable):
    """Three rows of a name and a number."""

    def count(self) -> int:
        return 3

    def head(self, column: int) -> str:
        return ("name", "worth\nUSD")[column]

    def text(self, row: int, column: int) -> str:
        return f"rig {row}\n" + "long " * 20 if column == 0 else str(row)


def test_a_model_says_texts_and_qt_gets_the_rest(qtmodeltester: ModelTester) -> None:
    table = Sums(2, {1})
    qtmodeltester.check(table)  # type: ignore[no-untyped-call] # the library has no types
    name, worth = table.index(2, 0), table.index(2, 1)
    assert worth.data() == "2"
    assert worth.data(Role.AccessibleTextRole) == "worth USD: 2"
    assert name.data(Role.AccessibleTextRole).startswith("name: rig 2, long")
    assert max(map(len, name.data(Role.ToolTipRole).splitlines())) <= 60
    assert worth.data(Role.TextAlignmentRole) & RIGHT
    assert not name.data(Role.TextAlignmentRole) & RIGHT
    assert worth.data(Role.ForegroundRole) is None


def test_headings_stand_as_their_columns_do_and_rows_are_numbered() -> None:
    table, across = Sums(2, {1}), Qt.Orientation.Horizontal
    assert [table.headerData(each, across) for each in range(3)] == ["name", "worth\nUSD", None]
    aligned = table.headerData(1, across, Role.TextAlignmentRole)
    assert isinstance(aligned, int)
    assert aligned & RIGHT
    assert table.headerData(0, across, Role.ToolTipRole) is None
    assert table.headerData(0, Qt.Orientation.Vertical) == 1
    assert table.headerData(0, Qt.Orientation.Vertical, Role.ToolTipRole) is None
