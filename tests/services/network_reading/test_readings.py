from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.errors import UserError
from minerdesk.domain.readings import RetargetProjection
from minerdesk.engine.indicators.days import Days
from minerdesk.engine.indicators.difficulty import Retargets
from minerdesk.engine.indicators.ribbon import Phase
from minerdesk.engine.industry import Machines
from minerdesk.services.network_reading.as_data import readings_data
from minerdesk.services.network_reading.embedded import embedded_machines, embedded_retargets
from minerdesk.services.network_reading.from_file import readings_from_file
from minerdesk.services.network_reading.readings import Asked, NetworkReadings, read_network
from minerdesk.services.network_reading.words import readings_text
from minerdesk.services.words import Formats

LAST = date(2026, 1, 19)
FLEET = Machines(np.array([LAST.toordinal() - 400] * 2), np.array([15.0, 21.5]))


def history(count: int = 500, seed: int = 1) -> Days:
    random = np.random.default_rng(seed)
    return Days(
        LAST.toordinal() - count + 1,
        90_000 * np.exp(np.cumsum(random.normal(0, 0.02, count))),
        1e21 * np.exp(np.cumsum(random.normal(0, 0.01, count)) + random.normal(0, 0.08, count)),
        np.full(count, np.nan),
        random.uniform(1, 5, count),
        np.full(count, 450.0),
    )


def keys(told: object, *path: str) -> list[str]:
    """The keys of a part of the data, in order."""
    for each in path:
        assert isinstance(told, dict)
        told = told[each]
    assert isinstance(told, dict)
    return sorted(told)


def projection() -> RetargetProjection:
    now = datetime(2026, 1, 19, 12, tzinfo=UTC)
    return RetargetProjection(
        change_pct=-3.84,
        error_pct=1.2,
        at=now + timedelta(days=3),
        height=933_408,
        remaining_blocks=473,
        source="own formula",
        taken_at=now,
        previous_pct=-1.2,
    )


def read(days: Days | None, as_of: date = LAST, asked: Asked | None = None) -> NetworkReadings:
    return read_network(days, embedded_retargets(), FLEET, as_of, asked)


def test_every_reading_of_a_whole_history() -> None:
    found = read(history(), asked=Asked(projection=projection()))
    assert found.why == ()
    assert found.as_of == LAST
    assert [mean.days for mean in found.hashrate] == [1, 7, 14, 30, 60]
    assert [round(mean.error_pct, 2) for mean in found.hashrate] == [8.33, 3.15, 2.23, 1.52, 1.08]
    assert all(mean.drawdown_pct <= 0 for mean in found.hashrate)
    assert found.ribbon is not None
    assert found.ribbon.phase is not Phase.UNKNOWN
    assert found.ribbon.since <= LAST
    assert found.difficulty is not None
    assert found.difficulty.since == date(2026, 1, 8)
    assert found.difficulty.change_pct == pytest.approx(-1.2046, abs=1e-4)
    assert (found.difficulty.streak.down, found.difficulty.streak.of) == (5, 8)
    assert found.puell is not None
    assert found.cost is not None


def test_the_streak_after_the_retarget_of_january() -> None:
    found = read(None, date(2026, 1, 22)).difficulty
    assert found is not None
    assert found.change_pct == pytest.approx(-3.280, abs=1e-3)
    assert (found.streak.down, found.streak.of, found.streak.run) == (6, 8, -2)


def test_the_day_before_a_retarget_does_not_know_it() -> None:
    found = read(None, date(2026, 1, 21)).difficulty
    assert found is not None
    assert found.since == date(2026, 1, 8)


@given(st.integers(0, 10_000), st.integers(30, 499))
def test_no_reading_of_a_day_knows_what_came_after_it(seed: int, back: int) -> None:
    whole = history(seed=seed)
    day = date.fromordinal(whole.first_day + back)
    short = Days(
        whole.first_day,
        *(
            getattr(whole, name)[: back + 1]
            for name in ("price", "hashrate_hs", "difficulty", "fees_btc", "issuance_btc")
        ),
    )
    assert readings_data(read(whole, day)) == readings_data(read(short, LAST))


