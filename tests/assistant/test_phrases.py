"""What the program says itself: named sources, dates and quotation marks in the reader's language."""

import string
from dataclasses import fields
from datetime import date

import pytest

from assistant.models import FaultKind
from assistant.phrases import Phrases, phrases
from index import Article

DAY = date(2026, 2, 1)
SPOKEN = ["en", "fr", "de", "es"]


@pytest.mark.parametrize(
    ("language", "publisher", "published", "expected"),
    [
        ("en", "Gazette", DAY, "Gazette, Title (1 February 2026)"),
        ("fr", "Gazette", DAY, "Gazette, Title (1er février 2026)"),
        ("fr", None, date(2025, 8, 12), "Title (12 août 2025)"),
        ("en", None, date(2025, 12, 31), "Title (31 December 2025)"),
        ("en", "Gazette", None, "Gazette, Title"),
        ("en", None, None, "Title"),
        ("de", None, DAY, "Title (1. Februar 2026)"),
        ("es", None, DAY, "Title (1 de febrero de 2026)"),
        ("it", None, DAY, "Title (1 February 2026)"),
    ],
)
def test_a_source_is_named_by_what_is_known_of_it(
    language: str, publisher: str | None, published: date | None, expected: str
) -> None:
    article = Article("a", "Title", "Text.", published=published, publisher=publisher)
    assert phrases(language).source(article) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“x”"),
        ("fr", "«\u00a0x\u00a0»"),
        ("de", "„x“"),
        ("es", "«x»"),
        ("ja", "「x」"),
        ("", "“x”"),
        ("tlh", "“x”"),
    ],
)
def test_a_quote_stands_between_the_marks_of_its_own_language(language: str, expected: str) -> None:
    assert phrases("en").quoted("x", language) == expected


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_a_name_of_its_own(month: int) -> None:
    for language in SPOKEN:
        say = phrases(language)
        assert say.day(date(2026, month, 2)) not in {
            say.day(date(2026, other, 2)) for other in range(1, 13) if other != month
        }


def test_one_and_several_unknown_pointers_are_said_differently() -> None:
    assert "pointed at a sentence" in phrases("en").unknown_pointers(1)
    assert "pointed 2 times" in phrases("en").unknown_pointers(2)
    assert "renvoyé à une phrase" in phrases("fr").unknown_pointers(1)
    assert "renvoyé 3 fois" in phrases("fr").unknown_pointers(3)


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_is_said_with_its_words_and_its_footnotes(language: str, kind: FaultKind) -> None:
    said = phrases(language).fault(kind, "300 euros", "[2][5]")
    assert "300 euros" in said
    assert "[2][5]" in said
    assert "{" not in said


def test_a_language_that_the_program_does_not_speak_is_answered_in_english() -> None:
    assert phrases("it") is phrases("en")
    for language in ("fr", "de", "es"):
        assert phrases(language) is not phrases("en")


def test_no_phrase_is_left_in_another_language() -> None:
    said = [getattr(phrases(language), field.name) for language in SPOKEN for field in fields(Phrases)]
    texts = [text for value in said for text in (value if isinstance(value, tuple) else (value,))]
    assert len([text for text in texts if isinstance(text, str)]) == len({t for t in texts if isinstance(t, str)})


@pytest.mark.parametrize("language", SPOKEN)
def test_no_phrase_has_a_placeholder_that_is_never_filled(language: str) -> None:
    allowed = {
        "filtered": {"reason"},
        "unknown": {"count"},
        "more_faults": {"count"},
        "uncited_part": {"count"},
        "left_out": {"count"},
        "crowded_out": {"count"},
        "unverified_part": {"count"},
        "preferred_between": {"start", "end", "words"},
        "preferred_until": {"end", "words"},
    }
    say = phrases(language)
    for field in fields(Phrases):
        value = getattr(say, field.name)
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                found = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
                assert found <= allowed.get(field.name, set())
                assert text.strip()
