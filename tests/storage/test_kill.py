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
from datetime import UTC, datetime
from pathlib import Path

import pytest

from minerdesk.storage import book_file, settings_file
from minerdesk.storage.decision_file import DecisionFile
from minerdesk.storage.journal import Journal
from minerdesk.storage.price_files import PriceFiles
from tests.storage.a_book import with_groups

KILLS = 200
NOW = datetime(2026, 1, 19, tzinfo=UTC)

# One process imports everything once and forks a child for each kill, so that a kill costs
# milliseconds instead of a start of Python.
SERVER = """
import os, sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tests.storage.a_book import with_groups
from tests.support.decisions import a_decision
from minerdesk.domain.prices import PriceRows
from minerdesk.storage import book_file, settings_file
from minerdesk.storage.decision_file import DecisionFile
from minerdesk.storage.journal import Journal
from minerdesk.storage.price_files import PriceFiles

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

NOW = datetime(2026, 1, 19, tzinfo=UTC)

def settings():
    path = folder / "settings.toml"
    i = 0
    while True:
        i += 1
        settings_file.write(path, {"display.locale": str(i), "feeds.poll_s": i}, NOW)

def prices():
    files = PriceFiles(folder / "prices")
    hours = tuple(range(0, 3600 * 500, 3600))
    i = 0
    while True:
        i += 1
        files.save("north", PriceRows(hours, (float(i),) * 500, 60, "USD", str(i), NOW))

def decisions():
    log = DecisionFile(folder / "decisions.sqlite", lambda: NOW)
    i = 0
    while True:
        i += 1
        ids = log.add([a_decision(reason=str(i))] * 3)
        with (folder / "kept").open("a") as file:
            file.write(f"{ids[-1]}\\n")

WORK = {
    "save": save,
    "journal": journal,
    "settings": settings,
    "prices": prices,
    "decisions": decisions,
}
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        WORK[sys.argv[1]]()
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


def test_a_kill_during_a_change_of_settings_leaves_old_or_new_ones(tmp_path: Path) -> None:
    seen = set()
    with server("settings", tmp_path) as process:
        for _ in range(KILLS // 8):
            kill_one(process, random.uniform(0.01, 0.06))
            found = settings_file.read(tmp_path / "settings.toml")
            assert not found.broken
            assert found.values.get("display.locale", "0") == str(
                found.values.get("feeds.poll_s", 0)
            )
            seen.add(found.values.get("feeds.poll_s"))
    assert len(seen) > 1
    assert not list(tmp_path.glob("*broken*"))


def test_a_kill_while_prices_are_kept_leaves_old_or_new_ones(tmp_path: Path) -> None:
    seen = set()
    with server("prices", tmp_path) as process:
        for _ in range(KILLS // 8):
            kill_one(process, random.uniform(0.005, 0.04))
            found = PriceFiles(tmp_path / "prices").load("north")
            if found is not None:
                assert set(found.per_kwh) == {float(found.source)}
                assert len(found.per_kwh) == 500
                seen.add(found.source)
    assert len(seen) > 1


def test_a_kill_while_decisions_are_kept_leaves_every_one_that_was(tmp_path: Path) -> None:
    with server("decisions", tmp_path) as process:
        for _ in range(KILLS // 8):
            kill_one(process, random.uniform(0.03, 0.1))
    kept = [int(line) for line in (tmp_path / "kept").read_text().splitlines() if line]
    log = DecisionFile(tmp_path / "decisions.sqlite", lambda: NOW)
    found = [decision.id for decision in log.read()]
    log.close()
    assert log.set_aside is None
    assert kept
    assert set(kept) <= set(found)
    assert len(found) % 3 == 0
