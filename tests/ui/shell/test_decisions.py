from __future__ import annotations

import math
from datetime import timedelta
from pathlib import Path
from random import Random

from PySide6.QtCore import QDate, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from minerdesk.domain.decisions import Outcome
from minerdesk.services.exchange import read_table
from minerdesk.ui.dialogs.decisions import DecisionsDialog
from minerdesk.ui.dialogs.decisions_model import SITE, TAKEN, WORTH, DecisionsModel
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.tasks import TaskRunner
from tests.support.decisions import a_decision
from tests.support.fake_desk import NOW, FakeDesk
from tests.support.widgets import nameless

DAY = timedelta(days=1)
LOG = [
    a_decision(at=NOW - 2 * DAY, worth=5.0, site_name="Alberta"),
    a_decision(at=NOW - DAY, worth=math.nan, outcome=Outcome.NOT_DONE, reason="Crane"),
    a_decision(at=NOW, worth=-3.0, site_name="Zug"),
]


def opened(desk: FakeDesk, tasks: TaskRunner, qtbot: QtBot) -> DecisionsDialog:
    dialog = DecisionsDialog(desk, desk.formats, tasks)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.said.text() != "Reading…")
    return dialog


def test_the_model_sorts_and_keeps_what_is_selected(
    desk: FakeDesk, qtmodeltester: ModelTester
) -> None:
    model = DecisionsModel(desk.formats)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt leaves it untyped
    rows = [a_decision(id=n, at=NOW + n * DAY, worth=float(n % 7), count=n) for n in range(30)]
    model.show_decisions(rows)
    assert [each.id for each in model.decisions] == list(range(29, -1, -1))
    random = Random(1)
    for _ in range(30):
        held = {QPersistentModelIndex(model.index(r, 0)): model.decisions[r].id for r in range(30)}
        column = random.randrange(model.columnCount())
        model.sort(column, random.choice(list(Qt.SortOrder)))
        for index, made in held.items():
            assert model.decisions[index.row()].id == made
    model.show_decisions([])
    assert model.rowCount() == 0
    model.deleteLater()


def test_what_is_not_known_stands_last_either_way(desk: FakeDesk) -> None:
    model = DecisionsModel(desk.formats)
    model.show_decisions(LOG)
    for order, first in (
        (Qt.SortOrder.AscendingOrder, "Zug"),
        (Qt.SortOrder.DescendingOrder, "Alberta"),
    ):
        model.sort(WORTH, order)
        assert model.text(0, SITE) == first
        assert model.text(2, WORTH) == "–"
    told = [model.data(model.index(0, c), Qt.ItemDataRole.AccessibleTextRole) for c in range(12)]
    assert all(told)
    model.deleteLater()


def test_an_empty_log_says_how_lines_come_into_it(
    desk: FakeDesk, tasks: TaskRunner, qtbot: QtBot
) -> None:
    dialog = opened(desk, tasks, qtbot)
    assert "No decision was taken yet" in dialog.said.text()
    assert not dialog.export.isEnabled()
    assert nameless(dialog) == []


def test_searching_by_word_day_and_site(desk: FakeDesk, tasks: TaskRunner, qtbot: QtBot) -> None:
    desk.decisions.record(LOG)
    dialog = opened(desk, tasks, qtbot)
    assert dialog.said.text() == "3 decisions"
    assert dialog.model.text(0, TAKEN).startswith(f"{NOW:%Y-%m-%d}")
    dialog.words.setText("crane")
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
    assert dialog.said.text() == "1 of 3 decisions"
    dialog.words.clear()
    yesterday = (NOW - DAY).date()
    dialog.since.setDate(QDate(yesterday.year, yesterday.month, yesterday.day))
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
    dialog.until.setDate(dialog.since.date())
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
    dialog.since.setDate(dialog.since.minimumDate())
    dialog.site.setCurrentText("Alberta")
    qtbot.waitUntil(
        lambda: dialog.model.rowCount() == 1 and dialog.model.text(0, SITE) == "Alberta"
    )
    assert dialog.said.text() == "1 of 3 decisions"


def test_export_writes_what_is_shown(
    desk: FakeDesk, tasks: TaskRunner, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.decisions.record(LOG)
    dialog = opened(desk, tasks, qtbot)
    file = tmp_path / "log.csv"
    with qtbot.waitSignal(dialog.note) as noted:
        dialog.save(file)
    assert noted.args == ["3 decisions were written to log.csv.", "done"]
    assert len(read_table(file).rows) == 3
    with qtbot.waitSignal(dialog.note) as noted:
        dialog.save(tmp_path / "nowhere" / "log.csv")
    assert noted.args is not None
    assert noted.args[1] == "error"


def test_a_log_that_cannot_be_read_says_why(
    desk: FakeDesk, tasks: TaskRunner, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "profile" / "decisions.sqlite").mkdir()
    dialog = opened(desk, tasks, qtbot)
    assert "cannot be used" in dialog.said.text()


def test_the_window_opens_it(window: MainWindow, qtbot: QtBot) -> None:
    window.table["app.decisions"].run()
    (dialog,) = window.findChildren(DecisionsDialog)
    qtbot.waitUntil(lambda: dialog.said.text() != "Reading…")
    dialog.close()
