"""Which column of a foreign table means what, and in which unit its numbers are."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from minerdesk.services import quantities

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Field(StrEnum):
    """What a column can mean. The value is the header an export writes."""

    ID = "id"
    SITE = "site"
    MODEL = "model"
    COUNT = "count"
    MODE = "mode"
    HASHRATE = "hashrate_ths"
    HASHRATE_ORIGIN = "hashrate_origin"
    POWER = "power_w"
    POWER_ORIGIN = "power_origin"
    EFFICIENCY = "efficiency_j_per_th"
    OTHER_MODES = "other_modes"
    STATE = "state"
    STATE_SINCE = "state_since"
    STATE_SOURCE = "state_source"
    UPTIME = "uptime"
    REJECT_RATE = "reject_rate"
    POOL_FEE = "pool_fee"
    POOL_FEE_ON_FEES = "pool_fee_on_fees"
    POOL_SCHEME = "pool_scheme"
    FIRMWARE_FEE = "firmware_fee"
    IDLE_POWER = "idle_w"
    PRICE = "price_per_kwh"
    PRICE_CURRENCY = "price_currency"
    PUE = "pue"
    OWNER = "owner"
    LOCATION = "location"
    NOTE = "note"
    PURCHASE_PRICE = "purchase_price"
    PURCHASE_CURRENCY = "purchase_currency"
    BOUGHT_ON = "bought_on"
    LIFE_MONTHS = "life_months"
    RESIDUAL = "residual_value"


FRACTIONS: Final = frozenset(
    {
        Field.UPTIME,
        Field.REJECT_RATE,
        Field.POOL_FEE,
        Field.POOL_FEE_ON_FEES,
        Field.FIRMWARE_FEE,
    }
)
MONEY: Final = frozenset({Field.PURCHASE_PRICE, Field.RESIDUAL})
NUMBERS: Final = (
    FRACTIONS
    | MONEY
    | {
        Field.COUNT,
        Field.HASHRATE,
        Field.POWER,
        Field.EFFICIENCY,
        Field.IDLE_POWER,
        Field.PRICE,
        Field.PUE,
        Field.LIFE_MONTHS,
    }
)

_SYNONYMS: Final[Mapping[Field, tuple[str, ...]]] = {
    Field.ID: ("id", "group id", "group", "group name"),
    Field.SITE: ("site", "site name", "facility", "farm", "datacenter", "data center", "standort"),
    Field.MODEL: (
        *("model", "rig", "miner", "machine", "rig model", "miner model", "machine model"),
        *("miner type", "device", "hardware", "type", "asic", "asic model", "modell"),
        *("gerät", "typ", "maschine"),
    ),
    Field.COUNT: (
        *("count", "qty", "quantity", "number", "units", "pcs", "rigs", "miners", "machines"),
        *(
            "amount",
            "rig count",
            "number of rigs",
            "miner count",
            "anzahl",
            "stückzahl",
            "stück",
            "menge",
        ),
    ),
    Field.MODE: ("mode", "power mode", "profile", "work mode", "operating mode", "modus"),
    Field.HASHRATE: (
        *("hashrate", "hash rate", "hash", "speed", "hashing power", "nominal hashrate"),
        *("measured hashrate", "avg hashrate", "average hashrate", "hashrate per rig", "ths"),
        *("terahash", "th s", "th"),
    ),
    Field.HASHRATE_ORIGIN: ("hashrate origin",),
    Field.POWER: (
        *("power", "power draw", "power consumption", "consumption", "wattage", "watts", "watt"),
        *("measured power", "power per rig", "wall power", "leistung", "kw", "w"),
        *("leistungsaufnahme", "stromverbrauch", "verbrauch"),
    ),
    Field.POWER_ORIGIN: ("power origin",),
    Field.EFFICIENCY: (
        "efficiency",
        "energy efficiency",
        "power efficiency",
        "j th",
        "w th",
        "effizienz",
    ),
    Field.OTHER_MODES: ("other modes",),
    Field.STATE: ("state", "status", "state now", "running", "runs now", "zustand"),
    Field.STATE_SINCE: ("state since", "since", "seit"),
    Field.STATE_SOURCE: ("state source",),
    Field.UPTIME: ("uptime", "availability", "verfügbarkeit", "auslastung", "betriebszeit"),
    Field.REJECT_RATE: ("reject rate", "rejects", "rejected", "reject"),
    Field.POOL_FEE: ("pool fee", "fee", "pool fees", "poolgebühr", "poolgebühren", "pool gebühr"),
    Field.POOL_FEE_ON_FEES: ("pool fee on fees",),
    Field.POOL_SCHEME: ("pool scheme", "payout scheme", "payout", "scheme"),
    Field.FIRMWARE_FEE: ("firmware fee", "dev fee", "devfee"),
    Field.IDLE_POWER: ("idle power", "idle", "standby power", "standby"),
    Field.PRICE: (
        *("price", "power price", "electricity price", "energy price", "power cost", "tariff"),
        *("electricity cost", "energy cost", "electricity rate", "power rate", "rate"),
        *("electricity", "strompreis", "strompreise", "cost"),
    ),
    Field.PRICE_CURRENCY: ("price currency", "tariff currency"),
    Field.PUE: ("pue",),
    Field.OWNER: ("owner", "client", "customer", "tenant", "besitzer", "eigentümer", "kunde"),
    Field.LOCATION: (
        *("location", "rack", "place", "position", "container", "row", "hall"),
        *("platz", "halle", "regal", "ort"),
    ),
    Field.NOTE: (
        *("note", "notes", "comment", "comments", "remark", "remarks"),
        *("notiz", "notizen", "bemerkung", "kommentar"),
    ),
    Field.PURCHASE_PRICE: (
        *("purchase price", "purchase price per rig", "price per rig", "unit price", "rig price"),
        *("bought for", "capex", "kaufpreis", "anschaffungspreis"),
    ),
    Field.PURCHASE_CURRENCY: ("purchase currency",),
    Field.BOUGHT_ON: (
        "bought on",
        "purchase date",
        "purchased on",
        "bought",
        "purchased",
        "kaufdatum",
    ),
    Field.LIFE_MONTHS: ("life months", "life", "lifetime", "depreciation months"),
    Field.RESIDUAL: ("residual value", "residual", "salvage value"),
}
_FIELD_OF: Final = {name: field for field, names in _SYNONYMS.items() for name in names}
# Without a unit "price" could be a rig's and "power cost" a month's. "kW" is its own unit.
_NEEDS_UNIT: Final = frozenset(
    {
        *("price", "cost", "rate", "electricity", "power cost", "energy cost", "electricity cost"),
        *("ths", "th s", "th", "kw", "w"),
    }
)

_COMMENTS: Final = frozenset({"", "per rig", "each", "per unit", "per miner", "wall", "at wall"})
_BRACKETS: Final = re.compile(r"[(\[]([^)\]]*)[)\]]")
_WORD: Final = re.compile(r"[^\W_]+|[%$€£¥¢]|/", re.IGNORECASE)


def _unit_test(field: Field) -> Callable[[str], bool]:
    if field in FRACTIONS:
        return quantities.unit_of_percent
    tests: dict[Field, Callable[[str], bool]] = {
        Field.HASHRATE: quantities.unit_of_hashrate,
        Field.POWER: quantities.unit_of_power,
        Field.IDLE_POWER: quantities.unit_of_power,
        Field.EFFICIENCY: quantities.unit_of_efficiency,
        Field.PRICE: quantities.unit_of_price,
    }
    return tests.get(field, lambda _unit: False)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        index: where it stands, from 0; ``header`` as written.
        field: what it means, or None where it is left out.
        unit: the unit of its bare numbers, empty for the field's own.
    """

    index: int
    header: str
    field: Field | None = None
    unit: str = ""


