from __future__ import annotations

import contextlib
import csv
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.rigs import Cooling, PowerMode, RigModel
from minerdesk.storage.catalogue_file import COLUMNS, CONFIDENCES, load_catalogue
from minerdesk.storage.resources import catalogue_path, resource_root

_HEADER = ",".join(COLUMNS)
_S9 = "Bitmain,Antminer S9 (14 TH),normal,14,1372,air,hall,2017-11,25,high,"
_Q = "Canaan,Avalon Q,super,90,1674,air,home,2025-04,5,high,quiet"
_Q_ECO = ",,eco,53,830,,,,,,"

SPECS = resource_root().parent.parent / "shared" / "data" / "asic_specs.csv"


@pytest.fixture(scope="module")
def shipped() -> tuple[RigModel, ...]:
    return load_catalogue(catalogue_path())


def test_a_row_is_a_mode_and_a_row_without_a_model_a_further_one(tmp_path: Path) -> None:
    s9, q = load_catalogue(_written(tmp_path, _S9, _Q, _Q_ECO))

    assert s9.modes == (PowerMode("normal", 14, 1372),)
    assert q == RigModel(
        name="Avalon Q",
        modes=(PowerMode("super", 90, 1674), PowerMode("eco", 53, 830)),
        maker="Canaan",
        cooling=Cooling.AIR,
        released="2025-04",
        idle_w=5,
        confidence="high",
        home=True,
        note="quiet",
    )


def test_a_catalogue_may_be_empty(tmp_path: Path) -> None:
    assert load_catalogue(_written(tmp_path)) == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("maker", ""),
        ("mode", ""),
        ("hashrate_ths", "0"),
        ("hashrate_ths", "1,000"),
        ("hashrate_ths", "-3"),
        ("hashrate_ths", "nan"),
        ("power_w", "inf"),
        ("power_w", "1e3"),
        ("power_w", "9" * 400),
        ("power_w", ""),
        ("cooling", "water"),
        ("use", "garage"),
        ("released", "2017-13"),
        ("released", "2017"),
        ("idle_w", "-1"),
        ("idle_w", ""),
        ("confidence", "certain"),
    ],
)
def test_a_bad_cell_is_named_by_row_column_and_value(
    tmp_path: Path, column: str, value: str
) -> None:
    cells = dict(zip(COLUMNS, _S9.split(","), strict=True)) | {column: value}
    row = ",".join(f'"{cells[name]}"' for name in COLUMNS)

    with pytest.raises(UserError) as caught:
        load_catalogue(_written(tmp_path, _Q, row))

    assert caught.value.where == f"row 3, column {column}"
    assert caught.value.value == value
    assert f"Row 3, column {column}: {value!r}" in caught.value.sentence


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([_Q_ECO], "row 2, column model"),
        ([_S9, _S9.replace("Antminer", "ANTMINER")], "row 3, column model"),
        ([_Q, _Q_ECO, _Q_ECO], "row 4, column mode"),
        ([_Q, ",,eco,53,830,air,,,,,"], "row 3, column cooling"),
        ([_Q, ",,eco,53,830,,,,,,louder"], "row 3, column note"),
        ([_S9, ""], "row 3"),
        ([_S9 + ",more"], "row 2"),
    ],
)
def test_rows_that_do_not_fit_together_are_named(
    tmp_path: Path, rows: list[str], where: str
) -> None:
    with pytest.raises(UserError) as caught:
        load_catalogue(_written(tmp_path, *rows))
    assert caught.value.where == where


@pytest.mark.parametrize("content", ["", "model,maker\n", _HEADER.upper() + "\n"])
def test_another_header_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "rigs.csv"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(UserError, match="column names") as caught:
        load_catalogue(path)
    assert caught.value.where == "row 1"


def test_a_file_that_is_no_csv_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not CSV"):
        load_catalogue(_written(tmp_path, '"Bitmain"x,' + _S9))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rigs.csv"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(UserError, match="UTF-8"):
        load_catalogue(path)


