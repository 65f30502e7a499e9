from __future__ import annotations

from dataclasses import replace

import pytest

from minerdesk.domain.tariff import Period, PriceIndex, TakeOrPay, Tariff, Tier, TimeOfUse, Unused
from minerdesk.engine.tariff import simple_price_per_kwh
from minerdesk.services.power.parts import Part, parts, present
from minerdesk.services.power.templates import Template, templates

FLAT = Tariff("t", "Tariff", 0.07, "EUR")
CHANGES_NOTHING = ("time_of_use", "tiers", "adders", "demand", "fixed", "holidays", "heat")


@pytest.mark.parametrize("part", parts(), ids=lambda part: part.key)
def test_a_part_comes_and_goes(part: Part) -> None:
    base = replace(FLAT, price_per_kwh=0.0, take_or_pay=TakeOrPay(1, 1))
    if part.key == "take_or_pay":
        base = FLAT
    assert not part.has(base)
    with_it = part.start(base)
    if part.key != "flat":
        assert part.has(with_it)
    assert not part.has(part.without(with_it))
    assert with_it.id == "t"


@pytest.mark.parametrize("key", CHANGES_NOTHING)
def test_a_part_that_is_added_changes_no_price_until_it_is_typed_into(key: str) -> None:
    part = next(part for part in parts() if part.key == key)

    assert simple_price_per_kwh(part.start(FLAT)) == pytest.approx(0.07)
    assert simple_price_per_kwh(part.without(part.start(FLAT))) == pytest.approx(0.07)


def test_tiers_stay_when_hours_come_and_go_and_the_other_way_round() -> None:
    by_key = {part.key: part for part in parts()}
    tiered = by_key["tiers"].start(FLAT)
    both = by_key["time_of_use"].start(tiered)

    assert [part.key for part in present(both)] == ["time_of_use", "tiers"]
    assert [part.key for part in present(by_key["time_of_use"].without(both))] == ["tiers"]
    assert [part.key for part in present(by_key["tiers"].without(both))] == ["time_of_use"]
    timed = by_key["time_of_use"].start(FLAT)
    assert [part.key for part in present(by_key["tiers"].start(timed))] == ["time_of_use", "tiers"]


def test_without_an_index_a_block_is_no_longer_sold_at_it() -> None:
    index = next(part for part in parts() if part.key == "index")
    block = TakeOrPay(100, 0.05, Unused.SOLD_AT_INDEX)
    tariff = replace(FLAT, index=PriceIndex("hub"), take_or_pay=block)

    without = index.without(tariff)

    assert without.take_or_pay == replace(block, unused=Unused.LOST)


def test_what_a_tariff_lacks_can_be_taken_away_all_the_same() -> None:
    for part in parts():
        if not part.has(FLAT):
            assert part.without(FLAT) == FLAT


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.key)
def test_a_template_keeps_whose_tariff_it_is(template: Template) -> None:
    of_use = TimeOfUse((Period("e", "energy", (Tier(0.01),)),))
    made = template.make(replace(FLAT, time_of_use=of_use))

    assert (made.id, made.name, made.currency) == ("t", "Tariff", "EUR")
    assert present(made)
    assert template.title
    assert template.explains
