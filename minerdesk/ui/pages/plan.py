"""The Plan page: which rigs run when in the next days, why, and what would change that."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from minerdesk.domain.errors import MinerdeskError
from minerdesk.domain.rigs import Pin
from minerdesk.domain.text import _
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.planning.plan import Plan
from minerdesk.services.words import headline
from minerdesk.services.words.plan_words import PlanWords
from minerdesk.ui.actions import Action
from minerdesk.ui.answered_page import AnsweredPage
from minerdesk.ui.page import PageContext
from minerdesk.ui.plan.answer import answer
from minerdesk.ui.plan.body import PlanBody
from minerdesk.ui.plan.exporting import Exporting
from minerdesk.ui.plan.improving import Improving
from minerdesk.ui.plan.page_actions import actions_of
from minerdesk.ui.plan.pins import Pins
from minerdesk.ui.plan.replan import Replanner
from minerdesk.ui.plan.selection import PlanSelection
from minerdesk.ui.state import DeskState
from minerdesk.ui.widgets.basics import EmptyState
from minerdesk.ui.widgets.tips import wrapped


class PlanPage(AnsweredPage):
    """Headline, three bands on one time axis, moves, and sliders that ask what if."""

    name: ClassVar[str] = "plan"
    title: ClassVar[str] = "Plan"
    icon: ClassVar[str] = "plan"
    wants: ClassVar[frozenset[str]] = frozenset({"plan", "evaluation"})

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._evaluation: Evaluation | None = None
        self._plan: Plan | None = None
        self._own: Plan | None = None
        self._shown: Plan | None = None
        self.selection = PlanSelection(self)
        self.body = PlanBody(context, self.selection, context.services.plan_options)
        self.improving = Improving()
        self.replanner = Replanner(context, self)
        self.exporting = Exporting(context, self)
        self.pins = Pins(context, self.selection, lambda: self.body.scene)
        self._actions = actions_of(self.body, self.pins, self.exporting, self._go_to_fleet)
        self._make_menus()
        self._make_empty_states()
        self._lay_out()
        self.replanner.better.connect(self._answered)
        self.replanner.failed.connect(self._refused)
        self.replanner.busy_changed.connect(self._say_busy)
        self.body.sliders.changed.connect(self._ask)
        self.body.controls.plan_changed.connect(self._plan_asked)
        self.body.pin_row.wanted.connect(self._pin)
        self.improving.enough.connect(self._settle)

    @property
    def shown(self) -> Plan | None:
        """The plan that is drawn: the desk's, or the one the sliders ask for."""
        return self._shown

    @property
    def shows_empty(self) -> bool:
        """Whether the page has nothing to draw."""
        return self._stack.currentWidget() is not self.body

    def draw(self, state: DeskState) -> None:
        """Show the newest plan; what the sliders ask is asked again of the newest numbers."""
        evaluation, plan = state.slice("evaluation"), state.slice("plan")
        self._evaluation = evaluation if isinstance(evaluation, Evaluation) else None
        offline = self.context.services.refresh.offline
        self._no_numbers.offer(not offline)
        found = plan if isinstance(plan, Plan) else None
        if found is not self._plan:
            self._plan = found
            self._ask()
        self._show()

    def draw_clock(self, now: datetime) -> None:
        """Keep headline and line of now true."""
        self.body.show_now(now)
        self.improving.show_plan(self._shown, now)
        words = self._words()
        if words is not None:
            said = answer(self._evaluation, words, now)
            # Where there is no plan, the page's middle says why.
            parts = () if words.plan.cannot else (said.detail, words.pin_costs())
            detail = " ".join(filter(None, parts))
        elif self._evaluation is not None and self._lacks_numbers(self._evaluation):
            said = headline(self._evaluation, self.context.formats, now)
            detail = said.detail
        else:
            self.answer_with("")
            return
        tone = "warn" if said.tone == "warn" and said.outline else ""
        self.answer_with(said.sentence, detail, tone, muted=said.outline)
        hint = "" if words is None else words.no_baseline()
        self.below.setToolTip(wrapped(hint))
        self.below.setAccessibleDescription(hint)

    def select(self, **selection: object) -> None:
        """Select the group given as ``group``, the move by its key as ``move``, the ``site``."""
        group, key, site = (selection.get(name) for name in ("group", "move", "site"))
        if isinstance(site, str):
            self.body.controls.choose_site(site)
        move = None
        if self._shown is not None and isinstance(key, str):
            move = self._shown.table.with_key(key)
        if move is not None:
            self.selection.choose_move(move)
        elif isinstance(group, str):
            self.selection.choose(group)

    def page_actions(self) -> list[Action]:
        """Return exports, pins, sliders back, and copying of every chart and list."""
        return self._actions

    # --- building

    def _make_menus(self) -> None:
        ids = ("plan.export.csv", "plan.export.calendar", "plan.export.text", "plan.copy")
        wanted = {action.id: action for action in self._actions}
        menu = self.body.export_menu([(wanted[each].text, wanted[each].run) for each in ids])
        menu.addSeparator()
        every = QAction(_("With moves too close to call"), menu)
        every.setCheckable(True)
        every.toggled.connect(self._choose_every)
        menu.addAction(every)
        self.body.bands.gantt.offer(self.pins.menu)
        for each in ("plan.bands.csv", "plan.states.csv"):
            self.body.bands.offer_saving(wanted[each].text, wanted[each].run)

    def _make_empty_states(self) -> None:
        go, run = self.context.go, self.context.run_action
        self._waiting = EmptyState(_("The plan is being made."))
        self._no_rigs = EmptyState(
            _("Enter your rigs, and this page shows when each should run."),
            _("Go to the fleet"),
            partial(go, "fleet"),
        )
        self._no_numbers = EmptyState(
            _("A plan is made as soon as price, difficulty, height and fees are known."),
            _("Ask the sources now"),
            partial(run, "network.poll"),
        )
        self._cannot = EmptyState("", _("Go to power"), partial(go, "power"))

    def _lay_out(self) -> None:
        self._stack = QStackedLayout()
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 12)
        box.setSpacing(8)
        box.addWidget(self.headline)
        beneath = QHBoxLayout()
        beneath.setSpacing(12)
        beneath.addWidget(self.below, 1)
        beneath.addWidget(self.improving)
        box.addLayout(beneath)
        box.addLayout(self._stack, 1)
        # Only now: a stack that has no place yet shows its first part in a window of its own.
        for part in (self._waiting, self.body, self._no_rigs, self._no_numbers, self._cannot):
            self._stack.addWidget(part)

    # --- which plan

    @property
    def _own_wanted(self) -> bool:
        """Whether what is asked here differs from what the desk plans."""
        asked = self.body.asked
        if not asked.what_if.is_real:
            return True
        if self._plan is None:
            return False
        held = self._plan.options
        return (held.hours, held.step_minutes) != (asked.hours, asked.step_minutes)

    def _ask(self) -> None:
        """Ask for a plan of one's own where one is wanted, else go back to the desk's."""
        if self._own_wanted and self._plan is not None:
            self.replanner.ask(self.body.asked)
        else:
            self._own = None
            self.replanner.stop()
            self.body.say("")
            self._show()

    def _plan_asked(self) -> None:
        """Keep the horizon for all plans to come, and show it at once."""
        services, asked = self.context.services, self.body.asked
        kept = services.settings.with_value("plan.hours", asked.hours)
        try:
            services.change_settings(kept.with_value("plan.step_minutes", asked.step_minutes))
        except MinerdeskError as error:
            self.context.toast(str(error), "error")
        self._ask()

    @Slot(object)
    def _answered(self, plan: Plan) -> None:
        if plan.cannot:
            # What was drawn stays, with the sliders that lead back.
            self._refused(plan.cannot)
            return
        self.body.say("")
        self._own = plan
        self._show()
        self.draw_clock(self.context.now())

    @Slot(str)
    def _refused(self, sentence: str) -> None:
        self._own = None
        self._show()
        self.body.say(_("No such plan: {why}").format(why=sentence), "warn")

    @Slot()
    def _settle(self) -> None:
        """Keep the plan that is shown."""
        if self.replanner.improving:
            self.replanner.settle()
        else:
            self.context.run_action("plan.settle")

    @Slot()
    def _say_busy(self) -> None:
        if self.replanner.busy:
            self.body.say(_("re-planning…"))
        elif self.body.note.property("tone") != "warn":
            self.body.say("")

    @staticmethod
    def _lacks_numbers(found: Evaluation) -> bool:
        """Whether there are rigs and no figures of them; an empty book is told in the middle."""
        return found.figures is None and found.standing is not Standing.EMPTY

    def _words(self) -> PlanWords | None:
        """Return the words of the plan that is shown, where there is one to speak of."""
        empty = self._evaluation is not None and self._evaluation.standing is Standing.EMPTY
        if self._shown is None or empty:
            return None
        scene = self.body.scene
        if scene is not None and scene.plan is self._shown:
            return scene.words
        return PlanWords(self._shown, self.context.formats, self.body.controls.time_zone)

    def _show(self) -> None:
        plan = self._own if self._own_wanted and self._own is not None else self._plan
        drawn = plan if plan is not None and not plan.cannot and plan.sites else None
        changed, self._shown = plan is not self._shown, plan
        if drawn is not None and changed:
            self.body.show_plan(drawn)
        self._stack.setCurrentWidget(self._part(plan))
        if plan is not None and plan.cannot:
            self._cannot.say(plan.cannot)
            self.body.forget()

    def _part(self, plan: Plan | None) -> QWidget:
        """Return what stands under the headline."""
        evaluation = self._evaluation
        if evaluation is not None and evaluation.standing is Standing.EMPTY:
            return self._no_rigs
        if plan is not None:
            return self._cannot if plan.cannot else self.body
        if evaluation is not None and evaluation.figures is None:
            return self._no_numbers
        return self._waiting

    @Slot(bool)
    def _choose_every(self, every: bool) -> None:
        self.exporting.every_move = every

    @Slot(object)
    def _pin(self, pin: Pin) -> None:
        """Pin what is selected; where that is refused, the button of what holds is pressed."""
        self.pins.set(pin)
        self.body.pin_row.check(self.pins.held())

    def _go_to_fleet(self) -> None:
        self.context.go("fleet", group=self.selection.group_id)
