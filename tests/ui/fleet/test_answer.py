"""The page's own answer, the columns that stay or hide by themselves, and the footer."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView

from minerdesk.domain.rigs import StateNow, StateSource
from minerdesk.ui.fleet.footer import sums_of
from tests.support.fake_desk import NOW
from tests.ui.fleet.books import repeated
from tests.ui.fleet.conftest import Hall, MakeHall, sample


def test_one_sentence_answers(farm: Hall) -> None:
    words = farm.page.answer.text()
    assert farm.page.answer.isVisible()
    evaluation = farm.evaluation()
    assert evaluation.totals is not None
    assert f"of {len(farm.book.groups)} groups run" in words
    assert f"{evaluation.totals.gain_per_day:,.0f} USD a day" in words


def test_without_advice_there_is_no_answer(empty: Hall) -> None:
    assert not empty.page.answer.isVisible()


def test_site_and_model_stay_while_the_rest_scrolls(make_hall: MakeHall) -> None:
    hall = make_hall(repeated(sample("farm"), 200))
    page = hall.page
    frozen = page.view.findChild(QTableView, "frozen")
    assert isinstance(frozen, QTableView)
    assert not frozen.isVisible()
    bar = page.view.horizontalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.maximum() > 0
    assert frozen.isVisible()
    shown = [n for n in range(len(page.model.columns)) if not frozen.isColumnHidden(n)]
    assert [page.model.columns[n].key for n in shown] == ["site", "model"]
    page.view.verticalScrollBar().setValue(777)
    assert frozen.verticalScrollBar().value() == 777
    row = frozen.rowAt(40)
    assert row == page.view.rowAt(40)
    centre = frozen.visualRect(page.model.index(row, shown[1])).center()
    QTest.mouseClick(frozen.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert page.selected_ids() == [page.model.group_id(row)]
    count = page.model.index(row, page.model.place["count"])
    page.view.setCurrentIndex(count)
    assert page.view.visualRect(count).left() >= frozen.width() - 1, "not under what stays"
    page.view.show_column("site", shown=False)
    page.view.show_column("model", shown=False)
    bar.setValue(bar.maximum())
    assert not frozen.isVisible()


def test_editing_what_stays_scrolls_back_to_it(farm: Hall) -> None:
    view = farm.page.view
    view.horizontalScrollBar().setValue(200)
    frozen = view.findChild(QTableView, "frozen")
    assert isinstance(frozen, QTableView)
    index = farm.page.model.index(1, farm.page.model.place["model"])
    frozen.doubleClicked.emit(index)
    assert view.editing
    assert view.horizontalScrollBar().value() == 0
    assert not frozen.isVisible()


def test_columns_that_no_group_fills_hide_until_one_does(make_hall: MakeHall) -> None:
    book = sample("home")
    plain = replace(
        book,
        groups=tuple(
            replace(g, owner="", location="", note="", purchase=None, idle_w=None)
            for g in book.groups
        ),
    )
    hall = make_hall(plain)
    view, place = hall.page.view, hall.page.model.place
    for key in ("owner", "location", "note", "payback_days", "idle_w"):
        assert view.isColumnHidden(place[key]), key
    noted = replace(plain.groups[0], note="x", idle_w=15.0)
    hall.desk.book.apply("edit", lambda b: replace(b, groups=(noted, *b.groups[1:])))
    assert not view.isColumnHidden(place["note"])
    assert hall.page.model.text(0, place["idle_w"]) == "15"
    view.show_column("owner", shown=True)
    view.show_column("note", shown=False)
    hall.desk.book.apply("edit", lambda b: replace(b, name="other"))
    assert not view.isColumnHidden(place["owner"]), "the operator's choice wins"
    assert view.isColumnHidden(place["note"])


def test_what_is_off_says_what_it_would_earn(farm: Hall) -> None:
    page = farm.page
    off = StateNow((), NOW, StateSource.TYPED)
    farm.desk.book.apply(
        "off", lambda b: replace(b, groups=(replace(b.groups[0], state_now=off), *b.groups[1:]))
    )
    tip = page.model.index(0, page.model.place["margin_per_day"]).data(Qt.ItemDataRole.ToolTipRole)
    assert "if it ran" in tip
    other = page.model.index(1, page.model.place["margin_per_day"])
    assert not other.data(Qt.ItemDataRole.ToolTipRole)
    page.grab()


def test_the_footer_counts_the_advice_alone_and_is_never_cut(farm: Hall) -> None:
    page = farm.page
    evaluation = farm.evaluation()
    assert evaluation.totals is not None
    sums = sums_of(page.rows, page.model.order)
    assert abs(sums.gain_per_day - evaluation.totals.gain_per_day) < 1e-6
    footer = page.footer
    _what, _rigs, power, margin, _gain = footer.labels
    assert "at the meter" in power.text()
    for width in (1280, 900, 500):
        page.resize(width, 800)
        QApplication.processEvents()
        shown = [part for part in footer.labels if part.isVisible()]
        assert margin in shown
        assert all(part.width() >= part.sizeHint().width() for part in shown)
        hidden = [part for part in footer.labels if not part.isVisible()]
        assert all(part.text() in footer.toolTip() for part in hidden if part.text())
