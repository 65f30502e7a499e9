"""A small checkout whose environments are ready, so that nothing is downloaded."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.checkout import PACKAGING, ROOT, script

# Stands for every installed program: notes its call, and fails where the variable names it.
# The first lines are what pip writes where a path holds a space.
PROGRAM = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import os, pathlib, sys
me = pathlib.Path(sys.argv[0])
print(me.name, sys.argv[1:], os.environ.get("QT_QPA_PLATFORM", "-"))
if me.name == "pytest":
    print("=== %d passed in 1.5s ===" % (7 if "noqt" in str(me) else 9))
sys.exit(3 if os.environ.get("FAILS") == me.name else 0)
"""
PROGRAMS = ("minerdesk", "minerdesk-cli", "ruff", "mypy", "lint-imports", "pytest")


def make_environment(root: Path, name: str, without: tuple[str, ...]) -> None:
    """Make an environment without pip, which therefore nothing could be installed into."""
    folder = root / name
    command = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(command, check=True)
    for program in PROGRAMS:
        path = folder / "bin" / program
        text = PROGRAM.replace("{python}", f"{folder}/bin/python")
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
    environment = script("environment")
    venv = environment.Environment(folder)
    found = environment.fingerprint(root, without)
    environment.write_stamp(venv, found, ("xlsx", "grid", "test", "oracle", "tools"))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The set-up scripts of this project in a checkout that is installed already."""
    root = tmp_path / "a check out"
    shutil.copytree(PACKAGING, root / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    for name in ("none_drift", "coverage_gate"):
        (root / "packaging" / f"{name}.py").write_text(f"print('{name}')\n", encoding="utf-8")
    make_environment(root, ".venv", ())
    make_environment(root, ".venv-noqt", script("checks").QT_DISTRIBUTIONS)
    return root
