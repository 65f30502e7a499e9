"""What the proofs of the whole program stand on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from minerdesk.storage.resources import sample_path
from tests.end_to_end.operator import ENGLISH
from tests.support.leaks import no_leaks, no_qt_warnings

__all__ = ["no_leaks", "no_qt_warnings"]


@pytest.fixture
def farm(tmp_path: Path) -> Path:
    """A copy of the sample farm, for an open book has a lock beside it."""
    return Path(shutil.copy(sample_path("farm"), tmp_path / "farm.minerdesk"))


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """The folder of a profile whose operator reads English, whatever the computer speaks."""
    made = tmp_path / "profile"
    made.mkdir()
    (made / "settings.toml").write_text(ENGLISH, encoding="utf-8")
    return made
