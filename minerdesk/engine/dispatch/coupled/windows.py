"""A plan of whole rigs bettered window by window, towards the peak that the best mix has.

Most of what whole rigs lose against a mix is room that they leave under a limit or a peak. Two
windows by themselves are a small programme; their peak is held to the mix's, for no window lowers
a site's peak alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.rule_rows import lay
from minerdesk.engine.dispatch.coupled.segments import Segments
from minerdesk.engine.dispatch.coupled.site import Excess, Peaks, SiteRules
from minerdesk.engine.dispatch.coupled.worth import Worth
from minerdesk.engine.dispatch.problem import Floats, Ints

_MOST_COLUMNS = 60  # of a window
_MOST_S = 0.15  # for two windows


class Windows:
    """A plan as rigs by segment.

    Attributes:
        rigs: (segments,).
    """

    def __init__(
        self, segments: Segments, worth: Worth, rules: SiteRules, rigs: Floats, load: Floats
    ) -> None:
        """Begin with a plan of ``rigs`` (segments,) and its ``load`` (T,)."""
        self.rigs = rigs
        self._load, self._rules, self._segments = load, rules, segments
        self._unit, self._window = np.array(segments.unit), np.array(segments.window)
        self._from, self._to = np.array(segments.from_), np.array(segments.to)
        self._money = np.array(segments.money)
        self._kw = [
            worth.kw[unit, state] for unit, state in zip(segments.unit, segments.state, strict=True)
        ]

    def steps(self, target: Floats, loss: Floats, slack: float) -> Iterator[None]:
        """Better two windows at a time.

        Args:
            target: (T,) load of the best mix.
            loss: (segments,) money that a rig in each loses against that mix.
            slack: money that two windows may leave.
        """
        borders = self._segments.borders.tolist()
        best = [self._best_of(window, loss) for window in range(len(borders) - 1)]
        for window in range(max(1, len(borders) - 2)):
            end = min(window + 2, len(borders) - 1)
            chosen = np.union1d(
                np.concatenate(best[window:end]),
                np.flatnonzero((self.rigs > 0.0) & (self._window >= window) & (self._window < end)),
            )
            self._better(chosen, (borders[window], borders[end]), target, slack)
            yield

    def _best_of(self, window: int, loss: Floats) -> Ints:
        mine = np.flatnonzero(self._window == window)
        return mine[np.argsort(loss[mine], kind="stable")[:_MOST_COLUMNS]]

    def _better(self, chosen: Ints, span: tuple[int, int], target: Floats, slack: float) -> None:
        """Choose anew how many rigs follow each of some segments."""
        begin, end = span
        model, now = Model(), self.rigs[chosen]
        kw = np.zeros((len(chosen), end - begin))
        for place, number in enumerate(chosen.tolist()):
            first = int(self._segments.borders[self._window[number]]) - begin
            kw[place, first : first + len(self._kw[number])] = self._kw[number]
        rules = _within(self._rules, span, self._load, target)
        columns = lay(model, rules, np.inf)
        rigs = model.add_columns(-self._money[chosen], 0.0, np.inf)
        model.whole(np.concatenate([rigs, columns.whole]))
        step, mine = np.nonzero(kw.T)
        steps = np.arange(end - begin)
        side = now @ kw - self._load[begin:end]
        model.add_uneven(
            side,
            side,
            (
                np.concatenate([step, steps]),
                np.concatenate([rigs[mine], columns.load]),
                np.concatenate([kw[mine, step], np.full(len(steps), -1.0)]),
            ),
        )
        # As many rigs as now come from each node before, and go to each behind.
        key, sign = self._flow(chosen)
        _, row = np.unique(key, return_inverse=True)
        column = np.tile(np.arange(len(chosen)), 2)
        side = np.zeros(int(row.max()) + 1)
        np.add.at(side, row, sign * now[column])
        model.add_uneven(side, side, (row, rigs[column], sign))
        self.rigs[chosen] = model.solve_near(slack, _MOST_S, (rigs, now))
        self._load[begin:end] += (self.rigs[chosen] - now) @ kw

    def _flow(self, chosen: Ints) -> tuple[Ints, Floats]:
        """Return keys of where segments come from and go to, and 1 and -1 for them."""
        # The horizon's beginning and end are nodes of each unit.
        ends = -1 - 2 * self._unit[chosen]
        from_ = np.where(self._from[chosen] < 0, ends, self._from[chosen])
        to = np.where(self._to[chosen] < 0, ends - 1, self._to[chosen])
        return np.concatenate([from_, to]), np.repeat([1.0, -1.0], len(chosen))


def _within(rules: SiteRules, span: tuple[int, int], load: Floats, target: Floats) -> SiteRules:
    """Return the rules of some steps, the load of all others being as it is."""
    begin, end = span
    inside = slice(begin, end)
    most, least = rules.most[inside].copy(), rules.least[inside].copy()
    if end < len(load):
        most[-1] = min(most[-1], load[end] + rules.ramp)
        least[-1] = max(least[-1], load[end] - rules.ramp)
    return replace(
        rules,
        low=rules.low[inside],
        high=rules.high[inside],
        most=most,
        least=least,
        before=rules.before if begin == 0 else float(load[begin - 1]),
        peaks=tuple(part for each in rules.peaks for part in _part(each, span, load, target)),
        excesses=tuple(Excess(each.kw, each.rate[inside]) for each in rules.excesses),
    )


def _part(peak: Peaks, span: tuple[int, int], load: Floats, target: Floats) -> list[Peaks]:
    """Return what a peak asks of some steps: that they stay under a target's peak."""
    begin, end = span
    number = np.zeros(len(peak.steps), dtype=np.int64)
    number[peak.first[1:]] = 1
    number = np.cumsum(number)
    inside = (peak.steps >= begin) & (peak.steps < end)
    if not inside.any():
        return []
    mine, first = np.unique(number[inside], return_index=True)
    outside = np.bincount(number[~inside], load[peak.steps[~inside]], minlength=len(peak.first))
    return [
        Peaks(
            border=peak.highest(target[None]),
            rate=np.abs(peak.rate).sum(keepdims=True),
            steps=peak.steps[inside] - begin,
            first=first,
            share=peak.share[mine],
            before=peak.before[mine] + (peak.share * outside)[mine],
        )
    ]
