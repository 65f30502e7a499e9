from __future__ import annotations

import sys
import threading

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.domain.cancel import CancelToken
from minerdesk.ui.tasks import TaskRunner


def test_result_arrives_in_the_gui_thread(qtbot: QtBot, tasks: TaskRunner) -> None:
    got: list[tuple[int, threading.Thread]] = []
    ran: list[threading.Thread] = []

    def work(_token: CancelToken) -> int:
        ran.append(threading.current_thread())
        return 7

    tasks.start("seven", work, done=lambda n: got.append((n, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(got))
    assert got == [(7, threading.main_thread())]
    assert ran[0] is not threading.main_thread()
    assert tasks.running == ()


def test_error_reaches_its_handler(qtbot: QtBot, tasks: TaskRunner) -> None:
    errors: list[BaseException] = []

    def work(_token: CancelToken) -> None:
        raise ValueError("boom")

    with qtbot.assertNotEmitted(tasks.failed):
        tasks.start("boom", work, failed=errors.append)
        qtbot.waitUntil(lambda: bool(errors))
    assert str(errors[0]) == "boom"


def test_error_without_handler_is_a_signal(qtbot: QtBot, tasks: TaskRunner) -> None:
    def work(_token: CancelToken) -> None:
        raise ValueError("boom")

    with qtbot.waitSignal(tasks.failed) as sent:
        tasks.start("boom", work)
    assert sent.args is not None
    assert sent.args[0] == "boom"
    assert isinstance(sent.args[1], ValueError)


def test_cancelled_task_is_silent(qtbot: QtBot, tasks: TaskRunner) -> None:
    got: list[object] = []

    def work(token: CancelToken) -> str:
        token.wait(10)
        return "late"

    token = tasks.start("late", work, done=got.append, failed=got.append)
    token.cancel()
    qtbot.waitUntil(lambda: not tasks.running)
    assert got == []


def test_shutdown_wakes_a_sleeping_poller_and_refuses_work() -> None:
    runner = TaskRunner()
    asleep = threading.Event()

    def poll(token: CancelToken) -> None:
        asleep.set()
        while not token.wait(3600):
            pass

    runner.start("poll", poll)
    assert asleep.wait(5)
    assert runner.shutdown(5)
    with pytest.raises(RuntimeError, match="shutdown"):
        runner.start("more", poll)
    assert runner.shutdown(5), "shutting down twice is harmless"


def test_shutdown_says_when_a_task_ignores_its_token() -> None:
    runner = TaskRunner()
    release = threading.Event()
    runner.start("deaf", lambda _token: release.wait(10))
    assert not runner.shutdown(0.05)
    release.set()


def test_two_thousand_tasks(qtbot: QtBot, tasks: TaskRunner) -> None:
    got: list[int] = []
    for n in range(2000):
        tasks.start("n", lambda _token, n=n: n, done=got.append)  # type: ignore[misc] # a default binds n
    qtbot.waitUntil(lambda: len(got) == 2000)
    assert sorted(got) == list(range(2000))


def test_runners_come_and_go() -> None:
    for _ in range(50):
        runner = TaskRunner()
        runner.start("short", lambda _token: None)
        assert runner.shutdown(5)
        runner.deleteLater()


def test_what_is_quick_does_not_wait_for_what_is_slow(tasks: TaskRunner, qtbot: QtBot) -> None:
    go_on = threading.Event()
    got: list[str] = []
    for _slow in range(6):  # more than there are workers of either kind
        tasks.start("plan", lambda _token: go_on.wait(20), slow=True)
    tasks.start("evaluate", lambda _token: "quick", done=got.append)
    qtbot.waitUntil(lambda: got == ["quick"])
    assert tasks.running == ("plan",) * 6
    go_on.set()
    qtbot.waitUntil(lambda: not tasks.running)


def test_the_window_gets_the_interpreter_back_soon(tasks: TaskRunner) -> None:
    del tasks
    # A frame asks for it some fifty times; by itself Python lets it wait for 5 ms each time.
    assert sys.getswitchinterval() <= 0.001
