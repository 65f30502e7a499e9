from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.readings import Gauge, NetworkState
from minerdesk.services.settings import SETTINGS
from minerdesk.ui.actions import Action
from minerdesk.ui.dialogs.preferences import PreferencesDialog
from minerdesk.ui.dialogs.reading import ReadingDialog
from minerdesk.ui.dialogs.shortcuts import ShortcutsDialog
from minerdesk.ui.errors import Errors
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.page import Page
from minerdesk.ui.page_table import PageEntry, all_pages
from minerdesk.ui.pump import Pump
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from tests.support.fake_desk import NOW, FakeDesk, network_state
from tests.support.widgets import nameless


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


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FakeDesk]:
    made = FakeDesk(tmp_path / "profile")
    yield made
    made.close()
    assert made.journal_errors == []


@pytest.fixture
def window(desk: FakeDesk, theme: Theme, tasks: TaskRunner, qtbot: QtBot) -> Iterator[MainWindow]:
    state = DeskState()
    pump = Pump(desk, state, tasks)
    errors = Errors()
    made = MainWindow(
        desk,
        state,
        theme,
        tasks=tasks,
        errors=errors,
        pump=pump,
        pages=PAGES,
        now=lambda: NOW,
    )
    qtbot.addWidget(made, before_close_func=lambda _w: desk.book.new())
    made.go("dashboard")
    made.show()
    pump.start()
    state.set_slice("network", network_state())
    qtbot.waitUntil(lambda: pump.settled)
    yield made
    pump.stop()


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


def test_title_follows_the_book(window: MainWindow, desk: FakeDesk) -> None:
    assert not window.isWindowModified()
    desk.book.apply("rename", lambda book: replace(book, name="Texas"))
    assert window.isWindowModified()
    assert "Texas" in window.windowTitle()
    assert window.table.qaction("edit.undo").text() == "Undo: rename"
    window.table["edit.undo"].run()
    assert desk.book.can_redo
    assert window.table.qaction("edit.redo").isEnabled()
    assert not window.table.qaction("edit.undo").isEnabled()


