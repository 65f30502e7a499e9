from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.run import Cli, Outcome

COLUMNS = "site,model,count,hashrate_ths,power_w,price_per_kwh,pue,pool_fee,uptime"
NUMBERS = ("--price", 93049, "--difficulty", "146.47e12", "--fees", 0.0148, "--height", 932935)
RIG_FIELDS = [
    *("site", "model", "count", "btc_per_day", "revenue_per_day", "power_cost_per_day"),
    *("margin_per_day", "break_even_price_per_kwh", "shutdown_price_per_btc"),
    *("hashcost_per_ph_day", "cost_per_btc", "cost_per_btc_avoidable", "cost_per_btc_all_in"),
    *("verdict", "reason"),
]


@pytest.fixture
def rigs(tmp_path: Path) -> Path:
    path = tmp_path / "rigs.csv"
    path.write_text(
        f"{COLUMNS}\nTexas,My rig,10,200,3500,0.06,1.05,0.01,0.98\n,Old rig,2,100,3400,0.091,,,\n",
        encoding="utf-8",
    )
    return path


def test_every_number_of_a_row_follows_from_its_definition(cli: Cli, rigs: Path) -> None:
    found = cli("evaluate", rigs, *NUMBERS, "--json").json
    per_ths = 1e12 * 86400 / (146.47e12 * 2**32)
    reward = 3.125 + 0.0148
    assert found["network"] == {
        "price_per_btc": 93049.0,
        "difficulty": 146.47e12,
        "subsidy_btc": 3.125,
        "fees_btc": 0.0148,
        "hashprice_per_ph_day": pytest.approx(per_ths * 1000 * reward * 93049, rel=1e-12),
    }
    first, second = found["rigs"]
    assert list(first) == RIG_FIELDS
    btc = 2000 * per_ths * reward * 0.98 * 0.99
    power_cost = 10 * 0.06 * 1.05 * 24 * 0.98 * 3.5
    assert first["site"] == "Texas"
    assert first["model"] == "My rig"
    assert first["count"] == 10
    assert first["btc_per_day"] == pytest.approx(btc, rel=1e-12)
    assert first["revenue_per_day"] == pytest.approx(btc * 93049, rel=1e-12)
    assert first["power_cost_per_day"] == pytest.approx(power_cost, rel=1e-12)
    assert first["margin_per_day"] == pytest.approx(btc * 93049 - power_cost, rel=1e-12)
    assert first["break_even_price_per_kwh"] == pytest.approx(0.06 * btc * 93049 / power_cost)
    assert first["shutdown_price_per_btc"] == pytest.approx(power_cost / btc)
    assert first["cost_per_btc"] == first["shutdown_price_per_btc"]
    assert first["hashcost_per_ph_day"] == pytest.approx(power_cost / 2)
    assert first["cost_per_btc_avoidable"] is None
    assert first["cost_per_btc_all_in"] is None
    assert first["verdict"] == "run"
    assert (second["site"], second["count"], second["verdict"]) == ("", 2, "power_down")
    assert second["reason"] == "0.091 > 0.049 USD/kWh: loses 3.41 USD a rig a day"
    totals = found["totals"]
    assert totals["rigs"] == 12
    assert totals["margin_per_day"] == pytest.approx(
        first["margin_per_day"] + second["margin_per_day"]
    )


# Published worked examples: 90 TH/s at a difficulty of 27.45 T; 1 PH/s at 100 T and 100,000 USD.
@pytest.mark.parametrize(
    ("ths", "price", "difficulty", "height", "field", "wanted", "tolerance"),
    [
        (90, 1, "27452707696466.3", 700_000, "btc_per_day", 0.000412184, 1e-6),
        (1000, 100_000, "1e14", 932_935, "revenue_per_day", 62.864, 1e-5),
    ],
)
def test_published_examples(
    cli: Cli,
    tmp_path: Path,
    ths: int,
    price: int,
    difficulty: str,
    height: int,
    field: str,
    wanted: float,
    tolerance: float,
) -> None:
    path = tmp_path / "one.csv"
    path.write_text(f"hashrate_ths,power_w,price_per_kwh\n{ths},3000,0.05\n", encoding="utf-8")
    found = cli(
        *("evaluate", path, "--price", price, "--difficulty", difficulty),
        *("--fees", 0, "--height", height, "--json"),
    ).json
    assert found["rigs"][0][field] == pytest.approx(wanted, rel=tolerance)


@pytest.mark.parametrize(
    ("height", "subsidy"),
    [(0, 50), (209_999, 50), (210_000, 25), (839_999, 6.25), (840_000, 3.125)],
)
def test_the_height_is_that_of_the_block_being_mined(
    cli: Cli, rigs: Path, height: int, subsidy: float
) -> None:
    found = cli(
        *("evaluate", rigs, "--price", 1, "--difficulty", 1, "--fees", 0),
        *("--height", height, "--json"),
    ).json
    assert found["network"]["subsidy_btc"] == subsidy


