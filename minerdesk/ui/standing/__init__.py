"""The parts of the Standing page."""
