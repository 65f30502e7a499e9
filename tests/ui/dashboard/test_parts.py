from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
from pytestqt.qtbot import QtBot

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.tariff import Hosting
from minerdesk.services.history_view import HistorySlice, MarginHistory, Projections
from minerdesk.services.words import Formats
from minerdesk.ui.dashboard.answer import Answer
from minerdesk.ui.dashboard.day_bars import DAYS, DayBars, daily_margins
from minerdesk.ui.dashboard.outlook import (
    outlook,
    retarget_line,
    retarget_moved,
    since_yesterday,
    stops_next,
)
from minerdesk.ui.dashboard.tile_texts import tile_texts
from minerdesk.ui.dashboard.tiles import Tiles
from minerdesk.ui.pages.dashboard import DashboardPage
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import label
from tests.support.evaluations import book, evaluate, group
from tests.support.standings import standing
from tests.ui.dashboard.stage import NOW, Stage, live

FORMATS = Formats("en")


def margins(*points: tuple[float, float], currency: str = "USD") -> MarginHistory:
    """A history of (days ago, margin a day)."""
    time_s = np.array([(NOW - timedelta(days=ago)).timestamp() for ago, _margin in points])
    values = np.array([margin for _ago, margin in points])
    flat = np.full(len(points), 90_000.0)
    return MarginHistory(currency, time_s, values, values, flat, flat, flat)


def test_days_are_means_and_days_nobody_saw_are_empty() -> None:
    days = daily_margins(margins((40, 9), (29, 5), (1.25, 10), (1.1, 20), (0.1, -7)), NOW)
    assert days.shape == (DAYS,)
    assert days[0] == 5
    assert days[-2] == 15
    assert days[-1] == -7
    assert np.isnan(days).sum() == DAYS - 3
    assert np.isnan(daily_margins(MarginHistory(), NOW)).all()


def test_bars_say_what_they_show_and_hide_without_history(theme: Theme, qtbot: QtBot) -> None:
    bars = DayBars(theme)
    qtbot.addWidget(bars)
    bars.show_days(np.full(DAYS, np.nan), FORMATS, "USD")
    assert bars.isHidden()
    bars.show_days(daily_margins(margins((1, -5), (0, 12)), NOW), FORMATS, "USD")
    assert bars.isHidden()
    bars.show_days(daily_margins(margins((2, 3), (1, -5), (0, 12)), NOW), FORMATS, "USD")
    assert not bars.isHidden()
    assert bars.accessibleDescription() == "3 days seen, from −5.00 USD to 12.00 USD a day."
    bars.resize(bars.sizeHint())
    image = bars.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(140, 150) for y in range(28)}
    assert theme.tokens.earn in colours
    assert theme.tokens.lose in colours


def test_since_yesterday_only_where_it_is_a_day(stage: Stage) -> None:
    stage.open("farm")
    found = stage.settle()
    text = since_yesterday(found, margins((1.01, 13_000), (0.1, 1)), FORMATS, NOW)
    assert text.startswith("Since yesterday: margin 13,000 → 14,3")
    assert "BTC 90,000 → 93,049 USD" in text
    assert since_yesterday(found, margins((0.8, 13_000)), FORMATS, NOW) == ""
    assert since_yesterday(found, margins((1, 13_000), currency="EUR"), FORMATS, NOW) == ""
    assert since_yesterday(found, MarginHistory("USD"), FORMATS, NOW) == ""
    stage.network = live(timedelta(hours=3))
    assert since_yesterday(stage.settle(), margins((1, 13_000)), FORMATS, NOW) == ""
    assert stops_next(stage.settle(), FORMATS) == ""


def expected(*points: tuple[float, float], height: int = 933_408) -> Projections:
    """Kept projections of (days ago, percent)."""
    time_s = np.array([(NOW - timedelta(days=ago)).timestamp() for ago, _pct in points])
    change_pct = np.array([pct for _ago, pct in points])
    return Projections(time_s, change_pct, np.full(len(points), float(height)))


MOVED = "next retarget −3.1% → −3.8% ±1.2 in 3 d 10 h."


def test_since_yesterday_says_how_the_expected_retarget_moved(stage: Stage) -> None:
    stage.open("farm")
    found = stage.settle()
    view = replace(standing(found), rigs_after=560)

    def said(history: HistorySlice, network: NetworkState = stage.network) -> str:
        return outlook(found, network, view, history, FORMATS, NOW)

    both = HistorySlice(margins=margins((1, 13_000)), projections=expected((1, -3.1), (0.1, -3.6)))
    text = said(both)
    assert text.startswith("Since yesterday: margin 13,000 → 14,3")
    assert f"BTC 90,000 → 93,049 USD, {MOVED} After it 560 more rigs earn. First to stop" in text
    assert text.count("retarget") == text.count("After it") == 1
    alone = said(HistorySlice(projections=expected((0.95, -3.1))))
    assert alone.startswith(f"Since yesterday: {MOVED} After it 560 more rigs earn. First to stop")


