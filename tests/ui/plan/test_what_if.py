from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from minerdesk.domain.errors import UserError
from minerdesk.services.planning.plan import Plan, PlanOptions, WhatIf
from minerdesk.ui.pages.plan import PlanPage
from tests.support.evaluations import NOW
from tests.support.plans import a_plan
from tests.ui.plan.conftest import PLAN, Stage

PATIENCE_MS = 60_000  # for a machine that does much else


def answered(page: PlanPage) -> bool:
    return not page.replanner.busy


def rough(options: PlanOptions) -> Plan:
    plan = a_plan(options=options)
    return a_plan(options=options, finished=False, bound=plan.objective * 1.008)


def test_a_slider_re_plans_for_this_page_alone(page: PlanPage, stage: Stage, qtbot: QtBot) -> None:
    page.body.sliders.power.setValue(40)
    assert page.body.note.text() == "re-planning…"
    qtbot.waitUntil(lambda: answered(page), timeout=PATIENCE_MS)
    assert stage.planner.asked == [PlanOptions(48, 60, WhatIf(price_per_kwh=1.4))]
    assert page.shown is not PLAN
    assert page.sentence.startswith("What if: power price +40%. ")
    assert stage.state.slice("plan") is PLAN, "no other page hears of it"
    assert page.body.note.text() == ""


def test_reset_brings_the_plan_back_at_once(page: PlanPage, stage: Stage, qtbot: QtBot) -> None:
    sliders = page.body.sliders
    assert not sliders.reset_button.isEnabled()
    sliders.price.setValue(-50)
    qtbot.waitUntil(lambda: answered(page), timeout=PATIENCE_MS)
    assert sliders.reset_button.isEnabled()
    sliders.reset_button.click()
    assert page.shown is PLAN
    assert sliders.what_if.is_real
    assert len(stage.planner.asked) == 1
    sliders.reset()
    assert page.shown is PLAN


def test_the_newest_question_alone_is_answered(page: PlanPage, stage: Stage, qtbot: QtBot) -> None:
    stage.planner.wait_s = 0.15
    for value in (5, 10, 15):
        page.body.sliders.price.setValue(value)
        qtbot.wait(90)
    qtbot.waitUntil(lambda: answered(page), timeout=PATIENCE_MS)
    assert len(stage.planner.asked) == 3
    assert page.shown is not None
    assert page.shown.options.what_if.price_per_btc == pytest.approx(1.15)


def test_a_dragged_slider_asks_where_it_rests(page: PlanPage, stage: Stage, qtbot: QtBot) -> None:
    for value in range(1, 30):
        page.body.sliders.difficulty.setValue(value)
    qtbot.waitUntil(lambda: answered(page), timeout=PATIENCE_MS)
    assert [each.what_if.difficulty for each in stage.planner.asked] == [1.29]


def test_better_plans_are_shown_as_they_come(page: PlanPage, stage: Stage, qtbot: QtBot) -> None:
    stage.planner.first, stage.planner.held = rough, threading.Event()
    page.body.sliders.price.setValue(20)
    qtbot.waitUntil(lambda: "improving… 0.8%" in page.detail, timeout=PATIENCE_MS)
    stage.planner.held.set()
    qtbot.waitUntil(lambda: answered(page), timeout=PATIENCE_MS)
    assert "proved within" in page.detail


def test_the_answer_so_far_is_kept_when_it_is_enough(
    page: PlanPage, stage: Stage, qtbot: QtBot
) -> None:
    assert not page.improving.isVisible()
    stage.planner.first, stage.planner.held = rough, threading.Event()
    page.body.sliders.price.setValue(20)
    qtbot.waitUntil(lambda: "improving…" in page.detail, timeout=PATIENCE_MS)
    stop = page.improving.stop
    assert stop.isVisible()
    QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert answered(page)
    assert "proved within 0.8%" in page.detail
    assert page.sentence.startswith("What if: BTC price +20%. ")
    page.tick(stage.now)
    assert not stop.isVisible()


def test_the_desks_own_search_shows_its_time_and_is_ended_from_here(
    page: PlanPage, stage: Stage
) -> None:
    stage.state.set_slice("plan", a_plan(finished=False))
    page.tick(NOW + timedelta(seconds=12))
    bar = page.improving.bar
    assert bar.isVisible()
    assert (bar.value(), bar.maximum()) == (12, 30)
    assert bar.accessibleDescription() == "12 of at most 30 s"
    QTest.keyClick(page.improving.stop, Qt.Key.Key_Space)
    assert stage.asked.actions == ["plan.settle"]
    stage.state.set_slice("plan", a_plan())
    page.tick(NOW + timedelta(seconds=13))
    assert not bar.isVisible()


def test_newer_numbers_are_asked_the_same(page: PlanPage, stage: Stage, qtbot: QtBot) -> None:
    page.body.sliders.price.setValue(20)
    qtbot.waitUntil(lambda: answered(page), timeout=PATIENCE_MS)
    stage.state.set_slice("plan", a_plan(NOW + timedelta(minutes=5)))
    page.tick(stage.now)
    qtbot.waitUntil(lambda: answered(page), timeout=PATIENCE_MS)
    assert len(stage.planner.asked) == 2
    assert page.sentence.startswith("What if: BTC price +20%. ")


@pytest.mark.parametrize("way", ["raised", "said"])
def test_a_question_without_a_plan_keeps_what_is_drawn(
    page: PlanPage, stage: Stage, qtbot: QtBot, way: str
) -> None:
    def refuse(options: PlanOptions) -> Plan:
        if way == "raised":
            raise UserError("It cannot be.")
        return a_plan(options=options, cannot="It cannot be.")

    stage.planner.answer = refuse
    page.body.sliders.price.setValue(20)
    qtbot.waitUntil(lambda: answered(page), timeout=PATIENCE_MS)
    assert page.body.note.text() == "No such plan: It cannot be."
    assert page.shown is PLAN
    assert not page.shows_empty
    page.body.sliders.reset()
    assert page.body.note.text() == ""


def test_a_fault_of_ours_is_reported_as_one(page: PlanPage, stage: Stage, qtbot: QtBot) -> None:
    def break_down(_options: PlanOptions) -> Plan:
        raise ZeroDivisionError

    stage.planner.answer = break_down
    with qtbot.waitSignal(page.context.tasks.failed):
        page.body.sliders.price.setValue(20)
    assert not page.replanner.busy


def test_a_horizon_is_kept_and_shown_at_once(page: PlanPage, stage: Stage, qtbot: QtBot) -> None:
    page.body.controls.horizon.setCurrentIndex(3)
    qtbot.waitUntil(lambda: answered(page), timeout=PATIENCE_MS)
    assert stage.planner.asked == [PlanOptions(168, 60)]
    assert page.shown is not None
    assert page.shown.options.hours == 168
    assert "over always-on in 7 d" in page.detail
    assert [kept.number("plan.hours") for kept in stage.kept] == [168]
    stage.state.set_slice("plan", a_plan(hours=168))
    page.tick(stage.now)
    assert page.shown is stage.state.slice("plan")


def test_sliders_speak_their_value_and_take_keys(page: PlanPage) -> None:
    slider = page.body.sliders.price
    QTest.keyClick(slider, Qt.Key.Key_PageUp)
    assert slider.accessibleName() == "What if: BTC price +10%"
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert page.body.sliders.what_if.price_per_btc == 0.5
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert page.body.sliders.what_if.price_per_btc == 2.0
