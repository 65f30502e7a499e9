"""How numbers are read from fields and written back into them."""

from __future__ import annotations

from dataclasses import dataclass

from minerdesk.services import quantities
from minerdesk.services.number_text import NumberStyle
from minerdesk.services.words.formats import Formats


@dataclass(frozen=True, slots=True)
class Typing:
    """How numbers are read and written back into fields."""

    style: NumberStyle
    formats: Formats

    def write(self, value: float | None) -> str:
        """Write a number as the operator would type it, exactly."""
        if value is None:
            return ""
        text = f"{value:.15g}"
        return text.replace(".", self.style.decimal)

    def write_share(self, fraction: float | None) -> str:
        """Write a fraction as a number of percent, as `share` reads it."""
        return self.write(None if fraction is None else float(f"{fraction * 100:.12g}"))

    def shown(self, value: float) -> str:
        """Write a number to be read, with at most six figures."""
        text = f"{value:.6g}"
        digits = 0 if "e" in text else len(text.partition(".")[2])
        return self.formats.number(value, digits)

    def number(self, text: str) -> float:
        """Read a bare number."""
        return quantities.parse_number(text, self.style)

    def money(self, text: str) -> float:
        """Read an amount of money."""
        return quantities.parse_money(text, self.style)

    def share(self, text: str) -> float:
        """Read a share typed in percent."""
        return quantities.parse_fraction(text, self.style, "%")

    def kw(self, text: str) -> float:
        """Read a power in kW."""
        return quantities.parse_power_w(text, self.style, "kW") / 1000

    def price(self, text: str, currency: str = "") -> float:
        """Read a price per kWh."""
        return quantities.parse_price_per_kwh(text, self.style, currency)

    def whole(self, text: str) -> int:
        """Read a whole number of at least 1."""
        return quantities.parse_count(text, self.style)
