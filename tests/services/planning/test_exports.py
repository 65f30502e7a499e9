from __future__ import annotations

import csv
import io
from datetime import UTC, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from minerdesk.domain.errors import WorldError
from minerdesk.services.planning.exports import (
    moves_calendar,
    moves_csv,
    moves_text,
    table_csv,
    write_export,
)
from minerdesk.services.words import Formats
from tests.support.evaluations import NOW
from tests.support.plans import a_plan

EN = Formats("en", UTC)
PLAN = a_plan()


def rows(data: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter))


def test_only_advised_moves_are_written_unless_all_are_asked_for() -> None:
    advised, every = rows(moves_csv(PLAN, EN)), rows(moves_csv(PLAN, EN, every_move=True))
    assert len(advised) == len(PLAN.advised) < len(every) == len(PLAN.moves)
    assert {row["advised"] for row in advised} == {"yes"}
    assert "no" in {row["advised"] for row in every}


def test_a_row_has_times_in_utc_and_plain_numbers() -> None:
    first = rows(moves_csv(PLAN, EN))[0]
    assert first["at"] == "2026-01-19T12:00:00+00:00"
    assert (first["site"], first["group"], first["model"]) == ("Texas 1", "m30", "M30S++")
    assert (first["from"], first["to"], first["count"]) == ("off", "normal", "102")
    assert float(first["worth"]) == pytest.approx(PLAN.advised[0].worth, abs=1e-4)
    assert first["currency"] == "USD"
    open_end = [row for row in rows(moves_csv(PLAN, EN)) if not row["until"]]
    assert open_end


def test_a_comma_country_gets_semicolons() -> None:
    first = rows(moves_csv(PLAN, EN, decimal_comma=True), ";")[0]
    assert "," in first["worth"]


def test_the_calendar_reminds_ten_minutes_before() -> None:
    calendar = Calendar.from_ical(moves_calendar(PLAN, EN))
    events = calendar.walk("VEVENT")
    assert len(events) == len(PLAN.advised)
    first = events[0]
    assert first.decoded("dtstart") == PLAN.advised[0].at
    assert str(first["summary"]) == "Start 102 × M30S++ at Texas 1 until 13:00 UTC"
    assert "it earns more than its power costs" in str(first["description"])
    (alarm,) = first.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(minutes=-10)
    assert str(alarm["action"]) == "DISPLAY"


@pytest.mark.parametrize(
    ("zone", "until"), [("America/Chicago", "07:00 CST"), ("America/Sao_Paulo", "10:00 UTC-03:00")]
)
def test_times_in_the_words_of_a_calendar_say_their_zone(zone: str, until: str) -> None:
    calendar = Calendar.from_ical(moves_calendar(PLAN, Formats("en", ZoneInfo(zone))))
    first = calendar.walk("VEVENT")[0]
    assert str(first["summary"]).endswith(f"until {until}")
    assert f"until {until}" in str(first["description"])
    assert until not in moves_text(PLAN, Formats("en", ZoneInfo(zone)), NOW)


def test_events_have_uids_that_stay_and_differ() -> None:
    def uids(data: bytes) -> list[str]:
        return [str(event["uid"]) for event in Calendar.from_ical(data).walk("VEVENT")]

    first = uids(moves_calendar(PLAN, EN))
    assert len(set(first)) == len(first)
    again = a_plan(NOW + timedelta(minutes=3))
    assert uids(moves_calendar(again, EN)) == first
    assert len(uids(moves_calendar(PLAN, EN, every_move=True))) == len(PLAN.moves)


def test_text_is_what_one_would_send() -> None:
    text = moves_text(PLAN, EN, NOW)
    lines = text.splitlines()
    assert lines[0] == "Now: start 102 × M30S++ at Texas 1 until 13:00."
    assert len(lines) == 3 + len(PLAN.advised)
    assert "Too close to call:" not in text
    every = moves_text(PLAN, EN, NOW, zone=ZoneInfo("America/Chicago"), every_move=True)
    assert "Too close to call:" in every
    assert "Mon 06:00 start 102 × M30S++ at Texas 1 until 07:00" in every


def test_a_chart_table_keeps_numbers_as_numbers() -> None:
    data = table_csv(("a", "b"), [("x", "1.5"), ("inf", "")], decimal_comma=True)
    assert data.decode("utf-8-sig").splitlines() == ["a;b", "x;1,5", "inf;"]


def test_a_file_is_written_whole_or_the_reason_said(tmp_path: Path) -> None:
    write_export(tmp_path / "moves.csv", b"one")
    assert (tmp_path / "moves.csv").read_bytes() == b"one"
    with pytest.raises(WorldError, match=r"moves\.csv could not be written"):
        write_export(tmp_path / "nowhere" / "moves.csv", b"one")
    assert not (tmp_path / "nowhere").exists()
