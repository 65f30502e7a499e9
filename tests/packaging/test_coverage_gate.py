from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.checkout import PACKAGING

Counts = tuple[int, int, int, int]  # covered lines, lines, covered branches, branches
GOOD: dict[str, Counts] = {
    "minerdesk/engine/tariff.py": (10, 10, 4, 4),
    "minerdesk/storage/atomic.py": (10, 10, 0, 0),
    "minerdesk/feeds/base.py": (9, 10, 9, 10),
    "minerdesk/app.py": (45, 50, 0, 0),
    "minerdesk/__main__.py": (0, 2, 0, 0),
    "minerdesk/cli.py": (20, 20, 0, 0),
}


def gate(folder: Path, files: dict[str, Counts]) -> tuple[int, list[str]]:
    """Run the gate on a report of `files`; return its code and its lines."""
    names = ("covered_lines", "num_statements", "covered_branches", "num_branches")
    entries = {
        path: {"summary": dict(zip(names, counts, strict=True))} for path, counts in files.items()
    }
    report = folder / "coverage.json"
    report.write_text(json.dumps({"files": entries}), encoding="utf-8")
    command = [sys.executable, str(PACKAGING / "coverage_gate.py"), str(report)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


def test_enough_everywhere_passes_with_one_line_a_package(tmp_path: Path) -> None:
    code, lines = gate(tmp_path, GOOD)
    assert code == 0
    assert [line.split()[0] for line in lines] == ["engine", "feeds", "minerdesk", "storage"]
    assert "UNDER" not in "".join(lines)


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("minerdesk/engine/tariff.py", (9, 10, 4, 4)),
        ("minerdesk/engine/tariff.py", (10, 10, 3, 4)),
        ("minerdesk/storage/atomic.py", (99_999, 100_000, 0, 0)),
        ("minerdesk/feeds/base.py", (9, 10, 8, 10)),
        ("minerdesk/app.py", (40, 50, 0, 0)),
    ],
)
def test_one_package_under_its_gate_fails(path: str, counts: Counts, tmp_path: Path) -> None:
    code, lines = gate(tmp_path, {**GOOD, path: counts})
    assert code == 1
    assert len([line for line in lines if "UNDER THE GATE" in line]) == 1


@pytest.mark.parametrize("room", ["engine", "storage"])
def test_a_package_that_was_not_measured_fails(room: str, tmp_path: Path) -> None:
    code, lines = gate(tmp_path, {path: n for path, n in GOOD.items() if room not in path})
    assert code == 1
    assert [line.split()[0] for line in lines if "UNDER" in line] == [room]


def test_paths_of_windows_are_understood(tmp_path: Path) -> None:
    code, lines = gate(tmp_path, {path.replace("/", "\\"): n for path, n in GOOD.items()})
    assert code == 0
    assert len(lines) == 4
