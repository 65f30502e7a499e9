"""The dry run says of every row what it would do; taking it in is one change of the book."""

from dataclasses import replace

import pytest

from minerdesk.domain.book import Assumptions, Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import Cancelled, UserError
from minerdesk.domain.rigs import ModeCount, ModeOverride, Origin, PoolScheme, RigModel, StateNow
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.services.exchange import (
    NEW_MODEL,
    Action,
    Field,
    MatchBy,
    RawTable,
    StyleState,
    apply,
    decided_words,
    dry_run,
    field_label,
    value_words,
)
from minerdesk.services.quantities import DECIMAL_COMMA, DECIMAL_DOT
from minerdesk.storage.tables import Percent
from tests.services.exchange.shop import BOOK, CATALOGUE, M50, S19_95, S21, refused, run, table


def test_adds_changes_leaves_and_refuses() -> None:
    preview = run(
        "id,model,count,Power (kW)\n"
        "g1,Antminer S21 (200 TH),10,\n"
        "g2,Whatsminer M50,25,3.4\n"
        "g9,S21,5,\n"
        "g8,S20,5,\n"
        "\n"
        "g7,S21,none,\n"
    )
    assert [plan.action for plan in preview.rows] == [
        *(Action.SAME, Action.CHANGE, Action.ADD, Action.REFUSE, Action.REFUSE)
    ]
    assert [plan.row for plan in preview.rows] == [2, 3, 4, 5, 7]
    assert preview.counts == {
        Action.ADD: 1,
        Action.CHANGE: 1,
        Action.SAME: 1,
        Action.REFUSE: 2,
    }
    changes = {change.field: change for change in preview.changes(preview.rows[1])}
    assert (changes[Field.COUNT].before, changes[Field.COUNT].after) == (20, 25)
    assert (changes[Field.POWER].before, changes[Field.POWER].after) == (3306, 3400)
    assert (changes[Field.POWER_ORIGIN].after) == "typed"
    assert preview.changes(preview.rows[0]) == ()
    added = {change.field: change for change in preview.changes(preview.rows[2])}
    assert added[Field.COUNT].before is None
    assert "Column “count”: “none”" in preview.rows[4].reasons[0]

    book = apply(BOOK, preview)
    assert [group.id for group in book.groups] == ["g1", "g2", "g9"]
    assert book.groups[1].count == 25
    assert book.groups[1].overrides == (ModeOverride("normal", power_w=3400.0),)
    assert book.models == BOOK.models


def test_only_accepted_rows_are_taken_in_with_what_they_need() -> None:
    preview = run("site,model,count,price_per_kwh\nEast,S19 95T,5,0.05\nWest,S21,5,0.06\n", BOOK)
    book = apply(BOOK, preview, accept={3})
    assert [site.name for site in book.sites] == ["North", "West"]
    assert [tariff.price_per_kwh for tariff in book.tariffs] == [0.07, 0.06]
    assert book.models == BOOK.models
    assert apply(BOOK, preview, accept=()) is BOOK
    assert S19_95 in apply(BOOK, preview).models


def test_the_book_must_be_the_one_that_was_previewed() -> None:
    preview = run("id,count\ng1,11\n")
    with pytest.raises(UserError, match="changed since the preview"):
        apply(replace(BOOK, name="other"), preview)


def test_an_ambiguous_number_is_asked_and_never_guessed() -> None:
    text = "id;count;power\ng1;10;3,250\n"
    asked = run(text)
    assert asked.finding.state is StyleState.UNDECIDED
    assert not asked.ready
    assert "“3,250” may mean 3250 or 3.25" in asked.question
    assert asked.rows[0].action is Action.REFUSE
    with pytest.raises(UserError, match="may mean"):
        apply(BOOK, asked)
    for style, watts in ((DECIMAL_DOT, 3250.0), (DECIMAL_COMMA, 3.25)):
        told = dry_run(BOOK, table(text), CATALOGUE, style=style)
        (plan,) = told.rows
        assert plan.after is not None
        assert plan.after.overrides[0].power_w == watts
        assert bool(plan.warnings) == (watts < 100)


def test_a_value_elsewhere_fixes_the_style_of_the_file() -> None:
    preview = run("site;model;count;power;price_per_kwh\nNew;S21;1;3.250;0,071\n")
    (plan,) = preview.rows
    assert plan.after is not None
    assert plan.after.overrides[0].power_w == 3250
    assert preview.tariffs[0].price_per_kwh == 0.071


