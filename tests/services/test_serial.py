from __future__ import annotations

import threading
from collections.abc import Callable

from minerdesk.domain.errors import WorldError
from minerdesk.services.serial import SerialWorker


def test_it_keeps_the_order_and_one_thread() -> None:
    seen: list[int] = []
    threads: set[int] = set()
    worker = SerialWorker("test-serial", seen.append)  # type: ignore[arg-type] # never called

    def note(number: int) -> None:
        seen.append(number)
        threads.add(threading.get_ident())

    for number in range(50):
        worker.submit(lambda number=number: note(number))  # type: ignore[misc] # a default binds
    worker.close()
    assert seen == list(range(50))
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_an_error_is_told_and_the_rest_goes_on() -> None:
    errors: list[BaseException] = []
    done = []
    worker = SerialWorker("test-serial", errors.append)

    def fail() -> None:
        raise OSError("the disk is full")

    worker.submit(fail)
    worker.submit(lambda: done.append(1))
    worker.close()
    assert [str(error) for error in errors] == ["the disk is full"]
    assert done == [1]


def test_after_close_nothing_is_taken() -> None:
    worker = SerialWorker("test-serial", lambda _error: None)
    worker.close()
    worker.close()
    assert worker.submit(lambda: 1) is None


def test_what_the_world_refused_is_a_problem_until_it_goes_well() -> None:
    errors: list[BaseException] = []
    worker = SerialWorker("test-serial", errors.append)

    def fail() -> None:
        raise WorldError("The disk is full.")

    def wait(work: Callable[[], None]) -> None:
        done = worker.submit(work)
        assert done is not None
        done.exception(timeout=10)
        follow = worker.submit(lambda: worker.problem)  # callbacks of the one before have run
        assert follow is not None
        said.append(follow.result(timeout=10))

    said: list[str] = []
    assert worker.problem == ""
    wait(fail)
    wait(lambda: None)
    worker.close()
    assert said == ["The disk is full.", ""]
    assert [str(error) for error in errors] == ["The disk is full."]
