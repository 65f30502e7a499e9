"""The Fleet page: sites and groups, edited in place, with what each is worth."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.book import Book
from minerdesk.domain.text import _
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.words.headline import headline
from minerdesk.ui.actions import Action
from minerdesk.ui.fleet.answer import fleet_answer
from minerdesk.ui.fleet.columns import all_columns
from minerdesk.ui.fleet.commands import ENDINGS, FleetCommands
from minerdesk.ui.fleet.empty import EmptyFleet
from minerdesk.ui.fleet.footer import Footer
from minerdesk.ui.fleet.layout import LayoutStore
from minerdesk.ui.fleet.menus import fleet_actions, selection_menu
from minerdesk.ui.fleet.rows import FleetRows
from minerdesk.ui.fleet.sites_pane import SitesPane
from minerdesk.ui.fleet.table_model import GroupsModel
from minerdesk.ui.fleet.table_view import GroupsView
from minerdesk.ui.page import Page, PageContext
from minerdesk.ui.state import DeskState
from minerdesk.ui.widgets.basics import button, hairline, label, set_tone
from minerdesk.ui.widgets.model_search import ModelCompleter
from minerdesk.ui.widgets.suggestions import Suggestions

_SITES_WIDTH: Final = 312


class FleetPage(Page):
    """Left the sites, right one table of groups, below the totals."""

    name: ClassVar[str] = "fleet"
    title: ClassVar[str] = "Fleet"
    icon: ClassVar[str] = "fleet"
    wants: ClassVar[frozenset[str]] = frozenset({"book", "evaluation"})

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.setAcceptDrops(True)
        rows = self._rows_now()
        self._wish: set[str] = set()
        self.commands = FleetCommands(context, self, self)
        self.model = GroupsModel(
            all_columns(), rows, self.commands.edit_cell, self, doubt=self.commands.doubt
        )
        self.view = GroupsView(
            self.model,
            context.theme,
            LayoutStore(context.services.state_dir),
            completer=self._completer,
            still=self._less_motion,
        )
        self.sites = SitesPane(
            rows,
            context.theme,
            add=self.commands.add_site,
            edit=self.commands.edit_site,
            remove=self.commands.remove_site,
        )
        self._by_id = {action.id: action for action in self._make_actions()}
        self.footer = Footer()
        self.filter = QLineEdit()
        self.answer = label("", "lead", wrap=True)
        self.caption = label("", "muted", wrap=True)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._draw_soon)
        self._build()
        self.view.chosen.connect(self._show_totals)
        # What changed while a cell was edited waits for its end.
        self.view.edited.connect(self._soon.start)
        self.view.menu_asked.connect(self._menu)
        self.sites.chosen.connect(self._filter_changed)
        self.filter.textChanged.connect(self._filter_changed)
        context.state.changed.connect(self._changed)

    @property
    def rows(self) -> FleetRows:
        """What is shown."""
        return self.model.rows

    @property
    def chosen_site(self) -> str:
        """The id of the chosen site, or empty for all."""
        return self.sites.site

    def selected_ids(self) -> list[str]:
        """Return the ids of the selected groups."""
        return self.view.selected_ids()

    def select_group(self, group_id: str) -> None:
        """Select a group; one that is not shown yet as soon as it is."""
        self._wish = {group_id}
        self._soon.start()

    def select(self, **selection: object) -> None:
        """Select ``group`` (an id), ``groups`` (ids) or ``site`` (an id), as another page asks."""
        site, groups = selection.get("site"), selection.get("groups")
        if isinstance(site, str):
            self.sites.choose(site)
        wish = {selection["group"]} if "group" in selection else set()
        if isinstance(groups, list | tuple | set | frozenset):
            wish |= set(groups)
        self._wish = {each for each in wish if isinstance(each, str)}
        if self._wish:
            self.filter.clear()
            if not isinstance(site, str):
                self.sites.choose("")
            self._soon.start()

    def take_keys(self) -> None:
        """Begin in the table; the filter has a shortcut of its own."""
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def draw(self, state: DeskState) -> None:
        """Show the newest book and figures; while a cell is edited the table waits."""
        del state
        if self.view.editing:
            self.redraw()
            return
        rows = self._rows_now()
        self.view.show_rows(rows)
        self.sites.show_rows(rows)
        empty = not rows.book.groups
        self._stack.setCurrentIndex(0 if empty else 1)
        self.filter.setVisible(not empty)
        if self._wish:
            self.view.select_ids(self._wish)
            self._wish = set()
        if rows.settled:
            answer = fleet_answer(rows)
            self.answer.setText(answer)
            self.answer.setVisible(bool(answer))
        self._show_totals()

    def draw_clock(self, now: datetime) -> None:
        """Say what the figures are good for, where they are no advice."""
        evaluation = self.rows.evaluation
        words = ""
        if evaluation is not None and evaluation.standing not in {Standing.ADVICE, Standing.EMPTY}:
            words = headline(evaluation, self.context.formats, now).sentence
        if words != self.caption.text():
            self.caption.setText(words)
            set_tone(self.caption, "warn" if words else "")
        self.caption.setVisible(bool(words))

    def page_actions(self) -> list[Action]:
        """Return add, import, export, filter, bulk edit, duplicate, remove and what runs now."""
        return list(self._by_id.values())

    def _make_actions(self) -> list[Action]:
        return fleet_actions(
            self.commands,
            has_selection=lambda: self.view.selectionModel().hasSelection(),
            has_site=lambda: bool(self.chosen_site),
            has_groups=lambda: bool(self.rows.book.groups),
            filter_=self._go_to_filter,
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take tables; a book is the window's."""
        if _dropped_table(event) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the dry run of the table that was dropped."""
        path = _dropped_table(event)
        if path is not None:
            event.acceptProposedAction()
            self.commands.import_file(path)

    def _build(self) -> None:
        self.filter.setAccessibleName(_("Filter groups"))
        self.filter.setPlaceholderText(_("Filter: site, model, owner, place, note or verdict"))
        self.filter.setClearButtonEnabled(True)
        for clear in self.filter.findChildren(QToolButton):
            clear.setAccessibleName(_("Clear the filter"))
        self.filter.setMaximumWidth(420)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 12)
        head.setSpacing(8)
        head.addWidget(label(_("Fleet"), "title"))
        head.addSpacing(8)
        head.addWidget(self.filter, 1)
        head.addStretch(1)
        head.addWidget(button(_("Add rigs…"), self.commands.add_rigs, primary=True))
        head.addWidget(button(_("Import…"), self.commands.ask_import))
        head.addWidget(button(_("Export…"), self.commands.ask_export))
        for words in (self.answer, self.caption):
            words.setContentsMargins(16, 0, 16, 12)
            words.hide()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(1)
        split.addWidget(self.sites)
        split.addWidget(self.view)
        split.setStretchFactor(1, 1)
        split.setSizes([_SITES_WIDTH, 4 * _SITES_WIDTH])
        filled = QWidget()
        lower = QVBoxLayout(filled)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(0)
        lower.addWidget(split, 1)
        lower.addWidget(hairline())
        lower.addWidget(self.footer)
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyFleet(
                add=self.commands.add_rigs,
                read=self.commands.ask_import,
                sample=lambda: self.context.run_action("book.sample_farm"),
            )
        )
        self._stack.addWidget(filled)
        self._stack.setCurrentIndex(1 if self.rows.book.groups else 0)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self.answer)
        box.addWidget(self.caption)
        box.addWidget(hairline())
        box.addWidget(self._stack, 1)

    def _rows_now(self) -> FleetRows:
        state = self.context.state
        book, evaluation = state.slice("book"), state.slice("evaluation")
        return FleetRows(
            book if isinstance(book, Book) else Book(),
            evaluation if isinstance(evaluation, Evaluation) else None,
            self.context.formats,
        )

    def _completer(self, key: str) -> QCompleter | None:
        if key == "model":
            return ModelCompleter(self.commands.catalogue.search, self.context.formats)
        if key != "site":
            return None
        return Suggestions([site.name for site in self.rows.book.sites], _("Sites"))

    def _less_motion(self) -> bool:
        return bool(self.context.services.settings.flag("display.less_motion"))

    def _go_to_filter(self) -> None:
        self.filter.setFocus()
        self.filter.selectAll()

    def _menu(self, point: QPoint) -> None:
        if self.view.selectionModel().hasSelection():
            selection_menu(self.commands, self.view.columns_menu(), self).popup(point)

    @Slot(str)
    def _changed(self, name: str) -> None:
        # The answer to one's own edit does not wait for the next beat of the clock.
        if name == "book" or (name == "evaluation" and not self.rows.settled):
            self._soon.start()

    @Slot()
    def _draw_soon(self) -> None:
        if self.isVisible():
            self.tick(self.context.now())
            if self._wish:
                self.draw(self.context.state)

    @Slot()
    def _filter_changed(self) -> None:
        self.model.set_filter(self.filter.text(), self.sites.site)
        self._show_totals()

    def _enable_actions(self) -> None:
        """Let the window's actions of this page follow what is selected."""
        for made in self.actions():
            action = self._by_id.get(made.objectName())
            if action is not None:
                made.setEnabled(action.enabled())

    @Slot()
    def _show_totals(self) -> None:
        self._enable_actions()
        chosen = self.view.selected()
        places = chosen if chosen.size else self.model.order
        self.footer.show_sums(self.rows, places, selected=bool(chosen.size))


def _dropped_table(event: QDropEvent) -> Path | None:
    for url in event.mimeData().urls():
        if url.isLocalFile() and url.toLocalFile().lower().endswith(ENDINGS):
            return Path(url.toLocalFile())
    return None