def test_read_only_is_said(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    assert not window.banner.isVisible()
    file = book_on_disk(desk, tmp_path)
    desk.book.new()
    other = FakeDesk(tmp_path / "other")
    other.book.open(file)
    window.book_actions.open_path(file)
    qtbot.waitUntil(lambda: desk.book.read_only)
    assert window.banner.isVisible()
    assert "read-only" in window.banner.text
    assert not window.table["book.save"].enabled()
    with pytest.raises(UserError):
        window.context.run_command("edit", lambda book: replace(book, name="x"))
    other.close()


def book_on_disk(desk: FakeDesk, folder: Path) -> Path:
    file = folder / "farm.minerdesk"
    desk.book.save_as(file)
    return file


def test_edits_that_were_never_saved_are_offered_back(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.apply("rename", lambda book: replace(book, name="unsaved"))
    written = desk.worker.submit(lambda: None)
    assert written is not None
    written.result(5)
    desk.book.new()
    window.book_actions.open_path(file)
    qtbot.waitUntil(lambda: "never saved" in window.banner.text)
    press(window.banner, "Take them back")
    assert desk.book.book.name == "unsaved"
    assert not window.banner.isVisible()


def press(inside: QWidget, text: str) -> None:
    found = next(b for b in inside.findChildren(QAbstractButton) if b.text() == text)
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def test_save_writes_and_open_reads(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.apply("rename", lambda book: replace(book, name="Texas"))
    assert window.table["book.save"].run()
    qtbot.waitUntil(lambda: not desk.book.dirty)
    desk.book.new()
    window.book_actions.open_path(file)
    qtbot.waitUntil(lambda: desk.book.book.name == "Texas")
    assert desk.book.path == file


def test_a_sample_becomes_a_book_of_ones_own(
    window: MainWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    window.table["book.sample_farm"].run()
    qtbot.waitUntil(lambda: desk.book.book.rig_count > 1000)
    assert desk.book.path is None


def test_recent_books_are_remembered(window: MainWindow, desk: FakeDesk, tmp_path: Path) -> None:
    file = book_on_disk(desk, tmp_path)
    assert desk.recent_books == (file,)
    assert not window.isWindowModified()


def test_a_failed_save_is_said_and_loses_nothing(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    file = book_on_disk(desk, folder)
    desk.book.apply("rename", lambda book: replace(book, name="x"))
    for each in folder.iterdir():
        each.unlink()
    folder.rmdir()
    window.table["book.save"].run()
    assert file.parent == folder
    qtbot.waitUntil(lambda: bool(window.toasts.texts))
    assert desk.book.dirty
    assert not window.book_actions.saving


def test_an_error_of_the_operator_becomes_a_sentence(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.book_actions.open_path(tmp_path / "none.minerdesk")
    qtbot.waitUntil(lambda: bool(window.toasts.texts))
    assert "none.minerdesk" in window.toasts.texts[0]


def test_closing_a_saved_book_asks_nothing(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closed):
        window.close()
    assert not window.isVisible()


def find_question() -> QMessageBox:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox))


@pytest.mark.parametrize(
    ("answer", "closed", "saved"),
    [("Save", True, True), ("Do not save", True, False), ("Cancel", False, False)],
)
def test_closing_with_unsaved_edits_asks(
    window: MainWindow,
    desk: FakeDesk,
    tmp_path: Path,
    qtbot: QtBot,
    answer: str,
    closed: bool,
    saved: bool,
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.apply("rename", lambda book: replace(book, name="x"))
    window.close()
    assert window.isVisible()
    question = find_question()
    press(question, answer)
    qtbot.waitUntil(lambda: window.isVisible() is not closed)
    desk.book.new()
    assert (desk.book.read(file).book.name == "x") is saved


def test_a_dropped_book_is_opened(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.new()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPointF(1, 1),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: desk.book.path == file)


def test_palette_finds_by_letters_with_the_keyboard_alone(window: MainWindow) -> None:
    window.activateWindow()
    assert window.table["app.palette"].run()
    box = window.palette_box
    assert box.isVisible()
    QTest.keyClicks(box.query, "flt")
    assert box.shown()[0].id == "view.fleet"
    QTest.keyClick(box.query, Qt.Key.Key_Down)
    QTest.keyClick(box.query, Qt.Key.Key_Up)
    QTest.keyClick(box.query, Qt.Key.Key_Return)
    assert not box.isVisible()
    assert isinstance(window.pages.current, OtherPage)
    box.open_palette()
    QTest.keyClick(box.query, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_palette_hides_what_cannot_be_done(window: MainWindow) -> None:
    window.open_palette()
    assert "edit.undo" not in {action.id for action in window.palette_box.shown()}
    window.palette_box.close_palette()


def test_strip_says_the_numbers_and_their_age(window: MainWindow) -> None:
    window.tick()
    said = [window.strip.gauge(name).accessibleName() for name in ("price", "retarget")]
    assert said[0] == "BTC price: 93,049 USD, 2 min old"
    assert said[1].startswith("retarget in 3 d 10 h: −3.8% ± 1.2")
    assert window.strip.standing() == ("● live", "earn")


def test_strip_turns_stale_to_outline(window: MainWindow) -> None:
    network = network_state()
    old = network.price.reading
    assert old is not None
    aged = Gauge(replace(old, taken_at=NOW - timedelta(minutes=12)))
    window.context.state.set_slice("network", replace(network, price=aged, online=False))
    window.tick()
    gauge = window.strip.gauge("price")
    assert gauge.property("stale") == "true"
    assert "12 min old, stale" in gauge.accessibleName()
    assert window.strip.standing()[0] == "○ offline"


def aged(network: NetworkState, days: float) -> NetworkState:
    """The same numbers, all that the strip shows of them ``days`` old."""

    def old(gauge: Gauge) -> Gauge:
        assert gauge.reading is not None
        taken_at = NOW - timedelta(days=days)
        return replace(gauge, reading=replace(gauge.reading, taken_at=taken_at))

    return replace(
        network,
        price=old(network.price),
        difficulty=old(network.difficulty),
        fees=old(network.fees),
    )


@pytest.mark.parametrize(
    ("width", "held"),
    [(1280, []), (960, ["fees", "difficulty"]), (700, ["fees", "difficulty", "hashprice"])],
)
def test_the_strip_loses_nothing_where_there_is_no_room(
    window: MainWindow, width: int, held: list[str]
) -> None:
    strip = window.strip
    window.setMinimumSize(300, 300)
    window.resize(width, 600)
    window.context.state.set_slice("network", aged(network_state(online=False), 307))
    window.tick()
    QApplication.processEvents()
    names = ("price", "hashprice", "difficulty", "retarget", "fees")
    shown = [name for name in names if strip.gauge(name).isVisible()]
    assert set(names) - set(shown) == set(held)
    rights = [strip.gauge(name).geometry().right() for name in shown]
    assert max(rights) < strip.width() - strip.findChildren(QLabel)[-1].width()
    assert strip.more.isVisible() is bool(held)
    if held:
        assert strip.more.text() == f"+{len(held)}"
        assert "0.0148 BTC, 307 d old, stale" in strip.more.toolTip()
        entry = next(each for each in strip.more.entries() if each.text().startswith("fees"))
        entry.trigger()
        (dialog,) = window.findChildren(ReadingDialog)
        assert "Fees" in dialog.windowTitle()
        dialog.reject()


def test_example_is_always_named(window: MainWindow) -> None:
    window.context.state.set_slice("network", network_state(example_of=NOW))
    window.tick()
    assert window.strip.standing() == ("◇ example", "warn")


def test_a_typed_value_is_pinned_until_released(window: MainWindow, desk: FakeDesk) -> None:
    window.context.state.set_slice("network", desk.refresh.state())
    dialog = ask(window, "price")
    dialog.entry.setText("many")
    dialog.use_typed()
    assert "“many”" in dialog.complaint
    dialog.entry.setText("-5")
    dialog.use_typed()
    assert "greater than 0" in dialog.complaint
    dialog.entry.setText("95,000")
    QTest.keyClick(dialog.entry, Qt.Key.Key_Return)
    words = window.strip.gauge("price").words
    assert words is not None
    assert (words.value, words.typed, words.age) == ("95,000 USD", True, "")
    again = ask(window, "price")
    press(again, "Release")
    words = window.strip.gauge("price").words
    assert words is not None
    assert not words.typed


def ask(window: MainWindow, gauge: str) -> ReadingDialog:
    QTest.mouseClick(window.strip.gauge(gauge), Qt.MouseButton.LeftButton)
    shown = [each for each in window.findChildren(ReadingDialog) if each.isVisible()]
    return shown[0]


@pytest.mark.parametrize("name", ["price", "hashprice", "difficulty", "retarget", "fees"])
def test_every_number_tells_where_it_comes_from(window: MainWindow, name: str) -> None:
    dialog = ask(window, name)
    assert nameless(dialog) == []
    dialog.reject()


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


def test_every_interactive_widget_has_a_name(window: MainWindow) -> None:
    window.context.toast("Imported 3 groups", "done", Action("x.y", "Show", lambda: None))
    window.book_actions.after_saving(lambda: None)
    assert nameless(window) == []


def test_shortcuts_page_lists_them_all(window: MainWindow) -> None:
    window.table["app.shortcuts"].run()
    dialog = window.findChild(ShortcutsDialog)
    assert isinstance(dialog, ShortcutsDialog)
    assert nameless(dialog) == []
    dialog.reject()


def test_everything_can_be_reached_with_tab(window: MainWindow) -> None:
    window.activateWindow()
    window.strip.gauge("price").setFocus()
    reached: set[QWidget | None] = set()
    for _count in range(80):
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        reached.add(window.focusWidget())
    pressable = {
        widget
        for widget in window.findChildren(QAbstractButton)
        if widget.isVisible() and widget.isEnabled() and not widget.objectName().startswith("qt_")
    }
    assert pressable <= reached, [w.accessibleName() for w in pressable - reached]


def test_a_duplicate_shortcut_is_refused(window: MainWindow) -> None:
    with pytest.raises(ValueError, match="share the shortcut"):
        window.table.add([Action("x.save", "Also save", lambda: None, "Ctrl+S")], window)
    with pytest.raises(ValueError, match="declared twice"):
        window.table.add([Action("book.save", "Save", lambda: None)], window)


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


def test_settings_come_from_their_table(window: MainWindow, desk: FakeDesk, theme: Theme) -> None:
    window.table["app.settings"].run()
    dialog = window.findChild(PreferencesDialog)
    assert isinstance(dialog, PreferencesDialog)
    assert nameless(dialog) == []
    field = dialog.editor("feeds.poll_s").field
    assert isinstance(field, QLineEdit)
    field.setText("5")
    dialog.save()
    assert dialog.isVisible(), "5 s is refused, and the dialog stays"
    assert dialog.focusWidget() is field
    assert field.property("wrong") == "true"
    field.setText("120")
    choice = dialog.editor("display.theme").field
    assert isinstance(choice, QComboBox)
    choice.setCurrentText("dark")
    dialog.save()
    assert not dialog.isVisible()
    assert desk.settings.number("feeds.poll_s") == 120
    assert theme.tokens.dark
    theme.choose("light")


def test_saving_untouched_settings_changes_nothing(window: MainWindow, desk: FakeDesk) -> None:
    window.dialogs.preferences()
    dialog = window.findChild(PreferencesDialog)
    assert isinstance(dialog, PreferencesDialog)
    dialog.save()
    assert dict(desk.settings.chosen) == {}


def preferences(window: MainWindow) -> PreferencesDialog:
    window.dialogs.preferences()
    (dialog,) = (each for each in window.findChildren(PreferencesDialog) if each.isVisible())
    return dialog


def test_every_setting_has_a_row_with_its_limits(window: MainWindow) -> None:
    dialog = preferences(window)
    for setting in SETTINGS:
        editor = dialog.editor(setting.key)
        assert editor.field.accessibleName() == setting.label
        assert editor.field.accessibleDescription() == setting.help
    said = [each.text() for each in dialog.editor("feeds.poll_s").findChildren(QLabel)]
    assert any("at least 30, at most 3,600. Shipped: 60." in each for each in said)
    dialog.reject()


def test_a_password_is_kept_where_it_is_said_and_can_be_forgotten(
    window: MainWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    key = "feeds.core_password"
    dialog = preferences(window)
    remark = dialog.editor(key).findChildren(QLabel)
    qtbot.waitUntil(lambda: any("until you quit and no longer" in each.text() for each in remark))
    field = dialog.editor(key).field
    assert isinstance(field, QLineEdit)
    assert field.echoMode() == QLineEdit.EchoMode.Password
    field.setText("hunter2")
    dialog.save()
    qtbot.waitUntil(lambda: desk.secrets.get(key) == "hunter2")
    qtbot.waitUntil(lambda: any("until you quit" in each for each in window.toasts.texts))
    assert key not in desk.settings.chosen
    again = preferences(window)
    field = again.editor(key).field
    assert isinstance(field, QLineEdit)
    assert field.text() == ""
    again.editor(key).findChildren(QCheckBox)[-1].setChecked(True)
    again.save()
    qtbot.waitUntil(lambda: desk.secrets.get(key) is None)


def test_changed_settings_are_evaluated_with_at_once(
    window: MainWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    before = len(desk.evaluations)
    dialog = preferences(window)
    field = dialog.editor("tolerance.floor").field
    assert isinstance(field, QLineEdit)
    field.setText("0.02")
    dialog.save()
    qtbot.waitUntil(lambda: len(desk.evaluations) > before)
    assert desk.settings.number("tolerance.floor") == 0.02


def test_settings_the_disk_refuses_are_said_in_the_dialog(
    window: MainWindow, desk: FakeDesk
) -> None:
    desk.settings_error = WorldError("The disk is full.")
    dialog = preferences(window)
    dialog.save()
    assert dialog.isVisible()
    assert any(each.text() == "The disk is full." for each in dialog.findChildren(QLabel))
    dialog.reject()
    assert window.table["theme.dark"].run()
    assert window.toasts.texts == ["The disk is full."]
    window.theme.choose("light")


def test_a_save_that_failed_offers_another_place(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    book_on_disk(desk, folder)
    desk.book.apply("rename", lambda book: replace(book, name="x"))
    for each in folder.iterdir():
        each.unlink()
    folder.rmdir()
    window.table["book.save"].run()
    qtbot.waitUntil(lambda: bool(window.toasts.texts))
    press(window, "Save as…")
    (dialog,) = window.findChildren(QFileDialog)
    dialog.reject()


def test_page_shortcuts_and_help_work_from_the_keyboard(window: MainWindow) -> None:
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(window.pages.current, OtherPage)
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert not isinstance(window.pages.current, OtherPage)
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.palette_box.isVisible()
    window.palette_box.close_palette()
    QTest.keyClick(window, Qt.Key.Key_F1)
    (dialog,) = window.findChildren(ShortcutsDialog)
    dialog.reject()


def test_what_is_no_book_is_not_taken(window: MainWindow, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "rigs.csv"))])
    for name, taken in (("rigs.csv", False), ("farm.minerdesk", True)):
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        event = QDragEnterEvent(
            QPoint(1, 1),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        event.ignore()
        window.dragEnterEvent(event)
        assert event.isAccepted() is taken


def test_recent_books_open_from_their_menu(
    window: MainWindow, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = book_on_disk(desk, tmp_path)
    desk.book.new()
    menu = window._recent
    menu.aboutToShow.emit()
    (entry,) = menu.actions()
    assert entry.text() == "farm.minerdesk"
    entry.trigger()
    qtbot.waitUntil(lambda: desk.book.path == file)
