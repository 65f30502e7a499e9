from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import minerdesk
from minerdesk.domain.errors import UserError
from minerdesk.services.setting_table import N_
from minerdesk.services.settings import BY_KEY, SETTINGS, Setting, Settings, change, load
from minerdesk.storage import settings_file

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)
# Actions of the plan page are named "plan." too; there only what settings are asked for counts.
SECTIONS = {setting.section for setting in SETTINGS if setting.section} - {"plan"}
ACCESSORS = {"value", "text", "number", "flag", "with_value"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def clock() -> datetime:
    return NOW


# The declarations


def test_every_setting_is_declared_once_and_its_default_is_allowed() -> None:
    assert len(BY_KEY) == len(SETTINGS)
    for setting in SETTINGS:
        assert re.fullmatch(r"([a-z]+\.)?[a-z_]+", setting.key)
        assert setting.check(setting.default) == setting.default
        assert setting.label
        assert setting.help == setting.help_text


def test_the_settings_of_a_section_stand_together() -> None:
    headings = [section for section, _settings in groupby(each.section for each in SETTINGS)]
    assert len(headings) == len(set(headings))


def test_the_promised_defaults() -> None:
    settings = Settings()
    assert settings.text("feeds.mempool_url") == "https://mempool.space"
    assert settings.text("feeds.core_url") == ""
    assert settings.number("feeds.poll_s") == 60
    assert settings.number("freshness.exchange_price_min") == 5
    assert settings.number("freshness.mempool_price_min") == 75
    assert settings.number("freshness.outlier_fraction") == 0.015
    assert settings.number("tolerance.fee_share") == 0.10
    assert settings.number("tolerance.price_drift_per_day") == 0.025
    assert settings.number("tolerance.floor") == 0.005
    assert settings.number("lately.price_move") == 0.03
    assert settings.flag("offline") is False
    assert settings.value("display.theme") == "auto"


def used_keys(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each text that is, or stands where, a setting's key is."""
    pattern = re.compile(rf"({'|'.join(SECTIONS)})\.[a-z][a-z0-9_]*")
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if pattern.fullmatch(node.value):
                yield node.lineno, node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            is_settings = ast.unparse(node.func.value).endswith("settings")
            if (
                is_settings
                and node.func.attr in ACCESSORS
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
            ):
                yield node.lineno, first.value


def test_no_code_uses_a_key_that_is_not_declared() -> None:
    root = Path(minerdesk.__file__).parent
    wrong = [
        f"{path.relative_to(root)}:{line}: {key}"
        for path in sorted(root.rglob("*.py"))
        for line, key in used_keys(ast.parse(path.read_text(encoding="utf-8")))
        if key not in BY_KEY
    ]
    assert wrong == []


def test_that_scan_finds_what_it_looks_for() -> None:
    code = "self._settings.number('feeds.pol_s')\nsettings.flag('onlin')\nkey = 'display.colour'\n"
    assert set(used_keys(ast.parse(code))) == {
        (1, "feeds.pol_s"),
        (2, "onlin"),
        (3, "display.colour"),
    }


def test_an_undeclared_key_or_another_type_is_our_fault() -> None:
    settings = Settings()
    for use in (settings.value, settings.text, settings.number, settings.flag):
        with pytest.raises(KeyError):
            use("feeds.pol_s")
    with pytest.raises(KeyError):
        settings.with_value("feeds.pol_s", 1)
    with pytest.raises(TypeError, match=r"feeds\.poll_s is no text"):
        settings.text("feeds.poll_s")
    with pytest.raises(TypeError, match="offline is no number"):
        settings.number("offline")
    with pytest.raises(TypeError, match=r"feeds\.core_url is no number"):
        settings.number("feeds.core_url")
    with pytest.raises(TypeError, match=r"feeds\.poll_s is no flag"):
        settings.flag("feeds.poll_s")


# Values


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("offline", True),
        ("feeds.poll_s", 30),
        ("feeds.poll_s", 3600),
        ("feeds.read_timeout_s", 3),
        ("freshness.fees_min", 0.5),
        ("feeds.mempool_url", "http://127.0.0.1:8999/mempool/"),
        (
            "feeds.mempool_url",
            "http://mempoolhqx4isw62xs7abwphsq7ldayuidyx2v2oethdhhj6mlo2r6ad.onion",
        ),
        ("feeds.kraken_url", ""),
        ("feeds.core_url", "http://[::1]:8332"),
        ("feeds.proxy_url", "socks5h://127.0.0.1:9050"),
        ("display.theme", "dark"),
        ("display.locale", "de_DE"),
        ("display.locale", "zh-Hans-CN"),
    ],
)
def test_what_is_allowed(key: str, value: object) -> None:
    old = Settings()
    new = old.with_value(key, value)
    assert new.value(key) == value
    assert type(new.value(key)) is type(BY_KEY[key].default)
    assert old == Settings()
    assert new != old


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("offline", 1, "true or false; found “1”"),
        ("feeds.poll_s", 29, "a whole number at least 30 and at most 3600; found “29”"),
        ("feeds.poll_s", 60.5, "a whole number; found “60.5”"),
        ("feeds.poll_s", True, "a whole number; found “True”"),
        ("feeds.poll_s", "60", "a whole number; found “60”"),
        ("feeds.read_timeout_s", 0, "a number at least 0.5 and at most 120; found “0”"),
        ("tolerance.floor", float("nan"), "found “nan”"),
        ("freshness.fees_min", 10**400, "a number"),
        ("feeds.mempool_url", 3, "a text; found “3”"),
        ("feeds.mempool_url", "mempool.space", "an address (http://… / https://…) or empty"),
        ("feeds.mempool_url", "ftp://mempool.space", "an address"),
        ("feeds.mempool_url", "https://", "an address"),
        ("feeds.mempool_url", "https://a b.example", "an address"),
        ("feeds.mempool_url", "https://[::1", "an address"),
        ("feeds.mempool_url", "https://x:99999", "an address"),
        ("feeds.proxy_url", "127.0.0.1:9050", "an address (socks5h://…"),
        ("display.theme", "pink", "one of auto, light, dark; found “pink”"),
        ("display.locale", "German!", "of the right form"),
    ],
)
def test_what_is_not_allowed_is_said_in_one_sentence(key: str, value: object, words: str) -> None:
    with pytest.raises(UserError) as caught:
        Settings().with_value(key, value)
    assert caught.value.where == key
    assert caught.value.sentence.startswith(f"The setting {key} must be ")
    assert words in caught.value.sentence


