from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.modeltest import ModelTester

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import RigGroup
from minerdesk.domain.verdicts import Verdict
from minerdesk.services import edits
from minerdesk.services.evaluation import Evaluator
from minerdesk.services.words.formats import Formats
from minerdesk.ui.fleet.columns import PENDING, all_columns
from minerdesk.ui.fleet.rows import FleetRows
from minerdesk.ui.fleet.table_model import GroupsModel
from tests.support.fake_desk import NOW
from tests.ui.fleet.books import at_price
from tests.ui.fleet.conftest import sample

FORMATS = Formats("en")
EVALUATOR = Evaluator()
Role = Qt.ItemDataRole


def rows_of(book: Book, price: float = 93_049) -> FleetRows:
    return FleetRows(book, Evaluator().evaluate(book, at_price(price), NOW), FORMATS)


def refuse(_group: str, _key: str, _text: str) -> None:
    raise UserError("No.")


def model_of(book: Book | None = None) -> GroupsModel:
    return GroupsModel(all_columns(), rows_of(book or sample("farm")), refuse)


def ids(model: GroupsModel) -> list[str]:
    return [model.group_id(row) for row in range(model.rowCount())]


def down(model: GroupsModel, key: str) -> list[str]:
    column = model.place[key]
    return [model.text(row, column) for row in range(model.rowCount())]


def test_qts_own_model_test_through_all_mutations(qtmodeltester: ModelTester) -> None:
    model = model_of()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # the library has no types
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    book = model.rows.book
    model.sort(model.place["margin_per_day"], Qt.SortOrder.DescendingOrder)
    for price in (40_000, 120_000, 93_049):
        model.set_rows(rows_of(book, price))
    model.set_filter("s21", "")
    model.set_filter("s21 pro", "texas-1")
    model.set_filter("", "")
    gone = [book.groups[place].id for place in (0, 7, 8, 39)]
    model.set_rows(rows_of(edits.remove_groups(book, gone)))
    model.set_rows(rows_of(book))
    model.set_rows(rows_of(Book()))
    model.set_rows(rows_of(book))
    model.sort(-1)
    assert ids(model) == [group.id for group in book.groups]
    del tester


def test_a_sort_is_stable_and_clears() -> None:
    model = model_of()
    book_order = ids(model)
    model.sort(model.place["site"], Qt.SortOrder.AscendingOrder)
    sites = down(model, "site")
    assert sites == sorted(sites)
    for name in set(sites):
        here = [each for each in ids(model) if model.rows.site_name(_group(model, each)) == name]
        assert here == [each for each in book_order if each in here]
    model.sort(-1)
    assert ids(model) == book_order


def _group(model: GroupsModel, group_id: str) -> RigGroup:
    return model.rows.group(model.rows.place_of(group_id))


@pytest.mark.parametrize("column", all_columns(), ids=lambda column: column.key)
def test_every_column_sorts_speaks_and_explains_itself(column: object) -> None:
    model = model_of()
    place = model.columns.index(next(c for c in model.columns if c.key == column.key))  # type: ignore[attr-defined] # a ColumnSpec
    spec = model.columns[place]
    keys = np.asarray(spec.keys(model.rows))
    assert keys.shape == (len(model.rows),)
    model.sort(place, Qt.SortOrder.DescendingOrder)
    shown = keys[model.order]
    known = shown[~np.isnan(shown)]
    assert (np.diff(known[np.isfinite(known)]) <= 0).all()
    index = model.index(0, place)
    assert isinstance(model.data(index), str)
    assert spec.title in str(model.data(index, Role.AccessibleTextRole))
    horizontal = Qt.Orientation.Horizontal
    assert model.headerData(place, horizontal, Role.ToolTipRole).endswith(".")
    assert model.headerData(place, horizontal).startswith(spec.title)
    right = bool(model.data(index, Role.TextAlignmentRole) & int(Qt.AlignmentFlag.AlignRight))
    assert right is spec.number


def test_persistent_indexes_follow_their_groups() -> None:
    model = model_of()
    kept = {
        group_id: QPersistentModelIndex(model.index(row, 2))
        for row, group_id in enumerate(ids(model))
    }
    model.sort(model.place["margin_per_rig_day"], Qt.SortOrder.AscendingOrder)
    model.set_rows(rows_of(model.rows.book, 61_000))
    model.set_filter("antminer", "")
    model.set_filter("", "")
    alive = {group_id: index for group_id, index in kept.items() if index.isValid()}
    assert len(alive) > 10
    for group_id, index in alive.items():
        assert model.group_id(index.row()) == group_id
        assert index.column() == 2


