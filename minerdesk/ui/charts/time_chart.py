"""Lines over time that stay quick with many points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.band import BandItem
from minerdesk.ui.charts.base import Chart, Table
from minerdesk.ui.charts.tones import band_brush, line_pen
from minerdesk.ui.theme import Theme, Tokens

Floats = NDArray[np.float64]

_FEW: Final = 2


def _none() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, slots=True)
class Track:
    """One quantity over time.

    Attributes:
        name: what it is, translated, as a heading and in the words under the cursor.
        time_s: Unix time, s, rising. value: of the same shape.
        words: writes a value with its unit.
        error: half the width of the band around the line, of the same shape, or empty for none.
        steps: the value holds until the next point, as a difficulty does.
        dashed: tells it from the other lines beside its colour.
    """

    name: str
    time_s: Floats = field(default_factory=_none)
    value: Floats = field(default_factory=_none)
    words: Callable[[float], str] = str
    error: Floats = field(default_factory=_none)
    steps: bool = False
    dashed: bool = False

    def at(self, x: float) -> int | None:
        """Return the index of the point in force at ``x``: the last before it, or the nearest."""
        if not len(self.time_s):
            return None
        after = int(np.searchsorted(self.time_s, x, side="right"))
        if self.steps:
            return after - 1 if after else None
        near = [i for i in (after - 1, after) if 0 <= i < len(self.time_s)]
        return min(near, key=lambda i: abs(float(self.time_s[i]) - x))


@dataclass(frozen=True, slots=True)
class TrackItems:
    """What one track is drawn with."""

    band: BandItem
    line: pg.PlotDataItem


class TimeChart(Chart):
    """Shows one or more tracks; the first is the one the axis speaks of.

    Args:
        colours: index of each track's colour in the theme's series.
        when: writes a time, such as ``Formats.date_time``.
        locale: of the dates under the axis.
    """

    def __init__(
        self,
        theme: Theme,
        *,
        name: str,
        y: Axis,
        when: Callable[[datetime], str],
        locale: str = "en",
        colours: Sequence[int] = (0,),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, name=name, x=Axis(time=True, locale=locale), y=y, parent=parent)
        self._when = when
        self._colours = tuple(colours)
        self._tracks: tuple[Track, ...] = ()
        self._items = tuple(self._make() for _each in self._colours)
        self.getPlotItem().getViewBox().setAutoVisible(y=True)
        self.getPlotItem().getViewBox().setDefaultPadding(0.04)
        self.recolour_items(theme.tokens)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """What is shown."""
        return self._tracks

    def show_tracks(self, *tracks: Track) -> None:
        """Show other values; at most as many tracks as there are colours."""
        self._tracks = tracks
        self.redraw()

    def paint_data(self) -> None:
        """Hand the tracks to their lines."""
        for index, items in enumerate(self._items):
            track = self._tracks[index] if index < len(self._tracks) else Track("")
            time_s, value = held(track) if track.steps else (track.time_s, track.value)
            items.line.setData(time_s, value)
            lone = 0 < len(time_s) < _FEW
            items.line.setSymbol("o" if lone else None)
            points, error = slice(len(track.error)), track.error
            band = (time_s[points], track.value[points] - error, track.value[points] + error)
            items.band.show_band(*band)

    def recolour_items(self, tokens: Tokens) -> None:
        """Give the lines the colours of ``tokens``."""
        if not hasattr(self, "_items"):
            return
        for index, items in enumerate(self._items):
            colour = tokens.series[self._colours[index]]
            dashed = index < len(self._tracks) and self._tracks[index].dashed
            items.line.setPen(line_pen(colour, 1.5, dashed=dashed))
            items.line.setSymbolBrush(colour)
            items.line.setSymbolPen(None)
            items.band.set_brush(band_brush(colour))

    def cursor_stops(self) -> Sequence[float]:
        """Return the times of the first track."""
        stops: list[float] = self._tracks[0].time_s.tolist() if self._tracks else []
        return stops

    def words_at(self, x: float) -> str:
        """Return time and values at ``x``."""
        found = [(track, track.at(x)) for track in self._tracks]
        known = [(track, index) for track, index in found if index is not None]
        if not known:
            return ""
        track, index = known[0]
        at = x if track.steps else float(track.time_s[index])
        said = [_said(track, index) for track, index in known]
        return f"{self.when(at)}: {', '.join(said)}"

    def summary(self) -> str:
        """Return for each track the span and its first, last, lowest and highest value."""
        return " ".join(self._summary(track) for track in self._tracks if len(track.time_s))

    def table(self) -> Table:
        """Return the points, one row per time of the first track."""
        heads = (_("time (UTC)"), *(track.name for track in self._tracks))
        if not self._tracks:
            return Table(heads, ())
        first = self._tracks[0]
        columns = [
            track.value
            if track.time_s is first.time_s
            else np.interp(first.time_s, track.time_s, track.value, left=np.nan, right=np.nan)
            for track in self._tracks
            if len(track.time_s)
        ]
        return Table(
            heads,
            tuple(
                (
                    datetime.fromtimestamp(float(at), UTC).strftime("%Y-%m-%d %H:%M"),
                    *(f"{column[row]:.10g}" for column in columns),
                )
                for row, at in enumerate(first.time_s)
            ),
        )

    def when(self, time_s: float) -> str:
        """Return a Unix time in words."""
        return self._when(datetime.fromtimestamp(time_s, UTC))

    def _make(self) -> TrackItems:
        band = BandItem()
        self.addItem(band)
        return TrackItems(band, self.curve(None))

    def _summary(self, track: Track) -> str:
        return _(
            "{name} from {begin} to {end}: {first} to {last}, between {low} and {high}."
        ).format(
            name=track.name,
            begin=self.when(float(track.time_s[0])),
            end=self.when(float(track.time_s[-1])),
            first=track.words(float(track.value[0])),
            last=track.words(float(track.value[-1])),
            low=track.words(float(np.min(track.value))),
            high=track.words(float(np.max(track.value))),
        )


def held(track: Track) -> tuple[Floats, Floats]:
    """Return the corners of a line that holds each value until the next point."""
    time_s = np.repeat(track.time_s, 2)[1:]
    value = np.repeat(track.value, 2)[:-1]
    return time_s, value


def _said(track: Track, index: int) -> str:
    words = f"{track.name} {track.words(float(track.value[index]))}"
    if not len(track.error):
        return words
    return f"{words} ±{track.words(float(track.error[index]))}"


def share_time(upper: TimeChart, lower: TimeChart) -> None:
    """Give two charts one time axis, written under the lower one, and left axes of one width."""
    upper.getPlotItem().setXLink(lower.getPlotItem())
    # Linking hands the still empty range of the upper one down, as if somebody had chosen it.
    lower.getPlotItem().enableAutoRange(axis="x")
    upper.getPlotItem().getAxis("bottom").setStyle(showValues=False)
    width = upper.fontMetrics().horizontalAdvance("00,000,000") + 24
    for chart in (upper, lower):
        chart.getPlotItem().getAxis("left").setWidth(width)
