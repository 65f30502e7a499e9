from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from minerdesk.domain.book import Book
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.rigs import Pin
from minerdesk.ui.pages.plan import PlanPage
from minerdesk.ui.theme import Theme
from tests.support.evaluations import NOW, evaluate, example_network, network
from tests.support.plans import a_plan
from tests.support.widgets import nameless
from tests.ui.plan.conftest import PLAN, Stage


def run(page: PlanPage, action_id: str) -> bool:
    return next(each for each in page.page_actions() if each.id == action_id).run()


def test_the_headline_answers_first(page: PlanPage) -> None:
    assert page.sentence == "Now: power down 102 of 2,694 rigs, change the mode of 600."
    assert page.detail.startswith("Worth 1,451 USD over always-on in 48 h, 29% of it on forecast")
    assert "proved within 0.01%, made 12:00." in page.detail
    assert "2 pins cost 218 USD" in page.detail
    assert not page.shows_empty


def test_all_times_are_in_the_zone_chosen(page: PlanPage) -> None:
    controls = page.body.controls
    assert controls.zone.itemText(1) == "Texas 1’s"
    controls.zone.setCurrentIndex(1)
    page.draw_clock(NOW)
    assert page.body.bands.line.endswith("times are CST")
    assert "made 06:00" in page.detail
    assert page.body.moves.advised.text(0, 0) == "Mon 06:00"
    controls.choose_site("alberta")
    assert page.body.bands.line.endswith("times are MST")


def test_another_page_can_select(page: PlanPage) -> None:
    page.select(move=PLAN.advised[3].key)
    assert page.selection.move == PLAN.advised[3]
    page.select(group="xp")
    assert page.body.controls.site_index == 1, "the price is that of the group's site"
    page.select(group="nowhere", site="texas-1")
    assert page.body.controls.site_index == 0
    page.select(group="xp")
    assert page.selection.group_id == "xp"
    assert page.selection.move is None
    page.select(site="alberta")
    assert page.body.controls.site_index == 1


def test_moves_are_walked_by_key(page: PlanPage) -> None:
    assert run(page, "plan.next")
    assert run(page, "plan.next")
    assert page.selection.move == PLAN.advised[1]
    assert run(page, "plan.previous")
    assert run(page, "plan.previous")
    assert page.selection.move == PLAN.advised[0]
    assert run(page, "plan.none")
    assert not run(page, "plan.none")


def test_a_group_is_pinned_from_its_row(page: PlanPage, stage: Stage) -> None:
    assert not run(page, "plan.pin_on")
    page.select(group="s19j")
    assert not run(page, "plan.unpin")
    assert run(page, "plan.pin_on")
    assert stage.commands == ["Pin S19j Pro, Texas 1 on"]
    assert next(group for group in stage.book.groups if group.id == "s19j").pin is Pin.ON
    entries = dict(page.pins.menu())
    entries["Pin off"]()
    assert stage.commands[-1] == "Pin S19j Pro, Texas 1 off"
    # The plan is still the one from before.
    assert run(page, "plan.unpin")
    assert stage.commands[-1] == "Unpin S19j Pro, Texas 1"
    assert not run(page, "plan.unpin")
    page.select(group="s19j-north")
    assert dict(page.pins.menu()).keys() == {"Pin off", "Unpin"}


def test_a_group_is_pinned_by_buttons_that_say_what_it_costs(page: PlanPage, stage: Stage) -> None:
    pins = page.body.pin_row
    assert not pins.isVisible()
    page.select(group="s19j")
    assert pins.isVisible()
    assert pins.said == "412 × S19j Pro"
    assert pins.buttons[Pin.FREE].isChecked()
    QTest.mouseClick(pins.buttons[Pin.FREE], Qt.MouseButton.LeftButton)
    assert stage.commands == []
    QTest.mouseClick(pins.buttons[Pin.OFF], Qt.MouseButton.LeftButton)
    assert stage.commands == ["Pin S19j Pro, Texas 1 off"]
    stage.context.services.book.read_only = True
    QTest.mouseClick(pins.buttons[Pin.ON], Qt.MouseButton.LeftButton)
    assert stage.toasts[-1] == ("This book cannot be changed here.", "error")
    assert pins.buttons[Pin.OFF].isChecked()
    page.select(group="s19j-north")
    assert pins.said == "300 × S19j Pro: pinned on, costs 215 USD"
    assert pins.buttons[Pin.ON].isChecked()
    run(page, "plan.none")
    assert not pins.isVisible()


