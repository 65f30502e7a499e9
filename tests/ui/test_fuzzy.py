from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from minerdesk.ui.fuzzy import ranked, score


def test_subsequence_fits_and_others_do_not() -> None:
    assert score("svas", "Save as") is not None
    assert score("xyz", "Save as") is None
    assert score("", "anything") == 0
    assert score("s a", "Save As") == score("sa", "save as")


def test_starts_of_words_and_runs_come_first() -> None:
    texts = ["Ask the sources now", "Save as", "Save", "Keyboard shortcuts"]
    assert [texts[i] for i in ranked("save", texts)][:2] == ["Save", "Save as"]
    assert texts[ranked("ks", texts)[0]] == "Keyboard shortcuts"


@given(st.text(max_size=20), st.sets(st.integers(0, 19)))
def test_every_subsequence_is_found(text: str, picked: set[int]) -> None:
    folded = text.casefold()
    query = "".join(folded[i] for i in sorted(picked) if i < len(folded))
    assert score(query, text) is not None
