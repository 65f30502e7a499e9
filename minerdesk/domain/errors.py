"""The three kinds of error.

* `UserError`: the operator can mend it. One sentence says what is wrong, where, and what to do.
* `WorldError`: something outside failed (a feed, a disk). The last good value stays, with its age.
* anything else that is raised is ours, and is reported once with its traceback.
"""

from __future__ import annotations


class MinerdeskError(Exception):
    """Base of the errors that carry a sentence for the operator."""


class UserError(MinerdeskError):
    """The operator's input cannot be used.

    Attributes:
        sentence: what is wrong and what to do, one sentence, already translated.
        where: the place, such as ``$.groups[3].count`` or ``row 7, column power_w``; may be empty.
        value: the offending value as text; may be empty.
    """

    def __init__(self, sentence: str, *, where: str = "", value: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.where = where
        self.value = value


class WorldError(MinerdeskError):
    """A source outside the program failed; the program goes on with the last good value."""


class Cancelled(MinerdeskError):  # noqa: N818 - it is no fault
    """A task saw its cancel token and stopped."""
