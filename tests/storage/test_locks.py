"""Real processes, real kills: a lock is the operating system's, so nothing less shows anything."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from minerdesk.storage.locks import (
    CannotLock,
    _is_still_there,
    _raise_unless_held,
    acquire,
    book_lock_path,
)

HOLD = """
import sys, time
from pathlib import Path
from minerdesk.storage.locks import acquire
lock = acquire(Path(sys.argv[1]))
print("held" if lock else "refused", flush=True)
time.sleep(60)
"""


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Run another process that takes the lock and keeps it; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_second_is_raise_unless_held_until_the_first_lets_go(tmp_path: Path) -> None:
    path = book_lock_path(tmp_path / "farm.minerdesk")
    first = acquire(path)
    assert first is not None
    assert first.held
    assert acquire(path) is None
    first.release()
    first.release()
    assert not first.held
    second = acquire(path)
    assert second is not None
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_it_is_released_at_the_end_of_a_with(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = acquire(path)
    assert lock is not None
    with lock as held:
        assert held is lock
        assert acquire(path) is None
    assert not lock.held


def test_another_process_is_seen_and_its_lock_dies_with_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with holder(path) as process:
        assert acquire(path) is None
        process.kill()
        process.wait()
        assert path.exists()
        lock = acquire(path)
        assert lock is not None
        lock.release()


def test_a_book_and_a_link_to_it_have_one_lock(tmp_path: Path) -> None:
    book = tmp_path / "farm.minerdesk"
    book.touch()
    link = tmp_path / "other" / "link.minerdesk"
    link.parent.mkdir()
    link.symlink_to(book)
    assert book_lock_path(link) == book_lock_path(book) == tmp_path / ".farm.minerdesk.lock"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotLock, match=r"file cannot be locked.*reading only"):
        acquire(tmp_path / "file" / ".farm.minerdesk.lock")


def test_a_folder_is_no_lock(tmp_path: Path) -> None:
    with pytest.raises(CannotLock):
        acquire(tmp_path)


def test_a_disk_that_knows_no_locks_is_said(tmp_path: Path) -> None:
    # Such a disk (some network shares) cannot be had here, so the answer alone is tested.
    with pytest.raises(CannotLock, match="No locks available"):
        _raise_unless_held(tmp_path / "lock", OSError(errno.ENOLCK, "No locks available"))


RACE = """
import sys, time
from pathlib import Path
from minerdesk.storage.locks import acquire
path, mark, end = Path(sys.argv[1]), Path(sys.argv[2]), time.monotonic() + float(sys.argv[3])
taken = 0
while time.monotonic() < end:
    lock = acquire(path)
    if lock is None:
        continue
    mark.open("x").close()
    mark.unlink()
    lock.release()
    taken += 1
print(taken)
"""


@pytest.mark.slow
def test_never_two_at_once_while_files_come_and_go(tmp_path: Path) -> None:
    # Whoever holds the lock makes a file that must not exist yet: two holders would collide.
    command = [sys.executable, "-c", RACE, str(tmp_path / "lock"), str(tmp_path / "mark"), "1.5"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    taken = [int(process.communicate()[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sum(taken) > 0


def test_however_many_hurry_one_holds_it(tmp_path: Path) -> None:
    path, taken = tmp_path / "l", [0] * 4
    holders: list[int] = []
    most: list[int] = []

    def hurry(number: int) -> None:
        for _time in range(1_500):
            lock = acquire(path)
            if lock is not None:
                holders.append(number)
                most.append(len(holders))
                holders.remove(number)
                taken[number] += 1
                lock.release()

    threads = [threading.Thread(target=hurry, args=(number,)) for number in range(len(taken))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(most) == {1}
    assert any(taken)
    assert not path.exists()


def test_a_file_that_another_holder_removed_is_not_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "l"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        assert _is_still_there(path, descriptor)
        path.unlink()
        assert not _is_still_there(path, descriptor)
        path.touch()
        assert not _is_still_there(path, descriptor)
    finally:
        os.close(descriptor)
