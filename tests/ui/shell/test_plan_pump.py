from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.domain.book import Book
from minerdesk.domain.readings import Gauge, Quantity
from minerdesk.services.planning.plan import PlanOptions
from minerdesk.ui.plan_pump import PlanPump
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from tests.services.planning.a_plan import book, network, plan
from tests.support.fake_desk import NOW, FakeDesk, network_state, reading


class Clock:
    """A time that only the test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FakeDesk]:
    made = FakeDesk(tmp_path)
    made.planned = plan(book(), network())
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(qtbot: QtBot) -> DeskState:  # noqa: ARG001 - Qt must be there
    return DeskState()


@pytest.fixture
def pump(desk: FakeDesk, state: DeskState, clock: Clock, qtbot: QtBot) -> Iterator[PlanPump]:
    tasks = TaskRunner()
    made = PlanPump(desk, state, tasks, clock)
    state.set_slice("network", network_state())
    made.look()
    qtbot.waitUntil(lambda: not made.busy)
    assert len(desk.plans) == 1
    yield made
    made.stop()
    tasks.shutdown()


def renamed(old: Book, name: str) -> Book:
    return replace(old, name=name)


def again(pump: PlanPump, desk: FakeDesk, qtbot: QtBot) -> bool:
    """Look once more; tell whether it planned anew."""
    before = len(desk.plans)
    pump.look()
    qtbot.waitUntil(lambda: not pump.busy)
    return len(desk.plans) > before


def test_the_plan_comes_into_its_slice(pump: PlanPump, desk: FakeDesk, state: DeskState) -> None:
    assert state.slice("plan") is desk.planned
    assert not pump.busy


def test_the_same_again_is_no_reason(pump: PlanPump, desk: FakeDesk, qtbot: QtBot) -> None:
    assert not again(pump, desk, qtbot)


@pytest.mark.parametrize(("factor", "anew"), [(1.002, False), (1.003, True), (0.99, True)])
def test_only_a_move_of_the_price_that_matters_counts(
    pump: PlanPump, desk: FakeDesk, state: DeskState, qtbot: QtBot, factor: float, anew: bool
) -> None:
    price = reading(Quantity.PRICE, 93_049 * factor, source="Kraken", currency="USD")
    state.set_slice("network", replace(network_state(), price=Gauge(price), revision=1001))
    assert again(pump, desk, qtbot) is anew


def test_numbers_that_go_missing_count(
    pump: PlanPump, desk: FakeDesk, state: DeskState, qtbot: QtBot
) -> None:
    state.set_slice("network", replace(network_state(), fees=Gauge(), revision=1001))
    assert again(pump, desk, qtbot)
    state.set_slice("network", replace(network_state(), price=Gauge(), revision=1002))
    assert again(pump, desk, qtbot)


def test_an_edit_a_new_step_and_time_count(
    pump: PlanPump, desk: FakeDesk, clock: Clock, qtbot: QtBot
) -> None:
    desk.book.apply("rename", lambda old: replace(old, name="new"))
    assert again(pump, desk, qtbot)
    assert isinstance(desk.plans[-1][0], Book)
    assert desk.plans[-1][0].name == "new"
    clock.now += timedelta(minutes=9)
    assert not again(pump, desk, qtbot)
    clock.now += timedelta(minutes=2)
    assert again(pump, desk, qtbot)
    clock.now = NOW + timedelta(hours=1)
    assert again(pump, desk, qtbot)


def test_another_horizon_counts(pump: PlanPump, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.plan_options = PlanOptions(hours=24)
    assert again(pump, desk, qtbot)
    assert desk.plans[-1][3] == PlanOptions(hours=24)


def test_a_burst_of_edits_is_planned_once(pump: PlanPump, desk: FakeDesk, qtbot: QtBot) -> None:
    before = len(desk.plans)
    for name in ("a", "b", "c"):
        desk.book.apply("rename", partial(renamed, name=name))
        pump.look()
    qtbot.waitUntil(lambda: not pump.busy)
    assert len(desk.plans) == before + 1


def test_asked_for_it_plans_whatever_is_known(pump: PlanPump, desk: FakeDesk, qtbot: QtBot) -> None:
    before = len(desk.plans)
    pump.ask()
    qtbot.waitUntil(lambda: not pump.busy)
    assert len(desk.plans) == before + 1


def test_a_fault_is_told_and_leaves_no_plan(
    pump: PlanPump, desk: FakeDesk, state: DeskState, qtbot: QtBot
) -> None:
    desk.plan_error = ValueError("broken")
    failed: list[str] = []
    pump.tasks.failed.connect(lambda name, _error: failed.append(name))
    pump.ask()
    qtbot.waitUntil(lambda: bool(failed))
    assert failed == ["plan"]
    assert state.slice("plan") is None


def test_stopped_it_awaits_nothing(pump: PlanPump) -> None:
    pump.ask()
    assert pump.busy
    pump.stop()
    assert not pump.busy


def test_the_best_so_far_is_kept_when_it_is_enough(
    pump: PlanPump, desk: FakeDesk, state: DeskState, qtbot: QtBot
) -> None:
    assert not pump.improving
    rough = replace(plan(book(), network()), finished=False)
    desk.planned, desk.plan_s = rough, 30.0
    pump.ask()
    qtbot.waitUntil(lambda: pump.improving)
    pump.settle()
    kept = state.slice("plan")
    assert kept == replace(rough, finished=True)
    assert not pump.improving
    assert not pump.busy
    assert not again(pump, desk, qtbot), "it is kept until something changes"
    pump.settle()
    assert state.slice("plan") is kept


def test_without_numbers_it_waits(desk: FakeDesk, clock: Clock, qtbot: QtBot) -> None:  # noqa: ARG001 - Qt must be there
    tasks = TaskRunner()
    made = PlanPump(desk, DeskState(), tasks, clock)
    made.look()
    assert not made.busy
    tasks.shutdown()
