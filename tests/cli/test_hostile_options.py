"""Options as no operator should write them, and books at the edge of what they may hold."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minerdesk.cli import options
from minerdesk.domain import limits
from minerdesk.domain.book import Book
from minerdesk.domain.cancel import cancelled_after
from minerdesk.domain.errors import UserError
from minerdesk.domain.limits import limits_of
from minerdesk.storage import book_file
from minerdesk.storage.resources import sample_path
from tests.cli.run import Cli

HOME = sample_path("home")
NUMBERS = {"--price": "1e5", "--difficulty": "1e14", "--fees": "0", "--height": "932936"}
PLAN = {"--hours": "24", "--step": "60", "--seconds": "1", "--from": "2026-01-19T12:00:00Z"}
COMMANDS = {
    "evaluate": (("x.csv",), NUMBERS),
    "plan": (("x.minerdesk",), {**NUMBERS, **PLAN, "--retarget": "1", "--prices": "a=b"}),
    "network": ((), {"--power-price": "0.05", "--as-of": "2026-01-19"}),
}
OPTIONS = [(command, name) for command, (_rest, given) in COMMANDS.items() for name in given]
WORDS = (
    *("", "nan", "inf", "-inf", "1e400", "1e-400", "-1", "0x10", "1,5", "1_000", "\u0661", "--"),
    *("9" * 5000, "\x00", "2026-02-30", "0000-01-01", "99999-01-01", "24:00", "=", "a=", "=b"),
)


@settings(max_examples=50)
@given(st.sampled_from(OPTIONS), st.sampled_from(WORDS) | st.text(max_size=6))
def test_any_word_is_understood_or_refused_with_the_option_s_name(
    option: tuple[str, str], word: str
) -> None:
    command, name = option
    rest, given_ = COMMANDS[command]
    words = [f"{each}={word if each == name else value}" for each, value in given_.items()]
    try:
        options.parse([command, *rest, *words])
    except UserError as error:
        refused = error.sentence
    else:
        refused = name
    assert name in refused


def numbers(
    of: object, place: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield the place of every number that has limits, with the least and the most it may be."""
    if isinstance(of, tuple):
        for index, each in enumerate(of):
            yield from numbers(each, (*place, index))
    if not dataclasses.is_dataclass(of) or isinstance(of, type):
        return
    for field in dataclasses.fields(of):
        found, value = limits_of(field), getattr(of, field.name)
        if found is not None and value is not None:
            bounds = (found.minimum, found.maximum)
            yield from (
                ((*place, field.name), type(value)(each)) for each in bounds if each is not None
            )
        yield from numbers(value, (*place, field.name))


def put(of: Any, place: tuple[str | int, ...], value: object) -> Any:  # noqa: ANN401 - any dataclass
    """Return what was given with one value in place of another."""
    if not place:
        return value
    first, *rest = place
    if isinstance(first, int):
        return (*of[:first], put(of[first], tuple(rest), value), *of[first + 1 :])
    return dataclasses.replace(of, **{first: put(getattr(of, first), tuple(rest), value)})


BOOK: Book = book_file.load(HOME)
EDGES = tuple(numbers(BOOK))


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(EDGES), min_size=1, max_size=4))
def test_a_book_at_its_edges_is_answered_with_numbers(
    cli: Cli, tmp_path: Path, edges: list[tuple[tuple[str | int, ...], Any]]
) -> None:
    book = BOOK
    for place, value in edges:
        book = put(book, place, value)
    path = tmp_path / "edge.minerdesk"
    book_file.save(path, book)
    asked = [each for pair in {**NUMBERS, **PLAN}.items() for each in pair]
    found = cli("--profile", tmp_path / "p", "plan", path, *asked, "--json")
    # There may be rules that nothing can keep, such as a least load beyond all rigs.
    assert found.code in {0, 2}
    assert found.code or found.json["objective"] is not None


def test_the_edges_are_found() -> None:
    assert (("groups", 0, "uptime"), 1.0) in EDGES
    assert len(EDGES) > 50


def test_a_token_is_cancelled_when_the_time_is_over() -> None:
    with cancelled_after(0.0) as token:
        assert token.wait(60.0)
    before = threading.active_count()
    with cancelled_after(600.0) as token:
        pass
    assert not token.cancelled
    assert threading.active_count() <= before + 1


def test_a_plan_that_is_not_found_in_time_is_told(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("minerdesk.cli.plan._PATIENCE_S", 0.0)
    asked = [each for pair in {**NUMBERS, **PLAN, "--seconds": "1e-9"}.items() for each in pair]
    found = cli("--profile", tmp_path / "p", "plan", sample_path("farm"), *asked)
    assert found.code == 1
    assert "No plan that keeps every rule was found in 0 s" in found.err


def test_a_report_whose_plan_is_not_found_in_time_is_without_one(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("minerdesk.cli.live._PLAN_S", 0.0)
    monkeypatch.setattr("minerdesk.cli.live._PATIENCE_S", 0.0)
    asked = ("--profile", tmp_path / "p", "report", sample_path("farm"), "--offline")
    assert any("without one" in problem for problem in cli(*asked, "--json").json["problems"])
    assert "so this is without one" in cli(*asked).out


def test_a_load_at_its_edge_is_metered(cli: Cli, tmp_path: Path) -> None:
    farm = book_file.load(sample_path("farm"))
    for index in range(len(farm.sites)):
        farm = put(farm, ("sites", index, "fixed_load_kw"), limits.NOT_NEGATIVE.maximum)
        farm = put(farm, ("sites", index, "limit_kw"), None)
    path = tmp_path / "edge.minerdesk"
    book_file.save(path, farm)
    asked = [each for pair in {**NUMBERS, **PLAN}.items() for each in pair]
    found = cli("--profile", tmp_path / "p", "plan", path, *asked, "--json")
    assert found.code in {0, 2}
    assert "fault of minerdesk" not in found.err
