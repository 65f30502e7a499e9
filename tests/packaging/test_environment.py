from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT, script

environment = script("environment")
system_libraries = script("system_libraries")
EVERYTHING = {"xlsx", "grid", "test", "oracle", "tools"}
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its programs are not scripts")


def stamped(checkout: Path, without: tuple[str, ...] = ()) -> set[str] | None:
    """What the environment of a checkout is known to hold."""
    found: set[str] | None = environment.stamped_extras(
        environment.Environment(checkout / ".venv"), environment.fingerprint(checkout, without)
    )
    return found


def test_a_filled_environment_is_known_by_its_stamp(checkout: Path) -> None:
    assert stamped(checkout) == EVERYTHING


@pytest.mark.parametrize("name", ["pyproject.toml", "packaging/constraints.txt"])
def test_a_change_of_what_is_asked_for_installs_again(name: str, checkout: Path) -> None:
    path = checkout / name
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert stamped(checkout) is None


def test_a_moved_checkout_installs_again(checkout: Path) -> None:
    assert stamped(checkout.rename(checkout.with_name("elsewhere"))) is None


def test_another_choice_of_packages_is_another_state(checkout: Path) -> None:
    assert stamped(checkout, ("pyqtgraph",)) is None


def test_a_lost_program_installs_again(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "minerdesk-cli").unlink()
    assert stamped(checkout) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"fingerprint": 1, "extras": 2}'])
def test_a_damaged_stamp_is_no_stamp(text: str, checkout: Path) -> None:
    (checkout / ".venv" / environment.STAMP).write_text(text, encoding="utf-8")
    assert stamped(checkout) is None


def test_an_environment_without_pip_or_interpreter_does_not_count_as_working(
    checkout: Path, tmp_path: Path
) -> None:
    assert not environment.works(environment.Environment(checkout / ".venv"))
    assert not environment.works(environment.Environment(tmp_path / "none"))


def test_requirements_hold_the_extras_and_leave_out_what_must_not_be_there() -> None:
    everything = environment.requirements(ROOT, ("xlsx", "test", "oracle", "tools"), ())
    bare = environment.requirements(ROOT, ("test",), ("pyside6-essentials", "pyqtgraph"))
    names = {environment.canonical(line) for line in everything}
    assert {"pyside6-essentials", "pyqtgraph", "ruff", "pytest", "openpyxl", "hatchling"} <= names
    left = {environment.canonical(line) for line in bare}
    assert {"pytest", "numpy", "sqlalchemy"} <= left
    assert not left & {"pyside6-essentials", "pyqtgraph", "ruff"}


def test_a_requirement_without_a_name_is_refused() -> None:
    with pytest.raises(Exception, match="names no package"):
        environment.canonical(">=3")


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux linker")
def test_only_what_is_not_there_is_missing(checkout: Path) -> None:
    asked = {"libc.so.6": "libc6", "libnothing-of-the-kind.so.9": "libnothing9"}
    assert system_libraries.missing(checkout, asked) == {
        "libnothing-of-the-kind.so.9": "libnothing9"
    }


def test_the_advice_is_a_line_to_paste_or_names_what_is_missing() -> None:
    said = system_libraries.advice({"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1"})
    line = "sudo apt-get install -y --no-install-recommends libgl1 libegl1"
    assert f"\n    {line}\n" in said or "lacks libGL.so.1, libEGL.so.1;" in said
