from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from minerdesk.services import unsaved
from minerdesk.services.undo import UndoList
from minerdesk.storage import book_file
from minerdesk.storage.journal import Recovered
from tests.support.books import small_book


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    held = unsaved.hold(tmp_path, "untitled-1")
    assert held is not None
    assert unsaved.is_open_elsewhere(tmp_path, "untitled-1")
    assert unsaved.hold(tmp_path, "untitled-1") is None
    assert not unsaved.is_open_elsewhere(tmp_path, "untitled-2")
    held.release()
    assert not unsaved.is_open_elsewhere(tmp_path, "untitled-1")
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_locked_nobody_is_in_the_way(tmp_path: Path) -> None:
    nowhere = tmp_path / "none"
    assert unsaved.hold(nowhere, "untitled-1") is None
    assert not unsaved.is_open_elsewhere(nowhere, "untitled-1")


def test_what_is_kept_aside_is_not_written_over(tmp_path: Path) -> None:
    at = datetime(2026, 1, 19, 12, tzinfo=UTC)
    book = small_book()
    unsaved.keep_aside(tmp_path, Recovered(book, at, "Edit", 1))
    (path,) = tmp_path.iterdir()
    before = path.stat().st_mtime_ns
    unsaved.keep_aside(tmp_path, Recovered(book, at, "Edit", 1))
    assert path.stat().st_mtime_ns == before
    assert book_file.load(path) == book


def test_the_undo_list_forgets_the_oldest_and_what_was_undone() -> None:
    undo, book = UndoList(), small_book()
    assert undo.back(book) is None
    assert undo.forth(book) is None
    for number in range(300):
        undo.note(str(number), book)
    count = 0
    while undo.can_back:
        undo.back(book)
        count += 1
    assert count == 200
    assert undo.forth_text == "100"
    undo.note("other", book)
    assert not undo.can_forth
    assert undo.back_text == "other"
