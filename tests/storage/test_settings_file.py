from __future__ import annotations

import stat
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from minerdesk.domain.errors import WorldError
from minerdesk.storage.settings_file import Plain, SettingsRead, read, write

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "settings.toml"


def given(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_that_lacks_holds_nothing(path: Path) -> None:
    assert read(path) == SettingsRead()
    assert not path.parent.exists()


def test_what_was_written_is_read_in_its_type(path: Path) -> None:
    values: dict[str, Plain | None] = {
        "offline": True,
        "feeds.poll_s": 90,
        "tolerance.floor": 0.05,
        "feeds.url": 'a "b" ü\\',
    }
    assert write(path, values, NOW) is None
    found = read(path).values
    assert found == values
    assert [type(found[key]) for key in values] == [bool, int, float, str]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_value_outside_a_section_may_come_last(path: Path) -> None:
    write(path, {"feeds.poll_s": 90}, NOW)
    write(path, {"offline": True}, NOW)
    assert tomllib.loads(path.read_text()) == {"feeds": {"poll_s": 90}, "offline": True}


def test_comments_and_what_we_do_not_know_stay(path: Path) -> None:
    given(path, "# mine\n[feeds]\npoll_s = 60 # slow\nodd = [1, 2]\n\n[other]\nx = 1\n")
    write(path, {"feeds.poll_s": 90, "display.theme": "dark"}, NOW)
    text = path.read_text()
    assert "# mine\n" in text
    assert "poll_s = 90 # slow\n" in text
    assert tomllib.loads(text) == {
        "feeds": {"poll_s": 90, "odd": [1, 2]},
        "other": {"x": 1},
        "display": {"theme": "dark"},
    }


def test_none_takes_a_value_out(path: Path) -> None:
    write(path, {"feeds.poll_s": 90, "offline": True}, NOW)
    write(path, {"feeds.poll_s": None, "offline": None, "display.theme": None}, NOW)
    assert read(path) == SettingsRead({})


@pytest.mark.parametrize(
    "text", ["feeds = {poll_s = 3}\n", "feeds.poll_s = 3\n", "\ufeff[feeds]\npoll_s = 3\n"]
)
def test_every_way_to_write_a_section_is_understood(path: Path, text: str) -> None:
    given(path, text)
    assert read(path).values == {"feeds.poll_s": 3}
    write(path, {"feeds.poll_s": 4, "feeds.url": "x", "offline": True}, NOW)
    assert read(path).values == {"feeds.poll_s": 4, "feeds.url": "x", "offline": True}


@pytest.mark.parametrize("content", [b"feeds = [", b"\xff\xfe", b"x = 1\nx = 2\n"])
def test_a_broken_file_is_named_and_set_aside_at_the_next_change(
    path: Path, content: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    found = read(path)
    assert found.values == {}
    assert f"{path} cannot be read, so the defaults are used" in found.broken
    assert path.read_bytes() == content
    aside = write(path, {"offline": True}, NOW)
    assert aside == path.with_name("settings-broken-20260119-120000.toml")
    assert aside.read_bytes() == content
    assert read(path).values == {"offline": True}


@pytest.mark.parametrize("text", ["feeds = 3\n", "[[feeds]]\npoll_s = 3\n"])
def test_a_section_that_is_none_is_set_aside_when_it_is_needed(path: Path, text: str) -> None:
    given(path, text)
    assert "feeds" in read(path).values
    assert write(path, {"offline": True}, NOW) is None
    aside = write(path, {"feeds.poll_s": 90}, NOW)
    assert aside is not None
    assert text in aside.read_text()
    assert read(path).values == {"feeds.poll_s": 90}


def test_a_folder_in_its_place_is_named(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "x").touch()
    assert "cannot be read" in read(path).broken
    path.with_name("settings-broken-20260119-120000.toml").touch()
    with pytest.raises(WorldError, match="cannot be written"):
        write(path, {"offline": True}, NOW)
