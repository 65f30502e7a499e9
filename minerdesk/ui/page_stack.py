"""Holds the pages, each built when it is first shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from minerdesk.ui.page import Page, PageContext
from minerdesk.ui.page_table import PageEntry


class PageStack(QStackedWidget):
    """Shows one page at a time.

    Signals:
        built(object): a `Page` that was just made.
        shown(str): the name of the page now in front.
    """

    built = Signal(object)
    shown = Signal(str)

    def __init__(
        self, entries: Sequence[PageEntry], context: PageContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._entries = {entry.name: entry for entry in entries}
        self._context = context
        self._pages: dict[str, Page] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all pages, in order."""
        return tuple(self._entries)

    @property
    def current(self) -> Page | None:
        """The page in front."""
        page = self.currentWidget()
        return page if isinstance(page, Page) else None

    def show_page(self, name: str, /, **selection: object) -> Page:
        """Bring a page to the front, build it where needed, and hand it what to select.

        Raises:
            KeyError: there is no such page.
        """
        page = self._pages.get(name)
        if page is None:
            page = self._entries[name].build(self._context)
            page.setAccessibleName(self._entries[name].title)
            self._pages[name] = page
            self.addWidget(page)
            self.built.emit(page)
        self.setCurrentWidget(page)
        if selection:
            page.select(**selection)
        self.shown.emit(name)
        return page

    def tick(self, now: datetime) -> None:
        """One beat of the text clock, for the page in front alone."""
        page = self.current
        if page is not None:
            page.tick(now)
