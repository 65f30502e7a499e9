"""The operator before the window: starts the program's own objects, waits, and reads the screen."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from minerdesk import assembly
from minerdesk.app import build_window
from minerdesk.ui.first_paint import FirstPaint
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.pictures import wait_until
from minerdesk.ui.shutdown import Shutdown
from tests.support.fake_world import FakeWorld
from tests.support.leaks import settle

LIMIT_MS = 20_000
ENGLISH = '[display]\nlocale = "en_US"\n'


@dataclass(slots=True)
class Clock:
    """The computer's clock; it can be set."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True, slots=True)
class Operator:
    """Someone who looks at the window and presses what it offers."""

    window: MainWindow

    def wait(self, done: Callable[[], bool] | None = None) -> None:
        """Wait until it is so (or until nothing is under way), then let the clock beat once."""
        arrived = wait_until(done or (lambda: self.window.ready), LIMIT_MS)
        self.beat()
        assert arrived, self.page()

    def beat(self) -> None:
        """Let a second of the window's clock pass and what it changed be drawn."""
        self.window.tick()
        QApplication.processEvents()

    def gauge(self, name: str) -> str:
        """One number of the strip, as it is spoken."""
        return self.window.strip.gauge(name).accessibleName()

    def standing(self) -> str:
        """The sign at the end of the strip."""
        return shown(self.window.strip)[-1]

    def banner(self) -> str:
        return self.window.banner.text if self.window.banner.isVisible() else ""

    def page(self) -> str:
        """All words of the page in front, one a line."""
        page = self.window.pages.current
        return "" if page is None else "\n".join(shown(page))

    def headline(self) -> str:
        """The page's answer, with what stands beneath it."""
        page = self.window.pages.current
        assert page is not None
        return "\n".join(
            label.text()
            for label in page.findChildren(QLabel)
            if label.isVisible() and label.property("role") in {"headline", "lead"}
        )

    def buttons(self, root: QWidget) -> list[QAbstractButton]:
        """The buttons that can be seen under ``root``."""
        return [each for each in root.findChildren(QAbstractButton) if each.isVisible()]

    def press(self, text: str) -> None:
        """Press the visible button that says so."""
        (button,) = (each for each in self.buttons(self.window) if each.text() == text)
        button.click()

    def go(self, page: str) -> None:
        self.window.go(page)
        # What a page adds while it is on the screen shows with the next events.
        QApplication.processEvents()
        self.beat()


def shown(root: QWidget) -> list[str]:
    """Return what the visible labels and buttons under ``root`` say."""
    said = [
        each.text() or each.accessibleName()
        for each in root.findChildren(QWidget)
        if isinstance(each, QLabel | QAbstractButton) and each.isVisible()
    ]
    return [each for each in said if each]


def send_to(world: FakeWorld, profile: Path, read_timeout_s: float = 10.0) -> None:
    """Let the profile's settings name the fake world."""
    (profile / "settings.toml").write_text(
        f"{world.settings_toml()}read_timeout_s = {read_timeout_s}\n{ENGLISH}", encoding="utf-8"
    )


@contextlib.contextmanager
def at_the_desk(
    app: QApplication,
    profile: Path,
    book: Path | None = None,
    *,
    page: str = "dashboard",
    clock: Clock | None = None,
) -> Iterator[Operator]:
    """Open the window as `minerdesk.app` does and close it at the end, without being asked."""
    shutdown, faults = Shutdown(), list[object]()
    desk = assembly.build(profile, clock=clock or Clock())
    shutdown.add("desk", lambda _left_s: desk.close())
    try:
        if book is not None:
            desk.book.open(book)
        window = build_window(app, desk, shutdown, "light")
        window.context.tasks.failed.connect(lambda _name, error: faults.append(error))
        window.resize(1280, 800)
        window.go(page)
        window.show()
        FirstPaint(window, window.pump.start)
        FirstPaint(window, window.look_for_lost_books)
        try:
            yield Operator(window)
        finally:
            window.close_without_asking()
            window.deleteLater()
    finally:
        clean = shutdown.run()
        settle()
    assert clean
    assert faults == []
