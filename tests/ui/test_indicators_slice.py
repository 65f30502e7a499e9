from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.ui.pump import Pump
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from tests.support.fake_desk import FakeDesk, network_state


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FakeDesk]:
    made = FakeDesk(tmp_path)
    yield made
    made.close()


def test_indicators_are_made_at_the_start_and_after_every_evaluation(
    desk: FakeDesk, tasks: TaskRunner, qtbot: QtBot
) -> None:
    state = DeskState()
    pump = Pump(desk, state, tasks)
    pump.start()
    qtbot.waitUntil(lambda: state.revision("indicators") > 0)
    before = state.revision("indicators")
    state.set_slice("network", network_state())
    qtbot.waitUntil(lambda: state.revision("indicators") > before)
    assert desk.indicated[-1].revision == 1000
    pump.stop()


def test_another_choice_makes_them_anew_until_the_pump_stops(
    desk: FakeDesk, tasks: TaskRunner, qtbot: QtBot
) -> None:
    state = DeskState()
    pump = Pump(desk, state, tasks)
    pump.start()
    qtbot.waitUntil(lambda: pump.settled and bool(desk.indicated))
    before = len(desk.indicated)
    desk.indicators.choose_power_price(0.08)
    qtbot.waitUntil(lambda: len(desk.indicated) > before)
    qtbot.waitUntil(lambda: pump.settled)
    pump.stop()
    stopped = len(desk.indicated)
    desk.indicators.choose_power_price(0.09)
    qtbot.wait(50)
    assert len(desk.indicated) == stopped
