"""From the values of a row to the rig group as it would be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import (
    ModeCount,
    ModeOverride,
    Origin,
    Purchase,
    RigGroup,
    RigModel,
    StateNow,
    StateSource,
)
from minerdesk.domain.text import _
from minerdesk.services.exchange.columns import Field
from minerdesk.services.exchange.states import read_overrides, read_running
from minerdesk.services.plausibility import odd_rig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from minerdesk.domain.book import Assumptions

_PLAIN: Final[Mapping[Field, str]] = {
    Field.COUNT: "count",
    Field.UPTIME: "uptime",
    Field.REJECT_RATE: "reject_rate",
    Field.POOL_FEE: "pool_fee",
    Field.POOL_FEE_ON_FEES: "pool_fee_on_fees",
    Field.POOL_SCHEME: "pool_scheme",
    Field.FIRMWARE_FEE: "firmware_fee",
    Field.IDLE_POWER: "idle_w",
    Field.OWNER: "owner",
    Field.LOCATION: "location",
    Field.NOTE: "note",
}
_PURCHASE: Final[Mapping[Field, str]] = {
    Field.PURCHASE_PRICE: "price_per_rig",
    Field.PURCHASE_CURRENCY: "currency",
    Field.BOUGHT_ON: "bought_on",
    Field.LIFE_MONTHS: "life_months",
    Field.RESIDUAL: "residual_per_rig",
}
_SAME: Final = 1e-14


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that found its place.

    Attributes:
        values: by field; a field that is absent leaves the group as it is.
        before: the group the row is about, or None for a new one.
        id: of the group.
    """

    values: Mapping[Field, Any]
    id: str
    site: str
    model: RigModel
    before: RigGroup | None = None


def build(draft: Draft, assumptions: Assumptions) -> RigGroup:
    """Make the group a row asks for.

    Args:
        draft: the row's values and its place.
        assumptions: what a new group starts with.

    Raises:
        UserError: a value is outside its limits or does not go with another.
    """
    before, values = draft.before, draft.values
    fields: dict[str, Any] = {}
    if before is not None:
        fields = {name: getattr(before, name) for name in RigGroup.__slots__}
    else:
        fields = {"uptime": assumptions.uptime, "pool_fee": assumptions.pool_fee, "count": 1}
    fields |= {
        name: _kept(fields.get(name), values[field])
        for field, name in _PLAIN.items()
        if field in values
    }
    fields |= {"id": draft.id, "site": draft.site, "model": draft.model.name}
    try:
        fields["overrides"] = _overrides(draft)
        fields["state_now"] = _state(draft, fields["count"], fields["overrides"])
        fields["purchase"] = _purchase(draft)
        return RigGroup(**fields)
    except ValueError as error:
        raise UserError(_("{why}.").format(why=error)) from error


def odd(group: RigGroup, model: RigModel) -> tuple[str, ...]:
    """Return warnings of numbers that no machine has, a slip of a thousand most of all."""
    names = {mode.name: mode for mode in model.modes}
    warnings = []
    for override in group.overrides:
        mode = names.get(override.mode)
        ths = override.hashrate_ths or (mode.hashrate_ths if mode else None)
        watts = override.power_w or (mode.power_w if mode else None)
        if ths is None or watts is None:
            continue
        question = odd_rig(ths, watts)
        if question:
            warnings.append(question)
    return tuple(warnings)


def _kept(current: Any, value: Any) -> Any:  # noqa: ANN401 - as many types as fields
    """Return ``current`` where ``value`` is the same but for the digits a spreadsheet drops."""
    if isinstance(current, float) and isinstance(value, float):
        return current if math.isclose(current, value, rel_tol=_SAME) else value
    return value


def _same_model(draft: Draft) -> RigGroup | None:
    """Return the group as it is where it keeps its model: only then its numbers still hold."""
    before = draft.before
    return before if before is not None and before.model == draft.model.name else None


