from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from minerdesk.ui.dialogs.files import proposed_file
from minerdesk.ui.main_window import MainWindow
from tests.support.fake_desk import FakeDesk
from tests.ui.shell.parts import book_on_disk, press
from tests.ui.shell.test_book import find_question


def file_dialog(window: MainWindow) -> QFileDialog:
    (dialog,) = (each for each in window.findChildren(QFileDialog) if each.isVisible())
    return dialog


def type_name(dialog: QFileDialog, path: Path) -> None:
    dialog.setDirectory(str(path.parent))
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(field, QLineEdit)
    field.setText(path.name)
    dialog.accept()


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Texas", "Texas.minerdesk"),
        ("North/South: 2", "North South 2.minerdesk"),
        ("", "Untitled.minerdesk"),
        ("..", "Untitled.minerdesk"),
    ],
)
def test_a_file_is_proposed_that_every_system_takes(name: str, file: str) -> None:
    found = proposed_file(name)
    assert found.name == file
    assert found.parent.is_dir()


def test_save_as_proposes_a_name_over_the_middle_of_the_window(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    window.resize(1200, 800)
    window.move(100, 60)
    desk.book.apply("rename", lambda book: replace(book, name="Texas"))
    window.table["book.save"].run()
    dialog = file_dialog(window)
    assert [Path(each).name for each in dialog.selectedFiles()] == ["Texas.minerdesk"]
    away = dialog.frameGeometry().center() - window.frameGeometry().center()
    assert away.manhattanLength() <= 2
    type_name(dialog, tmp_path / "mine")
    qtbot.waitUntil(lambda: not desk.book.dirty)
    assert desk.book.path == tmp_path / "mine.minerdesk", "the ending is added"
    window.table["book.save_as"].run()
    again = file_dialog(window)
    assert [Path(each).name for each in again.selectedFiles()] == ["mine.minerdesk"]
    assert Path(again.directory().path()) == tmp_path
    again.reject()


def test_open_asks_for_a_book(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.new()
    window.table["book.open"].run()
    type_name(file_dialog(window), file)
    qtbot.waitUntil(lambda: desk.book.path == file)


def test_a_new_book_waits_for_the_name_of_the_old_one(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    desk.book.apply("rename", lambda book: replace(book, name="Texas"))
    window.table["book.new"].run()
    press(find_question(), "Save")
    qtbot.waitUntil(lambda: bool(window.findChildren(QFileDialog)))
    type_name(file_dialog(window), tmp_path / "mine.minerdesk")
    qtbot.waitUntil(lambda: desk.book.book.name == "")
    assert desk.book.path is None
    assert (tmp_path / "mine.minerdesk").is_file()


def test_what_comes_during_a_save_waits_for_it(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.apply("rename", lambda book: replace(book, name="x"))
    window.table["book.save"].run()
    assert window.book_actions.saving
    done: list[bool] = []
    window.book_actions.after_saving(lambda: done.append(desk.book.dirty))
    assert done == []
    qtbot.waitUntil(lambda: done == [False])
    assert desk.book.path == file


def test_a_book_open_elsewhere_is_not_written_over(window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "other.minerdesk"
    other = FakeDesk(tmp_path / "other-profile")
    other.book.save(file)
    window.book_actions.ask_save_as()
    (dialog,) = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    assert "Another window has other.minerdesk open" in window.toasts.texts[0]
    assert not window.book_actions.saving
    other.close()


def test_a_fault_in_saving_is_reported_and_loses_nothing(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    book_on_disk(desk, tmp_path)
    desk.book.apply("bad", lambda book: replace(book, name=object()))  # type: ignore[arg-type] # what no file can hold
    reports: list[object] = []
    window.errors.reported.connect(reports.append)
    window.table["book.save"].run()
    qtbot.waitUntil(lambda: bool(reports))
    assert not window.book_actions.saving
    assert desk.book.dirty
    desk.book.undo()
    desk.journal_errors.clear()
