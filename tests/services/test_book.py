from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.services import edits
from minerdesk.storage import book_file
from minerdesk.storage.paths import Profile
from tests.services.a_window import Window, rename
from tests.support.books import small_book


@pytest.fixture
def window(profile: Profile) -> Iterator[Window]:
    one = Window(profile)
    yield one
    one.books.close()
    one.worker.close()
    assert one.errors == []


def test_an_edit_is_one_step_back_and_forth(window: Window) -> None:
    books = window.books
    books.new(small_book())
    before = books.book
    after = books.apply("Rename", rename)
    assert (books.can_undo, books.undo_text, books.can_redo) == (True, "Rename", False)
    books.undo()
    assert books.book is before
    assert (books.can_undo, books.redo_text) == (False, "Rename")
    books.redo()
    assert books.book is after
    books.undo()
    books.apply("Other", lambda book: replace(book, name="Other"))
    assert not books.can_redo
    books.redo()
    assert books.book.name == "Other"


def test_undo_with_nothing_done_does_nothing(window: Window) -> None:
    window.books.undo()
    window.books.redo()
    assert window.books.book == Book()


def test_an_edit_that_changes_nothing_is_no_step(window: Window) -> None:
    window.books.new(small_book())
    revision = window.books.revision
    window.books.apply("Nothing", replace)
    assert not window.books.can_undo
    assert window.books.revision == revision


def test_a_refused_edit_leaves_everything(window: Window) -> None:
    window.books.new(small_book())
    with pytest.raises(UserError):
        window.books.apply("Bad", lambda b: edits.change_groups(b, {"a"}, {"count": 0}))
    assert window.books.book == small_book()
    assert not window.books.can_undo


def test_listeners_hear_each_change_until_they_leave(window: Window) -> None:
    heard: list[tuple[str, int]] = []
    leave = window.books.subscribe(lambda book, revision: heard.append((book.name, revision)))
    window.books.new(small_book())
    window.books.apply("Rename", rename)
    leave()
    window.books.undo()
    assert [name for name, _ in heard] == ["Small", "Renamed"]
    assert heard[0][1] < heard[1][1]


def test_the_file_changes_on_save_alone(window: Window, file: Path) -> None:
    window.books.open(file)
    assert not window.books.dirty
    before = file.read_bytes()
    window.books.apply("Rename", rename)
    assert window.books.dirty
    assert file.read_bytes() == before
    window.books.save()
    assert not window.books.dirty
    assert book_file.load(file).name == "Renamed"
    window.books.undo()
    assert window.books.dirty


def test_edits_during_a_save_stay_dirty_and_journalled(
    window: Window, file: Path, profile: Profile
) -> None:
    books = window.books
    books.open(file)
    books.apply("Rename", rename)
    job = books.begin_save()
    job.run()
    books.apply("Later", lambda book: replace(book, name="Later"))
    books.finish_save(job)
    assert books.dirty
    window.flush()
    window.kill()
    second = Window(profile)
    second.books.open(file)
    found = second.books.recoverable()
    assert found is not None
    assert found.book.name == "Later"
    second.books.close()
    second.worker.close()


def test_a_book_without_a_name_asks_for_one(window: Window) -> None:
    with pytest.raises(UserError, match="Choose a name"):
        window.books.save()


def test_save_as_moves_the_lock_and_the_name(
    window: Window, file: Path, tmp_path: Path, profile: Profile
) -> None:
    window.books.open(file)
    copy = tmp_path / "copy.minerdesk"
    window.books.save(copy)
    assert window.books.path == copy
    window.flush()
    other = Window(profile)
    other.books.open(file)
    assert not other.books.read_only
    other.books.open(copy)
    assert other.books.read_only
    other.books.close()
    other.worker.close()


def test_the_second_window_is_read_only_and_says_so(
    window: Window, file: Path, profile: Profile, tmp_path: Path
) -> None:
    window.books.open(file)
    second = Window(profile)
    second.books.open(file)
    assert second.books.read_only
    with pytest.raises(UserError, match="another window has it open"):
        second.books.apply("Rename", rename)
    with pytest.raises(UserError, match="another window has it open"):
        second.books.save()
    second.books.save(tmp_path / "mine.minerdesk")
    assert not second.books.read_only
    second.books.apply("Rename", rename)
    second.books.save()
    second.books.close()
    second.worker.close()


def test_nobody_saves_over_a_book_that_is_open_elsewhere(
    window: Window, file: Path, profile: Profile
) -> None:
    window.books.open(file)
    second = Window(profile)
    second.books.new(small_book())
    with pytest.raises(UserError, match=r"Another window has small\.minerdesk open"):
        second.books.save(file)
    second.books.close()
    second.worker.close()


def test_a_save_that_fails_changes_nothing(window: Window, file: Path, tmp_path: Path) -> None:
    window.books.open(file)
    window.books.apply("Rename", rename)
    folder = tmp_path / "gone.minerdesk"
    folder.mkdir()
    with pytest.raises(WorldError):
        window.books.save(folder)
    assert window.books.path == file
    assert window.books.dirty
    window.books.save()


def test_opening_the_same_file_again_keeps_the_lock(window: Window, file: Path) -> None:
    window.books.open(file)
    window.books.apply("Rename", rename)
    window.books.open(file)
    assert window.books.book == small_book()
    assert not window.books.read_only
    window.books.apply("Rename", rename)
    window.books.save()


def test_after_a_kill_the_edits_are_offered_and_taken_back(
    window: Window, file: Path, profile: Profile
) -> None:
    window.rename_and_die(file)
    second = Window(profile)
    second.books.open(file)
    found = second.books.recoverable()
    assert found is not None
    assert found.text == "Rename"
    assert second.books.book == small_book()
    second.books.recover()
    assert second.books.book.name == "Renamed"
    assert second.books.recoverable() is None
    second.books.undo()
    assert second.books.book == small_book()
    second.books.close()
    second.worker.close()


