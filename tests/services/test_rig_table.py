"""The strict table of the command line: understood to the last cell, or refused in one sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.book import check_references
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import PowerMode, RigModel
from minerdesk.services.catalogue import Catalogue
from minerdesk.services.rig_table import COLUMNS, load_rig_table, rig_table
from minerdesk.storage.tables import RawTable, parse_table

S21 = RigModel(
    "Antminer S21 (200 TH)",
    (PowerMode("normal", 200, 3500), PowerMode("eco", 150, 2300)),
    confidence="high",
)
S19 = tuple(
    RigModel(f"Antminer S19 ({ths} TH)", (PowerMode("normal", ths, 3250),), confidence="high")
    for ths in (90, 95)
)
CATALOGUE = Catalogue((S21, *S19))
HEADER = ",".join(COLUMNS)


def table(*rows: str, header: str = HEADER) -> RawTable:
    return parse_table("\n".join((header, *rows)).encode(), "rigs.csv")


def refusal(*rows: str, header: str = HEADER) -> UserError:
    with pytest.raises(UserError) as caught:
        rig_table(table(*rows, header=header), CATALOGUE)
    return caught.value


def test_a_whole_row() -> None:
    book, names = rig_table(table("A,S21,100,198.5,3400,0.07,1.05,0.02,0.98"), CATALOGUE, "EUR")
    (group,) = book.groups
    assert names == ("S21",)
    assert (book.currency, group.count, group.pool_fee, group.uptime) == ("EUR", 100, 0.02, 0.98)
    assert group.pool_fee_on_fees is None
    assert (group.overrides[0].hashrate_ths, group.overrides[0].power_w) == (198.5, 3400)
    assert [(site.name, site.pue) for site in book.sites] == [("A", 1.05)]
    assert book.tariffs[0].price_per_kwh == 0.07
    assert book.models[0].modes == (PowerMode("normal", 198.5, 3400.0),)
    assert group.idle_w == 0
    assert (book.models[0].name, group.model) == ("S21", "S21")
    check_references(book)


def test_defaults() -> None:
    book, _names = rig_table(table("S21,0.07", header="model,price_per_kwh"), CATALOGUE)
    (group,) = book.groups
    assert (group.count, group.pool_fee, group.uptime, group.overrides) == (1, 0, 1, ())
    assert (book.sites[0].name, book.sites[0].pue, book.currency) == ("", 1, "USD")


def test_an_unknown_model_with_its_numbers_is_accepted() -> None:
    book, _names = rig_table(table("A,Mine,1,10,300,0.07,,,", "A,Mine,1,11,310,0.07,,,"), CATALOGUE)
    assert [model.name for model in book.models] == ["Mine"]
    assert [group.overrides[0].hashrate_ths for group in book.groups] == [10, 11]


def test_numbers_alone_are_enough() -> None:
    header = "hashrate_ths,power_w,price_per_kwh"
    book, _names = rig_table(table("10,300,-0.01", header=header), CATALOGUE)
    assert book.models[0].modes == (PowerMode("normal", 10, 300),)
    assert book.tariffs[0].price_per_kwh == -0.01


def test_a_name_that_fits_several_is_refused_with_the_list_unless_numbers_decide() -> None:
    sentence = refusal(",S19,1,,,0.07,,,").sentence
    assert "Antminer S19 (90 TH), Antminer S19 (95 TH)" in sentence
    assert (
        "Antminer S19 (90 TH)" in refusal(",S19,1,90,3250,0.07,,,", ",S19,1,90,,0.07,,,").sentence
    )
    book, _names = rig_table(table(",S19,1,92,3200,0.07,,,"), CATALOGUE)
    assert book.models[0].modes[0].hashrate_ths == 92


def test_one_number_overrides_a_known_model() -> None:
    book, _names = rig_table(table(",S21,1,195,,0.07,,,", ",S21,1,,,0.07,,,"), CATALOGUE)
    assert book.groups[0].overrides[0].hashrate_ths == 195
    assert book.groups[0].overrides[0].power_w is None
    assert len(book.models) == 1


def test_one_site_for_each_name_price_and_pue() -> None:
    rows = (
        "A,S21,1,,,0.07,1,,",
        "A,S21,2,,,0.08,1,,",
        "A,S21,3,,,0.07,1.0,,",
        "A,S21,1,,,0.07,1,,",
    )
    book, _names = rig_table(table(*rows), CATALOGUE)
    assert [site.name for site in book.sites] == ["A", "A"]
    assert [group.count for group in book.groups] == [1, 2, 3, 1]
    assert len({group.id for group in book.groups}) == 4
    check_references(book)


def test_blank_rows_are_passed_and_rows_keep_their_numbers() -> None:
    error = refusal("A,S21,1,,,0.07,,,", "", "A,S21,0,,,0.07,,,")
    assert "row 4, column count, value “0”" in error.sentence


@pytest.mark.parametrize(
    ("row", "where", "value"),
    [
        ("A,S21,1.5,,,0.07,,,", "row 2, column count", "1.5"),
        ("A,S21,-1,,,0.07,,,", "row 2, column count", "-1"),
        ("A,S21,1e300,,,0.07,,,", "row 2, column count", "1e300"),
        ("A,S21,1,0,,0.07,,,", "row 2, column hashrate_ths", "0"),
        ("A,S21,1,,-5,0.07,,,", "row 2, column power_w", "-5"),
        ("A,S21,1,,,,,,", "row 2, column price_per_kwh", ""),
        ('A,S21,1,,,"0,07",,,', "row 2, column price_per_kwh", "0,07"),
        ("A,S21,1,,,nan,,,", "row 2, column price_per_kwh", "nan"),
        ("A,S21,1,,,inf,,,", "row 2, column price_per_kwh", "inf"),
        ("A,S21,1,,,1e999,,,", "row 2, column price_per_kwh", "1e999"),
        ("A,S21,1,1e999,1,0.07,,,", "row 2, column hashrate_ths", "1e999"),
        ("A,S21,1,,,0x10,,,", "row 2, column price_per_kwh", "0x10"),
        ("A,S21,1,,,1_0,,,", "row 2, column price_per_kwh", "1_0"),
        ('A,S21,1,,"3,250",0.07,,,', "row 2, column power_w", "3,250"),
        ("A,S21,1,,3 250,0.07,,,", "row 2, column power_w", "3 250"),
        ("A,S21,1,,3250 W,0.07,,,", "row 2, column power_w", "3250 W"),
        ("A,S21,1,,,0.07,0.99,,", "row 2, column pue", "0.99"),
        ("A,S21,1,,,0.07,,1,", "row 2, column pool_fee", "1"),
        ("A,S21,1,,,0.07,,2%,", "row 2, column pool_fee", "2%"),
        ("A,S21,1,,,0.07,,,0", "row 2, column uptime", "0"),
        ("A,S21,1,,,0.07,,,1.01", "row 2, column uptime", "1.01"),
        ("A,,1,,,0.07,,,", "row 2, column model", ""),
        ("A,,1,100,,0.07,,,", "row 2, column model", ""),
        ("A,S22,1,,,0.07,,,", "row 2, column model", "S22"),
        ("A,??,1,,,0.07,,,", "row 2, column model", "??"),
    ],
)
def test_a_bad_cell_refuses_the_file(row: str, where: str, value: str) -> None:
    error = refusal(row)
    assert (error.where, error.value) == (where, value)
    assert f"{where}, value “{value}”" in error.sentence


def test_a_cell_too_many_is_refused() -> None:
    assert "“0.01” stands beyond" in refusal("A,S21,1,,,0.07,,,,0.01").sentence


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("model,price_per_kwh,colour", "“colour” is not known"),
        ("model,price_per_kwh,model", "“model” stands there twice"),
        ("model,count", "“price_per_kwh” is missing"),
        ("count,price_per_kwh,power_w", "“model” is missing"),
        ("model,price_per_kwh,", "no row"),
    ],
)
def test_headers(header: str, says: str) -> None:
    assert says in refusal(header=header).sentence


def test_it_reads_files(tmp_path: Path) -> None:
    path = tmp_path / "rigs.csv"
    path.write_text("model;price_per_kwh\nS21;1e-1\n", encoding="utf-8-sig")
    assert load_rig_table(path, CATALOGUE)[0].tariffs[0].price_per_kwh == 0.1


cells = st.one_of(
    st.sampled_from(["", "nan", "-inf", "1e3", "1e999", "-0", "0", "1", "0.5", "٣", "1,5", " 2 "]),
    st.floats().map(repr),
    st.text(max_size=4),
)


@given(rows=st.lists(st.lists(cells, min_size=9, max_size=10), min_size=1, max_size=3))
def test_any_table_is_a_sound_book_or_one_sentence(rows: list[list[str]]) -> None:
    raw = RawTable(COLUMNS, tuple(tuple(row) for row in rows), "rigs.csv")
    try:
        book, names = rig_table(raw, CATALOGUE)
    except UserError as error:
        sentence = error.sentence
    else:
        check_references(book)
        assert len(book.groups) == len(rows)
        assert names == tuple(row[1].strip() for row in rows)
        sentence = "rigs.csv"
    assert sentence.startswith("rigs.csv")


@given(
    price=st.floats(min_value=-1e30, max_value=1e30),
    ths=st.floats(min_value=1e-3, max_value=1e6),
    watts=st.floats(min_value=1e-3, max_value=1e9),
    count=st.integers(1, 10**9),
)
def test_good_numbers_are_taken_exactly(price: float, ths: float, watts: float, count: int) -> None:
    row = f"A,Mine,{count},{ths!r},{watts!r},{price!r},,,"
    book, _names = rig_table(table(row), CATALOGUE)
    assert book.tariffs[0].price_per_kwh == price
    assert book.groups[0].count == count
    assert book.models[0].modes == (PowerMode("normal", ths, watts),)


def test_both_numbers_mean_one_mode_and_a_name_alone_means_all_of_them() -> None:
    rows = ("A,S21,1,,,0.07,,,", "A,S21,1,198.5,3400,0.07,,,", "A,S21,1,190,3300,0.07,,,")
    book, _names = rig_table(table(*rows), CATALOGUE)
    modes = [
        len(next(m for m in book.models if m.name == group.model).modes) for group in book.groups
    ]
    assert modes == [len(S21.modes), 1, 1]
    assert [g.overrides[0].power_w for g in book.groups[1:]] == [3400, 3300]
    check_references(book)
