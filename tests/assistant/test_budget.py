"""What fits into a model's window, by counting."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer

from assistant import load_settings
from assistant.budget import count_passage, estimate_tokens, fit_passages, token_counter
from assistant.providers import load_model
from index import Article, Passage, Span
from index.embedding import SentenceTransformerEmbedder

SEEDS = Path(__file__).parents[2] / "seeds"


def make_passage(words: int, number: int = 0) -> Passage:
    text = "word " * words
    return Passage(Article(f"/{number}", "Title", text), 0, len(text), sentences=(Span(0, len(text)),))


def words(text: str) -> int:
    return len(text.split())


def test_passages_that_fit_are_all_kept() -> None:
    passages = [make_passage(100, number) for number in range(5)]
    assert fit_passages(passages, fixed=500, window=8_192, reply=1_024, count=words) == (passages, 0)


def test_of_too_many_passages_the_best_are_kept_and_the_others_counted() -> None:
    passages = [make_passage(100, number) for number in range(10)]
    each = count_passage(passages[0], words)
    kept, left_out = fit_passages(passages, fixed=10, window=10 + 20 + 3 * each, reply=20, count=words)
    assert kept == passages[:3]
    assert left_out == 7


def test_a_passage_that_is_too_long_makes_room_for_shorter_ones() -> None:
    passages = [make_passage(100), make_passage(5_000), make_passage(100)]
    kept, left_out = fit_passages(passages, fixed=0, window=1_000, reply=100, count=words)
    assert kept == [passages[0], passages[2]]
    assert left_out == 1


@pytest.mark.parametrize("window", [0, 50, 1_023])
def test_a_window_without_room_takes_none(window: int) -> None:
    assert fit_passages([make_passage(5)], fixed=100, window=window, reply=1_000, count=words) == ([], 1)


@given(st.lists(st.integers(0, 300), max_size=12), st.integers(0, 2_000), st.integers(0, 500), st.integers(0, 500))
def test_what_is_kept_always_fits_and_nothing_that_fits_is_left_out(
    lengths: list[int], window: int, fixed: int, reply: int
) -> None:
    passages = [make_passage(length, number) for number, length in enumerate(lengths)]
    kept, left_out = fit_passages(passages, fixed=fixed, window=window, reply=reply, count=words)
    used = sum(count_passage(passage, words) for passage in kept)
    assert len(kept) + left_out == len(passages)
    assert not kept or fixed + reply + used <= window
    assert [passage for passage in passages if passage in kept] == kept
    for passage in passages:
        assert passage in kept or fixed + reply + used + count_passage(passage, words) > window


def test_a_model_elsewhere_has_its_tokens_estimated() -> None:
    model = load_model(load_settings(model="openai:gpt-4o-mini", api_key="sk-given-key"))
    assert token_counter(model) is estimate_tokens


@given(st.text(), st.text())
def test_more_text_is_never_fewer_tokens(one: str, other: str) -> None:
    assert estimate_tokens(one) <= estimate_tokens(one + other) <= estimate_tokens(one) + estimate_tokens(other)
    assert (estimate_tokens(one) == 0) is (one == "")


@pytest.mark.parametrize("text", ["\ud800", "\x00" * 10, "🧵", "100,000", "ΩΩ"])
def test_any_text_has_tokens(text: str) -> None:
    assert estimate_tokens(text) >= 1


def test_the_estimate_is_above_a_real_tokenizer_in_english(embedder: SentenceTransformerEmbedder) -> None:
    # The bundled model's own, made for English: about 4 characters a token there, as chat models have.
    tokenizer = AutoTokenizer.from_pretrained(str(embedder._folder))
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.rglob("*.md"))]
    assert texts
    for text in texts:
        assert estimate_tokens(text) >= 0.95 * len(tokenizer.tokenize(text))


def test_a_long_text_is_estimated_at_once() -> None:
    began = time.process_time()
    estimate_tokens("1é字a" * 250_000)
    assert time.process_time() - began < 0.5
