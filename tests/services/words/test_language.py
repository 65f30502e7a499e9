from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from minerdesk.domain import text
from minerdesk.services.words import Formats, headline, language, reason
from tests.support.evaluations import NOW, book, evaluate, group

PLACEHOLDER = re.compile(r"\{[^}]*\}")


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    text.use(gettext.NullTranslations())


def catalogues() -> list[Path]:
    return sorted(language.translations_dir().glob("*/LC_MESSAGES/minerdesk.po"))


def test_there_is_a_translation() -> None:
    assert [path.parts[-3] for path in catalogues()] == ["de"]


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parts[-3])
def test_placeholders_are_the_same(path: Path) -> None:
    with path.open("rb") as stream:
        catalogue = read_po(stream)
    for message in filter(lambda each: each.id, catalogue):
        ids = (message.id,) if isinstance(message.id, str) else message.id
        strings = (message.string,) if isinstance(message.string, str) else message.string or ()
        wanted = {name for each in ids for name in PLACEHOLDER.findall(each)}
        said = [set(PLACEHOLDER.findall(string)) for string in filter(None, strings)]
        # A singular may say "the only one" in the place of its number.
        assert all(each <= wanted for each in said), message.id
        assert not said or said[-1] == wanted, message.id


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parts[-3])
def test_the_compiled_file_is_that_of_the_text(path: Path) -> None:
    with path.open("rb") as stream:
        compiled = BytesIO()
        write_mo(compiled, read_po(stream, locale=path.parts[-3]))
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue()


def test_the_program_speaks_german() -> None:
    language.speak("de_AT")
    evaluation = evaluate(book(group("a", "dear", 2_000), group("b", "cheap", 2)))
    german = Formats("de_AT")
    assert headline(evaluation, german, NOW).sentence.startswith("Jetzt 2")
    assert "von" in headline(evaluation, german, NOW).sentence
    assert (
        reason(evaluation, 0, german) == "0,090 > 0,056 USD/kWh: verliert 2,48 USD je Rig und Tag"
    )


def test_an_unknown_language_is_english() -> None:
    language.speak("xx_YY")
    assert text._("Power down") == "Power down"
