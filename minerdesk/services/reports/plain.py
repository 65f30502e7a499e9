"""Values as JSON holds them: free of locale, and null for what is undefined."""

from __future__ import annotations

import math
from datetime import UTC, datetime

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


def number(value: float | None) -> float | None:
    """Return a number, or None for NaN and infinity."""
    return float(value) if value is not None and math.isfinite(value) else None


def moment(when: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC."""
    if when is None:
        return None
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
