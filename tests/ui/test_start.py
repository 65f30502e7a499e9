"""The window as the program builds it: what it takes up from the last time, and its language."""

from __future__ import annotations

import gettext
import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from minerdesk import assembly
from minerdesk.app import _keep_log, _reopen, build_window
from minerdesk.domain import text
from minerdesk.services.desk import Desk
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.page_table import all_pages
from minerdesk.ui.shutdown import Shutdown
from tests.support.books import small_book

FARM = Path(__file__).parents[2] / "resources" / "samples" / "farm.minerdesk"
Open = Callable[[], tuple[Desk, MainWindow]]


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    folder = tmp_path / "profile"
    folder.mkdir()
    (folder / "settings.toml").write_text(
        'offline = true\n[display]\nlocale = "en_US"\n', encoding="utf-8"
    )
    return folder


@pytest.fixture
def farm(tmp_path: Path) -> Path:
    return Path(shutil.copy(FARM, tmp_path / "farm.minerdesk"))


@pytest.fixture
def open_window(qapp: QApplication, qtbot: QtBot, profile: Path) -> Iterator[Open]:
    ends: list[Shutdown] = []

    def build() -> tuple[Desk, MainWindow]:
        shutdown = Shutdown()
        ends.append(shutdown)
        desk = assembly.build(profile)
        _keep_log(desk, shutdown)
        shutdown.add("desk", lambda _left_s: desk.close())
        _reopen(desk)
        window = build_window(qapp, desk, shutdown, "")
        qtbot.addWidget(window, before_close_func=lambda _window: window.close_without_asking())
        window.go("network")
        window.show()
        return desk, window

    yield build
    for shutdown in reversed(ends):
        assert shutdown.run()
    text.use(gettext.NullTranslations())


def choose(profile: Path, line: str) -> None:
    file = profile / "settings.toml"
    words = file.read_text(encoding="utf-8").replace('locale = "en_US"', line)
    file.write_text(words, encoding="utf-8")


def press(inside: QWidget, words: str) -> None:
    next(b for b in inside.findChildren(QAbstractButton) if b.text() == words).click()


def kill(desk: Desk) -> None:
    """Leave as a killed process does: the journal stays, the locks go."""
    written = desk._parts.journal_worker.submit(lambda: None)
    assert written is not None
    written.result(5)
    if desk.book._lock is not None:
        desk.book._lock.release()
        desk.book._lock = None


def test_the_last_book_is_opened_again(open_window: Open, farm: Path) -> None:
    desk, window = open_window()
    assert desk.book.path is None
    desk.book.open(farm)
    window.close()
    desk.close()
    again, _window = open_window()
    assert again.book.path == farm


def test_a_last_book_that_is_gone_is_no_fault(open_window: Open, farm: Path) -> None:
    desk, _window = open_window()
    desk.remember_book(farm)
    farm.unlink()
    again, _window = open_window()
    assert again.book.path is None
    assert again.problems == ()


def test_a_last_book_that_broke_is_said(open_window: Open, farm: Path) -> None:
    desk, _window = open_window()
    desk.remember_book(farm)
    farm.write_text("{", encoding="utf-8")
    again, _window = open_window()
    assert again.book.path is None
    assert "farm.minerdesk" in again.problems[0]


def test_the_last_book_stays_closed_where_the_setting_says_so(
    open_window: Open, farm: Path, profile: Path
) -> None:
    choose(profile, 'locale = "en_US"\nreopen_last = false')
    desk, _window = open_window()
    desk.remember_book(farm)
    again, _window = open_window()
    assert again.book.path is None


@pytest.mark.parametrize(("answer", "rigs"), [("Restore it", 13), ("Discard", 0)])
def test_a_book_left_by_a_kill_is_offered(
    open_window: Open, qtbot: QtBot, answer: str, rigs: int
) -> None:
    desk, _window = open_window()
    desk.book.new(small_book())
    kill(desk)
    later, window = open_window()
    window.look_for_lost_books()
    qtbot.waitUntil(lambda: "never saved" in window.banner.text)
    assert "Small, 13 rigs" in window.banner.text
    press(window.banner, answer)
    assert later.book.book.rig_count == rigs
    assert "left behind" not in window.banner.text
    kill(later)
    third, window = open_window()
    window.look_for_lost_books()
    qtbot.waitUntil(lambda: not window.context.tasks.running)
    assert ("never saved" in window.banner.text) is (rigs > 0)
    third.close()


