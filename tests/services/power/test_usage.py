from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from minerdesk.domain.rigs import ModeCount, RigGroup, StateNow
from minerdesk.domain.sites import ChargePeak, MeteredMonth, Site
from minerdesk.domain.tariff import (
    DemandCharge,
    DemandTier,
    Period,
    Ratchet,
    TakeOrPay,
    Tariff,
    Tier,
    TierUnit,
    TimeOfUse,
)
from minerdesk.engine.fleet import build_fleet
from minerdesk.engine.tariff import billing_month_of
from minerdesk.services.power.calendar import step_times
from minerdesk.services.power.usage import MeterState, full_loads_kw, loads_kw, meter_state
from tests.support.books import small_book

SITE = Site("a", "North", "t", time_zone="America/Chicago")
JANUARY = datetime(2026, 1, 1, 6, tzinfo=UTC)
NOW = JANUARY + timedelta(hours=100)
TIERED = Tariff(
    "t", "T", 0, time_of_use=TimeOfUse((Period("a", "all", (Tier(0.1, 1000.0), Tier(0.2))),))
)
DEMAND = DemandCharge("peak", (DemandTier(10.0),))
MONTH = billing_month_of("2026-01")


def state(
    site: Site = SITE,
    tariff: Tariff = TIERED,
    load_kw: float = 10.0,
    start: datetime = NOW,
    hours: int = 24,
) -> MeterState:
    return meter_state(site, tariff, load_kw, step_times(site, None, start, hours, 60))


def test_what_runs_now_is_taken_to_have_run_since_the_month_began() -> None:
    got = state()
    assert got.usage.kwh == {MONTH: 1000.0}
    assert got.usage.kwh_later == {MONTH: 10.0 * (744 - 124)}
    assert got.usage.kw_before == 10.0
    assert got.usage.expected_peak_kw == 10.0
    (note,) = got.notes
    assert note.startswith("Nothing is typed of this month's meter at North: what runs now is")


def test_what_was_typed_counts_and_goes_on_from_there() -> None:
    typed = MeteredMonth("2026-01", kwh=500.0, peak_kw=42.0, as_of=NOW - timedelta(hours=10))
    past = MeteredMonth("2025-12", kwh=9000.0, peak_kw=50.0)
    got = state(replace(SITE, metered=(past, typed)))
    assert got.usage.kwh == {MONTH - 1: 9000.0, MONTH: 600.0}
    assert got.usage.peak_of(MONTH, "peak") == 42.0
    assert got.usage.expected_peak_kw == 0.0
    assert got.notes == ()


def test_a_month_typed_without_a_time_is_as_of_now() -> None:
    got = state(replace(SITE, metered=(MeteredMonth("2026-01", kwh=500.0),)))
    assert got.usage.kwh[MONTH] == 500.0
    assert got.usage.expected_peak_kw == 10.0


def test_a_month_that_begins_inside_the_span_is_expected_to_reach_the_same() -> None:
    typed = MeteredMonth(
        "2026-01", kwh=500.0, peak_kw=42.0, peaks=(ChargePeak("peak", 30.0),), as_of=NOW
    )
    start = datetime(2026, 1, 31, 18, tzinfo=UTC)  # noon, twelve hours before February
    got = state(replace(SITE, metered=(typed,)), start=start)
    assert got.usage.peak_of(MONTH + 1, "peak") == 30.0
    assert got.usage.kwh[MONTH + 1] == 0.0
    assert got.usage.kwh_later == {MONTH + 1: 10.0 * (28 * 24 - 12)}


def test_what_a_new_month_is_taken_to_reach_is_told() -> None:
    typed = MeteredMonth("2026-01", peak_kw=42.0, as_of=NOW)
    tariff = Tariff("t", "T", 0.1, demand=(DEMAND,))
    last = datetime(2026, 1, 31, 18, tzinfo=UTC)
    (note,) = state(replace(SITE, metered=(typed,)), tariff, start=last).notes
    assert note.startswith("2026-02 at North is taken to reach the highest demand of the month")
    assert not state(replace(SITE, metered=(typed,)), tariff, start=last, hours=12).notes
    expected = replace(SITE, metered=(typed,), expected_peak_kw=20.0)
    assert not state(expected, tariff, start=last).notes


