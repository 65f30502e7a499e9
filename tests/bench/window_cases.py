"""Books, plans and a stage on which the pages' handlers are measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QApplication

from minerdesk.assembly import build
from minerdesk.domain.book import Book
from minerdesk.domain.calendar import Calendar
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.tariff import Period, Tariff, Tier, TimeOfUse
from minerdesk.services.desk import Desk
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.planning.plan import Plan, PlanOptions
from minerdesk.services.words import Formats
from minerdesk.ui.contracts import Change
from minerdesk.ui.icons import Icons
from minerdesk.ui.page import Page, PageContext
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.bench.bench_table import at_price, large_book
from tests.support.fake_desk import NOW

SEARCH_S: Final = 3.0
# Prices through a day that cross the break-evens of every kind of rig.
_DAY: Final = "aaabbbcccddeeffgggffeedc"
_PER_KWH: Final = {"a": 0.03, "b": 0.042, "c": 0.05, "d": 0.06, "e": 0.07, "f": 0.085, "g": 0.11}


def calm_book(groups: int) -> Book:
    """Groups that no rule couples, under prices that stop and start most of them each day."""
    book = large_book(groups)
    use = TimeOfUse(
        tuple(Period(key, key, (Tier(price),)) for key, price in _PER_KWH.items()),
        Calendar((_DAY,) * 12),
    )
    tariffs = tuple(Tariff(each.id, each.name, 0.0, time_of_use=use) for each in book.tariffs)
    sites = tuple(
        replace(site, limit_kw=None, expected_peak_kw=None, metered=()) for site in book.sites
    )
    return replace(book, tariffs=tariffs, sites=sites)


@dataclass(frozen=True, slots=True)
class Made:
    """Two plans of one book, on another BTC price each, with the evaluations by them."""

    book: Book
    networks: tuple[NetworkState, NetworkState]
    plans: tuple[Plan, Plan]
    evaluations: tuple[Evaluation, Evaluation]


class Stage:
    """A real desk, and what a page is given."""

    def __init__(self, folder: Path, theme: Theme) -> None:
        self.now = NOW
        self.desk: Desk = build(folder, offline=True, clock=lambda: self.now)
        self.state = DeskState()
        self.tasks = TaskRunner()
        self.icons = Icons(theme)
        self.context = PageContext(
            state=self.state,
            theme=theme,
            icons=self.icons,
            formats=Formats("en", UTC),
            run_command=self._run,
            tasks=self.tasks,
            services=self.desk,
            toast=lambda *_given: None,
            go=lambda *_given, **_named: None,
            now=lambda: self.now,
        )

    def make(self, book: Book, hours: int) -> Made:
        """Plan and evaluate a book on two prices, and open it."""
        self.desk.book.new(book)
        self.state.set_slice("book", self.desk.book.book)
        revision, token = self.desk.book.revision, CancelToken()
        networks = (at_price(93_049), replace(at_price(88_000), revision=1001))
        plans = []
        for network in networks:
            options = PlanOptions(hours=hours, seconds=SEARCH_S)
            plan = self.desk.plan(self.desk.book.book, revision, network, options, token)
            assert plan is not None
            assert not plan.cannot, plan.cannot
            plans.append(plan)
        evaluations = [
            self.desk.evaluate(self.desk.book.book, revision, network, token, plan)
            for network, plan in zip(networks, plans, strict=True)
        ]
        return Made(book, networks, (plans[0], plans[1]), (evaluations[0], evaluations[1]))

    def close(self) -> None:
        """Let everything go."""
        self.tasks.shutdown()
        self.icons.deleteLater()
        self.desk.close()

    def _run(self, text: str, change: Change) -> None:
        self.desk.book.apply(text, change)
        self.state.set_slice("book", self.desk.book.book)


class Taken:
    """Times of a handler and of the frame after it: of this thread alone, whatever else runs."""

    def __init__(self, app: QApplication) -> None:
        self._app = app

    def __call__(self, handler: Callable[[], object], rounds: int = 7) -> tuple[float, float]:
        """Return the median milliseconds of the handler, and of what it leaves to paint."""
        events, frames = [], []
        for _round in range(rounds):
            start = time.thread_time()
            handler()
            events.append(time.thread_time() - start)
            start = time.thread_time()
            self._app.processEvents()
            frames.append(time.thread_time() - start)
        return sorted(events)[rounds // 2] * 1e3, sorted(frames)[rounds // 2] * 1e3


def newest(stage: Stage, made: Made, page: Page) -> Callable[[], None]:
    """Return a handler that shows the other plan and its evaluation, as the beat after them."""
    turns = cycle((0, 1))

    def show() -> None:
        turn = next(turns)
        stage.state.set_slice("network", made.networks[turn])
        stage.state.set_slice("plan", made.plans[turn])
        stage.state.set_slice("evaluation", made.evaluations[turn])
        page.tick(stage.now)

    return show


def minute_by_minute(stage: Stage, page: Page) -> Callable[[], None]:
    """Return a handler of the text clock's beat that begins a minute."""
    minutes = cycle(range(1, 20))

    def beat() -> None:
        page.tick(later(stage.now, next(minutes)))

    return beat


def later(now: datetime, minutes: float) -> datetime:
    """Return a moment so many minutes later."""
    return now + timedelta(minutes=minutes)
