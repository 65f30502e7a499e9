"""What the operator can do on the page, as data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from minerdesk.domain.rigs import Pin
from minerdesk.domain.text import _
from minerdesk.services.planning.plan import Plan
from minerdesk.ui.actions import Action
from minerdesk.ui.plan.body import PlanBody
from minerdesk.ui.plan.exporting import Exporting
from minerdesk.ui.plan.pins import Pins


def actions_of(
    body: PlanBody, pins: Pins, exporting: Exporting, go_to_fleet: Callable[[], None]
) -> list[Action]:
    """Return the page's actions; each is enabled where it has something to act on."""

    def planned() -> bool:
        return body.scene is not None

    def with_plan(run: Callable[[Plan], object]) -> Callable[[], object]:
        def handler() -> object:
            return None if body.scene is None else run(body.scene.plan)

        return handler

    def zone() -> tzinfo | None:
        return body.controls.time_zone

    def selected() -> bool:
        return bool(body.selection.group_id)

    def step(by: int) -> None:
        """Select the next or previous advised move."""
        moves = body.moves.advised.moves
        if not len(moves):
            return
        chosen = body.selection.move
        row = None if chosen is None else body.moves.advised.row_of(chosen)
        place = (0 if by > 0 else len(moves) - 1) if row is None else row + by
        body.selection.choose_move(moves[min(max(place, 0), len(moves) - 1)])

    bands = body.bands
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
        Action("plan.next", _("Next move"), lambda: step(1), "Ctrl+Down", enabled=planned),
        Action("plan.previous", _("Previous move"), lambda: step(-1), "Ctrl+Up", enabled=planned),
        Action(
            "plan.pin_on",
            _("Pin the selected group on"),
            lambda: pins.set(Pin.ON),
            icon="pin",
            enabled=lambda: pins.can(Pin.ON),
        ),
        Action(
            "plan.pin_off",
            _("Pin the selected group off"),
            lambda: pins.set(Pin.OFF),
            icon="pin",
            enabled=lambda: pins.can(Pin.OFF),
        ),
        Action(
            "plan.unpin",
            _("Unpin the selected group"),
            lambda: pins.set(Pin.FREE),
            enabled=lambda: pins.can(Pin.FREE),
        ),
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
        Action(
            "plan.bands.picture",
            _("{chart}: copy as picture").format(chart=bands.title),
            bands.copy_picture,
        ),
        Action(
            "plan.bands.table",
            _("{chart}: copy as table").format(chart=bands.title),
            bands.copy_table,
        ),
        Action(
            "plan.bands.csv",
            _("{chart}: save as CSV…").format(chart=bands.title),
            lambda: exporting.ask_table(_("Save prices and load"), "plan.csv", bands.table()),
            enabled=planned,
        ),
        Action(
            "plan.states.table",
            _("{chart}: copy as table").format(chart=_("States of the groups")),
            bands.gantt.copy_table,
        ),
        Action(
            "plan.states.csv",
            _("{chart}: save as CSV…").format(chart=_("States of the groups")),
            lambda: exporting.ask_table(_("Save states"), "states.csv", bands.gantt.table()),
            enabled=planned,
        ),
        Action(
            "plan.moves.table",
            _("{chart}: copy as table").format(chart=_("Moves")),
            body.moves.copy_table,
        ),
        Action(
            "plan.worth.table",
            _("{chart}: copy as table").format(chart=_("What the plan is worth")),
            body.worth.view.copy_table,
        ),
        Action(
            "plan.by_hand.table",
            _("{chart}: copy as table").format(chart=_("By hand")),
            body.by_hand.view.copy_table,
        ),
    ]
