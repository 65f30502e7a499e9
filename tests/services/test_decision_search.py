from __future__ import annotations

import math
from datetime import UTC, date, timedelta
from pathlib import Path

from minerdesk.domain.decisions import Outcome
from minerdesk.services.decision_search import (
    Search,
    as_table,
    deed_word,
    found_by,
    outcome_word,
    sites_of,
    worth_text,
)
from minerdesk.services.exchange import read_table, write_table
from minerdesk.services.words import Formats
from tests.support.decisions import BASE, a_decision
from tests.support.evaluations import NOW

EN = Formats("en", UTC)
DAY = timedelta(days=1)
LOG = (
    a_decision(id=3, at=NOW + DAY, outcome=Outcome.NOT_DONE, reason="=Crane is in the way"),
    a_decision(id=2, site_name="Alberta", before="off", after="eco", until=None),
    a_decision(id=1, at=NOW - DAY, withdrawn_at=NOW, worth=math.nan, before="eco", after="normal"),
)


def ids(search: Search) -> list[int]:
    return [each.id for each in found_by(search, LOG, EN)]


def test_every_word_must_be_somewhere() -> None:
    assert ids(Search()) == [3, 2, 1]
    assert ids(Search("CRANE texas")) == [3]
    assert ids(Search("crane alberta")) == []
    assert ids(Search("taken back")) == [1]
    assert ids(Search("kraken")) == [3, 2, 1]


def test_days_are_both_inside_and_local() -> None:
    today = NOW.date()
    assert ids(Search(since=today)) == [3, 2]
    assert ids(Search(until=today)) == [2, 1]
    assert ids(Search(since=today, until=today)) == [2]
    assert ids(Search(until=date(2020, 1, 1))) == []


def test_sites() -> None:
    assert sites_of(LOG) == ("Alberta", "Texas 1")
    assert ids(Search(site="Alberta")) == [2]


def test_words() -> None:
    assert [outcome_word(each) for each in LOG] == ["not done", "done", "done, taken back"]
    assert [deed_word(each) for each in LOG] == ["power down", "start in eco", "change to normal"]
    assert worth_text(BASE, EN) == "320 USD"
    assert worth_text(a_decision(a_day=True), EN) == "320 USD a day"
    assert worth_text(a_decision(a_day=True, worth=math.nan), EN) == "–"


def test_the_table_holds_every_number_and_no_formula_runs(tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    write_table(file, as_table(LOG))
    assert b"'=Crane" in file.read_bytes()
    read = read_table(file)
    first = dict(zip(read.header, read.rows[0], strict=False))
    assert first["reason"] == "=Crane is in the way"
    assert float(first["difficulty"]) == BASE.difficulty
    assert first["due"] == "2026-01-19T12:00:00+00:00"
    assert first["sources"] == BASE.sources
    third = dict(zip(read.header, read.rows[2], strict=False))
    assert third["worth"] == ""
    assert third["taken_back_at"] == "2026-01-19T12:00:00+00:00"
