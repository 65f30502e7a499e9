from __future__ import annotations

from datetime import UTC

import pytest

from minerdesk.services.words import Formats
from minerdesk.ui.plan.scene import scene_of
from tests.support.plans import a_plan

MANY = a_plan(copies=170)


@pytest.mark.parametrize("folded", [False, True])
def test_every_group_has_its_row_under_its_site(folded: bool) -> None:
    scene = scene_of(MANY, Formats("en", UTC), folded=folded)
    rows = list(scene.rows)
    held = [group for row in rows for group in row.groups]
    assert sorted(held) == list(range(len(MANY.book.groups)))
    for place, row in enumerate(rows):
        assert (place in scene.rows.headings) == (not row.groups)
        for group in row.groups:
            assert scene.rows.row_of(group) == place
            assert MANY.book.groups[group].site == MANY.sites[row.site].site
    assert rows[0].text == "Texas 1"
    assert sum(row.rigs for row in rows) == MANY.book.rig_count


def test_rows_out_of_sight_are_not_made() -> None:
    scene = scene_of(MANY, Formats("en", UTC), folded=False)
    assert len(scene.rows) == len(MANY.book.groups) + 2
    assert scene.rows.made == 0
    assert scene.row_of("m30-7") is not None
    _ = scene.rows[4:9]
    assert scene.rows.made == 5
    longest = scene.rows.longest(20)
    assert len(longest) < 60
    texts = {len(row.text) for row in scene.rows if row.groups}
    assert max(len(row.text) for row in longest) >= max(texts) - 4
