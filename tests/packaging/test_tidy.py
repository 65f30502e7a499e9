"""No file under version control depends on where it was written or on whose mirror was near."""

from __future__ import annotations

import re

import pytest

from tests.packaging.checkout import ROOT, source_files

# Written apart, so that this file does not hold what it looks for.
HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "crates" + ".io",
    "ghcr" + ".io",
)
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:tmp|root|work|farm)/\w")


def texts() -> list[tuple[str, str]]:
    """Path and content of every text file; one that holds a zero byte is none."""
    contents = [(path.relative_to(ROOT).as_posix(), path.read_bytes()) for path in source_files()]
    return [(name, data.decode(errors="replace")) for name, data in contents if b"\0" not in data]


def test_there_is_something_to_look_at() -> None:
    assert {"pyproject.toml", "packaging/bootstrap.py"} <= {name for name, _ in texts()}


@pytest.mark.parametrize("host", HOSTS)
def test_no_file_names_a_package_registry(host: str) -> None:
    assert [name for name, text in texts() if host in text.lower()] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    named = [
        f"{name}: {found.group()}"
        for name, text in texts()
        for found in MACHINE_PATH.finditer(text)
    ]
    assert named == []


def test_the_scripts_folder_does_not_shadow_the_packaging_library() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()
