from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from minerdesk.domain.rigs import RigGroup
from minerdesk.domain.sites import Site
from minerdesk.storage import book_file
from minerdesk.storage.paths import Profile
from minerdesk.storage.resources import sample_path
from tests.cli.run import Cli
from tests.services.planning.a_plan import FREE, book
from tests.support.fake_world import FakeWorld

FARM = sample_path("farm")
NUMBERS = ("--price", 100_000, "--difficulty", 156.09e12, "--fees", 0, "--height", 932_936)
FROM = ("--from", "2026-01-19T12:00:00Z")
NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


def saved(path: Path, site: Site | None = None) -> Path:
    """Write a book of one site with a tariff that is flat, at 0.04."""
    made = book(
        RigGroup("a", "here", "Rig", 10),
        RigGroup("b", "here", "Dual", 4),
        site=site,
        starts=FREE,
    )
    tariff = made.tariffs[0]
    flat = type(tariff)(tariff.id, tariff.name, 0.04)
    target = path / "book.minerdesk"
    book_file.save(target, type(made)(**_fields(made) | {"tariffs": (flat,)}))
    return target


def _fields(made: Any) -> dict[str, Any]:  # noqa: ANN401 - any frozen value
    return {name: getattr(made, name) for name in made.__slots__}


def prices(path: Path, *values: float, start: datetime = NOON, name: str = "prices.csv") -> Path:
    lines = ["start,price_per_kwh"]
    for hour, value in enumerate(values):
        lines.append(f"{(start + timedelta(hours=hour)).isoformat()},{value}")
    target = path / name
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def test_the_whole_contract(cli: Cli, tmp_path: Path, profile: Path) -> None:
    made = saved(tmp_path)
    file = prices(tmp_path, *([0.04] * 4 + [0.3] * 6 + [0.04] * 38))
    asked = ("--profile", profile, "plan", made, *NUMBERS, *FROM, "--prices", f"here={file}")
    found = cli(*asked, "--json").json
    assert found["steps"][0] == "2026-01-19T12:00:00Z"
    assert len(found["steps"]) == 48
    assert [(each["site"], each["group"]) for each in found["groups"]] == [
        ("here", "a"),
        ("here", "b"),
    ]
    states = found["groups"][0]["states"]
    assert states[0] == {"off": 0, "normal": 10}
    assert states[4] == {"off": 10, "normal": 0}
    assert set(found["groups"][1]["states"][0]) == {"off", "normal", "eco"}
    down = next(move for move in found["moves"] if move["group"] == "a")
    assert down["at"] == "2026-01-19T16:00:00Z"
    assert down["until"] == "2026-01-19T22:00:00Z"
    assert (down["count"], down["from"], down["to"]) == (10, "normal", "off")
    assert down["advised"] is True
    assert down["worth"] > 0
    assert set(down["flips"]) == {"price_per_btc", "price_per_kwh", "difficulty"}
    assert "0.300" in down["why"]
    assert found["gain_over_always_on"] > 0
    assert found["gain_over_threshold"] == pytest.approx(0, abs=1e-9)
    assert found["gap"] == pytest.approx(0)
    assert found["known_until"] == "2026-01-21T12:00:00Z"
    assert found["seconds"] >= 0
    assert found["advised"]["objective"] == pytest.approx(found["objective"])
    # What the states earn and pay is the objective.
    income = found["hashprice_per_ph_day"][0] / 1000 / 24 * 100
    money = 0.0
    for group in found["groups"]:
        for step, price in zip(group["states"], found["sites"][0]["price_per_kwh"], strict=True):
            money += step.get("normal", 0) * (income - 3 * price)
            money += step.get("eco", 0) * (income * 0.7 - 1.75 * price)
    assert found["objective"] == pytest.approx(money, rel=1e-9)


def test_text_is_for_operators(cli: Cli, profile: Path) -> None:
    found = cli("--profile", profile, "plan", FARM, *NUMBERS, *FROM)
    assert found.code == 0
    first = found.out.splitlines()[0]
    assert first.startswith("Now: power down")
    assert "of 12,000 rigs" in first
    assert "The price must hold for 1 h, or for the shortest time on or off" in found.out
    for section in ("Moves", "Worth over the horizon", "If you act by hand"):
        assert section in found.out


def test_given_numbers_ask_nobody_and_write_nothing(
    cli: Cli, tmp_path: Path, fake_world: FakeWorld
) -> None:
    made = saved(tmp_path)
    profile = tmp_path / "p"
    cli("--profile", profile, "plan", made, *NUMBERS, "--json")
    assert fake_world.requests() == []
    assert not profile.exists()