def test_a_file_of_both_styles_is_asked_and_then_refuses_the_other_rows() -> None:
    text = "id;power\ng1;3400,5\ng2;3400.5\n"
    assert run(text).finding.state is StyleState.MIXED
    assert [plan.action for plan in run(text).rows] == [Action.CHANGE, Action.CHANGE]
    told = dry_run(BOOK, table(text), CATALOGUE, style=DECIMAL_COMMA)
    assert [plan.action for plan in told.rows] == [Action.CHANGE, Action.REFUSE]


def test_spreadsheet_numbers_need_no_style() -> None:
    raw = RawTable(
        ("id", "power", "uptime", "pool fee %", "owner"),
        (("g1", 3250, Percent(0.98), 2, 7), ("g2", 3300.125, 0.5, Percent(0.02), 7.0)),
    )
    preview = dry_run(BOOK, raw, CATALOGUE)
    first, second = (plan.after for plan in preview.rows)
    assert first is not None
    assert second is not None
    assert (first.uptime, first.pool_fee, first.owner) == (0.98, 0.02, "7")
    assert (second.uptime, second.pool_fee, second.owner) == (0.5, 0.02, "7")
    assert second.overrides[0].power_w == 3300.125


def test_unknown_models_show_the_closest_and_can_be_chosen() -> None:
    text = "model,count,hashrate,power\nAntminer S12,5,200,3500\nS19,5,,\n"
    preview = run(text)
    assert "S21" in preview.rows[0].suggestions[0]
    assert "Column “model”: The model “Antminer S12” is not known" in preview.rows[0].reasons[0]
    assert "fits several models" in preview.rows[1].reasons[0]
    assert set(preview.unknown_models) == {"Antminer S12", "S19"}
    chosen = dry_run(
        BOOK,
        table(text),
        CATALOGUE,
        model_choices={"Antminer S12": NEW_MODEL, "S19": S19_95.name},
    )
    book = apply(BOOK, chosen)
    assert [group.model for group in book.groups[2:]] == ["Antminer S12", S19_95.name]
    assert book.models[2].modes[0].power_w == 3500


def test_a_model_of_its_own_needs_its_numbers_once() -> None:
    text = "model,count,hashrate,power\nMine,5,,\nMine,5,10,300\nMine,6,,\n"
    preview = dry_run(BOOK, table(text), CATALOGUE, model_choices={"mine": NEW_MODEL})
    assert [plan.action for plan in preview.rows] == [Action.REFUSE, Action.ADD, Action.ADD]
    assert "needs its hashrate and its power" in preview.rows[0].reasons[0]


def test_the_hashrate_tells_bins_of_one_name_apart() -> None:
    (plan,) = run("model,count,hashrate\nS19,5,95\n").rows
    assert plan.after is not None
    assert plan.after.model == S19_95.name
    assert plan.after.overrides == ()


def test_a_name_like_nothing() -> None:
    assert "none is like it" in refused("model,count\n??,5\n")
    assert "No model is named" in refused("model,count\n,5\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("model,count\nS21,0\n", "at least 1"),
        ("model,uptime\nS21,0\n", "uptime must be greater than 0"),
        ("model,pool fee\nS21,1\n", "pool_fee must be at least 0 and below 1"),
        ("model,pool fee\nS21,2\n", "2%"),
        ("model,site\nS21,East\n", ""),
        ("model,site,price_per_kwh,pue\nS21,East,0.05,0.9\n", "pue must be at least 1"),
        ("model,mode\nS21,turbo\n", "has no mode “turbo”"),
        ("model,mode,power\nS21,turbo,99\n", "has no mode “turbo”"),
        ("model,state\nS21,maybe\n", "running, off"),
        ("model,state,count\nS21,normal: 3,2\n", "must not run more rigs than count"),
        ("model,efficiency\nS21,0\n", "greater than 0 J/TH"),
        ("model,bought on\nS21,2025-01-01\n", "needs its price"),
        ("model,bought on\nS21,01/02/2025\n", "2026-01-19"),
        ("model,bought on\nS21,31.02.2025\n", "2026-01-19"),
        ("model,state since\nS21,yesterday\n", "2026-01-19T08:00"),
        ("model,pool scheme\nS21,magic\n", "fpps"),
        ("model,hashrate origin\nS21,guess\n", "nameplate"),
        ("model,purchase currency\nS21,dollars\n", "USD"),
        ("model,price_per_kwh\nS21,0.07 xyz\n", "no currency"),
        ("model,power\nS21,3,250\n", "beyond"),
    ],
)
def test_refusals_say_why(text: str, says: str) -> None:
    if says == "beyond":
        assert "has 3 cells but the header 2" in refused(text)
    elif says:
        assert says in refused(text)
    else:
        assert run(text).rows[0].action is Action.ADD