def test_a_secret_is_never_a_value() -> None:
    with pytest.raises(UserError, match="belongs into the keyring"):
        Settings().with_value("feeds.core_password", "x")


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("offline", " TRUE ", True),
        ("offline", "false", False),
        ("feeds.poll_s", "90", 90),
        ("tolerance.floor", "0.01", 0.01),
        ("display.theme", " dark ", "dark"),
    ],
)
def test_a_value_from_text(key: str, text: str, value: object) -> None:
    assert BY_KEY[key].parse(text) == value


@pytest.mark.parametrize(("key", "text"), [("offline", "yes"), ("feeds.poll_s", "1e2")])
def test_a_text_that_is_no_value(key: str, text: str) -> None:
    with pytest.raises(UserError, match=f"found “{text}”"):
        BY_KEY[key].parse(text)


def test_a_number_without_limits_and_a_text_without_form() -> None:
    assert Setting("x", 1.0, "X").check(-5) == -5.0
    assert Setting("y", "", "Y").check("anything") == "anything"
    assert N_("text") == "text"


def test_back_to_the_default_is_not_chosen_any_more() -> None:
    settings = Settings().with_value("feeds.poll_s", 90).with_value("feeds.poll_s", 60)
    assert settings == Settings()


# The file


def test_no_file_means_defaults_and_makes_none(path: Path) -> None:
    assert load(path).settings == Settings()
    assert load(path).problems == ()
    assert not path.exists()


def test_only_what_differs_is_written(path: Path) -> None:
    old = Settings()
    new = old.with_value("feeds.poll_s", 90).with_value("offline", value=True)
    assert change(path, old, new, clock) == ""
    assert settings_file.read(path).values == {"feeds.poll_s": 90, "offline": True}
    assert load(path).settings == new
    assert change(path, new, new.with_value("offline", value=False), clock) == ""
    assert settings_file.read(path).values == {"feeds.poll_s": 90}


def test_no_change_writes_nothing(path: Path) -> None:
    assert change(path, Settings(), Settings()) == ""
    assert not path.exists()


def test_what_cannot_be_used_is_named_and_its_default_holds(path: Path) -> None:
    path.write_text(
        'offline = "yes"\n[feeds]\npoll_s = 5\nmempool_url = "http://127.0.0.1:1"\npol_s = 1\n'
        'core_password = "x"\n'
    )
    loaded = load(path)
    assert loaded.settings == Settings().with_value("feeds.mempool_url", "http://127.0.0.1:1")
    assert len(loaded.problems) == 4
    for key in ("offline", "feeds.poll_s", "feeds.pol_s", "feeds.core_password"):
        assert any(key in problem and str(path) in problem for problem in loaded.problems)


def test_a_broken_file_is_set_aside_at_the_next_change_and_all_that_is_in_force_written(
    path: Path,
) -> None:
    path.write_text("[feeds\n")
    loaded = load(path)
    assert loaded.settings == Settings().with_value("offline", value=True)
    assert len(loaded.problems) == 2
    assert "No source is asked" in loaded.problems[1]
    assert path.read_text() == "[feeds\n"
    old = Settings().with_value("offline", value=True)
    said = change(path, old, old.with_value("feeds.poll_s", 90), clock)
    assert "settings-broken-20260119-120000.toml" in said
    assert load(path).settings == old.with_value("feeds.poll_s", 90)


@given(
    st.dictionaries(
        st.sampled_from(sorted(BY_KEY)) | st.text(max_size=8),
        st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.none(),
    )
)
def test_whatever_is_chosen_settings_take_it_or_say_why(values: dict[str, object]) -> None:
    settings = Settings()
    for key, value in values.items():
        try:
            settings = settings.with_value(key, value)
        except UserError as error:
            assert key in error.sentence  # noqa: PT017 - which of the two comes is not known
        except KeyError:
            assert key not in BY_KEY
    assert all(settings.value(key) is not None for key in BY_KEY)


def test_with_a_bad_address_no_stranger_is_asked_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[feeds]\nmempool_url = "my node"\n')
    loaded = load(path)
    assert loaded.settings.text("feeds.mempool_url") == ""
    assert not loaded.settings.flag("offline")
    assert "my node" in loaded.problems[0]


def test_with_a_bad_proxy_nobody_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[feeds]\nproxy_url = "127.0.0.1:9050"\n')
    loaded = load(path)
    assert loaded.settings.flag("offline")
    assert "127.0.0.1:9050" in loaded.problems[0]
