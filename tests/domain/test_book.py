from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from minerdesk.domain.book import Assumptions, Book, check_references
from minerdesk.domain.rigs import (
    ModeCount,
    ModeOverride,
    PowerMode,
    RigGroup,
    RigModel,
    StateNow,
)
from minerdesk.domain.sites import Capital, MonthlyCost, Site
from minerdesk.domain.tariff import Adder, Percentage, Tariff

BOOK = Book(
    sites=(Site("s", "S", "t"),),
    tariffs=(Tariff("t", "T", 0.05),),
    models=(RigModel("m", (PowerMode("normal", 200, 3_500),)),),
    groups=(RigGroup("g", "s", "m", count=3), RigGroup("h", "s", "m", count=4)),
)


def test_rigs_are_counted() -> None:
    assert BOOK.rig_count == 7
    assert Book().rig_count == 0


def test_a_whole_book_passes() -> None:
    check_references(BOOK)
    check_references(Book())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"sites": ()}, "group 'g' names site 's', which the book lacks"),
        ({"tariffs": ()}, "site 's' names tariff 't', which the book lacks"),
        ({"models": ()}, "group 'g' names model 'm', which the book lacks"),
        ({"groups": BOOK.groups[:1] * 2}, "groups must have different names, found 'g' twice"),
        ({"sites": BOOK.sites * 2}, "sites must have different names, found 's' twice"),
        ({"tariffs": BOOK.tariffs * 2}, "tariffs must have different names, found 't' twice"),
        ({"models": BOOK.models * 3}, "models must have different names, found 'm' twice"),
    ],
)
def test_a_reference_that_leads_nowhere(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        check_references(replace(BOOK, **change))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"state_now": StateNow((ModeCount("eco", 1),))},
            "group 'g' runs 1 rigs in mode 'eco', which it has not; it has normal",
        ),
        (
            {"overrides": (ModeOverride("eco", power_w=2_000),)},
            "group 'g' overrides mode 'eco', which 'm' has not, so it needs both of its numbers",
        ),
    ],
)
def test_a_mode_that_is_not_there(change: dict[str, Any], sentence: str) -> None:
    group = replace(BOOK.groups[0], **change)
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        check_references(replace(BOOK, groups=(group,)))


def test_a_mode_of_the_groups_own_is_there() -> None:
    eco = ModeOverride("eco", hashrate_ths=100, power_w=2_000)
    measured = ModeOverride("normal", power_w=3_600)
    running = StateNow((ModeCount("eco", 1), ModeCount("normal", 2)))
    group = replace(BOOK.groups[0], overrides=(eco, measured), state_now=running)
    check_references(replace(BOOK, groups=(group,)))


@pytest.mark.parametrize(
    ("cls", "values", "name"),
    [
        (Adder, {"name": "a", "per_kwh": float("nan")}, "per_kwh"),
        (Percentage, {"name": "p", "fraction": -1}, "fraction"),
        (Tariff, {"id": "t", "name": "t", "price_per_kwh": float("inf")}, "price_per_kwh"),
        (MonthlyCost, {"name": "c", "amount": float("nan")}, "amount"),
        (Capital, {"amount": -1, "life_months": 1}, "amount"),
        (Capital, {"amount": 1, "life_months": 0}, "life_months"),
        (Capital, {"amount": 1, "life_months": 1, "interest": -0.1}, "interest"),
        (Site, {"id": "s", "name": "s", "tariff": "t", "pue": 0.9}, "pue"),
        (Site, {"id": "s", "name": "s", "tariff": "t", "fixed_load_kw": -1}, "fixed_load_kw"),
        (Site, {"id": "s", "name": "s", "tariff": "t", "limit_kw": 0}, "limit_kw"),
        (Site, {"id": "s", "name": "s", "tariff": "t", "required_margin": 1}, "required_margin"),
        (Assumptions, {"pool_fee": 1}, "pool_fee"),
        (Assumptions, {"uptime": 0}, "uptime"),
    ],
)
def test_numbers_out_of_range(cls: type[Any], values: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be"):
        cls(**values)


def test_any_finite_price_and_margin_below_1_is_allowed() -> None:
    assert Tariff("t", "t", -0.5).price_per_kwh == -0.5
    assert Site("s", "s", "t", required_margin=-3.0).required_margin == -3.0
