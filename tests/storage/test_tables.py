"""Tables from and to files, with real files of every kind."""

import csv
import io
import sys
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.storage import raw_table, table_xlsx
from minerdesk.storage.raw_table import as_written, harmless, number_text
from minerdesk.storage.tables import (
    Percent,
    RawTable,
    parse_table,
    read_table,
    write_table,
)

TEXT = "site,model,price\nA,S19,0.071\nB,Müller & Söhne,0.08\n"
ROWS = (("A", "S19", "0.071"), ("B", "Müller & Söhne", "0.08"))

# What XML can hold; CSV holds more, but one strategy for both keeps them honest alike.
texts = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc"),
        include_characters="\t\n",
        exclude_characters="\ufffe\uffff",
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() != "" and "_x" not in text)
dangerous = st.builds("".join, st.tuples(st.sampled_from("=+-@'\t"), texts))
numbers = st.floats(allow_nan=False, allow_infinity=False)
# A spreadsheet keeps 16 digits, with which the largest double overflows.
sheet_numbers = st.floats(-1e300, 1e300)
cells = st.one_of(texts, dangerous, st.sampled_from(["-5", "+1.5", "'", "''=", "=1+1"]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_reads_every_unicode_encoding(encoding: str) -> None:
    table = parse_table(TEXT.encode(encoding), "rigs.csv")
    assert table.header == ("site", "model", "price")
    assert table.rows == ROWS
    assert table.notes == ()
    assert table.first_row == 2


def test_utf_16_big_endian_with_its_mark() -> None:
    assert parse_table(b"\xfe\xff" + TEXT.encode("utf-16-be"), "rigs.csv").rows == ROWS


def test_windows_1252_is_read_and_named() -> None:
    table = parse_table(TEXT.encode("cp1252"), "rigs.csv")
    assert table.rows == ROWS
    assert "Windows-1252" in table.notes[0]


@pytest.mark.parametrize("data", [b"\xff\xfea", b"a,b\n\x81\x8d\x8f,\xe4"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UserError, match=r"rigs\.csv is no readable text"):
        parse_table(data, "rigs.csv")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b;c\n1,5;2,5;x\n", (("1,5", "2,5", "x"),)),
        ("a\tb\n1,5\t2;3\n", (("1,5", "2;3"),)),
        ('a,b\n"1,5",x;y;z\n', (("1,5", "x;y;z"),)),
        ("sep=;\na;b\n1;2\n", (("1", "2"),)),
        ("sep=,\r\na,b\r\n1,2\r\n", (("1", "2"),)),
        ('a,b\n"two\nlines, quoted",2\n', (("two\nlines, quoted", "2"),)),
        ("only\none\ntwo\n", (("one",), ("two",))),
        ("a (x,y);b\n1,5;2,5\n", (("1,5", "2,5"),)),
        ("a,b,,\n1,2,,\n,,,\n", (("1", "2"),)),
        ("a;b\n1;2\n\n3;4\n\n\n", (("1", "2"), (), ("3", "4"))),
        ("a,b\n1,2,3\n", (("1", "2", "3"),)),
    ],
)
def test_separator_is_found_out(text: str, rows: tuple[tuple[str, ...], ...]) -> None:
    assert parse_table(text.encode(), "x.csv").rows == rows


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    assert parse_table(b"sep=;\n\na;b\n1;2\n", "x.csv").first_row == 4


def test_an_open_quotation_is_damage_with_its_line() -> None:
    with pytest.raises(UserError, match="damaged in line 3") as caught:
        parse_table(b'a,b\n1,"open\nrest', "x.csv")
    assert caught.value.where == "line 3"


def test_a_quotation_mark_that_no_separator_survives() -> None:
    with pytest.raises(UserError, match="damaged in line 1"):
        parse_table(b'"a"b,c\n', "x.csv")


@pytest.mark.parametrize("data", [b"", b"\n\n", b" , ,\n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(UserError, match="is empty"):
        parse_table(data, "x.csv")


def test_an_old_excel_file_is_named() -> None:
    with pytest.raises(UserError, match="old or locked Excel"):
        parse_table(b"\xd0\xcf\x11\xe0rest", "x.xls")


def test_too_many_columns_or_rows() -> None:
    wide = ",".join("c" * 1 for _ in range(raw_table.MAX_COLUMNS + 1))
    with pytest.raises(UserError, match="more than 256 columns"):
        parse_table(wide.encode(), "x.csv")
    long = "a\n" + "1\n" * (raw_table.MAX_ROWS + 1)
    with pytest.raises(UserError, match="more than 200000 rows"):
        parse_table(long.encode(), "x.csv")


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(raw_table.MAX_BYTES + 1)
    with pytest.raises(UserError, match="larger than 64 MB"):
        read_table(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.csv cannot be read"):
        read_table(tmp_path / "none.csv")


def test_a_disk_that_refuses_is_the_worlds_fault(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be written"):
        write_table(tmp_path / "no folder" / "x.csv", RawTable(("a",), ()))


@given(text=st.one_of(cells, st.text()))
@example(text="'=x")
@example(text="＝1+1")
def test_harmless_is_undone_exactly(text: str) -> None:
    made = harmless(text)
    assert as_written(made) == text
    if made[:1] in set("=+-@\t\r\n＝＋－＠") and made:
        float(made.replace(",", "."))


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx", "-1-2"])
def test_formulas_are_defused(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+1.5", "-0,071", "-1e-05", "plain", "'quoted'", ""])
def test_plain_numbers_and_texts_stay(text: str) -> None:
    assert harmless(text) == text


@given(value=numbers)
def test_a_number_reads_back_exactly_and_in_one_way(value: float) -> None:
    text = number_text(value)
    assert float(text) == value
    assert float(number_text(value, ",").replace(",", ".")) == value
    whole, point, digits = text.partition(".")
    assert not point or len(digits) != 3
    assert whole


def test_what_is_no_number_is_written_empty() -> None:
    assert number_text(float("nan")) == ""


@given(
    header=st.lists(cells.map(str.strip).filter(bool), min_size=2, max_size=4),
    rows=st.lists(st.tuples(cells, cells), max_size=5),
    comma=st.booleans(),
)
def test_csv_round_trip(header: list[str], rows: list[tuple[str, str]], *, comma: bool) -> None:
    header = [f"h{text}" for text in header]  # a header without a letter could be a "sep=" line
    from minerdesk.storage.table_csv import format_csv

    data = format_csv(RawTable(tuple(header), tuple(rows)), decimal_comma=comma)
    for row in csv.reader(
        io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";,"[not comma]
    ):
        assert all(harmless(as_written(cell)) == cell for cell in row)


@given(rows=st.lists(st.tuples(cells, st.one_of(cells, sheet_numbers)), min_size=1, max_size=5))
def test_both_kinds_of_file_give_back_what_was_written(
    rows: list[tuple[str, str | float]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    table = RawTable(("first column", "second column"), tuple(rows))
    for name in ("t.csv", "t.xlsx"):
        write_table(folder / name, table)
        back = read_table(folder / name)
        assert back.header == table.header
        assert back.source_name == name
        for read, written in zip(back.rows, table.rows, strict=True):
            assert read[0] == written[0]
            if isinstance(written[1], float):
                assert float(read[1]) == pytest.approx(written[1], rel=1e-14, abs=1e-300)
            else:
                assert read[1] == written[1]


def test_a_comma_country_gets_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_table(path, RawTable(("a", "b"), ((0.071, 3.25), (3.125, "x;y"))), decimal_comma=True)
    text = path.read_bytes().decode("utf-8-sig")
    assert text == 'a;b\r\n0,0710\r\n3,1250;"x;y"\r\n'.replace("0,0710\r\n", "0,0710;3,25\r\n")


def save(path: Path, rows: list[list[object]], *, title: str = "rigs") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return book


def test_xlsx_cells_keep_their_types(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    book = save(path, [["a", "b"], [1, 2.5], [True, date(2026, 1, 19)], [None, "007"]])
    sheet = book.worksheets[0]
    sheet["C2"] = 0.02
    sheet["C2"].number_format = "0.0%"
    sheet["C3"] = datetime(2026, 1, 19, 8, 30)  # noqa: DTZ001 - a sheet knows no zones
    sheet["C4"] = time(8, 30)
    sheet["C5"] = datetime(2026, 1, 19)  # noqa: DTZ001 - a sheet knows no zones
    book.save(path)
    table = read_table(path)
    assert table.rows[:3] == (
        (1, 2.5, 0.02),
        ("True", "2026-01-19", "2026-01-19T08:30:00"),
        ("", "007", "08:30:00"),
    )
    assert isinstance(table.rows[0][2], Percent)
    assert table.rows[3] == ("", "", "2026-01-19")


def test_the_first_visible_sheet_that_is_not_empty_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    book = save(path, [], title="empty")
    hidden = book.create_sheet("hidden")
    hidden.append(["secret"])
    hidden.sheet_state = "hidden"
    book.create_sheet("fleet").append(["model"])
    book.save(path)
    table = read_table(path)
    assert table.header == ("model",)
    assert "“fleet” was read" in table.notes[0]


def test_a_percentage_is_written_as_its_fraction(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_table(path, RawTable(("a",), ((Percent(0.02),), ("\x00bad",))))
    assert read_table(path).rows == ((0.02,), ("\ufffdbad",))


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "t.xlsx", [])
    with pytest.raises(UserError, match="is empty"):
        read_table(tmp_path / "t.xlsx")


def test_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    save(path, [["a"], [1]])
    whole = path.read_bytes()
    for end in (10, len(whole) // 2, len(whole) - 30):
        with pytest.raises(UserError, match="damaged"):
            parse_table(whole[:end], "t.xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "not a workbook")
    with pytest.raises(UserError, match="damaged"):
        parse_table(out.getvalue(), "t.xlsx")


def test_a_workbook_that_unpacks_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.xlsx"
    save(path, [["a"], [1]])
    monkeypatch.setattr(table_xlsx, "MAX_UNPACKED_BYTES", 100)
    with pytest.raises(UserError, match="unpacks to more than"):
        read_table(path)


def test_without_openpyxl_one_line_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path / "t.xlsx", [["a"]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    for action in (
        lambda: read_table(tmp_path / "t.xlsx"),
        lambda: write_table(tmp_path / "u.xlsx", RawTable(("a",), ())),
    ):
        with pytest.raises(UserError, match=r"pip install minerdesk\[xlsx\]"):
            action()


def test_formulas_that_were_never_computed_are_noted(tmp_path: Path) -> None:
    save(tmp_path / "t.xlsx", [["a", "b"], ["=1+1", "x"]])
    table = read_table(tmp_path / "t.xlsx")
    assert table.rows == (("", "x"),)
    assert "never computed" in table.notes[0]
    save(tmp_path / "u.xlsx", [["a", "b"], [2, "x"]])
    assert read_table(tmp_path / "u.xlsx").notes == ()


@pytest.mark.parametrize("data", [b"a,b\n1,\x002\n", b"a,\xe4\n1,\x002\n"], ids=["UTF-8", "1252"])
def test_a_zero_character_is_told_with_its_line(data: bytes) -> None:
    with pytest.raises(UserError, match=r"f\.csv is damaged in line 2: it holds a zero"):
        parse_table(data, "f.csv")
