"""What every test of the window stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.support.leaks import no_leaks, no_qt_warnings

__all__ = ["no_leaks", "no_qt_warnings"]


class PatientBot(QtBot):
    """Waits as long as a loaded machine may take; what never comes fails all the same."""

    def waitUntil(  # noqa: N802 - the base's name
        self, callback: Callable[[], bool | None], *, timeout: int = 60_000
    ) -> None:
        super().waitUntil(callback, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:  # noqa: ARG001 - must be there
    return PatientBot(request)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme, worn by the application."""
    worn = Theme("light")
    worn.apply(qapp)
    yield worn
    worn.deleteLater()


@pytest.fixture
def tasks() -> Iterator[TaskRunner]:
    """A task runner that is shut down after the test."""
    runner = TaskRunner()
    yield runner
    assert runner.shutdown(5)
