from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from minerdesk.storage import backups

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)


def test_a_file_that_is_not_there_yet_has_no_copy(tmp_path: Path) -> None:
    assert backups.keep(tmp_path / "a.minerdesk", tmp_path / "b", NOW) is None
    assert backups.kept(tmp_path / "a.minerdesk", tmp_path / "b") == ()


def test_the_newest_ten_are_kept(tmp_path: Path) -> None:
    book = tmp_path / "a.minerdesk"
    for i in range(14):
        book.write_text(str(i))
        backups.keep(book, tmp_path / "b", NOW + timedelta(minutes=i))
    found = backups.kept(book, tmp_path / "b")
    assert [copy.read_text() for copy in found] == [str(i) for i in range(13, 3, -1)]
    assert found[0].name == "20260119T121300.000000.minerdesk"


def test_books_of_one_name_in_two_folders_keep_apart(tmp_path: Path) -> None:
    for name in ("x", "y"):
        book = tmp_path / name / "a.minerdesk"
        book.parent.mkdir()
        book.write_text(name)
        backups.keep(book, tmp_path / "b", NOW)
    for name in ("x", "y"):
        copies = backups.kept(tmp_path / name / "a.minerdesk", tmp_path / "b")
        assert [copy.read_text() for copy in copies] == [name]


def test_what_else_lies_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    book = tmp_path / "a.minerdesk"
    book.write_text("x")
    backups.keep(book, tmp_path / "b", NOW)
    other = backups.folder_of(book, tmp_path / "b") / "1 note.txt"
    other.touch()
    for i in range(12):
        backups.keep(book, tmp_path / "b", NOW + timedelta(minutes=i))
    assert other.exists()
    assert len(backups.kept(book, tmp_path / "b")) == 10
