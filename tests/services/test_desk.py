from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from minerdesk.assembly import build
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import Cancelled, UserError, WorldError
from minerdesk.domain.readings import NetworkState, Quantity
from minerdesk.services.desk import Desk
from minerdesk.services.evaluation import Evaluation, Standing
from tests.support.books import small_book
from tests.support.fake_world import FakeWorld, Mode


@contextmanager
def desk_at(
    profile: Path, world: FakeWorld | None = None, *, offline: bool = False
) -> Iterator[Desk]:
    profile.mkdir(exist_ok=True)
    settings = profile / "settings.toml"
    if world is not None and not settings.exists():
        settings.write_text(world.settings_toml())
    desk = build(profile, offline=offline)
    try:
        yield desk
    finally:
        desk.close()
        desk.close()


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


def evaluated(desk: Desk, network: NetworkState) -> Evaluation:
    return desk.evaluate(desk.book.book, desk.book.revision, network, CancelToken())


def test_with_no_network_and_nothing_kept_there_is_only_the_example(profile: Path) -> None:
    with desk_at(profile, offline=True) as desk:
        assert desk.refresh.state().example_of is None
        state = desk.poll(CancelToken())
        assert state.example_of == datetime(2026, 1, 19, 12, tzinfo=UTC)
        assert not state.online
        desk.book.new(small_book())
        assert evaluated(desk, state).standing is Standing.EXAMPLE


def test_live_numbers_give_advice_and_are_kept(profile: Path, fake_world: FakeWorld) -> None:
    with desk_at(profile, fake_world) as desk:
        desk.book.new(small_book())
        desk.book.save(profile / "small.minerdesk")
        state = desk.poll(CancelToken())
        assert state.online
        found = evaluated(desk, state)
        assert found.standing is Standing.ADVICE
        assert desk.hashprice_per_ph_day(state) == pytest.approx(
            found.figures.economics.hashprice_per_ph_day if found.figures else None
        )
        history = desk.read_history(CancelToken())
        assert history.margins.margin_now_per_day.tolist() == [
            pytest.approx(found.totals.margin_per_day if found.totals else None)
        ]
        assert {"hashrate", "difficulty"} <= set(history.series)
        assert state.retarget is not None
        assert history.projections.height.tolist() == [state.retarget.height]
        assert history.projections.change_pct.tolist() == [state.retarget.change_pct]
    with desk_at(profile, offline=True) as later:
        kept = later.poll(CancelToken())
        assert kept.example_of is None
        assert kept.price.value == state.price.value


def test_summaries_come_at_most_every_five_minutes(profile: Path, fake_world: FakeWorld) -> None:
    with desk_at(profile, fake_world) as desk:
        desk.book.new(small_book())
        desk.book.save(profile / "small.minerdesk")
        state = desk.poll(CancelToken())
        for _again in range(3):
            evaluated(desk, state)
        assert len(desk.read_history(CancelToken()).margins.time_s) == 1


def test_what_rests_on_a_typed_number_leaves_no_margins(
    profile: Path, fake_world: FakeWorld
) -> None:
    with desk_at(profile, fake_world) as desk:
        desk.book.new(small_book())
        desk.book.save(profile / "small.minerdesk")
        desk.poll(CancelToken())
        typed = desk.refresh.type_value(Quantity.PRICE, 60_000)
        assert evaluated(desk, typed).standing is Standing.ADVICE
        assert not len(desk.read_history(CancelToken()).margins.time_s)
        evaluated(desk, desk.refresh.release(Quantity.PRICE))
        assert len(desk.read_history(CancelToken()).margins.time_s) == 1


def test_a_book_without_a_file_leaves_no_margins(profile: Path, fake_world: FakeWorld) -> None:
    with desk_at(profile, fake_world) as desk:
        desk.book.new(small_book())
        evaluated(desk, desk.poll(CancelToken()))
        assert not len(desk.read_history(CancelToken()).margins.time_s)