def test_the_text_has_the_same_answer(cli: Cli, rigs: Path) -> None:
    found = cli("evaluate", rigs, *NUMBERS, "--currency", "eur")
    assert found.code == 0
    assert found.out.startswith("Power down 2 of 12 rigs now.\n")
    assert "EUR" in found.out
    assert "USD" not in found.out


def test_the_text_repeats_the_numbers_as_they_were_given(cli: Cli, rigs: Path) -> None:
    lines = cli("evaluate", rigs, *NUMBERS).out.splitlines()
    (mined,) = (line for line in lines if line.startswith("  block being mined"))
    assert "932,935" in mined
    assert not any("932,934" in line for line in lines)
    assert "With typed numbers" not in "".join(lines)  # all were given; nothing stands over them


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--price", "0", "greater than 0"),
        ("--price", "nan", "“nan”"),
        ("--price", "1e300", "at most"),
        ("--price", "93,049", "“93,049”"),
        ("--price", "1_000", "“1_000”"),
        ("--difficulty", "0.5", "at least 1"),
        ("--difficulty", "inf", "“inf”"),
        ("--fees", "-1", "at least 0"),
        ("--fees", "", "“”"),
        ("--height", "-1", "whole number"),
        ("--height", "1.5", "whole number"),
        ("--height", "99999999999", "whole number"),
        ("--currency", "dollar", "three letters"),
    ],
)
def test_an_absurd_number_is_refused(
    cli: Cli, rigs: Path, option: str, value: str, said: str
) -> None:
    found = cli("evaluate", rigs, *NUMBERS, option, value, "--json")
    assert found.code == 2
    assert option in found.err
    assert said in found.err


def test_each_number_is_needed(cli: Cli, rigs: Path) -> None:
    found = cli("evaluate", rigs, *NUMBERS[2:])
    assert found.code == 2
    assert "--price" in found.err


def test_a_block_that_pays_nothing_is_refused(cli: Cli, rigs: Path) -> None:
    found = cli(
        "evaluate", rigs, "--price", 1, "--difficulty", 1, "--fees", 0, "--height", 13_440_000
    )
    assert found.code == 2
    assert "--fees" in found.err


def refused(cli: Cli, tmp_path: Path, *rows: str) -> Outcome:
    path = tmp_path / "bad.csv"
    path.write_text("\n".join((COLUMNS, *rows)), encoding="utf-8")
    found = cli("evaluate", path, *NUMBERS, "--json")
    assert found.code == 2
    return found


def test_a_bad_row_refuses_the_file(cli: Cli, tmp_path: Path) -> None:
    found = refused(cli, tmp_path, "a,My rig,1,100,3000,0.05,,,", 'a,My rig,1,100,"3,250",0.05,,,')
    assert "row 3" in found.err
    assert "power_w" in found.err
    assert "3,250" in found.err


def test_an_ambiguous_model_is_refused_with_the_list(cli: Cli, tmp_path: Path) -> None:
    found = refused(cli, tmp_path, "a,S19j Pro,1,,,0.05,,,")
    assert "Antminer S19j Pro (100 TH), Antminer S19j Pro (104 TH)" in found.err


def test_a_catalogue_model_needs_no_numbers(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "known.csv"
    path.write_text("model,price_per_kwh\nAntminer S21 (200 TH),0.05\n", encoding="utf-8")
    (row,) = cli("evaluate", path, *NUMBERS, "--json").json["rigs"]
    assert row["model"] == "Antminer S21 (200 TH)"
    assert row["power_cost_per_day"] == pytest.approx(0.05 * 24 * 3.5)


def test_a_file_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    found = cli("evaluate", tmp_path / "none.csv", *NUMBERS)
    assert found.code == 2
    assert "none.csv" in found.err


@pytest.mark.parametrize(
    ("row", "column", "bound"),
    [
        ("1e300,1,1", "hashrate_ths", "at most 1e+15"),
        ("1,1e300,1", "power_w", "at most 1e+15"),
        ("1,1,-1e300", "price_per_kwh", "at least -1e+30"),
        ("1e-320,1,1", "hashrate_ths", "at least 1e-30"),
    ],
)
def test_absurd_sizes_are_refused(
    cli: Cli, tmp_path: Path, row: str, column: str, bound: str
) -> None:
    path = tmp_path / "huge.csv"
    path.write_text(f"hashrate_ths,power_w,price_per_kwh\n{row}\n", encoding="utf-8")
    found = cli("evaluate", path, *NUMBERS, "--json")
    assert found.code == 2
    assert f"row 2, column {column}" in found.err
    assert bound in found.err


def test_rows_bear_the_names_of_the_file_even_where_one_name_means_two_machines(
    cli: Cli, tmp_path: Path
) -> None:
    path = tmp_path / "rigs.csv"
    name = "Teraflux AT2880"  # of several modes, so a row with both numbers is another machine
    path.write_text(f"{COLUMNS}\n,{name},1,,,0.05,,,\n, {name} ,1,100,3000,0.05,,,\n")
    rigs = cli("evaluate", path, *NUMBERS, "--json").json["rigs"]
    assert [rig["model"] for rig in rigs] == [name, name]
    assert rigs[0]["btc_per_day"] > 1.5 * rigs[1]["btc_per_day"]
