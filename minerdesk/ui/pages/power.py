"""The Power page: what a kWh costs at each site, its bill, and the contract behind both."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QStackedLayout,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.book import Book
from minerdesk.domain.text import _
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.power.view import PowerView, SitePower
from minerdesk.ui.actions import Action
from minerdesk.ui.answered_page import AnsweredPage
from minerdesk.ui.page import PageContext
from minerdesk.ui.panel_actions import panel_actions
from minerdesk.ui.power.answer import (
    Ground,
    answer,
    ground_of,
    price_now,
    standing_tone,
    standing_word,
)
from minerdesk.ui.power.bill_panel import BillPanel
from minerdesk.ui.power.contract import ContractEditor
from minerdesk.ui.power.errands import Errands
from minerdesk.ui.power.find import tariff_of
from minerdesk.ui.power.index import IndexSection
from minerdesk.ui.power.price_panel import PricePanel
from minerdesk.ui.power.rules_editor import RulesEditor
from minerdesk.ui.power.sites_strip import SiteRow, SitesStrip
from minerdesk.ui.save_csv import ask_where
from minerdesk.ui.state import DeskState
from minerdesk.ui.widgets.basics import EmptyState, hairline, label, set_tone
from minerdesk.ui.widgets.scrolling import FollowingScroll
from minerdesk.ui.widgets.typing import Typing

_EVIDENCE_HEIGHT: Final = 250
_LEAST_WIDTH: Final = 620


class PowerPage(AnsweredPage):
    """Headline, sites, prices of the next days, a bill, and the editors of contract and rules."""

    name: ClassVar[str] = "power"
    title: ClassVar[str] = "Power"
    icon: ClassVar[str] = "power"
    wants: ClassVar[frozenset[str]] = frozenset({"power", "book", "evaluation"})

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._view: PowerView | None = None
        self._evaluation: Evaluation | None = None
        self._rigs = label("", "muted", wrap=True)
        theme, icons, formats = context.theme, context.icons, context.formats
        self.sites = SitesStrip(theme)
        self.prices = PricePanel(theme, icons, formats)
        self.bill = BillPanel(theme, icons, formats)
        typing = Typing(formats.number_style, formats)
        self.contract = ContractEditor(theme, typing, context.run_command)
        self.rules = RulesEditor(typing, context.run_command, context.now)
        self.errands = Errands(context, self)
        self.contract.asked.connect(self._asked)
        self.bill.import_wanted.connect(partial(self._asked, "import_load"))
        self.bill.forget_wanted.connect(partial(self._asked, "forget_load"))
        self.bill.save_wanted.connect(self._save_bill)
        self.prices.add_entry(_("Save as CSV…"), self._save_prices)
        self.rules.by_model_wanted.connect(partial(context.run_action, "book.model_starts"))
        self.sites.chosen.connect(self._chosen)
        self._lay_out()
        context.state.changed.connect(self._slice_changed)

    @property
    def rigs(self) -> str:
        """What stands under that where break-evens are no advice, or rest on typed numbers."""
        return self._rigs.text()

    @property
    def shows_empty(self) -> bool:
        """Whether there are no sites to show."""
        return self._stack.currentWidget() is self._empty

    @property
    def site(self) -> SitePower | None:
        """The chosen site's power, or None while it is not known."""
        return None if self._view is None else self._view.site(self.sites.site)

    def draw(self, state: DeskState) -> None:
        """Show the newest prices and bills, and the book's contracts."""
        found = state.slice("power")
        if isinstance(found, PowerView):
            self._view = found
        evaluation = state.slice("evaluation")
        # Break-evens are marked by the numbers that they were made with, not by newer ones.
        if isinstance(evaluation, Evaluation) and (
            self._evaluation is None
            or self._view is None
            or evaluation.network.revision == self._view.network_revision
        ):
            self._evaluation = evaluation
        self._show_book()
        self._show_site()

    def draw_clock(self, now: datetime) -> None:
        """Keep the headline and the prices of now true."""
        self.sites.show_rows(self._rows(now))
        said = answer(
            self.site, self.context.formats, now, self._ground(now), converted=self._converted()
        )
        has_sites = bool(self._book().sites)
        self.answer_with(said.sentence, said.detail if has_sites else "", said.tone)
        set_tone(self._rigs, said.rigs_tone)
        self._rigs.setText(said.rigs)
        self._rigs.setVisible(bool(said.rigs) and has_sites)

    def select(self, **selection: object) -> None:
        """Select the site whose id is given as ``site``; ``rules`` shows its rules."""
        site = selection.get("site")
        if isinstance(site, str):
            self.sites.choose(site)
        if selection.get("rules"):
            self._tabs.setCurrentIndex(1)

    def page_actions(self) -> list[Action]:
        """Return imports and exports, and copying of what is shown."""

        def has_site() -> bool:
            return bool(self.sites.site)

        wishes = (
            ("import_rate", _("Import a rate (OpenEI URDB)…"), "tariff utility json"),
            ("import_prices", _("Import prices…"), "csv index day-ahead"),
            ("import_load", _("Import load…"), "csv meter bill"),
            ("export", _("Save the tariff as a file…"), "export contract"),
            ("open", _("Open a tariff…"), "import contract"),
            ("copy", _("Copy the tariff to another site…"), "contract"),
        )
        return [
            *(
                Action(
                    f"power.{wish}", text, partial(self._asked, wish), enabled=has_site, words=words
                )
                for wish, text, words in wishes
            ),
            Action("power.rules", _("Site rules"), partial(self._tabs.setCurrentIndex, 1)),
            Action("power.contract", _("Contract"), partial(self._tabs.setCurrentIndex, 0)),
            *panel_actions("power.prices", self.prices, self._save_prices),
            *panel_actions("power.bill", self.bill, self._save_bill),
        ]

    # Inside.

    def _lay_out(self) -> None:
        evidence = QWidget()
        row = QHBoxLayout(evidence)
        row.setContentsMargins(0, 0, 0, 8)
        row.setSpacing(16)
        row.addWidget(self.prices, 1)
        row.addWidget(hairline(vertical=True))
        row.addWidget(self.bill, 1)
        evidence.setMinimumHeight(_EVIDENCE_HEIGHT)
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.setAccessibleName(_("Contract and rules"))
        self._tabs.tabBar().setAccessibleName(_("Contract and rules"))
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.addTab(_scrolled(self.contract, _("Contract")), _("Contract"))
        self._tabs.addTab(_scrolled(self.rules, _("Site rules")), _("Site rules"))
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(evidence)
        split.addWidget(self._tabs)
        split.setSizes([_EVIDENCE_HEIGHT * 2, _EVIDENCE_HEIGHT * 3])
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setMinimumWidth(_LEAST_WIDTH)
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.sites)
        inside.addWidget(split, 1)
        self._body = body
        self._empty = EmptyState(
            _("Add a site, and this page shows what a kilowatt-hour costs there."),
            _("Go to the fleet"),
            partial(self.context.go, "fleet"),
        )
        self._stack = QStackedLayout()
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 12)
        box.setSpacing(8)
        box.addWidget(self.headline)
        box.addWidget(self.below)
        box.addWidget(self._rigs)
        box.addLayout(self._stack, 1)
        # Only now: a stack that has no place yet shows its first part in a window of its own.
        self._stack.addWidget(self._body)
        self._stack.addWidget(self._empty)

    def _book(self) -> Book:
        found = self.context.state.slice("book")
        return found if isinstance(found, Book) else Book()

    def _rows(self, now: datetime) -> list[SiteRow]:
        """Return the book's sites in words; one whose price is not known yet shows a dash."""
        book, formats, ground = self._book(), self.context.formats, self._ground(now)
        tariffs = {tariff.id: tariff.name for tariff in book.tariffs}
        rows = []
        for site in book.sites:
            power = None if self._view is None else self._view.site(site.id)
            price = None if power is None else price_now(power, now)
            word = "" if power is None else standing_word(power, price)
            tone = "" if power is None or not ground.advice else standing_tone(power, price)
            shown = "–" if price is None else formats.number(price, 4)
            rows.append(
                SiteRow(
                    site.id,
                    site.name,
                    tariffs.get(site.tariff, ""),
                    shown,
                    word and ground.mark_briefly(word),
                    tone,
                )
            )
        return rows

    def _show_book(self) -> None:
        book = self._book()
        self._stack.setCurrentWidget(self._body if book.sites else self._empty)
        self.headline.setVisible(bool(book.sites))
        self.below.setVisible(bool(book.sites))
        self.sites.show_rows(self._rows(self.context.now()))
        self._show_editors()

    def _show_editors(self) -> None:
        book = self._book()
        self.contract.show_site(book, self.sites.site)
        self.rules.show_site(book, self.sites.site)
        section = self.contract.sections.get("index")
        if isinstance(section, IndexSection):
            section.say_state(*self.errands.series_words(self.site, section))

    def _ground(self, now: datetime) -> Ground:
        return ground_of(self._evaluation, self.context.formats, now)

    def _converted(self) -> bool:
        """Whether the chosen site pays in another currency than the book's."""
        book = self._book()
        tariff = tariff_of(book, self.sites.site)
        return tariff is not None and tariff.currency not in {"", book.currency}

    def _show_site(self) -> None:
        site = self.site
        self.prices.show_site(site, self._ground(self.context.now()))
        self.bill.show_site(site)

    @Slot(str)
    def _chosen(self, _site_id: str) -> None:
        self._show_editors()
        self._show_site()
        self.draw_clock(self.context.now())

    @Slot(str)
    def _slice_changed(self, name: str) -> None:
        # What was typed is shown as the book took it at once, not at the next beat.
        if name == "book" and self.isVisible():
            self._show_book()

    @Slot(str)
    def _asked(self, wish: str) -> None:
        self.errands.run(wish, self.sites.site)

    def _save_prices(self) -> None:
        ask_where(self.prices.chart, self, self.context)

    def _save_bill(self) -> None:
        bill = self.bill.bill
        if bill is not None and not bill.problem:
            self.errands.save_bill(self.bill.model.table(), bill.month)


def _scrolled(inside: QWidget, name: str) -> FollowingScroll:
    scroll = FollowingScroll()
    scroll.setAccessibleName(name)
    scroll.setWidget(inside)
    return scroll
