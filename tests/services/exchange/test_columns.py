"""Columns are recognised by name and unit, and never by a part of a name."""

import pytest

from minerdesk.services.exchange.columns import Field, recognise


@pytest.mark.parametrize(
    ("header", "field", "unit"),
    [
        ("Power (kW)", Field.POWER, "kW"),
        ("power_w", Field.POWER, "w"),
        ("Power consumption W", Field.POWER, "W"),
        ("kW", Field.POWER, "kw"),
        ("Power (per rig)", Field.POWER, ""),
        ("Hashrate [TH/s]", Field.HASHRATE, "TH/s"),
        ("hashrate_phs", Field.HASHRATE, "phs"),
        ("TH/s", Field.HASHRATE, "th s"),
        ("Model", Field.MODEL, ""),
        ("Qty", Field.COUNT, ""),
        ("count", Field.COUNT, ""),
        ("site", Field.SITE, ""),
        ("price_per_kwh", Field.PRICE, "per kwh"),
        ("Price (EUR/MWh)", Field.PRICE, "EUR/MWh"),
        ("Price USD per MWh", Field.PRICE, "usd/mwh"),
        ("Power price in ct/kWh", Field.PRICE, "ct/kWh"),
        ("Electricity price", Field.PRICE, ""),
        ("efficiency_j_per_th", Field.EFFICIENCY, "j/th"),
        ("pool fee %", Field.POOL_FEE, "%"),
        ("Uptime (%)", Field.UPTIME, "%"),
        ("pue", Field.PUE, ""),
        ("mode", Field.MODE, ""),
        ("Status", Field.STATE, ""),
        ("owner", Field.OWNER, ""),
        ("note", Field.NOTE, ""),
        ("Rack", Field.LOCATION, ""),
        ("Poolgebühr (%)", Field.POOL_FEE, "%"),
        ("Poolgebu\u0308hr", Field.POOL_FEE, ""),
        ("Standort", Field.SITE, ""),
        ("Besitzer", Field.OWNER, ""),
        ("Notiz", Field.NOTE, ""),
        ("Auslastung %", Field.UPTIME, "%"),
        ("Leistungsaufnahme W", Field.POWER, "W"),
        ("Verlustleistung", None, ""),
        ("Price", None, ""),
        ("Power cost", None, ""),
        ("Power (total)", None, ""),
        ("Total power", None, ""),
        ("Hashrate (furlongs)", None, ""),
        ("result break_even_price_per_kwh", None, ""),
        ("", None, ""),
    ],
)
def test_header(header: str, field: Field | None, unit: str) -> None:
    (column,) = recognise([header])
    assert column.field is field
    if field is not None:
        assert column.unit.replace(" ", "") == unit.replace(" ", "")


def test_every_field_is_recognised_by_the_header_an_export_writes() -> None:
    assert [column.field for column in recognise(list(Field))] == list(Field)


def test_of_two_columns_with_one_meaning_the_first_counts() -> None:
    assert [column.field for column in recognise(["model", "machine"])] == [Field.MODEL, None]


def test_the_operator_decides_first() -> None:
    columns = recognise(["model", "Draw kW", "count"], {0: None, 1: Field.POWER, 2: Field.NOTE})
    assert [(column.field, column.unit) for column in columns] == [
        (None, ""),
        (Field.POWER, "kW"),
        (Field.NOTE, ""),
    ]
    assert recognise(["a", "model"], {0: Field.MODEL})[1].field is None
