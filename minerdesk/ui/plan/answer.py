"""The page's headline: what is next and what the plan is worth, and what that rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from minerdesk.domain.text import _
from minerdesk.services.evaluation import Evaluation, Standing
from minerdesk.services.words import Headline, headline, sentence_prefix, typed_sentence
from minerdesk.services.words.plan_words import PlanWords


def answer(evaluation: Evaluation | None, words: PlanWords, now: datetime) -> Headline:
    """Say what is next; on an example or on old numbers, say that first.

    Args:
        evaluation: the newest, which knows what the numbers are good for.
        words: of the plan the page shows.
        now: UTC.
    """
    said = words.headline(now, brief=True)
    if evaluation is None:
        return said
    formats = words.formats
    if evaluation.standing is Standing.EXAMPLE:
        begin = sentence_prefix(evaluation, formats)
        return Headline(begin + said.sentence, begin + said.detail, outline=True)
    if evaluation.standing is Standing.TOO_OLD:
        old = headline(evaluation, formats, now)
        then = _("On those numbers: {what}").format(what=f"{said.sentence} {said.detail}".strip())
        return Headline(old.sentence, then, "warn", outline=True)
    typed = typed_sentence(evaluation.network, formats)
    return replace(said, detail=" ".join(filter(None, (typed, said.detail))))
