"""Real processes killed by SIGKILL in the middle of their work: what is on disk is always whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from minerdesk.storage import book_file
from minerdesk.storage.journal import Journal
from tests.storage.a_book import with_groups

KILLS = 200

# One process imports everything once and forks a child for each kill, so that a kill costs
# milliseconds instead of a start of Python.
SERVER = """
import os, sys
from dataclasses import replace
from pathlib import Path
from tests.storage.a_book import with_groups
from minerdesk.storage import book_file
from minerdesk.storage.journal import Journal

folder = Path(sys.argv[2])
book = with_groups(60)

def save():
    i = 0
    while True:
        i += 1
        groups = tuple(replace(group, note=str(i)) for group in book.groups)
        book_file.save(folder / "farm.minerdesk", replace(book, groups=groups), folder / "backups")

def journal():
    journal = Journal(folder, "book")
    i = 0
    while True:
        i += 1
        groups = tuple(replace(group, note=str(i)) for group in book.groups[: i % 60 + 1])
        journal.append(replace(book, groups=groups), str(i))
        if i % 50 == 0:
            journal.clear()

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        {"save": save, "journal": journal}[sys.argv[1]]()
    print(child, flush=True)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork and no SIGKILL here"),
]


@contextmanager
def server(work: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, work, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
        cwd=root,
    )
    with process:
        yield process


def kill_one(process: subprocess.Popen[str], after_s: float) -> None:
    """Start one child of the server and kill it after a while."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    child = int(process.stdout.readline())
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    assert process.stdout.readline() == "dead\n"


def test_a_kill_during_save_never_harms_the_book(tmp_path: Path) -> None:
    path = tmp_path / "farm.minerdesk"
    book_file.save(path, with_groups(60))
    seen = set()
    interrupted = 0
    with server("save", tmp_path) as process:
        for _ in range(KILLS):
            kill_one(process, random.uniform(0.002, 0.03))
            book = book_file.load(path)
            notes = {group.note for group in book.groups}
            assert len(book.groups) == 60
            assert len(notes) == 1
            seen |= notes
            interrupted += any(file.suffix == ".tmp" for file in tmp_path.iterdir())
    # The kills did strike: many different saves were the last, some were cut in two.
    assert len(seen) > 2
    assert interrupted > 0
    assert all(book_file.load(copy) for copy in tmp_path.glob("backups/*/[0-9]*.minerdesk"))


def test_a_kill_during_an_edit_leaves_every_edit_before_it(tmp_path: Path) -> None:
    seen = set()
    with server("journal", tmp_path) as process:
        for _ in range(KILLS // 2):
            kill_one(process, random.uniform(0.002, 0.03))
            found = Journal(tmp_path, "book").recover()
            if found is not None:
                edit = int(found.text)
                assert {group.note for group in found.book.groups} == {found.text}
                assert len(found.book.groups) == edit % 60 + 1
                seen.add(edit)
    assert len(seen) > 2
