from __future__ import annotations

import re

import pytest

from tests.packaging.checkout import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)


@pytest.mark.parametrize("target", LINKS)
def test_what_the_readme_points_to_is_there(target: str) -> None:
    assert (ROOT / target).is_file()


@pytest.mark.parametrize("command", ["run", "test", "install"])
def test_the_readme_tells_the_commands(command: str) -> None:
    assert f"python3 packaging/bootstrap.py {command}" in README
