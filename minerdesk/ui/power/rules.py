"""Sections of a site's rules: power limits, quiet hours, events, the meter, costs of starting."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from minerdesk.domain.book import Assumptions
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import RigModel
from minerdesk.domain.sites import Event, QuietHours, Site
from minerdesk.domain.starts import DEFAULT_STARTS, StartCosts
from minerdesk.domain.text import _
from minerdesk.services.power.typed_lists import (
    parse_days,
    parse_hour,
    parse_moment,
    write_days,
    write_moment,
)
from minerdesk.ui.power.rows import Column, RowsField
from minerdesk.ui.power.section import Section, read_or_none
from minerdesk.ui.widgets.basics import button, label
from minerdesk.ui.widgets.forms import Entry, Grid
from minerdesk.ui.widgets.start_fields import read_start, start_fields
from minerdesk.ui.widgets.typing import Typing

_DAYS_LEFT_OUT: Final = ()


class LimitsSection(Section):
    """How much the site may and must draw, and how fast that may change."""

    holds: ClassVar[tuple[str, ...]] = ("limit_kw", "least_kw", "ramp_kw", "expected_peak_kw")

    def __init__(self, typing: Typing) -> None:
        super().__init__(
            _("Power of the site"),
            _("The plan keeps the whole site, PUE, idle rigs and fixed load included, inside."),
            typing,
            removable=False,
        )
        grid = Grid()
        self.limit = self.add_entry(
            grid, _("Limit"), hint=_("none"), note=_("kW the site may draw; 18.5 MW is understood")
        )
        self.least = self.add_entry(grid, _("Least load"), hint="0", note=_("kW it must draw"))
        self.ramp = self.add_entry(
            grid, _("Ramp"), hint=_("none"), note=_("kW it may change from step to step")
        )
        self.peak = self.add_entry(
            grid,
            _("Expected peak"),
            hint=_("what the meter has reached"),
            note=_("kW the month will reach anyway; demand up to it costs nothing more"),
        )
        self.body.addWidget(grid)

    def fill(self, subject: Site) -> None:
        """Show the limits."""
        for entry, value in (
            (self.limit, subject.limit_kw),
            (self.least, subject.least_kw),
            (self.ramp, subject.ramp_kw),
            (self.peak, subject.expected_peak_kw),
        ):
            entry.line.setText(self.typing.write(value))
            entry.say("")

    def read(self, subject: Site) -> dict[str, object]:
        """Return the limits as they are typed."""
        del subject
        kw = self.typing.kw
        return {
            "limit_kw": read_or_none(self.limit, kw),
            "least_kw": read_or_none(self.least, kw) or 0.0,
            "ramp_kw": read_or_none(self.ramp, kw),
            "expected_peak_kw": read_or_none(self.peak, kw),
        }


class QuietSection(Section):
    """Hours in which nothing may start."""

    holds: ClassVar[tuple[str, ...]] = ("no_start",)

    def __init__(self, typing: Typing) -> None:
        super().__init__(
            _("Quiet hours"),
            _("Hours in which nothing may start, for noise or for want of staff."),
            typing,
            removable=False,
        )
        self.hours = RowsField(
            _("Hours, in the site's own time; an end before the start is the next day's"),
            (
                Column(_("From hour"), "22", parse_hour, str),
                Column(_("To hour"), "6", parse_hour, str),
                Column(
                    _("Days (empty: all)"),
                    "Mon-Fri",
                    parse_days,
                    write_days,
                    may_be_empty=True,
                    empty=_DAYS_LEFT_OUT,
                    width=3,
                ),
                Column(_("Reason"), _("noise"), may_be_empty=True, empty="", width=3),
            ),
            add=_("Add quiet hours"),
        )
        self.hours.edited.connect(self.changed)
        self.body.addWidget(self.hours)

    def fill(self, subject: Site) -> None:
        """Show the quiet hours."""
        self.hours.show_rows(
            [(each.from_hour, each.to_hour, each.days, each.reason) for each in subject.no_start]
        )

    def read(self, subject: Site) -> dict[str, object]:
        """Return the quiet hours as they are typed."""
        del subject
        return {"no_start": self.hours.read(QuietHours)}


class EventsSection(Section):
    """Spans of time that must be obeyed."""

    holds: ClassVar[tuple[str, ...]] = ("events", "time_zone")

    def __init__(self, typing: Typing) -> None:
        super().__init__(
            _("Events"),
            _("Spans in which the site must draw no more than so much, such as a grid's call."),
            typing,
            removable=False,
        )
        self._zone = "UTC"
        self._programmes: tuple[str, ...] = ()
        self.events = RowsField(
            _("Times on the site's wall clock"),
            (
                Column(_("Name"), _("grid call"), width=3),
                Column(_("Begin"), "2026-06-01 15:00", self._read, self._write, width=3),
                Column(_("End"), "2026-06-01 18:00", self._read, self._write, width=3),
                Column(_("At most kW"), "0", typing.kw, typing.write, may_be_empty=True, empty=0.0),
                Column(
                    _("Paid by programme"),
                    _("none"),
                    self._programme,
                    may_be_empty=True,
                    empty="",
                    width=3,
                ),
            ),
            add=_("Add an event"),
        )
        self.events.edited.connect(self.changed)
        self.body.addWidget(self.events)

    def show_programmes(self, names: Sequence[str]) -> None:
        """Say which curtailment programmes the contract has."""
        self._programmes = tuple(names)

    def fill(self, subject: Site) -> None:
        """Show the events."""
        self._zone = subject.time_zone
        self.events.show_rows(
            [
                (each.name, each.start, each.end, each.most_kw, each.programme)
                for each in subject.events
            ]
        )

    def read(self, subject: Site) -> dict[str, object]:
        """Return the events as they are typed."""
        return {"events": self.events.read(Event), "time_zone": subject.time_zone}

    def _programme(self, text: str) -> str:
        for name in self._programmes:
            if name.casefold() == text.casefold():
                return name
        sentence = _("The contract has no programme “{text}”; it has {names}.")
        if not self._programmes:
            sentence = _("The contract has no programme; add a curtailment credit to it first.")
        names = ", ".join(self._programmes)
        raise UserError(sentence.format(text=text, names=names), value=text)

    def _read(self, text: str) -> object:
        return parse_moment(text, self._zone)

    def _write(self, moment: object) -> str:
        return write_moment(moment, self._zone)  # type: ignore[arg-type] # a datetime, as `_read`


class StartsSection(Section):
    """What a start and a stop cost, of one site or of the whole book.

    Signals:
        by_model_wanted(): the values of single rig models are to be shown.
    """

    holds: ClassVar[tuple[str, ...]] = ("starts",)
    by_model_wanted = Signal()

    def __init__(self, typing: Typing, *, of_book: bool) -> None:
        title = _("Costs of starting, everywhere") if of_book else _("Costs of starting here")
        explains = (
            _("What holds at every site that says nothing itself.")
            if of_book
            else _("Empty fields take what holds everywhere.")
        )
        super().__init__(title, explains, typing, removable=False)
        self._of_book = of_book
        grid = Grid()
        self.entries: dict[str, Entry] = {
            name: self.add_entry(grid, title, note=note) for name, title, note in start_fields()
        }
        self.body.addWidget(grid)
        self.own = label("", "muted", wrap=True)
        self.by_model = button(_("By rig model…"), self.by_model_wanted.emit)
        self.by_model.setToolTip(_("A model's own values stand over the site's and the book's"))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.by_model)
        row.addWidget(self.own, 1)
        self.body.addLayout(row)

    def fill(self, subject: Site | Assumptions) -> None:
        """Show the costs; a site's empty fields show what stands there as a hint."""
        starts = subject.starts or StartCosts()
        for name, entry in self.entries.items():
            entry.line.setText(self.typing.write(getattr(starts, name)))
            entry.say("")

    def show_wider(self, wider: StartCosts) -> None:
        """Show what holds where a field is empty."""
        for name, entry in self.entries.items():
            value, default = getattr(wider, name), getattr(DEFAULT_STARTS, name)
            hint = self.typing.write(default if value is None else value)
            entry.line.setPlaceholderText(hint)
            words = (
                _("{value} by default") if value in {None, default} else _("{value} from the book")
            )
            entry.line.setToolTip(_("Empty: {value}").format(value=words.format(value=hint)))

    def show_models(self, models: Sequence[RigModel]) -> None:
        """Say which of the rig models stand over what is shown here."""
        named = [model.name for model in models if model.starts is not None]
        sentence = _("Values of their own: {models}.").format(models=", ".join(named))
        self.own.setText(sentence if named else "")
        self.by_model.setEnabled(bool(models))

    def read(self, subject: Site | Assumptions) -> dict[str, object]:
        """Return the costs as they are typed."""
        del subject
        typed: dict[str, Any] = {
            name: read_or_none(entry, partial(read_start, name, typing=self.typing))
            for name, entry in self.entries.items()
        }
        starts = StartCosts(**typed)
        if self._of_book:
            return {"starts": starts.over(DEFAULT_STARTS)}
        return {"starts": None if starts == StartCosts() else starts}
