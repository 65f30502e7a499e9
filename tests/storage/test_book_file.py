from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from minerdesk.domain.book import BOOK_VERSION, Book
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.storage import book_file
from minerdesk.storage.book_tree import value_at
from minerdesk.storage.resources import sample_path
from tests.storage.a_book import FULL, books, with_groups


def refusal(data: bytes) -> UserError:
    with pytest.raises(UserError) as caught:
        book_file.decode(data)
    assert "\n" not in caught.value.sentence
    assert caught.value.sentence.endswith(".")
    return caught.value


def changed(place: str, value: object) -> bytes:
    """Return the file of the full book with one value replaced or added."""
    envelope: dict[str, Any] = json.loads(book_file.encode(with_groups(4)))
    holder_place, _dot, name = place.rpartition(".")
    holder: Any = value_at(envelope["book"], holder_place)
    holder[name] = value
    return json.dumps(envelope).encode()


def test_every_field_comes_back() -> None:
    assert book_file.decode(book_file.encode(FULL)) == FULL


def test_an_empty_book_comes_back() -> None:
    assert book_file.decode(book_file.encode(Book())) == Book()


@given(books())
def test_any_book_comes_back_and_equal_books_are_equal_bytes(book: Book) -> None:
    data = book_file.encode(book)
    again = book_file.decode(data)
    assert again == book
    assert book_file.encode(again) == data


def test_the_file_can_be_read_by_a_person() -> None:
    lines = book_file.encode(FULL).decode().splitlines()
    assert lines[1:3] == ['  "format": "minerdesk-book",', f'  "version": {BOOK_VERSION},']
    assert '      "time_zone": "Europe/Berlin",' in "\n".join(lines).replace("        ", "      ")


def test_a_byte_order_mark_of_an_editor_is_no_fault() -> None:
    assert book_file.decode(b"\xef\xbb\xbf" + book_file.encode(FULL)) == FULL


@pytest.mark.parametrize(
    ("place", "value", "found"),
    [
        ("$.groups[3].count", "many", "“many”"),
        ("$.groups[3].count", 0, "0"),
        ("$.groups[3].count", 2.5, "2.5"),
        ("$.groups[3].count", True, "true"),
        ("$.groups[3].count", 10**400, "1" + "0" * 59),
        ("$.groups[3].count", None, "null"),
        ("$.groups[2].pool_fee", 1, "1"),
        ("$.groups[2].cuont", 7, "7"),
        ("$.groups[2].overrides[0].power_w", -3, "-3"),
        ("$.groups[0].purchase.bought_on", "2025-02-30", "“2025-02-30”"),
        ("$.groups[0].state_now.since", "2026-01-19T12:00:00", "“2026-01-19T12:00:00”"),
        ("$.groups[2].state_now.running[1].mode", "turbo", "'turbo'"),
        ("$.groups[2].overrides", [{"mode": "turbo", "power_w": 7.0}], "'turbo'"),
        ("$.groups[1].pool_scheme", "free", "“free”"),
        ("$.groups[1].site", "nowhere", "'nowhere'"),
        ("$.groups[1].model", "Rig Z", "'Rig Z'"),
        ("$.groups[1].id", "g0", "'g0'"),
        ("$.models[0].name", 5, "5"),
        ("$.models[0].modes", [], "found none"),
        ("$.sites[0].tariff", "t9", "'t9'"),
        ("$.sites[0].pue", 0.9, "0.9"),
        ("$.sites[0].capital.life_months", 0, "0"),
        ("$.sites[0].time_zone", "Mars/Phobos", "“Mars/Phobos”"),
        ("$.sites[0].time_zone", "../etc", "“../etc”"),
        ("$.sites[0].time_zone", "America/Chicgo", "write one such as America/Chicago"),
        ("$.sites[0].monthly_costs[0].currency", "Euro", "“Euro”"),
        ("$.sites[0].capital.currency", "€", "“€”"),
        ("$.groups[3].purchase.currency", "usd", "“usd”"),
        ("$.tariffs[0].currency", "EURO", "“EURO”"),
        ("$.currency", "", "“”"),
        ("$.assumptions", [], "[]"),
        ("$.groups", {}, "{}"),
    ],
)
def test_one_sentence_names_the_place_and_the_value(place: str, value: object, found: str) -> None:
    error = refusal(changed(place, value))
    assert error.where == place
    assert place in error.sentence
    assert found in error.sentence


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (
            "$.groups[3].count",
            "many",
            "group g3 (Rig A): count must be a whole number, found “many”",
        ),
        ("$.groups[3].count", 0, "group g3 (Rig A): count must be at least 1, found 0"),
        ("$.groups[3].count", None, "group g3 (Rig A): count must be a whole number, found null"),
        ("$.groups[3].id", 7, "group Rig A: id must be a text, found 7"),
        ("$.groups[3].model", "", "group 'g3' names model '', which the book lacks"),
        ("$.groups[3].model", 5, "group g3: model must be a text, found 5"),
        ("$.groups[2].cuont", 7, "group g2 (Rig A): the field 'cuont' is unknown, found 7"),
        (
            "$.groups[2].overrides[0].power_w",
            -3,
            "group g2 (Rig A), overrides[0]: power_w must be greater than 0, found -3.0",
        ),
        (
            "$.groups[0].purchase",
            5,
            "group g0 (Rig A): purchase must be an object or null, found 5",
        ),
        (
            "$.groups[0].purchase.bought_on",
            "soon",
            "group g0 (Rig A), purchase: bought_on must be a date such as 2026-01-31, found “soon”",
        ),
        (
            "$.groups[1].pool_scheme",
            "free",
            "group g1 (Rig A): pool_scheme must be one of the words known there, found “free”",
        ),
        ("$.assumptions", [], "assumptions must be an object, found []"),
        ("$.groups[1].id", "g0", "groups must have different names, found 'g0' twice"),
    ],
)
def test_the_sentence_calls_the_row_by_its_name(place: str, value: object, sentence: str) -> None:
    assert refusal(changed(place, value)).sentence == f"{sentence} ({place})."


