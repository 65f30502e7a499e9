from __future__ import annotations

import json
from pathlib import Path

import pytest

import minerdesk
from minerdesk.cli import main
from minerdesk.storage.resources import sample_path
from tests.cli.run import Cli


def test_check_says_what_a_book_holds(cli: Cli) -> None:
    found = cli("check", sample_path("farm"))
    assert found.code == 0
    assert "12,000 rigs, 40 groups, 3 sites, USD" in found.out


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "other"}'])
def test_check_refuses_what_is_no_book(cli: Cli, tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.minerdesk"
    path.write_text(content, encoding="utf-8")
    found = cli("check", path)
    assert found.code == 2
    assert "bad.minerdesk" in found.err


def test_check_names_place_and_value(cli: Cli, tmp_path: Path) -> None:
    tree = json.loads(sample_path("home").read_text(encoding="utf-8"))
    tree["book"]["groups"][2]["count"] = -7
    path = tmp_path / "bad.minerdesk"
    path.write_text(json.dumps(tree), encoding="utf-8")
    found = cli("check", path)
    assert found.code == 2
    assert "$.groups[2].count" in found.err
    assert "-7" in found.err


def test_the_schema_is_json(cli: Cli) -> None:
    found = cli("schema").json
    assert found["title"] == "minerdesk book"


@pytest.mark.parametrize("argv", [(), ("guess",), ("check",), ("report", "a", "b"), ("--what",)])
def test_a_command_line_not_understood_is_one_sentence(cli: Cli, argv: tuple[str, ...]) -> None:
    found = cli(*argv)
    assert found.code == 2
    assert "--help" in found.err


def test_version_and_help_end_well(capsys: pytest.CaptureFixture[str]) -> None:
    for option, wanted in (("--version", minerdesk.__version__), ("--help", "evaluate")):
        with pytest.raises(SystemExit) as ended:
            main([option])
        assert ended.value.code == 0
        assert wanted in capsys.readouterr().out
