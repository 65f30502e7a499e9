"""The power-down plan: which rig runs when, and the verdict of the present step."""

from minerdesk.engine.dispatch.decisions import OFF, Decisions
from minerdesk.engine.dispatch.follow import NO_REASON, Target
from minerdesk.engine.dispatch.now import Tolerance, decide

__all__ = ["NO_REASON", "OFF", "Decisions", "Target", "Tolerance", "decide"]