def test_a_missing_file_is_the_worlds_fault(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be read"):
        load_catalogue(tmp_path / "none.csv")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(cells=st.lists(st.text(max_size=8), max_size=13))
def test_whatever_a_row_holds_it_is_a_model_or_the_users_error(
    tmp_path: Path, cells: list[str]
) -> None:
    row = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    path = tmp_path / "rigs.csv"
    path.write_bytes(f"{_HEADER}\n{_S9}\n{row}\n".encode("utf-8", "surrogatepass"))
    with contextlib.suppress(UserError):
        assert load_catalogue(path)


def test_the_shipped_catalogue_is_large_and_covers_every_kind(
    shipped: tuple[RigModel, ...],
) -> None:
    assert len(shipped) >= 150
    assert {model.cooling for model in shipped} == set(Cooling)
    assert {"Bitmain", "MicroBT", "Canaan", "Bitdeer", "Auradine", "Proto", "Bitaxe"} <= {
        model.maker for model in shipped
    }
    assert sum(model.home for model in shipped) >= 10
    assert min(model.released for model in shipped) == "2016-06"
    assert max(model.released for model in shipped) >= "2026-01"
    assert {model.confidence for model in shipped} <= set(CONFIDENCES)


def test_every_conflict_in_the_shipped_catalogue_says_what_it_is(
    shipped: tuple[RigModel, ...],
) -> None:
    assert all(model.note for model in shipped if model.confidence == "conflict")


def test_bins_in_names_are_the_hashrate_of_the_first_mode(shipped: tuple[RigModel, ...]) -> None:
    bins = {model.name: re.search(r"\(([\d.]+) TH\)$", model.name) for model in shipped}
    assert all(
        float(found[1]) == model.modes[0].hashrate_ths
        for model in shipped
        if (found := bins[model.name])
    )
    unbinned = {re.sub(r" \([\d.]+ TH\)$", "", name) for name, found in bins.items() if found}
    assert not unbinned & {name for name, found in bins.items() if not found}


def test_shipped_numbers_are_those_of_machines_that_exist(shipped: tuple[RigModel, ...]) -> None:
    for model in shipped:
        for mode in model.modes:
            assert 8 < mode.efficiency_j_per_th < 180, (model.name, mode)
            assert model.idle_w < 0.1 * mode.power_w, (model.name, mode)


def test_modes_that_makers_publish_are_there(shipped: tuple[RigModel, ...]) -> None:
    modes = {
        model.name: {mode.name: (mode.hashrate_ths, mode.power_w) for mode in model.modes}
        for model in shipped
        if len(model.modes) > 1
    }
    assert modes["Teraflux AT2880"] == {"eco": (180, 2880), "turbo": (260, 4680)}
    assert modes["Avalon Q"] == {"super": (90, 1674), "standard": (82, 1381), "eco": (53, 830)}
    assert modes["Antminer T21 (190 TH)"] == {"normal": (190, 3610), "high": (233, 5126)}


@pytest.mark.skipif(not SPECS.is_file(), reason="reference tables are not here")
def test_confident_rows_agree_with_the_reference_table(shipped: tuple[RigModel, ...]) -> None:
    with SPECS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    high = [model for model in shipped if model.confidence == "high"]
    assert len(high) > 50
    for model in high:
        mode = model.modes[0]
        found = [row for row in rows if _is_same(row, model)]
        assert len(found) == 1, model.name
        assert float(found[0]["power_w"]) == pytest.approx(mode.power_w, rel=0.02), model.name
        assert found[0]["confidence"] == "high", model.name
    disputed = [row for row in rows if row["confidence"] == "conflict"]
    for model in shipped:
        if any(_is_same(row, model) for row in disputed):
            assert model.confidence == "conflict", model.name


def _is_same(row: dict[str, str], model: RigModel) -> bool:
    same_bin = abs(float(row["hashrate_ths"]) - model.modes[0].hashrate_ths) < 0.4
    return same_bin and _family(row["model"]) == _family(model.name)


def _family(name: str) -> str:
    return re.sub(r"\s*\(.*\)", "", name).casefold().replace("hydro", "hyd")


def _written(folder: Path, *rows: str) -> Path:
    path = folder / "rigs.csv"
    path.write_text("\n".join((_HEADER, *rows)) + "\n", encoding="utf-8")
    return path
