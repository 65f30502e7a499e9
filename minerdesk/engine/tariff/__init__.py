"""What a contract makes of a load: the price of one more kWh, and the month's bill."""

from minerdesk.engine.tariff.bill_lines import PROFIT_SHARE, BillFacts, BillLine, LineKind
from minerdesk.engine.tariff.billing import Bill, bill
from minerdesk.engine.tariff.crossings import Crossing, before_crossings, tier_crossings
from minerdesk.engine.tariff.curtailment import Called, CreditStep
from minerdesk.engine.tariff.demand import DemandRate, demand_peaks, demand_rates
from minerdesk.engine.tariff.marginal import PlanPrice, marginal_price, plan_price
from minerdesk.engine.tariff.parts import MarginalPrice, PartKind, PricePart
from minerdesk.engine.tariff.times import StepTimes
from minerdesk.engine.tariff.typical import avoidable_per_month, simple_price_per_kwh
from minerdesk.engine.tariff.usage import NOTHING_USED, Usage, billing_month_of

__all__ = [
    "NOTHING_USED",
    "PROFIT_SHARE",
    "Bill",
    "BillFacts",
    "BillLine",
    "Called",
    "CreditStep",
    "Crossing",
    "DemandRate",
    "LineKind",
    "MarginalPrice",
    "PartKind",
    "PlanPrice",
    "PricePart",
    "StepTimes",
    "Usage",
    "avoidable_per_month",
    "before_crossings",
    "bill",
    "billing_month_of",
    "demand_peaks",
    "demand_rates",
    "marginal_price",
    "plan_price",
    "simple_price_per_kwh",
    "tier_crossings",
]
