from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from minerdesk.services.planning.plan import OFF, Move, Why
from minerdesk.services.planning.reminders import Notice, NoticeKind, Told
from minerdesk.services.words import Formats
from minerdesk.services.words.notice_words import Message, messages
from minerdesk.ui.actions import Action
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.notifier import Notifier, SystemTray
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from tests.support.evaluations import NOW, evaluate
from tests.support.fake_desk import FakeDesk
from tests.support.plans import TEXAS, a_plan, plan_book

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DOWN = Move(
    *(NOW + 5 * MINUTE, NOW + 9 * HOUR, TEXAS, "s19j", 400, "normal", OFF),
    Why.POWER_DEARER_THAN_WORTH,
    price_per_kwh=0.091,
    break_even_per_kwh=0.057,
    worth=320.0,
    doubt=10.0,
)


class Noted:
    """A tray and a window that write down what they show."""

    def __init__(self, *, tray: bool) -> None:
        self.available = tray
        self.told: list[Message] = []
        self.toasts: list[tuple[str, str, Action | None]] = []
        self.went: list[str] = []

    def show_message(self, message: Message) -> None:
        self.told.append(message)

    def toast(self, text: str, tone: str = "info", action: Action | None = None) -> None:
        self.toasts.append((text, tone, action))


Begin = Callable[[Noted], Notifier]


@pytest.fixture
def state() -> DeskState:
    return DeskState()


@pytest.fixture
def begin(desk: FakeDesk, state: DeskState, tasks: TaskRunner) -> Iterator[Begin]:
    made: list[Notifier] = []

    def start(noted: Noted) -> Notifier:
        notifier = Notifier(
            desk,
            state,
            tasks,
            tray=noted,
            toast=noted.toast,
            show_move=noted.went.append,
            now=lambda: NOW,
        )
        made.append(notifier)
        return notifier

    yield start
    for each in made:
        each.stop()
        each.deleteLater()


def advise(desk: FakeDesk, state: DeskState, *moves: Move) -> None:
    """Put an evaluation of the open book with a plan into its slice."""
    if not desk.book.book.groups:
        desk.book.new(plan_book())
    plan = a_plan(book=desk.book.book, moves=moves)
    state.set_slice("evaluation", replace(evaluate(plan.book), plan=plan))


def test_a_message_of_the_system_that_leads_to_the_move(
    desk: FakeDesk, state: DeskState, begin: Begin, qtbot: QtBot
) -> None:
    noted = Noted(tray=True)
    notifier = begin(noted)
    advise(desk, state, DOWN)
    qtbot.waitUntil(lambda: len(noted.told) == 1)
    assert noted.told[0].title == "At 12:05: power down 400."
    assert noted.told[0].text.startswith("400 × S19j Pro, Texas 1, until 21:00: mean 0.091 > 0.057")
    notifier.open_last()
    assert noted.went == [DOWN.key]
    notifier.look()
    qtbot.waitUntil(lambda: not notifier.busy)
    assert len(noted.told) == 1
    assert noted.toasts == []


def test_without_a_tray_the_window_says_it(
    desk: FakeDesk, state: DeskState, begin: Begin, qtbot: QtBot
) -> None:
    noted = Noted(tray=False)
    begin(noted)
    advise(desk, state, DOWN)
    qtbot.waitUntil(lambda: len(noted.toasts) == 1)
    text, tone, action = noted.toasts[0]
    assert text.startswith("At 12:05: power down 400. 400 × S19j Pro")
    assert tone == "info"
    assert action is not None
    action.run()
    assert noted.went == [DOWN.key]


def test_it_can_be_turned_off_and_how_early_can_be_chosen(
    desk: FakeDesk, state: DeskState, begin: Begin, qtbot: QtBot
) -> None:
    noted = Noted(tray=True)
    notifier = begin(noted)
    desk.settings = desk.settings.with_value("plan.notify", False)
    advise(desk, state, DOWN)
    assert not notifier.busy
    desk.settings = desk.settings.with_value("plan.notify", True)
    for minutes, told in ((4, 0), (6, 1)):
        typed = desk.settings.value("plan.notify_minutes")
        early = type(typed)(minutes)
        desk.settings = desk.settings.with_value("plan.notify_minutes", early)
        notifier.look()
        qtbot.waitUntil(lambda: not notifier.busy)
        assert len(noted.told) == told


def test_another_book_than_the_open_one_says_nothing(
    desk: FakeDesk, state: DeskState, begin: Begin
) -> None:
    notifier = begin(Noted(tray=True))
    plan = a_plan(moves=(DOWN,))
    state.set_slice("evaluation", replace(evaluate(plan.book), plan=plan))
    assert not notifier.busy
    state.set_slice("evaluation", ("no", "evaluation"))
    assert not notifier.busy
    assert desk.book.book.groups == ()


def test_many_moves_at_once_are_one_message() -> None:
    plan = a_plan(moves=(DOWN,))
    told = Told(DOWN.key, DOWN.at, DOWN.until, TEXAS, "s19j", 400, "normal", OFF)
    many = [Notice(NoticeKind.DUE, replace(told, count=n)) for n in range(1, 6)]
    later = replace(told, at=NOW + HOUR, key="later")
    others = [
        Notice(NoticeKind.CHANGED, later, told),
        Notice(NoticeKind.CHANGED, replace(told, count=20), told),
        Notice(NoticeKind.WITHDRAWN, replace(told, before=OFF, after="normal")),
        Notice(NoticeKind.DUE, replace(told, after="eco", key="gone")),
    ]
    due, changed, gone = messages((*many, *others), plan, Formats("en", UTC), NOW)
    assert due.title == "At 12:05: power down 15, change the mode of 400."
    assert due.text.splitlines()[-1] == "and 3 more"
    assert changed.title == "The plan changed: power down 420."
    assert changed.text.splitlines() == [
        "400 × S19j Pro, Texas 1: at 13:00 instead of 12:05.",
        "20 × S19j Pro, Texas 1 instead of 400.",
    ]
    assert (changed.tone, changed.key) == ("warn", "later")
    assert gone.title == "Not advised any more: start 400."
    assert gone.text == "400 × S19j Pro, Texas 1: it was for 12:05."
    (now,) = messages([Notice(NoticeKind.DUE, replace(told, at=NOW))], plan, Formats("en"), NOW)
    assert now.title == "Now: power down 400."


def test_the_systems_own_tray_shows_and_is_clicked(window: MainWindow, qtbot: QtBot) -> None:
    tray = SystemTray(window.context.icons.icon("minerdesk"), window)
    assert isinstance(tray.available, bool)
    tray.show_message(Message("Title", "Text", "key"))
    tray.show_message(Message("Title", "Text", "key"))
    icon = tray.findChild(QSystemTrayIcon)
    assert icon is not None
    with qtbot.waitSignal(tray.clicked):
        icon.messageClicked.emit()
