from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from minerdesk.domain.errors import UserError, WorldError
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


def _shipped() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(resources.snapshot_path().read_text(encoding="utf-8"))
    return content


def _written(folder: Path, content: dict[str, Any]) -> Path:
    path = folder / "network.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
