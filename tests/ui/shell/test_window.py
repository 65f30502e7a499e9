from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import (
    QDialog,
)
from pytestqt.qtbot import QtBot

from minerdesk.domain.errors import WorldError
from minerdesk.ui.dialogs.shortcuts import ShortcutsDialog
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.page_table import all_pages
from minerdesk.ui.theme import Theme
from tests.support.fake_desk import FakeDesk
from tests.ui.shell.parts import OnePage, OtherPage


def test_pages_are_built_when_first_shown(window: MainWindow) -> None:
    assert window.pages.count() == 1
    window.go("fleet", group="g1")
    assert window.pages.count() == 2
    page = window.pages.current
    assert isinstance(page, OtherPage)
    assert page.asked == {"group": "g1"}
    window.go("dashboard")
    window.go("fleet")
    assert window.pages.count() == 2


def test_a_page_draws_once_per_change_and_only_while_seen(
    window: MainWindow, desk: FakeDesk
) -> None:
    page = window.pages.current
    assert isinstance(page, OnePage)
    before = page.draws
    window.tick()
    window.tick()
    drawn = page.draws
    assert drawn - before <= 1
    for count in range(5):
        desk.book.apply("rename", lambda book, n=count: replace(book, name=str(n)))  # type: ignore[misc] # a default binds it
    window.tick()
    assert page.draws == drawn + 1
    window.go("fleet")
    beats = page.beats
    desk.book.apply("rename", lambda book: replace(book, name="hidden"))
    window.tick()
    assert (page.draws, page.beats) == (drawn + 1, beats), "a hidden page does nothing"
    window.go("dashboard")
    assert page.draws == drawn + 2, "shown again, it draws at once"


def test_slices_are_filled_and_evaluated_again_on_edits(
    window: MainWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    state = window.context.state
    assert state.slice("history") == ("history",)
    desk.book.apply("rename", lambda book: replace(book, name="x"))
    wanted = ("evaluation", desk.book.revision)
    qtbot.waitUntil(lambda: state.slice("evaluation") == wanted)


def test_many_edits_make_few_evaluations(window: MainWindow, desk: FakeDesk, qtbot: QtBot) -> None:
    before = len(desk.evaluations)
    for count in range(50):
        desk.book.apply("rename", lambda book, n=count: replace(book, name=str(n)))  # type: ignore[misc] # a default binds it
    wanted = ("evaluation", desk.book.revision)
    qtbot.waitUntil(lambda: window.context.state.slice("evaluation") == wanted)
    assert len(desk.evaluations) - before <= 2


def test_a_failing_task_is_said_and_the_desk_goes_on(
    window: MainWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    desk.evaluate_error = WorldError("The disk is full.")
    desk.book.apply("rename", lambda book: replace(book, name="x"))
    qtbot.waitUntil(lambda: window.toasts.texts == ["The disk is full."])
    desk.evaluate_error = None
    desk.book.apply("rename", lambda book: replace(book, name="y"))
    wanted = ("evaluation", desk.book.revision)
    qtbot.waitUntil(lambda: window.context.state.slice("evaluation") == wanted)


def test_dark_reaches_the_icons(window: MainWindow, theme: Theme) -> None:
    def ink() -> str:
        image = window.context.icons.icon("add").pixmap(24, 24).toImage()
        return image.pixelColor(12, 12).name()

    light = ink()
    theme.choose("dark")
    assert ink() != light
    theme.choose("light")
    assert ink() == light


def test_the_pages_of_the_program_have_icons(window: MainWindow) -> None:
    for entry in all_pages():
        assert not window.context.icons.icon(entry.icon).isNull()


def test_dialogs_do_not_pile_up(window: MainWindow, qtbot: QtBot) -> None:
    shown: list[Callable[[], None]] = [window.dialogs.shortcuts]
    for show in shown:
        show()
        for dialog in window.findChildren(QDialog):
            dialog.reject()
    qtbot.waitUntil(lambda: not window.findChildren(ShortcutsDialog))