def test_what_retarget_is_expected_is_kept_without_a_file(
    profile: Path, fake_world: FakeWorld
) -> None:
    with desk_at(profile, fake_world) as desk:
        state = desk.poll(CancelToken())
        typed = desk.refresh.type_value(Quantity.RETARGET, 9.0)
        assert typed.retarget is not None
        assert typed.retarget.typed
        evaluated(desk, typed)
        assert not len(desk.read_history(CancelToken()).projections.time_s)
        evaluated(desk, desk.refresh.release(Quantity.RETARGET))
        assert state.retarget is not None
        kept = desk.read_history(CancelToken()).projections
        assert kept.height.tolist() == [state.retarget.height]


def test_only_the_first_of_two_windows_polls(profile: Path, fake_world: FakeWorld) -> None:
    with desk_at(profile, fake_world) as first, desk_at(profile) as second:
        polled = first.poll(CancelToken())
        asked = len(fake_world.requests())
        seen = second.poll(CancelToken())
        assert len(fake_world.requests()) == asked
        assert second.why_not_polling
        assert not first.why_not_polling
        assert seen.price.value == polled.price.value
        assert seen.online
        first.close()
        second.poll(CancelToken())
        assert not second.why_not_polling


def test_an_offline_setting_asks_nobody(profile: Path, fake_world: FakeWorld) -> None:
    with desk_at(profile, fake_world) as desk:
        desk.change_settings(desk.settings.with_value("offline", value=True))
        desk.poll(CancelToken())
        assert fake_world.requests() == []
        desk.change_settings(desk.settings.with_value("offline", value=False))
        desk.poll(CancelToken())
        assert fake_world.requests()


def test_changed_settings_hold_at_once_and_after_a_restart(profile: Path) -> None:
    with desk_at(profile, offline=True) as desk:
        desk.change_settings(desk.settings.with_value("display.locale", "de"))
        assert desk.formats.number(1234.5, 1) == "1.234,5"
        assert desk.number_style.decimal == ","
    with desk_at(profile, offline=True) as later:
        assert later.formats.number(1234.5, 1) == "1.234,5"


def test_the_books_currency_is_the_currency_of_the_price(
    profile: Path, fake_world: FakeWorld
) -> None:
    with desk_at(profile, fake_world) as desk:
        desk.book.open(desk.sample("home"))
        state = desk.poll(CancelToken())
        assert state.currency == "EUR"
        assert state.price.reading is not None
        assert evaluated(desk, state).standing is Standing.ADVICE


def test_a_typed_price_survives_a_restart_until_released(profile: Path) -> None:
    with desk_at(profile, offline=True) as desk:
        desk.poll(CancelToken())
        assert desk.refresh.type_value(Quantity.PRICE, 50_000).price.value == 50_000
    with desk_at(profile, offline=True) as later:
        assert later.poll(CancelToken()).price.is_typed
        assert not later.refresh.release(Quantity.PRICE).price.is_typed


def test_recent_books_are_kept_newest_first(profile: Path) -> None:
    with desk_at(profile, offline=True) as desk:
        assert list(desk.recent_books) == []
        for name in ("a", "b", "a"):
            desk.remember_book(profile / name)
        assert list(desk.recent_books) == [profile / "a", profile / "b"]


def test_a_wrong_address_is_said_in_one_sentence(profile: Path) -> None:
    profile.mkdir()
    (profile / "settings.toml").write_text('[feeds]\nmempool_url = "ftp://nowhere"\n')
    with desk_at(profile) as desk:
        assert len(desk.problems) == 1
        assert "feeds.mempool_url" in desk.problems[0]


def test_a_cancelled_task_stops(profile: Path) -> None:
    token = CancelToken()
    token.cancel()
    with desk_at(profile, offline=True) as desk:
        for work in (desk.poll, desk.prepare, desk.read_history):
            with pytest.raises(Cancelled):
                work(token)