def test_a_book_whose_unsaved_edits_cannot_be_read_is_not_locked(
    window: Window, file: Path, profile: Profile
) -> None:
    window.rename_and_die(file)
    (journal,) = profile.journal_dir.iterdir()
    kept = journal.rename(journal.with_suffix(".kept"))
    journal.mkdir()
    second = Window(profile)
    with pytest.raises(WorldError, match="unsaved edits"):
        second.books.open(file)
    journal.rmdir()
    kept.rename(journal)
    second.books.open(file)
    assert second.books.why_read_only == ""
    assert second.books.recoverable() is not None
    second.books.close()
    second.worker.close()


def test_unsaved_edits_can_be_dropped(window: Window, file: Path, profile: Profile) -> None:
    window.rename_and_die(file)
    for expected in (True, False):
        again = Window(profile)
        again.books.open(file)
        assert (again.books.recoverable() is not None) is expected
        again.books.drop_recovery()
        again.books.drop_recovery()
        again.books.close()
        again.worker.close()


def test_an_edit_over_unsaved_ones_keeps_them_aside(
    window: Window, file: Path, profile: Profile
) -> None:
    window.rename_and_die(file)
    second = Window(profile)
    second.books.open(file)
    second.books.apply("Other", lambda book: replace(book, name="Other"))
    second.books.apply("Another", lambda book: replace(book, name="Another"))
    second.flush()
    kept = list(profile.backup_dir.glob("recovered-*.minerdesk"))
    assert [book_file.load(path).name for path in kept] == ["Renamed"]
    second.books.recover()
    assert second.books.book.name == "Renamed"
    second.books.close()
    second.worker.close()


def test_a_book_that_never_had_a_file_survives_a_kill(window: Window, profile: Profile) -> None:
    window.books.new(small_book())
    window.books.apply("Rename", rename)
    window.kill()
    second = Window(profile)
    (found,) = second.books.unsaved_books()
    assert found.recovered is not None
    assert found.recovered.edits == 2
    second.books.take_unsaved(found)
    assert second.books.book.name == "Renamed"
    assert second.books.undo_text
    assert second.books.dirty
    second.books.close()
    second.worker.close()
    assert second.errors == []


def test_a_book_that_was_dropped_is_not_offered_again(window: Window, profile: Profile) -> None:
    window.books.new(small_book())
    window.kill()
    second = Window(profile)
    (found,) = second.books.unsaved_books()
    second.books.drop_unsaved(found)
    second.flush()
    assert second.books.unsaved_books() == ()
    second.books.close()
    second.worker.close()


def test_what_another_window_works_on_is_not_lost(window: Window, profile: Profile) -> None:
    window.books.new(small_book())
    window.flush()
    second = Window(profile)
    assert second.books.unsaved_books() == ()
    window.kill()
    (found,) = second.books.unsaved_books()
    third = Window(profile)
    third.books.take_unsaved(found)
    third.flush()
    for late in (second.books.take_unsaved, second.books.drop_unsaved):
        with pytest.raises(UserError, match="Another window"):
            late(found)
    assert second.books.unsaved_books() == ()
    for one in (second, third):
        one.books.close()
        one.worker.close()


def test_the_newest_of_the_lost_books_comes_first(window: Window, profile: Profile) -> None:
    for name in ("first", "second"):
        window.books.new(replace(small_book(), name=name))
    window.kill()
    later = Window(profile)
    names = [each.recovered.book.name for each in later.books.unsaved_books() if each.recovered]
    assert names == ["second", "first"]
    later.books.close()
    later.worker.close()


def test_edits_that_were_let_go_are_not_offered_back(
    window: Window, file: Path, profile: Profile
) -> None:
    window.books.open(file)
    window.books.apply("Rename", rename)
    window.books.discard()
    window.kill()
    again = Window(profile)
    again.books.open(file)
    assert again.books.recoverable() is None
    again.books.close()
    again.worker.close()


def test_leaving_a_saved_book_leaves_no_journal(
    window: Window, file: Path, profile: Profile
) -> None:
    window.books.open(file)
    window.books.apply("Rename", rename)
    window.books.save()
    window.books.close()
    window.worker.close()
    assert list(profile.journal_dir.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_a_real_kill_loses_no_edit(file: Path, profile: Profile) -> None:
    script = textwrap.dedent(
        f"""
        import dataclasses, sys, time
        from datetime import UTC, datetime
        from pathlib import Path
        from minerdesk.services.book import BookService
        from minerdesk.services.serial import SerialWorker
        from minerdesk.storage.paths import Profile
        worker = SerialWorker("journal", print)
        books = BookService(Profile.at({str(profile.data)!r}), lambda: datetime.now(UTC), worker)
        books.open(Path({str(file)!r}))
        for n in range(5):
            books.apply(f"Name {{n}}", lambda b: dataclasses.replace(b, name=f"Name {{n}}"))
        worker.submit(lambda: None).result()
        print("ready", flush=True)
        time.sleep(60)
        """
    )
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        locked = Window(profile)
        locked.books.open(file)
        assert locked.books.read_only
        locked.worker.close()
        child.send_signal(signal.SIGKILL)
    finally:
        child.kill()
        child.communicate()
    after = Window(profile)
    after.books.open(file)
    assert not after.books.read_only
    found = after.books.recoverable()
    assert found is not None
    assert (found.book.name, found.edits) == ("Name 4", 5)
    after.books.drop_recovery()
    after.books.close()
    after.worker.close()
