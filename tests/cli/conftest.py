from __future__ import annotations

import gettext
from collections.abc import Iterator

import pytest

from minerdesk.domain import text
from tests.cli.run import Cli


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    yield Cli(capsys)
    text.use(gettext.NullTranslations())
