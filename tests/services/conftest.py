"""A profile of its own for each test, and a book in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from minerdesk.storage import book_file
from minerdesk.storage.paths import Profile
from tests.support.books import small_book


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    found = Profile.at(tmp_path / "profile")
    found.prepare()
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.minerdesk"
    book_file.save(path, small_book())
    return path
