from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.prices import PriceRows
from minerdesk.storage.paths import Profile
from minerdesk.storage.price_files import DamagedPricesError, PriceFiles

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ROWS = PriceRows((0, 3600, 10800), (0.1, -0.05, 1e-17), 60, "EUR", "prices, 2026.csv", AT)


def test_a_series_comes_back_as_it_was_and_is_private(tmp_path: Path) -> None:
    files = PriceFiles(Profile.at(tmp_path).prices_dir)
    assert files.names() == ()
    assert files.load("north") is None
    files.save("north", ROWS)
    assert PriceFiles(tmp_path / "prices").load("north") == ROWS
    assert files.path("north") == tmp_path / "prices" / "north.csv"
    assert stat.S_IMODE(files.path("north").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "prices").stat().st_mode) == 0o700
    files.save("Süd / real time", PriceRows((), (), 15, "USD", "", AT))
    assert files.names() == ("Süd / real time", "north")
    files.remove("north")
    files.remove("north")
    assert files.names() == ("Süd / real time",)


@given(first=st.text(min_size=1), second=st.text(min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_two_names_are_two_files_wherever_the_disk_is(
    tmp_path: Path, first: str, second: str
) -> None:
    files = PriceFiles(tmp_path)
    one, other = files.path(first), files.path(second)
    assert one.parent == tmp_path
    assert (one.name.lower() == other.name.lower()) == (first == second)


@pytest.mark.parametrize("name", ["con", "NUL", "../up", "a" * 300, ".hidden", "x."])
def test_no_name_is_trouble_to_a_disk(tmp_path: Path, name: str) -> None:
    files = PriceFiles(tmp_path)
    files.save(name, ROWS)
    assert files.load(name) == ROWS
    assert files.names() == (name,)
    assert [path.parent for path in tmp_path.rglob("*.csv")] == [tmp_path]


def test_a_series_needs_a_name(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="needs a name"):
        PriceFiles(tmp_path).save(" ", ROWS)


HEAD = (
    b'# {"name":"n","currency":"EUR","source":"s","step_minutes":60,'
    b'"taken_at":"2026-01-01T00:00:00Z"}\n'
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"start,price_per_kwh\n",
        b"# {}\nstart,price_per_kwh\n",
        HEAD,
        HEAD.replace(b"Z", b"") + b"start,price_per_kwh\n",
        HEAD.replace(b"60", b"7") + b"start,price_per_kwh\n",
        HEAD + b"start,kw\n",
        HEAD + b"start,price_per_kwh\nyesterday,1\n",
        HEAD + b"start,price_per_kwh\n2026-01-01T00:00:00+00:00,x\n",
        HEAD + b"start,price_per_kwh\n2026-01-01T00:00:00,1\n",
        HEAD + b"start,price_per_kwh\n2026-01-01T01:00:00Z,1\n2026-01-01T00:00:00Z,1\n",
        HEAD + b"start,price_per_kwh\n2026-01-01T00:00:00Z,nan\n",
        HEAD + b"\xff\n",
    ],
)
def test_a_damaged_file_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "n.csv").write_bytes(content)
    files = PriceFiles(tmp_path)
    with pytest.raises(DamagedPricesError, match="are damaged"):
        files.load("n")
    files.set_aside("n")
    assert files.load("n") is None
    assert (tmp_path / "n.csv.damaged").read_bytes() == content
    with pytest.raises(WorldError, match="cannot be put aside"):
        files.set_aside("n")


def test_the_names_leave_out_what_is_no_series(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_bytes(b"hello\n")
    assert PriceFiles(tmp_path).names() == ()


def test_a_disk_that_refuses_is_the_worlds_error(tmp_path: Path) -> None:
    files = PriceFiles(tmp_path)
    (tmp_path / "n.csv").mkdir()
    with pytest.raises(WorldError, match="cannot be read"):
        files.load("n")
    with pytest.raises(WorldError, match="cannot be written"):
        files.save("n", ROWS)
    with pytest.raises(WorldError, match="cannot be removed"):
        files.remove("n")
    assert files.names() == ()


def test_rows_must_fit() -> None:
    with pytest.raises(ValueError, match="each start needs a price"):
        PriceRows((0,), (), 60, "EUR", "", AT)