def test_every_bad_cell_of_a_row_is_named() -> None:
    (plan,) = run("model,count,power\nS21,many,lots\n").rows
    assert len(plan.reasons) == 2


def test_new_sites_need_a_price_or_the_only_tariff() -> None:
    two = replace(BOOK, tariffs=(*BOOK.tariffs, Tariff("t2", "Second", 0.09)))
    assert "without a power price" in refused("model,site\nS21,East\n", two)
    preview = run("model,site,price,pue\nS21,East,50 EUR/MWh,1.1\n".replace("price", "power price"))
    assert preview.sites == (Site("East", "East", "East", pue=1.1),)
    assert preview.tariffs == (Tariff("East", "East", 0.05, "EUR"),)
    alone = run("model,site\nS21,East\n")
    assert alone.sites[0].tariff == "flat"


def test_a_new_site_has_one_price() -> None:
    preview = run("model,site,price_per_kwh\nS21,East,0.05\nS21,East,0.06\nS21,East,0.05\n")
    assert [plan.action for plan in preview.rows] == [Action.ADD, Action.REFUSE, Action.ADD]
    assert "row 2 gives another power price" in preview.rows[1].reasons[0]


def test_a_known_site_keeps_its_price_and_says_so() -> None:
    (plan,) = run("id,price_per_kwh,pue\ng1,0.08,1.2\n").rows
    assert plan.action is Action.SAME
    price, pue = plan.warnings
    assert "keeps its power price" in price
    assert "keeps its PUE" in pue
    assert run("id,price_per_kwh,price currency\ng1,0.07,USD\n").rows[0].warnings == ()
    assert run("id,price_per_kwh,price currency\ng1,0.07,EUR\n").rows[0].warnings != ()


def test_sites_by_name_id_and_none() -> None:
    twins = replace(BOOK, sites=(*BOOK.sites, Site("b", "Twin", "flat"), Site("c", "twin", "flat")))
    assert "Several sites are called “TWIN”" in refused("site,model\nTWIN,S21\n", twins)
    assert run("site,model\nc,S21\n", twins).rows[0].action is Action.ADD
    assert "book has several" in refused("model\nS21\n", twins)
    (plan,) = run("model,power price\nS21,0.05 USD\n", Book()).rows
    assert plan.after is not None
    assert plan.after.site == "My site"


def test_rows_find_their_groups_by_place() -> None:
    text = "id,site,model,location,count\nother,north,Antminer S21 (200 TH),rack 1,12\n"
    by_place = dry_run(BOOK, table(text), CATALOGUE, match_by=MatchBy.PLACE)
    assert by_place.rows[0].before == BOOK.groups[0]
    assert dry_run(BOOK, table(text), CATALOGUE).rows[0].action is Action.ADD
    no_id = run("site,model,location,count\nNorth,S21,rack 1,12\n")
    assert no_id.rows[0].action is Action.CHANGE
    by_id = dry_run(BOOK, table("model,location\nS21,rack 1\n"), CATALOGUE, match_by=MatchBy.ID)
    assert by_id.rows[0].action is Action.ADD


def test_a_place_that_two_groups_share_is_not_guessed() -> None:
    twins = replace(BOOK, groups=(*BOOK.groups, replace(BOOK.groups[0], id="g3")))
    assert "2 groups are this model" in refused("model,location\nS21,rack 1\n", twins)


def test_two_rows_about_one_group() -> None:
    preview = run("id,model,count\ng1,S21,5\ng1,S21,6\nnew,S21,1\nnew,S21,2\n")
    assert [plan.action for plan in preview.rows] == [
        *(Action.CHANGE, Action.REFUSE, Action.ADD, Action.REFUSE)
    ]
    assert "Row 2 is about the same group “g1”" in preview.rows[1].reasons[0]


