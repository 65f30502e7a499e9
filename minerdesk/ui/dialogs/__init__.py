"""Dialogs. None blocks the program: they are shown with `open`, never with `exec`."""
