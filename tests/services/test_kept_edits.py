from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.errors import WorldError
from minerdesk.storage import book_file
from minerdesk.storage.paths import Profile
from tests.services.a_window import Window
from tests.support.books import small_book

Open = Callable[[], Window]


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    found = Profile.at(tmp_path / "profile")
    found.prepare()
    return found


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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.minerdesk"
    book_file.save(path, small_book())
    return path


def rename(book: Book) -> Book:
    return replace(book, name="Renamed")


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
    readers[1].books.save_as(tmp_path / "copy.minerdesk")
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
    other.books.save_as(file)
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
    other.books.save_as(tmp_path / "copy.minerdesk")
    other.flush()
    assert other.books.recoverable() is None
    assert kept_aside(profile) == ["Renamed"]


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
