"""The table of groups with 100,000 of them: sorting, scrolling, ticks, filter, without a screen.

The reference of each row is the longest time it may take, so the ratio must stay under 1; that of
written numbers is Babel's time for them.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from babel import Locale
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication, QTableView

from minerdesk.domain.book import Book
from minerdesk.domain.readings import NetworkState, Quantity
from minerdesk.services.evaluation import Evaluation, Evaluator
from minerdesk.services.words.formats import Formats
from minerdesk.services.words.number_writer import plain_pattern
from minerdesk.storage import book_file, resources
from minerdesk.ui.fleet.columns import all_columns
from minerdesk.ui.fleet.layout import LayoutStore
from minerdesk.ui.fleet.rows import FleetRows
from minerdesk.ui.fleet.table_model import GroupsModel
from minerdesk.ui.fleet.table_view import GroupsView
from minerdesk.ui.theme import Theme
from tests.bench.rows import Row, interleaved_ms
from tests.support.fake_desk import NOW, network_state, reading

GROUPS = 100_000
SORT_MS, FRAME_MS, EVENT_MS = 150.0, 33.0, 16.0
_ROUNDS = 15
_FRAMES = 120
_SELECTED = 500


def rows() -> Iterator[Row]:
    """Measure on a window of 1920 x 1080 that is painted without a screen."""
    yield from _numbers()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([])
    theme = Theme("light")
    theme.apply(app)
    book = large_book(GROUPS)
    evaluator = Evaluator()
    evaluations = [evaluator.evaluate(book, at_price(price), NOW) for price in (60_000, 93_049)]
    formats = Formats("en")
    model = GroupsModel(
        all_columns(), FleetRows(book, evaluations[1], formats), lambda *_nothing: None
    )
    with tempfile.TemporaryDirectory() as folder:
        view = GroupsView(
            model,
            theme,
            LayoutStore(Path(folder)),
            completer=lambda _key: None,
            still=lambda: False,
        )
        view.resize(1580, 980)
        view.show()
        app.processEvents()
        yield from _sorting(view, model)
        yield from _ticks(view, model, book, evaluations, formats)
        yield from _scrolling(view)
        view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
        yield from _scrolling(view, ", site and model kept in sight")
        view.close()
        view.deleteLater()
        app.processEvents()


def large_book(groups: int) -> Book:
    """The sample farm over and over, each group with its own id, count and place."""
    farm = book_file.decode(resources.sample_path("farm").read_bytes())
    made = tuple(
        replace(
            farm.groups[number % len(farm.groups)],
            id=f"g{number}",
            count=farm.groups[number % len(farm.groups)].count + number % 97,
            location=f"Rack {number % 5_000}",
            note=f"note {number}",
        )
        for number in range(groups)
    )
    return replace(farm, groups=made)


def at_price(price: float) -> NetworkState:
    """The usual network at another BTC price."""
    state = network_state()
    own = reading(Quantity.PRICE, price, source="Kraken", currency="USD")
    return replace(state, price=replace(state.price, reading=own))


def _numbers() -> Iterator[Row]:
    """Numbers as a table writes them, over Babel's own way of writing them."""
    values = [(-1) ** place * 1.37**place / 997 for place in range(60)]
    for name in ("en", "de", "en_IN"):
        formats, locale = Formats(name), Locale.parse(name)

        def ours(formats: Formats = formats) -> None:
            for value in values:
                formats.number(value, 2)

        def babel(locale: Locale = locale) -> None:
            pattern = plain_pattern(locale, 2)
            for value in values:
                pattern.apply(value, locale)

        measured, reference = interleaved_ms(ours, babel, clock=time.thread_time)
        yield Row(f"write {len(values)} numbers in {name}, over Babel", measured, reference, 0.5)


def _sorting(view: GroupsView, model: GroupsModel) -> Iterator[Row]:
    orders = cycle((Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder))

    def sort(key: str) -> Callable[[], None]:
        def run() -> None:
            view.sortByColumn(model.place[key], next(orders))
            view.viewport().repaint()

        return run

    for key in ("margin_per_day", "model", "note", "hashrate_ths"):
        first = _ms(sort(key), 1)
        yield Row(f"sort 100000 by {key}: first time", first, SORT_MS, 1)
        yield Row(f"sort 100000 by {key}: again", _ms(sort(key)), SORT_MS, 1)
    _select_some(view, model)
    some = _ms(sort("margin_per_day"))
    yield Row(f"sort 100000 with {_SELECTED} rows selected apart", some, SORT_MS, 1)
    view.selectAll()
    yield Row("sort 100000 with all selected", _ms(sort("margin_per_day")), SORT_MS, 1)
    view.clearSelection()


def _ticks(
    view: GroupsView,
    model: GroupsModel,
    book: Book,
    evaluations: Sequence[Evaluation],
    formats: Formats,
) -> Iterator[Row]:
    newer = cycle(evaluations)

    def tick() -> None:
        view.show_rows(FleetRows(book, next(newer), formats))
        view.viewport().repaint()

    view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    yield Row("tick in the book's order", _ms(tick), FRAME_MS, 1)
    view.sortByColumn(model.place["margin_per_day"], Qt.SortOrder.DescendingOrder)
    yield Row("tick that sorts all rows anew", _ms(tick), SORT_MS, 1)
    _select_some(view, model)
    name = f"tick that sorts anew with {_SELECTED} rows selected apart"
    yield Row(name, _ms(tick), SORT_MS, 1)
    view.clearSelection()
    needles = cycle(("s21", "s21 p", "s21 pro", "rack 12", ""))

    def filter_() -> None:
        model.set_filter(next(needles), "")
        view.viewport().repaint()

    filter_()
    yield Row("filter by another letter", _ms(filter_, 20), SORT_MS, 1)
    model.set_filter("", "")


def _scrolling(view: GroupsView, how: str = "") -> Iterator[Row]:
    bar, kept = view.verticalScrollBar(), view.findChild(QTableView, "frozen")
    for name, step in (("wheel", 84), ("page", bar.pageStep()), ("jump", bar.maximum() // _FRAMES)):
        frames = []
        for number in range(_FRAMES):
            start = time.thread_time()
            bar.setValue(number * step % bar.maximum())
            view.viewport().repaint()
            if kept is not None and kept.isVisible():
                kept.viewport().repaint()
            frames.append((time.thread_time() - start) * 1e3)
        yield Row(f"scroll by {name}{how}: median frame", statistics.median(frames), FRAME_MS, 1)
        yield Row(f"scroll by {name}{how}: worst of {_FRAMES} frames", max(frames[2:]), FRAME_MS, 1)


def _select_some(view: GroupsView, model: GroupsModel) -> None:
    selection, last = QItemSelection(), len(model.columns) - 1
    for row in range(0, GROUPS, GROUPS // _SELECTED):
        selection.select(model.index(row, 0), model.index(row, last))
    view.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def _ms(run: Callable[[], object], rounds: int = _ROUNDS) -> float:
    taken = []
    for _round in range(rounds):
        start = time.thread_time()
        run()
        taken.append((time.thread_time() - start) * 1e3)
    return statistics.median(taken)
