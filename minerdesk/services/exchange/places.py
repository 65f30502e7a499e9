"""The sites and the models that rows name: found in the book, or proposed as new."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import PowerMode, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.services.exchange.columns import Field
from minerdesk.services.exchange.ids import FreeIds
from minerdesk.services.exchange.preview import NEW_MODEL, Models
from minerdesk.services.plausibility import odd_price

if TYPE_CHECKING:
    from collections.abc import Mapping

    from minerdesk.services.exchange.cells import Price

_MOST_SEARCHES: Final = 200
_SAME_BIN: Final = 0.005


class UnknownModelError(UserError):
    """A name fits no model, or several; ``suggestions`` are the names to choose from."""

    def __init__(self, sentence: str, name: str, suggestions: tuple[str, ...]) -> None:
        super().__init__(sentence, value=name)
        self.suggestions = suggestions


@dataclass(slots=True)
class _NewSite:
    site: Site
    row: int
    price: Price | None
    pue: float | None


class Sites:
    """Finds the site a row names, and proposes one where the book has none of that name.

    A new site takes its power price and PUE from the first row that names it; without a price it
    takes the book's only tariff.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._by_id = {site.id: site for site in book.sites}
        folded = Counter(_fold(site.name) for site in book.sites)
        self._by_name = {
            _fold(site.name): site for site in book.sites if folded[_fold(site.name)] == 1
        }
        self._twice = {name for name, number in folded.items() if number > 1}
        self._tariffs = {tariff.id: tariff for tariff in book.tariffs}
        self._new: dict[str, _NewSite] = {}
        self._site_ids = FreeIds(self._by_id)
        self._tariff_ids = FreeIds(self._tariffs)
        self.new_tariffs: list[Tariff] = []

    @property
    def new_sites(self) -> list[Site]:
        """The sites proposed so far."""
        return [new.site for new in self._new.values()]

    def name_of(self, site_id: str) -> str:
        """Return the name of a site of the book or of one proposed."""
        sites = (*self._book.sites, *self.new_sites)
        return next((site.name for site in sites if site.id == site_id), site_id)

    def find(
        self, name: str, row: int, price: Price | None, pue: float | None
    ) -> tuple[Site, tuple[str, ...]]:
        """Return the site and warnings.

        Raises:
            UserError: the name is not clear, or a new site has no price or two.
        """
        site = self._known(name)
        if site is not None:
            said = () if name else (goes_to(site.name),)
            return site, (*said, *self._differences(site, price, pue))
        new = self._new.get(_fold(name))
        if new is None:
            new = self._propose(name, row, price, pue)
            self._new[_fold(name)] = new
        elif (price and price != new.price) or (pue and pue != new.pue):
            sentence = _("“{site}” is a new site that row {row} gives another power price or PUE.")
            raise UserError(sentence.format(site=new.site.name, row=new.row), value=name)
        warnings = [] if name else [goes_to(new.site.name)]
        if new.row == row and price is not None:
            warnings.append(odd_price(price.per_kwh, price.currency or self._book.currency))
        return new.site, tuple(filter(None, warnings))

    def _known(self, name: str) -> Site | None:
        if not name and len(self._book.sites) == 1:
            return self._book.sites[0]
        if not name and self._book.sites:
            raise UserError(_("No site is named and the book has several; write one of them."))
        if _fold(name) in self._twice and name not in self._by_id:
            sentence = _("Several sites are called “{site}”; write the site's id.")
            raise UserError(sentence.format(site=name), value=name)
        return self._by_id.get(name) or self._by_name.get(_fold(name))

    def _differences(self, site: Site, price: Price | None, pue: float | None) -> tuple[str, ...]:
        warnings = []
        tariff = self._tariffs[site.tariff]
        foreign = "" if tariff.currency == self._book.currency else tariff.currency
        if price and (price.per_kwh, price.currency) != (tariff.price_per_kwh, foreign):
            # A contract of several parts has no price that could stand here alone.
            flat = tariff.time_of_use is None and tariff.index is None and tariff.hosting is None
            sentence = (
                _("The site “{site}” keeps its power price of {price} per kWh.")
                if flat
                else _("The site “{site}” keeps its tariff “{tariff}”.")
            )
            warnings.append(
                sentence.format(site=site.name, price=tariff.price_per_kwh, tariff=tariff.name)
            )
        if pue is not None and pue != site.pue:
            sentence = _("The site “{site}” keeps its PUE of {pue}.")
            warnings.append(sentence.format(site=site.name, pue=site.pue))
        return tuple(warnings)

    def _propose(self, name: str, row: int, price: Price | None, pue: float | None) -> _NewSite:
        shown = name or _("My site")
        if price is None and len(self._book.tariffs) != 1:
            sentence = _(
                "“{site}” is a new site without a power price; add a column price_per_kwh or make "
                "the site first."
            )
            raise UserError(sentence.format(site=shown), value=name)
        try:
            # Checked before an id is taken, so that a refused row leaves no trace.
            Site(id="", name=shown, tariff="", pue=1.0 if pue is None else pue)
        except ValueError as error:
            raise UserError(_("The site cannot be: {why}.").format(why=error)) from error
        if price is None:
            tariff_id = self._book.tariffs[0].id
        else:
            tariff_id = self._tariff_ids.take(shown)
            self.new_tariffs.append(Tariff(tariff_id, shown, price.per_kwh, price.currency))
        site_id = self._site_ids.take(shown)
        site = Site(id=site_id, name=shown, tariff=tariff_id, pue=1.0 if pue is None else pue)
        return _NewSite(site, row, price, pue)


