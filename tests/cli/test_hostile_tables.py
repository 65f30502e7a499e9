"""Tables as no program should write them: answered, or refused in one sentence with file and line.

Warnings are errors here, so a number that overflows on the way is one too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minerdesk.storage.resources import sample_path
from tests.cli.run import Cli

NUMBERS = ("--price", 100_000, "--difficulty", 156.09e12, "--fees", 0, "--height", 932_936)
HOME = sample_path("home")
BEGIN = datetime(2025, 12, 31, tzinfo=UTC)
HOURS = [(BEGIN + timedelta(hours=i)).isoformat() for i in range(33 * 24)]
DAYS = [(date(2025, 10, 1) + timedelta(days=i)).isoformat() for i in range(100)]
GOOD = {
    "rigs": "site,model,count,hashrate_ths,power_w,price_per_kwh,pue,pool_fee,uptime\n"
    "A,X,2,100,3000,0.05,1.1,0.02,0.98\nB,Y,3,200,3500,0.06,,,\n",
    "load": "start,kw\n" + "".join(f"{at},7.5\n" for at in HOURS),
    "history": "date,price,hashrate_ehs,difficulty,fees_btc,issuance_btc\n"
    + "".join(f"{day},60000.5,900,1.2e14,3.0,450\n" for day in DAYS),
}
Ask = Callable[[Path], tuple[object, ...]]
ASKED: dict[str, Ask] = {
    "rigs": lambda file: ("evaluate", file, *NUMBERS, "--json"),
    "load": lambda file: (
        *("bill", HOME, "--site", "garage", "--load", file, "--month", "2026-01", "--json"),
    ),
    "history": lambda file: ("network", "--history", file, "--as-of", "2026-01-05", "--json"),
}
CELLS = (
    *("", "nan", "inf", "1e308", "-1e308", "1e-320", "1e400", "x", "1,5", '"1,5"', "1.000,5"),
    *(
        "0x10",
        "\u0661\u0662",
        "-1",
        "0",
        "1_0",
        "=1+1",
        "9" * 5000,
        "1e" + "9" * 5000,
        "5%",
        "\x00",
    ),
    *("2026-13-01", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", '"', "\u00e4"),
)


def answered_or_refused(cli: Cli, name: str, file: Path, data: bytes) -> int:
    file.write_bytes(data)
    found = cli("--profile", file.parent / "p", *ASKED[name](file))
    if found.code:
        assert found.code == 2
        assert "fault of minerdesk" not in found.err
        assert file.name in found.err
        assert len(found.err) < 1000
    else:
        assert found.json
    return found.code


@pytest.mark.parametrize("name", GOOD)
def test_a_good_table_is_answered(name: str, cli: Cli, tmp_path: Path) -> None:
    assert answered_or_refused(cli, name, tmp_path / "table.csv", GOOD[name].encode()) == 0


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(GOOD)), st.integers(0, 8), st.sampled_from(CELLS))
def test_any_cell(cli: Cli, tmp_path: Path, name: str, column: int, cell: str) -> None:
    header, first, second, *rest = GOOD[name].split("\n")
    cells = second.split(",")
    cells[column % len(cells)] = cell
    text = "\n".join((header, first, ",".join(cells), *rest))
    answered_or_refused(cli, name, tmp_path / "table.csv", text.encode())


FORMS: dict[str, tuple[Callable[[str], bytes], int | None]] = {
    "byte order mark": (lambda text: f"\ufeff{text}".encode(), 0),
    "CRLF": (lambda text: text.replace("\n", "\r\n").encode(), 0),
    "semicolons": (lambda text: text.replace(",", ";").encode(), 0),
    "tabs": (lambda text: text.replace(",", "\t").encode(), 0),
    "UTF-16": (lambda text: text.encode("utf-16"), 0),
    "UTF-16 without a mark": (lambda text: text.encode("utf-16-le"), 0),
    "UTF-32": (lambda text: text.encode("utf-32"), 2),
    "a zero inside": (lambda text: f"{text[:300]}\x00{text[300:]}".encode(), 2),
    "zeros": (lambda _text: b"\x00" * 3000, 2),
    "empty": (lambda _text: b"", 2),
    "the header alone": (lambda text: text.split("\n")[0].encode(), 2),
    "no header": (lambda text: text.partition("\n")[2].encode(), 2),
    "the header twice": (lambda text: (text.split("\n")[0] + "\n" + text).encode(), 2),
    "an open quotation": (lambda text: f'{text[:110]},"{text[110:]}'.encode(), 2),
    "noise": (lambda _text: bytes(range(256)) * 20, 2),
    "a broken workbook": (lambda _text: b"PK\x03\x04" + bytes(range(256)), 2),
    "an old workbook": (lambda _text: b"\xd0\xcf\x11\xe0" + bytes(999), 2),
    "many columns": (lambda _text: (",".join("c" * 300) + "\n").encode(), 2),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", GOOD)
def test_any_form(name: str, form: str, cli: Cli, tmp_path: Path) -> None:
    change, expected = FORMS[form]
    code = answered_or_refused(cli, name, tmp_path / "table.csv", change(GOOD[name]))
    assert expected in {code, None}


@pytest.mark.parametrize("name", GOOD)
def test_what_has_no_end_is_not_read_to_it(name: str, cli: Cli) -> None:
    endless = Path("/dev/zero")
    if not endless.exists():
        pytest.skip("no endless file here")
    found = cli(*ASKED[name](endless))
    assert found.code == 2
    assert "larger than 64 MB" in found.err


def test_half_a_number_is_no_cell_of_its_own(cli: Cli, tmp_path: Path) -> None:
    table = tmp_path / "load.csv"
    table.write_text(GOOD["load"].replace(",7.5\n", ",7,5\n"), encoding="utf-8")
    found = cli(*ASKED["load"](table))
    assert found.code == 2
    assert "Line 2 has 3 cells and the header of load.csv names 2" in found.err


def test_absurd_prices_of_power_are_refused(cli: Cli, tmp_path: Path) -> None:
    table = tmp_path / "prices.csv"
    rows = "".join(f"{at},{'1e308' if i == 30 else '0.05'}\n" for i, at in enumerate(HOURS))
    table.write_text("start,price_per_kwh\n" + rows, encoding="utf-8")
    asked = ("--from", "2026-01-01T00:00:00Z", "--prices", f"garage={table}")
    found = cli("--profile", tmp_path / "p", "plan", HOME, *NUMBERS, *asked)
    assert found.code == 2
    assert "prices.csv: Line 32, column “price_per_kwh”" in found.err
    assert "at most 1e+30, found 1e308" in found.err


def test_a_name_that_would_fill_the_screen_is_cut(cli: Cli) -> None:
    found = cli("check", "a" * 5000)
    assert found.code == 2
    assert len(found.err) < 400
    assert found.err.isprintable() or found.err.endswith("\n")


def test_an_empty_profile_is_not_the_folder_we_stand_in(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = cli("--profile", "", "report", HOME, "--offline")
    assert found.code == 2
    assert "--profile must be a folder" in found.err
    assert not any(tmp_path.iterdir())


def test_a_profile_in_a_home_that_is_not_there(cli: Cli) -> None:
    found = cli("--profile", "~no-such-operator/desk", "report", HOME, "--offline")
    assert found.code == 1
    assert "there is no such home" in found.err


def test_a_profile_whose_name_no_folder_can_have(cli: Cli, tmp_path: Path) -> None:
    profile = ("--profile", tmp_path / ("a" * 300))
    found = cli(*profile, "report", HOME, "--offline")
    assert found.code == 1
    assert "cannot be made: File name too long" in found.err
    assert cli(*profile, "network", "--as-of", "2026-01-05", "--json").json
