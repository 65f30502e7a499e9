"""Virtual environments of the checkout, filled once and known by a stamp afterwards."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from setup_error import SetupError

STAMP = "minerdesk-stamp.json"
PYPROJECT = "pyproject.toml"
# hatchling asks for it when it makes an editable install, and no table of pyproject.toml names it.
EDITABLE_BACKEND = "editables"


@dataclass(frozen=True)
class Environment:
    """One virtual environment."""

    folder: Path

    @property
    def scripts(self) -> Path:
        """The folder of its programs."""
        return self.folder / ("Scripts" if sys.platform == "win32" else "bin")

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.script("python")

    def script(self, name: str) -> Path:
        """Return the path of one of its programs."""
        return self.scripts / (f"{name}.exe" if sys.platform == "win32" else name)


def canonical(requirement: str) -> str:
    """Return the normalised name of the distribution that `requirement` asks for."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    if name is None:
        raise SetupError(f"pyproject.toml asks for {requirement!r}, which names no package.")
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def requirements(checkout: Path, extras: Collection[str], without: Collection[str]) -> list[str]:
    """Return what pyproject.toml asks for: building, running and `extras`, less `without`."""
    pyproject = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject["project"]
    wanted = [*pyproject["build-system"]["requires"], EDITABLE_BACKEND, *project["dependencies"]]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    return [line for line in wanted if canonical(line) not in without]


def fingerprint(checkout: Path, without: Collection[str]) -> str:
    """Return a hash of all that decides what an installed environment holds.

    The folder is part of it: an environment knows its checkout by its absolute path.
    """
    digest = hashlib.sha256()
    pins = sorted((checkout / "packaging").glob("constraints*.txt"))
    for path in (*pins, checkout / PYPROJECT):
        digest.update(path.read_bytes())
    digest.update(repr((str(checkout), sys.version_info[:2], sorted(without))).encode())
    return digest.hexdigest()


def stamped_extras(venv: Environment, expected: str) -> set[str] | None:
    """Return the extras that are installed for `expected`, or None where it is another state."""
    try:
        stamp = json.loads((venv.folder / STAMP).read_text(encoding="utf-8"))
        if stamp["fingerprint"] != expected or not venv.script("minerdesk-cli").exists():
            return None
        return set(stamp["extras"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_stamp(venv: Environment, expected: str, extras: Collection[str]) -> None:
    """Note, in one step, what the environment now holds."""
    fresh = venv.folder / f"{STAMP}.new"
    text = json.dumps({"fingerprint": expected, "extras": sorted(extras)})
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(venv.folder / STAMP)


def call(command: list[str], what: str) -> None:
    """Run a command of the set-up; its output goes to standard error.

    Raises:
        SetupError: it ended with another code than 0.
    """
    done = subprocess.run(command, stdout=sys.stderr, check=False)
    if done.returncode:
        raise SetupError(
            f"{what} failed with code {done.returncode}; the lines above say why. "
            f"Mend that and start again; the command was: {' '.join(command)}"
        )


def works(venv: Environment) -> bool:
    """Say whether the interpreter of `venv` starts, is of this version and has pip."""
    probe = f"import sys, pip; print(sys.version_info[:2] == {sys.version_info[:2]})"
    try:
        done = subprocess.run(
            [str(venv.python), "-c", probe], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return done.stdout.strip() == "True"


def make(venv: Environment) -> None:
    """Make the virtual environment, anew where an old one does not work any more."""
    if works(venv):
        return
    print(f"Making the virtual environment {venv.folder.name} …", file=sys.stderr, flush=True)
    # An environment that runs this very program must not be cleared under its feet.
    base = Path(sys.base_prefix) / ("python.exe" if sys.platform == "win32" else "bin/python3")
    inside = Path(sys.prefix) == venv.folder
    python = str(base) if inside and base.exists() else sys.executable
    call([python, "-m", "venv", "--clear", str(venv.folder)], "Making the virtual environment")


def constraints(checkout: Path, extras: Collection[str]) -> list[str]:
    """Return pip's options for the pins of the project and of those extras that have their own."""
    folder = checkout / "packaging"
    own = [folder / f"constraints-{extra}.txt" for extra in extras]
    files = [folder / "constraints.txt", *(path for path in own if path.exists())]
    return [word for path in files for word in ("--constraint", str(path))]


def ensure(
    checkout: Path, name: str, *, extras: Collection[str], without: Collection[str] = ()
) -> Environment:
    """Return the environment `name` of the checkout, installed if it is not yet.

    Args:
        checkout: top folder of the project.
        name: folder of the environment in it.
        extras: tables of optional dependencies that it must hold.
        without: normalised names of distributions to leave out.

    Raises:
        SetupError: the environment could not be made or filled.
    """
    venv = Environment(checkout / name)
    expected = fingerprint(checkout, without)
    present = stamped_extras(venv, expected)
    if present is not None and present.issuperset(extras):
        return venv
    make(venv)
    wanted = sorted({*extras, *(present or ())})
    (venv.folder / STAMP).unlink(missing_ok=True)
    print(f"Installing into {name}: some minutes the first time …", file=sys.stderr, flush=True)
    pip = [str(venv.python), "-m", "pip", "--disable-pip-version-check", "--no-input", "-q"]
    pins = constraints(checkout, wanted)
    packages = requirements(checkout, wanted, without)
    call([*pip, "install", *pins, *packages], "Installing the packages")
    # Built by the pinned backend that the line above installed, and its requirements are met.
    own = ["--no-deps", "--no-build-isolation", "--editable", str(checkout)]
    call([*pip, "install", *own], "Installing minerdesk itself")
    write_stamp(venv, expected, wanted)
    return venv
