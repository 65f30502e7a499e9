from __future__ import annotations

import json
from pathlib import Path

import pytest

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.loads import LoadRows
from minerdesk.domain.tariff import Adder, Tariff
from minerdesk.storage import tariff_file
from minerdesk.storage.load_files import LoadFiles

ROWS = LoadRows((1_700_000_000, 1_700_003_600), (1.5, 0.1), 60)
TARIFF = Tariff("t", "Tariff", 0.07, adders=(Adder("fee", 0.01),))


def test_a_load_is_kept_and_forgotten(tmp_path: Path) -> None:
    files = LoadFiles(tmp_path / "loads")
    assert files.load("book\nsite") is None

    files.save("book\nsite", ROWS)

    assert files.load("book\nsite") == ROWS
    assert files.load("book\nother") is None
    files.remove("book\nsite")
    files.remove("book\nsite")
    assert files.load("book\nsite") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# 60\nstart,power\n",
        "# 60\nstart,kw\n2026-01-01T00:00:00,1\n",
        "# 60\nstart,kw\n2026-01-01T01:00:00+00:00,1\n2026-01-01T00:00:00+00:00,1\n",
        "# 60\nstart,kw\n2026-01-01T00:00:00+00:00,inf\n",
        "# 7\nstart,kw\n",
    ],
)
def test_a_damaged_load_is_said(tmp_path: Path, text: str) -> None:
    files = LoadFiles(tmp_path)
    files.path("k").write_text(text, encoding="utf-8")
    with pytest.raises(WorldError, match="damaged"):
        files.load("k")


def test_a_disk_that_refuses_is_said(tmp_path: Path) -> None:
    files = LoadFiles(tmp_path)
    files.path("k").mkdir()
    with pytest.raises(WorldError, match="cannot be read"):
        files.load("k")
    with pytest.raises(WorldError, match="cannot be kept"):
        files.save("k", ROWS)
    with pytest.raises(WorldError, match="cannot be removed"):
        files.remove("k")
    with pytest.raises(WorldError, match="cannot be written"):
        tariff_file.save(tmp_path / "no" / "t.json", TARIFF)


def test_as_many_loads_as_starts() -> None:
    with pytest.raises(ValueError, match="each start needs a load, found 1 and 0"):
        LoadRows((1,), (), 60)


def test_a_tariff_comes_back_as_it_went(tmp_path: Path) -> None:
    tariff_file.save(tmp_path / "t.json", TARIFF)
    assert tariff_file.load(tmp_path / "t.json") == TARIFF


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "it is not JSON"),
        ("[]", "is no tariff of this program"),
        ({"format": "minerdesk-tariff", "version": 9}, "newer minerdesk"),
        (
            {"format": "minerdesk-tariff", "version": 1, "tariff": {"id": "t", "colour": 1}},
            "colour",
        ),
        ({"format": "minerdesk-tariff", "version": 1, "tariff": {"id": "t"}}, "is no tariff"),
    ],
)
def test_what_is_no_tariff_is_refused(tmp_path: Path, content: object, sentence: str) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / "t.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=sentence):
        tariff_file.load(tmp_path / "t.json")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        tariff_file.load(tmp_path / "t.json")


def test_a_tariff_with_what_json_has_not_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    text = '{"format": "minerdesk-tariff", "version": 1, "tariff": {"id": "a", "name": "A", '
    path.write_text(text + '"price_per_kwh": NaN}}', encoding="utf-8")
    with pytest.raises(UserError, match=r"t\.json is no tariff.*\(\$\.tariff\.price_per_kwh\)"):
        tariff_file.load(path)
    path.write_text(text + '"price_per_kwh": 0.1, "colour": 1}}', encoding="utf-8")
    with pytest.raises(UserError, match=r"colour.*\(\$\.tariff\.colour\)"):
        tariff_file.load(path)
