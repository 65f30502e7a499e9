"""What every test of the window stands on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.support.leaks import no_leaks, no_qt_warnings

__all__ = ["no_leaks", "no_qt_warnings"]


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
