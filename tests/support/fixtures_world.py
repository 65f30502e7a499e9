"""The fixture ``fake_world``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.fake_world import FakeWorld


@pytest.fixture
def fake_world() -> Iterator[FakeWorld]:
    """A running fake world; every source at ``fake_world.url``."""
    with FakeWorld() as world:
        yield world
