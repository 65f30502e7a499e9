"""A price file is looked over before it is taken in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import available_timezones

from PySide6.QtWidgets import QWidget

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError
from minerdesk.domain.prices import PriceRows
from minerdesk.domain.text import _, ngettext
from minerdesk.services.power.series import Mapping, Preview, PriceUnit, look_over
from minerdesk.services.words.formats import Formats
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.forms import FormDialog, Grid, combo


class PricesDialog(FormDialog):
    """Says from when to when a file goes, its step, mean, extremes, negatives and holes.

    Args:
        path: the file.
        series: the name the prices are to be kept under.
        currency: what they are taken to be in at first.
        formats: of numbers and times.
        tasks: reads the file off the GUI thread.
        now: when it is read, UTC.
        keep: gets the name and the rows.
    """

    def __init__(
        self,
        path: Path,
        series: str,
        currency: str,
        keep: Callable[[str, PriceRows], object],
        parent: QWidget | None = None,
        *,
        formats: Formats,
        tasks: TaskRunner,
        now: datetime,
    ) -> None:
        super().__init__(_("Import prices"), _("Take these prices"), parent)
        self._path, self._formats, self._tasks, self._now = path, formats, tasks, now
        self._keep = keep
        self._preview: Preview | None = None
        self._token: CancelToken | None = None
        grid = Grid()
        self.series = grid.add_entry(
            _("Price series"), text=series, note=_("name they are kept under")
        )
        self.currency = grid.add_entry(_("Currency"), text=currency, hint="USD")
        self.time = combo(_("Column of times"), ())
        self.price = combo(_("Column of prices"), ())
        self.unit = combo(_("Prices are per"), _units())
        for box in (self.time, self.price, self.unit):
            grid.add(box.accessibleName(), box)
            box.activated.connect(lambda _index: self.look(mapped=True))
        self.zone = grid.add_entry(
            _("Time zone"), hint="America/Chicago", note=_("of times that have no offset")
        )
        self.zone.complete(sorted(available_timezones()))
        self.zone.line.editingFinished.connect(self._zone_left)
        self.currency.line.editingFinished.connect(self._currency_left)
        self.words = label(_("The file is being read."), wrap=True)
        self.body.addWidget(label(path.name, "muted"))
        self.body.addWidget(grid)
        self.body.addWidget(self.words)
        self.body.addStretch(1)
        self.accept_button.setEnabled(False)
        self.resize(640, 480)
        self.finished.connect(self._stop)
        self.look(mapped=False)

    @property
    def preview(self) -> Preview | None:
        """What the file holds as it is read now, or None while it is being read."""
        return self._preview

    def look(self, *, mapped: bool) -> None:
        """Read the file again, by the columns that are chosen where ``mapped``."""
        self._stop()
        # Enter in a field must not take what was read before the field was changed.
        self.accept_button.setEnabled(False)
        path, currency, now = self._path, self.currency.text.upper(), self._now
        mapping = self._mapping() if mapped else None
        self._token = self._tasks.start(
            "look over prices",
            lambda _token: look_over(path, currency, now, mapping),
            done=self._show,
            failed=self._fail,
        )

    def take(self) -> None:
        """Hand the rows on."""
        found = self._preview
        if found is None or found.rows is None or found.problem:
            raise UserError(self.complaint or _("These prices cannot be taken."))
        if not self.series.text:
            self.series.say(_("Write a name."))
            raise UserError(_("Write a name."))
        self._keep(self.series.text, found.rows)

    def _mapping(self) -> Mapping | None:
        if not self.time.count() or not self.price.count():
            return None
        unit = PriceUnit(self.unit.currentData())
        return Mapping(self.time.currentText(), self.price.currentText(), unit, self.zone.text)

    def _show(self, found: Preview) -> None:
        self._preview = found
        for box in (self.time, self.price):
            if not box.count():
                box.addItems(list(found.columns))
        mapping = found.mapping
        if mapping is not None:
            for box, header in ((self.time, mapping.time), (self.price, mapping.price)):
                lowered = [column.strip().lower() for column in found.columns]
                if header.strip().lower() in lowered:
                    box.setCurrentIndex(lowered.index(header.strip().lower()))
            self.unit.setCurrentIndex(max(0, self.unit.findData(mapping.unit)))
        elif len(found.columns) > 1:
            self.price.setCurrentIndex(1)
        choose = _("Or choose above which columns to take, and what the prices are per.")
        wanting = mapping is None and len(found.columns) > 1
        self.say(f"{found.problem} {choose}" if wanting and found.problem else found.problem)
        self.words.setText("" if found.rows is None else self._facts(found))
        self.accept_button.setEnabled(not found.problem and found.rows is not None)

    def _facts(self, found: Preview) -> str:
        number, currency = self._formats.number, self.currency.text.upper()
        said = _("{n} prices of {step} minutes from {begin} to {end}.").format(
            n=0 if found.rows is None else self._formats.count(len(found.rows.start_s)),
            step=found.step_minutes,
            begin="" if found.start is None else self._formats.date_time(found.start),
            end="" if found.end is None else self._formats.date_time(found.end),
        )
        sizes = _("Mean {mean}, from {low} to {high} {currency}/kWh.").format(
            mean=number(found.mean, 4),
            low=number(found.minimum, 4),
            high=number(found.maximum, 4),
            currency=currency,
        )
        signs = ngettext("{n} is negative.", "{n} are negative.", found.negatives)
        holes = ngettext("{n} hole.", "{n} holes.", len(found.holes))
        return "\n".join(
            (
                f"{said} {sizes}",
                f"{signs.format(n=found.negatives)} {holes.format(n=len(found.holes))}",
                *found.notes,
            )
        )

    def _fail(self, error: BaseException) -> None:
        self.words.setText("")
        self.say(error.sentence if isinstance(error, UserError) else str(error))

    def _zone_left(self) -> None:
        if self.zone.line.isModified():
            self.zone.line.setModified(False)
            self.look(mapped=True)

    def _currency_left(self) -> None:
        if self.currency.line.isModified():
            self.currency.line.setModified(False)
            self.look(mapped=bool(self._preview))

    def _stop(self) -> None:
        if self._token is not None:
            self._token.cancel()
            self._token = None


def _units() -> tuple[tuple[str, object], ...]:
    return (
        (_("kWh"), PriceUnit.KWH),
        (_("MWh"), PriceUnit.MWH),
        (_("kWh, in cents"), PriceUnit.CENT_KWH),
    )
