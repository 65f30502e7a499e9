"""Sentences and formatted numbers for the window and the command line alike."""

from minerdesk.services.words import language
from minerdesk.services.words.formats import DASH, Formats, column_digits
from minerdesk.services.words.headline import Headline, headline
from minerdesk.services.words.moves import (
    Move,
    deed_at,
    modes_when_done,
    moves,
    too_close,
)
from minerdesk.services.words.readings import (
    ReadingRow,
    age_text,
    reading_rows,
    retarget_detail,
    retarget_text,
    source_text,
    typed_sentence,
    value_text,
)
from minerdesk.services.words.reasons import mode_name, reason
from minerdesk.services.words.standing import example_prefix, is_small, sentence_prefix
from minerdesk.services.words.verdicts import verdict_word

__all__ = [
    "DASH",
    "Formats",
    "Headline",
    "Move",
    "ReadingRow",
    "age_text",
    "column_digits",
    "deed_at",
    "example_prefix",
    "headline",
    "is_small",
    "language",
    "mode_name",
    "modes_when_done",
    "moves",
    "reading_rows",
    "reason",
    "retarget_detail",
    "retarget_text",
    "sentence_prefix",
    "source_text",
    "too_close",
    "typed_sentence",
    "value_text",
    "verdict_word",
]
