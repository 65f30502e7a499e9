from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.rigs import PowerMode, RigModel
from minerdesk.services.catalogue import Catalogue
from minerdesk.storage.catalogue_file import load_catalogue
from minerdesk.storage.resources import catalogue_path

SHIPPED = load_catalogue(catalogue_path())
CATALOGUE = Catalogue(SHIPPED)
NAMES = [model.name for model in SHIPPED]


def _names(models: tuple[RigModel, ...]) -> list[str]:
    return [model.name for model in models]


def _own(name: str, ths: float = 100.0) -> RigModel:
    return RigModel(name, (PowerMode("normal", ths, 3000.0),))


@given(st.sampled_from(NAMES), st.sampled_from([str.upper, str.lower, str.title, " {} ".format]))
def test_an_exact_name_is_found_in_any_letter_case(name: str, write: object) -> None:
    assert callable(write)
    found = CATALOGUE.find(write(name))
    assert found is not None
    assert found.name == name


def test_a_part_of_a_name_is_not_an_exact_one() -> None:
    assert CATALOGUE.find("S19j Pro") is None
    assert CATALOGUE.find("") is None


@given(st.sampled_from(NAMES))
def test_a_full_name_fits_itself_alone(name: str) -> None:
    assert _names(CATALOGUE.matches(name)) == [name]


def test_a_name_without_its_bin_fits_every_bin_and_nothing_else() -> None:
    found = _names(CATALOGUE.matches("S19j Pro"))
    assert sorted(found) == [
        "Antminer S19j Pro (100 TH)",
        "Antminer S19j Pro (104 TH)",
        "Antminer S19j Pro (96 TH)",
    ]


@pytest.mark.parametrize(
    "written",
    [
        "S19j Pro 104",
        "s19j pro 104T",
        "Antminer S19j Pro 104 TH/s",
        "Bitmain Antminer S19J Pro (104TH)",
        "bitmain s19j-pro 104.0 th",
        "S19jPro 104",
    ],
)
def test_a_bin_is_recognised_however_it_is_written(written: str) -> None:
    assert _names(CATALOGUE.matches(written)) == ["Antminer S19j Pro (104 TH)"]


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("M30S", ["Whatsminer M30S (86 TH)"]),
        ("M30S +", ["Whatsminer M30S+ (100 TH)"]),
        ("whatsminer m30s++", ["Whatsminer M30S++ (112 TH)"]),
        ("S21 XP Hydro", ["Antminer S21 XP Hyd (473 TH)"]),
        ("SealMiner A3 Pro Hyd", ["SealMiner A3 Pro Hydro (660 TH)"]),
        ("Canaan Avalon 921", ["AvalonMiner 921 (20 TH)"]),
        ("Bitaxe Gamma", ["Bitaxe Gamma 602", "Bitaxe Gamma 601"]),
        ("auradine at2880", ["Teraflux AT2880"]),
        ("Proto Rig", ["Proto Rig (819 TH)"]),
        ("NerdQAxe++", ["NerdQAxe++"]),
    ],
)
def test_brand_maker_and_spelling_may_vary(written: str, fits: list[str]) -> None:
    assert _names(CATALOGUE.matches(written)) == fits


@pytest.mark.parametrize("stray", ["", " ", "rig", "Q", "921", "Antminer", "Bitmain", "19", "(TH)"])
def test_a_stray_word_or_number_fits_nothing(stray: str) -> None:
    assert CATALOGUE.matches(stray) == ()


@given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_search_finds_a_model_by_its_words_in_any_order(name: str, rng: random.Random) -> None:
    words = name.replace("(", "").replace(" TH)", "").split()
    rng.shuffle(words)
    assert name in _names(CATALOGUE.search(" ".join(words), limit=len(NAMES)))


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("s19j pro 104", "Antminer S19j Pro (104 TH)"),
        ("104 pro s19j", "Antminer S19j Pro (104 TH)"),
        ("s19jpro104", "Antminer S19j Pro (104 TH)"),
        ("m30s", "Whatsminer M30S (86 TH)"),
        ("m50s 126", "Whatsminer M50S (126 TH)"),
        ("avlon q", "Avalon Q"),
        ("nano 3s", "Avalon Nano 3S"),
        ("proto", "Proto Rig (819 TH)"),
        ("s21 xp", "Antminer S21 XP (270 TH)"),
    ],
)
def test_search_puts_the_likeliest_first(text: str, best: str) -> None:
    assert CATALOGUE.search(text)[0].name == best


