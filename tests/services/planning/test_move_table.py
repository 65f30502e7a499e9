from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.sites import Event, Site
from minerdesk.domain.starts import DEFAULT_STARTS
from minerdesk.services.planning.lazily import Lazily
from minerdesk.services.planning.move import OFF, Move
from minerdesk.services.planning.move_table import MoveTable, tally
from tests.services.planning.a_plan import NOW, book, hourly, hours_from, network, plan
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
        assert found == move
    assert held.place_of(replace(MOVES[0], at=MOVES[0].at - timedelta(days=9))) is None
    assert held.place_of(replace(MOVES[0], group="nobody's")) is None
    other_end = replace(MOVES[0], until=MOVES[0].at + timedelta(hours=77))
    assert held.place_of(other_end) == 0
    assert held.with_key("") is None
    assert held.with_key("20200101T0000Z/a/b/c>d") is None


def test_what_stands_in_an_id_is_no_border() -> None:
    ids = [("a/b", "c"), ("a", "b/c"), ("a", "b%2Fc"), ("a#2", "b>c")]
    modes = [("x>y", "z"), ("x", "y>z"), (OFF, "eco#2"), (OFF, "eco")]
    odd = [
        replace(MOVES[0], site=site, group=group, before=before, after=after, part=part)
        for site, group in ids
        for before, after in modes
        for part in (1, 2)
    ]
    held = table(odd)
    assert len({move.key for move in odd}) == len(odd)
    assert [held.with_key(move.key) for move in odd] == odd


AN_END = st.integers(1, 5)
PART = st.tuples(st.integers(0, 1), st.sampled_from(["s19j", "m30"]), AN_END, st.booleans())


def numbered(parts: Sequence[tuple[int, str, int, bool]]) -> list[Move]:
    moves = [
        replace(
            MOVES[0],
            at=MOVES[0].at + timedelta(hours=at),
            until=MOVES[0].at + timedelta(hours=at + lasts),
            group=group,
            advised=advised,
        )
        for at, group, lasts, advised in parts
    ]
    number = table(moves).columns.parts().tolist()
    return [replace(move, part=part) for move, part in zip(moves, number, strict=True)]


@given(st.lists(PART, unique=True), st.randoms(use_true_random=False))
def test_each_move_of_a_plan_has_a_key_of_its_own(
    parts: list[tuple[int, str, int, bool]], random: Random
) -> None:
    moves = numbered(parts)
    assert len({move.key for move in moves}) == len(moves)
    held = table(moves)
    assert [held.with_key(move.key) for move in moves] == moves
    # Neither the order they come in nor the other groups' moves have a say.
    mixed = random.sample(parts, len(parts))
    assert {m.key: m for m in numbered(mixed)} == {m.key: m for m in moves}
    ours = [part for part in parts if part[1] == "s19j"]
    assert numbered(ours) == [move for move in moves if move.group == "s19j"]


def test_a_part_that_is_too_close_to_call_takes_no_number_of_one_that_is_advised() -> None:
    late, close = (0, "s19j", 3, True), (0, "s19j", 1, False)
    alone, other = numbered([late, close])
    assert alone.key == numbered([late])[0].key
    assert other.key != alone.key


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


def test_parts_of_a_group_that_change_together_keep_their_keys_in_the_next_plan() -> None:
    # Room for 5 of 10 rigs from 14:00 to 17:00 and for 7 until 20:00: 5 stop together, for 2 of
    # them it is until 17:00.
    site = Site(
        "here",
        "Here",
        "power",
        limit_kw=30.0,
        events=tuple(
            Event("call", hours_from(NOW, first), hours_from(NOW, last), kw)
            for first, last, kw in ((2, 5, 15.0), (2, 8, 21.0))
        ),
    )
    cheap, made = hourly(*[0.04] * 72), book(site=site, starts=DEFAULT_STARTS)
    found = plan(made, network(), prices=cheap)
    keys = [move.key for move in found.moves]
    assert len({key.replace("#2", "") for key in keys}) < len(keys)
    assert len(set(keys)) == len(keys)
    again = plan(made, network(), prices=cheap, now=hours_from(NOW, 1))
    assert [move.key for move in again.moves if move.at > again.begins] == keys
    for move in found.moves:
        met = again.table.with_key(move.key)
        assert met is not None
        assert (met.at, met.until, met.count) == (move.at, move.until, move.count)


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
