"""What the window does in one event, and in the frame after it, with plans of many groups.

The reference of each row is the longest time it may take, so the ratio must stay under 1.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QApplication

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.services.planning.plan import Plan, PlanOptions
from minerdesk.services.planning.reminders import plan_to_tell_of
from minerdesk.services.words.notice_words import messages
from minerdesk.storage import book_file, resources
from minerdesk.ui.page import Page
from minerdesk.ui.pages.dashboard import DashboardPage
from minerdesk.ui.pages.plan import PlanPage
from minerdesk.ui.pages.power import PowerPage
from minerdesk.ui.theme import Theme
from tests.bench.rows import Row
from tests.bench.window_cases import Made, Stage, Taken, calm_book, minute_by_minute, newest

EVENT_MS, FRAME_MS = 16.0, 33.0
PLAN_S, PLAN_MIB, EVALUATE_MS = 20.0, 1_500.0, 100.0
LARGE: Final = 100_000
_BEAT_S: Final = 0.002


def rows() -> Iterator[Row]:
    """Measure on pages of 1580 x 900 that are painted without a screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([])
    theme = Theme("light")
    theme.apply(app)
    farm = book_file.decode(resources.sample_path("farm").read_bytes())
    for name, book, hours in (
        ("farm 48 h", farm, 48),
        ("1,000 x 168 h", calm_book(1_000), 168),
        ("10,000 x 48 h", calm_book(10_000), 48),
        ("100,000 x 48 h", calm_book(LARGE), 48),
    ):
        with tempfile.TemporaryDirectory() as folder:
            stage = Stage(Path(folder), theme)
            try:
                yield from _of_book(app, stage, name, book, hours)
            finally:
                stage.close()


def _of_book(app: QApplication, stage: Stage, name: str, book: Book, hours: int) -> Iterator[Row]:
    made = stage.make(book, hours)
    moves = [len(plan.moves) for plan in made.plans]
    yield Row(f"{name}: moves", float(moves[0]), unit="")
    taken = Taken(app)
    for rows_of in (_plan_page, _dashboard, _others):
        for what, handler in rows_of(app, stage, made):
            event, frame = taken(handler)
            yield Row(f"{name}: {what}", event, EVENT_MS, 1)
            yield Row(f"{name}: {what}, frame", frame, FRAME_MS, 1)
    yield from _workers(stage, name, made, hours)


Handlers = Iterator[tuple[str, Callable[[], object]]]


def _shown(app: QApplication, page: Page) -> None:
    page.resize(1580, 900)
    page.show()
    app.processEvents()