def test_search_ranks_the_plain_family_before_its_relatives() -> None:
    found = _names(CATALOGUE.search("s19 pro", limit=4))
    assert all(name.startswith("Antminer S19 Pro (") for name in found[:3])
    assert not found[3].startswith("Antminer S19 Pro (")


def test_search_knows_makers_and_cooling() -> None:
    found = CATALOGUE.search("microbt hydro", limit=len(NAMES))
    assert found
    assert {(model.maker, model.cooling.value) for model in found} == {("MicroBT", "hydro")}


def test_an_empty_search_gives_the_newest() -> None:
    months = [model.released for model in CATALOGUE.search("", limit=30)]
    assert len(months) == 30
    assert months == sorted(months, reverse=True)


def test_a_search_that_fits_nothing_is_empty() -> None:
    assert CATALOGUE.search("zzzz") == ()
    assert CATALOGUE.search("s19 zzzz") == ()


@given(st.text(max_size=30), st.integers(0, 10))
def test_search_never_gives_more_than_asked_nor_one_twice(text: str, limit: int) -> None:
    found = _names(CATALOGUE.search(text, limit))
    assert len(found) <= limit
    assert len(set(found)) == len(found)
    assert found == _names(CATALOGUE.search(text.swapcase(), limit)) or not text.isascii()


@given(st.text(max_size=30), st.integers(0, 5))
def test_closest_never_gives_more_than_asked_nor_one_twice(text: str, n: int) -> None:
    found = _names(CATALOGUE.closest(text, n))
    assert len(found) <= n
    assert len(set(found)) == len(found)


@given(st.sampled_from(NAMES))
def test_a_name_is_closest_to_itself(name: str) -> None:
    assert name in _names(CATALOGUE.closest(name, 3))


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("S19j Pro 103", "Antminer S19j Pro (104 TH)"),
        ("Antminer S19k", "Antminer S19k Pro (120 TH)"),
        ("Whatsminer M50S 120TH", "Whatsminer M50S (126 TH)"),
        ("Antmimer S21Pro", "Antminer S21 Pro (234 TH)"),
    ],
)
def test_closest_helps_with_a_name_that_is_not_quite_there(written: str, near: str) -> None:
    assert near in _names(CATALOGUE.closest(written, 3))


@pytest.mark.parametrize("noise", ["", "qqq", "!!!", "xyzzy"])
def test_noise_is_close_to_nothing(noise: str) -> None:
    assert CATALOGUE.closest(noise) == ()


def test_the_operators_own_models_come_first_and_can_be_searched() -> None:
    mine = _own("Garage Special (77 TH)")
    catalogue = CATALOGUE.with_own([mine])

    assert len(catalogue) == len(CATALOGUE) + 1
    assert catalogue.models[0] == mine
    assert catalogue.search("special garage") == (mine,)
    assert catalogue.matches("garage special 77") == (mine,)
    assert CATALOGUE.find(mine.name) is None


def test_an_own_model_takes_the_place_of_a_shipped_one_of_its_name() -> None:
    mine = _own("AVALON Q", ths=85)
    catalogue = CATALOGUE.with_own([mine])

    assert len(catalogue) == len(CATALOGUE)
    assert catalogue.find("Avalon Q") == mine
    assert catalogue.with_own([]).find("Avalon Q") == CATALOGUE.find("Avalon Q")


def test_a_catalogue_may_be_empty() -> None:
    empty = Catalogue(())
    assert len(empty) == 0
    assert empty.search("s9") == ()
    assert empty.closest("s9") == ()
    assert empty.matches("s9") == ()


@given(st.lists(st.text(min_size=1, max_size=12), unique_by=str.casefold, max_size=6))
def test_own_models_may_have_any_name(names: list[str]) -> None:
    catalogue = CATALOGUE.with_own([_own(name) for name in names])
    for name in names:
        catalogue.search(name)
        catalogue.matches(name)
        catalogue.closest(name)
    assert set(_names(catalogue.search("", limit=1000))) >= set(names)