def test_what_the_operator_did_not_want_to_save_is_not_offered(
    open_window: Open, qtbot: QtBot
) -> None:
    desk, window = open_window()
    desk.book.new(small_book())
    with qtbot.waitSignal(window.closed):
        window.close()
        question = next(w for w in QApplication.topLevelWidgets() if w.isModal())
        press(question, "Do not save")
    desk.close()
    _later, window = open_window()
    window.look_for_lost_books()
    qtbot.waitUntil(lambda: not window.context.tasks.running)
    assert "never saved" not in window.banner.text


def test_the_window_speaks_german(open_window: Open, profile: Path, qtbot: QtBot) -> None:
    choose(profile, 'locale = "de_DE"')
    _desk, window = open_window()
    assert window.pages.names[1] == "fleet"
    titles = {each.text() for each in window.findChildren(QAbstractButton)}
    assert {"Flotte", "Netz"} <= titles
    menus = {each.text() for each in window.menuBar().actions()}
    assert "Datei" in menus
    assert "Hilfe" in menus
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "Abbrechen"


def test_colours_chosen_from_the_menu_are_kept(open_window: Open) -> None:
    desk, window = open_window()
    assert window.table["theme.dark"].run()
    assert window.theme.tokens.dark
    assert desk.settings.text("display.theme") == "dark"
    window.close()
    desk.close()
    _desk, later = open_window()
    assert later.theme.tokens.dark


def test_the_log_is_kept_without_secrets(open_window: Open, profile: Path, qtbot: QtBot) -> None:
    desk, window = open_window()
    desk.secrets.set("feeds.core_password", "hunter2")
    errors: list[object] = []
    window.errors.reported.disconnect(window.dialogs.fault)
    window.errors.reported.connect(errors.append)

    def fail(_token: object) -> None:
        raise ValueError(f"refused hunter2 in {Path.home()}/x")

    window.context.tasks.start("ask", fail)
    qtbot.waitUntil(lambda: bool(errors))
    logging.getLogger("minerdesk.feeds").warning("hunter2 is no good")
    written = desk.log_file.read_text(encoding="utf-8")
    assert "minerdesk" in written
    assert "ValueError: refused [hidden] in ~/x" in written
    assert "[hidden] is no good" in written
    assert desk.log_file.is_relative_to(profile)


def test_a_log_that_cannot_be_written_is_said(profile: Path) -> None:
    desk = assembly.build(profile)
    desk.log_file.mkdir()
    shutdown = Shutdown()
    _keep_log(desk, shutdown)
    assert "minerdesk.log" in desk.problems[-1]
    desk.close()
    assert shutdown.run()


class Folders(QObject):
    """Stands for the system's file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    @Slot(QUrl)
    def show_folder(self, url: QUrl) -> None:
        self.shown.append(url.toLocalFile())


def test_help_shows_the_log_and_copies_the_diagnostics(open_window: Open) -> None:
    desk, window = open_window()
    folders = Folders()
    QDesktopServices.setUrlHandler("file", folders, "show_folder")  # type: ignore[arg-type] # typed as bytes, taken as str
    try:
        assert window.table["help.log_folder"].run()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert folders.shown == [str(desk.log_file.parent)]
    assert window.table["help.diagnostics"].run()
    copied = QGuiApplication.clipboard().text()
    assert "Qt 6" in copied
    assert "display.locale = 'en_US'" in copied


def test_the_pages_keep_what_the_palette_promises(open_window: Open) -> None:
    _desk, window = open_window()
    built = window.pages.count()
    window.open_palette()
    offered = {action.id for action in window.palette_box.shown()}
    window.palette_box.close_palette()
    assert window.pages.count() == built, "looking builds nothing"
    for entry in all_pages():
        for promise in entry.promises:
            if entry.name != "network":
                assert promise.id in offered
            window.go(entry.name)
            assert window.table[promise.id].text == promise.text
        page = window.pages.current
        assert page is not None
        saving = {each.id for each in page.page_actions() if each.id.endswith(".csv")}
        assert saving <= {promise.id for promise in entry.promises}
    assert len({action.id for action in window.table}) == len(list(window.table))


def test_the_power_price_is_one_command_away(open_window: Open, farm: Path, qtbot: QtBot) -> None:
    _desk, window = open_window()
    window.pump.start()
    window.book_actions.open_path(farm)
    qtbot.waitUntil(lambda: bool(window.desk.book.book.sites))
    assert window.table["book.power_price"].run()
    dialogs = [each for each in window.findChildren(QDialog) if each.isVisible()]
    assert len(dialogs) == 1
    assert window.desk.book.book.sites[0].name in {
        field.text() for field in dialogs[0].findChildren(QLineEdit)
    }
    dialogs[0].reject()