def test_what_is_wrong_within_a_part_does_not_trail_the_whole_part() -> None:
    envelope = json.loads(sample_path("farm").read_text(encoding="utf-8"))
    periods = envelope["book"]["tariffs"][0]["time_of_use"]["periods"]
    periods[1]["key"] = periods[0]["key"]
    assert refusal(json.dumps(envelope).encode()).sentence.endswith(
        "periods 'off-peak' and 'winter peak' overlap: both have the key 'o'; give one of them "
        "another ($.tariffs[0].time_of_use)."
    )


def test_a_row_without_a_name_is_counted() -> None:
    envelope = json.loads(book_file.encode(with_groups(2)))
    envelope["book"]["groups"][1] = "rig"
    assert refusal(json.dumps(envelope).encode()).sentence == (
        "group in row 2: this must be an object, found “rig” ($.groups[1])."
    )


@pytest.mark.parametrize("field", ["state_now", "purchase"])
def test_a_group_may_lack_what_may_be_null(field: str) -> None:
    book = book_file.decode(changed(f"$.groups[0].{field}", None))
    assert getattr(book.groups[0], field) is None


def test_a_site_may_lack_its_capital_and_a_state_its_time() -> None:
    assert book_file.decode(changed("$.sites[0].capital", None)).sites[0].capital is None
    state = book_file.decode(changed("$.groups[0].state_now.since", None)).groups[0].state_now
    assert state is not None
    assert state.since is None


def test_a_missing_field_is_named() -> None:
    envelope = json.loads(book_file.encode(FULL))
    del envelope["book"]["groups"][0]["site"]
    error = refusal(json.dumps(envelope).encode())
    assert error.where == "$.groups[0]"
    assert "`site`" in error.sentence


