from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from minerdesk.domain.rigs import Pin
from minerdesk.services.words import Formats
from minerdesk.ui.plan.scene import Scene, scene_of
from minerdesk.ui.plan.time_axis import ticks
from tests.support.plans import EVENT_H, a_plan
from tests.ui.plan.conftest import PLAN, hour_s


def row_named(scene: Scene, start: str) -> int:
    return next(i for i, row in enumerate(scene.rows) if row.text.startswith(start))


def test_rows_stand_by_site_and_who_must_stop_first_on_top(scene: Scene) -> None:
    assert [row.text for row in scene.rows] == [
        *("Texas 1", "102 × M30S++", "412 × S19j Pro", "1,200 × S21"),
        *("Alberta", "80 × M30S++", "300 × S19j Pro", "600 × S19 XP"),
    ]


def test_bars_cover_the_plan_without_a_gap_and_hold_every_rig(scene: Scene) -> None:
    for place, row in enumerate(scene.rows):
        if not row.groups:
            continue
        bars = scene.bars(place)
        assert (bars[0].first, bars[-1].last) == (0, len(PLAN.start_s))
        assert all(one.last == two.first for one, two in pairwise(bars))
        assert {sum(part.count for part in bar.parts) for bar in bars} == {row.rigs}


def test_bars_are_what_the_plan_counts(scene: Scene) -> None:
    row = row_named(scene, "1,200 × S21")
    counts = PLAN.counts(scene.rows[row].groups[0])
    for bar in scene.bars(row):
        shown = np.zeros(counts.shape[1], np.int64)
        for part in bar.parts:
            shown[part.mode + 1] = part.count
        assert (counts[bar.first : bar.last] == shown).all()


def test_a_part_of_a_group_is_told_with_its_counts(scene: Scene) -> None:
    row = row_named(scene, "1,200 × S21")
    bar = scene.bar_at(row, hour_s(EVENT_H[0] + 0.5))
    assert bar is not None
    assert bar.split
    assert scene.bar_words(row, bar) == "1,200 × S21 400 normal, 800 off Tue 15:00–18:00"
    assert scene.bar_at(row, hour_s(-1)) is None


def test_the_move_behind_a_bar_is_found(scene: Scene) -> None:
    row = row_named(scene, "412 × S19j Pro")
    move = scene.move_at(row, hour_s(8.5))
    assert move is not None
    assert (move.group, move.after) == ("s19j", "off")
    assert scene.move_at(row_named(scene, "300 × S19j Pro"), hour_s(8.5)) is None


def test_pins_and_their_costs_are_on_the_row(scene: Scene) -> None:
    row = scene.rows[row_named(scene, "300 × S19j Pro")]
    assert (row.pin, scene.pin_cost(row)) == (Pin.ON, 214.6)
    assert scene.pin_cost(scene.rows[row_named(scene, "412 × S19j Pro")]) is None


def test_a_cost_that_is_not_known_yet_is_not_nothing(formats: Formats) -> None:
    scene = scene_of(a_plan(finished=False, pin_costs=()), formats)
    row = scene.rows[row_named(scene, "300 × S19j Pro")]
    assert (row.pin, scene.pin_cost(row)) == (Pin.ON, None)


def test_hours_without_starts_are_told_at_the_sites_name(formats: Formats) -> None:
    quiet = replace(PLAN.sites[0], may_start=np.arange(48) != 5)
    scene = scene_of(replace(PLAN, sites=(quiet, *PLAN.sites[1:])), formats)
    assert scene.site_words(0, hour_s(5.5)) == "no starts"
    assert scene.site_words(0, hour_s(6.5)) == ""
    assert scene.site_words(0, hour_s(-1)) == ""


def test_rows_are_taken_over_until_the_book_is_edited(scene: Scene, formats: Formats) -> None:
    newer = a_plan(book=PLAN.book)
    assert scene_of(newer, formats, before=scene).rows is scene.rows
    folded = scene_of(newer, formats, folded=True, before=scene)
    assert folded.rows is not scene.rows
    assert scene_of(PLAN, formats, before=folded).rows is scene.rows, "unfolded again"
    assert scene_of(a_plan(), formats, before=scene).rows is not scene.rows


def test_many_groups_share_rows_until_unfolded(formats: Formats) -> None:
    plan = a_plan(copies=40)
    folded = scene_of(plan, formats)
    assert len(folded.rows) == 8
    assert folded.rows[1].text == "4,080 × M30S++"
    assert sum(row.rigs for row in folded.rows) == plan.book.rig_count
    assert sum(part.count for part in folded.bars(1)[0].parts) == 4080
    assert folded.row_of("m30-7") == 1
    unfolded = scene_of(plan, formats, folded=False)
    assert len(unfolded.rows) == 242
    assert unfolded.row_of("nowhere") is None


def test_only_asked_rows_are_made(formats: Formats) -> None:
    scene = scene_of(a_plan(copies=40), formats, folded=False)
    scene.bars(3)
    assert len(scene._bars) == 1


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 23), ("2026-11-01", 25)])
def test_ticks_follow_the_civil_clock(day: str, hours: int) -> None:
    zone = ZoneInfo("America/Chicago")
    midnight = np.datetime64(f"{day}T00:00").astype("datetime64[s]").astype(float)
    first = midnight + 5 * 3600 if hours == 25 else midnight + 6 * 3600
    found = ticks(first, first + hours * 3600, 24, lambda when: when.astimezone(zone))
    assert found == [first, first + hours * 3600]


def test_ticks_of_days_are_counted_through_the_calendar() -> None:
    found = ticks(0.0, 30 * 86_400.0, 168, lambda when: when)
    assert np.diff(found) == pytest.approx(7 * 86_400)
