from __future__ import annotations

import threading

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
