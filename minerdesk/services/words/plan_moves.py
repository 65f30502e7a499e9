"""A plan's moves in sentences: what, where, when, why, and what would change it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

import numpy as np
from babel import dates

from minerdesk.domain.rigs import Pin, RigGroup
from minerdesk.domain.text import _
from minerdesk.services.planning.plan import OFF, Move, Plan, SitePlan, Why
from minerdesk.services.words.formats import Formats, power_price_digits

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=6)
_SHOWN_SHARE: Final = 0.005  # of the worth on forecast prices; less is not worth a word
_MOST_DIGITS: Final = 6
_SAME_PRICE: Final = 5e-5  # per kWh; a difference that no page shows


class MoveWords:
    """Writes the moves of one plan; keeps what many sentences ask for.

    Args:
        plan: any.
        formats: the operator's locale and zone.
        zone: of all times; None means the operator's.
        name_zone: whether each time says its zone, for texts that are read elsewhere.
    """

    def __init__(
        self,
        plan: Plan,
        formats: Formats,
        zone: tzinfo | None = None,
        *,
        name_zone: bool = False,
    ) -> None:
        self.plan, self.formats, self.zone = plan, formats, zone
        self._name_zone = name_zone
        self._names = plan.names
        self._site_plans = {site.site: site for site in plan.sites}

    # --- names and times

    def group(self, group_id: str) -> RigGroup:
        """Return a group of the plan's book.

        Raises:
            KeyError: there is no such group.
        """
        return self._names.group(group_id)

    def site_name(self, site_id: str) -> str:
        """Return what a site is called."""
        return self._names.sites.get(site_id, site_id)

    def group_name(self, group_id: str) -> str:
        """Return ``S19j Pro, Texas 1``; where others there are alike, with location or id."""
        return ", ".join((self._names.group(group_id).model, self.place_name(group_id)))

    def place_name(self, group_id: str) -> str:
        """Return the site of a group, and its location or id where others there are alike."""
        group = self._names.group(group_id)
        return ", ".join(filter(None, (self.site_name(group.site), self.mark(group_id))))

    def mark(self, group_id: str) -> str:
        """Return what tells a group from others of its model and site; nothing without such."""
        return self._names.mark(group_id)

    def local(self, when: datetime) -> datetime:
        """Return a time in the zone of these words."""
        return self.formats.local(when) if self.zone is None else when.astimezone(self.zone)

    def when(self, at: datetime, after: datetime | None = None) -> str:
        """Return ``Thu 16:00``; with the date from a week on; the hour alone on ``after``'s day."""
        local = self.local(at)
        if after is not None and self.local(after).date() == local.date():
            pattern = "HH:mm"
        else:
            pattern = "EEE HH:mm" if at - self.plan.begins < _WEEK else "EEE d MMM HH:mm"
        said = str(dates.format_datetime(local, pattern, locale=self.formats.locale))
        return f"{said} {_zone_name(local)}" if self._name_zone else said

    def money(self, value: float, *, signed: bool = False) -> str:
        """Return an amount of the plan's currency; cents only under 10."""
        digits = 0 if abs(value) >= 9.995 else 2
        return self.formats.money(value, self.plan.currency, digits, signed=signed)

    def state_name(self, state: str) -> str:
        """Return the name of a mode, or the word for off."""
        return _("off") if state == OFF else state

    # --- moves

    def what(self, move: Move) -> str:
        """Return ``power down 412 × S19j Pro``."""
        group = self._names.group(move.group)
        rigs = f"{self.formats.count(move.count)} × {group.model}"
        if move.after == OFF:
            return _("power down {rigs}").format(rigs=rigs)
        if move.before != OFF:
            return _("change {rigs} to {mode}").format(rigs=rigs, mode=move.after)
        if self._has_modes(move.group):
            return _("start {rigs} in {mode}").format(rigs=rigs, mode=move.after)
        return _("start {rigs}").format(rigs=rigs)

    def move(self, move: Move) -> str:
        """Return ``Thu 16:00 power down 412 × S19j Pro at Texas 1 until 21:00``."""
        return f"{self.when(move.at)} {self.deed(move)}"

    def where(self, move: Move) -> str:
        """Return ``Texas 1, until 21:00``."""
        site = self.place_name(move.group)
        if move.until is None:
            return site
        return _("{site}, until {until}").format(site=site, until=self.when(move.until, move.at))

    def deed(self, move: Move) -> str:
        """Return a move without its hour: ``power down 412 × S19j Pro at Texas 1 until 21:00``."""
        said = _("{what} at {site}").format(what=self.what(move), site=self.place_name(move.group))
        if move.until is None:
            return said
        return _("{what} until {until}").format(what=said, until=self.when(move.until, move.at))

    def worth(self, move: Move, *, doubt: bool = False) -> str:
        """Return what a move is worth, a day where it has no end; with its error if asked."""
        if not math.isfinite(move.worth):
            return self.formats.money(None, self.plan.currency)
        worth, error, a_day = self.over_its_own_time(move)
        said = self.money(worth)
        if doubt:
            digits = 0 if max(abs(worth), error) >= 9.995 else 2
            said = _("{worth} ±{doubt}").format(
                worth=self.formats.number(worth, digits),
                doubt=self.formats.money(error, self.plan.currency, digits),
            )
        return _("{money} a day").format(money=said) if a_day else said

    def over_its_own_time(self, move: Move) -> tuple[float, float, bool]:
        """Return worth, doubt, and whether both are of a day: so they are where a move has no end.

        A plan counts such a move to its own end, which says nothing of the move.
        """
        if move.until is not None:
            return move.worth, move.doubt, False
        days = (self.plan.ends - move.at) / _DAY
        return move.worth / days, move.doubt / days, True

    def why(self, move: Move) -> str:
        """Return what a move rests on most, with its numbers."""
        said = self._why(move)
        if move.overrides_min_on:
            said += _("; it ends their time on before its shortest")
        return said

    def flips(self, move: Move) -> str:
        """Return what would change a move."""
        if move.forced:
            return _("A rule demands it, so no price changes it.")
        flips, said = move.flips, []
        if flips.price_per_btc is not None:
            said.append(_("a BTC price of {price}").format(price=self.money(flips.price_per_btc)))
        if flips.price_per_kwh is not None:
            said.append(
                _("a mean power price of {price}").format(price=self._price(flips.price_per_kwh))
            )
        if flips.difficulty is not None:
            said.append(
                _("a difficulty of {value}").format(value=self.formats.difficulty(flips.difficulty))
            )
        if not said:
            return _("No price or difficulty within reach changes it.")
        last = said.pop()
        listed = _("{first} or {last}").format(first=", ".join(said), last=last) if said else last
        return _("It is worth nothing at {numbers}, all else as it is.").format(numbers=listed)

    def rests(self, move: Move) -> str:
        """Return how much of a move rests on forecast prices, or nothing."""
        if move.on_forecast < _SHOWN_SHARE:
            return ""
        return _("{share} of its worth rests on forecast prices.").format(
            share=self.formats.percent(move.on_forecast, 0)
        )

    def told(self, move: Move) -> tuple[str, ...]:
        """Return all that is to be said of one move, a sentence each."""
        if move.forced:
            worth = _("It costs {cost}, which is owed.") if move.worth < 0 else _("Worth {worth}.")
        elif move.advised:
            worth = _("Worth {worth}.")
        else:
            worth = _("Too close to call: worth {worth}, so it is not advised.")
        said = worth.format(
            worth=self.worth(move, doubt=not move.forced),
            cost=self.worth(replace(move, worth=abs(move.worth))),
        )
        why = self.why(move)
        return tuple(
            filter(
                None, (why[:1].upper() + why[1:] + ".", said, self.rests(move), self.flips(move))
            )
        )

    # --- inside

    def _has_modes(self, group_id: str) -> bool:
        return len(self.plan.mode_names[self._names.place[group_id]]) > 1

    def _price(self, value: float, digits: int | None = None) -> str:
        return self.formats.price_per_kwh(value, self.plan.currency, digits or 3)

    def _compared(self, move: Move) -> str:
        price, even = move.price_per_kwh, move.break_even_per_kwh
        if not math.isfinite(even):
            return self._price(price)
        digits = 3
        while (
            digits < _MOST_DIGITS
            and price != even
            and f"{price:.{digits}f}" == f"{even:.{digits}f}"
        ):
            digits += 1
        sign = ">" if price > even else "<" if price < even else "="
        said = f"{self.formats.number(price, digits)} {sign} {self._price(even, digits)}"
        return _("mean {price}").format(price=said) if self._varies(move) else said

    def _paid(self, move: Move) -> str:
        digits = max(3, min(power_price_digits(move.price_per_kwh), 4))
        said = self._price(move.price_per_kwh, digits)
        return _("mean {price}").format(price=said) if self._varies(move) else said

    def _varies(self, move: Move) -> bool:
        """Whether the price changes within a move, so that its price is none that holds now."""
        site = self._site_plans.get(move.site)
        if site is None:
            return False
        end = len(self.plan.start_s)
        if move.until is not None:
            end = self._step_of(move.until - self.plan.step) + 1
        within = site.price.per_kwh[self._step_of(move.at) : end]
        return bool(within.size) and float(np.ptp(within)) > _SAME_PRICE

    def _why(self, move: Move) -> str:
        site = self.site_name(move.site)
        site_plan = self._site_plans.get(move.site)
        if move.why is Why.RETARGET:
            change = self.formats.percent_points(self.plan.retarget_pct, 1, signed=True)
            return _("the difficulty changes by {change}; then {compared}").format(
                change=change, compared=self._compared(move)
            )
        if move.why is Why.EVENT:
            return self._by_event(move, site_plan)
        if move.why is Why.PINNED:
            return pin_sentence(self._names.group(move.group).pin)
        sentence = {
            Why.POWER_DEARER_THAN_WORTH: _("{compared}: power costs more than it earns"),
            Why.POWER_CHEAPER_THAN_WORTH: _("{compared}: it earns more than its power costs"),
            Why.OTHER_MODE_EARNS_MORE: _("at {price} {after} earns more than {before}"),
            Why.SITE_LIMIT: _("{site} may draw no more than {most}"),
            Why.SITE_LEAST: _("{site} must draw at least {least}"),
            Why.SITE_RAMP: _("{site} may change its load only so fast"),
            Why.DEMAND_PEAK: _("a new peak at {site} would cost a demand charge"),
            Why.TIER_FULL: _(
                "{site} reaches a dearer tier of the month, which costs more than it earns"
            ),
            Why.BLOCK_FULL: _(
                "above the take-or-pay block at {site} power costs more than it earns"
            ),
            Why.CREDIT: _(
                "a programme pays {site} more for power that is not drawn than it would earn"
            ),
            Why.PAID_TO_CONSUME: _("{price}: using power is paid for"),
        }[move.why]
        said = sentence.format(
            compared=self._compared(move),
            price=self._paid(move),
            after=self.state_name(move.after),
            before=self.state_name(move.before),
            site=site,
            most=self._most(site_plan, move.at),
            least=self._least(site_plan, move.at),
        )
        return f"{said} ({move.detail})" if move.detail else said

    def _by_event(self, move: Move, site: SitePlan | None) -> str:
        ends = self.plan.ends if move.until is None else move.until
        most_kw = min(
            (
                event.most_kw
                for place in self.plan.book.sites
                if place.id == move.site
                for event in place.events
                if event.name == move.detail and event.start < ends and event.end > move.at
            ),
            default=None,
        )
        words = {"name": move.detail or _("an event"), "site": self.site_name(move.site)}
        if most_kw == 0:
            return _("{name} powers everything down at {site}").format(**words)
        kw = self._most(site, move.at) if most_kw is None else self.formats.power(most_kw * 1000)
        return _("{name} limits {site} to {kw}").format(kw=kw, **words)

    def _step_of(self, at: datetime) -> int:
        steps = int((at - self.plan.begins) / self.plan.step)
        return min(max(steps, 0), len(self.plan.start_s) - 1)

    def _most(self, site: SitePlan | None, at: datetime) -> str:
        value = math.nan if site is None else float(site.most_kw[self._step_of(at)])
        return self.formats.power(value * 1000)

    def _least(self, site: SitePlan | None, at: datetime) -> str:
        value = math.nan if site is None else float(site.least_kw[self._step_of(at)])
        return self.formats.power(value * 1000)


def pin_word(pin: Pin) -> str:
    """Return what a group is held to, such as ``on``."""
    return {Pin.ON: _("on"), Pin.OFF: _("off"), Pin.FREE: _("free")}[pin]


def pin_sentence(pin: Pin | None) -> str:
    """Return ``pinned on``, ``pinned off`` or ``not pinned``; None where groups differ in that."""
    if pin is None:
        return _("pinned differently")
    return {Pin.ON: _("pinned on"), Pin.OFF: _("pinned off"), Pin.FREE: _("not pinned")}[pin]


def _zone_name(local: datetime) -> str:
    """Return ``CST``, or ``UTC+03:00`` in a zone without letters."""
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{local.isoformat()[-6:]}"
