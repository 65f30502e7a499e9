from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from minerdesk.domain.readings import RetargetProjection
from minerdesk.services.standing.explain import KEYS, explain_standing
from minerdesk.services.standing.making import Beside
from minerdesk.services.standing.view import StandingView
from minerdesk.services.words import Formats
from tests.support.evaluations import NOW, evaluate, example_network, network
from tests.support.standings import BOOK, MODELS, daily, indicators, standing

EN = Formats("en", UTC)


def said_in(view: StandingView, key: str) -> dict[str, str]:
    return {each.name: each.value for each in explain_standing(key, view, EN, NOW).inputs}


def number(text: str) -> float:
    found = re.search(r"[\d,]+\.?\d*", text)
    assert found is not None
    return float(found[0].replace(",", ""))


@pytest.mark.parametrize("key", KEYS)
def test_everything_is_explained_whatever_is_known(key: str) -> None:
    for view in (
        standing(beside=Beside(MODELS, indicators(daily()))),
        standing(evaluate(BOOK, example_network())),
        standing(beside=Beside(MODELS, price_per_kwh_usd=0.2)),
    ):
        made = explain_standing(key, view, EN, NOW)
        assert made.formula
        assert made.title in made.text()
        assert all(each.value for each in made.inputs)


def test_live_inputs_bear_source_and_age() -> None:
    made = explain_standing("what_if", standing(), EN, NOW + timedelta(minutes=3))
    price = made.inputs[0]
    assert price.name == "BTC price"
    assert price.source
    assert price.age == "3 min old"


def test_the_border_follows_from_what_is_told() -> None:
    retarget = RetargetProjection(
        -25.0, 1.0, NOW + timedelta(days=3), 933_408, 473, "own formula", NOW
    )
    view = standing(evaluate(BOOK, replace(network(), retarget=retarget)))
    said = said_in(view, "border")
    assert number(said["hashprice after it"]) == pytest.approx(
        number(said["hashprice, gross"]) / 0.75, abs=0.01
    )
    assert said["expected change of difficulty"] == "−25.00% ±1.00"
    assert "hashprice after it" not in said_in(standing(), "border")


def test_what_was_chosen_is_told() -> None:
    view = standing()
    said = said_in(view, "buy")
    assert said["horizon"] == "12 months"
    assert said["discount rate"] == "10.0%"
    assert said["next halving in"] == f"{(1_050_000 - 932_935) / 144:,.0f} days"
    needed = view.price_per_btc * 1.1
    assert number(said["coins bought today need at the horizon"]) == pytest.approx(needed, rel=1e-3)
    unknown = replace(view, holding=replace(view.holding, halving_in_days=None))
    assert said_in(unknown, "buy")["next halving in"] == "–"


def test_own_costs_stand_beside_the_share_that_mines_dearer() -> None:
    view = standing(beside=Beside(MODELS, indicators(daily())))
    said = said_in(view, "cost")
    assert number(said["my cash cost of a BTC"]) == round(view.fleet.fleet_cash)
    assert said["share that mines dearer"] == EN.percent(view.fleet.fleet_dearer)
    assert said["machines that could run"] == str(len(MODELS))
    with pytest.raises(KeyError):
        explain_standing("nothing", view, EN, NOW)
