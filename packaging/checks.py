"""Every check of the project, in order, each timed; the first that fails ends the run."""

import os
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import environment
from environment import Environment

QT_DISTRIBUTIONS = ("pyside6-essentials", "pyqtgraph", "pytest-qt")
FREE_OF_QT = ("domain", "engine", "feeds", "storage", "services", "cli")
COVERAGE_REPORT = "build/coverage.json"
CLOSING_LINE = re.compile(r"\b\d+ passed\b.* in [\d.]+s")


@dataclass(frozen=True)
class Step:
    """One check: its name for people and the command that makes it."""

    name: str
    command: list[str]


def static_steps(venv: Environment, checkout: Path) -> Iterator[Step]:
    """Yield what is checked without running the program."""
    scripts = sorted(path.name for path in (checkout / "packaging").glob("*.py"))
    yield Step("ruff check", [str(venv.script("ruff")), "check", "."])
    yield Step("ruff format", [str(venv.script("ruff")), "format", "--check", "."])
    yield Step("mypy", [str(venv.script("mypy"))])
    yield Step("mypy packaging", [str(venv.script("mypy")), *(f"packaging/{n}" for n in scripts)])
    yield Step("lint-imports", [str(venv.script("lint-imports"))])
    yield Step("none drift", [str(venv.python), "packaging/none_drift.py"])


def bare_steps(bare: Environment) -> Iterator[Step]:
    """Yield the tests of everything below the window, on an environment that has no Qt."""
    absent = "import importlib.util as u; raise SystemExit(bool(u.find_spec('PySide6')))"
    folders = [f"tests/{name}" for name in FREE_OF_QT]
    yield Step("no Qt there", [str(bare.python), "-c", absent])
    yield Step("tests without Qt", [str(bare.script("pytest")), "-q", "-n", "2", *folders])


def full_steps(venv: Environment) -> Iterator[Step]:
    """Yield the whole test suite with coverage, and the gate on what it covered."""
    cover = ["--cov", "--cov-report=", f"--cov-report=json:{COVERAGE_REPORT}"]
    yield Step("tests", [str(venv.script("pytest")), "-n", "2", *cover])
    gate = [str(venv.python), "packaging/coverage_gate.py", COVERAGE_REPORT]
    yield Step("coverage", gate)


def perform(step: Step, checkout: Path) -> tuple[int, str]:
    """Run one step and show its output as it comes; return its code and pytest's closing line."""
    closing = ""
    with subprocess.Popen(
        step.command,
        cwd=checkout,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if CLOSING_LINE.search(line):
                closing = line.rstrip()
    return process.returncode, closing


def run_all(checkout: Path) -> int:
    """Set both environments up and run every check; return the exit code.

    The last line printed is the one with which pytest closed the whole suite.
    """
    started = time.monotonic()
    venv = environment.ensure(checkout, ".venv", extras=("xlsx", "test", "oracle", "tools"))
    bare = environment.ensure(
        checkout, ".venv-noqt", extras=("xlsx", "test"), without=QT_DISTRIBUTIONS
    )
    times = [("set-up", time.monotonic() - started)]
    (checkout / COVERAGE_REPORT).parent.mkdir(exist_ok=True)
    closing = ""
    for step in (*static_steps(venv, checkout), *bare_steps(bare), *full_steps(venv)):
        print(f"\n== {step.name}", flush=True)
        before = time.monotonic()
        code, line = perform(step, checkout)
        seconds = time.monotonic() - before
        times.append((step.name, seconds))
        closing = line or closing
        if code:
            command = shlex.join(step.command)
            print(f"\nFAILED: {step.name}, code {code} after {seconds:.1f} s. By hand: {command}")
            return 1
        print(f"-- {step.name}: ok, {seconds:.1f} s", flush=True)
    print()
    for name, seconds in times:
        print(f"{seconds:8.1f} s  {name}")
    print(f"{time.monotonic() - started:8.1f} s  in all\n{closing}")
    return 0
