"""Models, a catalogue and a book for the tests of bulk exchange."""

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import PowerMode, RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.services.catalogue import Catalogue
from minerdesk.services.exchange import DryRun, RawTable, dry_run, parse_table

S21 = RigModel("Antminer S21 (200 TH)", (PowerMode("normal", 200, 3500),), maker="Bitmain")
S19_95 = RigModel("Antminer S19 (95 TH)", (PowerMode("normal", 95, 3250),), maker="Bitmain")
S19_90 = RigModel("Antminer S19 (90 TH)", (PowerMode("normal", 90, 3105),), maker="Bitmain")
M50 = RigModel(
    "Whatsminer M50",
    (PowerMode("normal", 114, 3306), PowerMode("eco", 90, 2340)),
    maker="MicroBT",
)
CATALOGUE = Catalogue((S21, S19_95, S19_90, M50))

BOOK = Book(
    name="farm",
    sites=(Site("north", "North", "flat"),),
    tariffs=(Tariff("flat", "Flat", 0.07),),
    models=(S21, M50),
    groups=(
        RigGroup("g1", "north", S21.name, 10, location="rack 1"),
        RigGroup("g2", "north", M50.name, 20),
    ),
)


def table(text: str) -> RawTable:
    return parse_table(text.encode(), "fleet.csv")


def run(text: str, book: Book = BOOK) -> DryRun:
    return dry_run(book, table(text), CATALOGUE)


def refused(text: str, book: Book = BOOK) -> str:
    """Return the one reason for which the one row is refused."""
    (plan,) = run(text, book).rows
    (reason,) = plan.reasons
    return reason
