"""Finding by the letters one remembers."""

from __future__ import annotations


def score(query: str, text: str) -> int | None:
    """Tell how well ``query`` fits ``text`` as a subsequence of its letters.

    Args:
        query: what was typed; case and spaces do not matter.
        text: what may be meant.

    Returns:
        A number that is larger for a better fit, or None where a letter is missing. Letters in a
        row and letters that begin a word count more; long texts count a little less.
    """
    wanted = query.replace(" ", "").casefold()
    here = text.casefold()
    if not wanted:
        return 0
    best: int | None = None
    start = here.find(wanted[0])
    while start >= 0:
        found = _from(wanted, here, start)
        if found is not None and (best is None or found > best):
            best = found
        start = here.find(wanted[0], start + 1)
    return best


def _from(wanted: str, text: str, start: int) -> int | None:
    points = -len(text) // 2
    before = -2
    position = start
    for letter in wanted:
        position = text.find(letter, position)
        if position < 0:
            return None
        if position == before + 1:
            points += 8
        elif position == 0 or not text[position - 1].isalnum():
            points += 6
        else:
            points += 1
        before = position
        position += 1
    return points


def ranked(query: str, texts: list[str]) -> list[int]:
    """Return the indexes of the texts that fit, best first; equal ones keep their order."""
    scored = [(score(query, text), index) for index, text in enumerate(texts)]
    fitting = [(points, index) for points, index in scored if points is not None]
    return [index for _points, index in sorted(fitting, key=lambda pair: (-pair[0], pair[1]))]
