"""The sample books: what an operator sees who has entered nothing yet."""

from __future__ import annotations

from collections import Counter

import pytest

from minerdesk.domain.book import Book, check_references
from minerdesk.domain.readings import Quantity
from minerdesk.domain.rigs import Origin
from minerdesk.domain.verdicts import Verdict
from minerdesk.engine.dispatch import Decisions, Tolerance, decide
from minerdesk.engine.economics import evaluate, prepare
from minerdesk.engine.fleet import build_fleet
from minerdesk.engine.network import NetworkNow, subsidy_btc
from minerdesk.engine.tariff import simple_price_per_kwh
from minerdesk.storage import book_file
from minerdesk.storage.catalogue_file import load_catalogue
from minerdesk.storage.resources import catalogue_path, load_snapshot, sample_path


@pytest.fixture(scope="module")
def home() -> Book:
    return book_file.load(sample_path("home"))


@pytest.fixture(scope="module")
def farm() -> Book:
    return book_file.load(sample_path("farm"))


@pytest.mark.parametrize("name", ["home", "farm"])
def test_a_sample_is_written_as_the_program_would_save_it(name: str) -> None:
    data = sample_path(name).read_bytes()
    book = book_file.decode(data)

    check_references(book)
    assert book_file.encode(book) == data


@pytest.mark.parametrize("name", ["home", "farm"])
def test_a_sample_holds_the_models_of_the_shipped_catalogue_that_it_uses(name: str) -> None:
    book = book_file.load(sample_path(name))
    shipped = {model.name: model for model in load_catalogue(catalogue_path())}

    assert {model.name for model in book.models} == {group.model for group in book.groups}
    assert all(shipped[model.name] == model for model in book.models)


def test_the_home_is_four_rigs_on_one_tariff_in_euro(home: Book) -> None:
    assert (home.rig_count, len(home.groups), len(home.sites), len(home.tariffs)) == (4, 4, 1, 1)
    assert home.currency == "EUR"


def test_the_farm_is_twelve_thousand_rigs_on_three_sites_in_dollars(farm: Book) -> None:
    assert farm.rig_count == 12_000
    assert 35 <= len(farm.groups) <= 45
    assert farm.currency == "USD"
    assert len({site.time_zone for site in farm.sites}) == len(farm.sites) == 3


def test_the_farm_shows_what_a_book_can_hold(farm: Book) -> None:
    prices = [simple_price_per_kwh(tariff) for tariff in farm.tariffs]
    assert min(prices) == pytest.approx(0.045, abs=0.0005)
    assert max(prices) == pytest.approx(0.091, abs=0.0005)
    assert all(site.pue > 1 and site.monthly_costs and site.capital for site in farm.sites)
    assert all(group.purchase and group.owner and group.location for group in farm.groups)
    origins = {override.power_origin for group in farm.groups for override in group.overrides}
    assert Origin.MEASURED in origins
    off = [g for g in farm.groups if g.state_now and g.state_now.running_count == 0]
    assert 3 <= len(off) <= 10


def test_at_the_embedded_snapshot_the_farm_has_something_to_do_and_mostly_earns(
    farm: Book,
) -> None:
    decisions = _decisions(farm)
    verdicts = Counter(Verdict(code) for code in decisions.verdict)

    assert verdicts[Verdict.POWER_DOWN] >= 3
    assert verdicts[Verdict.TOO_CLOSE] >= 2
    assert verdicts[Verdict.START] >= 1
    assert verdicts[Verdict.STAY_OFF] >= 1
    assert verdicts[Verdict.CHANGE_MODE] >= 1
    assert verdicts[Verdict.RUN] > len(farm.groups) / 2
    assert decisions.power_down[decisions.advised].sum() == 412


def test_at_the_embedded_snapshot_the_home_has_something_to_do(home: Book) -> None:
    verdicts = [Verdict(code) for code in _decisions(home).verdict]
    by_model = dict(zip((group.id for group in home.groups), verdicts, strict=True))

    assert by_model == {
        "bitaxe": Verdict.RUN,
        "avalon": Verdict.CHANGE_MODE,
        "s19j": Verdict.POWER_DOWN,
        "s21": Verdict.RUN,
    }


@pytest.mark.parametrize("name", ["home", "farm"])
def test_what_runs_in_a_sample_fits_its_sites(name: str) -> None:
    book = book_file.load(sample_path(name))
    fleet = build_fleet(book, {"USD": 1.0, "EUR": 1.0})
    kw = fleet.running * fleet.power_w / 1000
    for index, site in enumerate(book.sites):
        here = fleet.site[fleet.mode_group] == index
        drawn = float(kw[here].sum()) * site.pue + site.fixed_load_kw
        assert site.limit_kw is None or drawn < site.limit_kw


def _decisions(book: Book) -> Decisions:
    known = {reading.quantity: reading.value for reading in load_snapshot()}
    per_usd = {"USD": 1.0, "EUR": known[Quantity.EXCHANGE_RATE]}
    network = NetworkNow(
        price_per_btc=known[Quantity.PRICE] * per_usd[book.currency],
        difficulty=known[Quantity.DIFFICULTY],
        subsidy_btc=subsidy_btc(int(known[Quantity.HEIGHT]) + 1),
        fees_btc=known[Quantity.FEES],
    )
    fleet = build_fleet(book, {book.currency: 1.0})
    fee_share = network.fees_btc / (network.subsidy_btc + network.fees_btc)
    tolerance = Tolerance().fraction(fee_share=fee_share, price_age_days=0.0)
    return decide(fleet, evaluate(prepare(fleet), network), tolerance)