class ModelFinder:
    """Finds the model a row names in the book and in the catalogue; remembers what it found."""

    def __init__(self, book: Book, catalogue: Models, choices: Mapping[str, str]) -> None:
        self._book = {_fold(model.name): model for model in book.models}
        self._catalogue = catalogue
        self._choices = {_fold(name): choice for name, choice in choices.items()}
        self._found: dict[tuple[str, float | None], RigModel | UnknownModelError] = {}
        self._searches = 0
        self.new_models: dict[str, RigModel] = {}
        self.unknown: dict[str, tuple[str, ...]] = {}

    def find(self, values: Mapping[Field, object]) -> RigModel:
        """Return the model a row names; its hashrate tells bins of one name apart.

        Raises:
            UnknownModelError: the name fits no model or several.
        """
        name = str(values.get(Field.MODEL, ""))
        ths, watts = values.get(Field.HASHRATE), values.get(Field.POWER)
        ths = ths if isinstance(ths, float) else None
        watts = watts if isinstance(watts, float) else None
        choice = self._choices.get(_fold(name), "")
        if choice == NEW_MODEL and _fold(name) not in self.new_models:
            return self._own(name, ths, watts)
        key = (choice if choice and choice != NEW_MODEL else name, ths)
        if key not in self._found:
            self._found[key] = self._look(*key)
        found = self._found[key]
        if isinstance(found, UnknownModelError):
            raise UnknownModelError(found.sentence, found.value, found.suggestions)
        return found

    def _own(self, name: str, ths: float | None, watts: float | None) -> RigModel:
        if ths is None or watts is None:
            sentence = _("“{model}” needs its hashrate and its power to become a model of its own.")
            raise UnknownModelError(sentence.format(model=name), name, ())
        model = RigModel(name, (PowerMode("normal", ths, watts),))
        self.new_models[_fold(name)] = model
        return model

    def _look(self, name: str, ths: float | None) -> RigModel | UnknownModelError:
        known = self._book.get(_fold(name)) or self.new_models.get(_fold(name))
        if known is not None:
            return known
        fits = tuple(self._catalogue.matches(name)) if name else ()
        if len(fits) > 1 and ths is not None:
            near = [
                model for model in fits if abs(model.modes[0].hashrate_ths / ths - 1) <= _SAME_BIN
            ]
            fits = tuple(near) if len(near) == 1 else fits
        if len(fits) == 1:
            model = self._book.get(_fold(fits[0].name), fits[0])
            if _fold(model.name) not in self._book:
                self.new_models.setdefault(_fold(model.name), model)
            return model
        names = tuple(model.name for model in fits) or self._closest(name)
        self.unknown[name] = names
        if fits:
            sentence = _("“{model}” fits several models; write one of: {names}.")
        elif names:
            sentence = _("The model “{model}” is not known; the closest are: {names}.")
        elif name:
            sentence = _("The model “{model}” is not known and none is like it.")
        else:
            sentence = _("No model is named; write one of the catalogue or of the book.")
        return UnknownModelError(sentence.format(model=name, names=", ".join(names)), name, names)

    def _closest(self, name: str) -> tuple[str, ...]:
        # Comparing letter by letter is slow; past so many names the file is another kind of file.
        if not name or self._searches >= _MOST_SEARCHES:
            return ()
        self._searches += 1
        return tuple(model.name for model in self._catalogue.closest(name))


def goes_to(site: str) -> str:
    """Say where a row goes that names no site."""
    return _("No site is named: it goes to “{site}”.").format(site=site)


def _fold(name: str) -> str:
    return name.strip().casefold()
