from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.network_days import RetargetRow
from minerdesk.domain.readings import Provenance, Quantity
from minerdesk.storage import resources


def test_an_installed_package_uses_its_own_files_before_those_beside_it(tmp_path: Path) -> None:
    package = tmp_path / "minerdesk"
    (package / "resources").mkdir(parents=True)
    (tmp_path / "resources").mkdir()

    assert resources.resource_root(package) == package / "resources"


def test_a_checkout_uses_the_files_beside_the_package(tmp_path: Path) -> None:
    (tmp_path / "minerdesk").mkdir()
    (tmp_path / "resources").mkdir()

    assert resources.resource_root(tmp_path / "minerdesk") == tmp_path / "resources"


def test_an_installation_without_its_files_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="install it again"):
        resources.resource_root(tmp_path / "minerdesk")


def test_the_program_finds_its_own_files() -> None:
    assert resources.catalogue_path().is_file()
    assert resources.snapshot_path().is_file()
    assert resources.retargets_path().is_file()
    assert resources.sample_path("home").is_file()
    assert resources.sample_path("farm").is_file()


def test_the_shipped_snapshot_is_the_network_of_its_date() -> None:
    readings = resources.load_snapshot()

    assert {reading.quantity: reading.value for reading in readings} == {
        Quantity.PRICE: 93_049.0,
        Quantity.HEIGHT: 932_935.0,
        Quantity.DIFFICULTY: 146_472_570_619_930.78,
        Quantity.FEES: 0.0148,
        Quantity.HASHRATE: 977e18,
        Quantity.EXCHANGE_RATE: 0.86,
    }
    assert {reading.taken_at for reading in readings} == {datetime(2026, 1, 19, 12, tzinfo=UTC)}
    assert {reading.provenance for reading in readings} == {Provenance.EMBEDDED}
    currencies = {reading.quantity: reading.currency for reading in readings if reading.currency}
    assert currencies == {Quantity.PRICE: "USD", Quantity.EXCHANGE_RATE: "EUR"}


def test_the_shipped_snapshot_grows_old_like_any_reading() -> None:
    reading = resources.load_snapshot()[0]
    assert reading.age(datetime(2026, 1, 20, 12, tzinfo=UTC)) == timedelta(days=1)


@pytest.mark.parametrize("missing", range(5))
def test_a_snapshot_without_one_of_its_numbers_is_no_snapshot(tmp_path: Path, missing: int) -> None:
    content = _shipped()
    gone = content["readings"].pop(missing)

    with pytest.raises(UserError, match=gone["quantity"]):
        resources.load_snapshot(_written(tmp_path, content))


def test_a_snapshot_names_each_number_once(tmp_path: Path) -> None:
    content = _shipped()
    content["readings"].append(content["readings"][0])

    with pytest.raises(UserError, match="once"):
        resources.load_snapshot(_written(tmp_path, content))


@pytest.mark.parametrize("currency", ["", "EUR"])
def test_each_exchange_rate_needs_a_currency_of_its_own(tmp_path: Path, currency: str) -> None:
    content = _shipped()
    content["readings"].append({"quantity": "exchange_rate", "value": 0.9, "currency": currency})

    with pytest.raises(UserError, match="currency of its own"):
        resources.load_snapshot(_written(tmp_path, content))


def test_a_snapshot_of_no_known_instant_is_refused(tmp_path: Path) -> None:
    content = _shipped() | {"taken_at": "2026-01-19T12:00:00"}

    with pytest.raises(UserError, match="offset from UTC"):
        resources.load_snapshot(_written(tmp_path, content))


def test_a_snapshot_of_the_wrong_type_is_refused_with_its_place(tmp_path: Path) -> None:
    content = _shipped()
    content["readings"][0]["value"] = "much"

    with pytest.raises(UserError, match=r"readings\[0?.*value|readings\[\.\.\.\]") as caught:
        resources.load_snapshot(_written(tmp_path, content))
    assert caught.value.where.endswith("network.json")


def test_a_missing_snapshot_is_the_worlds_fault(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be read"):
        resources.load_snapshot(tmp_path / "none.json")


def test_the_shipped_retargets_are_known_to_the_end_of_may_2026() -> None:
    rows = resources.load_retargets()

    assert len(rows) == 93
    noon = datetime(2022, 12, 6, 12, tzinfo=UTC).timestamp()
    assert rows[0] == RetargetRow(766_080, noon, 34_244_331_613_176.18, exact=False)
    assert rows[-1].height == 951_552
    assert rows[-1].difficulty == 138_955_357_012_247.30
    assert datetime.fromtimestamp(rows[-1].time_s, UTC).date().isoformat() == "2026-05-29"
    assert [row.height for row in rows] == list(range(766_080, 951_553, 2016))


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (1, ""),
        (1, "height,date,difficulty"),
        (1, "height,day,difficulty\n2016,2009-01-27,1"),
        (2, "height,date,difficulty\n2017,2009-01-27,1"),
        (2, "height,date,difficulty\n2016,2009-01-27,0.5"),
        (2, "height,date,difficulty\n2016,2009-01-27,inf"),
        (2, "height,date,difficulty\n2016,27.1.2009,1"),
        (2, "height,date,difficulty\n2016,2009-01-27"),
        (3, "height,date,difficulty\n2016,2009-01-27,1\n6048,2009-02-12,1"),
        (3, "height,date,difficulty\n2016,2009-01-27,1\n4032,2009-01-27,1"),
    ],
)
def test_retargets_that_cannot_be_so_are_refused_with_the_line(
    tmp_path: Path, line: int, text: str
) -> None:
    path = tmp_path / "retargets.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UserError, match=f"line {line} ") as caught:
        resources.load_retargets(path)
    assert caught.value.where == f"line {line}"


def test_missing_retargets_are_the_worlds_fault(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="cannot be read"):
        resources.load_retargets(tmp_path / "none.csv")


def _shipped() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(resources.snapshot_path().read_text(encoding="utf-8"))
    return content


def _written(folder: Path, content: dict[str, Any]) -> Path:
    path = folder / "network.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
