"""The frame of the price chart: its notes, and a legend that names the parts there are."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.services.power.view import SitePower
from minerdesk.services.words.formats import Formats
from minerdesk.ui.charts.panel import Panel
from minerdesk.ui.icons import Icons
from minerdesk.ui.power.answer import Ground
from minerdesk.ui.power.legend import Legend
from minerdesk.ui.power.price_chart import MOST_PARTS, PriceChart
from minerdesk.ui.theme import Theme


class PricePanel(Panel):
    """The price of a kWh over the next seven days."""

    def __init__(self, theme: Theme, icons: Icons, formats: Formats) -> None:
        self.chart = PriceChart(theme, formats)
        body = QWidget()
        super().__init__(_("Price of a kWh, next seven days"), theme, icons, body, lines=2)
        self._formats = formats
        self.legend = Legend(theme)
        box = QVBoxLayout(body)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(self.chart, 1)
        box.addWidget(self.legend)
        self.chart.words_inside = False
        self.chart.words_changed.connect(self.show_words)

    @property
    def names(self) -> tuple[str, ...]:
        """The parts that the legend names."""
        return self.legend.names

    def show_site(self, site: SitePower | None, ground: Ground) -> None:
        """Show a site's prices, or why there are none; its break-evens rest on ``ground``."""
        self.chart.show_site(site, advice=ground.advice)
        if site is None:
            self.show_empty(_("The prices are being put together."))
        elif site.problem or site.steps is None:
            self.show_empty(site.problem or _("There is no price yet."))
        else:
            self.say(self._basis(site, ground), " ".join(site.notes))
        steps = None if site is None else site.steps
        self._name_parts(() if steps is None else tuple(part.name for part in steps.parts))

    def copy_table(self) -> None:
        """Put the prices onto the clipboard, tab-separated."""
        self.chart.copy_table()

    def _basis(self, site: SitePower, ground: Ground) -> str:
        steps = site.steps
        said = [_("{currency} per kWh, {zone}").format(currency=site.currency, zone=site.zone)]
        if steps is not None and not steps.known.all():
            said.append(_("solid: known, dashed: forecast"))
        if site.series is not None and site.series.known_until is not None:
            local = Formats(self._formats.locale, ZoneInfo(site.zone))
            until = local.date_time(site.series.known_until)
            said.append(_("known until {time}").format(time=until))
        if site.break_even_least is not None:
            said.append(ground.mark_briefly(_("between the dotted lines some rigs lose")))
        return " · ".join((*said, *site.notes[:1]))

    def _name_parts(self, names: tuple[str, ...]) -> None:
        if len(names) > MOST_PARTS:
            names = (*names[: MOST_PARTS - 1], _("other"))
        self.legend.show_names(names)
