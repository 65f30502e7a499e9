"""What a start and a stop cost a rig model, and who says so: a default, the book or a site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minerdesk.domain.book import Book
from minerdesk.domain.sites import Site
from minerdesk.domain.starts import DEFAULT_STARTS
from minerdesk.domain.text import _


@dataclass(frozen=True, slots=True)
class Counting:
    """A value that counts where a rig model says nothing itself.

    Attributes:
        value: of the field of `StartCosts`.
        site: name of the site that says so; empty where it is the book or a default.
        default: whether it is what the program takes by itself.
    """

    value: float
    site: str = ""
    default: bool = False


def sites_of_model(book: Book, model_name: str) -> tuple[Site, ...]:
    """Return the sites that have rigs of a model, in the book's order."""
    found = {group.site for group in book.groups if group.model == model_name and group.count}
    return tuple(site for site in book.sites if site.id in found)


def counting(book: Book, sites: Sequence[Site], field: str) -> tuple[Counting, ...]:
    """Return what counts at sites where a model says nothing itself, each value once.

    Args:
        book: the book.
        sites: of `sites_of_model`; without any, what the book says.
        field: of `StartCosts`.
    """
    default = getattr(DEFAULT_STARTS, field)
    said = getattr(book.assumptions.starts, field)
    wide = Counting(default if said is None else said, default=said is None or said == default)
    found = []
    for site in sites:
        own = None if site.starts is None else getattr(site.starts, field)
        found.append(wide if own is None else Counting(own, site.name or site.id))
    return tuple(dict.fromkeys(found)) or (wide,)


def counting_words(values: Sequence[Counting], shown: Sequence[str]) -> str:
    """Say where values come from, such as ``10 by default, 15 from Texas 1``.

    Args:
        values: of `counting`.
        shown: the numbers as the operator reads them, one for each.
    """
    said = []
    for each, number in zip(values, shown, strict=True):
        if each.site:
            said.append(_("{value} from {site}").format(value=number, site=each.site))
        elif each.default:
            said.append(_("{value} by default").format(value=number))
        else:
            said.append(_("{value} from the book").format(value=number))
    return ", ".join(said)
