from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QMessageBox,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from minerdesk.domain.errors import UserError
from minerdesk.ui.main_window import MainWindow
from tests.support.fake_desk import FakeDesk
from tests.ui.shell.parts import book_on_disk, press


def test_title_follows_the_book(window: MainWindow, desk: FakeDesk) -> None:
    assert not window.isWindowModified()
    desk.book.apply("rename", lambda book: replace(book, name="Texas"))
    assert window.isWindowModified()
    assert "Texas" in window.windowTitle()
    assert window.table.qaction("edit.undo").text() == "Undo: rename"
    window.table["edit.undo"].run()
    assert desk.book.can_redo
    assert window.table.qaction("edit.redo").isEnabled()
    assert not window.table.qaction("edit.undo").isEnabled()


def test_read_only_is_said(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    assert not window.banner.isVisible()
    file = book_on_disk(desk, tmp_path)
    desk.book.close()
    desk.book.new()
    other = FakeDesk(tmp_path / "other")
    other.book.open(file)
    window.book_actions.open_path(file)
    qtbot.waitUntil(lambda: desk.book.read_only)
    assert window.banner.isVisible()
    assert "read-only" in window.banner.text
    assert not window.table["book.save"].enabled()
    with pytest.raises(UserError):
        window.context.run_command("edit", lambda book: replace(book, name="x"))
    other.close()


def test_edits_that_were_never_saved_are_offered_back(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.apply("rename", lambda book: replace(book, name="unsaved"))
    written = desk.worker.submit(lambda: None)
    assert written is not None
    written.result(5)
    desk.book.new()
    window.book_actions.open_path(file)
    qtbot.waitUntil(lambda: "never saved" in window.banner.text)
    window.activateWindow()
    restore = next(
        each for each in window.banner.findChildren(QPushButton) if each.text() == "Restore 1 edit"
    )
    restore.setFocus()
    QTest.keyClick(restore, Qt.Key.Key_Space)
    assert desk.book.book.name == "unsaved"
    assert not window.banner.isVisible()
    assert window.focusWidget() is window.pages.current, "and on no arrow that would undo it"


def test_the_offer_says_what_restoring_undoes_and_outlives_a_save(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = book_on_disk(desk, tmp_path)
    for name in ("one", "two"):
        desk.book.apply("rename", lambda book, name=name: replace(book, name=name))  # type: ignore[misc] # a default binds it
    written = desk.worker.submit(lambda: None)
    assert written is not None
    written.result(5)
    desk.book.new()
    os.utime(file, (0, 0))
    window.book_actions.open_path(file)
    qtbot.waitUntil(lambda: "2 edits until" in window.banner.text)
    assert "Restoring undoes" not in window.banner.text
    buttons = window.banner.findChildren(QPushButton)
    desk.book.apply("currency", lambda book: replace(book, currency="EUR"))
    assert "Restoring undoes what was edited since; Undo brings that back." in window.banner.text
    assert "recovered-" in window.banner.text
    assert window.banner.findChildren(QPushButton) == buttons, "and the focus stays where it was"
    window.table["book.save"].run()
    qtbot.waitUntil(lambda: not desk.book.dirty)
    assert "2 edits until" in window.banner.text
    press(window.banner, "Restore 2 edits")
    assert (desk.book.book.name, desk.book.book.currency) == ("two", "USD")
    window.table["edit.undo"].run()
    assert desk.book.book.currency == "EUR"
    assert not window.banner.isVisible()


def test_unsaved_edits_can_be_discarded(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.apply("rename", lambda book: replace(book, name="unsaved"))
    written = desk.worker.submit(lambda: None)
    assert written is not None
    written.result(5)
    desk.book.new()
    window.book_actions.open_path(file)
    qtbot.waitUntil(lambda: "never saved" in window.banner.text)
    press(window.banner, "Discard")
    assert not window.banner.isVisible()
    assert desk.book.book.name == ""


@pytest.mark.parametrize(("answer", "name"), [("Restore it", "Lost"), ("Discard", "")])
def test_a_lost_book_is_offered(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot, answer: str, name: str
) -> None:
    killed = FakeDesk(tmp_path / "profile")
    killed.book.new(replace(desk.book.book, name="Lost"))
    killed.worker.close()
    lock = killed.book._lock
    assert lock is not None
    lock.release()
    window.look_for_lost_books()
    qtbot.waitUntil(lambda: "left behind: Lost" in window.banner.text)
    press(window.banner, answer)
    assert desk.book.book.name == name
    assert window.book_actions.lost == ()
    assert not window.banner.isVisible()


def test_what_was_said_of_an_edit_goes_with_it(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    book_on_disk(desk, tmp_path)

    def edit(name: str) -> None:
        desk.book.apply("rename", lambda book: replace(book, name=name))
        window.context.toast(f"{name}. Undo brings it back.", "done")

    edit("one")
    window.table["edit.undo"].run()
    assert window.toasts.texts == []
    edit("two")
    qtbot.wait(1)
    window.context.toast("Copied", "done")
    edit("three")
    window.table["edit.undo"].run()
    assert window.toasts.texts == ["two. Undo brings it back.", "Copied"]
    window.table["book.save"].run()
    qtbot.waitUntil(lambda: not desk.book.dirty)
    assert window.toasts.texts == ["Copied"]


def test_the_title_is_the_files_name(window: MainWindow, desk: FakeDesk, tmp_path: Path) -> None:
    assert window.windowTitle() == "Untitled[*] — minerdesk"
    desk.book.apply("rename", lambda book: replace(book, name="Texas"))
    assert window.windowTitle() == "Texas[*] — minerdesk"
    book_on_disk(desk, tmp_path)
    assert window.windowTitle() == "farm[*] — minerdesk"


@pytest.mark.parametrize("keys", ["Ctrl+Y", "Ctrl+Shift+Z"])
def test_both_habits_redo(window: MainWindow, desk: FakeDesk, keys: str) -> None:
    window.activateWindow()
    desk.book.apply("rename", lambda book: replace(book, name="Texas"))
    window.table["edit.undo"].run()
    QTest.keySequence(window, QKeySequence(keys))
    assert desk.book.book.name == "Texas"


def test_save_writes_and_open_reads(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.apply("rename", lambda book: replace(book, name="Texas"))
    assert window.table["book.save"].run()
    qtbot.waitUntil(lambda: not desk.book.dirty)
    desk.book.new()
    window.book_actions.open_path(file)
    qtbot.waitUntil(lambda: desk.book.book.name == "Texas")
    assert desk.book.path == file


def test_a_sample_becomes_a_book_of_ones_own(
    window: MainWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    window.table["book.sample_farm"].run()
    qtbot.waitUntil(lambda: desk.book.book.rig_count > 1000)
    assert desk.book.path is None


def test_recent_books_are_remembered(window: MainWindow, desk: FakeDesk, tmp_path: Path) -> None:
    file = book_on_disk(desk, tmp_path)
    assert desk.recent_books == (file,)
    assert not window.isWindowModified()


def test_recent_books_open_from_their_menu(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.new()
    menu = window._recent
    menu.aboutToShow.emit()
    (entry,) = menu.actions()
    assert entry.text() == "farm.minerdesk"
    entry.trigger()
    qtbot.waitUntil(lambda: desk.book.path == file)


def test_a_failed_save_is_said_and_loses_nothing(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    file = book_on_disk(desk, folder)
    desk.book.apply("rename", lambda book: replace(book, name="x"))
    for each in folder.iterdir():
        each.unlink()
    folder.rmdir()
    window.table["book.save"].run()
    assert file.parent == folder
    qtbot.waitUntil(lambda: bool(window.toasts.texts))
    assert desk.book.dirty
    assert not window.book_actions.saving


def test_a_save_that_failed_offers_another_place(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    book_on_disk(desk, folder)
    desk.book.apply("rename", lambda book: replace(book, name="x"))
    for each in folder.iterdir():
        each.unlink()
    folder.rmdir()
    window.table["book.save"].run()
    qtbot.waitUntil(lambda: bool(window.toasts.texts))
    press(window, "Save as…")
    (dialog,) = window.findChildren(QFileDialog)
    dialog.reject()


def test_an_error_of_the_operator_becomes_a_sentence(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.book_actions.open_path(tmp_path / "none.minerdesk")
    qtbot.waitUntil(lambda: bool(window.toasts.texts))
    assert "none.minerdesk" in window.toasts.texts[0]


def test_closing_a_saved_book_asks_nothing(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closed):
        window.close()
    assert not window.isVisible()


def find_question() -> QMessageBox:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox))


@pytest.mark.parametrize(
    ("answer", "closed", "saved"),
    [("Save", True, True), ("Do not save", True, False), ("Cancel", False, False)],
)
def test_closing_with_unsaved_edits_asks(
    window: MainWindow,
    desk: FakeDesk,
    tmp_path: Path,
    qtbot: QtBot,
    answer: str,
    closed: bool,
    saved: bool,
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.apply("rename", lambda book: replace(book, name="x"))
    window.close()
    assert window.isVisible()
    question = find_question()
    press(question, answer)
    qtbot.waitUntil(lambda: window.isVisible() is not closed)
    desk.book.new()
    assert (desk.book.read(file).book.name == "x") is saved


def test_a_dropped_book_is_opened(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.new()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPointF(1, 1),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: desk.book.path == file)


def test_what_is_no_book_is_not_taken(window: MainWindow, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "rigs.csv"))])
    for name, taken in (("rigs.csv", False), ("farm.minerdesk", True)):
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        event = QDragEnterEvent(
            QPoint(1, 1),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        event.ignore()
        window.dragEnterEvent(event)
        assert event.isAccepted() is taken
