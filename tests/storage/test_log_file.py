from __future__ import annotations

import logging
from pathlib import Path

from minerdesk.storage.log_file import MAX_BYTES, keep_log

log = logging.getLogger("tests.storage.log")


def test_warnings_are_written_until_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    end = keep_log(path)
    log.info("too small to keep")
    assert not path.exists()
    log.warning("größer %s", 7)
    end()
    log.warning("after the end")
    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert line.endswith("Z WARNING tests.storage.log: größer 7")


def test_it_does_not_grow_for_ever(tmp_path: Path) -> None:
    end = keep_log(tmp_path / "a.log")
    for _line in range(100):
        log.warning("x" * (MAX_BYTES // 20))
    end()
    files = list(tmp_path.iterdir())
    assert len(files) == 2
    assert all(each.stat().st_size <= MAX_BYTES for each in files)
