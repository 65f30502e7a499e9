from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from minerdesk.domain.errors import UserError
from minerdesk.domain.tariff import FixedCharge, Ratchet, Tier, TierUnit
from minerdesk.services.power.urdb import UrdbImport, choices, read_urdb

NOW = datetime(2026, 1, 19, tzinfo=UTC)
FLAT_GRID = [[0] * 24 for _month in range(12)]


def summer(on: int, off: int) -> list[list[int]]:
    """June to September from 14:00 to 20:00."""
    return [[on if 5 <= m <= 8 and 14 <= h < 20 else off for h in range(24)] for m in range(12)]


# As OpenEI answers: version=7&format=json&detail=full.
V7: dict[str, Any] = {
    "items": [
        {
            "label": "539fc010ec4f024c27d8984b",
            "utility": "Example Electric Coop",
            "name": "Large General Service, TOU",
            "sector": "Industrial",
            "approved": True,
            "startdate": 1704088800,
            "enddate": 1767160800,
            "usenetmetering": False,
            "dgrules": "Net Metering",
            "energyratestructure": [
                [
                    {"max": 200, "unit": "kWh/kW", "rate": 0.061, "adj": 0.004},
                    {"max": 400, "unit": "kWh/kW", "rate": 0.052, "adj": 0.004, "sell": 0.03},
                    {"unit": "kWh/kW", "rate": 0.045, "adj": 0.004},
                ],
                [{"unit": "kWh", "rate": 0.11, "adj": 0.004}],
            ],
            "energyweekdayschedule": summer(1, 0),
            "energyweekendschedule": FLAT_GRID,
            "demandratestructure": [[{"rate": 0}], [{"rate": 9.5, "adj": 0.5}]],
            "demandrateunit": "kW",
            "demandweekdayschedule": summer(1, 0),
            "demandweekendschedule": FLAT_GRID,
            "flatdemandstructure": [
                [{"max": 500, "rate": 4}, {"rate": 3}],
                [{"rate": 6.25}],
            ],
            "flatdemandmonths": [0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0],
            "flatdemandunit": "kW",
            "demandwindow": 30,
            "lookbackpercent": 0.8,
            "lookbackrange": 11,
            "lookbackmonths": [0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0],
            "fixedchargefirstmeter": 120,
            "fixedchargeunits": "$/month",
            "mincharge": 6000,
            "minchargeunits": "$/year",
        }
    ]
}
V8: dict[str, Any] = {
    "label": "66a13f",
    "name": "GS-1",
    "utility": "Example Power",
    "country": "USA",
    "energyratestructure": [[{"unit": "kWh", "rate": 0.072}]],
    "energyweekdayschedule": FLAT_GRID,
    "energyweekendschedule": FLAT_GRID,
    "fixedchargefirstmeter": 1.5,
    "fixedchargeunits": "$/day",
    "mincharge": 25,
    "minchargeunits": "$/month",
}
BY_THE_DAY = "The fixed charge by the day is taken as 45.62 in every month."


def read(rate: dict[str, Any]) -> UrdbImport:
    return read_urdb(json.dumps(rate).encode(), "t", NOW)


def changed(**changes: object) -> UrdbImport:
    return read(V8 | changes)


def refused(**changes: object) -> str:
    with pytest.raises(UserError) as caught:
        changed(**changes)
    return caught.value.sentence


def test_a_version_7_rate_becomes_a_tariff_with_everything_a_bill_needs() -> None:
    got = read(V7)
    tariff = got.tariff
    assert tariff.name == "Example Electric Coop – Large General Service, TOU"
    assert (tariff.id, tariff.currency, tariff.price_per_kwh) == ("t", "USD", 0.0)
    tou = tariff.time_of_use
    assert tou is not None
    assert tou.tier_unit is TierUnit.KWH_PER_KW
    assert [period.key for period in tou.periods] == ["1", "2"]
    assert tou.periods[0].tiers == (
        Tier(0.065, 200),
        Tier(0.056, 400),
        Tier(0.049),
    )
    assert tou.calendar is not None
    assert tou.calendar.weekday[5] == "1" * 14 + "2" * 6 + "1" * 4
    assert tou.calendar.weekend[5] == "1" * 24
    period, winter, season = tariff.demand
    assert period.tiers[0].per_kw == 10.0
    assert period.interval_minutes == 30
    assert period.ratchet == Ratchet(0.8, 11, (6, 7, 8, 9))
    assert period.calendar is not None
    assert period.calendar.weekday[5] == "." * 14 + "x" * 6 + "." * 4
    assert period.calendar.weekend[5] == "." * 24
    assert [(tier.per_kw, tier.up_to_kw) for tier in winter.tiers] == [(4, 500), (3, None)]
    assert winter.calendar is not None
    assert winter.calendar.weekday[0] == "x" * 24
    assert season.calendar is not None
    assert season.calendar.weekday[0] == "." * 24
    assert season.tiers[0].per_kw == 6.25
    assert tariff.fixed == (FixedCharge("Fixed charge", 120),)
    assert tariff.minimum_per_month == 500
    told = " ".join(got.notes)
    for word in ("ended on 2025-12-31", "fed into the grid", "Net Metering", "month by month"):
        assert word in told


