"""The texts of what runs and of the modes' numbers read back exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import ModeCount, ModeOverride, Origin
from minerdesk.services.exchange.states import (
    read_overrides,
    read_running,
    write_overrides,
    write_running,
)

names = st.one_of(
    st.sampled_from(["normal", "eco", "off", "running", "a: b", "x; y", '"q"', " pad ", "1", ""]),
    st.text(max_size=8),
)
values = st.floats(min_value=1e-9, max_value=1e9)
modes = names.filter(lambda name: name.casefold() != "off")  # no mode may be called so
origins = st.sampled_from([Origin.TYPED, Origin.MEASURED])


@given(
    running=st.lists(st.tuples(names, st.integers(0, 10**9)), unique_by=lambda x: x[0].casefold())
)
def test_what_runs_reads_back(running: list[tuple[str, int]]) -> None:
    counts = tuple(ModeCount(name, count) for name, count in running)
    modes = tuple(name for name, _count in running)
    assert read_running(write_running(counts), 5, "normal", modes) == counts


@given(
    found=st.lists(
        st.builds(ModeOverride, modes, values, values, origins, origins), min_size=1, max_size=4
    )
)
def test_overrides_read_back(found: list[ModeOverride]) -> None:
    assert read_overrides(write_overrides(tuple(found))) == tuple(found)


def test_one_number_alone() -> None:
    found = (ModeOverride("eco", None, 2340.0, power_origin=Origin.MEASURED),)
    assert write_overrides(found) == "eco: 2340.0 W measured"
    assert read_overrides("eco: 2340.0 W measured") == found
    assert read_overrides("eco: 80.0 TH/s typed") == (ModeOverride("eco", 80.0),)


@pytest.mark.parametrize(
    ("text", "running"),
    [
        ("running", (ModeCount("normal", 7),)),
        ("ON", (ModeCount("normal", 7),)),
        ("off", ()),
        ("Eco", (ModeCount("eco", 7),)),
        ("normal: 5; ECO: 2", (ModeCount("normal", 5), ModeCount("eco", 2))),
    ],
)
def test_words(text: str, running: tuple[ModeCount, ...]) -> None:
    assert read_running(text, 7, "normal", ("normal", "eco")) == running


@pytest.mark.parametrize("text", ["maybe", "turbo: 5", "eco: x", "eco: -1", "eco 5", ":", ";"])
def test_no_state(text: str) -> None:
    with pytest.raises(UserError, match=r"running, off, one of the modes normal, eco"):
        read_running(text, 7, "normal", ("normal", "eco"))


@pytest.mark.parametrize("text", ["eco", "eco: 5", "eco: 5 TH/s guessed", "eco: -5 W typed", ":"])
def test_no_overrides(text: str) -> None:
    with pytest.raises(UserError, match="modes such as"):
        read_overrides(text)
