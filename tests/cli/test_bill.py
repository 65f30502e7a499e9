from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from minerdesk.domain.rigs import RigGroup
from minerdesk.domain.sites import Event, MeteredMonth, Site
from minerdesk.domain.tariff import (
    Adder,
    CurtailmentCredit,
    DemandCharge,
    DemandTier,
    FixedCharge,
    Hosting,
    HostingBasis,
    Percentage,
    PercentageOf,
    PriceIndex,
    Ratchet,
    Tariff,
)
from minerdesk.storage import book_file
from tests.cli.run import Cli
from tests.services.planning.a_plan import book

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = 31 * 24
PLAIN = Tariff(
    "power",
    "Power",
    0.05,
    adders=(Adder("Delivery", 0.01),),
    percentages=(Percentage("Tax", 0.1, PercentageOf.BILL),),
    demand=(DemandCharge("Demand", (DemandTier(8.0),), 60),),
    fixed=(FixedCharge("Meter", 100.0),),
)


def saved(path: Path, tariff: Tariff = PLAIN, site: Site | None = None) -> Path:
    target = path / "book.minerdesk"
    made = book(RigGroup("a", "here", "Rig", 10), tariff=tariff, site=site)
    book_file.save(target, made)
    return target


def table(path: Path, name: str, column: str, values: Sequence[object]) -> Path:
    rows = [f"{(JANUARY + timedelta(hours=i)).isoformat()},{v}" for i, v in enumerate(values)]
    target = path / name
    target.write_text("\n".join([f"start,{column}", *rows]) + "\n", encoding="utf-8")
    return target


def loads(path: Path, values: Sequence[object] | None = None) -> Path:
    return table(path, "load.csv", "kw", values or [100] * (HOURS - 1) + [150])


def test_a_bill_line_by_line(cli: Cli, tmp_path: Path) -> None:
    asked = ("bill", saved(tmp_path), "--site", "here", "--load", loads(tmp_path))
    found = cli(*asked, "--month", "2026-01", "--json").json
    kwh = 100 * HOURS + 50
    lines = {line["name"]: line for line in found["lines"]}
    assert lines["energy"]["amount"] == pytest.approx(kwh * 0.05)
    assert lines["Delivery"]["amount"] == pytest.approx(kwh * 0.01)
    assert lines["Demand"] == {
        "kind": "demand",
        "name": "Demand",
        "tier": None,
        "quantity": 150.0,
        "unit": "kW",
        "rate": 8.0,
        "amount": 1200.0,
    }
    assert lines["Meter"]["amount"] == 100
    total = (kwh * 0.06 + 1200 + 100) * 1.1
    assert found["total"] == pytest.approx(total)
    assert found["total"] == pytest.approx(sum(line["amount"] for line in found["lines"]))
    assert (found["kwh"], found["peak_kw"], found["currency"]) == (kwh, 150, "USD")
    text = cli(*asked, "--month", "2026-01").out
    assert text.startswith("Here, 2026-01: ")
    for name in ("energy", "Delivery", "Demand", "Meter", "Tax", "total"):
        assert name in text