def test_retargets_alone_give_an_epoch_ribbon_that_says_so() -> None:
    found = read(None, date(2026, 5, 30))
    assert found.ribbon is not None
    assert found.ribbon.resolution == "epoch"
    assert found.cost is None
    assert found.price is None
    assert "20 days" in found.reason("industry_cost")
    assert "365 days" in found.reason("puell")
    assert "2026-05-28" in found.notes[0]
    text = readings_text(found, Formats("en"))
    assert "from retargets alone" in text


def test_old_retargets_are_said_to_be_known_to_their_day() -> None:
    found = read(None, date(2026, 9, 1))
    assert found.difficulty is not None
    assert found.difficulty.old
    text = readings_text(found, Formats("en"))
    assert "known to 29 May 2026" in text
    assert "what it became after that is not known" in text
    told = readings_data(found)["difficulty"]
    assert isinstance(told, dict)
    assert told["old"]
    assert "known to 2026-05-29" in str(told["why"])
    # The slowest epoch of the table took 16 days; nothing is missing there.
    slow = read(None, date(2026, 2, 6)).difficulty
    assert slow is not None
    assert not slow.old


def test_a_live_difficulty_stands_before_a_history_that_does_not_reach_it() -> None:
    found = read(history(), asked=Asked(projection=projection()))
    told = readings_data(found, 141.0e12)["difficulty"]
    assert isinstance(told, dict)
    assert (told["value"], told["change_pct"], told["since"]) == (141.0e12, -1.2, None)
    assert told["old"]
    assert "changes are known to 2026-01-08" in str(told["why"])
    assert found.difficulty is not None
    same = readings_data(found, found.difficulty.value)
    assert same == readings_data(found)
    nothing = readings_data(read(None, date(2010, 1, 1)), 141.0e12)["difficulty"]
    assert isinstance(nothing, dict)
    assert nothing["value"] == 141.0e12
    unprojected = readings_data(read(history()), 141.0e12)["difficulty"]
    assert isinstance(unprojected, dict)
    assert unprojected["change_pct"] is None


def test_without_prices_no_buy_is_denied() -> None:
    text = readings_text(read(None, date(2026, 5, 30)), Formats("en"))
    assert "recovered; without prices no buy can be told since 23 May 2026" in text
    assert "no buy yet" not in text


@pytest.mark.parametrize(
    ("first", "difficulty", "value", "down"),
    [
        # After the embedded retargets, and before them, the file's own; within them the chain's.
        (date(2027, 1, 1), 2e14, 2.1e14, 1),
        (date(2017, 1, 1), 1e12, 1.05e12, 1),
        (date(2026, 1, 10), 2e14, 146_472_570_619_930.78, 5),
    ],
)
def test_a_files_difficulty_serves_where_no_retarget_is_known(
    first: date, difficulty: float, value: float, down: int, tmp_path: Path
) -> None:
    path = tmp_path / "days.csv"
    steps = [1.0] * 3 + [0.9] * 3 + [1.05] * 4
    rows = [
        f"{first + timedelta(days=i)},90000,1000,{difficulty * step}"
        for i, step in enumerate(steps)
    ]
    path.write_text("\n".join(("date,price,hashrate_ehs,difficulty", *rows)), encoding="utf-8")
    found = readings_from_file(path, first + timedelta(days=30), 0.05)
    assert found.difficulty is not None
    assert found.difficulty.value == pytest.approx(value)
    assert found.difficulty.streak.down == down
    assert not found.difficulty.old
    assert any("the chain's 1.46473e+14 is used" in note for note in found.notes) == (down == 5)
    before = readings_from_file(path, first + timedelta(days=4), 0.05).difficulty
    assert before is not None
    assert before.value == pytest.approx(difficulty * 0.9 if down == 1 else value)


def test_days_without_hashrate_take_that_of_their_epochs() -> None:
    some = history()
    some.hashrate_hs[:] = np.nan
    found = read(some)
    assert found.ribbon is not None
    assert found.ribbon.resolution == "epoch"
    # The epoch of the day is not over, so what it costs is not known yet.
    assert found.cost is None
    assert found.reason("industry_cost")


