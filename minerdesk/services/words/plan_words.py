"""A plan in sentences, for the window, the command line and the exports alike."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np

from minerdesk.domain.text import _
from minerdesk.services.planning.move_table import MoveTable, tally
from minerdesk.services.planning.plan import Gains, WhatIf
from minerdesk.services.words.plan_moves import MoveWords, pin_word
from minerdesk.services.words.said import Headline

_SHOWN_SHARE: Final = 0.005
_CENT: Final = 0.01
_HOURS_TO: Final = 72  # a horizon up to this is said in hours


class PlanWords(MoveWords):
    """Writes a whole plan; see `MoveWords` for its arguments."""

    def gap(self) -> str:
        """Return how far the plan may be from the best."""
        said = _("proved within {gap}") if self.plan.finished else _("improving… {gap}")
        return said.format(gap=self.within())

    def within(self) -> str:
        """Return that as a percentage; what is proved, by no less than was asked for."""
        plan = self.plan
        share = max(plan.gap, plan.options.gap if plan.finished else 0.0)
        return self.formats.percent(share, 2 if share < 0.001 else 1)

    def horizon(self) -> str:
        """Return the length of the plan, such as ``48 h`` or ``7 d``."""
        hours = round((self.plan.ends - self.plan.begins).total_seconds() / 3600)
        if hours <= _HOURS_TO:
            return _("{n} h").format(n=hours)
        return self.formats.duration(self.plan.ends - self.plan.begins)

    def gain(self, gains: Gains) -> str:
        """Return what a plan is worth over always-on, or over what can be compared, a sentence.

        Where there is nothing to compare it with, it is what the plan earns.
        """
        for value, over in (
            (gains.over_always_on, _("over always-on")),
            (gains.over_as_is, _("over leaving all as it is")),
            (gains.over_threshold, _("over the plain threshold")),
        ):
            if value is None:
                continue
            if abs(value) < _CENT / 2:
                return _("Worth nothing {over} in {hours}").format(over=over, hours=self.horizon())
            said = _("Worth {money} {over} in {hours}").format(
                money=self.money(value), over=over, hours=self.horizon()
            )
            if gains.on_forecast >= _SHOWN_SHARE:
                said += _(", {share} of it on forecast prices").format(
                    share=self.formats.percent(gains.on_forecast, 0)
                )
            return said
        return _("Leaves {money} after power in {hours}").format(
            money=self.money(self.plan.advised_objective), hours=self.horizon()
        )

    def no_baseline(self) -> str:
        """Return why the plan cannot be held beside always-on, or nothing."""
        gains = self.plan.advised_gains
        if gains.over_always_on is not None or not gains.why_not_always_on:
            return ""
        why = gains.why_not_always_on.rstrip(".")
        return _("Running everything is not possible: {why}.").format(why=why)

    def pin_costs(self) -> str:
        """Return what holding groups on or off costs, a sentence, or nothing."""
        costs = [(group, cost) for group, cost in self.plan.pin_costs if group in self._names.place]
        if not costs:
            return ""
        said = [
            _("{group} ({pin}, {cost})").format(
                group=self.group_name(group),
                pin=pin_word(self._names.group(group).pin),
                cost=self._cost(cost),
            )
            for group, cost in sorted(costs, key=lambda each: -each[1])[:3]
        ]
        total = self._cost(sum(cost for _group, cost in costs))
        if len(costs) == 1:
            group = costs[0][0]
            return _("{group} is pinned {pin}, which costs {total}.").format(
                group=self.group_name(group), pin=pin_word(self.group(group).pin), total=total
            )
        sentence = _("{n} pins cost {total}: {list}.")
        listed = "; ".join(said)
        if len(costs) > len(said):
            more = self.formats.count(len(costs) - len(said))
            listed = _("{list} and {n} more").format(list=listed, n=more)
        return sentence.format(total=total, n=self.formats.count(len(costs)), list=listed)

    def what_if(self, what_if: WhatIf) -> str:
        """Return ``What if: BTC price +20%, difficulty −5%.``, or nothing."""
        said = [
            f"{name} {self.formats.percent_points((factor - 1) * 100, 0, signed=True)}"
            for name, factor in (
                (_("BTC price"), what_if.price_per_btc),
                (_("difficulty"), what_if.difficulty),
                (_("power price"), what_if.price_per_kwh),
            )
            if factor != 1.0
        ]
        return _("What if: {changes}.").format(changes=", ".join(said)) if said else ""

    def headline(self, now: datetime, *, brief: bool = False) -> Headline:
        """Say what is next and what the plan is worth; all but when ``brief``, `no_baseline`.

        Args:
            now: UTC; moves of the step it lies in are due now.
            brief: leave out why there is no baseline.
        """
        plan = self.plan
        what_if = self.what_if(plan.options.what_if)
        begin = f"{what_if} " if what_if else ""
        if plan.cannot:
            return Headline(begin + _("There is no plan."), plan.cannot, "warn")
        made = _("made {time}").format(time=self.when(plan.made_at, now))
        detail = f"{self.gain(plan.advised_gains)}; {self.gap()}, {made}."
        if not brief:
            detail = " ".join(filter(None, (detail, self.no_baseline())))
        coming = self._next_moves(now)
        if not len(coming):
            return Headline(begin + self._nothing(), detail, "" if begin else "earn")
        down = bool(coming.columns.stops.any())
        tone = "" if begin else "lose" if down else "warn"
        return Headline(begin + self._next(coming, now), detail, tone)

    def summed(self, moves: MoveTable) -> str:
        """Return several moves as one: ``power down 514 of 2,694 rigs, start 80``."""
        done = tally(moves)
        kinds = {"down": done.power_down, "start": done.start, "mode": done.change_mode}
        rigs = self.formats.count(self.plan.names.rigs)
        long = {
            "down": _("power down {n} of {m} rigs"),
            "start": _("start {n} of {m} rigs"),
            "mode": _("change the mode of {n} of {m} rigs"),
        }
        short = {
            "down": _("power down {n}"),
            "start": _("start {n}"),
            "mode": _("change the mode of {n}"),
        }
        said = [
            (short if place else long)[kind].format(n=self.formats.count(kinds[kind]), m=rigs)
            for place, kind in enumerate(kind for kind in long if kinds[kind])
        ]
        return ", ".join(said)

    # --- inside

    def _next_moves(self, now: datetime) -> MoveTable:
        advised = self.plan.advised
        at_s = advised.columns.at_s
        coming = at_s[at_s > (now - self.plan.step).timestamp()]
        return advised.where(at_s == coming.min(initial=np.inf))

    def _next(self, coming: MoveTable, now: datetime) -> str:
        at = coming[0].at
        deed = self.deed(coming[0]) if len(coming) == 1 else self.summed(coming)
        if at <= now:
            return _("Now: {deed}.").format(deed=deed)
        return _("Next, {when}: {deed}.").format(when=self.when(at, now), deed=deed)

    def _cost(self, cost: float) -> str:
        return _("nothing") if abs(cost) < _CENT / 2 else self.money(cost)

    def _nothing(self) -> str:
        until = self.when(self.plan.ends)
        if len(self.plan.close):
            return _("Nothing sure to do until {until}.").format(until=until)
        return _("Nothing to do until {until}.").format(until=until)
