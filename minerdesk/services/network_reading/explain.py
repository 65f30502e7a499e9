"""How each figure is computed: the formula, its inputs of the moment, their source and age."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.services.network_reading import explain_cost, explain_difficulty, explain_more
from minerdesk.services.network_reading.explanation import Explanation, Input, Moment
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.network_reading.own_money import OwnMoney
from minerdesk.services.words import Formats


def explain(
    key: str, found: Indicators, network: NetworkState, formats: Formats, now: datetime
) -> Explanation:
    """Return how the figure ``key`` is computed.

    Raises:
        KeyError: there is no such figure.
    """
    made = _BY_KEY[key](Moment(found, network, formats, now))
    own = OwnMoney.of(network, formats, now)
    if key not in _IN_USD or not own.converts:
        return made
    rate = f"{formats.number(own.per_usd, 4)} {own.currency}"
    return replace(made, inputs=(*made.inputs, Input(_("1 USD"), rate, own.source, own.age)))


_BY_KEY: Final[Mapping[str, Callable[[Moment], Explanation]]] = MappingProxyType(
    {
        "cost": explain_cost.cost,
        "power": explain_cost.power,
        "sensitivity": explain_cost.sensitivity,
        "hashrate": explain_more.hashrate,
        "ribbon": explain_more.ribbon,
        "difficulty": explain_difficulty.difficulty,
        "progress": explain_difficulty.progress,
        "projection": explain_difficulty.projection,
        "streak": explain_difficulty.streak,
        "extremes": explain_difficulty.extremes,
        "fleet": explain_difficulty.fleet,
        "price": explain_more.price,
        "hashprice": explain_more.hashprice,
        "puell": explain_more.puell,
        "fee_share": explain_more.fee_share,
        "issuance": explain_more.issuance,
        "halving": explain_difficulty.halving,
        "regression": explain_more.regression,
    }
)
KEYS: Final = tuple(_BY_KEY)
# Computed in USD, and shown in the book's currency.
_IN_USD: Final = frozenset(
    {"cost", "sensitivity", "price", "hashprice", "puell", "issuance", "regression"}
)
