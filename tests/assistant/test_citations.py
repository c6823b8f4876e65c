"""Pointers of a reply become footnotes that are exact spans of articles; a changed number or quote is found out."""

import re
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.citations import check_statement, footnote_reply, number_passages
from assistant.models import CitationStatus
from index import Article, Passage
from index.chunking import split_article

SUPPORTED, UNSUPPORTED = CitationStatus.SUPPORTED, CitationStatus.UNSUPPORTED

NONSENSE = 'Huang called it "nonsense".'
WORTH = "The deal is worth up to 100 billion dollars."
STALLED = "Talks had stalled, the Journal said."
INVEST = "Nvidia will invest."
TEA = "Tea is grown in Assam."


def passages_of(article: Article) -> list[Passage]:
    chunks = split_article(article.text, article.language)
    return [Passage(article, chunk.start, chunk.end, 1.0, chunk.sentences) for chunk in chunks]


DEAL = Article(
    "https://news.example/deal",
    "The deal",
    f"{NONSENSE} {WORTH}\n{STALLED} {INVEST}",
    date(2026, 2, 2),
    "en",
    "Gazette",
)
GARDEN = Article("https://news.example/tea", "Tea", TEA, language="en")
PASSAGES = [*passages_of(DEAL), *passages_of(GARDEN)]


def test_the_passages_of_these_tests_are_what_their_pointers_assume() -> None:
    shown = [[p.article.text[start:end] for start, end in p.sentences] for p in PASSAGES]
    assert shown == [[NONSENSE, WORTH, STALLED, INVEST], [TEA]]


# Pointers to footnotes

FOOTNOTES = {
    "no pointer": ("It was nonsense.", "It was nonsense.", [], 0),
    "nothing at all": ("", "", [], 0),
    "one": ("It was nonsense [1.1].", "It was nonsense [1].", [NONSENSE], 0),
    "after the full stop": ("It was nonsense. [1.1]", "It was nonsense. [1]", [NONSENSE], 0),
    "without a space": ("It was nonsense[1.1].", "It was nonsense [1].", [NONSENSE], 0),
    "with spaces inside": ("It was nonsense [ 1.1 ].", "It was nonsense [1].", [NONSENSE], 0),
    "two passages": ("So it is [1.1][2.1].", "So it is [1][2].", [NONSENSE, TEA], 0),
    "two passages, spaced": ("So it is [1.1] [2.1].", "So it is [1][2].", [NONSENSE, TEA], 0),
    "a list with commas": ("So it is [1.1, 2.1].", "So it is [1][2].", [NONSENSE, TEA], 0),
    "a list with semicolons": ("So it is [1.1;2.1].", "So it is [1][2].", [NONSENSE, TEA], 0),
    "lenticular brackets": ("So it is 【1.1】.", "So it is [1].", [NONSENSE], 0),
    "at the start": ("[1.1] says so.", "[1] says so.", [NONSENSE], 0),
    "nothing but a pointer": ("[1.1]", "[1]", [NONSENSE], 0),
    "on two lines": ("- A [1.1]\n- B [2.1]", "- A [1]\n- B [2]", [NONSENSE, TEA], 0),
    "numbered by first use": ("B [2.1]. A [1.1]. B [2.1].", "B [1]. A [2]. B [1].", [TEA, NONSENSE], 0),
    "the same twice": ("A [1.1][1.1].", "A [1].", [NONSENSE], 0),
    "neighbours": ("A [1.1][1.2].", "A [1].", [f"{NONSENSE} {WORTH}"], 0),
    "neighbours over a line's end": ("A [1.2][1.3].", "A [1].", [f"{WORTH}\n{STALLED}"], 0),
    "neighbours backwards": ("A [1.2][1.1].", "A [1].", [f"{NONSENSE} {WORTH}"], 0),
    "neighbours in one bracket": ("A [1.1, 1.2].", "A [1].", [f"{NONSENSE} {WORTH}"], 0),
    "neighbours cited apart": ("A [1.1]. B [1.2].", "A [1]. B [2].", [NONSENSE, WORTH], 0),
    "with a gap": ("A [1.1][1.3].", "A [1][2].", [NONSENSE, STALLED], 0),
    "last of one passage, first of the next": ("A [1.4][2.1].", "A [1][2].", [INVEST, TEA], 0),
    "a range": ("A [1.1-1.3].", "A [1].", [f"{NONSENSE} {WORTH}\n{STALLED}"], 0),
    "a range with a dash": ("A [1.2–1.4].", "A [1].", [f"{WORTH}\n{STALLED} {INVEST}"], 0),
    "an unknown sentence": ("A [1.9].", "A.", [], 1),
    "an unknown passage": ("A [9.1].", "A.", [], 1),
    "number nought": ("A [0.1]. B [1.0].", "A. B.", [], 2),
    "one known, one not": ("A [1.1][7.7].", "A [1].", [NONSENSE], 1),
    "one not, one known": ("A [7.7][1.1].", "A [1].", [NONSENSE], 1),
    "unknown twice": ("A [7.7]. B [8.8].", "A. B.", [], 2),
    "an unknown one of many digits": ("A [1234.5].", "A.", [], 1),
    "half a pointer at the end": ("A [1.1]. B [1.", "A [1]. B [1.", [NONSENSE], 0),
    "no dot": ("In [brackets] or [1.].", "In [brackets] or [1.].", [], 0),
    "hostile markup": (
        '<img src=x onerror="alert(1)"> [1.1](javascript:x)',
        '<img src=x onerror="alert(1)"> [1](javascript:x)',
        [NONSENSE],
        0,
    ),
    "bidirectional marks and NUL": ("\u202eA\x00 [1.1]\u202c", "\u202eA\x00 [1]\u202c", [NONSENSE], 0),
}


