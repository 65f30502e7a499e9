from __future__ import annotations

import stat
from pathlib import Path

import pytest

from minerdesk.domain.errors import WorldError
from minerdesk.storage.paths import Profile, make_private_dir


def every_path(profile: Profile) -> list[Path]:
    return [
        profile.config,
        profile.data,
        profile.state,
        profile.settings_file,
        profile.history_file,
        profile.journal_dir,
        profile.backup_dir,
        profile.prices_dir,
        profile.typed_file,
        profile.lock_file,
        profile.log_file,
        profile.state_file("recent.json"),
    ]


def test_a_given_folder_holds_all(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path / "mine")
    assert profile.settings_file == tmp_path / "mine" / "settings.toml"
    assert all(path.is_relative_to(tmp_path / "mine") for path in every_path(profile))


def test_a_relative_folder_does_not_move_with_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    profile = Profile.at("p")
    assert profile.data == tmp_path / "p"


def test_the_system_profile_is_named_after_the_program() -> None:
    assert all("minerdesk" in str(path) for path in every_path(Profile.system()))


def test_nothing_is_made_before_prepare_and_then_it_is_private(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []
    profile.prepare()
    profile.prepare()
    made = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert {profile.journal_dir, profile.backup_dir, profile.prices_dir, profile.state} <= set(made)
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}


def test_a_folder_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Profile.at(tmp_path).prepare()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_file_in_the_way_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WorldError, match=r"file.* cannot be made"):
        make_private_dir(tmp_path / name)


def test_a_home_that_is_not_there() -> None:
    with pytest.raises(WorldError, match="no such home"):
        Profile.at("~no-such-operator/desk")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be made: File name too long"):
        make_private_dir(tmp_path / ("a" * 300))