def test_the_operators_expected_peak_stands() -> None:
    got = state(
        replace(SITE, expected_peak_kw=77.0), Tariff("t", "T", 0.1, demand=(DEMAND,)), load_kw=5.0
    )
    assert got.usage.expected_peak_kw == 77.0
    assert got.notes == ()


def test_a_charge_whose_peak_is_not_typed_has_reached_what_runs_now() -> None:
    """Not nothing, for then all that runs would be a new peak, and paid for."""
    tariff = Tariff("t", "T", 0.1, demand=(DEMAND, replace(DEMAND, name="all hours")))
    typed = MeteredMonth("2026-01", peaks=(ChargePeak("peak", 4.0),), as_of=NOW)
    site = replace(SITE, metered=(typed,))
    got = state(site, tariff)
    assert [got.usage.floor_kw(MONTH, each) for each in tariff.demand] == [4.0, 10.0]
    (note,) = got.notes
    assert note.startswith("This month's peak of all hours at North is not typed: it is taken to")
    expected = state(replace(site, expected_peak_kw=7.0), tariff)
    assert [expected.usage.floor_kw(MONTH, each) for each in tariff.demand] == [7.0, 7.0]
    assert expected.notes == ()
    both = replace(typed, peaks=(*typed.peaks, ChargePeak("all hours", 6.0)))
    got = state(replace(SITE, metered=(both,)), tariff)
    assert [got.usage.floor_kw(MONTH, each) for each in tariff.demand] == [4.0, 6.0]
    assert got.notes == ()


def test_only_what_goes_above_a_block_counts_in_tiers() -> None:
    tariff = replace(TIERED, take_or_pay=TakeOrPay(8.0, 0.05))
    assert state(tariff=tariff).usage.kwh[MONTH] == 200.0
    assert state(tariff=tariff, load_kw=7.0).usage.kwh[MONTH] == 0.0
    typed = replace(SITE, metered=(MeteredMonth("2026-01", kwh=1000.0, as_of=NOW),))
    assert state(typed, tariff).usage.kwh[MONTH] == 200.0


@pytest.mark.parametrize(
    ("tariff", "words"),
    [
        (Tariff("t", "T", 0.1, demand=(DEMAND,)), ["highest demand at North", "10 kW"]),
        (
            replace(
                TIERED,
                time_of_use=TimeOfUse(
                    (Period("a", "all", (Tier(0.1, 100.0), Tier(0.2))),),
                    tier_unit=TierUnit.KWH_PER_KW,
                ),
            ),
            ["Nothing is typed", "highest demand"],
        ),
        (
            Tariff("t", "T", 0.1, demand=(replace(DEMAND, ratchet=Ratchet(0.8)),)),
            ["highest demand", "No past month of North"],
        ),
        (Tariff("t", "T", 0.1), []),
    ],
)
def test_every_assumption_is_told(tariff: Tariff, words: list[str]) -> None:
    notes = state(tariff=tariff).notes
    assert len(notes) == len([word for word in words if not word.endswith("kW")])
    for word in words:
        assert any(word in note for note in notes)


def test_the_load_of_a_site_holds_pue_idle_rigs_and_the_fixed_load() -> None:
    book = small_book(
        sites=(
            Site("garage", "Garage", "house", pue=1.1, fixed_load_kw=2.0),
            Site("empty", "Empty", "house", fixed_load_kw=1.0),
        ),
        groups=(
            RigGroup(
                "a",
                "garage",
                "Antminer S21",
                10,
                state_now=StateNow((ModeCount("normal", 6),)),
                uptime=0.9,
            ),
            RigGroup("b", "garage", "Avalon Q", 3),
        ),
    )
    fleet = build_fleet(book, {"USD": 1.0})
    on = 6 * (0.9 * 3500 + 0.1 * 25) + 3 * 1674
    assert loads_kw(fleet).tolist() == pytest.approx([2 + 1.1 * (on + 4 * 25) / 1000, 1.0])
    most = 10 * (0.9 * 3500 + 0.1 * 25) + 3 * 1674
    assert full_loads_kw(fleet).tolist() == pytest.approx([2 + 1.1 * most / 1000, 1.0])


def test_a_site_without_rigs_draws_its_fixed_load() -> None:
    book = small_book(groups=(), sites=(Site("garage", "G", "house", fixed_load_kw=3.0),))
    fleet = build_fleet(book, {"USD": 1.0})
    assert loads_kw(fleet).tolist() == full_loads_kw(fleet).tolist() == [3.0]