@pytest.mark.parametrize(("reply", "text", "quotes", "unknown"), FOOTNOTES.values(), ids=FOOTNOTES.keys())
def test_pointers_become_footnotes(reply: str, text: str, quotes: list[str], unknown: int) -> None:
    notes = footnote_reply(reply, PASSAGES)
    assert [citation.quote for citation in notes.citations] == quotes
    assert notes.text == text
    assert notes.unknown == unknown
    assert [citation.number for citation in notes.citations] == list(range(1, len(quotes) + 1))


@pytest.mark.parametrize("reply", ["Nvidia said so [1].", "Nvidia said so [7].", "It is so [1] and so [1.1]."])
def test_a_footnote_mark_that_the_model_wrote_itself_does_not_pass_for_ours(reply: str) -> None:
    notes = footnote_reply(reply, PASSAGES)
    assert len(marks_in(notes.text)) == len(notes.citations)


@pytest.mark.parametrize("number", ["(2.5)", "(3.14)"])
def test_a_decimal_number_in_round_brackets_stays_in_the_text(number: str) -> None:
    assert footnote_reply(f"By a large factor {number} more.", PASSAGES).text == f"By a large factor {number} more."


def test_a_footnote_knows_the_passage_that_it_was_cut_from() -> None:
    (citation,) = footnote_reply("It was nonsense [1.1].", PASSAGES).citations
    assert citation.article is DEAL
    assert citation.context == (PASSAGES[0].start, PASSAGES[0].end)


def test_without_passages_every_pointer_is_unknown() -> None:
    notes = footnote_reply("A [1.1].", [])
    assert (notes.text, notes.citations, notes.unknown) == ("A.", (), 1)


# While a reply arrives


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ("It was nonsense [", "It was nonsense"),
        ("It was nonsense [1", "It was nonsense"),
        ("It was nonsense [1.", "It was nonsense"),
        ("It was nonsense [1.1", "It was nonsense"),
        ("It was nonsense [1.1, ", "It was nonsense"),
        ("It was nonsense 【1.1", "It was nonsense"),
        ("It was nonsense [1.1]", "It was nonsense [1]"),
        ("It was nonsense [1.1][", "It was nonsense [1]"),
        ("It was nonsense [but", "It was nonsense [but"),
        ("[", ""),
    ],
)
def test_half_a_pointer_is_held_back_while_a_reply_arrives(reply: str, shown: str) -> None:
    assert footnote_reply(reply, PASSAGES, finished=False).text == shown


@pytest.mark.parametrize("reply", [reply for reply, *_ in FOOTNOTES.values()], ids=FOOTNOTES.keys())
def test_no_half_pointer_shows_at_any_moment_of_a_known_reply(reply: str) -> None:
    for length in range(len(reply) + 1):
        shown = footnote_reply(reply[:length], PASSAGES, finished=False).text
        assert not re.search(r"[\[【]\d*\.?$", shown)


# The check of a statement

