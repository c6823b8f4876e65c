"""The article that a footnote opens: as it was cited, at the sentence that is cited, and in its other versions."""

from dataclasses import replace

import pytest

from assistant.models import Answer, Citation
from assistant.ui.chat.reader import Reading, asked_number, asked_span, cited_reading, render_reading, with_versions
from assistant.ui.texts import Speaker
from index import Article, ArticleIndex, Span
from tests.ui.chat.test_rendering import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, HOSTILE, Page

ENGLISH, FRENCH = Speaker("en"), Speaker("fr")
TEXT = "Tea is grown in Assam.\n\nIts harvest was good. Coffee was dear.\n\nNobody knows why."
TEA = Article("https://tea.example/", "Tea", TEXT, language="en", publisher="The Leaf", author="Ann Lee")
HARVEST, COFFEE = (
    Span(TEXT.index(words), TEXT.index(words) + len(words)) for words in ("Its harvest was good.", "Coffee was dear.")
)


def answer_citing(*spans: Span, article: Article = TEA) -> Answer:
    citations = (Citation(number, article, *span, context=span) for number, span in enumerate(spans, 1))
    return Answer("How is tea?", "So [1] [2].", "en", tuple(citations))


def read(reading: Reading, say: Speaker = ENGLISH) -> Page:
    return Page.read(render_reading(reading, say).replace("<select", "<ul").replace("</select", "</ul"))


def test_a_footnote_opens_the_whole_article_with_all_that_is_cited_marked() -> None:
    reading = cited_reading(answer_citing(COFFEE, HARVEST), 1)
    assert reading == Reading(TEA, (HARVEST, COFFEE), COFFEE)
    page = read(reading)
    assert page.marked == ["Its harvest was good.", "Coffee was dear."]
    here = [attributes for tag, attributes in page.tags if attributes.get("class") == "is-here"]
    assert len(here) == 1
    for words in (
        "Tea is grown in Assam.",
        "Nobody knows why.",
        "The Leaf",
        "Ann Lee",
        "2 cited sentences are marked.",
    ):
        assert words in page.text
    assert "https://tea.example/" in page.attributes("href")


def test_a_number_that_the_answer_does_not_cite_opens_nothing() -> None:
    assert cited_reading(answer_citing(HARVEST), 2) is None


def test_quotes_of_another_article_are_not_marked() -> None:
    other = replace(TEA, source="/other.md")
    answer = answer_citing(HARVEST)
    answer = replace(answer, citations=(*answer.citations, Citation(2, other, *COFFEE, context=COFFEE)))
    reading = cited_reading(answer, 1)
    assert reading is not None
    assert reading.cited == (HARVEST,)


def test_quotes_that_overlap_mark_what_they_share_once() -> None:
    page = read(Reading(TEA, (Span(0, 10), Span(4, 15)), Span(0, 10)))
    assert "".join(page.marked) == TEXT[0:15]
    assert page.text.count("Tea is grown in Assam.") == 1


def test_pages_are_told_where_they_begin() -> None:
    paged = replace(TEA, pages=(0, TEXT.index("Its"), TEXT.index("Nobody")))
    page = read(Reading(paged, (HARVEST,), HARVEST))
    assert [text for tag, text in page.texts if text.startswith("Page ")] == ["Page 1", "Page 2", "Page 3"]


def test_a_very_long_article_is_shown_around_what_is_cited() -> None:
    text = "Far away. " * 100_000 + "Here it is. " + "Far away. " * 100_000
    start = text.index("Here")
    span = Span(start, start + len("Here it is."))
    html = render_reading(Reading(replace(TEA, text=text), (span,), span), ENGLISH)
    assert "Here it is." in html
    assert len(html) < 450_000
    assert "The article is long" in html


def test_the_reader_speaks_french() -> None:
    page = read(Reading(TEA, (HARVEST,), HARVEST), FRENCH)
    for words in ("1 phrase citée est surlignée.", "Fermer", "Anglais", "sans date"):
        assert words in page.text


def test_another_version_is_read_and_marks_only_what_stands_there_too(index: ArticleIndex) -> None:
    index.add([TEA])
    index.add([replace(TEA, text=TEXT.replace("Coffee was dear.", "Coffee was cheap."))])
    cited = cited_reading(answer_citing(HARVEST, COFFEE), 2)
    assert cited is not None
    first = with_versions(cited, index)
    assert (first.article, first.shown) == (TEA, 1)
    assert [version.number for version in first.versions] == [1, 2]
    assert read(first).attributes("value") == ["2", "1"]
    second = with_versions(cited, index, 2)
    assert "Coffee was cheap." in second.article.text
    assert (second.cited, second.here, second.shown) == ((HARVEST,), None, 2)
    assert "The sentence that you came from does not stand in this version." in read(second).text
    assert with_versions(cited, index, 99).article == TEA


def test_a_quote_that_moved_is_marked_where_the_other_version_has_it(index: ArticleIndex) -> None:
    index.add([TEA])
    index.add([replace(TEA, text=f"Corrected on Monday.\n\n{TEXT}")])
    cited = cited_reading(answer_citing(HARVEST, COFFEE), 2)
    assert cited is not None
    page = read(with_versions(cited, index, 2))
    assert page.marked == ["Its harvest was good.", "Coffee was dear."]
    assert "does not stand" not in page.text


def test_each_paragraph_runs_in_its_own_direction() -> None:
    article = replace(TEA, text="Tea.\n\n\u0634\u0627\u064a", language="ar")
    paragraphs = [attributes for tag, attributes in read(Reading(article)).tags if attributes.get("lang") == "ar"]
    assert [attributes.get("dir") for attributes in paragraphs] == ["auto"] * 3, "the title and two paragraphs"
    assert 'fn-reader-text" dir' not in render_reading(Reading(article), ENGLISH)


def test_an_article_with_one_version_offers_no_other(index: ArticleIndex) -> None:
    index.add([TEA])
    assert "data-versions" not in render_reading(with_versions(Reading(TEA), index), ENGLISH)


@pytest.mark.parametrize(
    ("request_", "span"),
    [
        ({"start": "3", "end": "6"}, Span(3, 6)),
        ({"start": "6", "end": "3"}, None),
        ({"start": "-1", "end": "3"}, None),
        ({"start": "0", "end": "9999999"}, None),
        ({"start": "x", "end": None}, None),
        ({}, None),
    ],
)
def test_a_place_that_the_article_does_not_have_is_none(request_: dict[str, object], span: Span | None) -> None:
    assert asked_span(TEA, request_) == span


@pytest.mark.parametrize("value", [0, -1, True, "1", 1.5, None, 10**9])
def test_only_a_number_is_a_number(value: object) -> None:
    assert asked_number({"turn": value}, "turn") is None
    assert asked_number({"turn": 3}, "turn") == 3


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_articles_are_read_and_never_act(hostile: str) -> None:
    text = f"{hostile} before. {hostile} quoted."
    span = Span(text.index(f"{hostile} quoted."), len(text))
    article = Article(f"javascript:{hostile}", hostile, text, None, hostile, hostile, hostile, f"data:{hostile}")
    page = read(Reading(article, (span,), span))
    assert {tag for tag, _ in page.tags} <= ALLOWED_TAGS | {"dialog", "header"}
    allowed = ALLOWED_ATTRIBUTES | {"data-next-mark"}
    assert {name for _, attributes in page.tags for name in attributes} <= allowed
    assert page.attributes("href") == []
    assert page.marked == [f"{hostile} quoted."]