def _plan_page(app: QApplication, stage: Stage, made: Made) -> Handlers:
    page = PlanPage(stage.context)
    show = newest(stage, made, page)
    show()
    _shown(app, page)
    yield "plan page, another plan", show
    yield "plan page, a beat", lambda: page.tick(stage.now)
    yield "plan page, a beat that begins a minute", minute_by_minute(stage, page)
    moves = cycle((0, 1, 5, len(made.plans[0].moves) - 1))
    shown = page.body.moves.advised
    yield (
        "plan page, choose a move",
        lambda: page.selection.choose_move(shown.moves[min(next(moves), len(shown.moves) - 1)]),
    )
    yield "plan page, another plan, a move chosen", show
    gantt = page.body.bands.gantt
    places = cycle(range(0, 60, 7))
    yield "plan page, scroll the groups", lambda: gantt.rows_bar.setValue(next(places))
    yield (
        "plan page, pick in the chart",
        lambda: gantt.pick(
            1 + next(places),
            page.body.bands.gantt.scene_shown.edges_s[9],  # type: ignore[union-attr]
        ),
    )
    down = page.body.moves.view.verticalScrollBar()
    spots = cycle(range(0, max(down.maximum(), 1), max(down.maximum() // 50, 1)))
    yield "plan page, scroll the moves", lambda: down.setValue(next(spots))
    sites = cycle(range(page.body.controls.site.count()))
    yield "plan page, another site", lambda: page.body.controls.site.setCurrentIndex(next(sites))
    yield "plan page, fold and unfold", page.body.controls.fold.toggle
    yield "plan page, an action's state", lambda: [each.enabled() for each in page.page_actions()]
    page.close()
    page.deleteLater()
    app.processEvents()


def _dashboard(app: QApplication, stage: Stage, made: Made) -> Handlers:
    page = DashboardPage(stage.context)
    show = newest(stage, made, page)
    show()
    _shown(app, page)
    yield "dashboard, another evaluation", show
    yield "dashboard, a beat", lambda: page.tick(stage.now)
    yield "dashboard, a beat that begins a minute", minute_by_minute(stage, page)
    rows_ = cycle(range(8))
    yield "dashboard, choose a row", lambda: page.moves.table.choose_row(next(rows_))
    desk = stage.desk
    bare = cycle(
        [
            desk.evaluate(desk.book.book, desk.book.revision, network, CancelToken(), None)
            for network in made.networks
        ]
    )

    def show_bare() -> None:
        stage.state.set_slice("evaluation", next(bare))
        page.tick(stage.now)

    yield "dashboard, another evaluation, without a plan", show_bare
    page.close()
    page.deleteLater()
    app.processEvents()


def _others(app: QApplication, stage: Stage, made: Made) -> Handlers:
    desk = stage.desk
    plan, now = plan_to_tell_of(made.evaluations[0]), stage.now
    if plan is not None:
        notices = desk.reminding.look(made.evaluations[0], "key", now, now - now)
        yield "notifier, words of the moves", lambda: messages(notices, plan, desk.formats, now)
    book, revision = desk.book.book, desk.book.revision
    views = cycle([desk.power_view(book, revision, each, CancelToken()) for each in made.networks])
    page = PowerPage(stage.context)
    stage.state.set_slice("power", next(views))
    _shown(app, page)

    def show() -> None:
        stage.state.set_slice("power", next(views))
        page.tick(stage.now)

    yield "power page, new prices", show
    yield "power page, a beat", lambda: page.tick(stage.now)
    sites = cycle([site.id for site in book.sites])
    yield "power page, another site", lambda: page.sites.choose(next(sites))
    page.close()
    page.deleteLater()
    app.processEvents()


def _workers(stage: Stage, name: str, made: Made, hours: int) -> Iterator[Row]:
    """What the workers take, and how long the window's thread waits for them."""
    desk, book, revision = stage.desk, stage.desk.book.book, stage.desk.book.revision
    turns = cycle((0, 1))

    def evaluate() -> None:
        turn = next(turns)
        desk.evaluate(book, revision, made.networks[turn], CancelToken(), made.plans[turn])

    def evaluate_bare() -> None:
        desk.evaluate(book, revision, made.networks[next(turns)], CancelToken(), None)

    def plan() -> Plan | None:
        options = PlanOptions(hours=hours, seconds=3.0)
        return desk.plan(book, revision, made.networks[next(turns)], options, CancelToken())

    for how, run in (("by", evaluate), ("without", evaluate_bare)):
        took_ms = _seconds(run) * 1e3
        yield Row(f"{name}: evaluate {how} a plan, in a worker", took_ms, EVALUATE_MS, 1)
    waited, seconds = _waits(plan)
    yield Row(f"{name}: plan, in a worker", seconds, PLAN_S, 1, "s")
    yield Row(f"{name}: plan, the window's longest wait for it", waited * 1e3, EVENT_MS, 1)
    tracemalloc.start()
    plan()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    yield Row(f"{name}: plan, memory", peak, PLAN_MIB, 1, "MiB")


def _seconds(run: Callable[[], object], rounds: int = 5) -> float:
    taken = []
    for _round in range(rounds):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[rounds // 2]


def _waits(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long this thread waited at most for another's work, and the work's seconds.

    A wait counts as far as the other thread used the processor in it: what else the machine does
    is no wait for the work.
    """
    other = threading.Thread(target=work)
    longest, start = 0.0, time.perf_counter()
    other.start()
    clock = time.pthread_getcpuclockid(other.ident or 0)
    while other.is_alive():
        before, used = time.perf_counter(), _seconds_of(clock)
        time.sleep(_BEAT_S)
        waited = time.perf_counter() - before - _BEAT_S
        longest = max(longest, min(waited, _seconds_of(clock) - used - _BEAT_S))
    return longest, time.perf_counter() - start


def _seconds_of(clock: int) -> float:
    """Return what a thread used of the processor; what it used does not matter once it ended."""
    try:
        return time.clock_gettime(clock)
    except OSError:
        return 0.0
