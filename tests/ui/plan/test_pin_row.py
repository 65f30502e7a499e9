from __future__ import annotations

from dataclasses import replace

from minerdesk.domain.rigs import Pin
from minerdesk.ui.pages.plan import PlanPage
from tests.support.evaluations import NOW
from tests.support.plans import a_plan, plan_book
from tests.ui.plan.conftest import Stage


def test_a_folded_row_of_groups_pinned_differently_says_so(page: PlanPage, stage: Stage) -> None:
    book = plan_book(copies=40)
    groups = (replace(g, pin=Pin.ON) if g.id == "s19j-7" else g for g in book.groups)
    stage.fill(a_plan(copies=40, book=replace(book, groups=tuple(groups))))
    page.tick(NOW)
    page.body.controls.fold.setChecked(True)
    pins = page.body.pin_row
    page.select(group="m30-north")
    assert pins.said.endswith("× M30S++: pinned off, costs 128 USD")
    assert pins.buttons[Pin.OFF].isChecked()
    page.select(group="s19j")
    assert pins.said.endswith("× S19j Pro: pinned differently, costs 215 USD")
    assert not any(each.isChecked() for each in pins.buttons.values())
    page.select(group="xp")
    assert pins.buttons[Pin.FREE].isChecked()
    page.select(group="m30-north")
    assert [pin for pin, each in pins.buttons.items() if each.isChecked()] == [Pin.OFF]
