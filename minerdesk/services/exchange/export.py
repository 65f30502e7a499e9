"""Rig groups as a table that a spreadsheet shows and an import reads back to the same groups."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from minerdesk.domain.rigs import Origin, PoolScheme
from minerdesk.services.exchange.columns import Field
from minerdesk.services.exchange.states import write_overrides, write_running
from minerdesk.storage.tables import Cell, RawTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from minerdesk.domain.book import Book
    from minerdesk.domain.rigs import ModeOverride, RigGroup, RigModel

_ALWAYS: Final = frozenset(
    {
        *(Field.ID, Field.SITE, Field.MODEL, Field.COUNT, Field.HASHRATE, Field.POWER),
        *(Field.HASHRATE_ORIGIN, Field.POWER_ORIGIN, Field.UPTIME, Field.POOL_FEE, Field.STATE),
        *(Field.PRICE, Field.PUE, Field.OWNER, Field.LOCATION, Field.NOTE),
    }
)
# What an import takes where the column is absent, so a column of nothing else is left out.
_DEFAULTS: Final[Mapping[Field, Cell]] = {
    Field.REJECT_RATE: 0.0,
    Field.FIRMWARE_FEE: 0.0,
    Field.RESIDUAL: 0.0,
    Field.POOL_SCHEME: PoolScheme.FPPS.value,
}
RESULT_PREFIX: Final = "result "


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A computed column to be exported beside the groups; an import leaves it out.

    Attributes:
        values: one for each group of the book, in order.
    """

    name: str
    values: Sequence[Cell]


def export_groups(book: Book, results: Sequence[ResultColumn] = ()) -> RawTable:
    """Make a table of all groups of a book.

    Columns that no group uses are left out. A hashrate and a power are those of the model's first
    mode, with their origin; other modes stand in a column of their own.

    Args:
        book: the book.
        results: computed columns, each as long as the book's groups.

    Returns:
        The table; writing it to a file makes its texts harmless.
    """
    models = {model.name: model for model in book.models}
    sites = {site.id: site for site in book.sites}
    names = site_names(book)
    tariffs = {tariff.id: tariff for tariff in book.tariffs}
    rows = []
    for group in book.groups:
        site = sites[group.site]
        tariff = tariffs[site.tariff]
        cells = group_cells(group, models[group.model], names[site.id])
        foreign = tariff.currency not in {"", book.currency}
        cells[Field.PRICE] = tariff.price_per_kwh
        cells[Field.PRICE_CURRENCY] = tariff.currency if foreign else ""
        cells[Field.PUE] = site.pue
        rows.append(cells)
    fields = [field for field in Field if field in _ALWAYS or _is_used(field, rows)]
    return RawTable(
        header=(*fields, *(f"{RESULT_PREFIX}{column.name}" for column in results)),
        rows=tuple(
            (*(row[field] for field in fields), *(column.values[index] for column in results))
            for index, row in enumerate(rows)
        ),
        source_name=book.name,
    )


def site_names(book: Book) -> dict[str, str]:
    """Return by site id the text by which an import finds it: its name where that is clear."""
    folded = Counter(site.name.strip().casefold() for site in book.sites)
    ids = {site.id for site in book.sites}
    return {
        site.id: site.id
        if folded[site.name.strip().casefold()] > 1
        or site.name != site.name.strip()
        or not site.name
        or (site.name in ids and site.name != site.id)
        else site.name
        for site in book.sites
    }


def group_cells(group: RigGroup, model: RigModel, site_name: str) -> dict[Field, Cell]:
    """Return every value of a group by field; empty where it has none."""
    first = model.modes[0]
    own = next((o for o in group.overrides if o.mode == first.name), None)
    others = tuple(o for o in group.overrides if o.mode != first.name)
    ths, ths_origin = _in_force(first.hashrate_ths, own.hashrate_ths if own else None, own, "ths")
    watts, watts_origin = _in_force(first.power_w, own.power_w if own else None, own, "w")
    state, bought = group.state_now, group.purchase
    return {
        Field.ID: group.id,
        Field.SITE: site_name,
        Field.MODEL: group.model,
        Field.COUNT: group.count,
        Field.MODE: "",
        Field.HASHRATE: ths,
        Field.HASHRATE_ORIGIN: ths_origin,
        Field.POWER: watts,
        Field.POWER_ORIGIN: watts_origin,
        Field.EFFICIENCY: "",
        Field.OTHER_MODES: write_overrides(others),
        Field.STATE: "" if state is None else write_running(state.running),
        Field.STATE_SINCE: "" if state is None or not state.since else state.since.isoformat(),
        Field.STATE_SOURCE: "" if state is None else state.source.value,
        Field.UPTIME: group.uptime,
        Field.REJECT_RATE: group.reject_rate,
        Field.POOL_FEE: group.pool_fee,
        Field.POOL_FEE_ON_FEES: _or_empty(group.pool_fee_on_fees),
        Field.POOL_SCHEME: group.pool_scheme.value,
        Field.FIRMWARE_FEE: group.firmware_fee,
        Field.IDLE_POWER: _or_empty(group.idle_w),
        Field.PRICE: "",
        Field.PRICE_CURRENCY: "",
        Field.PUE: "",
        Field.OWNER: group.owner,
        Field.LOCATION: group.location,
        Field.NOTE: group.note,
        Field.PURCHASE_PRICE: "" if bought is None else bought.price_per_rig,
        Field.PURCHASE_CURRENCY: "" if bought is None else bought.currency,
        Field.BOUGHT_ON: "" if bought is None or not bought.bought_on else str(bought.bought_on),
        Field.LIFE_MONTHS: "" if bought is None else bought.life_months,
        Field.RESIDUAL: "" if bought is None else bought.residual_per_rig,
    }


def _is_used(field: Field, rows: list[dict[Field, Cell]]) -> bool:
    unused = ("", _DEFAULTS.get(field, ""))
    return any(row[field] not in unused for row in rows)


def _in_force(
    nameplate: float, value: float | None, override: ModeOverride | None, unit: str
) -> tuple[float, str]:
    if value is None or override is None:
        return nameplate, Origin.NAMEPLATE.value
    origin = override.hashrate_origin if unit == "ths" else override.power_origin
    return value, origin.value


def _or_empty(value: float | None) -> Cell:
    return "" if value is None else value
