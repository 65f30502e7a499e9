from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.errors import WorldError
from minerdesk.storage import book_file, locks
from minerdesk.storage.paths import Profile
from tests.services.a_window import Window, rename
from tests.support.books import small_book

Open = Callable[[], Window]


@pytest.fixture
def new_window(profile: Profile) -> Iterator[Open]:
    windows: list[Window] = []

    def make() -> Window:
        windows.append(Window(profile))
        return windows[-1]

    yield make
    for window in windows:
        window.books.close()
        window.worker.close()
        assert window.errors == []


def kept_aside(profile: Profile) -> list[str]:
    return sorted(book_file.load(each).name for each in profile.backup_dir.glob("recovered-*"))


def test_a_window_that_only_reads_leaves_the_other_ones_edits_alone(
    new_window: Open, file: Path, tmp_path: Path
) -> None:
    writer = new_window()
    writer.books.open(file)
    writer.books.apply("Rename", rename)
    writer.flush()
    readers = [new_window() for _number in range(3)]
    for reader in readers:
        reader.books.open(file)
        assert reader.books.read_only
    readers[0].books.discard()
    readers[0].books.close()
    readers[1].books.save(tmp_path / "copy.minerdesk")
    readers[2].books.new()
    for reader in readers:
        reader.flush()
    writer.kill()
    after = new_window()
    after.books.open(file)
    found = after.books.recoverable()
    assert found is not None
    assert found.book.name == "Renamed"


def test_what_a_kill_left_of_a_book_that_is_written_over_is_kept_aside(
    new_window: Open, file: Path, profile: Profile
) -> None:
    killed = new_window()
    killed.books.open(file)
    killed.books.apply("Rename", rename)
    killed.kill()
    other = new_window()
    other.books.new(replace(small_book(), name="Other"))
    other.books.save(file)
    other.flush()
    assert kept_aside(profile) == ["Renamed"]
    other.books.open(file)
    assert other.books.recoverable() is None
    assert other.books.book.name == "Other"


def test_unsaved_edits_nobody_decided_on_outlive_a_save_under_another_name(
    new_window: Open, file: Path, profile: Profile, tmp_path: Path
) -> None:
    killed = new_window()
    killed.books.open(file)
    killed.books.apply("Rename", rename)
    killed.kill()
    other = new_window()
    other.books.open(file)
    assert other.books.recoverable() is not None
    other.books.save(tmp_path / "copy.minerdesk")
    other.flush()
    assert other.books.recoverable() is not None, "nobody has answered yet"
    assert kept_aside(profile) == ["Renamed"]
    copy = other.books.recovery_copy
    assert copy is not None
    assert book_file.load(copy).name == "Renamed"


def test_a_book_read_only_can_be_written_once_the_other_window_is_gone(
    new_window: Open, file: Path
) -> None:
    writer, reader = new_window(), new_window()
    writer.books.open(file)
    reader.books.open(file)
    assert reader.books.read_only
    writer.books.apply("Rename", rename)
    writer.books.save()
    writer.books.close()
    reader.books.open(file)
    assert not reader.books.read_only
    assert reader.books.book.name == "Renamed"
    reader.books.apply("Again", lambda book: replace(book, name="Again"))
    reader.books.save()
    assert book_file.load(file).name == "Again"


def test_a_book_is_free_for_others_once_its_journal_is_written(
    new_window: Open, file: Path
) -> None:
    window, gate = new_window(), threading.Event()
    window.books.open(file)
    window.worker.submit(lambda: gate.wait(10))
    window.books.apply("Rename", rename)
    window.books.new()
    assert locks.acquire(locks.book_lock_path(file)) is None
    gate.set()
    window.flush()
    lock = locks.acquire(locks.book_lock_path(file))
    assert lock is not None
    lock.release()


def test_a_window_takes_back_the_book_it_is_still_letting_go(
    new_window: Open, file: Path, tmp_path: Path
) -> None:
    window, gate = new_window(), threading.Event()
    other = tmp_path / "other.minerdesk"
    book_file.save(other, small_book())
    window.books.open(file)
    window.worker.submit(lambda: gate.wait(10))
    window.books.open(other)
    threading.Timer(0.05, gate.set).start()
    window.books.open(file)
    assert not window.books.read_only


