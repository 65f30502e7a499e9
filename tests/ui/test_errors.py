from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from minerdesk.domain.errors import Cancelled, UserError, WorldError
from minerdesk.services.redact import redact
from minerdesk.ui.dialogs.fault import FaultDialog
from minerdesk.ui.errors import Errors, Report
from tests.support.widgets import nameless


def fail(words: str) -> BaseException:
    with pytest.raises(ValueError, match=r".") as caught:
        raise ValueError(words)
    return caught.value


def test_three_kinds(qtbot: QtBot) -> None:
    errors = Errors()
    said: list[tuple[str, str]] = []
    errors.sentence.connect(lambda text, tone: said.append((text, tone)))
    errors.handle(UserError("Type a number."))
    errors.handle(WorldError("The disk is full."))
    errors.handle(Cancelled())
    assert said == [("Type a number.", "error"), ("The disk is full.", "warn")]
    with qtbot.waitSignal(errors.reported) as sent:
        errors.handle(fail("odd"), "evaluate")
    assert sent.args is not None
    report = sent.args[0]
    assert isinstance(report, Report)
    assert report.title == "ValueError: odd"
    assert "evaluate" in report.text
    assert "Traceback" in report.text


def test_one_report_per_traceback(qtbot: QtBot) -> None:
    errors = Errors()
    found: list[Report] = []
    errors.reported.connect(found.append)
    for count in range(5):
        errors.handle(fail(f"again {count}"))
    assert len(found) == 1
    errors.handle(KeyError("other"))
    assert len(found) == 2
    assert qtbot is not None


def test_report_holds_no_secret_and_no_home() -> None:
    errors = Errors(secrets=lambda: ["hunter2"])
    found: list[Report] = []
    errors.reported.connect(found.append)
    errors.handle(fail(f"{Path.home()}/rigs.csv with hunter2"))
    assert "hunter2" not in found[0].text + found[0].title
    assert "~/rigs.csv" in found[0].text


@pytest.mark.parametrize(
    "text",
    [
        "http://user:hunter2@node:8332/",
        "Authorization: Basic hunter2",
        "{'password': 'hunter2'}",
        "core_password=hunter2",
        "api_key=hunter2&x=1",
    ],
)
def test_redact_hides_what_looks_like_a_secret(text: str) -> None:
    assert "hunter2" not in redact(text)


def test_redact_hides_other_users_homes() -> None:
    assert redact("/home/alice/x and C:\\Users\\Bob\\y") == "/home/~/x and C:\\Users\\~\\y"
    assert redact("nothing to hide") == "nothing to hide"


def test_hooks_catch_every_thread_and_are_given_back(qtbot: QtBot) -> None:
    before = sys.excepthook, threading.excepthook
    errors = Errors()
    found: list[Report] = []
    errors.reported.connect(found.append)
    errors.install()
    try:
        thread = threading.Thread(target=lambda: 1 / 0, name="divider")
        thread.start()
        thread.join()
        error = fail("here")
        sys.excepthook(type(error), error, error.__traceback__)
        qtbot.waitUntil(lambda: len(found) == 2)
    finally:
        errors.uninstall()
        errors.uninstall()
    assert (sys.excepthook, threading.excepthook) == before
    assert any("divider" in report.text for report in found)


def test_report_can_be_copied(qtbot: QtBot) -> None:
    dialog = FaultDialog(Report("ValueError: odd", "the whole story"))
    qtbot.addWidget(dialog)
    assert nameless(dialog) == []
    dialog.copy()
    from PySide6.QtGui import QGuiApplication

    assert QGuiApplication.clipboard().text() == "the whole story"
