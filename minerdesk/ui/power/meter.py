"""The section of what the meter said, by month: the tier and peak that hold now, and past peaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from minerdesk.domain.errors import UserError
from minerdesk.domain.sites import ChargePeak, MeteredMonth, Site
from minerdesk.domain.text import _
from minerdesk.services.power.calendar import month_of
from minerdesk.services.power.typed_lists import (
    parse_moment,
    parse_month,
    parse_peaks,
    write_moment,
    write_peaks,
)
from minerdesk.ui.power.rows import Column, RowsField
from minerdesk.ui.power.section import Section
from minerdesk.ui.widgets.forms import Entry
from minerdesk.ui.widgets.typing import Typing

MONTH, KWH, PEAK, READ_AT, PEAKS, REVENUE = range(6)


class MeterSection(Section):
    """What the meter said, by month. A reading of the present month is of a moment."""

    holds: ClassVar[tuple[str, ...]] = ("metered", "time_zone")

    def __init__(self, typing: Typing, now: Callable[[], datetime]) -> None:
        super().__init__(
            _("Meter readings"),
            _("Past months feed ratchets; the present month's says which tier and peak hold now."),
            typing,
            removable=False,
        )
        self._now = now
        self._site: Site | None = None
        self._charges: tuple[str, ...] = ()
        self._kept: dict[str, MeteredMonth] = {}
        self.months = RowsField(
            _("By month"),
            (
                Column(_("Month"), "2026-01", parse_month, str),
                Column(_("kWh used"), typing.formats.count(3_600_000), typing.number, typing.write),
                Column(
                    _("Highest demand, kW"), typing.formats.count(5_200), typing.kw, typing.write
                ),
                Column(
                    _("Read at, in the present month"),
                    _("now"),
                    self._read_moment,
                    self._write_moment,
                    may_be_empty=True,
                    width=3,
                ),
                Column(
                    _("By charge, where they differ, and coincident peaks"),
                    _("on-peak: 4,800; all hours: 5,200"),
                    self._read_peaks,
                    lambda peaks: write_peaks(peaks, typing.write),
                    may_be_empty=True,
                    empty=(),
                    width=4,
                ),
                Column(
                    _("Revenue, for a host's share"),
                    typing.formats.count(250_000),
                    typing.money,
                    typing.write,
                    may_be_empty=True,
                ),
            ),
            add=_("Add a month"),
        )
        self.months.edited.connect(self.changed)
        self.body.addWidget(self.months)

    def show_charges(self, names: Sequence[str]) -> None:
        """Say which demand charges and coincident peaks the contract has."""
        self._charges = tuple(names)

    def fill(self, subject: Site) -> None:
        """Show the readings."""
        self._site = subject
        self._kept = {each.month: each for each in subject.metered}
        self.months.show_rows(
            [
                (each.month, each.kwh, each.peak_kw, each.as_of, each.peaks, each.revenue)
                for each in subject.metered
            ]
        )

    def read(self, subject: Site) -> dict[str, object]:
        """Return the readings as they are typed, each month once, the oldest first."""
        self._site = subject
        rows = self.months.read(self._month)
        seen: set[str] = set()
        for row in rows:
            if row.month in seen:
                raise ValueError(f"month {row.month} stands there twice; keep one of the two")
            seen.add(row.month)
        self._kept = {row.month: row for row in rows}
        self._show_moments()
        return {
            "metered": tuple(sorted(rows, key=lambda each: each.month)),
            "time_zone": subject.time_zone,
        }

    def _month(
        self,
        month: str,
        kwh: float,
        peak_kw: float,
        as_of: datetime | None,
        peaks: tuple[ChargePeak, ...],
        revenue: float | None,
    ) -> MeteredMonth:
        kept = self._kept.get(month)
        now = self._now()
        if kept is not None and kept.as_of is not None and as_of is not None:
            told = (kept.kwh, kept.peak_kw, kept.peaks)
            if self._write_moment(kept.as_of) == self._write_moment(as_of):
                # Other numbers beside the old moment are of now; the same keep its seconds.
                as_of = kept.as_of if told == (kwh, peak_kw, peaks) else None
        if self._site is not None and month != month_of(self._site, now):
            as_of = None if kept is None else kept.as_of
        elif as_of is None:
            as_of = now
        return MeteredMonth(month, kwh, peak_kw, peaks, as_of, revenue)

    def _show_moments(self) -> None:
        """Write the moments that were taken for empty fields."""
        for row in self.months.rows:
            month, field = row.fields[MONTH], row.fields[READ_AT]
            if isinstance(month, Entry) and isinstance(field, Entry):
                kept = self._kept.get(month.text)
                as_of = None if kept is None else kept.as_of
                field.line.setText("" if as_of is None else self._write_moment(as_of))

    def _read_moment(self, text: str) -> datetime:
        found = parse_moment(text, self._zone)
        if found > self._now():
            sentence = _("{text} is still to come; a meter is read now or before.")
            raise UserError(sentence.format(text=text.strip()), value=text)
        return found

    def _write_moment(self, moment: datetime) -> str:
        return write_moment(moment, self._zone)

    def _read_peaks(self, text: str) -> tuple[ChargePeak, ...]:
        return parse_peaks(text, self._charges, self.typing.kw)

    @property
    def _zone(self) -> str:
        return "UTC" if self._site is None else self._site.time_zone