def test_a_hashrate_that_is_known_only_later_is_not_known_yet() -> None:
    whole, short = history(), history()
    whole.hashrate_hs[:400] = np.nan
    short.hashrate_hs[:] = np.nan
    day = date.fromordinal(whole.first_day + 390)
    assert readings_data(read(whole, day)) == readings_data(read(short, day))


def test_a_hashrate_that_ends_before_the_price_says_its_day() -> None:
    some = history()
    some.hashrate_hs[-3:] = np.nan
    found = read(some)
    assert (found.as_of, found.hashrate_to) == (LAST, LAST - timedelta(days=3))
    assert "Hashrate is known to 2026-01-16; its means" in found.notes[0]
    told = readings_data(found)["hashrate"]
    assert isinstance(told, dict)
    assert told["known_to"] == "2026-01-16"
    assert read(history()).notes == ()


def test_before_the_first_retarget_there_is_nothing() -> None:
    found = read(None, date(2010, 1, 1))
    assert found.difficulty is None
    assert found.ribbon is None
    assert set(dict(found.why)) == {"hashrate", "ribbon", "industry_cost", "puell", "difficulty"}
    told = readings_data(found)["difficulty"]
    assert isinstance(told, dict)
    assert told.pop("why") == "No retarget up to that day is known."
    assert set(told.values()) == {None}
    assert "Hashrate  –" in readings_text(found, Formats("en"))


def test_a_phase_that_goes_on_after_a_gap_began_before_it() -> None:
    falling = history(300)
    falling.hashrate_hs[:] = 1e21 * np.exp(-np.arange(300) * 0.002)
    whole = read(falling).ribbon
    falling.hashrate_hs[150] = np.nan
    found = read(falling).ribbon
    assert whole is not None
    assert found is not None
    assert found.since == found.episodes[-1].start == whole.since


def test_where_no_machine_earns_it_is_said() -> None:
    dear = read(history(), asked=Asked(5.0))
    assert dear.cost is None
    assert dear.reason("industry_cost") == "At 5.0 USD/kWh no machine of the model earns."
    fallen = history()
    fallen.price[-40:] /= 3
    found = read(fallen, asked=Asked(0.08))
    assert found.cost is not None
    assert found.cost.eligible[-1] == 0
    assert any("0.08 USD/kWh no machine earns now; those of 202" in note for note in found.notes)
    # Days enough for the threshold, and not yet for the mean of seven.
    young = read(history(16))
    assert young.cost is None
    assert "20 days" in young.reason("industry_cost")


def test_forty_days_have_means_and_no_ribbon() -> None:
    found = read(history(40))
    assert [mean.days for mean in found.hashrate] == [1, 7, 14, 30]
    assert found.ribbon is None
    assert "60 days" in found.reason("ribbon")


def test_a_history_that_ended_long_ago_ends_there() -> None:
    found = read(history(), date(2026, 5, 1))
    assert found.as_of == LAST
    assert found.difficulty is not None
    assert found.difficulty.since == date(2026, 1, 8)


def test_the_data_is_json_without_nan_and_holds_every_key_whatever_is_known() -> None:
    whole = readings_data(read(history()))
    for found in (read(history()), read(history(40)), read(None), read(None, date(2010, 1, 1))):
        told = readings_data(found)
        json.dumps(told, allow_nan=False)
        assert told.keys() == whole.keys()
        for part in ("difficulty", "hashrate", "ribbon", "industry_cost"):
            assert keys(told[part]) == keys(whole[part])
        assert keys(told["hashrate"], "means") == ["1", "14", "30", "60", "7"]
        for span in ("1", "7", "14", "30", "60"):
            assert keys(told["hashrate"], "means", span) == keys(whole["hashrate"], "means", span)
    young = readings_data(read(history(40)))["hashrate"]
    assert isinstance(young, dict)
    means = young["means"]
    assert isinstance(means, dict)
    longest = means["60"]
    assert isinstance(longest, dict)
    assert set(longest.values()) == {None}