def test_a_version_8_rate_that_is_flat_becomes_a_flat_price() -> None:
    got = read(V8)
    assert got.tariff.price_per_kwh == 0.072
    assert got.tariff.time_of_use is None
    assert got.tariff.demand == ()
    assert got.tariff.fixed[0].per_month == pytest.approx(1.5 * 365 / 12)
    assert got.tariff.minimum_per_month == 25
    assert got.notes == (BY_THE_DAY,)


def test_a_file_of_several_rates_offers_them() -> None:
    data = json.dumps({"items": [V8, V7["items"][0], {"label": "no rate"}]}).encode()
    offered = choices(data)
    assert [(each.number, each.name) for each in offered] == [
        (0, "GS-1"),
        (1, "Large General Service, TOU"),
    ]
    assert offered[1].ends is not None
    assert read_urdb(data, "t", NOW, 1).tariff.time_of_use is not None
    assert choices(json.dumps([V8]).encode())[0].label == "66a13f"


def test_tiers_in_kwh_and_an_endless_last_border() -> None:
    tiers = [{"max": 1000, "rate": 0.1}, {"max": 1e38, "rate": 0.2}]
    tou = changed(energyratestructure=[tiers]).tariff.time_of_use
    assert tou is not None
    assert tou.calendar is None
    assert tou.tier_unit is TierUnit.KWH
    assert tou.periods[0].tiers == (Tier(0.1, 1000), Tier(0.2))


def test_a_last_border_is_left_out_and_told() -> None:
    tiers = [{"max": 1000, "rate": 0.1}, {"max": 2000, "rate": 0.2}]
    got = changed(energyratestructure=[tiers])
    assert "Above 2000" in got.notes[0]


@pytest.mark.parametrize("unit", ["kWh daily", "kWh/kW daily", "therms"])
def test_tiers_by_the_day_are_not_taken_and_told(unit: str) -> None:
    tiers = [{"max": 10, "rate": 0.1, "unit": unit}, {"rate": 0.2, "unit": unit}]
    got = changed(energyratestructure=[tiers])
    assert got.tariff.price_per_kwh == 0.1
    assert f"Not taken: all tiers but the first, counted in {unit.lower()}" in got.notes[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"energyratestructure": []}, "no energy price"),
        ({"energyweekdayschedule": None, "energyratestructure": [[{"rate": 1}]] * 2}, "no hours"),
        ({"demandratestructure": [[{"rate": 5}]]}, "demand by period; no hours"),
        ({"flatdemandstructure": [[{"rate": 5}]]}, "15 minutes stand"),
        ({"flatdemandstructure": [[{"rate": 5}]], "flatdemandunit": "kVA"}, "charged by kVA"),
        ({"flatdemandstructure": [[{"rate": 5, "unit": "hp"}]]}, "charged by hp"),
        ({"demandwindow": 20}, "metered over 20 minutes; 15 minutes"),
        ({"lookbackpercent": 0.5}, "11 months stand"),
        ({"demandratchetpercentage": [0.5] * 6 + [0.0] * 6}, "differs by month"),
        ({"fixedchargeunits": "$/kW"}, "fixedchargefirstmeter of 1.5 in “$/kW”"),
        ({"startdate": 1893456000}, "begins on 2030-01-01"),
        ({"coincidentratestructure": [[{"rate": 1}]]}, "coincident demand"),
        ({"fueladjustmentsmonthly": [0.01] * 12}, "fuel adjustments"),
        ({"demandreactivepowercharge": 0.3}, "reactive"),
        ({"fixedchargeeaaddl": 3}, "further meter"),
        ({"flatdemandstructure": [[{"rate": 5}]], "demandunits": "hp"}, "charged by hp"),
        ({"energyattrs": [{"Rider": "$0.002/kWh"}, {"Tax": "6 %"}]}, "describes (Rider, Tax)"),
    ],
)
def test_what_is_assumed_or_not_taken_is_told(changes: dict[str, object], words: str) -> None:
    import re

    assert any(
        re.search(words, note, re.ASCII) or words in note for note in changed(**changes).notes
    )


