"""The contracts of the command line, seen from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from minerdesk.storage.resources import sample_path

NUMBERS = ("--price", "93049", "--difficulty", "146.47e12", "--fees", "0.0148", "--height", "1")


def run(*argv: object, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "minerdesk.cli", *map(str, argv)],
        capture_output=True,
        env={**os.environ, **env},
        timeout=60,
        check=False,
    )


def test_an_offline_report() -> None:
    profile = Path(os.environ["XDG_DATA_HOME"]) / "report"
    done = run("--profile", profile, "report", sample_path("home"), "--offline")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b" of 4 rigs" in done.stdout.splitlines()[0]


def test_nothing_is_written_outside_the_profile(tmp_path: Path) -> None:
    home, profile = tmp_path / "home", tmp_path / "profile"
    home.mkdir()
    places = {f"XDG_{name}_HOME": "" for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    done = run(
        *("--profile", profile, "report", sample_path("farm"), "--offline"),
        HOME=str(home),
        **places,
    )
    assert done.returncode == 0
    assert list(home.iterdir()) == []
    assert profile.is_dir()


def test_a_reader_that_stops_early_is_no_fault() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "minerdesk.cli", "schema"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_an_answer_that_cannot_be_written_is_one_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "minerdesk.cli", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"minerdesk-cli: The answer could not be written: ")
    assert done.stderr.count(b"\n") == 1


def test_a_terminal_of_plain_letters_gets_its_report(tmp_path: Path) -> None:
    done = run(
        *("--profile", tmp_path, "report", sample_path("home"), "--offline"),
        PYTHONIOENCODING="ascii",
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b" of 4 rigs" in done.stdout.splitlines()[0]
    assert b"-0.28 EUR a day" in done.stdout


def test_json_does_not_depend_on_the_locale(tmp_path: Path) -> None:
    rigs = tmp_path / "rigs.csv"
    rigs.write_text("hashrate_ths,power_w,price_per_kwh\n100,3000,0.05\n", encoding="utf-8")
    plain = run("evaluate", rigs, *NUMBERS, "--json", LANG="C", LC_ALL="")
    german = run("evaluate", rigs, *NUMBERS, "--json", LANG="de_DE.UTF-8", LC_ALL="de_DE.UTF-8")
    assert plain.stdout == german.stdout
    assert json.loads(plain.stdout)["rigs"]


def test_help_speaks_the_language_of_the_system() -> None:
    # In processes of their own: the C library keeps what it once said in another language.
    german = run("--help", LANGUAGE="", LC_ALL="de_DE.UTF-8", PYTHONIOENCODING="utf-8")
    assert (german.returncode, german.stderr) == (0, b"")
    assert "alles dort aufbewahren" in german.stdout.decode()
    english = run("--help", LANGUAGE="", LC_ALL="C.UTF-8")
    assert b"keep everything there" in english.stdout


def test_failure_is_one_sentence_on_standard_error() -> None:
    done = run("check", "nowhere.minerdesk")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_evaluate_loads_neither_qt_nor_the_network(tmp_path: Path) -> None:
    rigs = tmp_path / "rigs.csv"
    rigs.write_text("hashrate_ths,power_w,price_per_kwh\n100,3000,0.05\n", encoding="utf-8")
    program = (
        "import sys; from minerdesk.cli import main; "
        f"code = main(['evaluate', {str(rigs)!r}, *{list(NUMBERS)!r}]); "
        "heavy = {'PySide6', 'requests', 'sqlalchemy', 'keyring', 'openpyxl'} & set(sys.modules); "
        "sys.exit(f'loaded {heavy}' if heavy else code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
