"""Live prices of power markets, through the libraries of the extra ``minerdesk[grid]``."""

from minerdesk.feeds.grid.prices import GridPrices

__all__ = ["GridPrices"]
