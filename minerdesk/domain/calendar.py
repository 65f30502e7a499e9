"""Which of a few keys holds in which hour of which month, as power contracts write it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

MONTH_NAMES: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
COUNTS: Final = "x"
DOES_NOT: Final = "."


class DayKind(IntEnum):
    """What a local day is. The value is its code in arrays."""

    WEEKDAY = 0
    WEEKEND = 1
    HOLIDAY = 2

    @property
    def plural(self) -> str:
        """The word for such days."""
        return ("weekdays", "weekends", "holidays")[self]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A key, one character, for each local hour: 12 rows (January first) of 24 characters.

    Attributes:
        weekday: Monday to Friday.
        weekend: Saturday and Sunday; empty means as weekdays.
        holiday: holidays; empty means as weekends.
    """

    weekday: tuple[str, ...]
    weekend: tuple[str, ...] = ()
    holiday: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for kind, grid in zip(DayKind, (self.weekday, self.weekend, self.holiday), strict=True):
            if not grid and kind is not DayKind.WEEKDAY:
                continue
            if len(grid) != 12:
                raise ValueError(
                    f"the calendar of {kind.plural} must have 12 rows, one for each month, "
                    f"found {len(grid)}"
                )
            for month, row in zip(MONTH_NAMES, grid, strict=True):
                if len(row) != 24:
                    raise ValueError(
                        f"the calendar of {kind.plural} must have 24 hours in {month}, "
                        f"found {len(row)}"
                    )

    @classmethod
    def always(cls, key: str) -> Calendar:
        """Return the calendar in which ``key`` holds at all times."""
        return cls((key * 24,) * 12)

    def grid(self, kind: DayKind) -> tuple[str, ...]:
        """Return the rows of one kind of day, what it falls back to where it has none."""
        if kind is DayKind.WEEKDAY:
            return self.weekday
        weekend = self.weekend or self.weekday
        return weekend if kind is DayKind.WEEKEND else self.holiday or weekend

    @property
    def keys(self) -> frozenset[str]:
        """Every key that holds somewhere."""
        return frozenset("".join((*self.weekday, *self.weekend, *self.holiday)))

    def check_keys(self, known: frozenset[str], what: str) -> None:
        """Check that every hour has one of the keys ``known``.

        Raises:
            ValueError: one sentence with the first hours that have none, and the keys there are.
        """
        if self.keys <= known:
            return
        for kind in DayKind:
            for month, row in zip(MONTH_NAMES, self.grid(kind), strict=True):
                missing = [hour for hour, key in enumerate(row) if key not in known]
                if missing:
                    last = next((h for h in range(missing[0], 24) if h not in set(missing)), 24)
                    raise ValueError(
                        f"{kind.plural} in {month} from {missing[0]:02d}:00 to {last:02d}:00 have "
                        f"no {what} (found {row[missing[0]]!r}); give them one of "
                        f"{', '.join(sorted(known))}"
                    )
