"""What is alike and many is counted beforehand, to the same numbers as group by group."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from minerdesk.domain.book import Book
from minerdesk.services.planning.names import BookNames
from minerdesk.services.planning.plan import Plan, PlanRows
from minerdesk.services.planning.together import MANY, Together
from tests.support.plans import a_plan

PLAN = a_plan(copies=170)


def one_by_one(plan: Plan, group: int) -> np.ndarray:
    """Add up the groups of one model and site by the names of their states."""
    names, codes = plan.names.states
    asked = plan.book.groups[group]
    found = np.zeros((len(plan.start_s), len(names)), np.int64)
    for place, each in enumerate(plan.book.groups):
        if (each.site, each.model) == (asked.site, asked.model):
            counts = plan.counts(place)
            for state in range(counts.shape[1]):
                found[:, codes[place, state]] += counts[:, state]
    return found


def test_many_are_counted_as_one_by_one() -> None:
    together = PLAN.together
    assert together is not None
    number = PLAN.names.alike_of
    counted = 0
    for place in np.unique(number, return_index=True)[1].tolist():
        rows = int((number[PLAN.group_of_row] == number[place]).sum())
        found = together.counts(place)
        assert (found is None) == (rows < MANY)
        if found is not None:
            counted += 1
            assert np.array_equal(found, one_by_one(PLAN, place))
    assert counted


def test_few_are_not_counted() -> None:
    few = a_plan()
    assert few.together is not None
    assert few.together.make_all().counts(0) is None


def test_of_no_rows_nothing_is_known() -> None:
    nothing = PlanRows(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 4), np.int8))
    assert Together(BookNames(Book()), nothing).make_all().counts(0) is None


def test_other_rows_are_counted_anew() -> None:
    off = replace(PLAN, state_of_row=np.zeros_like(PLAN.state_of_row))
    assert off.together is not None
    held = np.flatnonzero(np.bincount(PLAN.names.alike_of) >= MANY)
    place = int(np.flatnonzero(PLAN.names.alike_of == held[0])[0])
    found = off.together.counts(place)
    assert found is not None
    assert (found[:, 1:] == 0).all()
    same = replace(PLAN, pin_costs=())
    assert same.together is PLAN.together


def test_groups_of_one_model_and_site_are_alike() -> None:
    number = PLAN.names.alike_of
    for place, each in enumerate(PLAN.book.groups):
        same = number[: place + 1] == number[place]
        first = PLAN.book.groups[int(np.flatnonzero(same)[0])]
        assert (first.site, first.model) == (each.site, each.model)
