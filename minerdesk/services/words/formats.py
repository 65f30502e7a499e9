"""Numbers, money, units, ages and dates in the operator's locale."""

from __future__ import annotations

import locale as system_locale
import math
import os
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

import numpy as np
from babel import Locale, UnknownLocaleError, dates, default_locale
from numpy.typing import NDArray

from minerdesk.domain.text import _
from minerdesk.domain.units import DAYS_PER_MONTH, SATOSHI_PER_BTC
from minerdesk.services.number_text import DECIMAL_COMMA, DECIMAL_DOT, NumberStyle
from minerdesk.services.words.number_writer import MINUS, Writer, plain_pattern, writer

DASH: Final = "–"
_MONEY_DIGITS_MOST: Final = 8
_LARGEST_WRITTEN_OUT: Final = 1e15
# What "no locale" is called differs by system; all of them mean plain English here.
_NO_LOCALE: Final = frozenset({"", "C", "POSIX", "en_US_POSIX"})


class Formats:
    """Formats values for one locale and time zone. Immutable in use; safe to share.

    None and NaN are an en dash everywhere. Infinite values are "∞". Digits are Western, the minus
    sign is typographic.

    Args:
        locale: a name such as ``de`` or ``en_GB``; empty means the system's. An unknown name falls
            back to its language, then to English.
        time_zone: of dates and times; None means the system's.
    """

    def __init__(self, locale: str = "", time_zone: tzinfo | None = None) -> None:
        self._locale = _locale_of(locale or system_locale_name())
        self._zone = time_zone
        self._writers: dict[int, Writer] = {}
        percent = self._locale.percent_formats[None].suffix[0]
        self._percent = percent if percent.strip() == "%" else "%"

    @property
    def locale(self) -> str:
        """The locale in use, such as ``de_AT``."""
        return str(self._locale)

    @property
    def number_style(self) -> NumberStyle:
        """How numbers are typed in this locale."""
        comma = self._locale.number_symbols["latn"]["decimal"] == ","
        return DECIMAL_COMMA if comma else DECIMAL_DOT

    def number(self, value: float | None, digits: int = 0, *, signed: bool = False) -> str:
        """Return a number with exactly ``digits`` decimals; ``signed`` also writes the plus."""
        if value is None or value != value:  # noqa: PLR0124 - the quickest test for NaN
            return DASH
        if not -_LARGEST_WRITTEN_OUT < value < _LARGEST_WRITTEN_OUT:
            return f"{value:.3g}".replace("inf", "∞").replace("-", MINUS)
        write = self._writers.get(digits)
        if write is None:
            write = writer(plain_pattern(self._locale, digits), self._locale)
            self._writers[digits] = write
        text = write(value)
        return f"+{text}" if signed and value > 0 and text != write(0.0) else text

    def count(self, value: float | None) -> str:
        """Return a whole number."""
        return self.number(value, 0)

    def money(
        self,
        value: float | None,
        currency: str,
        digits: int | None = None,
        *,
        signed: bool = False,
    ) -> str:
        """Return an amount and its currency's code; the size chooses the digits where not given."""
        if value is None or math.isnan(value):
            return DASH
        chosen = money_digits(value) if digits is None else digits
        return f"{self.number(value, chosen, signed=signed)} {currency}".rstrip()

    def price_per_kwh(self, value: float | None, currency: str, digits: int | None = None) -> str:
        """Return a power price such as ``0.0912 USD/kWh``."""
        if value is None or math.isnan(value):
            return DASH
        chosen = power_price_digits(value) if digits is None else digits
        return f"{self.number(value, chosen)} {currency}/kWh"

    def percent(self, fraction: float | None, digits: int = 1) -> str:
        """Return a fraction as percent: 0.02 is 2.0%."""
        return self.percent_points(None if fraction is None else fraction * 100, digits)

    def percent_points(
        self, percent: float | None, digits: int = 1, *, signed: bool = False
    ) -> str:
        """Return a number of percent as it is: 2.0 is 2.0%."""
        text = self.number(percent, digits, signed=signed)
        return text if text == DASH else text + self._percent

    @property
    def percent_sign(self) -> str:
        """What follows a number of percent, with the space the locale puts before it."""
        return self._percent

    def change(
        self,
        percent: float | None,
        error_pct: float | None,
        digits: int = 1,
        *,
        signed: bool = True,
    ) -> str:
        """Return a change in percent and its standard deviation, such as ``−3.8% ±1.2``."""
        change = self.percent_points(percent, digits, signed=signed)
        return f"{change} ±{self.number(error_pct, digits)}"

    def age(self, age: timedelta) -> str:
        """Return an age in one unit: ``40 s``, ``12 min``, ``3 h``, ``2 d``."""
        seconds = max(0, int(age.total_seconds()))
        if seconds < 60:
            return _("{n} s").format(n=seconds)
        if seconds < 3_600:
            return _("{n} min").format(n=seconds // 60)
        if seconds < 86_400:
            return _("{n} h").format(n=seconds // 3_600)
        return _("{n} d").format(n=self.count(seconds // 86_400))

    def duration(self, duration: timedelta) -> str:
        """Return a duration in its two largest units: ``3 d 10 h``, ``2 h 15 min``."""
        seconds = max(0, int(duration.total_seconds()))
        if seconds < 3_600:
            return self.age(duration)
        large, small = (86_400, 3_600) if seconds >= 86_400 else (3_600, 60)
        first = self.age(timedelta(seconds=seconds // large * large))
        rest = seconds % large // small * small
        return f"{first} {self.age(timedelta(seconds=rest))}" if rest else first

    def days(self, days: float | None) -> str:
        """Return a time to wait: days under two months, months under five years, then years."""
        if days is None or math.isnan(days):
            return DASH
        if math.isinf(days):
            return _("never")
        if days < 61:
            return _("{n} days").format(n=self.count(days))
        months = days / DAYS_PER_MONTH
        if months < 60:
            return _("{n} months").format(n=self.count(months))
        return _("{n} years").format(n=self.number(months / 12, 0))

    def date(self, when: date) -> str:
        """Return a date with the month's name, such as ``19 January 2026``."""
        style = "d MMMM y" if self._locale.language == "en" else "long"
        return str(dates.format_date(when, style, self._locale))

    def with_dates(self, sentence: str) -> str:
        """Return a sentence with its dates, such as ``2026-01-19``, written as `date` does."""

        def spelled(found: re.Match[str]) -> str:
            try:
                return self.date(date.fromisoformat(found[0]))
            except ValueError:
                return found[0]

        return _ISO_DATE.sub(spelled, sentence)

    def time(self, when: datetime) -> str:
        """Return a time of day in the operator's zone, such as ``21:00``."""
        return str(dates.format_time(self.local(when), "HH:mm", locale=self._locale))

    def date_time(self, when: datetime) -> str:
        """Return date and time in the operator's zone."""
        local = self.local(when)
        return f"{self.date(local.date())}, {self.time(when)}"

    def local(self, when: datetime) -> datetime:
        """Return an aware time in the operator's zone."""
        return when.astimezone(self._zone)

    def utc_date(self, when: datetime) -> str:
        """Return the date that ``when`` is in UTC."""
        return self.date(when.astimezone(UTC).date())

    def difficulty(self, value: float | None, digits: int = 1) -> str:
        """Return a difficulty with a metric prefix, such as ``146.5 T``."""
        return self._scaled(value, _DIFFICULTY_UNITS, digits)

    def hashrate(self, ths: float | None, digits: int | None = None) -> str:
        """Return a hashrate given in TH/s in the unit that fits its size, GH/s to EH/s."""
        if ths == 0:
            return f"{self.number(0)} TH/s"
        return self._scaled(ths, _HASHRATE_UNITS, digits)

    def power(self, watts: float | None, digits: int | None = None) -> str:
        """Return a power given in W as W, kW or MW."""
        if watts is not None and abs(watts) < _KW_FROM_W:
            size = abs(watts)
            chosen = 0 if size >= 100 or size == int(size) else 1
            return f"{self.number(watts, chosen if digits is None else digits)} W"
        return self._scaled(watts, _POWER_UNITS, digits)

    def efficiency(self, j_per_th: float | None, digits: int = 1) -> str:
        """Return an efficiency in J/TH."""
        return self._with_unit(self.number(j_per_th, digits), "J/TH")

    def btc(self, value: float | None, digits: int | None = None) -> str:
        """Return coins in BTC, from 8 digits under 0.1 BTC to 2 above 100."""
        if digits is None:
            size = 0.0 if value is None or math.isnan(value) else abs(value)
            digits = 8 if size < 0.1 else 5 if size < 10 else 2
        return self._with_unit(self.number(value, digits), "BTC")

    def sats(self, value_btc: float | None) -> str:
        """Return coins in sats (hundred-millionths of a BTC)."""
        value = None if value_btc is None else value_btc * SATOSHI_PER_BTC
        return self._with_unit(self.number(value, 0), "sats")

    def coins(self, value_btc: float | None, *, small: bool) -> str:
        """Return coins as a fleet of that size speaks of them: sats where it is small."""
        return self.sats(value_btc) if small else self.btc(value_btc)

    def _scaled(
        self, value: float | None, units: tuple[tuple[float, str], ...], digits: int | None
    ) -> str:
        if value is None or not math.isfinite(value):
            return self.number(value)
        size, unit = next((each for each in units if abs(value) >= each[0]), units[-1])
        scaled = value / size
        if digits is None:
            digits = 0 if abs(scaled) >= 100 else 1 if abs(scaled) >= 10 else 2
        return f"{self.number(scaled, digits)} {unit}".rstrip()

    def _with_unit(self, text: str, unit: str) -> str:
        return text if text == DASH else f"{text} {unit}"


_DIFFICULTY_UNITS: Final = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""))
# A date that stands by itself; one in the name of a file is no date.
_ISO_DATE: Final = re.compile(r"(?<![\w./-])\d{4}-\d\d-\d\d(?![\w/-]|\.\w)")
_HASHRATE_UNITS: Final = ((1e6, "EH/s"), (1e3, "PH/s"), (1.0, "TH/s"), (1e-3, "GH/s"))
_POWER_UNITS: Final = ((1e6, "MW"), (1e3, "kW"))
_WHOLE_FROM: Final = 9.995  # what rounds to 10.00
_KW_FROM_W: Final = 1e4  # "3,250 W" is how operators speak of a rig


def money_digits(value: float) -> int:
    """Return decimals for an amount: none from 100, two from 0.1, below it three figures."""
    size = abs(value)
    if size >= 99.995:
        return 0
    return 2 if size >= 0.1 else _figures(size)


def column_digits(values: Sequence[float] | NDArray[np.float64]) -> int:
    """Return one number of decimals for all amounts of a column; unknown ones do not count.

    None where every amount is 10 or more, two where one is smaller, more only where all are tiny.
    """
    sizes = np.abs(np.asarray(values, np.float64))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    if not len(sizes):
        return 2
    if sizes.min() >= _WHOLE_FROM:
        return 0
    return max(2, money_digits(float(sizes.max())))


def power_price_digits(value: float) -> int:
    """Return decimals for a price per kWh: three figures, at least two decimals."""
    return _figures(abs(value))


def _figures(size: float) -> int:
    """Return decimals that show three figures of ``size`` without zeros at the end; at least 2."""
    if not 0 < size < math.inf:
        return 2
    wanted = max(2, min(_MONEY_DIGITS_MOST, 2 - math.floor(math.log10(size))))
    text = f"{size:.{wanted}f}".rstrip("0")
    return max(2, len(text.partition(".")[2]))


def system_locale_name() -> str:
    """Return the operator's locale as the system tells it, ``en`` where it tells none."""
    named = default_locale("LC_NUMERIC")
    if not named and os.name == "nt":  # pragma: no cover - Windows has no such variables
        named = system_locale.getlocale()[0]
    return "en" if named is None or named in _NO_LOCALE else named


def _locale_of(name: str) -> Locale:
    plain = name.partition(".")[0].partition("@")[0].replace("-", "_")
    for candidate in (plain, plain.partition("_")[0]):
        try:
            if candidate not in _NO_LOCALE:
                return Locale.parse(candidate)
        except (ValueError, UnknownLocaleError):
            continue
    return Locale("en")
