from __future__ import annotations

import stat
from pathlib import Path

import pytest

from minerdesk.storage import atomic


def test_the_content_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    atomic.write(path, b"one")
    atomic.write(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_is_private_and_an_old_one_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    atomic.write(path, b"one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o664)
    atomic.write(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "real" / "a.txt"
    target.parent.mkdir()
    target.write_bytes(b"one")
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    atomic.write(link, b"two")
    assert link.is_symlink()
    assert target.read_bytes() == b"two"


def test_what_a_killed_writer_left_is_swept_away_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    left = tmp_path / ".a.txt.0123abcd.tmp"
    others = [tmp_path / ".a.txt.lock", tmp_path / ".b.a.txt.0123abcd.tmp", tmp_path / ".a.txt.tmp"]
    for file in (left, *others):
        file.touch()
    atomic.write(path, b"one")
    assert not left.exists()
    assert all(file.exists() for file in others)


def test_a_failure_leaves_the_old_content_and_no_litter(tmp_path: Path) -> None:
    folder = tmp_path / "a.txt"
    folder.mkdir()
    with pytest.raises(OSError, match="directory"):
        atomic.write(folder, b"one")
    assert list(tmp_path.iterdir()) == [folder]


def test_a_link_to_itself_is_refused_as_the_system_does(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(OSError, match="symbolic links"):
        atomic.write(loop, b"new")
