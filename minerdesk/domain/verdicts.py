"""Verdicts and their reasons, as codes. Sentences are made of them by `services.words`."""

from enum import IntEnum


class Verdict(IntEnum):
    """What ought to happen to a group, should against is. The value is its code in arrays."""

    RUN = 0
    POWER_DOWN = 1
    START = 2
    STAY_OFF = 3
    CHANGE_MODE = 4
    TOO_CLOSE = 5

    @property
    def word(self) -> str:
        """The verdict as it stands in JSON and CSV, such as ``power_down``."""
        return self.name.lower()


class Reason(IntEnum):
    """Why the verdict is what it is."""

    EARNS = 0  # the best mode leaves money after the power it draws
    LOSES_IN_EVERY_MODE = 1
    OTHER_MODE_EARNS_MORE = 2
    BELOW_REQUIRED_MARGIN = 3  # it earns, but less than the site requires
    CHOSEN_LOSS = 4  # it loses, but no more than the site accepts
    WITHIN_ERROR = 5  # the gain is smaller than its own error
    PAID_TO_CONSUME = 6  # the price of power is negative
    UNKNOWN_COST = 7  # what power costs is unknown, for want of an exchange rate
    RESTART_COSTS_MORE = 8  # another state is worth more for now, but not the way there and back
    SITE_RULE = 9  # a limit, least load, ramp, demand peak or quiet hour of its site says so
    EVENT = 10  # an event says so
    PINNED = 11  # the operator holds it
    HOURS_TO_COME = 12  # the hours to come make it right, not this one by itself