def test_the_fleet_is_a_key_away(page: PlanPage, stage: Stage) -> None:
    page.select(group="xp")
    assert run(page, "plan.fleet")
    assert stage.asked.pages == [("fleet", {"group": "xp"})]


def test_moves_are_copied_as_text(page: PlanPage, stage: Stage) -> None:
    assert run(page, "plan.copy")
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Now: power down 102 of 2,694 rigs")
    assert "Too close to call" not in text
    assert stage.toasts[-1][1] == "done"
    menu = page.body.export_button.menu()
    menu.actions()[-1].trigger()
    assert run(page, "plan.copy")
    assert "Too close to call:" in QGuiApplication.clipboard().text()


@pytest.mark.parametrize(
    ("action", "name", "start"),
    [
        ("plan.export.csv", "moves.csv", b"\xef\xbb\xbfat,until,site"),
        ("plan.export.calendar", "moves.ics", b"BEGIN:VCALENDAR"),
        ("plan.export.text", "moves.txt", b"Now: power down 102 of 2,694 rigs"),
        ("plan.bands.csv", "plan.csv", b"\xef\xbb\xbftime (UTC)"),
        ("plan.states.csv", "states.csv", b"\xef\xbb\xbfsite,group"),
    ],
)
def test_files_are_written_off_the_gui_thread(
    page: PlanPage,
    stage: Stage,
    qtbot: QtBot,
    tmp_path: Path,
    action: str,
    name: str,
    start: bytes,
) -> None:
    assert run(page, action)
    (dialog,) = page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / name))
    dialog.reject()
    qtbot.waitUntil(lambda: bool(stage.toasts))
    assert stage.toasts[-1] == (f"{name} was written.", "done")
    assert (tmp_path / name).read_bytes().startswith(start)


def test_the_bands_menu_saves_too(page: PlanPage) -> None:
    texts = [entry.text() for entry in page.body.bands._copy.menu().actions()]
    assert texts[-2:] == [
        "The next days: save as CSV…",
        "States of the groups: save as CSV…",
    ]
    page.body.bands._copy.menu().actions()[-1].trigger()
    (dialog,) = page.findChildren(QFileDialog)
    dialog.reject()


