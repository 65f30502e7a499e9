"""The power-down plan: which rig runs when, and the verdict of the present step."""

from minerdesk.engine.dispatch.now import OFF, Decisions, Tolerance, decide

__all__ = ["OFF", "Decisions", "Tolerance", "decide"]
