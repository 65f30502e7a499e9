"""A day before the plan: what to do, done, undone, not done and why, and the log beside another."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from minerdesk.services.evaluation import Evaluation
from minerdesk.ui.dialogs.decisions import DecisionsDialog
from minerdesk.ui.dialogs.not_done import NotDoneDialog
from tests.end_to_end.operator import Operator, at_the_desk, send_to
from tests.support.fake_world import FakeWorld


def planned(operator: Operator) -> bool:
    found = operator.window.context.state.slice("evaluation")
    return isinstance(found, Evaluation) and found.plan is not None


def log_of(operator: Operator) -> DecisionsDialog:
    operator.window.table["app.decisions"].run()
    dialog = operator.window.findChildren(DecisionsDialog)[-1]
    operator.wait(lambda: dialog.said.text() != "Reading…")
    return dialog


def test_what_the_plan_asks_for_is_done_and_logged_and_read_by_another_window(
    qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    send_to(fake_world, profile)
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait(lambda: operator.window.ready and planned(operator))
        assert "412 of 12,000 rigs" in operator.headline()
        operator.press("Not done…  N")
        (dialog,) = operator.window.findChildren(NotDoneDialog)
        dialog.words.setText("The crane is in the way")
        dialog.give()
        operator.beat()
        assert "The crane is in the way" in operator.page()
        operator.press("Mark done  D")
        operator.wait()
        operator.window.table["edit.undo"].run()
        operator.wait()
        log = log_of(operator)
        outcomes = sorted(log.model.text(row, 1) for row in range(log.model.rowCount()))
        assert outcomes == ["done, taken back", "not done: The crane is in the way"]
        log.close()
        with at_the_desk(qapp, profile, farm) as second:
            second.wait()
            assert second.window.desk.book.read_only
            log = log_of(second)
            assert log.model.rowCount() == 2
            log.close()
