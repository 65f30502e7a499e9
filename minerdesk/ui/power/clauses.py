"""Sections of a few fields each: fixed charges, blocks, hosting, credits, holidays."""

from __future__ import annotations

from typing import ClassVar

from minerdesk.domain.tariff import (
    CurtailmentCredit,
    FixedCharge,
    HeatCredit,
    Holidays,
    Hosting,
    HostingBasis,
    TakeOrPay,
    Tariff,
    Unused,
)
from minerdesk.domain.text import _
from minerdesk.services.power.calendar import check_holidays
from minerdesk.services.power.parts import Part
from minerdesk.services.power.typed_lists import parse_dates, write_dates
from minerdesk.ui.power.paint_grid import month_names
from minerdesk.ui.power.rows import Column, RowsField
from minerdesk.ui.power.section import Section, read_field, read_or_none
from minerdesk.ui.widgets.forms import Grid, combo
from minerdesk.ui.widgets.typing import Typing


class FixedSection(Section):
    """Money each month, and the least a bill comes to."""

    holds: ClassVar[tuple[str, ...]] = ("fixed", "minimum_per_month")

    def __init__(self, part: Part, typing: Typing) -> None:
        super().__init__(part.title, part.explains, typing)
        self.charges = RowsField(
            _("Fixed charges"),
            (
                Column(_("Name"), _("customer charge"), width=3),
                Column(_("Amount a month"), "500", typing.money, typing.write),
            ),
            add=_("Add a fixed charge"),
        )
        self.charges.edited.connect(self.changed)
        grid = Grid()
        self.minimum = self.add_entry(
            grid, _("Minimum"), hint=_("none"), note=_("money a month; empty for none")
        )
        self.body.addWidget(self.charges)
        self.body.addWidget(grid)

    def fill(self, subject: Tariff) -> None:
        """Show the charges."""
        self.charges.show_rows([(each.name, each.per_month) for each in subject.fixed])
        self.minimum.line.setText(self.typing.write(subject.minimum_per_month))

    def read(self, subject: Tariff) -> dict[str, object]:
        """Return the charges as they are typed."""
        del subject
        return {
            "fixed": self.charges.read(FixedCharge),
            "minimum_per_month": read_or_none(self.minimum, self.typing.money),
        }


class TakeOrPaySection(Section):
    """A block that is paid whether it is used or not."""

    holds: ClassVar[tuple[str, ...]] = ("take_or_pay",)

    def __init__(self, part: Part, typing: Typing) -> None:
        super().__init__(part.title, part.explains, typing)
        grid = Grid()
        self.kw = self.add_entry(grid, _("Block"), hint="10 MW", note=_("kW in every hour"))
        self.price = self.add_entry(
            grid, _("Price"), hint=typing.shown(0.045), note=_("per kWh of the block")
        )
        self.unused = combo(
            _("What is not used"),
            (
                (_("is lost"), Unused.LOST),
                (_("is sold back at a price"), Unused.SOLD),
                (_("is sold back at the index less a fee"), Unused.SOLD_AT_INDEX),
            ),
        )
        self.unused.activated.connect(lambda _index: self.changed())
        grid.add(_("What is not used"), self.unused)
        self.sold = self.add_entry(
            grid,
            _("Price or fee"),
            hint="0",
            note=_("per kWh sold back; with the index the fee taken off it"),
        )
        self.body.addWidget(grid)

    def fill(self, subject: Tariff) -> None:
        """Show the block."""
        block = subject.take_or_pay
        if block is not None:
            self.kw.line.setText(self.typing.write(block.kw))
            self.price.line.setText(self.typing.write(block.per_kwh))
            self.unused.setCurrentIndex(self.unused.findData(block.unused))
            self.sold.line.setText(self.typing.write(block.sold_per_kwh))

    def read(self, subject: Tariff) -> dict[str, object]:
        """Return the block as it is typed."""
        del subject
        price = self._price
        return {
            "take_or_pay": TakeOrPay(
                read_field(self.kw, self.typing.kw),
                read_field(self.price, price),
                Unused(self.unused.currentData()),
                read_or_none(self.sold, price) or 0.0,
            )
        }

    def _price(self, text: str) -> float:
        return self.typing.price(text, self.currency)


