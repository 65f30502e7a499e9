"""The program without a window: the same services, in text or JSON. Never imports Qt."""

from minerdesk.cli.program import main

__all__ = ["main"]
