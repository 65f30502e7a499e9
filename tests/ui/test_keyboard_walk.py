"""Every page and dialog of the program by Tab and back: nothing skipped, no trap, always seen."""

from __future__ import annotations

import gettext
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from minerdesk import assembly
from minerdesk.app import build_window
from minerdesk.domain import text
from minerdesk.storage.resources import sample_path
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.shutdown import Shutdown
from tests.support.fake_world import FakeWorld

PAGES = ("dashboard", "fleet", "power", "plan", "network", "standing", "profitability")
DIALOGS = (
    "app.settings",
    "app.shortcuts",
    "app.decisions",
    "network.history",
    "book.model_starts",
    "book.power_price",
)
_MOST_STOPS = 300
_SEEN_PX = 8
_NO = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
OpenBook = Callable[[str], MainWindow]


@pytest.fixture
def open_book(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot, fake_world: FakeWorld
) -> Iterator[OpenBook]:
    """Open the program's own window on a copy of a sample, with live numbers."""
    shutdown = Shutdown()

    def build(sample: str) -> MainWindow:
        profile = tmp_path / "profile"
        profile.mkdir()
        (profile / "settings.toml").write_text(
            f'{fake_world.settings_toml()}[display]\nlocale = "en_US"\n', encoding="utf-8"
        )
        desk = assembly.build(profile)
        shutdown.add("desk", lambda _left_s: desk.close())
        if sample:
            desk.book.open(Path(shutil.copy(sample_path(sample), tmp_path)))
        window = build_window(qapp, desk, shutdown, "light")
        qtbot.addWidget(window, before_close_func=lambda _window: window.close_without_asking())
        window.resize(1000, 700)
        window.go("dashboard")
        window.show()
        window.activateWindow()
        window.pump.start()
        settle(window, qtbot)
        return window

    yield build
    assert shutdown.run()
    text.use(gettext.NullTranslations())


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.ready)
    window.tick()
    qtbot.wait(1)


def called(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()!r}"


def stops(root: QWidget) -> set[QWidget]:
    """What the keyboard must be able to reach.

    The field inside a spin box and a combo box is theirs; a group of exclusive buttons is one stop.
    """
    return {
        each
        for each in root.findChildren(QWidget)
        if each.window() is root.window()
        and each.isVisible()
        and each.isEnabled()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
        and not each.objectName().startswith("qt_")
        and not each.size().isEmpty()
    }


def in_sight(widget: QWidget) -> bool:
    """Whether nothing it lies in cuts it off."""
    window = widget.window()
    seen = QRect(widget.mapTo(window, QPoint()), widget.size())
    for above in parents(widget):
        seen &= QRect(above.mapTo(window, QPoint()), above.size())
    least = min(_SEEN_PX, widget.width(), widget.height())
    return min(seen.width(), seen.height()) >= least


def parents(widget: QWidget) -> Iterator[QWidget]:
    above = widget.parentWidget()
    while above is not None and not widget.isWindow():
        yield above
        above = None if above.isWindow() else above.parentWidget()


def pictured(widget: QWidget) -> bytes:
    """The pixels of a widget and of a border around it, as the window shows them."""
    window = widget.window()
    place = QRect(widget.mapTo(window, QPoint()), widget.size()).adjusted(-2, -2, 2, 2)
    return bytes(window.grab(place & window.rect()).toImage().constBits())


def walk(root: QWidget, *, back: bool = False) -> list[QWidget]:
    """Press Tab until it comes round; every stop is in sight."""
    order: list[QWidget] = []
    for _number in range(_MOST_STOPS):
        at = QApplication.focusWidget()
        QTest.keyClick(
            at or root.window(),
            Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab,
            _SHIFT if back else _NO,
        )
        QApplication.processEvents()
        found = QApplication.focusWidget()
        assert found is not None, f"the focus is lost after {at and called(at)}"
        assert found is not at or len(stops(root)) == 1, f"Tab stays in {called(found)}"
        if found in order:
            assert found is order[0], (back, [called(each) for each in (*order, found)])
            return order
        assert in_sight(found), f"{called(found)} has the focus out of sight"
        order.append(found)
    raise AssertionError([called(each) for each in order])


def walk_both_ways(root: QWidget) -> list[QWidget]:
    order = walk(root)
    missed = stops(root) - set(order)
    assert not missed, [called(each) for each in missed]
    assert set(walk(root, back=True)) == set(order)
    return order


def test_every_page_can_be_walked_there_and_back(open_book: OpenBook, qtbot: QtBot) -> None:
    window = open_book("farm")
    for name in PAGES:
        window.table[f"view.{name}"].run()
        settle(window, qtbot)
        page = window.pages.current
        assert page is not None
        assert page.isAncestorOf(QApplication.focusWidget() or window) or page.hasFocus()
        walk_both_ways(window)
        for tabs in page.findChildren(QTabWidget):
            for index in range(1, tabs.count()):
                tabs.setCurrentIndex(index)
                settle(window, qtbot)
                walk_both_ways(window)


def test_what_has_the_focus_shows_it(open_book: OpenBook, qtbot: QtBot) -> None:
    window = open_book("home")
    unseen = []
    for name in PAGES:
        window.table[f"view.{name}"].run()
        settle(window, qtbot)
        for each in walk(window):
            each.clearFocus()
            each.setFocus(Qt.FocusReason.TabFocusReason)
            assert in_sight(each), called(each)
            each.clearFocus()
            QApplication.processEvents()
            without = pictured(each)
            each.setFocus(Qt.FocusReason.TabFocusReason)
            QApplication.processEvents()
            if pictured(each) == without:
                unseen.append(f"{name}: {called(each)}")
    assert unseen == []


def test_dialogs_can_be_walked_and_left_with_escape(open_book: OpenBook, qtbot: QtBot) -> None:
    window = open_book("home")
    for action in DIALOGS:
        assert window.table[action].run(), action
        qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QDialog))
        dialog = QApplication.activeWindow()
        assert isinstance(dialog, QDialog)
        qtbot.waitUntil(lambda: not window.context.tasks.running)
        walk_both_ways(dialog)
        QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
        window.activateWindow()


def test_what_the_guide_ends_with_is_done_with_the_next_key(
    open_book: OpenBook, qtbot: QtBot
) -> None:
    window = open_book("")

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = _NO) -> None:
        QTest.keyClick(QApplication.focusWidget() or window, key, modifier)

    def write(words: str) -> None:
        QTest.keyClicks(QApplication.focusWidget() or window, words)

    press(Qt.Key.Key_Return)
    write("9.5")
    press(Qt.Key.Key_Return)
    write("s19")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    assert window.pages.current is not None
    assert window.pages.current.hasFocus()
    press(Qt.Key.Key_D)
    (group,) = window.desk.book.book.groups
    assert group.state_now is not None
    assert group.state_now.running == ()


class StrayWindows(QObject):
    """Writes down every window that is shown and is neither a dialog nor a menu."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._window = window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - the base's name
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and watched is not self._window
            and not isinstance(watched, QDialog | QMenu)
        ):
            self.seen.append(called(watched))
        return False


def test_no_part_of_a_page_is_shown_as_a_window_of_its_own(
    open_book: OpenBook, qapp: QApplication, qtbot: QtBot
) -> None:
    window = open_book("farm")
    stray = StrayWindows(window)
    qapp.installEventFilter(stray)
    try:
        for name in PAGES:
            window.go(name)
            settle(window, qtbot)
        window.table["app.settings"].run()
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        dialog.reject()
    finally:
        qapp.removeEventFilter(stray)
    assert stray.seen == []
    assert QApplication.activeWindow() is window
