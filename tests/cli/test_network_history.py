from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from minerdesk import assembly
from minerdesk.domain.cancel import CancelToken
from tests.cli.run import Cli
from tests.support.fake_world import FakeWorld
from tests.support.fake_world import past as past_world

HEADER = "date,price,hashrate_ehs,difficulty,fees_btc,issuance_btc"


@pytest.fixture
def days(tmp_path: Path) -> Path:
    path = tmp_path / "days.csv"
    rows = [
        f"{year}-{month:02d}-{day:02d},90000,{1000 + month},1.4e14,2,450"
        for year in (2024, 2025)
        for month in range(1, 13)
        for day in range(1, 29)
    ]
    path.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    return path


def test_a_file_of_history_gives_every_reading_and_asks_nobody(
    cli: Cli, days: Path, tmp_path: Path
) -> None:
    found = cli(
        *("--profile", tmp_path / "p", "network", "--history", days, "--as-of", "2025-06-28"),
        *("--power-price", "0.07", "--json"),
    ).json
    assert found["as_of"] == "2025-06-28"
    assert found["difficulty"]["streak"]["of"] == 8
    assert found["hashrate"]["means"]["7"]["value_ehs"] == pytest.approx(1006)
    assert found["industry_cost"]["price_per_kwh"] == 0.07
    best = found["industry_cost"]["best_guess"]
    assert best["j_per_th"] == pytest.approx(best["j_per_th_ex_pue"] * 1.10)
    assert not (tmp_path / "p").exists()


def test_the_readings_as_text(cli: Cli, days: Path, tmp_path: Path) -> None:
    text = cli("--profile", tmp_path / "p", "network", "--history", days).out
    assert text.startswith("As of 28 December 2025")


def test_a_day_alone_rests_on_the_embedded_retargets(cli: Cli, tmp_path: Path) -> None:
    found = cli("--profile", tmp_path / "p", "network", "--as-of", "2026-01-22", "--json").json
    assert found["difficulty"]["change_pct"] == pytest.approx(-3.280, abs=1e-3)
    assert found["ribbon"]["resolution"] == "epoch"
    assert found["industry_cost"]["best_guess"] is None
    assert found["industry_cost"]["why"]


def test_the_live_shape_stays_within(cli: Cli, tmp_path: Path) -> None:
    found = cli("--profile", tmp_path / "p", "network", "--offline", "--json").json
    assert {"readings", "sources", "made_at", "hashprice_per_ph_day"} <= set(found)
    assert {"difficulty", "hashrate", "ribbon", "industry_cost", "puell"} <= set(found)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--as-of", "yesterday"), "--as-of must be a date such as 2026-01-19"),
        (("--power-price", "0"), "--power-price must be a number at least 0.001"),
        (("--history", "none.csv"), "cannot be read"),
    ],
)
def test_what_is_not_understood_is_refused(
    cli: Cli, words: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    done = cli("--profile", tmp_path / "p", "network", *words)
    assert done.code == 2
    assert sentence in done.err
    assert done.out == ""


COMMUNITY = "time,PriceUSD,HashRate,IssTotUSD,FeeTotNtv"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("date,price\n2025-01-01,1", "needs the columns"),
        ("time,PriceUSD,HashRate\n2025-01-01,1,1", "needs the columns"),
        (f"{COMMUNITY}\n", "has no rows"),
        (f"{COMMUNITY}\n2025-01-01,9,9,9,9\n2025-01-01,8,8,8,8", "line 3: time must be another"),
        (f"{COMMUNITY}\n2025-01-01,9,n/a,9,9", "HashRate must be a number"),
        (f"{COMMUNITY}\n2025-01-01,9,nan,9,9", "HashRate must be a number"),
        (f"{COMMUNITY}\n1735689600,9,9,9,9", "time must be a date"),
        (f"{COMMUNITY}\n2025-01-01,90,000,9,9,9", "6 values, where the header names 5 columns"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(
    cli: Cli, text: str, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "days.csv"
    path.write_text(text, encoding="utf-8")
    done = cli("--profile", tmp_path / "p", "network", "--history", path, "--json")
    assert done.code == 2
    assert sentence in done.err


def test_one_history_in_two_layouts_and_any_dress_reads_the_same(cli: Cli, tmp_path: Path) -> None:
    lines = [COMMUNITY]
    plain = ["date,price,hashrate_ehs,fees_btc,issuance_btc"]
    for back in range(420, 0, -1):
        day = date(2026, 1, 20) - timedelta(days=back)
        price, ehs, fees = 90_000 + 50 * (back % 37), 1_000 - back % 11, 3 + back % 5
        lines.append(f"{day}T00:00:00.000000000Z,{price},{ehs}000000,{450 * price},{fees}")
        plain.append(f"{day},{price},{ehs},{fees},450")
    text = "\n".join(lines)
    dressed = (
        text,
        f"\ufeff{text}",
        text.replace("\n", "\r\n"),
        text.replace(",", ";"),
        "\n".join([lines[0], *reversed(lines[1:])]),
        "\n".join(plain),
    )
    answers = []
    for number, each in enumerate(dressed):
        path = tmp_path / str(number) / "days.csv"
        path.parent.mkdir()
        path.write_bytes(each.encode())
        found = cli("--profile", tmp_path / "p", "network", "--history", path, "--json")
        answers.append((found.code, found.json, found.err))
    assert answers[0][1]["puell"] is not None
    assert answers == answers[:1] * len(answers)


def test_a_day_that_is_not_over_is_never_used(cli: Cli, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    path = tmp_path / "days.csv"
    rows = [f"{today - timedelta(days=back)},{90_000 - back},1000" for back in range(10)]
    path.write_text("\n".join(("date,price,hashrate_ehs", *rows)), encoding="utf-8")
    for words in ((), ("--as-of", today), ("--as-of", today + timedelta(days=9))):
        found = cli(
            *("--profile", tmp_path / "p", "network", "--history", path, *words, "--json")
        ).json
        assert found["as_of"] == (today - timedelta(days=1)).isoformat()
        assert found["price"] == 89_999
    live = cli("--profile", tmp_path / "p", "network", "--offline", "--json").json
    assert live["as_of"] < today.isoformat()


def test_what_the_profile_keeps_is_read(cli: Cli, tmp_path: Path, fake_world: FakeWorld) -> None:
    profile = tmp_path / "p"
    profile.mkdir()
    (profile / "settings.toml").write_text(fake_world.settings_toml(), encoding="utf-8")
    desk = assembly.build(profile)
    try:
        assert desk.past.bring_up_to_date(CancelToken())
    finally:
        desk.close()
    live = cli("--profile", profile, "network", "--json").json
    assert live["ribbon"]["resolution"] == "day"
    assert live["difficulty"]["projection_pct"] == live["retarget"]["change_pct"]
    assert live["difficulty"]["value"] == pytest.approx(live["readings"]["difficulty"]["value"])
    asked = len(fake_world.requests())
    day = (datetime.now(UTC) - timedelta(days=10)).date()
    past = cli("--profile", profile, "network", "--as-of", day, "--json").json
    assert (past["as_of"], past["ribbon"]["resolution"]) == (day.isoformat(), "day")
    assert past["price"] == past_world.price(day.toordinal())
    assert past["difficulty"]["projection_pct"] is None
    assert len(fake_world.requests()) == asked


def test_a_day_asked_for_makes_no_profile(cli: Cli, tmp_path: Path) -> None:
    assert cli("--profile", tmp_path / "p", "network", "--as-of", "2026-01-19").code == 0
    assert not (tmp_path / "p").exists()