def test_live_numbers_serve_for_what_is_not_given(
    cli: Cli, tmp_path: Path, fake_world: FakeWorld
) -> None:
    profile = tmp_path / "p"
    profile.mkdir()
    (profile / "settings.toml").write_text(fake_world.settings_toml(), encoding="utf-8")
    found = cli("--profile", profile, "plan", FARM, "--hours", 24, "--json").json
    assert len(found["steps"]) == 24
    dear = cli("--profile", profile, "plan", FARM, "--price", 1_000_000, "--json").json
    assert dear["hashprice_per_ph_day"][0] > 5 * found["hashprice_per_ph_day"][0]


def test_offline_and_new_it_plans_the_example(cli: Cli, profile: Path) -> None:
    assert cli("--profile", profile, "plan", FARM, "--offline", "--json").json["moves"]


def test_the_retarget_may_be_given(cli: Cli, tmp_path: Path, profile: Path) -> None:
    asked = ("--profile", profile, "plan", saved(tmp_path), *NUMBERS[:-1], 933_360, *FROM)
    found = cli(*asked, "--retarget", "-3.8", "--json").json
    assert found["retarget"]["change_pct"] == -3.8
    hashprice = found["hashprice_per_ph_day"]
    assert hashprice[-1] / hashprice[0] == pytest.approx(1 / 0.962)
    assert cli(*asked, "--json").json["retarget"] is None


def test_a_baseline_that_breaks_a_rule_is_null_and_says_which(
    cli: Cli, tmp_path: Path, profile: Path
) -> None:
    made = saved(tmp_path, Site("here", "Here", "power", limit_kw=20.0))
    found = cli("--profile", profile, "plan", made, *NUMBERS, *FROM, "--json").json
    assert found["gain_over_always_on"] is None
    assert "more than Here may" in found["why_not_always_on"]
    assert max(found["sites"][0]["kw"]) <= 20


def test_steps_of_a_quarter(cli: Cli, tmp_path: Path, profile: Path) -> None:
    asked = ("--profile", profile, "plan", saved(tmp_path), *NUMBERS, "--hours", 24)
    assert len(cli(*asked, "--step", 15, "--json").json["steps"]) == 96


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (("--hours", "12"), "from 24 to 336"),
        (("--step", "20"), "15, 30 or 60"),
        (("--prices", "nowhere"), "texas=prices.csv"),
        (("--prices", "there=p.csv"), "it has here"),
        (("--from", "2026-01-19"), "offset"),
        (("--from", "noon"), "offset"),
        (("--from", "9999-12-31T23:00:00Z"), "2009 to 9998"),
        (("--from", "0001-01-01T00:00:00Z"), "2009 to 9998"),
        (("--price", "-1"), "--price"),
    ],
)
def test_what_cannot_be_used_is_refused(
    cli: Cli, tmp_path: Path, profile: Path, extra: tuple[str, ...], words: str
) -> None:
    found = cli("--profile", profile, "plan", saved(tmp_path), *NUMBERS, *extra)
    assert found.code == 2
    assert words in found.err


def test_bad_price_files_are_refused(cli: Cli, tmp_path: Path, profile: Path) -> None:
    made = saved(tmp_path)
    hole = prices(tmp_path, *[0.04] * 10)
    lines = hole.read_text(encoding="utf-8").splitlines()
    hole.write_text("\n".join([*lines[:5], *lines[7:]]) + "\n", encoding="utf-8")
    naive = tmp_path / "naive.csv"
    naive.write_text(
        "start,price_per_kwh\n2026-01-19 12:00,0.04\n2026-01-19 13:00,0.04\n", encoding="utf-8"
    )
    twice = tmp_path / "twice.csv"
    twice.write_text("\n".join([*lines[:4], *lines[3:]]) + "\n", encoding="utf-8")
    for file, words in ((hole, "no prices from"), (naive, "offset"), (twice, "both")):
        found = cli("--profile", profile, "plan", made, *NUMBERS, *FROM, "--prices", f"here={file}")
        assert found.code == 2
        assert words in found.err


def test_a_plan_that_cannot_be_is_refused(cli: Cli, tmp_path: Path, profile: Path) -> None:
    made = saved(tmp_path, Site("here", "Here", "power", least_kw=500.0))
    found = cli("--profile", profile, "plan", made, *NUMBERS, *FROM)
    assert found.code == 2
    assert "lower the least load to 42 kW" in found.err


