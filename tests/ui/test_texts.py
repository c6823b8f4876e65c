"""What the interface says, and in which language."""

import ast
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from markupsafe import Markup

from assistant.ui.chat.texts import CHAT_TEXTS
from assistant.ui.library.texts import LIBRARY_TEXTS
from assistant.ui.texts import TEXTS, Speaker, speaker_for, translations

UI = Path(__file__).parents[2] / "assistant" / "ui"
ENGLISH, FRENCH = Speaker("en"), Speaker("fr")


def test_both_languages_say_every_text_with_the_same_values() -> None:
    assert translations()["en"].keys() == translations()["fr"].keys() == TEXTS.keys()
    wrong = [name for name, (english, french) in TEXTS.items() if fields(english) != fields(french)]
    assert wrong == []
    assert [name for name, texts in TEXTS.items() if not all(map(str.strip, texts))] == []


def test_no_two_tables_name_a_text_alike() -> None:
    assert set(CHAT_TEXTS).isdisjoint(LIBRARY_TEXTS)


def test_every_text_that_is_said_has_a_name_and_every_name_is_said() -> None:
    said = {word for module in UI.rglob("*.py") for word in words_in(module)}
    # "fault_{kind}" says all names that begin so.
    families = tuple(word for word in said if word.endswith("_") and len(word) > 1)
    unsaid = [name for name in TEXTS if name not in said and not name.startswith(families)]
    assert unsaid == [], "delete what nothing says"
    unknown = [name for module in UI.rglob("*.py") for name in names_said(module) if name not in TEXTS]
    assert unknown == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("fr;q=0.9", "fr"),
        ("FR", "fr"),
        ("de-DE,fr;q=0.9", "en"),
        ("en-GB,fr;q=0.9", "en"),
        ("frr", "en"),
        ("", "en"),
        ("<script>", "en"),
    ],
)
def test_a_visitor_is_spoken_to_in_the_first_language_of_the_browser(header: str, language: str) -> None:
    assert speaker_for({"accept-language": header}).language == language
    assert speaker_for({}).language == "en"


def test_numbers_days_and_counts_are_written_as_the_language_has_them() -> None:
    assert (ENGLISH.number(12345), FRENCH.number(12345)) == ("12,345", "12\u202f345")
    assert (ENGLISH.decimal(1.25, 2), FRENCH.decimal(1.25, 2)) == ("1.25", "1,25")
    assert (ENGLISH.day(date(2026, 2, 1)), FRENCH.day(date(2026, 2, 1))) == ("1 February 2026", "1er février 2026")


def test_a_name_that_no_table_holds_is_an_error() -> None:
    with pytest.raises(KeyError):
        ENGLISH("no such text")


def test_a_text_as_html_escapes_its_values_and_not_its_own_words() -> None:
    assert isinstance(ENGLISH.html("ask"), Markup)


def fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text)}


def words_in(module: Path) -> Iterator[str]:
    """Give the strings of a module, but for those that name a text in its table."""
    if module.name == "texts.py":
        return
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def names_said(module: Path) -> Iterator[str]:
    """Give the names in calls such as say("ask"), say.count("articles", 3) and label("ask")."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        called = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        if isinstance(called, ast.Name) and called.id in {"say", "label"} and isinstance(node.args[0].value, str):
            yield node.args[0].value
