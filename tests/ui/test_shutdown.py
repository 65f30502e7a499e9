from __future__ import annotations

import pytest

from minerdesk.ui.shutdown import Shutdown


def test_steps_run_in_reverse_and_once() -> None:
    ran: list[str] = []
    shutdown = Shutdown()
    for name in ("first", "second"):
        shutdown.add(name, lambda _left, name=name: ran.append(name))  # type: ignore[misc] # a default binds it
    assert shutdown.run()
    assert shutdown.run()
    assert ran == ["second", "first"]


def test_a_failing_step_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    ran: list[str] = []
    shutdown = Shutdown()
    shutdown.add("last", lambda _left: ran.append("last"))
    shutdown.add("bad", lambda _left: 1 / 0)
    assert not shutdown.run()
    assert ran == ["last"]
    assert "shutting down bad failed" in caplog.text


def test_time_is_shared() -> None:
    now = [0.0]
    seen: list[float] = []
    shutdown = Shutdown(5, lambda: now[0])

    def slow(left_s: float) -> bool:
        seen.append(left_s)
        now[0] += 4
        return True

    for name in "abc":
        shutdown.add(name, slow)
    shutdown.run()
    assert seen == [5, 1, 0]


def test_what_did_not_end_is_said() -> None:
    shutdown = Shutdown()
    shutdown.add("deaf", lambda _left: False)
    assert not shutdown.run()
    assert not shutdown.run()
