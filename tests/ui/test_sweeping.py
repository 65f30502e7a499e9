"""What Qt owns must die in the GUI thread: a worker that collects would end the process."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from minerdesk.domain.cancel import CancelToken
from minerdesk.ui.sweeping import Sweeper
from minerdesk.ui.tasks import TaskRunner


class Knot(QObject):
    """An object that only a collection can free, as most of a chart's items are."""

    def __init__(self, freed_in: list[str]) -> None:
        super().__init__()
        self.myself = self
        weakref.finalize(self, lambda: freed_in.append(threading.current_thread().name))


@pytest.fixture
def sweeper() -> Iterator[Sweeper]:
    made = Sweeper()
    made.start()
    yield made
    made.stop()


def allocate(_token: CancelToken | None = None) -> None:
    """Make so much garbage of all ages that Python would collect several times."""
    for _round in range(30):
        [[[]] for _each in range(5_000)]


def test_a_worker_frees_nothing_of_qt(tasks: TaskRunner, qtbot: QtBot) -> None:
    gc.collect()
    freed_in: list[str] = []
    done: list[None] = []
    Knot(freed_in)
    tasks.start("allocate", allocate, done=done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert freed_in == []
    kept: list[list[None]] = [[] for _each in range(gc.get_threshold()[0] + 1)]
    qtbot.waitUntil(lambda: bool(freed_in))
    assert len(kept) > 0
    assert freed_in == [threading.main_thread().name]


def test_what_is_young_is_swept_on_the_timer(sweeper: Sweeper, qtbot: QtBot) -> None:
    freed_in: list[str] = []
    Knot(freed_in)
    allocate()
    kept: list[list[None]] = [[] for _each in range(gc.get_threshold()[0] + 1)]
    assert freed_in == []
    assert len(kept) > 0
    qtbot.waitUntil(lambda: bool(freed_in))
    assert sweeper is not None


def test_everything_is_swept_once_in_a_while(sweeper: Sweeper) -> None:
    freed_in: list[str] = []
    Knot(freed_in)
    gc.collect(0)
    for _tick in range(600):
        sweeper.sweep()
    assert freed_in == [threading.main_thread().name]


def test_python_collects_again_afterwards() -> None:
    one, other = Sweeper(), Sweeper()
    one.start()
    other.start()
    one.stop()
    assert gc.isenabled()
    other.sweep()
    assert not gc.isenabled(), "the other still runs"
    other.stop()
    assert gc.isenabled()
