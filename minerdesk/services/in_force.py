"""Which numbers the operator typed stand over the live ones, so that advice rests on them."""

from __future__ import annotations

from minerdesk.domain.readings import NetworkState, Provenance, Quantity


def typed_quantities(network: NetworkState) -> tuple[Quantity, ...]:
    """Return what money rests on and is typed: price, difficulty, height, fees, exchange rate.

    Of the exchange rates only that of the state's own currency counts. A state whose numbers were
    all given for one evaluation (``network.given``) has nothing typed over it.
    """
    if network.given:
        return ()
    gauges = (
        (Quantity.PRICE, network.price),
        (Quantity.DIFFICULTY, network.difficulty),
        (Quantity.HEIGHT, network.height),
        (Quantity.FEES, network.fees),
    )
    found = [quantity for quantity, gauge in gauges if gauge.is_typed]
    if any(
        rate.currency == network.currency and rate.provenance is Provenance.TYPED
        for rate in network.rates
    ):
        found.append(Quantity.EXCHANGE_RATE)
    return tuple(found)
