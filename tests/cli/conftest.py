from __future__ import annotations

import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest

from minerdesk.domain import text
from tests.cli.run import Cli
from tests.support.books import steady_farm


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    yield Cli(capsys)
    text.use(gettext.NullTranslations())


@pytest.fixture
def farm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample farm at steady prices: the same answer at every hour of the year."""
    return steady_farm(tmp_path_factory.mktemp("farm"))
