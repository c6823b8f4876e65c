"""What every reader keeps: articles that can be stored or UnreadableArticle, and the same each time, for any bytes."""

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Article, UnreadableArticle
from index.loading import MEDIA_TYPES, READERS, Loaded, load_bytes, load_file
from index.loading.decoding import checked_text
from tests.index.documents import DOCUMENTS, MORE, WORDS

ENDINGS = sorted(READERS)
SAMPLES = {ending: DOCUMENTS[ending]() for ending in ENDINGS}
KINDS = sorted({format_.endings[0] for format_ in READERS.values()})
SOURCE = "/news/rain-in-paris"


def loaded_or_refused(data: bytes, ending: str) -> Loaded | str:
    """Return what comes of the bytes, after checking all that must hold for it."""
    try:
        loaded = load_bytes(data, ending, SOURCE + ending)
    except UnreadableArticle as error:
        refused = error
    else:
        for article in loaded.articles:
            check_article(article, SOURCE + ending)
        assert loaded.articles
        return loaded
    assert refused.source.startswith(SOURCE)
    assert refused.reason
    assert refused.reason.isprintable()
    return refused.reason


def check_article(article: Article, source: str) -> None:
    assert article.source == source or article.source.startswith(f"{source}#")
    assert article.text.strip()
    assert checked_text(article.text, article.source) == article.text
    for line in (article.title, article.author, article.publisher, article.address, article.language):
        assert line is None or "\n" not in line
    assert all(before <= after for before, after in pairwise((0, *article.pages, len(article.text))))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_good_document_is_read_with_its_paragraphs_apart(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"rain-in-paris{ending.upper()}"
    path.write_bytes(SAMPLES[ending])
    loaded = load_file(path)
    assert loaded.failures == ()
    paragraphs = "\n\n".join(article.text for article in loaded.articles).strip().split("\n\n")
    assert paragraphs == [WORDS, MORE]
    assert {article.source.partition("#")[0] for article in loaded.articles} == {str(path)}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_bytes_give_the_same_articles(ending: str) -> None:
    assert loaded_or_refused(SAMPLES[ending], ending) == loaded_or_refused(SAMPLES[ending], ending)


def noise() -> Iterator[bytes]:
    dice = random.Random(7)
    yield from (b"", b" \n\t\r\n", b"\0", b"\0" * 5000, b"\xff\xfe", b"\xef\xbb\xbf", b"{", b"<", b"PK\3\4")
    yield from (b"[" * 5000, b'{"a":' * 5000, b"<a>" * 5000, b"{\\rtf1 " + b"{" * 5000, b"(" * 5000, b"> " * 5000)
    yield from ("\ud800 half".encode("utf-8", "surrogatepass"), b'["\\ud800"]', b'{"text": "\\ud800 \\u0000"}')
    yield from (b'text\n"open', b"text,text\na,b,c\n", b"From: x\n\n", b"Subject: =?x?q?=ff?=\n\n\0")
    yield from (b"%PDF-1.7\n", b"---\na: [\n---\nx", b"text,date\nRain.,\x1b[31m\n")
    yield from (dice.randbytes(size) for size in (1, 2, 3, 10, 100, 1000, 20_000))


@pytest.mark.parametrize("ending", KINDS)
def test_bytes_that_are_no_such_document_are_read_or_refused(ending: str) -> None:
    for data in noise():
        loaded_or_refused(data, ending)


@pytest.mark.parametrize("ending", KINDS)
def test_nothing_is_no_document(ending: str) -> None:
    assert isinstance(loaded_or_refused(b"", ending), str)
    assert isinstance(loaded_or_refused(b"\0" * 100, ending), str)


@pytest.mark.parametrize("ending", KINDS)
def test_a_document_that_is_cut_off_is_read_or_refused(ending: str) -> None:
    data = SAMPLES[ending]
    for size in sorted({*range(0, len(data), max(1, len(data) // 25)), len(data) - 1, len(data) - 10}):
        loaded_or_refused(data[: max(size, 0)], ending)


@pytest.mark.parametrize("ending", [".docx", ".pptx", ".odt", ".epub", ".rtf", ".json"])
def test_half_a_document_is_refused_where_its_format_tells(ending: str) -> None:
    assert isinstance(loaded_or_refused(SAMPLES[ending][: len(SAMPLES[ending]) // 2], ending), str)


@pytest.mark.parametrize("ending", KINDS)
def test_a_document_with_changed_bytes_is_read_or_refused(ending: str) -> None:
    dice = random.Random(ending)
    for _ in range(40):
        data = bytearray(SAMPLES[ending])
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        loaded_or_refused(bytes(data), ending)


@pytest.mark.parametrize("ending", KINDS)
def test_a_document_under_a_wrong_ending_is_read_or_refused(ending: str) -> None:
    for other in KINDS:
        loaded_or_refused(SAMPLES[other], ending)


@given(data=st.binary(max_size=300), ending=st.sampled_from(KINDS))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, ending: str) -> None:
    loaded_or_refused(data, ending)


def test_media_types_lead_to_readers() -> None:
    assert set(MEDIA_TYPES.values()) <= READERS.keys()
    assert MEDIA_TYPES["application/pdf"] == ".pdf"
    assert MEDIA_TYPES["text/html"] == ".html"