CHECKS = {
    "no number": ("Nvidia will invest.", INVEST, SUPPORTED),
    "the number": ("It is worth 100 billion.", WORTH, SUPPORTED),
    "another number": ("It is worth 300 billion.", WORTH, UNSUPPORTED),
    "a longer number": ("It is worth 1000 billion.", WORTH, UNSUPPORTED),
    "a shorter number": ("It is worth 10 billion.", WORTH, UNSUPPORTED),
    "one right, one wrong": ("It is worth 100 billion, not 50.", WORTH, UNSUPPORTED),
    "no number in the quote": ("It is worth 100 billion.", INVEST, UNSUPPORTED),
    "thousands with a comma": ("It sold 1,000 chips.", "They sold 1 000 chips.", SUPPORTED),
    "thousands, narrow space": ("Il y en a 1\u202f000.", "There are 1,000 of them.", SUPPORTED),
    "a decimal point moved": ("It is worth 10.0 billion.", WORTH, UNSUPPORTED),
    "a decimal point lost": ("It grew by 25 percent.", "It grew by 2.5 percent.", UNSUPPORTED),
    "decimal comma for point": ("Il a crû de 2,5 %.", "It grew by 2.5 percent.", SUPPORTED),
    "the quoted word": ("Huang said “nonsense”.", NONSENSE, SUPPORTED),
    "the quoted word, other case": ("“Nonsense”, he said.", NONSENSE, SUPPORTED),
    "another quoted word": ("Huang said “slander”.", NONSENSE, UNSUPPORTED),
    "guillemets": ("Huang parle de « slander ».", NONSENSE, UNSUPPORTED),
    "straight marks": ('Huang said "slander".', NONSENSE, UNSUPPORTED),
    "quoted words over a line's end": ("It said “dollars. Talks had”.", "dollars.\nTalks had stalled.", SUPPORTED),
    "a short quoted word": ("Huang said “no”.", "Huang said yes.", UNSUPPORTED),
    "quoted words of a paragraph's length": (
        f"Huang said “{'we walk away today, ' * 15}”.", NONSENSE, UNSUPPORTED
    ),
    "two quoted sentences": ("Huang said: “It is all true. We walk away.”", NONSENSE, UNSUPPORTED),
    "an earlier sentence": ("It is worth 300 billion. Nvidia will invest.", INVEST, SUPPORTED),
    "an earlier line": ("Worth: 300\nNvidia will invest.", INVEST, SUPPORTED),
    "an item's number": ("1. Nvidia will invest.", INVEST, SUPPORTED),
    "nothing said": ("", INVEST, SUPPORTED),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "quote", "status"), CHECKS.values(), ids=CHECKS.keys())
def test_numbers_and_quoted_words_of_a_statement_must_stand_in_its_quote(
    statement: str, quote: str, status: CitationStatus
) -> None:
    assert check_statement(statement, quote) is status


def test_a_statement_is_held_against_all_that_it_cites_together() -> None:
    notes = footnote_reply("It is worth 100 billion, “nonsense” or not [1.1][1.2].", PASSAGES)
    assert [citation.status for citation in notes.citations] == [SUPPORTED]
    notes = footnote_reply("It is worth 100 billion, in Assam [1.2][2.1].", PASSAGES)
    assert [citation.status for citation in notes.citations] == [SUPPORTED, SUPPORTED]


def test_a_quote_cited_wrongly_once_stays_unsupported() -> None:
    for reply in ("It is worth 100 [1.2]. It is worth 300 [1.2].", "It is worth 300 [1.2]. It is worth 100 [1.2]."):
        assert [citation.status for citation in footnote_reply(reply, PASSAGES).citations] == [UNSUPPORTED]


def test_only_the_statement_that_changed_a_number_is_marked() -> None:
    notes = footnote_reply("It is worth 300 billion [1.2]. Nvidia will invest [1.4].", PASSAGES)
    assert [citation.status for citation in notes.citations] == [UNSUPPORTED, SUPPORTED]


def test_the_date_of_the_article_may_be_said_as_the_prompt_asks() -> None:
    (citation,) = footnote_reply("On 2 February 2026, Huang called it nonsense [1.1].", PASSAGES).citations
    assert citation.status is SUPPORTED
    (citation,) = footnote_reply("On 3 February 2026, Huang called it nonsense [1.1].", PASSAGES).citations
    assert citation.status is UNSUPPORTED