def test_a_disk_that_refuses_is_told(
    page: PlanPage, stage: Stage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.exporting.write(tmp_path / "nowhere" / "x.csv", lambda: b"")
    qtbot.waitUntil(lambda: bool(stage.toasts))
    assert stage.toasts[-1][1] == "error"


def test_an_example_and_old_numbers_say_so_first(page: PlanPage, stage: Stage) -> None:
    stage.state.set_slice("evaluation", evaluate(PLAN.book, example_network()))
    page.tick(stage.now)
    assert page.sentence.startswith("Example of 19 January 2026: Now: power down")
    assert page.detail.startswith("Example of 19 January 2026: Worth")
    assert page.below.property("role") == "muted"
    old = evaluate(PLAN.book, network(price_age=timedelta(hours=3)))
    stage.state.set_slice("evaluation", old)
    page.tick(NOW)
    assert page.sentence.startswith("No advice: the price is 3 h old;")
    assert page.detail.startswith("On those numbers: Now: start 102")


@pytest.fixture
def bare(stage: Stage, qtbot: QtBot) -> PlanPage:
    made = PlanPage(stage.context)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def press(page: PlanPage) -> None:
    for button in page.findChildren(QPushButton):
        if button.isVisible():
            button.click()


def test_before_the_first_plan_it_waits(bare: PlanPage, stage: Stage) -> None:
    assert bare.shows_empty
    assert bare.sentence == ""
    stage.state.set_slice("evaluation", evaluate(PLAN.book))
    bare.tick(NOW)
    assert bare.shows_empty
    assert not run(bare, "plan.export.csv")


def test_an_empty_book_leads_to_the_fleet(bare: PlanPage, stage: Stage) -> None:
    stage.state.set_slice("evaluation", evaluate(Book()))
    bare.tick(NOW)
    press(bare)
    # One sentence and one button; a headline would say the same.
    assert bare.sentence == ""
    assert stage.asked.pages == [("fleet", {})]


def test_without_numbers_the_sources_can_be_asked_unless_offline(
    bare: PlanPage, stage: Stage
) -> None:
    stage.state.set_slice("evaluation", evaluate(PLAN.book, NetworkState()))
    bare.tick(NOW)
    assert bare.sentence.startswith("No figures yet")
    press(bare)
    assert stage.asked.actions == ["network.poll"]
    bare.context.services.refresh.offline = True
    stage.state.set_slice("evaluation", evaluate(PLAN.book, NetworkState()))
    bare.tick(NOW)
    press(bare)
    assert stage.asked.actions == ["network.poll"]


def test_a_plan_that_cannot_be_leads_to_power(page: PlanPage, stage: Stage) -> None:
    stage.state.set_slice("plan", a_plan(cannot="Texas 1 must draw 9 MW, which no rigs do."))
    page.tick(NOW)
    assert page.shows_empty
    assert page.sentence == "There is no plan."
    assert not run(page, "plan.export.csv"), "an old plan is not written"
    press(page)
    assert stage.asked.pages == [("power", {})]
    stage.state.set_slice("plan", PLAN)
    page.tick(NOW)
    assert not page.shows_empty


def test_a_tick_without_change_paints_nothing(page: PlanPage, stage: Stage, qtbot: QtBot) -> None:
    qtbot.wait(150)
    bands = page.body.bands
    charts = (bands.price, bands.gantt, bands.kw)
    before = [chart.paints for chart in charts]
    for _count in range(5):
        page.tick(stage.now)
    qtbot.wait(150)
    assert [chart.paints for chart in charts] == before


def test_many_groups_are_folded_and_can_be_unfolded(page: PlanPage, stage: Stage) -> None:
    assert not page.body.controls.fold.isVisible()
    stage.fill(a_plan(copies=40))
    page.tick(NOW)
    fold = page.body.controls.fold
    assert fold.isVisible()
    fold.setChecked(True)
    assert page.body.scene is not None
    assert len(page.body.scene.rows) == 8
    fold.setChecked(False)
    assert len(page.body.scene.rows) == 242


def test_everything_has_a_name(page: PlanPage) -> None:
    assert nameless(page) == []


@pytest.mark.parametrize("size", [(1103, 690), (1740, 960), (784, 500)])
def test_nothing_stands_outside(page: PlanPage, stage: Stage, size: tuple[int, int]) -> None:
    stage.state.set_slice("plan", a_plan(finished=False))
    page.tick(NOW)
    page.resize(*size)
    page.grab()
    stop = page.improving.stop
    assert stop.width() >= stop.sizeHint().width()
    assert stop.mapTo(page, stop.rect().bottomRight()).x() < page.width()
    for band in (page.body.bands.price, page.body.bands.gantt, page.body.bands.kw):
        assert band.width() > 340
        assert band.height() > 60
    assert page.body.moves.view.width() > 280
    assert page.body.moves.view.height() > 60


def test_the_theme_is_switched_live(page: PlanPage, theme: Theme) -> None:
    light = page.body.bands.price._known.opts["pen"].color().name()
    theme.choose("dark")
    assert page.body.bands.price._known.opts["pen"].color().name() != light


def test_a_plan_for_no_site_is_waited_for(page: PlanPage, stage: Stage) -> None:
    stage.state.set_slice("plan", replace(PLAN, network_revision=2))
    page.tick(NOW)
    assert page.shown is not PLAN
    assert not page.shows_empty


def test_sliders_and_boxes_are_whole_in_a_narrow_window(page: PlanPage, qtbot: QtBot) -> None:
    page.resize(784, 540)  # what a window of 960 px leaves
    qtbot.waitUntil(lambda: page.body.viewport().width() < 740)
    for row in (page.body.sliders, page.body.controls):
        assert row.width() >= row.minimumSizeHint().width(), type(row).__name__
