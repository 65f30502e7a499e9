"""Adding rigs: a machine from the catalogue or of one's own, how many, and where."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QCheckBox, QComboBox, QListView, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import ModeOverride, Origin, PowerMode, RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.services import edits, quantities
from minerdesk.services.catalogue import Catalogue
from minerdesk.services.plausibility import odd_price, odd_rig
from minerdesk.ui.fleet.site_dialog import Run
from minerdesk.ui.widgets.basics import hairline, label
from minerdesk.ui.widgets.forms import Entry, FormDialog, Grid, combo
from minerdesk.ui.widgets.model_search import ModelsFound, closest_bin, facts, find_models
from minerdesk.ui.widgets.typing import Typing

_NEW_SITE = ""


class AddRigsDialog(FormDialog):
    """Adds one group of rigs.

    Args:
        book: the book as it is.
        catalogue: of models, the operator's own included.
        typing: the operator's numbers.
        run: the one door for edits.
        site: the id of the site to begin with.
        added: called with the id of the new group.
    """

    def __init__(
        self,
        book: Book,
        catalogue: Catalogue,
        typing: Typing,
        run: Run,
        *,
        site: str = "",
        added: Callable[[str], object] = lambda _id: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Add rigs"), _("Add rigs"), parent)
        self._book, self._catalogue, self._typing = book, catalogue, typing
        self._run, self._added = run, added
        self._build_model()
        self.body.addWidget(hairline())
        self._build_place(site)
        self._own_changed()
        self._site_changed()
        self._search(self.search.text)
        self.resize(640, 680)
        self.search.setFocus()

    @property
    def model(self) -> RigModel | None:
        """The machine chosen from the catalogue, or None."""
        index = self.found.currentIndex()
        models = self._models.models
        return models[index.row()] if index.isValid() and index.row() < len(models) else None

    def _build_model(self) -> None:
        self.search = Entry(_("Find a model"), hint=_("such as S21 or M60S 170"))
        self.search.line.textEdited.connect(self._search)
        self._models = ModelsFound(self._typing.formats, self, whole=True)
        self.found = QListView()
        self.found.setAccessibleName(_("Models found"))
        self.found.setModel(self._models)
        self.found.setMinimumHeight(132)
        self.found.selectionModel().currentChanged.connect(self._model_changed)
        self.facts = label("", "muted", wrap=True)
        self.own = QCheckBox(_("Another machine, with my own numbers"))
        self.own.toggled.connect(self._own_changed)
        self.own_name = Entry(_("Name of the machine"), hint=_("Name of the machine"))
        for part in (self.search, self.found, self.facts, self.own, self.own_name):
            self.body.addWidget(part)
        grid = Grid()
        self.ths = grid.add_entry(_("Hashrate"), note=_("TH/s a rig; empty for the nameplate"))
        self.watts = grid.add_entry(_("Power draw"), note=_("W a rig, or kW with its unit"))
        self.measured = QCheckBox(_("These two are measured"))
        grid.add("", self.measured)
        self.body.addWidget(grid)

    def _build_place(self, site: str) -> None:
        grid = Grid()
        self.count = grid.add_entry(_("How many"), text="1", note=_("rigs"))
        entries: list[tuple[str, object]] = [(each.name, each.id) for each in self._book.sites]
        self.site: QComboBox = combo(_("Site"), [*entries, (_("A new site…"), _NEW_SITE)])
        self.site.setCurrentIndex(max(0, self.site.findData(site)) if site else 0)
        self.site.currentIndexChanged.connect(self._site_changed)
        grid.add(_("Site"), self.site)
        self._new_site = Grid()
        self.site_name = self._new_site.add_entry(_("Name of the site"), hint=_("Garage"))
        self.price = self._new_site.add_entry(
            _("Power price"),
            note=_("{currency} per kWh, all included").format(currency=self._book.currency),
        )
        self.body.addWidget(grid)
        self.body.addWidget(self._new_site)
        self.body.addStretch(1)
        for entry in (self.ths, self.watts, self.price):
            entry.line.textChanged.connect(self._ask_back)
        self.ths.line.textEdited.connect(self._choose)

    def take(self) -> None:
        """Add the group, with its model and its site where they are new."""
        model = self._read_model()
        count = self.count.read(lambda text: quantities.parse_count(text, self._typing.style))
        site, tariff = self._read_site()
        group = self._group(model, count, site)
        taken = {each.id for each in self._book.groups}
        group = replace(group, id=edits.new_id(taken, f"{site.id}-{len(taken) + 1}"))

        def change(book: Book) -> Book:
            if tariff is not None:
                book = edits.put_site(book, site, tariff)
            return edits.add_groups(book, [group], [model])

        text = _("add {n} × {model}").format(n=count, model=model.name)
        self._run(text, change)
        self._added(group.id)

    def _group(self, model: RigModel, count: int, site: Site) -> RigGroup:
        overrides: tuple[ModeOverride, ...] = ()
        if not self.own.isChecked() and (self.ths.text or self.watts.text):
            origin = Origin.MEASURED if self.measured.isChecked() else Origin.TYPED
            try:
                over = ModeOverride(
                    model.modes[0].name,
                    self.ths.read(self._ths) if self.ths.text else None,
                    self.watts.read(self._watts) if self.watts.text else None,
                    origin,
                    origin,
                )
            except ValueError as error:
                raise UserError(_("Hashrate and power must be greater than 0.")) from error
            overrides = (over,)
        assumed = self._book.assumptions
        return RigGroup(
            id="",
            site=site.id,
            model=model.name,
            count=count,
            overrides=overrides,
            uptime=assumed.uptime,
            pool_fee=assumed.pool_fee,
        )

    def _read_model(self) -> RigModel:
        if not self.own.isChecked():
            model = self.model
            if model is None:
                sentence = _("Choose a model from the list, or tick another machine.")
                self.search.say(sentence)
                self.search.setFocus()
                raise UserError(sentence)
            own = {each.name.casefold(): each for each in self._book.models}
            return own.get(model.name.casefold(), model)
        name = self.own_name.read(self._new_name)
        ths, watts = self.ths.read(self._ths), self.watts.read(self._watts)
        try:
            return RigModel(name, (PowerMode("normal", ths, watts),))
        except ValueError as error:
            raise UserError(_("Hashrate and power must be greater than 0.")) from error

    def _new_name(self, text: str) -> str:
        if not text:
            raise UserError(_("Write a name for the machine."))
        if any(each.name.casefold() == text.casefold() for each in self._book.models):
            sentence = _("The book has a model “{name}” already; choose it from the list.")
            raise UserError(sentence.format(name=text), value=text)
        return text

    def _read_site(self) -> tuple[Site, Tariff | None]:
        chosen = self.site.currentData()
        if chosen != _NEW_SITE:
            return next(each for each in self._book.sites if each.id == chosen), None
        name = self.site_name.text or _("My site")
        price = self.price.read(
            lambda text: quantities.parse_price_per_kwh(
                text, self._typing.style, self._book.currency
            )
        )
        site_id = edits.new_id({each.id for each in self._book.sites}, name.casefold())
        tariff_id = edits.new_id({each.id for each in self._book.tariffs}, name.casefold())
        return Site(site_id, name, tariff_id), Tariff(tariff_id, name, price)

    def _ths(self, text: str) -> float:
        return quantities.parse_hashrate_ths(text, self._typing.style)

    def _watts(self, text: str) -> float:
        return quantities.parse_power_w(text, self._typing.style)

    def _search(self, text: str) -> None:
        self._models.show_models(find_models(self._catalogue.search, text))
        self._choose()
        self._model_changed(self.found.currentIndex())

    def _choose(self) -> None:
        """Mark the model that is meant, of several bins the one closest to what was typed."""
        text, ths = self.search.text, None
        if not text:
            return
        with suppress(UserError):
            ths = self._ths(self.ths.text) if self.ths.text else None
        row = closest_bin(self._models.models, text, ths)
        if row >= 0:
            self.found.setCurrentIndex(self._models.index(row, 0))

    def _ask_back(self) -> None:
        """Ask about numbers that can hardly be; they are taken all the same."""
        question = ""
        with suppress(UserError):
            plate = self.model.modes[0] if self.model is not None else None
            own = self.own.isChecked()
            known = self.ths.text or self.watts.text
            if known and (own or plate is not None) and not (own and not self.both_typed):
                ths = self._ths(self.ths.text) if self.ths.text else plate and plate.hashrate_ths
                watts = self._watts(self.watts.text) if self.watts.text else plate and plate.power_w
                question = odd_rig(ths or 0.0, watts or 0.0, self._typing.shown)
        self.watts.ask(question)
        question = ""
        with suppress(UserError):
            price, currency = self.price.text, self._book.currency
            if price:
                value = quantities.parse_price_per_kwh(price, self._typing.style, currency)
                question = odd_price(value, currency, self._typing.shown)
        self.price.ask(question)

    @property
    def both_typed(self) -> bool:
        """Whether hashrate and power are both typed."""
        return bool(self.ths.text and self.watts.text)

    def _model_changed(self, _current: QModelIndex, _before: QModelIndex | None = None) -> None:
        model = self.model
        self.facts.setText("" if model is None else facts(model, self._typing.formats))
        if model is None:
            return
        first, write = model.modes[0], self._typing.write
        self.ths.line.setPlaceholderText(write(first.hashrate_ths))
        self.watts.line.setPlaceholderText(write(first.power_w))

    def _own_changed(self) -> None:
        own = self.own.isChecked()
        for part in (self.search, self.found, self.facts):
            part.setVisible(not own)
        self.own_name.setVisible(own)
        self.measured.setVisible(not own)
        if own:
            for entry in (self.ths, self.watts):
                entry.line.setPlaceholderText("")
        else:
            self._model_changed(self.found.currentIndex())

    def _site_changed(self) -> None:
        self._new_site.setVisible(self.site.currentData() == _NEW_SITE)
