from __future__ import annotations

import logging
from pathlib import Path

import pytest

from minerdesk.domain.errors import WorldError
from minerdesk.storage.log_file import open_log

NAME = "minerdesk.test_log"
log = logging.getLogger(NAME)


def test_lines_are_kept_from_info_on_without_secrets(tmp_path: Path) -> None:
    path = tmp_path / "minerdesk.log"
    close = open_log(path, lambda line: line.replace("hunter2", "[hidden]"), NAME)
    log.debug("too small")
    log.info("asked with %s", "hunter2")
    logging.getLogger("library").info("chatter")
    logging.getLogger("library").warning("retrying")
    try:
        int("hunter2 again")
    except ValueError:
        log.exception("failed")
    close()
    log.info("after the end")
    close()
    text = path.read_text(encoding="utf-8")
    assert "INFO minerdesk.test_log: asked with [hidden]" in text
    assert "with base 10: '[hidden] again'" in text
    assert "WARNING library: retrying" in text
    assert "chatter" not in text
    assert "too small" not in text
    assert "after the end" not in text
    assert text[10] == "T"


def test_it_never_fills_the_disk(tmp_path: Path) -> None:
    close = open_log(tmp_path / "minerdesk.log", str, NAME)
    for _line in range(6_000):
        log.info("x" * 1_000)
    close()
    sizes = [each.stat().st_size for each in tmp_path.iterdir()]
    assert len(sizes) == 4
    assert max(sizes) <= 1_000_000


def test_a_log_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match=r"none.+No such file"):
        open_log(tmp_path / "none" / "minerdesk.log", str, NAME)
