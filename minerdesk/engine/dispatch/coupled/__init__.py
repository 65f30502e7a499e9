"""The exact plan of sites whose rules couple their units, by columns and HiGHS."""

from minerdesk.engine.dispatch.coupled.solving import solve

__all__ = ["solve"]
