"""What the meter said before the horizon, by billing month, and what is expected after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from minerdesk.domain.sites import MeteredMonth
from minerdesk.domain.tariff import DemandCharge


def billing_month_of(month: str) -> int:
    """Return the number of a month written ``YYYY-MM``: year x 12 + month - 1."""
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number) - 1


@dataclass(frozen=True, slots=True)
class Usage:
    """What is known of the meter beside the load that is priced. Months are billing months.

    Attributes:
        kwh: used in a month before the horizon; with a take-or-pay block what went above it.
        kwh_later: expected in a month after the horizon. It tells in which tier the last kWh of
            the month will fall; a month without is taken to end with the horizon.
        peak_kw: the highest mean of a month, for every charge without its own in ``peaks``.
        peaks: the highest mean of a month by (month, name of the demand charge).
        expected_peak_kw: what every demand charge reaches anyway in each month of the horizon,
            also in those that begin inside it.
        kw_before: mean load of the metering interval that the horizon begins in, or None.
    """

    kwh: Mapping[int, float] = field(default_factory=dict)
    kwh_later: Mapping[int, float] = field(default_factory=dict)
    peak_kw: Mapping[int, float] = field(default_factory=dict)
    peaks: Mapping[tuple[int, str], float] = field(default_factory=dict)
    expected_peak_kw: float = 0.0
    kw_before: float | None = None

    @classmethod
    def of(
        cls,
        metered: Iterable[MeteredMonth],
        *,
        kwh_later: Mapping[int, float] | None = None,
        expected_peak_kw: float = 0.0,
        kw_before: float | None = None,
    ) -> Usage:
        """Return the usage that a site's metered months tell."""
        months = {billing_month_of(each.month): each for each in metered}
        return cls(
            kwh={month: each.kwh for month, each in months.items()},
            kwh_later={} if kwh_later is None else kwh_later,
            peak_kw={month: each.peak_kw for month, each in months.items()},
            peaks={
                (month, peak.charge): peak.kw
                for month, each in months.items()
                for peak in each.peaks
            },
            expected_peak_kw=expected_peak_kw,
            kw_before=kw_before,
        )

    def before(self, month: int) -> Usage:
        """Return the peaks of the months before one, and nothing else."""
        return Usage(
            peak_kw={past: kw for past, kw in self.peak_kw.items() if past < month},
            peaks={key: kw for key, kw in self.peaks.items() if key[0] < month},
        )

    def peak_of(self, month: int, charge: str) -> float:
        """Return the peak in kW of a demand charge in a month, 0 where none is known."""
        return self.peaks.get((month, charge), self.peak_kw.get(month, 0.0))

    def ratchet_kw(self, month: int, charge: DemandCharge) -> float:
        """Return the least billed demand in kW that past months leave to a month."""
        ratchet = charge.ratchet
        if ratchet is None:
            return 0.0
        return ratchet.fraction * max(
            (
                self.peak_of(past, charge.name)
                for past in range(month - ratchet.months, month)
                if not ratchet.of_months or past % 12 + 1 in ratchet.of_months
            ),
            default=0.0,
        )

    def floor_kw(self, month: int, charge: DemandCharge) -> float:
        """Return the demand in kW that is owed for a month whatever the horizon brings."""
        return max(
            self.peak_of(month, charge.name),
            self.ratchet_kw(month, charge),
            self.expected_peak_kw,
        )


NOTHING_USED: Final = Usage()
