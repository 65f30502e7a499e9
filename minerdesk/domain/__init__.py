"""Frozen types, units and errors. Imports the standard library and nothing of ours."""
