from __future__ import annotations

import math
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from minerdesk.domain.decisions import Outcome
from minerdesk.domain.errors import WorldError
from minerdesk.storage.decision_file import DecisionFile
from tests.support.decisions import BASE, a_decision
from tests.support.evaluations import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "decisions.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[DecisionFile]:
    opened = DecisionFile(path, lambda: NOW)
    yield opened
    opened.close()
    opened.close()


def test_what_was_added_comes_back_whole_newest_first(log: DecisionFile) -> None:
    odd = a_decision(
        at=NOW + HOUR,
        outcome=Outcome.NOT_DONE,
        reason="Curtailed by hand; 'quoted' \n second line, ü ₿",
        until=None,
        plan_made_at=None,
        worth=math.nan,
        break_even_per_kwh=math.nan,
        a_day=True,
    )
    first, second = log.add([BASE, odd])
    assert log.add([]) == ()
    newest, oldest = log.read()
    assert oldest == replace(BASE, id=first)
    assert math.isnan(newest.worth)
    assert math.isnan(newest.break_even_per_kwh)
    filled = replace(newest, worth=0.0, break_even_per_kwh=0.0)
    assert filled == replace(odd, id=second, worth=0.0, break_even_per_kwh=0.0)
    assert newest.in_force


def test_only_what_is_asked_for(log: DecisionFile) -> None:
    log.add([a_decision(at=NOW + n * HOUR, group=f"g{n}", book=f"b{n % 2}") for n in range(4)])
    assert [each.group for each in log.read(since=NOW + HOUR, until=NOW + 3 * HOUR)] == ["g2", "g1"]
    assert [each.group for each in log.read(book="b1")] == ["g3", "g1"]
    assert [each.group for each in log.read(book="b1", group="g1")] == ["g1"]


def test_taking_back_leaves_the_line_and_says_when(log: DecisionFile) -> None:
    one, two = log.add([BASE, BASE])
    log.withdraw([two], NOW + HOUR)
    assert [(each.id, each.withdrawn_at) for each in log.read()] == [(two, NOW + HOUR), (one, None)]
    log.withdraw([two], None)
    assert all(each.in_force for each in log.read())


def test_two_processes_of_a_profile_write_and_read_one_log(log: DecisionFile, path: Path) -> None:
    other = DecisionFile(path, lambda: NOW)
    log.add([BASE])
    other.add([a_decision(group="other")])
    assert (
        {each.group for each in log.read()} == {"s19j", "other"} == {e.group for e in other.read()}
    )
    other.close()


def test_a_damaged_file_is_set_aside(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 400)
    log = DecisionFile(path, lambda: NOW)
    assert log.set_aside is not None
    assert log.set_aside.exists()
    log.add([BASE])
    assert len(log.read()) == 1
    log.close()


def test_a_newer_programs_file_is_left_alone(path: Path, log: DecisionFile) -> None:
    log.add([BASE])
    log.close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(WorldError, match="newer program"):
        DecisionFile(path, lambda: NOW)


def test_a_disk_that_refuses_is_one_sentence(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(WorldError, match=r"decision log .* cannot be used"):
        DecisionFile(path, lambda: NOW)


def test_a_write_that_fails_is_one_sentence(path: Path, log: DecisionFile) -> None:
    log.add([BASE])
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TABLE decisions")
    raw.close()
    with pytest.raises(WorldError, match="cannot be used"):
        log.add([BASE])


KILLED = """
import sys
from pathlib import Path
from minerdesk.storage.decision_file import DecisionFile
from tests.support.decisions import a_decision
from tests.support.evaluations import NOW

log = DecisionFile(Path(sys.argv[1]), lambda: NOW)
for number in range(10_000):
    (made,) = log.add([a_decision(reason=str(number))])
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_what_was_recorded_survives_a_kill(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(20)]
        os.kill(process.pid, signal.SIGKILL)
        said += process.stdout.readlines()
    log = DecisionFile(path, lambda: NOW)
    kept = {each.reason for each in log.read()}
    assert {line.strip() for line in said if line.endswith("\n")} <= kept
    assert log.set_aside is None
    log.close()
