"""The one error of the set-up scripts."""


class SetupError(Exception):
    """Something outside stopped the set-up; the text is one sentence that says what to do."""
