"""The number style is found once per file, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.services.exchange.number_style import Spot, StyleState, find_style
from minerdesk.services.quantities import DECIMAL_COMMA, DECIMAL_DOT, NumberStyle, parse_number


def spots(*texts: str) -> list[Spot]:
    return [Spot(row, "Power", text) for row, text in enumerate(texts, 2)]


@pytest.mark.parametrize(
    ("texts", "state", "style"),
    [
        (["1,234.5", "3,250"], StyleState.DECIDED, DECIMAL_DOT),
        (["3,250", "0,071"], StyleState.DECIDED, DECIMAL_COMMA),
        (["1.234,5"], StyleState.DECIDED, DECIMAL_COMMA),
        (["3250.5 W"], StyleState.DECIDED, DECIMAL_DOT),
        (["1.234.567"], StyleState.DECIDED, DECIMAL_COMMA),
        (["1,234,567 W"], StyleState.DECIDED, DECIMAL_DOT),
        (["1 234.567"], StyleState.DECIDED, DECIMAL_DOT),
        ([".125", "3,250"], StyleState.DECIDED, DECIMAL_DOT),
        (["1.250e3"], StyleState.DECIDED, DECIMAL_DOT),
        (["3250", "", "n/a", "1.2.3"], StyleState.FREE, DECIMAL_DOT),
        (["3,250"], StyleState.UNDECIDED, None),
        (["3.250 kW", "104"], StyleState.UNDECIDED, None),
        (["0.071", "0,071"], StyleState.MIXED, None),
    ],
)
def test_style(texts: list[str], state: StyleState, style: NumberStyle | None) -> None:
    finding = find_style(spots(*texts))
    assert (finding.state, finding.style) == (state, style)


def test_the_question_shows_both_meanings() -> None:
    question = find_style(spots("104", "3,250 W")).question
    assert "Row 3, column “Power”: “3,250 W” may mean 3250 or 3.25" in question


def test_a_mixed_file_shows_both_kinds() -> None:
    question = find_style(spots("0.071", "0,08")).question
    assert "“0.071” in row 2" in question
    assert "“0,08” in row 3" in question


def test_nothing_to_ask_where_it_is_known() -> None:
    assert find_style(spots("0.071")).question == ""


@given(
    values=st.lists(st.integers(-(10**9), 10**9), min_size=1),
    style=st.sampled_from([DECIMAL_DOT, DECIMAL_COMMA]),
    grouped=st.booleans(),
)
def test_a_file_in_one_style_is_never_decided_for_the_other(
    values: list[int], style: NumberStyle, *, grouped: bool
) -> None:
    texts = [f"{value / 1000:{',' if grouped else ''}.3f}" for value in values]
    if style == DECIMAL_COMMA:
        texts = [text.translate(str.maketrans(",.", ".,")) for text in texts]
    finding = find_style(spots(*texts))
    assert finding.state in {StyleState.DECIDED, StyleState.UNDECIDED}
    assert finding.style in {style, None}
    if finding.style:
        assert [parse_number(text, style) for text in texts] == [v / 1000 for v in values]