def test_an_index_is_billed_at_the_prices_of_a_file(cli: Cli, tmp_path: Path) -> None:
    made = saved(tmp_path, Tariff("power", "P", 0.0, index=PriceIndex("hub")))
    file = table(tmp_path, "p.csv", "price_per_mwh", [40] * (HOURS // 2) + [60] * (HOURS // 2))
    asked = ("bill", made, "--site", "Here", "--load", loads(tmp_path, [100] * HOURS))
    found = cli(*asked, "--month", "2026-01", "--prices", file, "--json").json
    assert found["total"] == pytest.approx(100 * HOURS * 0.05)
    refused = cli("--profile", tmp_path / "p", *asked, "--month", "2026-01")
    assert refused.code == 2
    assert "hub" in refused.err


def test_what_the_book_knows_beside_the_load(cli: Cli, tmp_path: Path) -> None:
    call = Event("Call", JANUARY, JANUARY + timedelta(hours=2), 0.0, "Response")
    site = Site(
        "here",
        "Here",
        "power",
        events=(call,),
        metered=(MeteredMonth("2025-07", peak_kw=400.0),),
    )
    tariff = Tariff(
        "power",
        "P",
        0.05,
        demand=(DemandCharge("Demand", (DemandTier(8.0),), 60, ratchet=Ratchet(0.5)),),
        hosting=Hosting(0.02, HostingBasis.NAMEPLATE),
        curtailment=(CurtailmentCredit("Response", 80.0, 1.0, 0.5),),
    )
    values = [20, 20] + [100] * (HOURS - 2)
    asked = ("bill", saved(tmp_path, tariff, site), "--site", "here")
    found = cli(*asked, "--load", loads(tmp_path, values), "--month", "2026-01", "--json").json
    amounts = {line["kind"]: line["amount"] for line in found["lines"]}
    assert found["month"] == "2026-01"
    assert amounts["ratchet"] == pytest.approx((200 - 100) * 8)
    assert amounts["hosting"] == pytest.approx(10 * 3 * HOURS * 0.02)
    assert amounts["availability"] == pytest.approx(-80)
    # Ten rigs of 3 kW are 30 kW, the baseline where none is typed.
    assert amounts["curtailment"] == pytest.approx(-0.5 * 10 * 2)
    assert found["baselines_kw"] == {"Response": pytest.approx(30)}
    text = cli(*asked, "--load", loads(tmp_path, values), "--month", "2026-01").out
    assert "Response, under a baseline of 30 kW" in text
    assert "Demand, by ratchet" in text
    assert "the baseline is what every rig on would draw" in text


def test_a_typed_baseline_and_an_event_that_begins_inside_a_step(cli: Cli, tmp_path: Path) -> None:
    call = Event(
        "Call", JANUARY + timedelta(minutes=15), JANUARY + timedelta(hours=3), 0.0, "Response"
    )
    tariff = Tariff(
        "power",
        "P",
        0.05,
        curtailment=(CurtailmentCredit("Response", 50.0, 0.0, 0.5, baseline_kw=90.0),),
    )
    asked = ("bill", saved(tmp_path, tariff, Site("here", "Here", "power", events=(call,))))
    values = [60, 20, 95] + [100] * (HOURS - 3)
    load = ("--site", "here", "--load", loads(tmp_path, values), "--month", "2026-01")
    found = cli(*asked, *load, "--json").json
    (line,) = (each for each in found["lines"] if each["kind"] == "curtailment")
    # 90 - 60 for three quarters, the 50 enrolled of 90 - 20 for an hour, and nothing above it.
    assert (line["quantity"], line["rate"]) == (pytest.approx(30 * 0.75 + 50), -0.5)
    assert "under its baseline of 90 kW in 2.75 h of events" in cli(*asked, *load).out


def test_a_load_that_is_probably_in_watts_is_told(cli: Cli, tmp_path: Path) -> None:
    asked = ("bill", saved(tmp_path), "--site", "here", "--month", "2026-01", "--load")
    watts = loads(tmp_path, [29_500] * HOURS)  # ten rigs of 3 kW
    text = cli(*asked, watts).out
    assert "load.csv reaches 29,500 kW, and all rigs of Here draw 30.0 kW: if it is in W" in text
    assert "if it is in W" not in cli(*asked, loads(tmp_path)).out


def test_an_event_that_nothing_pays_for_is_told(cli: Cli, tmp_path: Path) -> None:
    calls = tuple(
        Event(name, JANUARY + timedelta(hours=h), JANUARY + timedelta(hours=h + 1), 0.0, programme)
        for name, h, programme in (("One", 2, "Respons"), ("Past", -9, "Else"), ("Own", 3, ""))
    )
    tariff = Tariff("power", "P", 0.05, curtailment=(CurtailmentCredit("Response", 50.0),))
    for made, has in ((tariff, "Response"), (Tariff("power", "P", 0.05), "none")):
        where = saved(tmp_path, made, Site("here", "Here", "power", events=calls))
        text = cli(
            *("bill", where, "--site", "here", "--load", loads(tmp_path), "--month", "2026-01")
        ).out
        assert f"“One” at Here: its tariff has no programme “Respons” (it has {has})." in text
        assert "Past" not in text
        assert "Own" not in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([100] * (HOURS - 3), "3 of the 744 steps"),
        ([100] * 10 + [""] + [100] * (HOURS - 11), "Line 12"),
        ([100] * 10 + ["many"] + [100] * (HOURS - 11), "many"),
        ([100] * 10 + [-1] + [100] * (HOURS - 11), "-1"),
        ([100], "two or more"),
    ],
)
def test_a_load_that_is_none_is_refused(
    cli: Cli, tmp_path: Path, values: Sequence[object], words: str
) -> None:
    asked = ("bill", saved(tmp_path), "--site", "here", "--load", loads(tmp_path, values))
    found = cli(*asked, "--month", "2026-01")
    assert found.code == 2
    assert words in found.err


def test_what_else_is_refused(cli: Cli, tmp_path: Path) -> None:
    made, load = saved(tmp_path), loads(tmp_path)
    for site, month, words in (
        ("there", "2026-01", "it has here"),
        ("here", "January", "2026-01"),
        ("here", "9999-12", "no month"),
        ("here", "0001-01", "any of the 744 steps"),
        ("here", "2026-02", "steps of 2026-02"),
    ):
        found = cli("bill", made, "--site", site, "--load", load, "--month", month)
        assert found.code == 2
        assert words in found.err
    other = table(tmp_path, "other.csv", "power", [1, 2])
    found = cli("bill", made, "--site", "here", "--load", other, "--month", "2026-01")
    assert "columns start and kw" in found.err
