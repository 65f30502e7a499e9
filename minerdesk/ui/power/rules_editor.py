"""The editor of a site's rules, and of what a start costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.sites import Site
from minerdesk.domain.starts import DEFAULT_STARTS, StartCosts
from minerdesk.domain.text import _
from minerdesk.services import edits
from minerdesk.ui.power.find import site_of, tariff_of
from minerdesk.ui.power.meter import MeterSection
from minerdesk.ui.power.rules import (
    EventsSection,
    LimitsSection,
    QuietSection,
    StartsSection,
)
from minerdesk.ui.power.section import Section, sentence_of
from minerdesk.ui.widgets.tab_order import TabOrder
from minerdesk.ui.widgets.typing import Typing

Run = Callable[[str, Callable[[Book], Book]], None]


class RulesEditor(QWidget):
    """Sections of one site's rules; each edit is one step of undo.

    Signals:
        by_model_wanted(): what starting costs by rig model is to be shown.
    """

    by_model_wanted = Signal()

    def __init__(self, typing: Typing, run: Run, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._run = run
        self._book = Book()
        self._site = ""
        self.limits = LimitsSection(typing)
        self.quiet = QuietSection(typing)
        self.events = EventsSection(typing)
        self.meter = MeterSection(typing, now)
        self.starts = StartsSection(typing, of_book=False)
        self.book_starts = StartsSection(typing, of_book=True)
        self._of_site: tuple[Section, ...] = (
            self.limits,
            self.quiet,
            self.events,
            self.meter,
            self.starts,
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 12, 8)
        box.setSpacing(8)
        for section in (*self._of_site, self.book_starts):
            box.addWidget(section)
        for section in self._of_site:
            section.edited.connect(partial(self._take, section))
        self.book_starts.edited.connect(self._take_starts)
        for each in (self.starts, self.book_starts):
            each.by_model_wanted.connect(self.by_model_wanted)
        box.addStretch(1)
        TabOrder(self)

    @property
    def site(self) -> Site | None:
        """The site that is shown."""
        return site_of(self._book, self._site)

    def show_site(self, book: Book, site_id: str) -> None:
        """Show a site's rules as they are in the book."""
        self._book, self._site = book, site_id
        site = self.site
        if site is None:
            return
        tariff = tariff_of(book, site_id)
        if tariff is not None:
            names = [each.name for each in tariff.demand]
            self.meter.show_charges([*names, *(each.name for each in tariff.coincident)])
            self.events.show_programmes([each.name for each in tariff.curtailment])
        for section in self._of_site:
            section.show_subject(site, book.currency)
        self.starts.show_wider(book.assumptions.starts)
        self.book_starts.show_subject(book.assumptions, book.currency)
        self.book_starts.show_wider(DEFAULT_STARTS)
        here = {group.model for group in book.groups if group.site == site_id}
        self.starts.show_models([model for model in book.models if model.name in here])
        self.book_starts.show_models(book.models)

    def _take(self, section: Section) -> None:
        site = self.site
        fields = None if site is None else section.take(site)
        if site is None or fields is None:
            return
        try:
            if replace(site, **fields) == site:  # type: ignore[arg-type] # fields by name
                return
            self._run(
                _("change {part} of {site}").format(part=section.title, site=site.name),
                partial(_with_fields, site_id=site.id, fields=fields),
            )
        except ValueError as error:
            section.say(sentence_of(error))
        except UserError as error:
            section.say(error.sentence)

    def _take_starts(self) -> None:
        fields = self.book_starts.take(self._book.assumptions)
        starts = None if fields is None else fields["starts"]
        if isinstance(starts, StartCosts) and starts != self._book.assumptions.starts:
            self._run(_("change costs of starting"), lambda book: edits.put_starts(book, starts))


def _with_fields(book: Book, site_id: str, fields: dict[str, object]) -> Book:
    site = site_of(book, site_id)
    if site is None:
        return book
    return edits.put_site(book, replace(site, **fields))  # type: ignore[arg-type] # by name
