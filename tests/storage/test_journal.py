from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minerdesk.domain.book import Book
from minerdesk.domain.errors import WorldError
from minerdesk.domain.rigs import RigGroup
from minerdesk.storage import book_change
from minerdesk.storage import journal as journal_module
from minerdesk.storage.journal import Journal, Recovered, pending
from tests.storage.a_book import FULL, GROUP, books, with_groups

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)


def ticking() -> Callable[[], datetime]:
    times = iter(range(10_000))
    return lambda: NOW + timedelta(seconds=next(times))


def test_nothing_was_written_so_nothing_is_offered(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "none", "book")
    assert journal.recover() is None
    assert pending(tmp_path / "none") == ()
    journal.clear()
    assert list(tmp_path.iterdir()) == []


def test_the_newest_edit_comes_back_to_a_new_process(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", "book", ticking())
    for i in range(5):
        journal.append(replace(FULL, name=str(i)), f"edit {i}")
    expected = Recovered(replace(FULL, name="4"), NOW + timedelta(seconds=4), "edit 4", 5)
    assert Journal(tmp_path / "j", "book").recover() == expected
    assert Journal(tmp_path / "j", "book").recover() == expected


def test_what_was_left_can_be_held_again_until_the_next_edit(tmp_path: Path) -> None:
    first = Journal(tmp_path, "book", ticking())
    for i in range(3):
        first.append(replace(FULL, name=str(i)), f"edit {i}")
    found = first.recover()
    assert found is not None
    later = Journal(tmp_path, "book", ticking())
    later.append(Book(), "later")
    later.restore(found)
    assert later.recover() == found
    later.append(replace(FULL, name="new"), "new")
    assert later.recover() == Recovered(
        replace(FULL, name="new"), NOW + timedelta(seconds=1), "new", 1
    )


def test_what_cannot_be_held_again_is_said(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "book")
    (journal.path / "full").mkdir(parents=True)
    with pytest.raises(WorldError, match="not kept against a crash"):
        journal.restore(Recovered(FULL, NOW, "edit", 1))


def test_the_clock_is_asked_where_none_is_given(tmp_path: Path) -> None:
    Journal(tmp_path, "book").append(FULL, "edit")
    found = Journal(tmp_path, "book").recover()
    assert found is not None
    assert abs(found.at - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_journal_that_ends_in_the_saved_book_has_nothing_to_give(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "book")
    journal.append(FULL, "edit")
    assert journal.recover(saved=FULL) is None
    assert journal.recover(saved=Book()) is not None


def test_clear_forgets_and_the_next_edit_begins_anew(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "book")
    journal.append(FULL, "one")
    journal.clear()
    journal.clear()
    assert journal.recover() is None
    journal.append(Book(name="two"), "two")
    found = journal.recover()
    assert found is not None
    assert (found.book, found.edits) == (Book(name="two"), 1)


def test_books_keep_apart_and_are_listed(tmp_path: Path) -> None:
    for key in ("a", "b", "untitled 1"):
        Journal(tmp_path, key).append(Book(name=key), "edit")
    (tmp_path / "0.journal").write_bytes(b"no journal")
    assert set(pending(tmp_path)) == {"a", "b", "untitled 1"}
    found = Journal(tmp_path, "b").recover()
    assert found is not None
    assert found.book.name == "b"


def test_an_edit_costs_what_it_changed_and_not_what_the_book_holds(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "book")
    book = with_groups(3000)
    journal.append(book, "open")
    whole = journal.path.stat().st_size
    for i in range(10):
        groups = list(book.groups)
        groups[i * 7] = replace(groups[i * 7], count=9999)
        book = replace(book, groups=tuple(groups))
        journal.append(book, "edit")
    assert journal.path.stat().st_size - whole < 10 * 1000
    found = journal.recover()
    assert found is not None
    assert found.book == book


def test_it_is_begun_anew_when_the_changes_outweigh_the_book(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "book")
    noise = "".join(f"{i * i:x}" for i in range(60_000))
    largest = 0
    for i in range(30):
        journal.append(replace(FULL, name=f"{i}{noise[i:]}"), "edit")
        largest = max(largest, journal.path.stat().st_size)
    assert largest < 3_000_000
    found = journal.recover()
    assert found is not None
    assert found.book.name == f"29{noise[29:]}"
    assert found.edits < 30


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(0, 4000))
def test_wherever_it_is_torn_the_whole_edits_before_come_back(tmp_path: Path, cut: int) -> None:
    journal = Journal(tmp_path, "book")
    journal.clear()
    ends = []
    for i in range(4):
        journal.append(replace(FULL, name=str(i)), "edit")
        ends.append(journal.path.stat().st_size)
    data = journal.path.read_bytes()[:cut]
    journal.path.write_bytes(data)
    whole = sum(end <= cut for end in ends)
    found = journal.recover()
    assert (found.book.name if found else None) == (str(whole - 1) if whole else None)


@pytest.mark.parametrize("at", [0, 3, 4, 8, 40])
def test_a_spoilt_first_entry_gives_nothing(tmp_path: Path, at: int) -> None:
    journal = Journal(tmp_path, "book")
    journal.append(FULL, "edit")
    data = bytearray(journal.path.read_bytes())
    data[at] ^= 0xFF
    journal.path.write_bytes(data)
    assert journal.recover() is None


def frame(payload: bytes) -> bytes:
    """Return a sound frame around any content."""
    return journal_module._HEAD.pack(len(payload), zlib.crc32(payload)) + payload


def entry(book: Book | None, version: int) -> bytes:
    """Return the content of a frame that the journal does not write."""
    content = journal_module._Entry(NOW, "edit", version, "book", book)
    return zlib.compress(msgspec.json.encode(content))


@pytest.mark.parametrize(
    "content",
    [
        entry(FULL, version=99),
        entry(None, version=1),
        b"not compressed",
        zlib.compress(b"no JSON"),
        zlib.compress(b"{}"),
    ],
)
def test_a_frame_without_a_book_of_this_version_is_not_used(tmp_path: Path, content: bytes) -> None:
    journal = Journal(tmp_path, "book")
    journal.path.write_bytes(frame(content))
    assert journal.recover() is None


def test_a_frame_with_a_book_of_this_version_is_used(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "book")
    journal.path.write_bytes(frame(entry(FULL, version=1)))
    assert journal.recover() == Recovered(FULL, NOW, "edit", 1)


def test_a_journal_taken_away_is_begun_anew(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "book")
    journal.append(FULL, "one")
    journal.path.unlink()
    journal.append(replace(FULL, name="two"), "two")
    found = journal.recover()
    assert found is not None
    assert (found.book.name, found.edits) == ("two", 1)


def test_a_disk_that_refuses_is_said_and_the_next_edit_tries_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", "book")
    (tmp_path / "j").mkdir()
    journal.path.mkdir()
    with pytest.raises(WorldError, match="not kept against a crash"):
        journal.append(FULL, "edit")
    with pytest.raises(WorldError, match="cannot be removed"):
        journal.clear()
    journal.path.rmdir()
    journal.append(FULL, "edit")
    assert journal.recover() is not None


rows = st.lists(st.sampled_from([replace(GROUP, id=f"g{i}") for i in range(6)]), max_size=6)


@given(rows, rows, books(), books())
def test_a_change_makes_the_new_book_of_the_old(
    old_rows: list[RigGroup], new_rows: list[RigGroup], first: Book, second: Book
) -> None:
    old = replace(first, groups=tuple(old_rows))
    new = replace(second, groups=tuple(new_rows))
    assert book_change.apply(book_change.between(old, new), old) == new
    assert book_change.apply(book_change.between(old, old), old) == old


@given(books())
def test_every_field_of_a_book_is_carried_by_a_change(book: Book) -> None:
    empty = Book(currency="XXX")
    assert book_change.apply(book_change.between(empty, book), empty) == book
    assert book_change.apply(book_change.between(book, empty), book) == empty


def test_one_row_removed_is_written_as_no_rows() -> None:
    old = with_groups(50)
    new = replace(old, groups=old.groups[:20] + old.groups[21:])
    change = book_change.between(old, new)
    assert change == book_change.Change(
        groups=book_change.Rows(splice=book_change.Splice(20, 1, ()))
    )