def test_what_cannot_be_kept_never_reads_like_what_could(
    cli: Cli, tmp_path: Path, profile: Path
) -> None:
    site = Site("here", "Here", "power", least_kw=41.6, limit_kw=41.9)
    found = cli("--profile", profile, "plan", saved(tmp_path, site), *NUMBERS, *FROM)
    assert found.code == 2
    assert "limit of 41.9 kW" in found.err
    assert "raise the limit to 42 kW" in found.err


def test_a_mode_the_group_has_not_is_the_books_mistake(
    cli: Cli, tmp_path: Path, profile: Path
) -> None:
    made = saved(tmp_path)
    text = made.read_text(encoding="utf-8")
    bad = text.replace(
        '"state_now": null', '"state_now": {"running": [{"mode": "turbo", "count": 1}]}', 1
    )
    assert bad != text
    made.write_text(bad, encoding="utf-8")
    found = cli("--profile", profile, "plan", made, *NUMBERS, *FROM)
    assert found.code == 2
    assert "runs 1 rigs in mode 'turbo', which it has not; it has normal" in found.err
    assert "$.groups[0].state_now.running[0].mode" in found.err


def test_known_until_counts_from_the_first_step(cli: Cli, tmp_path: Path, profile: Path) -> None:
    asked = ("--profile", profile, "plan", saved(tmp_path), *NUMBERS, *FROM, "--hours", 24)

    def known(*values: float, start: datetime) -> object:
        file = prices(tmp_path, *values, start=start)
        found = cli(*asked, "--json", "--prices", f"here={file}").json
        assert found["sites"][0]["known_until"] == found["known_until"]
        return found["known_until"]

    assert known(*[0.04] * 24, start=NOON) == "2026-01-20T12:00:00Z"
    assert known(*[0.04] * 12, start=NOON) == "2026-01-20T00:00:00Z"
    assert known(*[0.04] * 12, start=NOON - timedelta(days=1)) == "2026-01-19T00:00:00Z"
    # Nothing is known of the first hours, whatever is known after them.
    assert known(*[0.04] * 24, start=NOON + timedelta(hours=3)) == "2026-01-19T12:00:00Z"
    assert known(*[0.04] * 24, start=NOON + timedelta(days=365)) == "2026-01-19T12:00:00Z"


def test_text_is_in_the_chosen_language_and_json_in_none(
    cli: Cli, tmp_path: Path, profile: Path
) -> None:
    profile.mkdir()
    (profile / "settings.toml").write_text('[display]\nlocale = "de"\n', encoding="utf-8")
    made = saved(tmp_path)
    file = prices(tmp_path, *([0.04] * 4 + [0.3] * 6))
    # The fees alone are not given, so they are what the profile knows.
    numbers = (*NUMBERS[:4], *NUMBERS[6:])
    asked = ("--profile", profile, "plan", made, *numbers, *FROM, "--prices", f"here={file}")
    found = cli(*asked, "--offline", "--json").json
    assert "power costs more than it earns" in found["moves"][0]["why"]
    assert "are known until" in found["notes"][0]
    said = cli(*asked, "--offline").out
    assert "der Strom kostet mehr" in said
    assert "sind bekannt bis" in said
    assert "are known until" not in said


def test_an_empty_book_is_refused(cli: Cli, tmp_path: Path, profile: Path) -> None:
    empty = tmp_path / "empty.minerdesk"
    book_file.save(empty, type(book())())
    found = cli("--profile", profile, "plan", empty, *NUMBERS)
    assert found.code == 2
    assert "no rigs" in found.err


def test_the_report_says_what_the_plan_says(cli: Cli, profile: Path, farm: Path) -> None:
    found = cli("--profile", profile, "report", farm, "--offline").out.splitlines()[0]
    assert "412 of 12,000 rigs" in found
    assert Profile.at(profile).settings_file.parent.exists()


def test_two_price_files_of_one_site_are_refused(cli: Cli, tmp_path: Path, profile: Path) -> None:
    made, file = saved(tmp_path), prices(tmp_path, *[0.04] * 48)
    twice = ("--prices", f"here={file}", "--prices", f"Here={file}")
    found = cli("--profile", profile, "plan", made, *NUMBERS, *FROM, *twice, "--json")
    assert found.code == 2
    assert "--prices gives here two files" in found.err
