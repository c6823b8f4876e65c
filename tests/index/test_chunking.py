"""Passages are runs of whole sentences, with exact places."""

from itertools import chain, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from index import Article, Passage
from index.chunking import split_article
from index.text import split_sentences

ARTICLES = st.lists(
    st.text(max_size=120) | st.sampled_from(["A plain sentence stands here. ", "\n\n", "x" * 900, "。", "Été ! "]),
    max_size=25,
).map("".join)


@given(ARTICLES, st.sampled_from(["", "en", "fr", "zh"]))
@settings(max_examples=120, deadline=None)
def test_passages_hold_every_sentence_once_and_in_order(text: str, language: str) -> None:
    chunks = split_article(text, language)
    assert list(chain.from_iterable(chunk.sentences for chunk in chunks)) == split_sentences(text, language)
    assert all(first.end <= second.start for first, second in pairwise(chunks))


@given(ARTICLES)
@settings(max_examples=120, deadline=None)
def test_sentences_tile_their_passage(text: str) -> None:
    for chunk in split_article(text, "en"):
        assert chunk.start == chunk.sentences[0].start
        assert chunk.end == chunk.sentences[-1].end
        assert all(not text[a.end : b.start].strip() for a, b in pairwise(chunk.sentences))


@given(ARTICLES)
@settings(max_examples=120, deadline=None)
def test_passages_hold_every_visible_character_once(text: str) -> None:
    covered = "".join(text[chunk.start : chunk.end] for chunk in split_article(text, "en"))
    assert "".join(covered.split()) == "".join(text.split())


@given(ARTICLES, st.integers(1, 800))
@settings(max_examples=100, deadline=None)
def test_a_passage_is_longer_than_the_target_only_when_it_is_one_sentence(text: str, target: int) -> None:
    for chunk in split_article(text, "en", target=target):
        assert chunk.end - chunk.start <= target or len(chunk.sentences) == 1


@given(ARTICLES)
@settings(max_examples=50, deadline=None)
def test_the_text_of_a_passage_is_a_span_of_its_article(text: str) -> None:
    article = Article("mem:a", "A", text)
    for chunk in split_article(text, "en"):
        passage = Passage(article, chunk.start, chunk.end, sentences=chunk.sentences)
        assert passage.text == article.text[passage.start : passage.end]
        assert passage.text.strip() == passage.text != ""


def test_a_long_enough_passage_ends_with_its_paragraph() -> None:
    paragraph = " ".join(["This sentence has about forty characters."] * 9)
    text = f"{paragraph}\n\n{paragraph}"
    assert [text[chunk.start : chunk.end] for chunk in split_article(text, "en")] == [paragraph, paragraph]


def test_a_passage_may_be_as_long_as_the_target_and_no_longer() -> None:
    text = "Rain fell. Snow fell."
    assert len(split_article(text, "en", target=len(text))) == 1
    assert len(split_article(text, "en", target=len(text) - 1)) == 2


def test_short_paragraphs_share_a_passage() -> None:
    text = "A title\n\nFirst words.\n\nMore words."
    assert [(chunk.start, chunk.end) for chunk in split_article(text, "en")] == [(0, len(text))]


def test_an_empty_text_has_no_passages() -> None:
    assert split_article("") == split_article(" \n ") == []
