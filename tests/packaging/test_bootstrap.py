from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.packaging.checkout import bootstrap

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its programs are not scripts")


def test_without_a_screen_the_sample_book_is_reported(checkout: Path) -> None:
    done = bootstrap(checkout, "run")
    said, called = done.stdout.splitlines()
    assert done.returncode == 0
    assert done.stderr == ""
    assert said.startswith("No screen here")
    sample = checkout / "resources" / "samples" / "farm.minerdesk"
    assert called == f"minerdesk-cli {['report', str(sample), '--offline']} -"


def test_without_a_screen_the_operators_own_book_goes_first(checkout: Path) -> None:
    done = bootstrap(checkout, "run", "--profile", "p", "--book=mine.minerdesk")
    assert done.stdout.splitlines()[1] == (
        f"minerdesk-cli {['--profile', 'p', 'report', 'mine.minerdesk']} -"
    )


@pytest.mark.parametrize("args", [["--screenshot", "x.png"], ["--version"], ["--screenshot=x.png"]])
def test_what_needs_no_window_works_without_a_screen(args: list[str], checkout: Path) -> None:
    assert bootstrap(checkout, "run", *args).stdout == f"minerdesk {args} offscreen\n"


def test_a_platform_that_the_caller_chose_is_kept(checkout: Path) -> None:
    args = ["--book", "my book.minerdesk", "--offline"]
    done = bootstrap(checkout, "run", *args, QT_QPA_PLATFORM="minimal:x", DISPLAY=":7")
    assert done.stdout == f"minerdesk {args} minimal:x\n"


@pytest.mark.parametrize("program", ["minerdesk", "minerdesk-cli"])
def test_the_programs_own_code_is_handed_on(program: str, checkout: Path) -> None:
    platform = "offscreen" if program == "minerdesk" else ""
    done = bootstrap(checkout, "run", FAILS=program, QT_QPA_PLATFORM=platform)
    assert done.returncode == 3


def test_the_checks_end_with_the_closing_line_of_the_whole_suite(checkout: Path) -> None:
    done = bootstrap(checkout, "test")
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert lines[-1] == "=== 9 passed in 1.5s ==="
    assert [line[3:] for line in lines if line.startswith("== ")] == [
        "ruff check",
        "ruff format",
        "mypy",
        "mypy packaging",
        "lint-imports",
        "none drift",
        "no Qt there",
        "tests without Qt",
        "tests",
        "coverage",
    ]


def test_tests_run_on_a_screen_that_is_not_there(checkout: Path) -> None:
    lines = bootstrap(checkout, "test", DISPLAY=":7").stdout.splitlines()
    calls = [line for line in lines if line.startswith("pytest ")]
    assert len(calls) == 2
    assert all(line.endswith(" offscreen") for line in calls)


@pytest.mark.parametrize(
    ("program", "step"), [("ruff", "ruff check"), ("mypy", "mypy"), ("pytest", "tests without Qt")]
)
def test_the_first_check_that_fails_ends_the_run(program: str, step: str, checkout: Path) -> None:
    done = bootstrap(checkout, "test", FAILS=program)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert lines[-1].startswith(f"FAILED: {step}, code 3 after ")
    assert [line for line in lines if line.startswith("== ")][-1] == f"== {step}"


@pytest.mark.parametrize("args", [[], ["fly"], ["--fly"]])
def test_a_command_that_is_none_is_answered_with_the_usage(args: list[str], checkout: Path) -> None:
    done = bootstrap(checkout, *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: ")


def test_help_is_no_error(checkout: Path) -> None:
    done = bootstrap(checkout, "--help")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", ["test", "install", "uninstall"])
def test_words_that_mean_nothing_are_refused(command: str, checkout: Path) -> None:
    done = bootstrap(checkout, command, "--fast")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--fast" in done.stderr


def test_uninstall_leaves_books_alone(checkout: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    entry = data / "applications" / "org.minerdesk.minerdesk.desktop"
    book = data / "minerdesk" / "mine.minerdesk"
    for path in (entry, book):
        path.parent.mkdir(parents=True)
        path.write_text("x", encoding="utf-8")
    done = bootstrap(checkout, "uninstall", XDG_DATA_HOME=str(data), HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    if sys.platform == "linux":
        assert not entry.exists()
    assert book.exists()


def test_an_optional_part_is_added(checkout: Path) -> None:
    done = bootstrap(checkout, "add", "grid")
    assert done.returncode == 0, done.stderr
    assert "Live prices of power markets" in done.stdout


@pytest.mark.parametrize("words", [(), ("solar",), ("grid", "twice")])
def test_only_parts_there_are_can_be_added(words: tuple[str, ...], checkout: Path) -> None:
    done = bootstrap(checkout, "add", *words)
    assert done.returncode == 1
    assert "add takes the word grid" in done.stderr
