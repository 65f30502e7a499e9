"""Finding a rig model by what an operator types."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from itertools import product

from minerdesk.domain.rigs import RigModel

_BRANDS = frozenset({"antminer", "whatsminer", "avalon", "sealminer", "teraflux", "bitaxe"})
_ALIASES = {"avalonminer": "avalon", "hydro": "hyd", "immersion": "imm", "immersed": "imm"}

_UNIT = re.compile(r"(?<=\d)\s*(?:th/s|ths|th|t)(?![a-z0-9])")
_BIN = re.compile(r"\((\d+(?:\.\d+)?) th\)$")
_TOKEN = re.compile(r"[a-z0-9.]+\+*")
_TRAILING_ZEROS = re.compile(r"^(\d+)\.0+$")

_TYPO_RATIO = 0.7
_CLOSE_RATIO = 0.6


class Catalogue:
    """The shipped rig models and the operator's own. Immutable; safe to share between threads.

    A model of the operator's takes the place of a shipped one of the same name.

    Attributes:
        models: all models, the operator's own first.
    """

    __slots__ = ("_by_name", "_entries", "_forms", "_shipped", "models")

    def __init__(self, shipped: Iterable[RigModel], own: Iterable[RigModel] = ()) -> None:
        self._shipped = tuple(shipped)
        self._by_name: dict[str, RigModel] = {}
        for model in (*own, *self._shipped):
            self._by_name.setdefault(model.name.casefold(), model)
        self.models: tuple[RigModel, ...] = tuple(self._by_name.values())
        self._entries = tuple(_entry(model) for model in self.models)
        self._forms: dict[str, list[RigModel]] = {}
        for entry in self._entries:
            for form in entry.forms:
                self._forms.setdefault(form, []).append(entry.model)

    def __len__(self) -> int:
        return len(self.models)

    def with_own(self, own: Iterable[RigModel]) -> Catalogue:
        """Return the same shipped models with other models of the operator's."""
        return Catalogue(self._shipped, own)

    def find(self, name: str) -> RigModel | None:
        """Return the model of exactly this name, whatever its letter case."""
        return self._by_name.get(name.strip().casefold())

    def matches(self, name: str) -> tuple[RigModel, ...]:
        """Return every model a name fits, so that an ambiguous one can be refused with the list.

        Brand, maker and bin may be left out: ``S19j Pro`` fits each of its bins,
        ``bitmain s19j pro 104T`` fits one. A full name fits itself alone. A mere word (``rig``) or
        number (``921``) without its brand fits nothing, lest a stray cell become a machine.
        """
        exact = self.find(name)
        if exact is not None:
            return (exact,)
        return tuple(self._forms.get("".join(_tokens(name)), ()))

    def search(self, text: str, limit: int = 20) -> tuple[RigModel, ...]:
        """Return the models that hold every word of ``text``, in any order, best first.

        A word may be the beginning or a part of a word of the name, or, where it stands in no name
        at all, misspelt. An empty text gives the newest models.
        """
        words = _tokens(text)
        scores = [_word_scores(word, self._entries) for word in words]
        ranked = [
            (-entry.rank([score[index] for score in scores], words), index)
            for index, entry in enumerate(self._entries)
            if all(score[index] > 0 for score in scores)
        ]
        # Two sorts, as a month's text cannot be negated: newest first, then stably the best.
        ranked.sort(key=lambda item: self.models[item[1]].released, reverse=True)
        ranked.sort(key=lambda item: item[0])
        return tuple(self.models[index] for _rank, index in ranked[:limit])

    def closest(self, name: str, n: int = 3) -> tuple[RigModel, ...]:
        """Return up to ``n`` models whose names are most like ``name``; none for mere noise."""
        glued = "".join(_tokens(name))
        if not glued:
            return ()
        forms = get_close_matches(glued, self._forms, n=max(1, 4 * n), cutoff=_CLOSE_RATIO)
        alike = [model for form in forms for model in self._forms[form]]
        unique = {model.name: model for model in (*self.search(name, n), *alike)}
        return tuple(unique.values())[:n]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A model prepared for searching.

    Attributes:
        family: the words of its name without brand and bin.
        words: all words it can be found by: name, maker, cooling.
        glued: its name in one piece, for ``s19jpro``.
        forms: every way of writing it, in one piece.
    """

    model: RigModel
    family: tuple[str, ...]
    words: tuple[str, ...]
    glued: str
    forms: frozenset[str]

    def rank(self, scores: list[float], words: list[str]) -> float:
        """Return how well it fits: the words' mean score, and how much of the family they name."""
        if not words:
            return 0.0
        asked = sum(any(part.startswith(word) for word in words) for part in self.family)
        return sum(scores) / len(scores) + 0.25 * asked / max(1, len(self.family))


