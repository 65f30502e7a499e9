from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from minerdesk.services.planning.lazily import Lazily
from minerdesk.services.planning.move import OFF, Move
from minerdesk.services.planning.move_table import MoveTable, tally
from tests.services.planning.a_plan import book, network, plan
from tests.support.plans import a_plan

PLAN = a_plan()
MOVES = list(PLAN.moves)


def table(moves: list[Move] = MOVES) -> MoveTable:
    return MoveTable.of(moves, PLAN.names.place)


def test_it_is_the_sequence_of_its_moves() -> None:
    held = table()
    assert held == MOVES
    assert held == tuple(MOVES)
    assert held != MOVES[1:]
    assert held != "moves"
    assert held[0] == MOVES[0]
    assert held[-1] == MOVES[-1]
    assert list(held[2:4]) == MOVES[2:4]
    assert held[1] is held.take(np.array([1]))[0]
    assert repr(table([])) == "MoveTable([])"
    with pytest.raises(IndexError):
        _ = held[len(MOVES)]


def test_only_moves_that_are_looked_at_are_made() -> None:
    made: list[int] = []

    def make(place: int) -> Move:
        made.append(place)
        return MOVES[place]

    whole = table()
    held = MoveTable(whole.columns, PLAN.names.place, whole.sites, whole.states, make)
    assert tally(held.where(held.columns.advised)).power_down
    assert len(held.deeds) == len(MOVES)
    assert held.close_ones is held.close_ones
    assert made == []
    assert held[3] is held[3]
    assert made == [3]
    assert held.place_of(MOVES[5]) == 5
    assert held.with_key(MOVES[4].key) is not None
    assert len(made) < 6


def test_a_move_is_found_by_what_it_is() -> None:
    held = table()
    for place, move in enumerate(MOVES):
        assert held.place_of(move) == place
        found = held.with_key(move.key)
        assert found is not None
        assert found.key == move.key
    assert held.place_of(replace(MOVES[0], at=MOVES[0].at - timedelta(days=9))) is None
    assert held.place_of(replace(MOVES[0], group="nobody's")) is None
    other_end = replace(MOVES[0], until=MOVES[0].at + timedelta(hours=77))
    assert held.place_of(other_end) == 0
    assert held.with_key("") is None
    assert held.with_key("20200101T0000Z/a/b/c>d") is None


def test_a_slash_in_an_id_is_no_border() -> None:
    odd = replace(MOVES[0], group="hall/1", site="a/b")
    held = table([odd])
    assert held.with_key(odd.key) == odd


def test_fewer_rigs_are_worth_less() -> None:
    held = table()
    assert held.with_counts(held.columns.count) is held
    half = np.maximum(held.columns.count // 2, 1)
    fewer = held.with_counts(half)
    assert fewer[0].count == half[0]
    assert fewer[0].worth == pytest.approx(held[0].worth * half[0] / held[0].count)
    assert float(fewer.columns.worth[0]) == pytest.approx(fewer[0].worth)


def test_tally_counts_rigs_by_what_is_done() -> None:
    down, up = MOVES[0], MOVES[1]
    kinds = [
        replace(down, before="normal", after=OFF, count=5),
        replace(up, before=OFF, after="normal", count=7),
        replace(up, before="normal", after="eco", count=2),
    ]
    assert tally(table(kinds)) == (5, 7, 2)
    assert tally(table([])) == (0, 0, 0)


def test_a_real_plan_makes_its_moves_one_by_one() -> None:
    found = plan(book(), network())
    columns = found.table.columns
    for place, move in enumerate(found.moves):
        assert move.at.timestamp() == columns.at_s[place]
        assert (move.until is None) == bool(np.isinf(columns.until_s[place]))
        assert move.count == columns.count[place]
        assert move.worth == columns.worth[place]
        assert (move.after == OFF) == columns.stops[place]
        assert (move.before == OFF) == columns.starts[place]
        assert move.site == found.table.sites[columns.site[place]]
        assert found.book.groups[columns.group[place]].id == move.group
        assert move.advised == columns.advised[place]
    assert list(found.advised) == [move for move in found.moves if move.advised]
    assert list(found.close) == [move for move in found.moves if not move.advised]


def test_lazily_makes_what_is_asked_for() -> None:
    made: list[int] = []

    def make(place: int) -> str:
        made.append(place)
        return str(place)

    held = Lazily(1_000, make)
    assert len(held) == 1_000
    assert held[-1] == "999"
    assert held[2:4] == ("2", "3")
    assert made == [999, 2, 3]
    with pytest.raises(IndexError):
        _ = held[1_000]