# What the model reads


def test_the_model_reads_numbered_sentences_under_a_heading() -> None:
    assert number_passages(PASSAGES, "en") == (
        "Passage 1: Gazette, The deal (2 February 2026)\n"
        f"[1.1] {NONSENSE}\n[1.2] {WORTH}\n[1.3] {STALLED}\n[1.4] {INVEST}\n\n"
        f"Passage 2: Tea\n[2.1] {TEA}"
    )


def test_a_sentence_that_holds_line_breaks_is_one_line_for_the_model() -> None:
    article = Article("a", "T", "A sentence\nover two  lines.", language="en")
    assert number_passages(passages_of(article), "en").splitlines()[1] == "[1.1] A sentence over two lines."


# Hostile replies take no time


@pytest.mark.parametrize(
    "reply",
    [
        "x" + " " * 12_000 + "y",
        "x" + "\t" * 12_000,
        '"' + " " * 1_500 + "x [1.1]",
        "[" * 20_000,
        "[1.1" + ",1.1" * 20_000,
    ],
    ids=["spaces", "tabs", "spaces in a quotation", "brackets", "a list without an end"],
)
@pytest.mark.parametrize("finished", [True, False])
def test_a_degenerate_reply_is_read_in_no_time(reply: str, finished: bool) -> None:
    began = time.process_time()
    footnote_reply(reply, PASSAGES, finished=finished)
    assert time.process_time() - began < 0.5


# Properties

WORDS = st.text(max_size=60) | st.sampled_from(
    ["One. ", "One. Two! Three? ", "Two!\n\n", "三。", "« Non », dit-il. ", "e.g. ", "🙂", "[1.1] ", "1.5 "]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map("".join).filter(lambda text: bool(text.strip()))
ARTICLES = st.lists(st.builds(Article, st.just("a"), st.just("T"), TEXTS, language=st.sampled_from(["en", "fr", "ja"])),
                    min_size=1, max_size=3)  # fmt: skip
POINTERS = st.builds("[{}.{}]".format, st.integers(0, 4), st.integers(0, 6))
REPLIES = st.lists(
    POINTERS | WORDS | st.sampled_from(["[1.1][1.2]", "[1.3, 1.2]", "[", "]", " ", "-", "1.", '"']), max_size=20
).map("".join)


@given(articles=ARTICLES, reply=REPLIES)
@settings(max_examples=300, deadline=None)
def test_every_citation_is_a_span_of_whole_shown_sentences(articles: list[Article], reply: str) -> None:
    passages = [passage for article in articles for passage in passages_of(article)]
    starts = {(p.article.text, span.start) for p in passages for span in p.sentences}
    ends = {(p.article.text, span.end) for p in passages for span in p.sentences}
    notes = footnote_reply(reply, passages)
    assert [citation.number for citation in notes.citations] == list(range(1, len(notes.citations) + 1))
    for citation in notes.citations:
        text = citation.article.text
        assert text[citation.start : citation.end] == citation.quote
        assert citation.quote.strip()
        assert (text, citation.start) in starts
        assert (text, citation.end) in ends
        assert citation.context.start <= citation.start < citation.end <= citation.context.end
        assert f"[{citation.number}]" in notes.text


@given(articles=ARTICLES, data=st.data())
@settings(max_examples=200, deadline=None)
def test_a_pointer_to_any_shown_sentence_quotes_that_sentence(articles: list[Article], data: st.DataObject) -> None:
    passages = [passage for article in articles for passage in passages_of(article)]
    number = data.draw(st.integers(1, len(passages)))
    passage = passages[number - 1]
    sentence = data.draw(st.integers(1, len(passage.sentences)))
    (citation,) = footnote_reply(f"So [{number}.{sentence}].", passages).citations
    assert (citation.start, citation.end) == passage.sentences[sentence - 1]
    assert citation.article is passage.article


@given(reply=REPLIES)
@settings(max_examples=100, deadline=None)
def test_a_pointer_of_which_nothing_was_shown_never_reaches_the_text(reply: str) -> None:
    notes = footnote_reply(reply.replace("[1.1]", "").replace("[2.1]", ""), [])
    assert notes.citations == ()
    assert not re.search(r"\[\d{1,3}\.\d{1,3}\]", notes.text)


def marks_in(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\[(\d+)\]", text)]
