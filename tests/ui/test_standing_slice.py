from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from minerdesk.assembly import build
from minerdesk.services.standing.view import StandingView
from minerdesk.ui.pump import Pump
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from tests.support.evaluations import NOW


def test_the_slice_follows_evaluation_and_choice(
    tasks: TaskRunner, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = build(tmp_path / "profile", offline=True, clock=lambda: NOW)
    desk.book.new(desk.book.read(desk.sample("farm")).book)
    state = DeskState()
    pump = Pump(desk, state, tasks)

    def view() -> StandingView | None:
        found = state.slice("standing")
        return found if isinstance(found, StandingView) else None

    def settled_on(best_states: bool) -> bool:
        found = view()
        return pump.settled and found is not None and found.choice.best_states is best_states

    pump.start()
    try:
        qtbot.waitUntil(lambda: settled_on(True))
        found = view()
        assert found is not None
        assert found.evaluation is state.slice("evaluation")
        assert found.costs is not None
        assert "Antminer S21 XP Hyd (473 TH)" in found.costs.names
        desk.standing.choose(replace(desk.standing.choice, best_states=False))
        qtbot.waitUntil(lambda: settled_on(False))
    finally:
        pump.stop()
        desk.close()
    desk.standing.choose(replace(desk.standing.choice, best_states=True))
    assert pump.settled
