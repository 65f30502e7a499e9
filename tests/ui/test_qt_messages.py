from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import (
    qCritical,
    qDebug,
    qInfo,
    qInstallMessageHandler,
    qWarning,
)

from minerdesk.ui.qt_messages import log_qt_messages


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What the handler that was there before ours gets."""
    told: list[str] = []
    before = qInstallMessageHandler(lambda _kind, _context, words: told.append(words))
    yield told
    qInstallMessageHandler(before)


def test_qt_speaks_to_the_log_until_it_is_given_back(
    heard: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    end = log_qt_messages()
    with caplog.at_level(logging.DEBUG, "minerdesk.qt"):
        for say in (qDebug, qInfo, qWarning, qCritical):
            say("a word of Qt")
    end()
    levels = {record.levelno for record in caplog.records if record.name == "minerdesk.qt"}
    assert {logging.INFO, logging.WARNING, logging.ERROR} <= levels
    assert heard == []
    qWarning("and now to the one before")
    assert heard == ["and now to the one before"]


def test_a_last_word_of_qt_reaches_the_terminal() -> None:
    program = (
        "from PySide6.QtCore import qFatal\n"
        "from minerdesk.ui.qt_messages import log_qt_messages\n"
        "log_qt_messages()\n"
        "qFatal('no way on')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert "no way on" in done.stderr
