"""What stands at the head of a page or a report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Headline:
    """What the Dashboard says first, and the report.

    Attributes:
        sentence: the answer; holds "<n> of <m> rigs".
        detail: what it saves, what is missing or what to do next; may be empty.
        tone: ``earn``, ``lose``, ``warn`` or empty; it only repeats what the sentence says.
        outline: what `detail` says rests on numbers too old for advice, or on an example.
        detail_tone: ``warn`` where `detail` begins with a warning, else empty.
    """

    sentence: str
    detail: str = ""
    tone: str = ""
    outline: bool = False
    detail_tone: str = ""
