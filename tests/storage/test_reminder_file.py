from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from minerdesk.domain.errors import WorldError
from minerdesk.storage.reminder_file import ReminderFile


@dataclass(frozen=True)
class Line:
    key: str
    at: datetime
    until: datetime | None = None


LINES = (
    Line("a", datetime(2026, 1, 19, 12, tzinfo=UTC)),
    Line("b", datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 1, 21, tzinfo=UTC)),
)


def test_each_book_has_its_own_whatever_it_is_called(tmp_path: Path) -> None:
    file = ReminderFile(tmp_path)
    file.save("/books/a:b?.minerdesk", LINES)
    file.save("other", LINES[:1])
    assert ReminderFile(tmp_path).load("/books/a:b?.minerdesk", Line) == LINES
    assert file.load("other", Line) == LINES[:1]
    assert file.load("none", Line) == ()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}", b'[{"key": 1}]'])
def test_what_cannot_be_read_is_nothing(tmp_path: Path, content: bytes) -> None:
    file = ReminderFile(tmp_path)
    file.save("book", LINES)
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    assert file.load("book", Line) == ()


def test_a_disk_that_refuses_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be written"):
        ReminderFile(tmp_path / "gone").save("book", LINES)
