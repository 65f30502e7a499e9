from __future__ import annotations

from dataclasses import replace

import pytest

from minerdesk.domain.errors import UserError
from minerdesk.domain.starts import StartCosts
from minerdesk.services import edits
from tests.support.evaluations import book, group

BOOK = book(group("a", "cheap", 10))


def test_costs_of_starting_are_put_where_they_belong() -> None:
    starts = StartCosts(start_lost_minutes=15.0)

    everywhere = edits.put_starts(BOOK, starts)
    one = edits.put_model_starts(BOOK, "Rig", starts)

    assert everywhere.assumptions.starts == starts
    assert everywhere.models == BOOK.models
    assert [model.starts for model in one.models] == [starts, None]
    assert edits.put_model_starts(one, "Rig", None) == BOOK
    with pytest.raises(UserError, match="no rig model"):
        edits.put_model_starts(BOOK, "Nothing", starts)


def test_a_copied_tariff_is_the_sites_own() -> None:
    copied = edits.copy_tariff(BOOK, "dear", "cheap")
    site = next(site for site in copied.sites if site.id == "cheap")
    tariff = next(tariff for tariff in copied.tariffs if tariff.id == site.tariff)

    assert tariff.price_per_kwh == 0.09
    assert site.tariff not in {"dear", "cheap"}
    assert not any(tariff.id == "cheap" for tariff in copied.tariffs)
    assert replace(tariff, id="dear") in BOOK.tariffs


def test_what_is_nowhere_cannot_be_copied() -> None:
    with pytest.raises(UserError, match="no tariff"):
        edits.copy_tariff(BOOK, "nothing", "cheap")
    with pytest.raises(UserError, match="no site"):
        edits.copy_tariff(BOOK, "dear", "nowhere")
