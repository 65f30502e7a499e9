"""The window: navigation, strip, banner and pages, over what the composition root built."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from minerdesk.domain.errors import MinerdeskError
from minerdesk.domain.text import _
from minerdesk.ui.actions import ActionTable
from minerdesk.ui.banner import Banner, say_how_it_stands
from minerdesk.ui.book_actions import BookActions
from minerdesk.ui.contracts import Clock, Desk
from minerdesk.ui.dialogs.files import ENDING
from minerdesk.ui.dialogs.opener import Dialogs
from minerdesk.ui.edit_toasts import EditToasts
from minerdesk.ui.errors import Errors
from minerdesk.ui.icons import Icons
from minerdesk.ui.menus import build_menus
from minerdesk.ui.navigation import Navigation
from minerdesk.ui.page import Page, PageContext
from minerdesk.ui.page_actions import on_its_page, promised
from minerdesk.ui.page_stack import PageStack
from minerdesk.ui.page_table import PageEntry
from minerdesk.ui.pump import Pump
from minerdesk.ui.state import DeskState
from minerdesk.ui.status_strip import StatusStrip
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from minerdesk.ui.toasts import Toasts
from minerdesk.ui.troubles import TroubleTeller
from minerdesk.ui.widgets.basics import hairline
from minerdesk.ui.window_actions import window_actions

if TYPE_CHECKING:
    from minerdesk.ui.palette import Palette


class MainWindow(QMainWindow):
    """Puts the parts together and passes words between them.

    Signals:
        closed(): the operator closed the window and everything may end.
    """

    closed = Signal()

    def __init__(
        self,
        desk: Desk,
        state: DeskState,
        theme: Theme,
        *,
        tasks: TaskRunner,
        errors: Errors,
        pump: Pump,
        pages: Sequence[PageEntry],
        now: Clock,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._state = state
        self._theme = theme
        self._errors = errors
        self._pump = pump
        self._now = now
        self._may_close = False
        self._last_path: Path | None = None
        self._palette: Palette | None = None
        self._entries = tuple(pages)
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 600)
        self._icons = Icons(theme, self)
        self._toasts = Toasts(self, self._icons)
        self._book_actions = BookActions(desk.book, tasks, errors, self)
        self._edit_toasts = EditToasts(desk.book, self._toasts, self)
        self._book_actions.note.connect(self._toasts.show_toast)
        self._book_actions.offer.connect(self._toasts.show_toast)
        self._book_actions.lost_changed.connect(self._say_how_it_stands)
        self._table = ActionTable(self._icons, self)
        self._context = PageContext(
            state=state,
            theme=theme,
            icons=self._icons,
            formats=desk.formats,
            run_command=self._book_actions.run_command,
            tasks=tasks,
            services=desk,
            toast=self._edit_toasts.show_toast,
            go=self.go,
            now=now,
            run_action=lambda action_id: self._table[action_id].run(),
        )
        self._dialogs = Dialogs(self, desk, state, theme, tasks=tasks, table=self._table, now=now)
        self._dialogs.typed.connect(self.tick)
        self._dialogs.note.connect(self._toasts.show_toast)
        self._dialogs.settings_changed.connect(pump.renew)
        self._dialogs.ask_wanted.connect(pump.ask_all)
        self._build(pages)
        errors.sentence.connect(self._toasts.show_toast)
        errors.reported.connect(self._dialogs.fault)
        tasks.failed.connect(errors.task_failed)
        state.changed.connect(self._slice_changed)
        self._unsubscribe = desk.book.subscribe(self._book_changed)
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self.tick)
        self._clock.start()
        self._book_changed()

    @property
    def desk(self) -> Desk:
        """What the window stands on."""
        return self._desk

    @property
    def ready(self) -> bool:
        """Whether the first evaluation is there and nothing more is under way."""
        return self._state.revision("evaluation") > 0 and self._pump.settled

    @property
    def table(self) -> ActionTable:
        """Every action there is now."""
        return self._table

    @property
    def context(self) -> PageContext:
        """What pages are given."""
        return self._context

    @property
    def strip(self) -> StatusStrip:
        """The status strip."""
        return self._strip

    @property
    def pages(self) -> PageStack:
        """The pages."""
        return self._pages

    @property
    def pump(self) -> Pump:
        """What keeps the slices fresh."""
        return self._pump

    @property
    def errors(self) -> Errors:
        """Where every exception ends that nobody else handled."""
        return self._errors

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        return self._theme

    @property
    def dialogs(self) -> Dialogs:
        """Opens the dialogs."""
        return self._dialogs

    @property
    def palette_box(self) -> Palette:
        """The command palette; made when it is first asked for."""
        if self._palette is None:
            from minerdesk.ui.palette import Palette

            self._palette = Palette(self._table, self, lambda: promised(self, self._entries))
        return self._palette

    @property
    def toasts(self) -> Toasts:
        """The toasts."""
        return self._toasts

    @property
    def banner(self) -> Banner:
        """The line over the page."""
        return self._banner

    @property
    def book_actions(self) -> BookActions:
        """Handlers of the File and Edit menus."""
        return self._book_actions

    def go(self, page_name: str, /, **selection: object) -> None:
        """Show a page and hand it what to select there."""
        self._pages.show_page(page_name, **selection)

    @Slot()
    def tick(self) -> None:
        """One beat of the text clock: strip and page in front."""
        now = self._now()
        self._strip.draw(self._state, now)
        self._pages.tick(now)
        # A key whose action was found impossible before the numbers came would stay dead.
        self._table.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once, or after the operator decided about unsaved edits."""
        if not self._may_close and self._book_actions.unsaved:
            event.ignore()
            self._book_actions.after_saving(self._leave)
            return
        self._clock.stop()
        self._unsubscribe()
        self._toasts.clear()
        super().closeEvent(event)
        self.closed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take books that are dragged in; what else a page takes is the page's."""
        if _dropped_book(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the book that was dropped."""
        path = _dropped_book(event)
        if path is not None:
            event.acceptProposedAction()
            self._book_actions.open_path(path)

    def _build(self, pages: Sequence[PageEntry]) -> None:
        self._table.add([*self._book_actions.actions(), *window_actions(self, pages)], self)
        menus = build_menus(self.menuBar(), self._table)
        self._recent = QMenu(_("Recent books"), self)
        self._recent.aboutToShow.connect(self._fill_recent)
        menus[_("File")].insertMenu(self._table.qaction("book.save"), self._recent)
        tools = [self._table.qaction(name) for name in ("edit.undo", "edit.redo")]
        self._navigation = Navigation(pages, self._icons, tools, self._dialogs.preferences)
        desk = self._desk
        self._strip = StatusStrip(
            self._icons, desk.formats, desk.hashprice_per_ph_day, lambda: desk.refresh.offline
        )
        self._strip.asked.connect(self._dialogs.reading)
        self._banner = Banner(self._icons, lambda: self._pages.current)
        self._pages = PageStack(pages, self._context)
        self._pages.built.connect(self._add_page_actions)
        self._pages.shown.connect(self._navigation.mark)
        self._navigation.chosen.connect(self._pages.show_page)
        right = QVBoxLayout()
        right.setSpacing(0)
        for part in (self._strip, hairline(), self._banner):
            right.addWidget(part)
        right.addWidget(self._pages, 1)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._navigation)
        row.addWidget(hairline(vertical=True))
        row.addLayout(right, 1)
        self.setCentralWidget(middle)

    def open_palette(self) -> None:
        """Show the command palette."""
        self._table.refresh()
        self.palette_box.open_palette()

    def tell_troubles(self) -> None:
        """Say what does not work, now and whenever something stops working."""
        teller = TroubleTeller(
            self.desk, self._state, lambda text: self.toasts.show_toast(text, "warn"), self
        )
        teller.look()

    def look_for_lost_books(self) -> None:
        """Offer books back that were never saved and left by a kill."""
        self._book_actions.look_for_lost()

    def choose_theme(self, choice: str) -> None:
        """Wear ``auto``, ``light`` or ``dark`` from now on, and at the next start."""
        self._theme.choose(choice)
        try:
            self._desk.change_settings(self._desk.settings.with_value("display.theme", choice))
        except MinerdeskError as error:
            self._errors.handle(error)

    def close_without_asking(self) -> None:
        """Close at once; unsaved edits stay in the journal and are offered back."""
        self._may_close = True
        self.close()

    def _leave(self) -> None:
        self._book_actions.leave()
        self.close_without_asking()

    def _add_page_actions(self, page: Page) -> None:
        self._table.add(on_its_page(self, page), page, page=True)

    def _fill_recent(self) -> None:
        self._recent.clear()
        for path in self._desk.recent_books:
            entry = self._recent.addAction(path.name)
            entry.setToolTip(str(path))
            entry.triggered.connect(partial(self._book_actions.open_path, path))
        self._recent.setDisabled(self._recent.isEmpty())

    def _book_changed(self, *_news: object) -> None:
        book = self._desk.book
        name = book.path.stem if book.path else book.book.name or _("Untitled")
        self.setWindowTitle(f"{name}[*] — minerdesk")
        self.setWindowModified(book.dirty)
        self._edit_toasts.book_changed()
        self._table.refresh()
        self._table.rename("edit.undo", _with(_("Undo"), book.undo_text))
        self._table.rename("edit.redo", _with(_("Redo"), book.redo_text))
        self._say_how_it_stands()
        if book.path is not None and book.path != self._last_path:
            self._desk.remember_book(book.path)
        self._last_path = book.path

    @Slot(str)
    def _slice_changed(self, name: str) -> None:
        if name == "sources":
            self._say_how_it_stands()

    @Slot()
    def _say_how_it_stands(self) -> None:
        polled = self._state.revision("sources") > 0
        formats = self._context.formats
        say_how_it_stands(self._banner, self._desk, self._book_actions, formats, polled=polled)


def _with(verb: str, what: str) -> str:
    return f"{verb}: {what}" if what else verb


def _dropped_book(event: QDropEvent) -> Path | None:
    for url in event.mimeData().urls():
        if url.isLocalFile() and url.toLocalFile().endswith(ENDING):
            return Path(url.toLocalFile())
    return None