def test_ids_of_new_groups_are_made_and_differ() -> None:
    preview = run("model,location\nS21,a\nS21,b\n")
    ids = [plan.after.id for plan in preview.rows if plan.after is not None]
    assert ids == ["North Antminer S21 (200 TH)", "North Antminer S21 (200 TH)-2"]


def test_new_groups_start_with_the_books_assumptions() -> None:
    book = replace(BOOK, assumptions=Assumptions(pool_fee=0.02, uptime=0.97))
    (plan,) = run("model,pool scheme,reject rate\nS21,PPLNS,0.5 %\n", book).rows
    assert plan.after is not None
    assert (plan.after.pool_fee, plan.after.uptime, plan.after.count) == (0.02, 0.97, 1)
    assert (plan.after.pool_scheme, plan.after.reject_rate) == (PoolScheme.PPLNS, 0.005)


def test_efficiency_gives_the_number_that_is_missing() -> None:
    preview = run(
        "model,location,hashrate,power,J/TH\nS21,a,,,20\nS21,b,190,,20\nS21,c,,3800,20\n"
        "S21,d,190,3900,20\n"
    )
    found = [plan.after.overrides[0] for plan in preview.rows if plan.after is not None]
    assert [(o.hashrate_ths, o.power_w) for o in found] == [
        *((None, 4000.0), (190.0, 3800.0), (190.0, 3800.0), (190.0, 3900.0))
    ]


def test_modes_and_states() -> None:
    preview = run(
        "model,location,count,mode,hashrate,power,state\n"
        "Whatsminer M50,a,4,ECO,91,2300,\n"
        "Whatsminer M50,b,4,,,,off\n"
        "Whatsminer M50,c,4,eco,,,running\n"
        "Whatsminer M50,d,4,mine,80,2000,\n"
        "Whatsminer M50,e,4,,,,normal: 3; eco: 1\n"
    )
    eco, off, running, own, split = (plan.after for plan in preview.rows)
    assert eco is not None
    assert eco.overrides == (ModeOverride("eco", 91.0, 2300.0),)
    assert eco.state_now == StateNow((ModeCount("eco", 4),))
    assert off is not None
    assert off.state_now == StateNow(())
    assert running is not None
    assert running.state_now == StateNow((ModeCount("eco", 4),))
    assert own is not None
    assert own.overrides == (ModeOverride("mine", 80.0, 2000.0),)
    assert split is not None
    assert split.state_now == StateNow((ModeCount("normal", 3), ModeCount("eco", 1)))


def test_origins_follow_what_the_row_says() -> None:
    measured = replace(
        BOOK.groups[0], overrides=(ModeOverride("normal", 195.0, 3600.0, Origin.MEASURED),)
    )
    book = replace(BOOK, groups=(measured,))
    plain = run("id,hashrate,power\ng1,195,3600\n", book)
    assert plain.rows[0].action is Action.SAME
    back = run(
        "id,hashrate,hashrate origin,power,power origin\ng1,200,nameplate,3500,nameplate\n", book
    )
    assert back.rows[0].after == replace(BOOK.groups[0], overrides=())
    edited = run("id,hashrate,hashrate origin\ng1,190,nameplate\n", book)
    assert edited.rows[0].after is not None
    assert edited.rows[0].after.overrides[0] == ModeOverride("normal", 190.0, 3600.0)


def test_a_group_that_changes_its_model_drops_the_old_numbers() -> None:
    old = replace(
        BOOK.groups[1],
        overrides=(ModeOverride("eco", 80.0),),
        state_now=StateNow((ModeCount("eco", 20),)),
    )
    (plan,) = run("id,model\ng2,S21\n", replace(BOOK, groups=(old,))).rows
    assert plan.after == replace(old, model=S21.name, overrides=(), state_now=None)


def test_a_row_that_says_running_changes_nothing_where_all_run() -> None:
    assert run("id,state\ng1,running\n").rows[0].action is Action.SAME
    assert run("id,state\ng1,off\n").rows[0].action is Action.CHANGE


def test_numbers_no_machine_has_are_marked() -> None:
    (plan,) = run("id,power,power unit\ng1,3.5,\n").rows
    assert "did you mean 3.5 kW?" in plan.warnings[0]