@pytest.mark.parametrize(
    ("changes", "fraction"),
    [
        ({"lookbackpercent": 80, "lookbackrange": 12}, 0.8),
        ({"demandratchetpercentage": [0.6] * 12, "lookbackrange": 12}, 0.6),
        ({"lookbackpercent": 0.5, "lookbackrange": 12, "lookbackmonths": [1] * 12}, 0.5),
        ({"lookbackPercent": 0.7, "lookbackRange": 12, "demandUnits": "kW"}, 0.7),
    ],
)
def test_ratchets_as_pages_write_them(changes: dict[str, object], fraction: float) -> None:
    monthly = {"demandwindow": 15, "fixedchargeunits": "$/month"}
    got = changed(flatdemandstructure=[[{"rate": 5}]], **monthly, **changes)
    (charge,) = got.tariff.demand
    assert charge.ratchet == Ratchet(fraction, 12)
    assert charge.calendar is None
    assert got.notes == ()


def test_older_names_of_charges_are_understood() -> None:
    rate = {key: value for key, value in V8.items() if "charge" not in key}
    got = read(rate | {"fixedmonthlycharge": 7, "minmonthlycharge": 3, "annualmincharge": 24})
    assert got.tariff.fixed[0].per_month == 7
    assert got.tariff.minimum_per_month == 5
    assert read(rate).tariff.fixed == ()
    assert read(rate).tariff.minimum_per_month is None
    assert read(rate | {"name": None, "utility": None}).tariff.name == "66a13f"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "no JSON file"),
        (b"\xff\xfe", "no JSON file"),
        (b"[]", "holds no utility rate"),
        (b"7", "holds no utility rate"),
        (b'{"items": 3}', "holds no utility rate"),
        (b'{"error": {"code": "API_KEY_MISSING", "message": "no key"}}', "error: no key"),
        (b'{"errors": ["Bad request"]}', "Bad request"),
    ],
)
def test_what_is_no_rate_is_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_urdb(data, "t", NOW)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"energyratestructure": [{"rate": 1}]}, "energyratestructure must hold periods"),
        ({"energyratestructure": [[{"rate": "cheap"}]]}, "rate must be a number, found cheap"),
        ({"energyratestructure": [[{"rate": [1]}]]}, "must be a number"),
        ({"energyweekdayschedule": [[0] * 24] * 11}, "12 rows of 24 hours"),
        ({"energyweekdayschedule": [[1] * 24] * 12}, "names period 1 in month 1, hour 0"),
        ({"energyweekdayschedule": [[0.5] * 24] * 12}, "names period 0.5"),
        (
            {"energyratestructure": [[{"max": 9, "rate": 1}, {"max": 5, "rate": 1}, {"rate": 1}]]},
            "contradicts itself: the borders",
        ),
        (
            {"flatdemandstructure": [[{"rate": 5}]], "flatdemandmonths": [1] * 12},
            "flatdemandmonths must name one of 1",
        ),
        (
            {
                "energyratestructure": [[{"rate": 1}]] * 288,
                "energyweekdayschedule": [[24 * m + h for h in range(24)] for m in range(12)],
            },
            "288 energy periods",
        ),
    ],
)
def test_a_rate_that_contradicts_itself_is_refused(changes: dict[str, object], words: str) -> None:
    assert words in refused(**changes)


def test_a_date_nobody_can_mean_is_no_date() -> None:
    assert changed(enddate=1e30).notes == (BY_THE_DAY,)


def test_grids_and_periods_without_a_price_are_no_charge() -> None:
    got = changed(demandweekdayschedule=FLAT_GRID, demandweekendschedule=FLAT_GRID)
    assert got.notes == (BY_THE_DAY,)
    assert changed(demandratestructure=[[{"rate": 0}]]).notes == (BY_THE_DAY,)
    seasons = changed(
        flatdemandstructure=[[{"rate": 5}], [{"rate": 0}], [{"rate": 9}]],
        flatdemandmonths=[0] * 6 + [1] * 6,
        demandwindow=15,
    )
    assert [charge.name for charge in seasons.tariff.demand] == ["Demand, season 1"]


def test_all_week_may_have_one_grid() -> None:
    rate = {key: value for key, value in V7["items"][0].items() if "weekend" not in key}
    tariff = read(rate).tariff
    assert tariff.time_of_use is not None
    assert tariff.time_of_use.calendar is not None
    assert tariff.time_of_use.calendar.weekend == tariff.time_of_use.calendar.weekday
    assert tariff.demand[0].calendar is not None
    assert tariff.demand[0].calendar.weekend == tariff.demand[0].calendar.weekday


@pytest.mark.parametrize("value", [[[1]] * 12, ["a"] * 12])
def test_a_ratchet_that_is_no_number_is_refused(value: list[object]) -> None:
    assert "must be a number" in refused(demandratchetpercentage=value)
