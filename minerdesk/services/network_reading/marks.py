"""What others published of the cost of mining, as dated marks beside the program's own curve.

Facts typed in with who said them. None of them is an input of anything computed here.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from minerdesk.domain.network_choice import ReferenceMark

_MACROMICRO: Final = "MacroMicro"
_CHART: Final = "macromicro.me chart 29435; its price of power is not published"
_CAMBRIDGE: Final = "Cambridge, 0.05 USD/kWh"
_CBECI: Final = "ccaf.io CBECI, best guess of the month in J/TH, as electricity of one BTC"

REFERENCE_MARKS: Final = (
    ReferenceMark(date(2024, 6, 2), 83_668.0, _MACROMICRO, _CHART),
    ReferenceMark(date(2024, 7, 2), 72_000.0, _MACROMICRO, _CHART),
    ReferenceMark(date(2025, 3, 9), 85_233.0, _MACROMICRO, _CHART),
    ReferenceMark(date(2026, 1, 19), 101_000.0, _MACROMICRO, _CHART),
    ReferenceMark(date(2024, 6, 2), 45_700.0, _CAMBRIDGE, _CBECI),
    ReferenceMark(date(2024, 7, 2), 42_700.0, _CAMBRIDGE, _CBECI),
    ReferenceMark(date(2025, 3, 9), 51_500.0, _CAMBRIDGE, _CBECI),
    ReferenceMark(date(2026, 1, 19), 60_600.0, _CAMBRIDGE, _CBECI),
)
