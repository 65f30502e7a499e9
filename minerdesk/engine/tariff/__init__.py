"""What a contract makes of a load: the price of one more kWh, and the month's bill."""

from minerdesk.engine.tariff.marginal import (
    MarginalPrice,
    PricePart,
    flat_price_per_kwh,
    marginal_price,
)

__all__ = ["MarginalPrice", "PricePart", "flat_price_per_kwh", "marginal_price"]
