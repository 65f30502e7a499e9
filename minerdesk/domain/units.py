"""Units and their conversions.

Every quantity carries its unit in its name: ``_ths`` TH/s, ``_phs`` PH/s, ``_ehs`` EH/s, ``_hs``
H/s, ``_w`` W, ``_kw`` kW, ``_j_per_th`` J/TH, ``_btc`` BTC; ``_per_kwh``, ``_per_btc`` and
``_per_ph_day`` are money in the currency that stands beside it. A conversion is written once, here.
"""

from __future__ import annotations

from typing import Final

HS_PER_THS: Final = 1e12
HS_PER_EHS: Final = 1e18
THS_PER_PHS: Final = 1e3
THS_PER_EHS: Final = 1e6

SECONDS_PER_HOUR: Final = 3_600
SECONDS_PER_DAY: Final = 86_400
UNIX_DAY: Final = 719_163  # proleptic ordinal of 1 January 1970
HOURS_PER_DAY: Final = 24
DAYS_PER_YEAR: Final = 365.25
DAYS_PER_MONTH: Final = DAYS_PER_YEAR / 12

W_PER_KW: Final = 1e3
J_PER_KWH: Final = 3.6e6

SATOSHI_PER_BTC: Final = 100_000_000

BLOCKS_PER_DAY: Final = 144
BLOCKS_PER_EPOCH: Final = 2_016
TARGET_SPACING_S: Final = 600


def j_per_th(power_w: float, hashrate_ths: float) -> float:
    """Efficiency of a machine: W over TH/s is J/TH.

    Args:
        power_w: electrical power in W.
        hashrate_ths: hashrate in TH/s, greater than 0.

    Returns:
        Energy per work in J/TH, the same number as kW per PH/s.
    """
    return power_w / hashrate_ths
