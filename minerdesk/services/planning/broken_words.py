"""Why a simple rule cannot be followed, in a sentence."""

from __future__ import annotations

from minerdesk.domain.text import _
from minerdesk.engine.dispatch.broken import SITE_RULES, Broken, Rule
from minerdesk.services.planning.problem_of import Question
from minerdesk.services.power.price_times import local_text


def broken_sentence(question: Question, broken: Broken) -> str:
    """Say which rule of which site or group it breaks first, and when.

    Args:
        question: whose rules they are.
        broken: of a schedule with one row for each unit, in their order.
    """
    units, book = question.problem.units, question.fleet.book
    of_site = broken.rule in SITE_RULES
    site = broken.where if of_site else int(units.site[broken.where])
    place = book.sites[site]
    words = {
        "where": place.name or place.id,
        "when": local_text(int(question.start_s[broken.step]), place.time_zone),
        "kw": f"{broken.kw:,.0f}",
        "model": "" if of_site else book.groups[int(units.group[broken.where])].model,
    }
    text = {
        Rule.MOST_KW: _("it draws {kw} kW more than {where} may on {when}"),
        Rule.LEAST_KW: _("it draws {kw} kW less than {where} must on {when}"),
        Rule.RAMP: _("it changes the load of {where} by {kw} kW more than its ramp on {when}"),
        Rule.NOT_ALLOWED: _("{model} at {where} may not be in that state on {when}"),
        Rule.MIN_ON: _("{model} at {where} stops before its shortest time on ends on {when}"),
        Rule.MIN_OFF: _("{model} at {where} starts before its shortest time off ends on {when}"),
        Rule.STARTS_A_DAY: _("{model} at {where} starts too often a day on {when}"),
        Rule.MAY_START: _("{model} at {where} may not start on {when}"),
        Rule.RIGS: _("{model} at {where} is not planned as a whole"),
    }[broken.rule]
    return text.format(**words)