def recognise(
    header: Sequence[str], mapping: Mapping[int, Field | None] | None = None
) -> tuple[Column, ...]:
    """Say what each column means; of two with the same meaning the first counts.

    Args:
        header: the table's header.
        mapping: the operator's own decisions by column index, which go before all recognition;
            None leaves a column out.

    Returns:
        One `Column` for each header, in order.
    """
    chosen = dict(mapping or {})
    taken = {field for field in chosen.values() if field is not None}
    columns = []
    for index, text in enumerate(header):
        if index in chosen:
            field = chosen[index]
            columns.append(Column(index, text, field, _unit_for(text, field)))
            continue
        found, unit = _recognise(text)
        if found in taken:
            found, unit = None, ""
        elif found is not None:
            taken.add(found)
        columns.append(Column(index, text, found, unit))
    return tuple(columns)


def _recognise(header: str) -> tuple[Field | None, str]:
    name, bracketed = _split(header)
    words = _words(name)
    for length in range(len(words), 0, -1):
        base = " ".join(word for word in words[:length] if word != "/").lower()
        tail = words[length:]
        field = _FIELD_OF.get(base)
        if field is None:
            continue
        known = _unit_test(field)
        unit = next((text for text in (_glued(tail), bracketed) if text and known(text)), "")
        comment = bracketed.lower() if bracketed != unit else ""
        if (tail and not unit) or comment not in _COMMENTS:
            continue
        if not unit and base in _NEEDS_UNIT:
            unit = base if known(base) else ""
            if not unit:
                continue
        return field, unit
    return None, ""


def _unit_for(header: str, field: Field | None) -> str:
    if field is None:
        return ""
    name, bracketed = _split(header)
    words = _words(name)
    known = _unit_test(field)
    tails = (_glued(words[start:]) for start in range(len(words)))
    return next((text for text in (bracketed, *tails) if text and known(text)), "")


def _split(header: str) -> tuple[str, str]:
    found = _BRACKETS.search(header)
    return _BRACKETS.sub(" ", header), found[1].strip() if found else ""


def _words(name: str) -> list[str]:
    # A Mac writes "ü" as two signs.
    whole = unicodedata.normalize("NFC", name.replace("_", " "))
    return [word for word in _WORD.findall(whole) if word.lower() != "in"]


def _glued(words: list[str]) -> str:
    """Join the words of a unit: "j per th" is J/TH, "usd / mwh" USD/MWh."""
    if not words:
        return ""
    text = "/".join(" ".join(words).lower().split(" per ")) if "per" in words[1:] else ""
    return text or (" ".join(words) if words[0].lower() == "per" else "".join(words))
