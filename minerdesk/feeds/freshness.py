"""How long an answer is fresh and how long to wait, read from HTTP headers (RFC 9110, 9111)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_LONGEST_S: Final = 86_400.0


def fresh_for_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds for which an answer may be used, at most a day.

    ``max-age`` less ``Age`` comes before ``Expires`` less ``Date``: both times are the source's, so
    a wrong clock on either side does no harm.

    Returns:
        Seconds, at least 0; None where the source does not say.
    """
    for directive in headers.get("Cache-Control", "").split(","):
        name, _equals, value = directive.strip().partition("=")
        if name.lower() == "max-age" and value.strip().isdecimal():
            return _bounded(float(value) - _seconds(headers.get("Age", "")))
    expires, date = _time(headers.get("Expires", "")), _time(headers.get("Date", ""))
    if expires is None or date is None:
        return None
    return _bounded((expires - date).total_seconds())


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of ``Retry-After``, at most a day, or None where there is none."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return _bounded(float(value))
    until, date = _time(value), _time(headers.get("Date", ""))
    if until is None or date is None:
        return None
    return _bounded((until - date).total_seconds())


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), _LONGEST_S)


def _seconds(value: str) -> float:
    return float(value) if value.strip().isdecimal() else 0.0


def _time(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
