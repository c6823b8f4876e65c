"""A real cross-encoder, built on the spot, orders passages as it alone would; what cannot be used is refused."""

import math
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from sentence_transformers import CrossEncoder

from assistant.errors import InvalidSettings
from assistant.reranking import CrossEncoderReranker, reading
from benchmarks.reranker_cost import build_tiny_model
from index import Article, Passage, Signals

QUESTION = "Did Nvidia abandon the deal?"
TEXTS = [
    "The deal was signed.",
    "Nvidia did not abandon the deal.",
    "Rain fell on the town.",
    "\U0001f600",
    "word " * 1000,
    "雨が降った。",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("reranker"))


@pytest.fixture(scope="module")
def reranker(folder: Path) -> CrossEncoderReranker:
    return CrossEncoderReranker(str(folder))


def _passages(texts: list[str]) -> list[Passage]:
    return [
        Passage(Article(f"/{number}", "", text), 0, len(text), score=0.5, signals=Signals(dense=number / 10))
        for number, text in enumerate(texts)
    ]


def test_the_order_and_the_scores_are_those_of_the_model_itself(folder: Path, reranker: CrossEncoderReranker) -> None:
    passages = _passages(TEXTS)
    alone = CrossEncoder(str(folder), local_files_only=True)
    expected = alone.predict([(QUESTION, text) for text in TEXTS], activation_fn=torch.nn.Sigmoid())
    reranked = reranker.rerank(QUESTION, passages)
    assert [p.score for p in reranked] == sorted((p.score for p in reranked), reverse=True)
    assert len({round(p.score, 4) for p in reranked}) > 2, "a model that scores all alike shows nothing"
    for passage in reranked:
        assert passage.score == pytest.approx(float(expected[TEXTS.index(passage.text)]), abs=1e-4)
        assert 0 <= passage.score <= 1


def test_only_order_and_score_change(reranker: CrossEncoderReranker) -> None:
    passages = _passages(TEXTS)
    reranked = reranker.rerank(QUESTION, passages)
    assert [p.score for p in passages] == [0.5] * len(TEXTS)
    by_source = {p.article.source: p for p in reranked}
    assert len(by_source) == len(TEXTS)
    for passage in passages:
        after = by_source[passage.article.source]
        assert (after.article, after.start, after.end, after.signals) == (
            passage.article,
            passage.start,
            passage.end,
            passage.signals,
        )


def test_the_order_of_arrival_does_not_matter_but_among_equals(reranker: CrossEncoderReranker) -> None:
    forward = reranker.rerank(QUESTION, _passages(TEXTS))
    backward = reranker.rerank(QUESTION, _passages(TEXTS)[::-1])
    assert [p.text for p in forward] == [p.text for p in backward]
    same = reranker.rerank(QUESTION, _passages(["Rain fell."] * 5))
    assert [p.article.source for p in same] == [f"/{number}" for number in range(5)]


def test_no_passages_need_no_model() -> None:
    assert CrossEncoderReranker("nobody/no-such-model-here").rerank(QUESTION, []) == []


def test_the_title_is_read_before_the_text() -> None:
    text = "It was signed. It is not binding."
    assert reading(Passage(Article("/a", "The deal", text), 15, 33)) == "The deal\nIt is not binding."
    assert reading(Passage(Article("/a", "", text), 0, 14)) == "It was signed."


def test_several_threads_may_rerank_at_once(folder: Path) -> None:
    reranker = CrossEncoderReranker(str(folder))
    with ThreadPoolExecutor(4) as pool:
        orders = list(pool.map(lambda _: reranker.rerank(QUESTION, _passages(TEXTS)), range(8)))
    assert all([p.text for p in order] == [p.text for p in orders[0]] for order in orders)


def _refusal(name: str) -> str:
    with pytest.raises(InvalidSettings) as caught:
        CrossEncoderReranker(name).rerank(QUESTION, _passages(TEXTS))
    message = str(caught.value)
    assert repr(name) in message
    assert "Set ASSISTANT_RERANKER" in message
    assert "\n" not in message
    return message


def test_a_wrong_name_is_refused_with_the_name_and_the_way_out() -> None:
    assert "cannot be loaded" in _refusal("nobody/no-such-model-here")


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    assert "cannot be loaded" in _refusal(str(tmp_path))


def test_damaged_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(b"garbage" if path.suffix == ".safetensors" else path.read_bytes())
    assert "cannot be loaded" in _refusal(str(tmp_path))


def test_a_model_with_several_scores_a_pair_is_refused(tmp_path: Path) -> None:
    assert "gives 3 scores a pair, not 1" in _refusal(str(build_tiny_model(tmp_path / "three", labels=3)))


def test_scores_that_are_no_numbers_are_refused(folder: Path, tmp_path: Path) -> None:
    model = CrossEncoder(str(folder), local_files_only=True)
    with torch.no_grad():
        for weights in model.parameters():
            weights.fill_(math.nan)
    model.save_pretrained(str(tmp_path))
    assert "no numbers" in _refusal(str(tmp_path))


def test_torch_loads_with_the_first_reranking_and_not_before() -> None:
    script = (
        "import sys; from assistant.reranking import CrossEncoderReranker; CrossEncoderReranker('x').rerank('?', []);"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
