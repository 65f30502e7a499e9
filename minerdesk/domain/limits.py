"""Limits of fields, declared where the field is declared and checked when a value is made.

A limit is kept in the dataclass field's metadata, so the schema of the book file and the editors of
the window can read the same declaration.
"""

from __future__ import annotations

import dataclasses
import sys
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

    def sentence(self) -> str:
        """Return the limits in the operator's language, such as ``at least 0 and below 1``."""
        words = [
            word.format(bound=f"{bound:g}")
            for word, bound in (
                (_("at least {bound}"), self.minimum),
                (_("greater than {bound}"), self.above),
                (_("at most {bound}"), self.maximum),
                (_("below {bound}"), self.below),
            )
            if bound is not None
        ]
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


FINITE = Limits()
POSITIVE = Limits(above=0)
NOT_NEGATIVE = Limits(minimum=0)
FEE = Limits(minimum=0, below=1)
UPTIME = Limits(above=0, maximum=1)
PUE = Limits(minimum=1)
COUNT = Limits(minimum=1)

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
                    name=name, limits=limits.sentence(), value=repr(value)
                )
            )


_cache: dict[type, tuple[tuple[str, Limits], ...]] = {}


def _limited_fields(cls: type) -> tuple[tuple[str, Limits], ...]:
    found = _cache.get(cls)
    if found is None:
        found = tuple((f.name, lim) for f in dataclasses.fields(cls) if (lim := limits_of(f)))
        _cache[cls] = found
    return found