def test_a_purchase_is_kept_and_completed() -> None:
    first = apply(BOOK, run("id,purchase price,bought on\ng1,$2500,3.2.2025\n"))
    bought = first.groups[0].purchase
    assert bought is not None
    assert (bought.price_per_rig, str(bought.bought_on)) == (2500, "2025-02-03")
    second = apply(first, run("id,life\ng1,4 years\n", first)).groups[0].purchase
    assert second == replace(bought, life_months=48)


def test_columns_left_out_are_named_and_can_be_mapped() -> None:
    raw = table("Bezeichnung,Draw,count\nS21,3.6 kW,5\n")
    with pytest.raises(UserError, match="no column for the model or the id"):
        dry_run(BOOK, raw, CATALOGUE)
    part = dry_run(BOOK, raw, CATALOGUE, mapping={0: Field.MODEL})
    assert part.notes == (
        "Columns left out: Draw.",
        "No column names the site: all rows go to “North”.",
    )
    whole = dry_run(BOOK, raw, CATALOGUE, mapping={0: Field.MODEL, 1: Field.POWER})
    assert whole.rows[0].after is not None
    assert whole.rows[0].after.overrides[0].power_w == 3600


def test_a_dry_run_can_be_cancelled() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        dry_run(BOOK, table("model\nS21\n"), CATALOGUE, cancel=token)


class CountingCatalogue:
    """The real catalogue, which counts how often it is asked."""

    def __init__(self) -> None:
        self.matched = 0
        self.compared = 0

    def matches(self, name: str) -> tuple[RigModel, ...]:
        self.matched += 1
        return CATALOGUE.matches(name)

    def closest(self, name: str, n: int = 3) -> tuple[RigModel, ...]:
        self.compared += 1
        return CATALOGUE.closest(name, n)


def test_each_name_is_looked_up_once_and_noise_is_not_searched_for_ever() -> None:
    same, noise = CountingCatalogue(), CountingCatalogue()
    raw = table("model\n" + "S21\n" * 3_000)
    assert dry_run(BOOK, raw, same).counts[Action.ADD] == 3_000
    assert same.matched == 1
    raw = table("model\n" + "".join(f"thing {row}\n" for row in range(1_000)))
    assert dry_run(BOOK, raw, noise).counts[Action.REFUSE] == 1_000
    assert noise.compared == 200


def test_a_model_in_the_book_goes_before_the_catalogue() -> None:
    own = replace(M50, confidence="own", note="mine")
    book = replace(BOOK, models=(S21, own))
    assert apply(book, run("id,model,count\nx,whatsminer m50,1\n", book)).models == (S21, own)


def test_a_row_without_a_site_says_where_it_goes() -> None:
    named, nameless = run("site,model,count,location\nNorth,S21,5,A\n,S21,5,B\n").rows
    assert named.warnings == ()
    assert nameless.warnings == ("No site is named: it goes to “North”.",)
    part = run("model,count,location\nS21,5,B\n")
    assert part.rows[0].warnings == (), "said once for the whole file"
    assert part.notes == ("No column names the site: all rows go to “North”.",)


def test_a_power_price_of_a_new_site_that_can_hardly_be_is_asked_about() -> None:
    (plan,) = run("site,model,count,price_per_kwh\nSouth,S21,5,71\n").rows
    assert plan.after is not None
    assert "did you mean 71 USD/MWh?" in plan.warnings[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model;power\nS21;3.068\nS21;3,5 kW\n", "decimal comma: 3.068 is 3068."),
        ("model;power\nS21;3,068\nS21;3.5 kW\n", "decimal dot: 3,068 is 3068."),
        ("model;power\nS21;3.5 kW\n", ""),
        ("model;power\nS21;3500\n", ""),
    ],
)
def test_the_number_style_is_said_with_what_it_does(text: str, said: str) -> None:
    assert said in decided_words(run(text).finding, lambda value: f"{value:g}")


def test_every_field_has_words() -> None:
    words = [field_label(field) for field in Field]
    assert len(set(words)) == len(words)
    assert not any("_" in word for word in words)
    assert value_words(Field.POOL_FEE, 0.02, lambda value: f"{value:g}") == "2"
    assert value_words(Field.NOTE, "fans", str) == "fans"
    assert value_words(Field.POWER, 3500.0, lambda value: f"{value:g}") == "3500"
