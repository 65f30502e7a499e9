"""Numbers that the operator types over the live ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from minerdesk.domain.errors import UserError
from minerdesk.domain.limits import Limits
from minerdesk.domain.readings import Provenance, Quantity, Reading
from minerdesk.domain.text import _

TYPEABLE: Final[Mapping[Quantity, Limits]] = {
    Quantity.PRICE: Limits(above=0, maximum=1e13),
    Quantity.HEIGHT: Limits(minimum=0, maximum=1e8),
    Quantity.DIFFICULTY: Limits(minimum=1, maximum=1e20),
    Quantity.FEES: Limits(minimum=0, maximum=300),
    Quantity.HASHRATE: Limits(above=0, maximum=1e25),
    Quantity.RETARGET: Limits(minimum=-75, maximum=300),
    Quantity.EXCHANGE_RATE: Limits(above=0, maximum=1e7),
}
_WITH_CURRENCY: Final = frozenset({Quantity.PRICE, Quantity.EXCHANGE_RATE})


class TypedStore(Protocol):
    """Where typed values outlive the program."""

    def load(self) -> Sequence[Reading]:
        """Return the typed values in force."""
        ...

    def save(self, readings: Sequence[Reading]) -> None:
        """Keep exactly these."""
        ...


class _Forgetful:
    def load(self) -> Sequence[Reading]:
        return ()

    def save(self, readings: Sequence[Reading]) -> None:
        del readings


NO_TYPED_STORE: Final[TypedStore] = _Forgetful()


def typed_reading(quantity: Quantity, value: float, currency: str, now: datetime) -> Reading:
    """Return a typed value as a reading.

    Args:
        quantity: one of `TYPEABLE`.
        value: in the unit of its quantity.
        currency: used for a price or an exchange rate, else dropped.
        now: UTC.

    Raises:
        UserError: the value cannot be one of its quantity.
    """
    limits = TYPEABLE.get(quantity)
    if limits is None:
        raise UserError(_("{quantity} cannot be typed.").format(quantity=quantity.value))
    whole = quantity is not Quantity.HEIGHT or float(value).is_integer()
    if not limits.allow(value) or not whole:
        raise UserError(
            _("{quantity} must be {limits}, found {value:g}.").format(
                quantity=quantity.value,
                limits=limits.sentence(value) if whole else _("a whole number"),
                value=value,
            ),
            value=f"{value:g}",
        )
    return Reading(
        quantity=quantity,
        value=float(value),
        source=_("typed"),
        taken_at=now,
        provenance=Provenance.TYPED,
        currency=currency if quantity in _WITH_CURRENCY else "",
        window_days=7.0 if quantity is Quantity.HASHRATE else None,
    )


def usable(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return the readings that could have been typed; a file edited by hand may hold others."""
    kept = []
    for reading in readings:
        try:
            typed_reading(reading.quantity, reading.value, reading.currency, reading.taken_at)
        except UserError:
            continue
        kept.append(reading)
    return tuple(kept)
