"""The past in the window: tables of what is known, files taken in, and what lacks at first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.network_days import DayQuantity, DayRows
from minerdesk.feeds.days.sources import DayConfig, build_day_feeds
from minerdesk.services.network_history.door import PastDoor
from minerdesk.services.network_history.history import Progress
from minerdesk.services.network_history.past_status import PastStatus
from minerdesk.services.network_history.status_words import status_words
from minerdesk.services.words import Formats
from minerdesk.storage.history_day_rows import DayBatch
from minerdesk.ui.history_pump import HistoryPump
from minerdesk.ui.network.past_bar import PastBar, PastNotice
from minerdesk.ui.network.past_dialog import PastDialog
from minerdesk.ui.network.past_files import HistoryDrops
from minerdesk.ui.network.past_import import PastImportDialog
from minerdesk.ui.network.past_opening import PastOpener
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from tests.support.desk_pages import Asked
from tests.support.fake_desk import NOW, FakeDesk, a_past, network_state, no_door
from tests.support.fake_world import FakeWorld
from tests.support.widgets import nameless

Q = DayQuantity
DAY = date(2024, 3, 1).toordinal()
FORMATS = Formats("en", None)
FILE = """time,PriceUSD,HashRate,TxCnt
2026-05-01,80000.5,950000000.5,1
2026-05-02,81000,900000000,1
2026-05-04,82000,910000000,1
"""


def batch(name: str, *prices: float, first: int = DAY) -> DayBatch:
    days = tuple(range(first, first + len(prices)))
    return DayBatch(name, NOW, (DayRows(Q.PRICE, days, prices, "USD"),), from_file=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FakeDesk]:
    made = FakeDesk(tmp_path / "profile")
    yield made
    made.close()


@pytest.fixture
def past(desk: FakeDesk) -> PastDoor:
    """Two files that differ on a day; one of them lacks a day and has one twice."""
    token = CancelToken()
    desk.past.keep(batch("a.csv", 100.0, 101.0, 102.0, 103.0), token)
    rows = DayRows(Q.PRICE, (DAY, DAY + 1, DAY + 3, DAY + 3), (100.0, 150.0, 103.0, 103.5), "USD")
    desk.past.keep(DayBatch("b.csv", NOW, (rows,), from_file=True), token)
    return desk.past


@pytest.fixture
def state() -> DeskState:
    made = DeskState()
    made.set_slice("past", PastStatus())
    return made


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def opener(desk: FakeDesk, state: DeskState, tasks: TaskRunner, told: list[str]) -> PastOpener:
    return PastOpener(
        desk,
        state,
        tasks,
        FORMATS,
        lambda: NOW,
        taken=told.append,
        ask_now=lambda: told.append("asked"),
    )


@pytest.fixture
def pump(
    desk: FakeDesk, state: DeskState, tasks: TaskRunner, told: list[str]
) -> Iterator[HistoryPump]:
    made = HistoryPump(lambda: desk.past, state, tasks, lambda: told.append("changed"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def dialog(
    opener: PastOpener,
    qtbot: QtBot,
    window: QWidget,
    past: PastDoor,  # noqa: ARG001 - fills what is shown
    pump: HistoryPump,  # noqa: ARG001 - keeps the slice
) -> Iterator[PastDialog]:
    made = opener.history(window)
    qtbot.waitUntil(lambda: len(made.panes) == 5)
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def rows(dialog: PastDialog, name: str) -> list[tuple[str, ...]]:
    table = dialog.panes[name].model.table
    return [table.row(n) for n in range(table.count)]


def test_each_source_says_what_it_knows(dialog: PastDialog) -> None:
    found = rows(dialog, "sources")
    assert [row[:7] for row in found] == [
        ("a.csv", "Price, USD", "1 March 2024", "4 March 2024", "4", "0", "0"),
        ("b.csv", "Price, USD", "1 March 2024", "4 March 2024", "3", "1", "1"),
    ]
    assert found[0][8] == "imported file"
    assert ("Difficulty", "retargets") in [row[:2] for row in rows(dialog, "used")]


def test_differences_gaps_and_doubles_are_listed(dialog: PastDialog) -> None:
    one = next(row for row in rows(dialog, "disagreements") if "March" in row[0])
    assert one[0] == "2 March 2024"
    assert {one[2], one[4]} == {"a.csv", "b.csv"}
    assert {one[3], one[5]} == {"101.00", "150.00"}
    assert ("Price, USD", "b.csv", "3 March 2024", "3 March 2024", "1") in rows(dialog, "gaps")
    (double,) = rows(dialog, "doubles")
    assert double[:3] == ("4 March 2024", "Price", "b.csv")
    assert {double[3], double[4]} == {"103.00", "103.50"}
    titles = [dialog.tabs.tabText(n) for n in range(dialog.tabs.count())]
    assert "Doubles (1)" in titles


def test_models_keep_qts_rules(dialog: PastDialog, qtmodeltester: ModelTester) -> None:
    for pane in dialog.panes.values():
        qtmodeltester.check(pane.model, force_py=True)  # type: ignore[no-untyped-call] # pytest-qt's
    model = dialog.panes["sources"].model
    assert model.headerData(99, Qt.Orientation.Horizontal) is None
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == "a.csv"
    assert nameless(dialog) == []


def test_a_table_is_copied(dialog: PastDialog) -> None:
    dialog.copy()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[5] == "days lacking"
    assert lines[1].startswith("a.csv\tPrice, USD\t1 March 2024")
    view = dialog.panes["doubles"].view
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "103.50" in QGuiApplication.clipboard().text()


def test_a_removed_file_is_gone_until_imported_again(
    dialog: PastDialog, past: PastDoor, told: list[str], qtbot: QtBot
) -> None:
    assert not dialog.remove_button.isEnabled()
    dialog.panes["sources"].view.selectRow(1)
    assert dialog.remove_button.text() == "Remove “b.csv”"
    QTest.mouseClick(dialog.remove_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(rows(dialog, "sources")) == 1)
    assert dialog.said.text() == "“b.csv” is removed; import the file again to have it back."
    assert told == ["changed"]
    dialog.tabs.setCurrentWidget(dialog.panes["doubles"])
    assert dialog.said.isHidden()
    assert dialog.panes["doubles"].empty
    past.keep(batch("b.csv", 100.0), CancelToken())
    past.tell()
    qtbot.waitUntil(lambda: len(rows(dialog, "sources")) == 2)


def test_a_disk_that_refuses_is_said(
    dialog: PastDialog, desk: FakeDesk, state: DeskState, qtbot: QtBot
) -> None:
    desk.kept.close()
    dialog.panes["sources"].view.selectRow(0)
    dialog.remove()
    qtbot.waitUntil(lambda: "closed" in dialog.said.text())
    state.set_slice("past", PastStatus(changes=7))
    qtbot.waitUntil(lambda: not dialog.reading.busy)
    assert len(rows(dialog, "sources")) == 2


@pytest.mark.usefixtures("pump")
def test_a_file_is_looked_at_then_kept(
    opener: PastOpener,
    desk: FakeDesk,
    told: list[str],
    tmp_path: Path,
    window: QWidget,
    qtbot: QtBot,
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(FILE, encoding="utf-8")
    looked = opener.import_file(window, path)
    qtbot.waitUntil(lambda: looked.run is not None)
    assert looked.status.text() == "3 rows with a day, from 1 May 2026 to 4 May 2026."
    assert [row.words.text() for row in looked.columns.rows] == [
        "the days",
        "3 days, 1 day lacks",
        "3 days, 1 day lacks",
        "",
    ]
    assert [(use.column, use.unit) for use in looked.columns.uses] == [
        ("PriceUSD", ""),
        ("HashRate", "TH/s"),
    ]
    assert looked.sample.model().index(0, 1).data() == "80000.5"
    assert desk.past.sources(CancelToken()) == ()
    assert nameless(looked) == []
    with qtbot.waitSignal(looked.accepted):
        QTest.mouseClick(looked.accept_button, Qt.MouseButton.LeftButton)
    assert told == [
        "changed",
        "mine.csv is kept as a source of its own; History… removes it again.",
    ]
    assert [s.name for s in desk.past.sources(CancelToken())] == ["mine.csv"]
    again = opener.import_file(window, path)
    qtbot.waitUntil(lambda: again.run is not None)
    assert "imported before" in again.notes.text()
    again.reject()


def look(
    opener: PastOpener, path: Path, text: str, window: QWidget, qtbot: QtBot
) -> PastImportDialog:
    path.write_text(text, encoding="utf-8")
    made = opener.import_file(window, path)
    qtbot.waitUntil(lambda: made.run is not None)
    return made


def choose(dialog: PastImportDialog, header: str, quantity: DayQuantity, qtbot: QtBot) -> None:
    row = next(row for row in dialog.columns.rows if row.header == header)
    row.quantity.setCurrentIndex(row.quantity.findData(quantity))
    row.quantity.activated.emit(row.quantity.currentIndex())
    qtbot.waitUntil(lambda: dialog.run is not None)


def test_mistakes_are_told_where_they_are_mended(
    opener: PastOpener, tmp_path: Path, window: QWidget, qtbot: QtBot
) -> None:
    text = "tag;kurs;rate\n03/04/2026;1.000,5;900\n04/04/2026;1.001,5;901\n"
    looked = look(opener, tmp_path / "plain.csv", text, window, qtbot)
    assert looked.columns_words.text() == "Say of at least one column what it is."
    assert not looked.accept_button.isEnabled()
    choose(looked, "kurs", Q.PRICE, qtbot)
    assert looked.columns_words.text() == ""
    assert "may begin with the day or the month" in looked.days_words.text()
    looked.order.setCurrentIndex(looked.order.findData(True))
    looked.ask()
    qtbot.waitUntil(lambda: looked.run is not None)
    assert looked.days_words.text() == ""
    assert looked.run is not None
    assert looked.run.preview is not None
    assert looked.run.preview.series[0].value == (1000.5, 1001.5)
    choose(looked, "rate", Q.HASHRATE, qtbot)
    rate = looked.columns.rows[2]
    assert rate.words.text().endswith("unit guessed by size: look at it")
    assert rate.unit.currentData() == "EH/s"
    looked.ask()
    qtbot.waitUntil(lambda: looked.run is not None)
    assert rate.words.text().endswith("look at it")
    rate.unit.setCurrentIndex(rate.unit.findData("PH/s"))
    rate.unit.activated.emit(rate.unit.currentIndex())
    qtbot.waitUntil(lambda: looked.run is not None)
    assert rate.words.text() == "2 days"
    assert rate.unit.currentData() == "PH/s"
    choose(looked, "rate", Q.PRICE, qtbot)
    assert [use.column for use in looked.columns.uses] == ["rate"]
    looked.currency.setCurrentIndex(looked.currency.findData("EUR"))
    looked.ask()
    qtbot.waitUntil(lambda: looked.run is not None)
    assert "prices in another currency" in looked.notes.text()
    looked.reject()


def test_a_cell_that_is_no_number_is_told_at_its_column(
    opener: PastOpener, tmp_path: Path, window: QWidget, qtbot: QtBot
) -> None:
    text = "date,price,difficulty\n2026-05-01,8,1e14\n2026-05-02,dear,1e14\n"
    looked = look(opener, tmp_path / "bad.csv", text, window, qtbot)
    assert looked.columns.rows[1].words.text().startswith("Line 3, column “price”")
    assert looked.columns.rows[2].words.text() == ""
    looked.reject()


def test_a_file_that_is_none_is_told(
    opener: PastOpener, tmp_path: Path, window: QWidget, qtbot: QtBot
) -> None:
    looked = look(opener, tmp_path / "no.json", "{", window, qtbot)
    assert "is no chart of blockchain.com" in looked.complaint
    looked.finish()
    assert looked.complaint == "The preview is not ready yet."
    looked.reject()


def test_a_chart_of_blockchain_com_is_known(
    opener: PastOpener, tmp_path: Path, window: QWidget, qtbot: QtBot
) -> None:
    text = '{"name": "Hash Rate", "unit": "TH/s", "values": [{"x": 1777593600, "y": 9e8}]}'
    looked = look(opener, tmp_path / "hash-rate.json", text, window, qtbot)
    assert looked.run is not None
    assert looked.run.preview is not None
    assert looked.run.preview.series[0].value == (9e20,)
    looked.reject()


def test_what_all_columns_have_in_common_is_said_once(
    opener: PastOpener, tmp_path: Path, window: QWidget, qtbot: QtBot
) -> None:
    days = ("2026-05-01,1,2", "2026-05-02,1,2", "2026-05-02,3,4")
    text = "\n".join(("date,price,hashrate_ehs", *days)) + "\n"
    looked = look(opener, tmp_path / "twice.csv", text, window, qtbot)
    assert looked.status.text() == (
        "3 rows with a day, from 1 May 2026 to 2 May 2026. 1 day twice, the last holds."
    )
    assert [row.words.text() for row in looked.columns.rows] == ["the days", "2 days", "2 days"]
    looked.reject()
    # Where columns differ each says what is its own.
    text = "\n".join(("date,price,hashrate_ehs", *days[:2], "2026-05-02,3,2", "2026-05-03,3,"))
    looked = look(opener, tmp_path / "own.csv", text + "\n", window, qtbot)
    assert "twice" not in looked.status.text()
    assert [row.words.text() for row in looked.columns.rows] == [
        "the days",
        "3 days, 1 day twice, the last holds",
        "2 days, 1 May 2026 to 2 May 2026",
    ]
    looked.reject()


def test_long_names_leave_every_column_in_sight(
    dialog: PastDialog, desk: FakeDesk, qtbot: QtBot
) -> None:
    name = "an export of all there is, made by hand, final version, second try.csv"
    desk.past.keep(batch(name, 100.0, 101.0), CancelToken())
    desk.past.tell()
    qtbot.waitUntil(lambda: dialog.panes["sources"].model.rowCount() == 3)
    view = dialog.panes["sources"].view
    for width in (1120, 900):
        dialog.resize(width, 600)
        assert view.horizontalHeader().length() <= view.viewport().width()


def test_a_name_of_a_live_source_is_refused_in_the_dialog(
    opener: PastOpener, desk: FakeDesk, tmp_path: Path, window: QWidget, qtbot: QtBot
) -> None:
    desk.kept.keep_days(DayBatch("live.csv", NOW, batch("", 1.0).series))
    looked = look(opener, tmp_path / "live.csv", FILE, window, qtbot)
    looked.finish()
    qtbot.waitUntil(lambda: bool(looked.complaint))
    assert "rename the file" in looked.complaint
    assert looked.accept_button.isEnabled()
    looked.reject()


@pytest.mark.parametrize(("name", "taken"), [("a.csv", True), ("a.JSON", True), ("a.png", False)])
def test_files_are_dropped(window: QWidget, tmp_path: Path, name: str, taken: bool) -> None:
    got: list[Path] = []
    HistoryDrops(window, got.append)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
    action, keys, mouse = (
        Qt.DropAction.CopyAction,
        Qt.KeyboardModifier.NoModifier,
        Qt.MouseButton.LeftButton,
    )
    enter = QDragEnterEvent(QPoint(5, 5), action, mime, mouse, keys)
    QApplication.sendEvent(window, enter)
    drop = QDropEvent(QPointF(5, 5), action, mime, mouse, keys, QEvent.Type.Drop)
    QApplication.sendEvent(window, drop)
    assert got == ([tmp_path / name] if taken else [])


def test_a_file_is_chosen_from_the_tables(dialog: PastDialog, tmp_path: Path, qtbot: QtBot) -> None:
    dialog.import_wanted.emit(None)
    (chooser,) = dialog.findChildren(QFileDialog)
    path = tmp_path / "mine.csv"
    path.write_text(FILE, encoding="utf-8")
    chooser.fileSelected.emit(str(path))
    chooser.close()
    (looked,) = dialog.findChildren(PastImportDialog)
    qtbot.waitUntil(lambda: looked.run is not None)
    looked.reject()
    dialog.ask_button.click()


def test_steps_are_told_and_a_new_past_is_asked_for(
    fake_world: FakeWorld, desk: FakeDesk, state: DeskState, tasks: TaskRunner, qtbot: QtBot
) -> None:
    feeds = build_day_feeds(
        DayConfig(mempool_url=fake_world.url, blockchain_url=fake_world.url), "USD", lambda: NOW
    )
    changed: list[bool] = []
    past = a_past(desk.kept, *feeds)
    pump = HistoryPump(lambda: past, state, tasks, lambda: changed.append(True))
    pump.start()
    said: list[str] = []
    state.changed.connect(lambda _n: said.append(words(state)))
    pump.begin()
    pump.begin()
    assert words(state) == "History: being asked…"
    qtbot.waitUntil(lambda: bool(changed))
    assert not pump.busy
    assert any(one.startswith("History: mempool hashrate, to ") for one in said)
    status = state.slice("past")
    assert isinstance(status, PastStatus)
    assert (status.asking, status.problem, status.changes) == (False, "", 1)
    pump.ask()
    qtbot.waitUntil(lambda: not pump.busy)
    assert changed == [True]
    pump.stop()


def words(state: DeskState) -> str:
    return status_words(state.slice("past"), FORMATS, offline=False)[0]


def test_a_refusing_disk_is_said_on_the_page_alone(
    desk: FakeDesk, state: DeskState, tasks: TaskRunner, qtbot: QtBot
) -> None:
    feeds = build_day_feeds(DayConfig(mempool_url="http://127.0.0.1:9"), "USD", lambda: NOW)
    failed: list[object] = []
    tasks.failed.connect(lambda *found: failed.append(found))
    past = a_past(desk.kept, *feeds)
    pump = HistoryPump(lambda: past, state, tasks, lambda: failed.append("changed"))
    pump.start()
    desk.kept.close()
    pump.ask()
    qtbot.waitUntil(lambda: not pump.busy)
    assert "closed" in words(state)
    assert failed == []
    pump.stop()


@pytest.mark.parametrize(
    ("status", "offline", "said"),
    [
        (None, False, "History: not asked yet"),
        (PastStatus(), False, "History: not asked yet"),
        (PastStatus(asking=True), True, "History: not asked while offline"),
        (PastStatus(problem="The disk is full."), False, "History: The disk is full."),
        (
            PastStatus(last=Progress("m", "mempool past hashrate", problem="Slow.")),
            False,
            "History: mempool hashrate: Slow.",
        ),
        (
            PastStatus(last=Progress("m", "core", 3, more=True, until=date(2019, 5, 2))),
            False,
            "History: core, to 2 May 2019; more follows",
        ),
        (PastStatus(True, Progress("m", "core")), False, "History: core…"),
    ],
)
def test_how_it_goes_is_one_line(status: object, offline: bool, said: str, qtbot: QtBot) -> None:
    asked = Asked()
    bar = PastBar(FORMATS, asked.run)
    qtbot.addWidget(bar)
    bar.show_status(status, offline=offline)
    assert bar.words.text() == said
    bar.history_button.click()
    bar.import_button.click()
    assert asked.actions == ["network.history", "network.import_history"]
    bar.show_lines(["one"] * 30)
    assert bar.lines.text().endswith("\n11 more under History…")


def test_without_a_network_it_says_what_lacks_and_what_helps(desk: FakeDesk, qtbot: QtBot) -> None:
    asked = Asked()
    notice = PastNotice(FORMATS, asked.run)
    qtbot.addWidget(notice)
    desk.indicators = no_door()
    desk.indicators._read_history = desk.past.read_days
    found = desk.indicators.make(network_state(), None, NOW, CancelToken())
    assert notice.show_lacking(found, PastStatus(), offline=True)
    assert notice.words.text() == (
        "Known without a network: changes of difficulty to 29 May 2026, and the mean hashrate of "
        "each epoch between. Prices, daily hashrates, fees and what came after are missing. The "
        "settings say to work offline."
    )
    notice.help_button.click()
    assert not notice.show_lacking(found, PastStatus(), offline=True)
    notice.show_lacking(found, PastStatus(), offline=False)
    notice.help_button.click()
    assert asked.actions == ["app.settings", "network.poll"]
    notice.show_lacking(found, PastStatus(asking=True), offline=False)
    assert notice.help_button.isHidden()
    notice.show_lacking(None, PastStatus(), offline=False)
    assert notice.isHidden()
