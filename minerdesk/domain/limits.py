"""Limits of fields, declared where the field is declared and checked when a value is made.

A limit is kept in the dataclass field's metadata, so the schema of the book file and the editors of
the window can read the same declaration.
"""

from __future__ import annotations

import dataclasses
import operator
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from minerdesk.domain.text import _


@dataclass(frozen=True, slots=True)
class Limits:
    """What a number may be. A bound that is None does not exist; NaN and infinity never pass."""

    minimum: float | None = None
    above: float | None = None
    maximum: float | None = None
    below: float | None = None

    def sentence(self, value: float | None = None) -> str:
        """Return the limits in the operator's language, such as ``at least 0 and below 1``.

        A bound that only keeps the absurd out is told where ``value`` breaks none but such.
        """
        bounds = [
            (words, bound, value is not None and is_kept(value, bound))
            for words, bound, is_kept in (
                (_("at least {bound}"), self.minimum, operator.ge),
                (_("greater than {bound}"), self.above, operator.gt),
                (_("at most {bound}"), self.maximum, operator.le),
                (_("below {bound}"), self.below, operator.lt),
            )
            if bound is not None
        ]
        told = [each for each in bounds if not 0 < abs(each[1]) <= _TINY and abs(each[1]) < _HUGE]
        if value is not None and all(kept for _words, _bound, kept in told):
            told = [each for each in bounds if not each[2]]
        words = [words.format(bound=f"{bound:g}") for words, bound, _kept in told]
        return _(" and ").join(words) or _("a finite number")

    def allow(self, value: float) -> bool:
        """Tell whether ``value`` is finite and inside every bound."""
        return (
            abs(value) <= sys.float_info.max  # false for NaN; exact for whole numbers of any size
            and (self.minimum is None or value >= self.minimum)
            and (self.above is None or value > self.above)
            and (self.maximum is None or value <= self.maximum)
            and (self.below is None or value < self.below)
        )


# Beyond these a bound only keeps the absurd out. No currency and no machine comes near such bounds;
# they keep every quotient, sum and product finite, so that no answer can be without a number.
# Sizes end well below what a solver takes for endless (1e20), or it would drop rules from a plan.
_TINY = 1e-30
_HUGE = 1e6

MONEY = Limits(minimum=-1e30, maximum=1e30)
COST = Limits(minimum=0, maximum=1e30)
PER_KWH = Limits(minimum=-1e30, maximum=1e30)
FACTOR = Limits(minimum=-_HUGE, maximum=_HUGE)
POSITIVE = Limits(minimum=_TINY, above=0, maximum=1e15)
NOT_NEGATIVE = Limits(minimum=0, maximum=1e15)
METERED = Limits(minimum=0, maximum=1e100)  # also what all rigs of a book would come to
FEE = Limits(minimum=0, below=1)
UPTIME = Limits(minimum=_TINY, above=0, maximum=1)
PUE = Limits(minimum=1, maximum=1e15)
COUNT = Limits(minimum=1, maximum=1e15)
MINUTES = Limits(minimum=0, maximum=366 * 24 * 60)

_KEY = "limits"


def limited(limits: Limits, **options: Any) -> Any:  # noqa: ANN401 - as `dataclasses.field` itself
    """Declare a dataclass field with limits; ``options`` go to `dataclasses.field`."""
    return dataclasses.field(metadata={_KEY: limits}, **options)


def limits_of(field: dataclasses.Field[Any]) -> Limits | None:
    """Return the limits a field was declared with, or None."""
    found: Limits | None = field.metadata.get(_KEY)
    return found


def check(instance: Any) -> None:  # noqa: ANN401 - any dataclass
    """Check every limited field of a dataclass instance.

    None and fields without limits pass. Call it from ``__post_init__``.

    Raises:
        ValueError: one sentence with the field, its limits and the value found.
    """
    for name, limits in _limited_fields(type(instance)):
        value = getattr(instance, name)
        if value is not None and not limits.allow(value):
            raise ValueError(
                _("{name} must be {limits}, found {value}").format(
                    name=name, limits=limits.sentence(value), value=repr(value)
                )
            )


_cache: dict[type, tuple[tuple[str, Limits], ...]] = {}


def _limited_fields(cls: type) -> tuple[tuple[str, Limits], ...]:
    found = _cache.get(cls)
    if found is None:
        found = tuple((f.name, lim) for f in dataclasses.fields(cls) if (lim := limits_of(f)))
        _cache[cls] = found
    return found


def first_twice(names: Iterable[str]) -> str | None:
    """Return the first name that was there before, or None; O(names)."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
