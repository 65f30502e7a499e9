"""What the fields of a table are called where people read them, and their values in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minerdesk.domain.text import _
from minerdesk.services.exchange.columns import FRACTIONS, Field
from minerdesk.storage.tables import number_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from minerdesk.storage.tables import Cell


def field_label(field: Field) -> str:
    """Return a field's name with its unit, translated."""
    return {
        Field.ID: _("Group id"),
        Field.SITE: _("Site"),
        Field.MODEL: _("Model"),
        Field.COUNT: _("Rigs"),
        Field.MODE: _("Mode"),
        Field.HASHRATE: _("Hashrate (TH/s)"),
        Field.HASHRATE_ORIGIN: _("Hashrate is from"),
        Field.POWER: _("Power (W)"),
        Field.POWER_ORIGIN: _("Power is from"),
        Field.EFFICIENCY: _("Efficiency (J/TH)"),
        Field.OTHER_MODES: _("Other modes"),
        Field.STATE: _("Runs now"),
        Field.STATE_SINCE: _("Since"),
        Field.STATE_SOURCE: _("Known from"),
        Field.UPTIME: _("Uptime (%)"),
        Field.REJECT_RATE: _("Rejected work (%)"),
        Field.POOL_FEE: _("Pool fee (%)"),
        Field.POOL_FEE_ON_FEES: _("Pool fee on fees (%)"),
        Field.POOL_SCHEME: _("Payout scheme"),
        Field.FIRMWARE_FEE: _("Firmware fee (%)"),
        Field.IDLE_POWER: _("Power while off (W)"),
        Field.PRICE: _("Power price (per kWh)"),
        Field.PRICE_CURRENCY: _("Currency of the power price"),
        Field.PUE: _("PUE"),
        Field.OWNER: _("Owner"),
        Field.LOCATION: _("Location"),
        Field.NOTE: _("Note"),
        Field.PURCHASE_PRICE: _("Purchase price (a rig)"),
        Field.PURCHASE_CURRENCY: _("Currency of the purchase"),
        Field.BOUGHT_ON: _("Bought on"),
        Field.LIFE_MONTHS: _("Life (months)"),
        Field.RESIDUAL: _("Residual value (a rig)"),
    }[field]


def value_words(field: Field, value: Cell, write: Callable[[float], str]) -> str:
    """Return a value as people read it: shares in percent, numbers as ``write`` writes them."""
    if isinstance(value, str):
        return value
    if field in FRACTIONS:
        return write(float(value) * 100)
    return write(float(value)) if isinstance(value, int | float) else number_text(value)
