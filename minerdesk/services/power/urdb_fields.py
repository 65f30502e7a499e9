"""Reading OpenEI's utility rate JSON without trusting it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _

Rate = Mapping[str, Any]

_PER_MONTH: Final = {"$/month": 1.0, "$/day": 365 / 12, "$/year": 1 / 12}


def rates_of(data: bytes) -> tuple[Rate, ...]:
    """Return the rates in a file: one alone, a list, or an answer of OpenEI with ``items``.

    Keys are in lower case, as OpenEI answers, whatever the case they are documented in.

    Raises:
        UserError: it is no JSON, or holds no rate.
    """
    try:
        whole = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        sentence = _("This is no JSON file ({why}); download the rate from OpenEI as JSON.")
        raise UserError(sentence.format(why=error)) from None
    if isinstance(whole, dict) and ("error" in whole or "errors" in whole):
        said = whole.get("error") or whole.get("errors")
        message = said.get("message", said) if isinstance(said, dict) else said
        raise UserError(_("OpenEI answered with an error: {what}.").format(what=message))
    items = whole.get("items", [whole]) if isinstance(whole, dict) else whole
    held = items if isinstance(items, list) else []
    lower = [{k.lower(): v for k, v in each.items()} for each in held if isinstance(each, dict)]
    found = [each for each in lower if _is_rate(each)]
    if not found:
        sentence = _(
            "This file holds no utility rate; it needs an energyratestructure or a "
            "demandratestructure, as OpenEI gives with detail=full."
        )
        raise UserError(sentence)
    return tuple(found)


def _is_rate(item: Rate) -> bool:
    keys = ("energyratestructure", "demandratestructure", "flatdemandstructure")
    return any(key in item for key in keys)


def text(rate: Rate, key: str) -> str:
    """Return a text, empty where there is none."""
    value = rate.get(key)
    return value.strip() if isinstance(value, str) else ""


def number(holder: Rate, key: str, where: str) -> float | None:
    """Return a finite number, or None where there is none.

    Raises:
        UserError: there is something else; the sentence names place and value.
    """
    value = holder.get(key)
    if value is None or value == "":
        return None
    try:
        found = math.nan if isinstance(value, bool | list | dict) else float(value)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        sentence = _("{where}: {key} must be a number, found {value}.")
        raise UserError(
            sentence.format(where=where, key=key, value=value), where=where, value=str(value)
        )
    return found


def moment(rate: Rate, key: str) -> datetime | None:
    """Return a time given in seconds since 1970, or None."""
    found = number(rate, key, key)
    try:
        return None if found is None else datetime.fromtimestamp(found, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def structure(rate: Rate, key: str) -> list[list[Rate]]:
    """Return periods of tiers; empty where there are none.

    Raises:
        UserError: it is not a list of lists of tiers.
    """
    periods = rate.get(key) or []
    good = isinstance(periods, list) and all(
        isinstance(tiers, list) and tiers and all(isinstance(tier, dict) for tier in tiers)
        for tiers in periods
    )
    if not good:
        sentence = _("{key} must hold periods, each a list of tiers; download the rate again.")
        raise UserError(sentence.format(key=key), where=key)
    found: list[list[Rate]] = periods
    return found


def schedule(rate: Rate, key: str, periods: int) -> list[list[int]] | None:
    """Return 12 months of 24 hours of numbers of periods, or None where there is none.

    Raises:
        UserError: it has another shape, or names a period that is missing.
    """
    grid = rate.get(key)
    if not grid:
        return None
    shaped = (
        isinstance(grid, list)
        and len(grid) == 12
        and all(isinstance(row, list) and len(row) == 24 for row in grid)
    )
    if not shaped:
        sentence = _("{key} must have 12 rows of 24 hours; download the rate again.")
        raise UserError(sentence.format(key=key), where=key)
    for m, row in enumerate(grid):
        for h, period in enumerate(row):
            if type(period) is not int or not 0 <= period < periods:
                sentence = _(
                    "{key} names period {value} in month {month}, hour {hour}, and there are "
                    "{n} periods, counted from 0."
                )
                raise UserError(
                    sentence.format(key=key, value=period, month=m + 1, hour=h, n=periods),
                    where=f"{key}[{m}][{h}]",
                    value=str(period),
                )
    found: list[list[int]] = grid
    return found


def described(rate: Rate) -> list[str]:
    """Return the names of charges that a page only describes in words."""
    found: list[str] = []
    for key in ("fixedattrs", "energyattrs", "demandattrs"):
        pairs = rate.get(key)
        for pair in pairs if isinstance(pairs, list) else []:
            found += list(pair) if isinstance(pair, dict) else []
    return found


def per_month(rate: Rate, amount_key: str, unit_key: str, notes: list[str]) -> float:
    """Return an amount as money a month; 0 where there is none or its unit is not understood."""
    amount = number(rate, amount_key, amount_key) or 0.0
    unit = text(rate, unit_key) or "$/month"
    factor = _PER_MONTH.get(unit)
    if amount and factor is None:
        sentence = _("Not taken: {key} of {amount} in “{unit}”, which is not understood.")
        notes.append(sentence.format(key=amount_key, amount=f"{amount:g}", unit=unit))
    return amount * (factor or 0.0)
