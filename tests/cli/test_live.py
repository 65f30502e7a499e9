from __future__ import annotations

import re
from pathlib import Path

import pytest

from minerdesk.cli.live import DEADLINE_S
from minerdesk.storage.locks import acquire
from minerdesk.storage.paths import Profile
from tests.cli.run import Cli
from tests.support.fake_world import FakeWorld, Mode


def at(profile: Path, fake_world: FakeWorld) -> Path:
    profile.mkdir()
    (profile / "settings.toml").write_text(fake_world.settings_toml(), encoding="utf-8")
    return profile


def test_offline_and_new_it_shows_the_example(cli: Cli, tmp_path: Path, farm: Path) -> None:
    found = cli("--profile", tmp_path / "p", "report", farm, "--offline")
    assert found.code == 0
    first = found.out.splitlines()[0]
    assert first.startswith("Example of 19 January 2026: ")
    assert re.search(r"412 of 12,000 rigs", first)


def test_live_numbers_give_advice_and_outlive_the_network(
    cli: Cli, tmp_path: Path, fake_world: FakeWorld, farm: Path
) -> None:
    profile = at(tmp_path / "p", fake_world)
    live = cli("--profile", profile, "report", farm)
    assert live.out.splitlines()[0].startswith("Power down 412 of 12,000 rigs now")
    later = cli("--profile", profile, "report", farm, "--offline", "--json").json
    assert later["standing"] == "advice"
    assert "412 of 12,000 rigs" in later["headline"]
    assert later["readings"]["price"]["provenance"] == "live"


def test_the_network_has_every_reading(cli: Cli, tmp_path: Path, fake_world: FakeWorld) -> None:
    profile = at(tmp_path / "p", fake_world)
    found = cli("--profile", profile, "network", "--json").json
    assert found["online"] is True
    assert found["example_of"] is None
    for name in ("price", "height", "difficulty", "fees", "hashrate"):
        reading = found["readings"][name]
        assert reading["value"] > 0
        assert reading["source"]
        assert reading["age_s"] >= 0
        assert reading["stale"] is False
    assert found["retarget"]["change_pct"] == pytest.approx(-3.84, abs=0.1)
    text = cli("--profile", profile, "network").out
    assert text.startswith("Live numbers, ")
    assert "−3.8% ±" in text


def test_the_network_offline_is_the_example_and_stale(cli: Cli, tmp_path: Path) -> None:
    found = cli("--profile", tmp_path / "p", "network", "--offline", "--json").json
    assert found["example_of"] == "2026-01-19T12:00:00Z"
    assert found["readings"]["price"]["stale"] is True
    assert found["readings"]["price"]["provenance"] == "embedded"


@pytest.mark.slow
def test_silent_sources_hold_a_report_up_no_longer_than_five_seconds(
    cli: Cli, tmp_path: Path, fake_world: FakeWorld, farm: Path
) -> None:
    fake_world.set_all(Mode.SLOW)
    profile = at(tmp_path / "p", fake_world)
    found = cli("--profile", profile, "report", farm)
    assert DEADLINE_S < 5
    assert fake_world.woke == 0
    assert "of 12,000 rigs" in found.out.splitlines()[0]


def test_only_the_profile_is_written(cli: Cli, tmp_path: Path, farm: Path) -> None:
    book = tmp_path / "book.minerdesk"
    book.write_bytes(farm.read_bytes())
    before = book.read_bytes(), book.stat().st_mtime_ns
    cli("--profile", tmp_path / "p", "report", book, "--offline")
    assert (book.read_bytes(), book.stat().st_mtime_ns) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.minerdesk", "p"]
    assert not list((tmp_path / "p" / "journal").iterdir())


def test_a_chosen_locale_is_spoken(cli: Cli, tmp_path: Path, farm: Path) -> None:
    (tmp_path / "settings.toml").write_text('[display]\nlocale = "de"\n', encoding="utf-8")
    found = cli("--profile", tmp_path, "report", farm, "--offline")
    assert found.out.startswith("Beispiel vom 19. Januar 2026: 412 von 12.000 Rigs")
    assert cli("--profile", tmp_path, "network", "--offline", "--json").json["currency"] == "USD"


def test_a_text_is_wholly_in_the_chosen_language(cli: Cli, tmp_path: Path) -> None:
    network = ("--profile", tmp_path, "network", "--offline")
    in_english = cli(*network).out
    said = ("It needs price", "Hashrate is the mean of each epoch", "Difficulty is known to")
    assert all(each in in_english for each in said)
    (tmp_path / "settings.toml").write_text('[display]\nlocale = "de"\n', encoding="utf-8")
    in_german = cli(*network).out
    assert not any(each in in_german for each in said)


def test_a_setting_that_cannot_be_used_is_named(cli: Cli, tmp_path: Path, farm: Path) -> None:
    (tmp_path / "settings.toml").write_text('[feeds]\nmempol_url = "x"\n', encoding="utf-8")
    found = cli("--profile", tmp_path, "report", farm, "--offline")
    assert "feeds.mempol_url" in found.out
    (problem,) = cli("--profile", tmp_path, "network", "--offline", "--json").json["problems"]
    assert "feeds.mempol_url" in problem


def test_beside_another_process_it_shows_what_that_one_learns(
    cli: Cli, tmp_path: Path, fake_world: FakeWorld, farm: Path
) -> None:
    profile = at(tmp_path / "p", fake_world)
    cli("--profile", profile, "network")
    asked = len(fake_world.requests())
    held = acquire(Profile.at(profile).lock_file)
    assert held is not None
    try:
        found = cli("--profile", profile, "report", farm, "--json").json
    finally:
        held.release()
    assert "412 of 12,000 rigs" in found["headline"]
    assert found["problems"]
    assert len(fake_world.requests()) == asked


def test_a_profile_that_is_a_file_is_the_worlds_failure(cli: Cli, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert cli("--profile", blocked, "network", "--offline").code == 1


def test_a_bad_book_is_refused_before_anything_is_written(cli: Cli, tmp_path: Path) -> None:
    bad = tmp_path / "bad.minerdesk"
    bad.write_text("{}", encoding="utf-8")
    found = cli("--profile", tmp_path / "p", "report", bad)
    assert found.code == 2
    assert "bad.minerdesk" in found.err
    assert not (tmp_path / "p").exists()
