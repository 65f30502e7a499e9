"""Pages to put into a window, and what an operator does with it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QWidget,
)

from minerdesk.ui.actions import Action
from minerdesk.ui.page import Page
from minerdesk.ui.page_table import PageEntry
from minerdesk.ui.state import DeskState
from tests.support.fake_desk import NOW, FakeDesk


class OnePage(Page):
    name: ClassVar[str] = "dashboard"
    wants: ClassVar[frozenset[str]] = frozenset({"book"})

    def __init__(self, context: object) -> None:
        super().__init__(context)  # type: ignore[arg-type] # a PageContext
        self.draws = 0
        self.beats = 0
        self.asked: dict[str, object] = {}

    def draw(self, state: DeskState) -> None:
        assert state is self.context.state
        self.draws += 1

    def draw_clock(self, now: object) -> None:
        assert now == NOW
        self.beats += 1

    def select(self, **selection: object) -> None:
        self.asked = selection

    def page_actions(self) -> list[Action]:
        return [Action(f"{self.name}.hello", "Hello", lambda: None, "Ctrl+H")]


class OtherPage(OnePage):
    name: ClassVar[str] = "fleet"

    def page_actions(self) -> list[Action]:
        return []


PAGES = (
    PageEntry("dashboard", "Dashboard", "dashboard", OnePage),
    PageEntry("fleet", "Fleet", "fleet", OtherPage),
)


def press(inside: QWidget, text: str) -> None:
    found = next(b for b in inside.findChildren(QAbstractButton) if b.text() == text)
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def book_on_disk(desk: FakeDesk, folder: Path) -> Path:
    file = folder / "farm.minerdesk"
    desk.book.save(file)
    return file
