"""Sections of what power costs by its peak: demand charges and coincident peaks."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from minerdesk.domain.calendar import COUNTS, DOES_NOT, Calendar
from minerdesk.domain.tariff import (
    INTERVALS_MINUTES,
    CoincidentPeak,
    DemandCharge,
    DemandTier,
    PeakHours,
    Ratchet,
)
from minerdesk.domain.text import _
from minerdesk.services.power.parts import Part, counting
from minerdesk.services.power.typed_lists import parse_hour, parse_months, write_months
from minerdesk.ui.power.blocks import Block, BlocksSection
from minerdesk.ui.power.calendar_grids import CalendarGrids
from minerdesk.ui.power.paint_grid import Paint
from minerdesk.ui.power.rows import Column, RowsField
from minerdesk.ui.power.section import read_field, read_or_none, watch_line
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.forms import Entry, Grid, combo
from minerdesk.ui.widgets.typing import Typing


class DemandBlock(Block[DemandCharge]):
    """One demand charge."""

    def __init__(self, typing: Typing, theme: Theme) -> None:
        super().__init__(_("Demand charge"), typing)
        grid = Grid()
        self.name = grid.add_entry(_("Name"), hint=_("peak demand"))
        self.interval = combo(
            _("Metered as the mean of"),
            [(_("{n} minutes").format(n=each), each) for each in INTERVALS_MINUTES],
        )
        self.interval.activated.connect(lambda _index: self.changed())
        grid.add(_("Metered as the mean of"), self.interval)
        self.tiers = RowsField(
            _("Price by kW"),
            (
                Column(
                    _("Up to kW (empty: without end)"),
                    _("without end"),
                    typing.kw,
                    typing.write,
                    may_be_empty=True,
                ),
                Column(
                    _("Per kW and month"),
                    typing.formats.number(12.5, 2),
                    typing.money,
                    typing.write,
                ),
            ),
            add=_("Add a tier"),
        )
        self.some_hours = QCheckBox(_("Only some hours count"))
        self.grids = CalendarGrids(_("Demand charge"), theme)
        self._brush = COUNTS
        self._paint(COUNTS)
        self.body.addWidget(grid)
        self.body.addWidget(self.tiers)
        self.body.addWidget(self.some_hours)
        self.body.addWidget(self.grids)
        self.body.addWidget(self._ratchet())
        watch_line(self.name.line, self.changed)
        self.tiers.edited.connect(self.changed)
        self.grids.edited.connect(self.changed)
        self.grids.brush_wanted.connect(self._paint)
        self.some_hours.toggled.connect(self.grids.setVisible)
        self.some_hours.clicked.connect(self.changed)
        self.grids.setVisible(False)

    def show_clause(self, clause: DemandCharge) -> None:
        """Show a demand charge."""
        write = self.typing.write
        self.name.line.setText(clause.name)
        self.interval.setCurrentIndex(self.interval.findData(clause.interval_minutes))
        self.tiers.show_rows([(tier.up_to_kw, tier.per_kw) for tier in clause.tiers])
        self.some_hours.setChecked(clause.calendar is not None)
        calendar = clause.calendar or counting(13, 19)
        self.grids.holidays.setChecked(bool(calendar.holiday))
        self.grids.show_calendar(calendar)
        ratchet = clause.ratchet
        self.ratchet.setChecked(ratchet is not None)
        if ratchet is not None:
            self.fraction.line.setText(self.typing.write_share(ratchet.fraction))
            self.months.line.setText(write(ratchet.months))
            self.of_months.line.setText(write_months(ratchet.of_months))

    def read(self) -> DemandCharge:
        """Return the demand charge as it is typed."""
        tiers = self.tiers.read(lambda up_to, per_kw: DemandTier(per_kw, up_to))
        return DemandCharge(
            self.name.text or _("demand"),
            tiers,
            int(self.interval.currentData()),
            self._calendar(),
            self._read_ratchet() if self.ratchet.isChecked() else None,
        )

    def _calendar(self) -> Calendar | None:
        return self.grids.calendar if self.some_hours.isChecked() else None

    def _read_ratchet(self) -> Ratchet:
        fraction = read_field(self.fraction, self.typing.share)
        months = read_field(self.months, self.typing.whole)
        return Ratchet(fraction, months, read_field(self.of_months, parse_months))

    def _paint(self, key: str) -> None:
        names = ((COUNTS, _("counts"), 0), (DOES_NOT, _("does not count"), 5))
        self.grids.set_paints([Paint(*each) for each in names], key)

    def _ratchet(self) -> QWidget:
        self.ratchet = QCheckBox(_("Ratchet: at least"))
        self.fraction = _short(
            _("Share of the highest past peak"), "80", self.typing.formats.percent(0.8, 0)
        )
        self.months = _short(_("Months the ratchet looks back"), "11", "11")
        self.of_months = _short(_("Months whose peaks count"), "", _("all"))
        words = (
            label(_("% of the highest peak of the last")),
            label(_("months")),
            label(_("counting peaks in months")),
        )
        made = QWidget()
        lines = QVBoxLayout(made)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        for inset, parts in (
            (0, (self.ratchet, self.fraction, words[0], self.months, words[1])),
            (24, (words[2], self.of_months)),
        ):
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addSpacing(inset)
            for part in parts:
                line.addWidget(part)
            line.addStretch(1)
            lines.addLayout(line)
        entries = (self.fraction, self.months, self.of_months)
        for entry in entries:
            watch_line(entry.line, self.changed)
        for part in (*words, *entries):
            part.setEnabled(False)
            self.ratchet.toggled.connect(part.setEnabled)
        self.ratchet.clicked.connect(self.changed)
        return made


class DemandSection(BlocksSection):
    """Every demand charge."""

    holds: ClassVar[tuple[str, ...]] = ("demand",)

    def __init__(self, part: Part, typing: Typing, theme: Theme) -> None:
        self._theme = theme
        super().__init__(part, typing, _("Add a demand charge"))

    def make_block(self) -> Block[Any]:
        """Return an empty block."""
        return DemandBlock(self.typing, self._theme)

    def first_clause(self) -> DemandCharge:
        """Return a charge over all hours that costs nothing yet."""
        return DemandCharge(_("demand"), (DemandTier(0.0),))


class CoincidentBlock(Block[CoincidentPeak]):
    """One coincident peak charge."""

    def __init__(self, typing: Typing) -> None:
        super().__init__(_("Coincident peak charge"), typing)
        grid = Grid()
        self.name = grid.add_entry(_("Name"), hint="4CP")
        self.per_kw = grid.add_entry(
            _("Price"), hint="50", note=_("per kW and year, drawn in all of the charged peaks")
        )
        self.peaks = grid.add_entry(
            _("Charged peaks"), hint="4", note=_("a year, each weighs the same")
        )
        self.hours = RowsField(
            _("Hours in which the grid may peak"),
            (
                Column(_("Months"), "6-9", parse_months, write_months, width=3),
                Column(_("From hour"), "15", parse_hour, str),
                Column(_("To hour"), "18", parse_hour, str),
                Column(
                    _("Chance of each hour"),
                    typing.formats.percent(0.016),
                    typing.share,
                    typing.write_share,
                ),
                Column(_("Days"), choices=((_("weekdays"), True), (_("all days"), False))),
            ),
            add=_("Add hours"),
        )
        self.body.addWidget(grid)
        self.body.addWidget(self.hours)
        for entry in (self.name, self.per_kw, self.peaks):
            watch_line(entry.line, self.changed)
        self.hours.edited.connect(self.changed)

    def show_clause(self, clause: CoincidentPeak) -> None:
        """Show a coincident peak charge."""
        self.name.line.setText(clause.name)
        self.per_kw.line.setText(self.typing.write(clause.per_kw_year))
        self.peaks.line.setText(self.typing.write(clause.peaks_per_year))
        self.hours.show_rows(
            [
                (each.months, each.from_hour, each.to_hour, each.probability, each.weekdays_only)
                for each in clause.hours
            ]
        )

    def read(self) -> CoincidentPeak:
        """Return the charge as it is typed."""
        hours = self.hours.read(
            lambda months, begin, end, chance, weekdays: PeakHours(
                months, begin, end, chance, bool(weekdays)
            )
        )
        return CoincidentPeak(
            self.name.text or "4CP",
            read_field(self.per_kw, self.typing.money),
            hours,
            read_or_none(self.peaks, self.typing.whole) or 4,
        )


class CoincidentSection(BlocksSection):
    """Every coincident peak charge."""

    holds: ClassVar[tuple[str, ...]] = ("coincident",)

    def __init__(self, part: Part, typing: Typing) -> None:
        super().__init__(part, typing, _("Add a coincident peak charge"))

    def make_block(self) -> Block[Any]:
        """Return an empty block."""
        return CoincidentBlock(self.typing)

    def first_clause(self) -> CoincidentPeak:
        """Return one like ERCOT's that costs nothing yet."""
        return CoincidentPeak("4CP", 0.0, (PeakHours((6, 7, 8, 9), 15, 18, 0.016),), 4)


def _short(name: str, text: str, hint: str) -> Entry:
    entry = Entry(name, text=text, hint=hint)
    entry.line.setMinimumWidth(60)
    entry.setMaximumWidth(90)
    return entry
