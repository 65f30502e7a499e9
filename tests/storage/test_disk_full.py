"""Every writer on a disk without room: one sentence, and what was there is still there."""

from __future__ import annotations

import contextlib
import logging
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from minerdesk.domain.errors import WorldError
from minerdesk.domain.loads import LoadRows
from minerdesk.domain.prices import PriceRows
from minerdesk.domain.readings import Provenance, Quantity, Reading
from minerdesk.storage import book_file, settings_file, tariff_file
from minerdesk.storage.decision_file import DecisionFile
from minerdesk.storage.journal import Journal
from minerdesk.storage.load_files import LoadFiles
from minerdesk.storage.log_file import open_log
from minerdesk.storage.price_files import PriceFiles
from minerdesk.storage.raw_table import RawTable
from minerdesk.storage.reminder_file import ReminderFile
from minerdesk.storage.tables import write_table
from minerdesk.storage.typed_file import TypedFile
from tests.storage.a_book import TARIFF, with_groups
from tests.support.decisions import a_decision

if sys.platform == "win32":
    pytest.skip("no limit to the size of files here", allow_module_level=True)

import resource

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)
HOURS = tuple(range(0, 3600 * 200, 3600))
Writer = Callable[[Path], None]


@contextlib.contextmanager
def room(size: int) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes; the system then refuses as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def prices(folder: Path, price: float) -> None:
    rows = PriceRows(HOURS, (price,) * len(HOURS), 60, "USD", "a file", NOW)
    PriceFiles(folder).save("north", rows)


def a_load(folder: Path, kw: float) -> None:
    LoadFiles(folder).save("north", LoadRows(HOURS, (kw,) * len(HOURS), 60))


def typed(folder: Path, value: float) -> None:
    reading = Reading(Quantity.PRICE, value, "typed " * 500, NOW, Provenance.TYPED, "USD")
    TypedFile(folder / "typed.json").save([reading])


def table(name: str) -> Writer:
    texts = random.Random(1)
    rows = tuple((texts.randbytes(16).hex(),) for _ in range(300))
    return lambda folder: write_table(folder / name, RawTable(("a",), rows, name))


WRITERS: dict[str, Writer] = {
    "book": lambda folder: _none(book_file.save(folder / "b.minerdesk", with_groups(40))),
    "tariff": lambda folder: tariff_file.save(
        folder / "t.json", replace(TARIFF, name="long" * 500)
    ),
    "prices": lambda folder: prices(folder, 0.2),
    "load": lambda folder: a_load(folder, 20.0),
    "typed": lambda folder: typed(folder, 90_000.0),
    "reminders": lambda folder: ReminderFile(folder).save("book", ["told " * 500]),
    "settings": lambda folder: _none(
        settings_file.write(folder / "settings.toml", {"a.b": "x" * 3000}, NOW)
    ),
    "csv": table("out.csv"),
    "xlsx": table("out.xlsx"),
}


def _none(_made: object) -> None:
    return None


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_is_one_sentence_and_the_file_is_what_it_was(name: str, tmp_path: Path) -> None:
    if name == "xlsx":
        pytest.importorskip("openpyxl")
    WRITERS[name](tmp_path)
    before = content(tmp_path)
    assert before
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.write_bytes(before[str(path)] + b"\n" if name == "settings" else b"earlier")
    earlier = content(tmp_path)
    with room(1000), pytest.raises(WorldError, match="File too large") as told:
        WRITERS[name](tmp_path)
    assert str(told.value).count("\n") == 0
    assert content(tmp_path) == earlier


def test_settings_that_cannot_be_mended_stay_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("offline = true\n[[broken", encoding="utf-8")
    with room(1000), pytest.raises(WorldError, match="what they were"):
        settings_file.write(path, {"display.locale": "x" * 3000}, NOW)
    assert settings_file.read(path).broken


def test_an_edit_that_does_not_fit_leaves_those_before_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "book", lambda: NOW)
    book = with_groups(40)
    journal.append(book, "first")
    notes = random.Random(1)
    groups = tuple(replace(group, note=notes.randbytes(200).hex()) for group in book.groups)
    with room(journal.path.stat().st_size + 100):
        for _ in range(2):
            with pytest.raises(WorldError, match="not kept"):
                journal.append(replace(book, groups=groups), "second")
    found = journal.recover()
    assert found is not None
    assert (found.text, found.book) == ("first", book)
    journal.append(book, "third")
    again = journal.recover()
    assert again is not None
    assert again.text == "third"


def test_a_decision_that_does_not_fit_leaves_those_before_it(tmp_path: Path) -> None:
    path = tmp_path / "decisions.sqlite"
    log = DecisionFile(path, lambda: NOW)
    log.add([a_decision()])
    with room(path.stat().st_size + 50_000), pytest.raises(WorldError, match="cannot be used"):
        log.add([a_decision(reason="x" * 200_000)])
    assert len(log.read()) == 1
    log.add([a_decision()])
    log.close()
    again = DecisionFile(path, lambda: NOW)
    assert len(again.read()) == 2
    assert again.set_aside is None
    again.close()


def test_a_log_without_room_disturbs_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    close = open_log(tmp_path / "desk.log", str, "minerdesk.full")
    with room(500):
        for _ in range(20):
            logging.getLogger("minerdesk.full").info("a line of the log")
        close()
    assert capsys.readouterr() == ("", "")


def test_a_journal_that_cannot_be_read_is_no_empty_one(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "book", lambda: NOW)
    journal.path.mkdir()
    with pytest.raises(WorldError, match="cannot be read"):
        journal.recover()