def test_recovering_is_told_in_any_phase_and_spoken_of_in_a_capitulation() -> None:
    rising = history(300)
    rising.hashrate_hs[:] = 1e21 * np.exp(np.arange(300) * 0.002)
    found = read(rising)
    assert found.ribbon is not None
    assert (found.ribbon.phase, found.ribbon.recovering) == (Phase.NORMAL, True)
    told = readings_data(found)["ribbon"]
    assert isinstance(told, dict)
    assert told["recovering"] is True
    assert "recovering" not in readings_text(found, Formats("en"))


def test_the_text_names_every_reading() -> None:
    text = readings_text(read(history(), asked=Asked(projection=projection())), Formats("en"))
    for word in ("Difficulty", "next −3.8%", "Hashrate", "Hash ribbon", "best guess", "Puell"):
        assert word in text


def test_a_hashrate_is_told_in_the_unit_of_its_size() -> None:
    early = history()
    early.hashrate_hs[:] = 22e15
    text = readings_text(read(early), Formats("en"))
    assert "30 d  22.0 PH/s ±1.5%; 0.0% from 22.0 PH/s on" in text
    early.hashrate_hs[:] = 1e21
    assert "30 d  1,000.0 EH/s ±1.5%" in readings_text(read(early), Formats("en"))


def test_phases_in_words() -> None:
    falling = history(300)
    falling.hashrate_hs[:] = 1e21 * np.exp(-np.arange(300) * 0.002)
    rising = history(300)
    rising.hashrate_hs[:] = 1e21 * np.exp(np.arange(300) * 0.002)
    turned = history(300)
    turned.hashrate_hs[:] = 1e21 * np.exp(-np.minimum(np.arange(300), 290) * 0.002)
    turned.hashrate_hs[291:] *= 1.05
    assert "miners capitulate since" in readings_text(read(falling), Formats("en"))
    assert "Hash ribbon  normal" in readings_text(read(rising), Formats("en"))
    assert "recovering" in readings_text(read(turned), Formats("en"))


def test_a_file_is_read_and_its_end_is_kept_to(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    rows = [f"2025-12-{day:02d},90000,1000" for day in range(1, 32)]
    path.write_text("\n".join(("date,price,hashrate_ehs", *rows)), encoding="utf-8")
    found = readings_from_file(path, date(2026, 1, 19), 0.05)
    assert found.as_of == date(2025, 12, 31)
    assert found.price == 90_000
    assert found.hashrate[0].value_ehs == pytest.approx(1_000)
    assert found.cost is not None
    with pytest.raises(UserError, match="begins on 2025-12-01, after 2025-11-30"):
        readings_from_file(path, date(2025, 11, 30), 0.05)


@pytest.mark.parametrize(("hashrate", "doubted"), [(1_000, False), (1e9, True), (1e-3, True)])
def test_a_hashrate_in_another_unit_is_doubted(
    hashrate: float, doubted: bool, tmp_path: Path
) -> None:
    path = tmp_path / "days.csv"
    rows = [f"2025-12-{day:02d},90000,{hashrate}" for day in range(1, 32)]
    path.write_text("\n".join(("date,price,hashrate_ehs", *rows)), encoding="utf-8")
    found = readings_from_file(path, date(2026, 1, 19), 0.05)
    assert any("is its unit right?" in note for note in found.notes) == doubted
    early = tmp_path / "early.csv"
    early.write_text("date,price,hashrate_ehs\n2015-01-01,300,0.3", encoding="utf-8")
    assert not any("unit" in note for note in readings_from_file(early, LAST, 0.05).notes)


def test_the_embedded_facts_are_whole() -> None:
    retargets = embedded_retargets()
    assert retargets.count == 93
    assert np.isfinite(retargets.change_pct[1:]).all()
    assert len(embedded_machines().j_per_th) > 150


def test_no_retarget_at_all() -> None:
    nothing = np.empty(0)
    none = Retargets(np.empty(0, np.int64), nothing, nothing)
    found = read_network(None, none, FLEET, LAST)
    assert found.hashrate == ()
    assert found.as_of == LAST