def test_selection_and_current_cell_outlive_ticks_that_move_rows() -> None:
    model = model_of()
    model.sort(model.place["gain_per_day"], Qt.SortOrder.DescendingOrder)
    selection = QItemSelectionModel(model)
    flags = QItemSelectionModel.SelectionFlag
    chosen = [model.group_id(row) for row in (1, 4, 5)]
    for row in (1, 4, 5):
        selection.select(model.index(row, 0), flags.Select | flags.Rows)
    selection.setCurrentIndex(model.index(4, 3), flags.NoUpdate)
    before = ids(model)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    for price in (50_000, 70_000, 140_000):
        model.set_rows(rows_of(model.rows.book, price))
        found = sorted(model.group_id(index.row()) for index in selection.selectedRows())
        assert found == sorted(chosen)
        assert model.group_id(selection.currentIndex().row()) == chosen[1]
    assert ids(model) != before, "the ticks moved rows, or this shows nothing"
    assert not resets


def test_a_tick_that_moves_nothing_says_one_thing() -> None:
    model = model_of()
    heard: list[tuple[QModelIndex, QModelIndex]] = []
    moved: list[int] = []
    model.dataChanged.connect(lambda first, last, _roles: heard.append((first, last)))
    model.layoutChanged.connect(lambda *_: moved.append(1))
    model.set_rows(rows_of(model.rows.book, 94_000))
    assert len(heard) == 1
    assert (heard[0][0].row(), heard[0][1].row()) == (0, model.rowCount() - 1)
    assert not moved


def test_the_filter_looks_at_places_words_and_verdicts() -> None:
    model = model_of()
    everything = model.rowCount()
    model.set_filter("power down", "")
    verdicts = down(model, "verdict")
    assert verdicts
    assert set(verdicts) == {"power down"}
    model.set_filter("quebec s21", "")
    assert set(down(model, "site")) == {"Quebec 1"}
    assert all("S21" in name for name in down(model, "model"))
    model.set_filter("nothing like it", "")
    assert model.rowCount() == 0
    model.set_filter("", "texas-1")
    assert set(down(model, "site")) == {"Texas 1"}
    model.set_filter("", "")
    assert model.rowCount() == everything


def test_rows_pending_an_evaluation_say_so() -> None:
    model = model_of()
    rows = model.rows
    edited = edits.change_groups(rows.book, [rows.group(0).id], {"count": 999})
    model.set_rows(FleetRows(edited, rows.evaluation, FORMATS))
    assert model.text(0, model.place["count"]) == "999"
    assert model.text(0, model.place["margin_per_day"]) == PENDING
    assert model.text(0, model.place["verdict"]) == PENDING
    assert model.data(model.index(0, model.place["verdict"]), Role.ToolTipRole)


def test_a_layer_nobody_entered_is_a_dash_not_zero() -> None:
    model = model_of(sample("home"))
    for key in ("cost_per_btc_avoidable", "cost_per_btc_all_in"):
        figures = model.rows.figure(key)
        texts = down(model, key)
        assert [text == "–" for text in texts] == list(np.isnan(figures))


def test_a_small_fleet_speaks_of_terahashes_and_sats() -> None:
    small, large = model_of(sample("home")), model_of()
    heads = [
        " ".join(
            str(model.headerData(n, Qt.Orientation.Horizontal)) for n in range(len(model.columns))
        )
        for model in (small, large)
    ]
    assert "sats/day" in heads[0]
    assert "/TH/day" in heads[0]
    assert "BTC/day" in heads[1]
    assert "/PH/day" in heads[1]


def test_the_verdict_is_a_word_with_a_reason() -> None:
    model = model_of()
    place = model.place["verdict"]
    figures = model.rows.figures
    assert figures is not None
    row = int(np.flatnonzero(figures.decisions.verdict == Verdict.POWER_DOWN)[0])
    assert model.text(row, place) == "power down"
    assert "USD/kWh" in str(model.data(model.index(row, place), Role.ToolTipRole))


def test_set_data_refuses_and_says_why() -> None:
    model = model_of()
    index = model.index(0, model.place["count"])
    assert model.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert not model.setData(index, "12")
    assert model.try_edit(index, "12") == "No."
    assert model.try_edit(index, str(model.data(index, Role.EditRole))) == "", "nothing was typed"
    figures: Iterable[str] = ("margin_per_day", "verdict", "price_per_kwh")
    for key in figures:
        assert not model.flags(model.index(0, model.place[key])) & Qt.ItemFlag.ItemIsEditable