def test_another_epoch_s_projection_is_not_set_beside_this_one_s(stage: Stage) -> None:
    stage.open("farm")
    found = stage.settle()
    assert stage.network.retarget is not None
    typed = live(retarget=replace(stage.network.retarget, typed=True))
    for projections, network in (
        (expected((1, -3.1), height=933_408 - 2_016), stage.network),
        (expected((0.8, -3.1)), stage.network),
        (Projections(), stage.network),
        (expected((1, -3.1)), typed),
    ):
        history = HistorySlice(margins=margins((1, 13_000)), projections=projections)
        text = outlook(found, network, None, history, FORMATS, NOW)
        assert "BTC 90,000 → 93,049 USD. First to stop" in text
        assert text.endswith("Next retarget −3.8% ±1.2 in 3 d 10 h.")
    assert retarget_moved(live(retarget=None), expected((1, -3.1)), FORMATS, NOW) == ""


def test_old_numbers_have_no_yesterday_and_keep_the_retarget(stage: Stage) -> None:
    stage.open("farm")
    stage.network = live(timedelta(hours=3))
    found = stage.settle()
    history = HistorySlice(projections=expected((1, -3.1)))
    text = outlook(found, stage.network, None, history, FORMATS, NOW)
    assert text == "Next retarget −3.8% ±1.2 in 3 d 10 h."


def test_no_retarget_no_line() -> None:
    assert retarget_line(live(retarget=None), FORMATS, NOW) == ""


def test_the_margin_s_tile_names_what_hosts_take() -> None:
    made = book(group("a", "cheap", 1_000))
    tariffs = tuple(replace(t, hosting=Hosting(0.0, profit_share=0.25)) for t in made.tariffs)
    alone = tile_texts(evaluate(made), FORMATS).margin
    shared = tile_texts(evaluate(replace(made, tariffs=tariffs)), FORMATS).margin
    assert (alone.value, shared.value) == ("+1,120 USD", "+840 USD")
    assert "to the host" not in alone.note
    assert "after 280 USD to the host" in shared.note


def test_one_rig_is_one() -> None:
    assert tile_texts(evaluate(book(group("a", "cheap", 1))), FORMATS).running.value == "1 rig"


def test_tiles_stand_in_two_rows_where_it_is_narrow(stage: Stage, qtbot: QtBot) -> None:
    stage.open("farm")
    tiles = Tiles(stage.context)
    qtbot.addWidget(tiles)
    tiles.show_texts(tile_texts(stage.settle(), FORMATS))
    tiles.resize(1200, 100)
    tiles.show()
    qtbot.waitExposed(tiles)
    assert tiles.cost.y() == tiles.margin.y()
    tiles.resize(700, 200)
    qtbot.waitUntil(lambda: tiles.cost.y() > tiles.margin.y())
    assert "cash" in tiles.cost.accessibleName()


def test_the_bars_stand_under_the_margin(stage: Stage, qtbot: QtBot) -> None:
    stage.open("farm")
    kept = HistorySlice(margins=margins((3, 4), (2, 5), (1, 6)), projections=expected((1, -3.1)))
    stage.state.set_slice("history", kept)
    page = DashboardPage(stage.context)
    qtbot.addWidget(page)
    page.resize(1100, 730)
    page.show()
    qtbot.waitExposed(page)
    assert page.tiles.days.bars.isVisible()
    assert page.tiles.margin.isAncestorOf(page.tiles.days.bars)
    assert page.outlook.text().startswith("Since yesterday: margin 6.00 → 14,3")
    assert MOVED in page.outlook.text()


def test_the_outline_is_drawn_around_what_is_no_advice(theme: Theme, qtbot: QtBot) -> None:
    from minerdesk.services.words import Headline

    answer = Answer(theme, label("beside"))
    qtbot.addWidget(answer)
    answer.resize(600, 200)

    def warn_pixels() -> int:
        image = answer.grab().toImage()
        return sum(image.pixelColor(0, y).name() == theme.tokens.warn for y in range(200))

    answer.say(Headline("Nothing to do: all 4 of 4 rigs earn."))
    assert warn_pixels() == 0
    answer.say(Headline("No advice: the price is 3 h old.", "On those numbers: …", "warn", True))
    partly = warn_pixels()
    answer.say(Headline("Example of 19 January 2026: …", "Example …", outline=True))
    assert 0 < partly < warn_pixels()