def test_what_another_program_wrote_is_kept_and_said(
    new_window: Open, file: Path, profile: Profile
) -> None:
    window = new_window()
    window.books.open(file)
    window.books.apply("Rename", rename)
    assert window.books.save() == ""
    book_file.save(file, replace(small_book(), name="From outside"))
    window.books.apply("Again", lambda book: replace(book, name="Again"))
    said = window.books.save()
    assert "Another program had changed small.minerdesk" in said
    found = profile.backup_dir.rglob("*.minerdesk")
    copies = [path for path in found if path.name in said]
    assert [book_file.load(path).name for path in copies] == ["From outside"]
    assert book_file.load(file).name == "Again"
    window.books.apply("More", lambda book: replace(book, name="More"))
    assert window.books.save() == ""


def test_what_another_program_wrote_is_not_lost_where_no_copy_can_be_kept(
    new_window: Open, file: Path, profile: Profile
) -> None:
    window = new_window()
    window.books.open(file)
    book_file.save(file, replace(small_book(), name="From outside"))
    profile.backup_dir.rmdir()
    profile.backup_dir.touch()
    window.books.apply("Again", lambda book: replace(book, name="Again"))
    with pytest.raises(WorldError, match="nothing was written"):
        window.books.save()
    assert book_file.load(file).name == "From outside"
    assert window.books.dirty


def test_a_file_that_was_deleted_is_written_again(new_window: Open, file: Path) -> None:
    window = new_window()
    window.books.open(file)
    file.unlink()
    window.books.apply("Rename", rename)
    assert window.books.save() == ""
    assert book_file.load(file).name == "Renamed"


def left_by_a_kill(new_window: Open, file: Path) -> None:
    killed = new_window()
    killed.books.open(file)
    killed.books.apply("Currency", lambda book: replace(book, currency="EUR"))
    killed.books.apply("Rename", rename)
    killed.kill()
    # The file is older than the edits, as the clock of these windows tells it.
    os.utime(file, (0, 0))


def later(book: Book) -> Book:
    return replace(book, name="Later")


def test_a_save_before_the_answer_takes_nothing_from_the_offer(
    new_window: Open, file: Path
) -> None:
    left_by_a_kill(new_window, file)
    window = new_window()
    window.books.open(file)
    assert not window.books.edited_since
    assert window.books.recovery_copy is None, "the journal holds it"
    window.books.apply("Later", later)
    assert window.books.edited_since
    window.books.save()
    found = window.books.recoverable()
    assert found is not None
    window.books.recover()
    assert window.books.book.name == "Renamed"
    window.books.undo()
    assert window.books.book.name == "Later"
    assert window.books.recoverable() is None


@pytest.mark.parametrize("killed", [True, False])
def test_a_restart_after_a_save_without_an_answer_offers_the_same(
    new_window: Open, file: Path, profile: Profile, killed: bool
) -> None:
    left_by_a_kill(new_window, file)
    window = new_window()
    window.books.open(file)
    offered = window.books.recoverable()
    window.books.apply("Later", later)
    window.books.save()
    window.flush()
    if killed:
        window.kill()
    else:
        window.books.close()
    again = new_window()
    again.books.open(file)
    assert again.books.book.name == "Later"
    assert again.books.recoverable() == offered
    assert again.books.edited_since, "the file is newer than what is offered"
    assert kept_aside(profile) == ["Renamed"]


def test_not_saving_new_edits_is_no_answer_about_the_old_ones(new_window: Open, file: Path) -> None:
    left_by_a_kill(new_window, file)
    window = new_window()
    window.books.open(file)
    offered = window.books.recoverable()
    window.books.apply("Later", later)
    window.books.discard()
    window.books.close()
    again = new_window()
    again.books.open(file)
    assert again.books.recoverable() == offered


def test_letting_the_old_edits_go_keeps_the_new_ones(new_window: Open, file: Path) -> None:
    left_by_a_kill(new_window, file)
    window = new_window()
    window.books.open(file)
    window.books.apply("Later", later)
    window.books.drop_recovery()
    window.flush()
    window.kill()
    again = new_window()
    again.books.open(file)
    found = again.books.recoverable()
    assert found is not None
    assert found.book.name == "Later"
