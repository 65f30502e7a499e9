"""The Dashboard: the answer first, then what it rests on, then what to do now."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.history_view import HistorySlice
from minerdesk.services.in_force import typed_quantities
from minerdesk.services.planning.agenda import Agenda, agenda_in_force, agenda_of, plan_in_force
from minerdesk.services.planning.plan import Plan
from minerdesk.services.words import Headline, headline, retarget_detail
from minerdesk.ui.actions import Action
from minerdesk.ui.dashboard.answer import Answer
from minerdesk.ui.dashboard.moves_panel import MARK_KEY, NOT_DONE_KEY, MovesPanel
from minerdesk.ui.dashboard.outlook import outlook
from minerdesk.ui.dashboard.tile_texts import tile_texts
from minerdesk.ui.dashboard.tiles import Tiles
from minerdesk.ui.dashboard.welcome import Welcome
from minerdesk.ui.page import Page, PageContext
from minerdesk.ui.panel_actions import panel_actions
from minerdesk.ui.state import DeskState
from minerdesk.ui.widgets.basics import button, hairline, label
from minerdesk.ui.widgets.scrolling import FollowingScroll
from minerdesk.ui.widgets.tips import wrapped

if TYPE_CHECKING:
    from minerdesk.ui.first_start.first_start import FirstStart

# More moves than this are looked through off the GUI thread.
_MADE_AT_ONCE: Final = 5_000


class DashboardPage(Page):
    """What to do now and what it is worth; for an empty book the ways to begin."""

    name: ClassVar[str] = "dashboard"
    title: ClassVar[str] = "Dashboard"
    icon: ClassVar[str] = "dashboard"
    wants: ClassVar[frozenset[str]] = frozenset(
        {"book", "evaluation", "history", "network", "plan", "standing"}
    )

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._evaluation: Evaluation | None = None
        self._agenda: Agenda | None = None
        self._said_of: tuple[Evaluation, Agenda | None, datetime] | None = None
        self._asking = False
        self._history = HistorySlice()
        self._asked_for_guide = False
        self._guide_left = False
        self._guided_book: Book | None = None
        self.ask = button(_("Ask the sources now"), partial(context.run_action, "network.poll"))
        self.release = button(_("Release"), self._release)
        self.release.setToolTip(wrapped(_("Let the live numbers through in place of the typed.")))
        self.answer = Answer(context.theme, self.release, self.ask)
        self.tiles = Tiles(context)
        self.moves = MovesPanel(context)
        self.outlook = label("", "muted", wrap=True)
        self.note = label("", "muted", wrap=True)
        self.welcome = Welcome(context, self._guide)
        self.guide: FirstStart | None = None
        self._main = self._build_main()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._main)
        self._stack.addWidget(self.welcome)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)

    def draw(self, state: DeskState) -> None:
        """Show the evaluation, or the ways to begin."""
        # Before the first beat the slice is empty, while the desk knows its book already.
        book = state.slice("book") or self.context.services.book.book
        evaluation = state.slice("evaluation")
        history = state.slice("history")
        self._history = history if isinstance(history, HistorySlice) else HistorySlice()
        empty = isinstance(book, Book) and not book.groups
        known = isinstance(evaluation, Evaluation) and bool(evaluation.book.groups)
        self._evaluation = evaluation if known and isinstance(evaluation, Evaluation) else None
        if self.guide is not None and book is not self._guided_book:
            self._drop_guide()
        if self._asked_for_guide or (empty and self._never_opened(book)):
            self._show_guide()
        elif empty:
            self._show(self.welcome)
        else:
            self._show(self._main)
            self._draw_main()

    def draw_clock(self, now: datetime) -> None:
        """Let the ages in the answer and the time to the retarget go on."""
        if self._stack.currentWidget() is not self._main:
            return
        if self._agenda is not None and not self._agenda.holds_at(now):
            # A step of the plan begins: what is due changes though no slice did.
            self._show_moves(now)
        self._say(now)
        network = self.context.state.slice("network")
        standing = self.context.state.slice("standing")
        text = outlook(
            self._evaluation,
            network if isinstance(network, NetworkState) else None,
            standing,
            self._history,
            self.context.formats,
            now,
        )
        if text != self.outlook.text():
            self.outlook.setText(text)

    def page_actions(self) -> list[Action]:
        """Return marking done, and copying and saving the days."""
        return [
            Action(
                "dashboard.mark_done",
                _("Mark done"),
                self.moves.mark_done,
                MARK_KEY,
                "done",
                lambda: self.moves.can_mark,
                tip=_("The selected moves were done: what runs now follows"),
            ),
            Action(
                "dashboard.not_done",
                _("Not done…"),
                self.moves.say_not_done,
                NOT_DONE_KEY,
                enabled=lambda: self.moves.can_mark,
                tip=_("Write down why the selected moves were not done"),
                words=_("decision reason log because"),
            ),
            *panel_actions(
                "dashboard.days",
                self.tiles.days,
                self.tiles.days.save,
                enabled=lambda: self.tiles.days.isVisibleTo(self),
            ),
        ]

    def select(self, **selection: object) -> None:
        """Show the guided start where ``guided_start`` is true."""
        if selection.get("guided_start"):
            self._guide()

    def _build_main(self) -> QWidget:
        main = QWidget()
        box = QVBoxLayout(main)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(16)
        box.addWidget(self.answer)
        box.addWidget(self.note)
        box.addWidget(self.tiles)
        box.addWidget(hairline())
        box.addWidget(self.moves, 1)
        box.addWidget(self.outlook)
        scroll = FollowingScroll()
        scroll.setWidget(main)
        return scroll

    def _draw_main(self) -> None:
        evaluation, formats = self._evaluation, self.context.formats
        now = self.context.now()
        self._show_moves(now)
        self._say(now)
        note = "" if evaluation is None else self._plan_note(evaluation)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.tiles.show_texts(tile_texts(evaluation, formats))
        if evaluation is not None:
            self.tiles.days.show_margins(self._history.margins, now)
        network = self.context.state.slice("network")
        if isinstance(network, NetworkState):
            self.outlook.setToolTip(wrapped(retarget_detail(network, formats)))
        wanting = evaluation is not None and evaluation.standing is not Standing.ADVICE
        self.ask.setVisible(wanting and not self.context.services.refresh.offline)
        typed = isinstance(network, NetworkState) and bool(typed_quantities(network))
        self.release.setVisible(typed)

    def _plan_note(self, evaluation: Evaluation) -> str:
        # What words a plan takes is loaded with the first answer, not before the first paint.
        from minerdesk.services.words.agenda_words import plan_note

        made = self.context.state.slice("plan")
        return plan_note(evaluation, made if isinstance(made, Plan) else None)

    def _show_moves(self, now: datetime) -> None:
        """Show what is due; sentence and rows are of one agenda."""
        evaluation = self._evaluation
        plan = None if evaluation is None else plan_in_force(evaluation)
        if evaluation is None or plan is None:
            self._agenda = None
        elif not self._holds(plan, now) and len(plan.moves) > _MADE_AT_ONCE:
            self._ask_agenda(plan, now)
            return
        else:
            self._agenda = agenda_in_force(evaluation, now, self._agenda)
        self.moves.show_evaluation(evaluation, self._agenda)

    def _holds(self, plan: Plan, now: datetime) -> bool:
        """Whether an agenda of the plan is known that holds now."""
        brought = None if self._evaluation is None else self._evaluation.agenda
        return any(
            each is not None and each.plan is plan and each.holds_at(now)
            for each in (brought, self._agenda)
        )

    def _ask_agenda(self, plan: Plan, now: datetime) -> None:
        """Have the agenda of many moves made off this thread; what is shown stays meanwhile."""
        if self._asking:
            return
        self._asking = True

        def made(agenda: Agenda) -> None:
            self._asking = False
            self._agenda = agenda
            self.redraw()

        def failed(error: BaseException) -> None:
            self._asking = False
            self.context.tasks.failed.emit("agenda", error)

        self.context.tasks.start(
            "agenda", lambda _token: agenda_of(plan, now), done=made, failed=failed
        )

    @Slot()
    def _release(self) -> None:
        """Let every typed number that money rests on go; what is shown follows at once."""
        network = self.context.state.slice("network")
        if not isinstance(network, NetworkState):
            return
        try:
            for quantity in typed_quantities(network):
                self.context.state.set_slice(
                    "network", self.context.services.refresh.release(quantity)
                )
        except WorldError as error:
            self.context.toast(str(error), "error")

    def _say(self, now: datetime) -> None:
        if self._evaluation is None:
            self._said_of = None
            self.answer.say(
                Headline(_("Working it out…"), _("The last known numbers are being read."))
            )
        else:
            # Ages and times of day in the answer change by the minute; its sums are over all moves.
            said_of = (self._evaluation, self._agenda, now.replace(second=0, microsecond=0))
            held = self._said_of
            same = held is not None and held[0] is said_of[0] and held[1] is said_of[1]
            if held is None or not same or held[2] != said_of[2]:
                self._said_of = said_of
                self.answer.say(headline(self._evaluation, self.context.formats, now, self._agenda))

    # --- the guided start

    def _never_opened(self, book: object) -> bool:
        """Whether this is the first start: no book was ever opened, and nothing was begun."""
        desk = self.context.services
        first = not desk.recent_books and desk.book.path is None and not desk.book.can_redo
        return first and book == Book() and not self._guide_left

    @Slot()
    def _guide(self) -> None:
        self._asked_for_guide = True
        self._show_guide()

    def _show_guide(self) -> None:
        if self.guide is None:
            from minerdesk.ui.first_start.first_start import FirstStart

            self.guide = FirstStart(self.context)
            # Another book, or an edit from elsewhere, ends the questions about this one.
            self._guided_book = self.context.services.book.book
            self.guide.finished.connect(self._guide_done)
            self.guide.left.connect(self._leave_guide)
            self._stack.addWidget(self.guide)
        self._show(self.guide)

    @Slot()
    def _leave_guide(self) -> None:
        self._guide_left = True
        self._guide_done()

    @Slot()
    def _guide_done(self) -> None:
        focused = QApplication.focusWidget()
        held = focused is None or (self.guide is not None and self.guide.isAncestorOf(focused))
        self._drop_guide()
        self.draw(self.context.state)
        if held:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_guide(self) -> None:
        self._asked_for_guide = False
        if self.guide is not None:
            self._stack.removeWidget(self.guide)
            self.guide.deleteLater()
            self.guide = None

    def _show(self, widget: QWidget) -> None:
        if self._stack.currentWidget() is not widget:
            self._stack.setCurrentWidget(widget)
            if widget is self.guide:
                self.guide.begin()