def _overrides(draft: Draft) -> tuple[ModeOverride, ...]:
    values, model, before = draft.values, draft.model, _same_model(draft)
    found = {o.mode: o for o in before.overrides} if before is not None else {}
    nameplate = {mode.name: mode for mode in model.modes}
    first = model.modes[0].name
    if Field.OTHER_MODES in values:
        own = found.get(first)
        found = {first: own} if own else {}
        found |= {o.mode: o for o in read_overrides(values[Field.OTHER_MODES])}
    wanted = _mode_name(values.get(Field.MODE, first), model, found)
    mode, current = nameplate.get(wanted), found.get(wanted)
    ths, watts = _numbers(values, mode.hashrate_ths if mode else None)
    if ths is None and watts is None:
        if mode is None and current is None:
            raise UserError(_unknown_mode(wanted, model))
        return tuple(found.values())
    ths, ths_origin = _over(
        ths,
        values.get(Field.HASHRATE_ORIGIN),
        mode.hashrate_ths if mode else None,
        (current.hashrate_ths, current.hashrate_origin) if current else (None, Origin.TYPED),
    )
    watts, watts_origin = _over(
        watts,
        values.get(Field.POWER_ORIGIN),
        mode.power_w if mode else None,
        (current.power_w, current.power_origin) if current else (None, Origin.TYPED),
    )
    if mode is None and (ths is None or watts is None):
        raise UserError(_unknown_mode(wanted, model))
    found.pop(wanted, None)
    if ths is None and watts is None:
        return tuple(found.values())
    own = ModeOverride(wanted, ths, watts, ths_origin, watts_origin)
    if wanted == first:
        return (own, *found.values())
    return (*found.values(), own)


def _over(
    value: float | None,
    origin: Origin | None,
    nameplate: float | None,
    current: tuple[float | None, Origin],
) -> tuple[float | None, Origin]:
    """Return the override of one number: what the row says against nameplate and what is known."""
    if value is None:
        return current
    value = _kept(nameplate, _kept(current[0], value))
    measured = origin if origin is not Origin.NAMEPLATE else None
    if value == nameplate and measured is None and (origin or current[0] != value):
        return None, Origin.TYPED
    if value == current[0]:
        return value, measured or current[1]
    return value, measured or Origin.TYPED


def _numbers(
    values: Mapping[Field, Any], nameplate_ths: float | None
) -> tuple[float | None, float | None]:
    """Return hashrate and power of a row, one of them by way of the efficiency where needed."""
    ths, watts = values.get(Field.HASHRATE), values.get(Field.POWER)
    efficiency = values.get(Field.EFFICIENCY)
    if efficiency is None:
        return ths, watts
    if efficiency <= 0:
        raise UserError(_("An efficiency must be greater than 0 J/TH."))
    if watts is None:
        known = ths if ths is not None else nameplate_ths
        return ths, None if known is None else efficiency * known
    return (watts / efficiency if ths is None else ths), watts


def _mode_name(text: str, model: RigModel, found: Mapping[str, ModeOverride]) -> str:
    names = (*(mode.name for mode in model.modes), *found)
    return next((name for name in names if name.casefold() == text.casefold()), text)


def _unknown_mode(mode: str, model: RigModel) -> str:
    sentence = _("“{model}” has no mode “{mode}”, only {modes}; a new one needs TH/s and W.")
    modes = ", ".join(known.name for known in model.modes)
    return sentence.format(model=model.name, mode=mode, modes=modes)


def _state(draft: Draft, count: int, overrides: tuple[ModeOverride, ...]) -> StateNow | None:
    values, first = draft.values, draft.model.modes[0].name
    before = _same_model(draft)
    current = before.state_now if before is not None else None
    modes = tuple(
        dict.fromkeys((*(mode.name for mode in draft.model.modes), *(o.mode for o in overrides)))
    )
    mode = _mode_name(values.get(Field.MODE, first), draft.model, {o.mode: o for o in overrides})
    running: tuple[ModeCount, ...] | None = None
    if Field.STATE in values:
        running = read_running(values[Field.STATE], count, mode, modes)
    elif mode != first:
        running = (ModeCount(mode, count),)
    source, since = values.get(Field.STATE_SOURCE), values.get(Field.STATE_SINCE)
    if running is None or (before is not None and running == _running(before, first, count)):
        if current is None:
            return None
        return StateNow(current.running, since or current.since, source or current.source)
    return StateNow(running, since, source or StateSource.TYPED)


def _running(group: RigGroup, first: str, count: int) -> tuple[ModeCount, ...]:
    return (ModeCount(first, count),) if group.state_now is None else group.state_now.running


def _purchase(draft: Draft) -> Purchase | None:
    values, before = draft.values, draft.before
    named = {name: values[field] for field, name in _PURCHASE.items() if field in values}
    current = before.purchase if before is not None else None
    if not named:
        return current
    if current is None and "price_per_rig" not in named:
        raise UserError(_("A purchase needs its price; fill the column purchase_price."))
    fields = {name: getattr(current, name) for name in Purchase.__slots__} if current else {}
    return Purchase(
        **(fields | {name: _kept(fields.get(name), value) for name, value in named.items()})
    )
