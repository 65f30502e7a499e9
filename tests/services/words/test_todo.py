from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from minerdesk.services.planning.agenda import agenda_of
from minerdesk.services.planning.move_table import MoveTable
from minerdesk.services.words import Formats
from minerdesk.services.words.todo import todo_list
from tests.support.evaluations import NOW, evaluate
from tests.support.plans import a_plan

PLAN = a_plan()
EN = Formats("en")


@pytest.mark.parametrize("advised", [True, False])
def test_by_the_hour_the_places_came_with_the_evaluation(advised: bool) -> None:
    found = evaluate(PLAN.book)
    assert found.by_hour is not None
    chosen = found.by_hour.advised if advised else found.by_hour.close
    listed = todo_list(found, None, EN, advised=advised)
    assert listed.places is chosen.places
    anew = todo_list(replace(found, by_hour=None), None, EN, advised=advised)
    assert dict(anew.places) == dict(listed.places)
    for key, place in listed.places.items():
        assert listed.row(place).key == key
        assert listed.row(place).worth == listed.worths[place]


def test_by_the_hour_the_worth_most_come_first() -> None:
    listed = todo_list(evaluate(PLAN.book), None, EN)
    assert len(listed.places) > 1
    assert list(listed.places.values()) == list(range(len(listed.places)))
    assert (np.diff(listed.worths) <= 0).all()


def test_without_figures_there_are_no_rows() -> None:
    assert not todo_list(replace(evaluate(PLAN.book), figures=None), None, EN).places


@pytest.mark.parametrize("advised", [True, False])
def test_by_a_plan_the_places_came_with_its_agenda(advised: bool) -> None:
    agenda = agenda_of(PLAN, NOW)
    listed = todo_list(replace(evaluate(PLAN.book), plan=PLAN), agenda, EN, advised=advised)
    moves = agenda.now if advised else agenda.close
    assert listed.places is moves.deeds
    assert [listed.row(place).key for place in range(len(moves))] == list(moves.deeds)


def test_the_same_deed_again_has_a_number() -> None:
    one = next(move for move in PLAN.moves if move.group == "s19j")
    odd = replace(one, after=f"{one.after}#1")
    deeds = MoveTable.of([one, odd, one, one], PLAN.names.place).deeds
    assert list(deeds.values()) == [0, 1, 2, 3]
    plain = f"s19j/{one.before}>{one.after}"
    assert list(deeds) == [plain, f"{plain}#1", f"{plain}#2", f"{plain}#3"]


def test_what_comes_is_of_the_next_moments_in_turn() -> None:
    agenda = agenda_of(PLAN, NOW)
    every = sorted({move.at for move in PLAN.advised if move.at > max(NOW, PLAN.begins)})
    assert len(every) > len(agenda.coming) > 1
    for moves, at in zip(agenda.coming, every, strict=False):
        assert list(moves) == [move for move in PLAN.advised if move.at == at]
    assert {m.key for m in agenda.next} == {m.key for m in agenda.coming[0]}
    assert not agenda_of(PLAN, PLAN.ends).coming
    assert not agenda_of(PLAN, PLAN.ends).next