def test_limits_of_advice_come_from_the_settings(profile: Path, fake_world: FakeWorld) -> None:
    with desk_at(profile, fake_world) as desk:
        desk.book.new(small_book())
        state = desk.poll(CancelToken())
        price = state.price.reading
        assert price is not None
        old = replace(
            state,
            price=replace(
                state.price, reading=replace(price, taken_at=desk.now - timedelta(minutes=40))
            ),
        )
        assert evaluated(desk, old).standing is Standing.TOO_OLD
        desk.change_settings(desk.settings.with_value("freshness.no_advice_price_min", 60.0))
        assert evaluated(desk, old).standing is Standing.ADVICE


def test_failing_sources_never_stop_the_rest(profile: Path, fake_world: FakeWorld) -> None:
    fake_world.set_all(Mode.ERROR)
    with desk_at(profile, fake_world) as desk:
        state = desk.poll(CancelToken())
        assert state.example_of is not None
        assert any(status.last_error for status in desk.refresh.statuses())


def test_a_summary_belongs_to_the_book_it_was_made_of(profile: Path, fake_world: FakeWorld) -> None:
    with desk_at(profile, fake_world) as desk:
        for name in ("first", "second"):
            desk.book.new(small_book())
            desk.book.save(profile / f"{name}.minerdesk")
            if name == "first":
                earlier = desk.book.book
        state = desk.poll(CancelToken())
        desk.evaluate(earlier, 1, state, CancelToken())
        assert not len(desk.read_history(CancelToken()).margins.time_s)
        evaluated(desk, state)
        assert len(desk.read_history(CancelToken()).margins.time_s) == 1


def test_a_poll_that_outlives_the_desk_leaves_the_history_closed(
    profile: Path, fake_world: FakeWorld
) -> None:
    with desk_at(profile, fake_world) as desk:
        closed: list[bool] = []

        def close(_state: NetworkState) -> None:
            if not closed:
                closed.append(True)
                desk.close()

        state = desk.poll(CancelToken(), on_state=close)
        assert state.complete
        desk.poll(CancelToken())
        with pytest.raises(WorldError, match="closed"):
            desk.history.last_readings()
    assert not list(profile.glob("*-wal"))


def test_what_is_known_is_shown_where_an_address_is_wrong(
    profile: Path, fake_world: FakeWorld
) -> None:
    with desk_at(profile, fake_world) as desk:
        kept = desk.poll(CancelToken())
    settings = profile / "settings.toml"
    text = settings.read_text().replace(fake_world.url, f"{fake_world.url}/?page=1")
    settings.write_text(text)
    seen: list[NetworkState] = []
    with desk_at(profile) as desk:
        with pytest.raises(UserError, match="page=1"):
            desk.poll(CancelToken(), on_state=seen.append)
        assert seen[-1].height.value == kept.height.value
    with desk_at(profile, offline=True) as desk:
        assert desk.poll(CancelToken()).height.value == kept.height.value


def test_a_journal_that_cannot_be_written_is_a_trouble(profile: Path) -> None:
    with desk_at(profile, offline=True) as desk:
        desk.book.new()
        journals = desk.profile.journal_dir
        for each in journals.iterdir():
            each.unlink()
        journals.rmdir()
        journals.touch()
        desk.book.apply("Rename", lambda book: replace(book, name="Renamed"))
        desk._parts.journal_worker.close()
        assert [each for each in desk.troubles if str(journals) in each]


def test_a_history_that_is_no_database_is_told_by_its_new_name(profile: Path) -> None:
    profile.mkdir()
    (profile / "history.sqlite").write_text("this is no database, however long one looks at it")
    with desk_at(profile, offline=True) as desk:
        assert not desk.troubles
        desk.poll(CancelToken())
        sentence = "".join(desk.troubles)
        assert desk.history.set_aside is not None
        assert str(desk.history.set_aside) in sentence


def test_a_typed_value_that_nobody_could_type_is_not_used(profile: Path) -> None:
    with desk_at(profile, offline=True) as desk:
        desk.poll(CancelToken())
        desk.refresh.type_value(Quantity.PRICE, 50_000)
    typed = profile / "typed.json"
    typed.write_text(typed.read_text().replace("50000", "-50000"))
    with desk_at(profile, offline=True) as later:
        assert not later.poll(CancelToken()).price.is_typed
