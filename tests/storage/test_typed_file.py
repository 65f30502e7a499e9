from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import Provenance, Quantity, Reading
from minerdesk.storage.cookie import read_cookie
from minerdesk.storage.typed_file import TypedFile

TYPED = (
    Reading(
        Quantity.PRICE,
        93_049.5,
        "typed",
        datetime(2026, 1, 19, 12, tzinfo=UTC),
        Provenance.TYPED,
        "EUR",
    ),
    Reading(
        Quantity.HASHRATE,
        9.77e20,
        "typed",
        datetime(2026, 1, 19, 13, tzinfo=UTC),
        Provenance.TYPED,
        window_days=7.0,
    ),
)


def test_typed_values_come_back_as_they_were(tmp_path: Path) -> None:
    file = TypedFile(tmp_path / "typed.json")
    assert file.load() == ()
    file.save(TYPED)
    assert TypedFile(tmp_path / "typed.json").load() == TYPED
    file.save(())
    assert file.load() == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\xff\xfe",
        b'[{"quantity":"price"}]',
        b'[{"quantity":"price","value":1,"source":"typed","taken_at":"2026-01-19T12:00:00"}]',
    ],
)
def test_a_file_that_cannot_be_read_holds_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "typed.json"
    path.write_bytes(content)
    assert TypedFile(path).load() == ()


def test_a_disk_that_refuses_is_the_worlds_error(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be written"):
        TypedFile(tmp_path / "missing" / "typed.json").save(TYPED)


def test_a_cookie_is_user_and_password(tmp_path: Path) -> None:
    path = tmp_path / ".cookie"
    path.write_text("__cookie__:0a:1b\n", "utf-8")
    assert read_cookie(path) == ("__cookie__", "0a:1b")


@pytest.mark.parametrize("content", [b"", b"nothing", b":x"])
def test_what_is_no_cookie_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / ".cookie"
    path.write_bytes(content)
    with pytest.raises(WorldError, match="is not a cookie"):
        read_cookie(path)


def test_a_cookie_that_is_missing_or_no_text_is_said(tmp_path: Path) -> None:
    path = tmp_path / ".cookie"
    with pytest.raises(WorldError, match="does the node run"):
        read_cookie(path)
    path.write_bytes(b"\xff:\xfe")
    with pytest.raises(WorldError, match="cannot be read"):
        read_cookie(path)
