from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.rigs import ModeCount, ModeOverride, Origin, StateNow
from minerdesk.services import edits
from minerdesk.services.evaluation import Evaluator
from minerdesk.services.words.formats import Formats
from minerdesk.ui.fleet.footer import sums_of
from minerdesk.ui.fleet.ordering import matching, sorted_rows
from minerdesk.ui.fleet.rows import NO_ROW, FleetRows, TextCodes
from tests.support.fake_desk import NOW, network_state
from tests.ui.fleet.conftest import sample

FORMATS = Formats("en")


def rows_of(name: str = "farm") -> FleetRows:
    book = sample(name)
    return FleetRows(book, Evaluator().evaluate(book, network_state(), NOW), FORMATS)


def test_figures_are_of_the_book_in_its_order() -> None:
    rows = rows_of()
    figures = rows.figures
    assert figures is not None
    assert rows.settled
    assert np.array_equal(rows.figure("margin_per_day"), figures.column("margin_per_day"))
    assert np.array_equal(rows.figure("verdict"), figures.decisions.verdict)


def test_an_edited_group_has_no_figures_until_the_next_evaluation() -> None:
    rows = rows_of()
    edited = edits.change_groups(rows.book, [rows.group(3).id], {"count": 7})
    after = FleetRows(edited, rows.evaluation, FORMATS)
    assert not after.settled
    assert after.evaluated(3) == NO_ROW
    margins = after.figure("margin_per_day")
    assert np.isnan(margins[3])
    assert margins[4] == rows.figure("margin_per_day")[4]


def test_rows_find_their_figures_after_groups_went() -> None:
    rows = rows_of()
    fewer = edits.remove_groups(rows.book, [rows.group(0).id, rows.group(5).id])
    after = FleetRows(fewer, rows.evaluation, FORMATS)
    expected = np.delete(rows.figure("margin_per_day"), [0, 5])
    assert np.array_equal(after.figure("margin_per_day"), expected)


@pytest.mark.parametrize("what", ["site", "tariff"])
def test_an_edit_of_a_site_leaves_no_figure_standing(what: str) -> None:
    rows = rows_of()
    book = rows.book
    if what == "site":
        changed = edits.put_site(book, replace(book.sites[0], pue=1.5))
    else:
        changed = edits.put_tariff(book, replace(book.tariffs[0], price_per_kwh=0.5))
    assert np.isnan(FleetRows(changed, rows.evaluation, FORMATS).figure("margin_per_day")).all()


def test_a_model_the_fleet_does_not_use_yet_changes_nothing() -> None:
    rows = rows_of()
    new = replace(rows.book.models[0], name="Another")
    after = FleetRows(edits.add_model(rows.book, new), rows.evaluation, FORMATS)
    assert np.array_equal(after.figure("margin_per_day"), rows.figure("margin_per_day"))


def test_a_model_with_other_numbers_leaves_no_figure_standing() -> None:
    rows = rows_of()
    model = rows.book.models[0]
    other = replace(model, idle_w=model.idle_w + 1)
    after = FleetRows(edits.add_model(rows.book, other), rows.evaluation, FORMATS)
    assert np.isnan(after.figure("margin_per_day")).all()


def test_without_an_evaluation_rows_show_what_the_book_knows() -> None:
    book = sample("farm")
    rows = FleetRows(book, None, FORMATS)
    assert np.isnan(rows.figure("margin_per_day")).all()
    assert np.isfinite(rows.rate("power_w")).all()
    assert rows.mode_shown(0).hashrate_ths == rows.rate("hashrate_ths")[0]


def test_the_mode_shown_carries_its_origin() -> None:
    book = sample("farm")
    group = book.groups[0]
    first = rows_mode = next(m for m in book.models if m.name == group.model).modes[0]
    over = ModeOverride(first.name, hashrate_ths=99.5, hashrate_origin=Origin.MEASURED)
    running = StateNow((ModeCount(first.name, group.count),))
    book = edits.change_groups(book, [group.id], {"overrides": (over,), "state_now": running})
    shown = FleetRows(book, None, FORMATS).mode_shown(0)
    assert (shown.name, shown.hashrate_ths) == (rows_mode.name, 99.5)
    assert shown.hashrate_origin is Origin.MEASURED
    assert shown.power_origin is Origin.NAMEPLATE
    assert shown.power_w == first.power_w


def test_the_footer_adds_up_to_the_fleets_totals() -> None:
    rows = rows_of()
    totals = rows.evaluation.totals if rows.evaluation else None
    assert totals is not None
    sums = sums_of(rows, np.arange(len(rows)))
    assert sums.rigs == totals.rigs
    assert sums.running == totals.running
    assert sums.margin_per_day == pytest.approx(totals.margin_per_day)
    assert sums.revenue_per_day == pytest.approx(totals.revenue_per_day)
    assert sums.hashrate_ths == pytest.approx(totals.hashrate_phs * 1000)
    fixed = sum(site.fixed_load_kw for site in rows.book.sites)
    assert sums.power_kw == pytest.approx(totals.power_kw - fixed)


@given(st.lists(st.sampled_from([1.0, 2.0, 3.0, float("nan")]), max_size=30), st.booleans())
def test_sorting_is_stable_and_missing_values_come_last(
    values: list[float], descending: bool
) -> None:
    keys = np.array(values, np.float64)
    order = sorted_rows(keys, descending=descending)
    assert sorted(order) == list(range(len(values)))
    known = [row for row in order if not np.isnan(keys[row])]
    assert list(order[: len(known)]) == known
    signed = [(-keys[row] if descending else keys[row], row) for row in known]
    assert signed == sorted(signed)
    missing = list(order[len(known) :])
    assert missing == sorted(missing)


def test_every_word_must_be_found_in_some_column() -> None:
    site = TextCodes(("Quebec", "Texas"), np.array([1, 1, 0]))
    model = TextCodes(("S19", "S21 Pro"), np.array([0, 1, 1]))
    assert matching([site, model], "  ", 3) is None
    found = matching([site, model], "tex PRO", 3)
    assert found is not None
    assert found.tolist() == [False, True, False]
    none = matching([site, model], "texas m30", 3)
    assert none is not None
    assert not none.any()
