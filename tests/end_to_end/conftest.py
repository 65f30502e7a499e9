"""What the proofs of the whole program stand on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.operator import ENGLISH
from tests.support.books import steady_farm
from tests.support.leaks import no_leaks, no_qt_warnings

__all__ = ["no_leaks", "no_qt_warnings"]


@pytest.fixture
def farm(tmp_path: Path) -> Path:
    """The sample farm at steady prices: the same answer at every hour of the year."""
    return steady_farm(tmp_path)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """The folder of a profile whose operator reads English, whatever the computer speaks."""
    made = tmp_path / "profile"
    made.mkdir()
    (made / "settings.toml").write_text(ENGLISH, encoding="utf-8")
    return made
