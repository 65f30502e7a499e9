from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from tests.packaging.checkout import PACKAGING, pyproject

PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[0-9][^;\s]*)(?P<marker>; .+)?")


def canonical(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


FILES = ("constraints.txt", "constraints-grid.txt", "constraints-bench.txt")


def pin_lines(files: Sequence[str] = FILES) -> list[str]:
    texts = [(PACKAGING / file).read_text(encoding="utf-8") for file in files]
    lines = [line for text in texts for line in text.splitlines()]
    return [line for line in lines if not line.startswith("#")]


def pins(files: Sequence[str] = FILES) -> dict[str, str]:
    matches = [PIN.fullmatch(line) for line in pin_lines(files)]
    return {canonical(found["name"]): found["version"] for found in matches if found}


def required() -> list[str]:
    whole = pyproject()
    optional = whole["project"]["optional-dependencies"]
    groups = (
        whole["project"]["dependencies"],
        *optional.values(),
        whole["build-system"]["requires"],
    )
    return [line for group in groups for line in group]


@pytest.mark.parametrize("line", pin_lines())
def test_every_line_is_a_plain_pin(line: str) -> None:
    assert PIN.fullmatch(line)


@pytest.mark.parametrize("own", FILES[1:])
def test_no_distribution_is_pinned_twice_in_what_is_used_together(own: str) -> None:
    together = (FILES[0], own)
    assert len(pins(together)) == len(pin_lines(together))


def test_qt_is_held_at_the_releases_that_keep_their_references() -> None:
    assert pins()["pyside6-essentials"] == "6.11.3"
    assert pins()["shiboken6"] == "6.11.3"
    assert pins()["pyqtgraph"] == "0.14.0"


@pytest.mark.parametrize("requirement", required())
def test_whatever_the_project_asks_for_is_pinned(requirement: str) -> None:
    assert canonical(requirement) in pins()


@pytest.mark.parametrize("version", ["6.9.1", "6.9.2", "6.10.1", "6.11.0", "6.11.1", "6.12.0"])
def test_the_broken_releases_of_qt_are_refused(version: str) -> None:
    line = next(entry for entry in required() if canonical(entry) == "pyside6-essentials")
    assert f"!={version}" in line or (version == "6.12.0" and "<6.12" in line)
