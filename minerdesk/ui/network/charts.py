"""Hashrate and difficulty over time: one time axis, one cursor."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from PySide6.QtWidgets import QWidget

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.domain.units import HS_PER_EHS, HS_PER_THS
from minerdesk.services.history_view import HistorySlice, Series
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.cursor import SharedCursor
from minerdesk.ui.charts.panel import ChartPanel
from minerdesk.ui.charts.time_chart import TimeChart, Track, share_time
from minerdesk.ui.icons import Icons
from minerdesk.ui.network.difficulty import DifficultyChart
from minerdesk.ui.network.numbers import hashrate_error
from minerdesk.ui.theme import Theme


class HashrateChart(TimeChart):
    """The 7-day mean with its error as a band; a single day is noise and is not drawn."""

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(
            theme,
            name=_("Network hashrate"),
            y=Axis(_("hashrate, EH/s"), formats.number, movable=False),
            when=lambda at: formats.date(formats.local(at).date()),
            colours=(0,),
            parent=parent,
        )
        self._formats = formats

    def show_hashrate(self, mean: Series | None) -> None:
        """Show the mean of 7 days."""
        time_s = np.empty(0) if mean is None else mean.time_s
        value = np.empty(0) if mean is None else mean.value / HS_PER_EHS
        error = value * hashrate_error(None if mean is None else mean.window_days)
        self.show_tracks(
            Track(_("hashrate, mean of 7 days,"), time_s, value, self._write, error=error)
        )

    def _write(self, ehs: float) -> str:
        return self._formats.hashrate(ehs * HS_PER_EHS / HS_PER_THS, 0 if ehs >= 1 else None)


class NetworkCharts(ChartPanel):
    """Hashrate above, difficulty below."""

    def __init__(self, theme: Theme, icons: Icons, formats: Formats) -> None:
        self._drawn: tuple[object, object] = (self, self)  # never what is asked for
        self.hashrate = HashrateChart(theme, formats)
        self.difficulty = DifficultyChart(theme, formats)
        super().__init__(
            _("Hashrate and difficulty"),
            (self.hashrate, self.difficulty),
            theme,
            icons,
            legend=(
                (_("hashrate"), 0, False),
                (_("difficulty"), 1, False),
                (_("expected"), 1, True),
            ),
            stretch=(1, 1),
        )
        share_time(self.hashrate, self.difficulty)
        self._cursor = SharedCursor(self.hashrate, self.difficulty, parent=self)

    def show_history(self, history: object, network: NetworkState, now: datetime) -> None:
        """Show what was kept and what is known now; with nothing, say when it will come."""
        if history is self._drawn[0] and network is self._drawn[1]:
            return
        self._drawn = history, network
        series = history.series if isinstance(history, HistorySlice) else {}
        mean, difficulty = series.get("hashrate"), series.get("difficulty")
        live = network.difficulty.value is not None and network.example_of is None
        if mean is None and difficulty is None and not live:
            self.show_empty(_empty(history))
            return
        self.hashrate.show_hashrate(mean)
        self.difficulty.show_difficulty(difficulty, network, now)
        self.hashrate.setVisible(mean is not None)
        if mean is None:
            self.say(_("The hashrate's line begins when the first mean of 7 days is known."))
            return
        self.say(_("hashrate: mean of 7 days, one standard deviation as a band; days are UTC"))


def _empty(history: object) -> str:
    if not isinstance(history, HistorySlice):
        return _("The history is being read.")
    return history.problem or _(
        "There is no history yet. It comes with the first answer of a mempool source and grows "
        "from then on."
    )
