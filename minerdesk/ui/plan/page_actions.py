"""What the operator can do on the page, as data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from functools import partial

from minerdesk.domain.rigs import Pin
from minerdesk.domain.text import _
from minerdesk.services.planning.plan import Plan
from minerdesk.ui.actions import Action
from minerdesk.ui.plan.body import PlanBody
from minerdesk.ui.plan.exporting import Exporting
from minerdesk.ui.plan.pins import Pins

Enabled = Callable[[], bool]


def actions_of(
    body: PlanBody, pins: Pins, exporting: Exporting, go_to_fleet: Callable[[], None]
) -> list[Action]:
    """Return the page's actions; each is enabled where it has something to act on."""

    def planned() -> bool:
        return body.scene is not None

    return [
        *_exports(body, exporting, planned),
        Action("plan.next", _("Next move"), partial(_step, body, 1), "Ctrl+Down", enabled=planned),
        Action(
            "plan.previous",
            _("Previous move"),
            partial(_step, body, -1),
            "Ctrl+Up",
            enabled=planned,
        ),
        *_of_selection(body, pins, go_to_fleet),
        *_tables(body, exporting, planned),
    ]


def _exports(body: PlanBody, exporting: Exporting, planned: Enabled) -> list[Action]:
    def with_plan(run: Callable[[Plan], object]) -> Callable[[], object]:
        def handler() -> object:
            return None if body.scene is None else run(body.scene.plan)

        return handler

    def zone() -> tzinfo | None:
        return body.controls.time_zone

    return [
        Action(
            "plan.export.csv",
            _("Export moves as CSV…"),
            with_plan(exporting.ask_csv),
            enabled=planned,
            words=_("spreadsheet"),
        ),
        Action(
            "plan.export.calendar",
            _("Export moves as a calendar…"),
            with_plan(exporting.ask_calendar),
            enabled=planned,
            tip=_("iCalendar: a phone reminds ten minutes before each move"),
            words="ics ical phone",
        ),
        Action(
            "plan.export.text",
            _("Export moves as text…"),
            with_plan(lambda plan: exporting.ask_text(plan, zone())),
            enabled=planned,
        ),
        Action(
            "plan.copy",
            _("Copy moves as text"),
            with_plan(lambda plan: exporting.copy_text(plan, zone())),
            enabled=planned,
        ),
    ]


def _step(body: PlanBody, by: int) -> None:
    """Select the next or previous advised move."""
    moves = body.moves.advised.moves
    if not len(moves):
        return
    chosen = body.selection.move
    row = None if chosen is None else body.moves.advised.row_of(chosen)
    place = (0 if by > 0 else len(moves) - 1) if row is None else row + by
    body.selection.choose_move(moves[min(max(place, 0), len(moves) - 1)])


def _of_selection(body: PlanBody, pins: Pins, go_to_fleet: Callable[[], None]) -> list[Action]:
    def selected() -> bool:
        return bool(body.selection.group_id)

    def pin(name: str, text: str, to: Pin, icon: str = "") -> Action:
        return Action(name, text, partial(pins.set, to), icon=icon, enabled=partial(pins.can, to))

    return [
        pin("plan.pin_on", _("Pin the selected group on"), Pin.ON, "pin"),
        pin("plan.pin_off", _("Pin the selected group off"), Pin.OFF, "pin"),
        pin("plan.unpin", _("Unpin the selected group"), Pin.FREE),
        Action(
            "plan.as_it_is",
            _("What if: put the sliders back"),
            body.sliders.reset,
            enabled=lambda: not body.sliders.what_if.is_real,
        ),
        Action(
            "plan.fleet",
            _("Show the selected group in the fleet"),
            go_to_fleet,
            enabled=selected,
        ),
        Action(
            "plan.none",
            _("Select no group"),
            lambda: body.selection.choose(""),
            enabled=selected,
        ),
    ]


def _tables(body: PlanBody, exporting: Exporting, planned: Enabled) -> list[Action]:
    bands, states = body.bands, _("States of the groups")

    def table(name: str, chart: str, copy: Callable[[], object]) -> Action:
        return Action(name, _("{chart}: copy as table").format(chart=chart), copy)

    def csv(name: str, chart: str, save: Callable[[], object]) -> Action:
        return Action(name, _("{chart}: save as CSV…").format(chart=chart), save, enabled=planned)

    def save_bands() -> None:
        exporting.ask_table(_("Save prices and load"), "plan.csv", bands.table())

    def save_states() -> None:
        exporting.ask_table(_("Save states"), "states.csv", bands.gantt.table())

    picture = _("{chart}: copy as picture").format(chart=bands.title)
    return [
        Action("plan.bands.picture", picture, bands.copy_picture),
        table("plan.bands.table", bands.title, bands.copy_table),
        csv("plan.bands.csv", bands.title, save_bands),
        table("plan.states.table", states, bands.gantt.copy_table),
        csv("plan.states.csv", states, save_states),
        table("plan.moves.table", _("Moves"), body.moves.copy_table),
        table("plan.worth.table", _("What the plan is worth"), body.worth.view.copy_table),
        table("plan.by_hand.table", _("By hand"), body.by_hand.view.copy_table),
    ]