class HostingSection(Section):
    """A host's price and share."""

    holds: ClassVar[tuple[str, ...]] = ("hosting",)

    def __init__(self, part: Part, typing: Typing) -> None:
        super().__init__(part.title, part.explains, typing)
        grid = Grid()
        self.price = self.add_entry(grid, _("Price"), hint=typing.shown(0.078), note=_("per kWh"))
        self.basis = combo(
            _("The host bills"),
            (
                (_("what the rigs draw (metered)"), HostingBasis.METERED),
                (_("the nameplate, whether rigs run or not"), HostingBasis.NAMEPLATE),
            ),
        )
        self.basis.activated.connect(lambda _index: self.changed())
        grid.add(_("The host bills"), self.basis)
        self.share = self.add_entry(
            grid,
            _("Profit share"),
            hint=typing.formats.percent(0, 0),
            note=_("% of revenue less power, to the host"),
        )
        self.body.addWidget(grid)

    def fill(self, subject: Tariff) -> None:
        """Show the host's terms."""
        hosting = subject.hosting
        if hosting is not None:
            self.price.line.setText(self.typing.write(hosting.per_kwh))
            self.basis.setCurrentIndex(self.basis.findData(hosting.basis))
            self.share.line.setText(self.typing.write_share(hosting.profit_share))

    def read(self, subject: Tariff) -> dict[str, object]:
        """Return the host's terms as they are typed."""
        del subject
        return {
            "hosting": Hosting(
                read_field(self.price, lambda text: self.typing.price(text, self.currency)),
                HostingBasis(self.basis.currentData()),
                read_or_none(self.share, self.typing.share) or 0.0,
            )
        }


class CurtailmentSection(Section):
    """What is paid for power given back."""

    holds: ClassVar[tuple[str, ...]] = ("curtailment",)

    def __init__(self, part: Part, typing: Typing) -> None:
        super().__init__(part.title, part.explains, typing)
        self.credits = RowsField(
            _("Programmes; the site's events name the one that pays for them"),
            (
                Column(_("Programme"), _("demand response"), width=3),
                Column(_("kW enrolled"), "5 MW", typing.kw, typing.write),
                _money(_("Per kW and month"), "4", typing),
                _money(_("Per kWh under the baseline"), typing.shown(0.5), typing),
                Column(_("Baseline kW"), _("all on"), typing.kw, typing.write, may_be_empty=True),
            ),
            add=_("Add a programme"),
        )
        self.credits.edited.connect(self.changed)
        self.body.addWidget(self.credits)

    def fill(self, subject: Tariff) -> None:
        """Show the programmes."""
        self.credits.show_rows(
            [
                (each.name, each.kw, each.per_kw_month, each.per_kwh, each.baseline_kw)
                for each in subject.curtailment
            ]
        )

    def read(self, subject: Tariff) -> dict[str, object]:
        """Return the programmes as they are typed."""
        del subject
        return {"curtailment": self.credits.read(CurtailmentCredit)}


class HeatSection(Section):
    """What heat is worth by month."""

    holds: ClassVar[tuple[str, ...]] = ("heat",)

    def __init__(self, part: Part, typing: Typing) -> None:
        super().__init__(part.title, part.explains, typing)
        self.months = RowsField(
            _("Worth of the heat of one kWh, January to December"),
            [
                Column(month, "0", self._price, typing.write, may_be_empty=True, empty=0.0)
                for month in month_names()
            ],
            fixed=True,
        )
        self.months.edited.connect(self.changed)
        self.body.addWidget(self.months)

    def fill(self, subject: Tariff) -> None:
        """Show the twelve months."""
        if subject.heat is not None:
            self.months.show_rows([subject.heat.per_kwh])

    def read(self, subject: Tariff) -> dict[str, object]:
        """Return the twelve months as they are typed."""
        del subject
        rows = self.months.read(lambda *months: HeatCredit(tuple(months)))
        return {"heat": rows[0] if rows else HeatCredit((0.0,) * 12)}

    def _price(self, text: str) -> float:
        return self.typing.price(text, self.currency)


class HolidaysSection(Section):
    """Which days are holidays."""

    holds: ClassVar[tuple[str, ...]] = ("holidays",)

    def __init__(self, part: Part, typing: Typing) -> None:
        super().__init__(part.title, part.explains, typing)
        grid = Grid()
        self.country = self.add_entry(
            grid, _("Country"), hint="US", note=_("two letters; empty for none")
        )
        self.subdivision = self.add_entry(
            grid, _("State or province"), hint="TX", note=_("empty for none")
        )
        self.dates = self.add_entry(
            grid, _("More days"), hint="2026-12-24, 2026-12-31", note=_("between commas")
        )
        self.body.addWidget(grid)

    def fill(self, subject: Tariff) -> None:
        """Show the holidays."""
        holidays = subject.holidays or Holidays()
        self.country.line.setText(holidays.country)
        self.subdivision.line.setText(holidays.subdivision)
        self.dates.line.setText(write_dates(holidays.dates))

    def read(self, subject: Tariff) -> dict[str, object]:
        """Return the holidays as they are typed."""
        del subject
        country = read_field(self.country, lambda text: _known(text.upper(), ""))
        part = read_field(
            self.subdivision, lambda text: _known(country, text.upper()) if text else ""
        )
        return {"holidays": Holidays(country, part, read_field(self.dates, parse_dates))}


def _known(country: str, part: str) -> str:
    """Return the last of the two codes that is given, if holidays are known of them."""
    check_holidays(country, part)
    return part or country


def _money(title: str, hint: str, typing: Typing) -> Column:
    return Column(title, hint, typing.money, typing.write, may_be_empty=True, empty=0.0)
