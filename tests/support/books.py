"""Small books for tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import PowerMode, RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.engine.tariff import simple_price_per_kwh
from minerdesk.storage import book_file
from minerdesk.storage.resources import sample_path

S21 = RigModel("Antminer S21", (PowerMode("normal", 200, 3500),), idle_w=25)
AVALON_Q = RigModel(
    "Avalon Q",
    (PowerMode("super", 90, 1674), PowerMode("standard", 82, 1381), PowerMode("eco", 53, 830)),
)


def small_book(**changes: Any) -> Book:  # noqa: ANN401 - any field of a book
    """Return one site at 0.07 USD/kWh with ten S21 and three Avalon Q."""
    book = Book(
        name="Small",
        sites=(Site("garage", "Garage", "house"),),
        tariffs=(Tariff("house", "House", 0.07),),
        models=(S21, AVALON_Q),
        groups=(
            RigGroup("a", "garage", "Antminer S21", 10),
            RigGroup("b", "garage", "Avalon Q", 3),
        ),
    )
    return replace(book, **changes)


def steady_farm(folder: Path) -> Path:
    """Write the sample farm with prices that are the same at every hour of the year.

    What runs the program on the real clock then gets the same answer whenever it is run.
    """
    farm = book_file.load(sample_path("farm"))
    tariffs = tuple(
        Tariff(
            tariff.id,
            tariff.name,
            simple_price_per_kwh(replace(tariff, adders=(), percentages=())),
            adders=tariff.adders,
            percentages=tariff.percentages,
            demand=tariff.demand,
            fixed=tariff.fixed,
        )
        for tariff in farm.tariffs
    )
    path = folder / "farm.minerdesk"
    path.write_bytes(book_file.encode(replace(farm, tariffs=tariffs)))
    return path
