"""The Network page with 17 years of days: another price of power, and a frame while a plan is made.

The reference of each row is the longest time it may take, so the ratio must stay under 1.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QApplication

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.network_choice import NetworkChoice
from minerdesk.services.network_reading.embedded import embedded_machines
from minerdesk.services.network_reading.indicators import Indicators, make_indicators
from minerdesk.services.planning.plan import PlanOptions
from minerdesk.ui.pages.network import NetworkPage
from minerdesk.ui.pages.plan import PlanPage
from minerdesk.ui.theme import Theme
from tests.bench.bench_table import at_price
from tests.bench.bench_window import EVENT_MS, FRAME_MS
from tests.bench.rows import Row, interleaved_ms
from tests.bench.window_cases import Stage, Taken, calm_book, newest
from tests.support.network_history import some_history

DAYS: Final = 6_200
GROUPS: Final = 10_000
MAKE_MS: Final = 100.0
_LEFT_S: Final = 0.005
_FRAMES: Final = 25


def rows() -> Iterator[Row]:
    """Measure on pages that are painted without a screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([])
    theme = Theme("light")
    theme.apply(app)
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), theme)
        try:
            yield from _price_of_power(app, stage)
            yield from _beside_a_plan(app, stage)
        finally:
            stage.close()


def _price_of_power(app: QApplication, stage: Stage) -> Iterator[Row]:
    history, machines, network = some_history(DAYS), embedded_machines(), at_price(93_049)
    assert history.days is not None
    last = history.days.first_day + history.days.count
    now = datetime.fromordinal(last).replace(tzinfo=UTC)

    def made_at(price: float) -> Indicators:
        return make_indicators(history, machines, NetworkChoice(price_per_kwh=price), network, now)

    prices = cycle((0.05, 0.06, 0.07))
    (seconds,) = interleaved_ms(
        lambda: made_at(next(prices)), rounds=9, warm_up=2, clock=time.thread_time
    )
    yield Row("network, another price of power, in a worker", seconds, MAKE_MS, 1)
    stage.state.set_slice("network", replace(network, revision=2))
    turns = cycle([made_at(price) for price in (0.05, 0.06)])
    page = NetworkPage(stage.context)
    page.resize(1580, 1_400)
    page.show()

    def show() -> None:
        stage.state.set_slice("indicators", next(turns))
        page.tick(now)

    def show_and_draw() -> None:
        show()
        for chart in page.board.charts:
            chart.draw_now()

    show()
    app.processEvents()
    event, frame = Taken(app)(show_and_draw)
    yield Row("network page, another price of power, all of its events", event, EVENT_MS, 1)
    yield Row("network page, another price of power, frame", frame, FRAME_MS, 1)
    page.close()
    page.deleteLater()
    app.processEvents()


def _beside_a_plan(app: QApplication, stage: Stage) -> Iterator[Row]:
    """Draw the Plan page while another plan is made, and without."""
    made = stage.make(calm_book(GROUPS), 48)
    page = PlanPage(stage.context)
    show = newest(stage, made, page)
    show()
    page.resize(1580, 900)
    page.show()
    app.processEvents()

    def frame() -> None:
        show()
        app.processEvents()

    (alone,) = interleaved_ms(frame, rounds=_FRAMES)
    desk, ended = stage.desk, threading.Event()

    def plan() -> None:
        book, revision = desk.book.book, desk.book.revision
        while not ended.is_set():
            desk.plan(book, revision, made.networks[0], PlanOptions(), CancelToken())

    beside = _while(plan, ended, lambda: interleaved_ms(frame, rounds=_FRAMES)[0])
    yield Row("plan page, a frame while a plan is made, beside one alone", beside, alone, 3)
    page.close()
    page.deleteLater()
    app.processEvents()


def _while(work: Callable[[], None], ended: threading.Event, run: Callable[[], float]) -> float:
    other = threading.Thread(target=work)
    other.start()
    time.sleep(_LEFT_S)
    try:
        return run()
    finally:
        ended.set()
        other.join()