def _entry(model: RigModel) -> _Entry:
    name = model.name.casefold()
    found = _BIN.search(name)
    size = _tokens(found[1]) if found else []
    tokens = _tokens(name[: found.start()] if found else name)
    makers = _tokens(model.maker)
    branded = len(tokens) > 1 and (tokens[0] in _BRANDS or [tokens[0]] == makers[:1])
    brand, family = (tokens[:1], tokens[1:]) if branded else ([], tokens)
    leads: tuple[list[str], ...] = ([], makers, brand, [*makers, *brand])
    families = [family]
    if len(family) > 1 and family[-1].isdigit():
        families.append(family[:-1])  # "Bitaxe Gamma" may mean the 601 and the 602
    forms = {
        "".join((*lead, *part, *bin_))
        for lead, part, bin_ in product(leads, families, ([], size))
        if lead or _names_a_model("".join((*part, *bin_)))
    }
    return _Entry(
        model=model,
        family=tuple(family),
        words=tuple(dict.fromkeys((*tokens, *size, *makers, *_tokens(model.cooling)))),
        glued="".join((*tokens, *size)),
        forms=frozenset(forms),
    )


def _names_a_model(form: str) -> bool:
    return any(sign.isdigit() for sign in form) and any(sign.isalpha() for sign in form)


def _tokens(text: str) -> list[str]:
    """Split a name into words that compare: no units, no brackets, one spelling of each."""
    plain = _UNIT.sub(" ", text.casefold())
    plain = re.sub(r"\s+(?=\+)", "", plain)
    words = (word.strip(".") for word in _TOKEN.findall(plain))
    return [_TRAILING_ZEROS.sub(r"\1", _ALIASES.get(word, word)) for word in words if word]


def _word_scores(word: str, entries: tuple[_Entry, ...]) -> list[float]:
    """Return for each entry how well it holds one word, 0 (not at all) to 1 (as a whole word)."""
    vocabulary = {part for entry in entries for part in entry.words}
    literal = {part: _literal_score(word, part) for part in vocabulary}
    scores = [
        max(*(literal[part] for part in entry.words), _glued_score(word, entry))
        for entry in entries
    ]
    if any(scores):
        return scores
    # Comparing letter by letter is slow, so it is kept for words that stand nowhere.
    typo = _typo_scores(word, vocabulary)
    return [max(typo[part] for part in entry.words) for entry in entries]


def _literal_score(word: str, part: str) -> float:
    if word == part:
        return 1.0
    if part.startswith(word):
        return 0.6 + 0.3 * len(word) / len(part)
    return 0.5 if word in part else 0.0


def _glued_score(word: str, entry: _Entry) -> float:
    if word in entry.forms:
        return 0.9
    return 0.4 if word in entry.glued else 0.0


def _typo_scores(word: str, vocabulary: set[str]) -> dict[str, float]:
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    scores = {}
    for part in vocabulary:
        matcher.set_seq1(part)
        likely = matcher.real_quick_ratio() >= _TYPO_RATIO and matcher.quick_ratio() >= _TYPO_RATIO
        ratio = matcher.ratio() if likely else 0.0
        scores[part] = 0.5 * ratio if ratio >= _TYPO_RATIO else 0.0
    return scores