def test_more_running_than_there_are_is_refused_at_its_place() -> None:
    error = refusal(changed("$.groups[1].count", 3))
    assert error.where == "$.groups[1].state_now"
    assert "34 of 3" in error.sentence


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "line 1, column 1"),
        (b'{\n "format": "minerdesk-book",\n "version": 1,,\n}', "line 3, column 15"),
        (b"{", "not JSON"),
        (b"\xff\xfe{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[" + b"1" * 5000 + b"]", "not JSON"),
        (b"[]", "format"),
        (b'"minerdesk-book"', "format"),
        (b'{"format": "other"}', "format"),
        (b'{"format": "minerdesk-book"}', "$.version"),
        (b'{"format": "minerdesk-book", "version": -1}', "$.version"),
        (b'{"format": "minerdesk-book", "version": true}', "$.version"),
        (b'{"format": "minerdesk-book", "version": "1"}', "$.version"),
        (b'{"format": "minerdesk-book", "version": 1}', "$.book"),
        (b'{"format": "minerdesk-book", "version": 1, "book": []}', "$.book"),
        (b'{"format": "minerdesk-book", "version": 1, "boko": {}}', "$.boko"),
        (b'{"format": "minerdesk-book", "version": 1, "book": {"name": NaN}}', "finite"),
        (b'{"format": "minerdesk-book", "version": 1, "book": {"a": 1, "a": 2}}', "'a'"),
    ],
)
def test_what_is_no_book_is_refused_by_a_sentence(data: bytes, words: str) -> None:
    assert words in refusal(data).sentence


def test_a_number_that_overflows_is_refused() -> None:
    data = book_file.encode(FULL).replace(b'"per_kwh": 0.035', b'"per_kwh": 1e999')
    error = refusal(data)
    assert error.where == "$.tariffs[0].adders[0].per_kwh"


def test_a_book_of_a_newer_version_is_refused_with_both_versions() -> None:
    error = refusal(b'{"format": "minerdesk-book", "version": 3, "book": {"new": 1}}')
    assert "newer minerdesk (version 3); this one reads up to 1" in error.sentence


def test_a_long_value_is_shortened() -> None:
    error = refusal(changed("$.groups[0].count", "x" * 5000))
    assert len(error.sentence) < 200


def test_save_and_load(tmp_path: Path) -> None:
    path = tmp_path / "farm.minerdesk"
    saved = book_file.save(path, FULL)
    assert saved == book_file.Saved(path)
    assert book_file.load(path) == FULL
    assert list(tmp_path.iterdir()) == [path]


def test_the_earlier_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "farm.minerdesk"
    kept = tmp_path / "backups"
    assert book_file.save(path, FULL, kept).backup is None
    saved = book_file.save(path, replace(FULL, name="new"), kept)
    assert saved.backup is not None
    assert saved.backup_failed == ""
    assert book_file.load(saved.backup) == FULL
    assert book_file.load(path).name == "new"


def test_a_backup_that_fails_is_said_and_does_not_stop_the_save(tmp_path: Path) -> None:
    path = tmp_path / "farm.minerdesk"
    (tmp_path / "file").touch()
    book_file.save(path, Book())
    saved = book_file.save(path, FULL, tmp_path / "file", datetime(2026, 1, 19, tzinfo=UTC))
    assert saved.backup is None
    assert "No copy of the earlier file" in saved.backup_failed
    assert book_file.load(path) == FULL


def test_a_file_that_is_not_the_expected_one_goes_only_where_a_copy_stays(tmp_path: Path) -> None:
    path, now = tmp_path / "farm.minerdesk", datetime(2026, 1, 19, tzinfo=UTC)
    assert book_file.stamp(path) is None
    book_file.save(path, Book())
    read = book_file.stamp(path)
    assert not book_file.save(path, Book(), tmp_path / "kept", now, expected=read).changed_meanwhile
    book_file.save(path, Book(name="From outside"))
    with pytest.raises(WorldError, match="nothing was written"):
        book_file.save(path, FULL, expected=read)
    assert book_file.load(path).name == "From outside"
    saved = book_file.save(path, FULL, tmp_path / "kept", now, expected=read)
    assert saved.changed_meanwhile
    assert saved.backup is not None
    assert book_file.load(saved.backup).name == "From outside"
    path.unlink()
    assert not book_file.save(path, FULL, expected=read).changed_meanwhile


def test_a_save_that_fails_says_so(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="the file is what it was"):
        book_file.save(tmp_path / "missing" / "farm.minerdesk", FULL)


def test_a_file_that_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.minerdesk cannot be read"):
        book_file.load(tmp_path / "none.minerdesk")


def test_a_bad_file_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bad.minerdesk"
    path.write_bytes(b"{}")
    with pytest.raises(UserError, match=r"^bad\.minerdesk: "):
        book_file.load(path)
    assert path.read_bytes() == b"{}"
