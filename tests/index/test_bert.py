"""OpenVINO gives the vectors that sentence-transformers gives, for the models that it knows, and leaves the others."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from index import SentenceTransformerEmbedder
from index.bert import BertEncoder
from index.torch_encoder import TorchEncoder, has_accelerator
from index.workers import cores

TEXTS = [
    "Did Nvidia abandon the deal?",
    "L'accord a été abandonné par la banque, disait-on à l'été 2025.",
    "word " * 400,
    "a" * 5_000,
    "雨が降った。 \U0001f600 Ÿ\N{COMBINING ACUTE ACCENT}",
    " ".join(map(str, range(100))),
    "",
]
Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def bundled(embedder: SentenceTransformerEmbedder) -> BertEncoder:
    encoder = BertEncoder.of(embedder._folder)
    assert encoder is not None
    return encoder


@pytest.fixture
def model(other_model: Path, tmp_path: Path) -> Path:
    """A copy of a tiny model of the BERT family, to change."""
    return Path(shutil.copytree(other_model, tmp_path / "model"))


def edit(path: Path, change: Edit) -> None:
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))


def cosines(encoder: BertEncoder, folder: Path, *, way: str = "encode") -> list[float]:
    """Compare the vectors of the texts with those that sentence-transformers makes in float32."""
    expected = getattr(SentenceTransformer(str(folder), device="cpu"), way)(TEXTS, normalize_embeddings=True)
    found = encoder.encode_questions(TEXTS) if way == "encode_query" else encoder.encode_plain(TEXTS)
    return [float(of_text.vector @ vector) for of_text, vector in zip(found, expected, strict=True)]


def test_the_vectors_are_those_of_sentence_transformers(
    bundled: BertEncoder, embedder: SentenceTransformerEmbedder
) -> None:
    assert embedder._folder is not None
    assert min(cosines(bundled, embedder._folder)) > 0.999
    documents = bundled.encode_documents(TEXTS)
    plain = np.stack([of_text.vector for of_text in bundled.encode_plain(TEXTS)])
    assert np.sum(documents * plain, axis=1) == pytest.approx(1.0, abs=0.001)
    assert np.linalg.norm(documents, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert bundled.encode_documents([]).shape == (0, 384)


def test_tokens_have_the_places_and_vectors_that_torch_gives_them(
    bundled: BertEncoder, embedder: SentenceTransformerEmbedder
) -> None:
    torch = TorchEncoder(embedder.name, embedder._folder)
    for text, own, expected in zip(TEXTS, bundled.encode_plain(TEXTS), torch.encode_plain(TEXTS), strict=True):
        assert own.tokens.spans == expected.tokens.spans
        assert np.sum(own.tokens.vectors * expected.tokens.vectors, axis=1) == pytest.approx(1.0, abs=0.01)
        assert bundled.count_pieces(text) == torch.count_pieces(text)


def test_a_batch_of_texts_comes_back_in_its_order(bundled: BertEncoder) -> None:
    texts = [f"{'Rain fell. ' * (number % 7)}Report {number}." for number in range(50)]
    alone = [bundled.encode_plain([text])[0] for text in texts]
    together = bundled.encode_plain(texts)
    assert all(one.vector @ other.vector > 0.999 for one, other in zip(alone, together, strict=True))
    assert [one.tokens.spans for one in alone] == [other.tokens.spans for other in together]


@pytest.mark.parametrize(
    ("told", "used"), [("1", 1), ("12", 12), ("3,2", 3), ("", cores()), ("0", cores()), ("many", cores())]
)
def test_as_many_texts_are_encoded_at_once_as_the_environment_or_the_cores_allow(
    model: Path, monkeypatch: pytest.MonkeyPatch, told: str, used: int
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", told)
    encoder = BertEncoder.of(model)
    assert encoder is not None
    assert encoder._workers.count == used
    assert len(encoder.encode_documents(TEXTS * 4)) == len(TEXTS) * 4


def test_threads_may_share_an_encoder(bundled: BertEncoder) -> None:
    texts = [f"What happened in {year}?" for year in range(1900, 1964)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: bundled.encode_plain([text])[0].vector, texts))
    expected = [of_text.vector for of_text in bundled.encode_plain(texts)]
    assert all(one @ other > 0.999 for one, other in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("config.json", lambda config: None),
        ("1_Pooling/config.json", lambda pooling: pooling.update(pooling_mode="cls")),
        (
            "1_Pooling/config.json",
            lambda pooling: (
                pooling.clear(),
                pooling.update(word_embedding_dimension=384, pooling_mode_cls_token=True),
            ),
        ),
        ("sentence_bert_config.json", lambda sentence: sentence.update(max_seq_length=24)),
        ("config_sentence_transformers.json", lambda around: around.update(prompts={"query": "query: "})),
    ],
    ids=["as it is", "first token", "older form", "shorter", "prompt"],
)
def test_other_models_of_the_family_give_their_vectors(model: Path, name: str, change: Edit) -> None:
    edit(model / name, change)
    encoder = BertEncoder.of(model)
    assert encoder is not None
    assert min(cosines(encoder, model)) > 0.999
    assert min(cosines(encoder, model, way="encode_query")) > 0.999


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("config.json", lambda config: config.update(model_type="roberta")),
        ("config.json", lambda config: config.update(hidden_act="relu")),
        ("config.json", lambda config: config.pop("num_hidden_layers")),
        ("config.json", lambda config: config.update(num_hidden_layers=2)),
        ("1_Pooling/config.json", lambda pooling: pooling.update(pooling_mode="max")),
        ("1_Pooling/config.json", lambda pooling: pooling.update(include_prompt=False)),
        ("tokenizer_config.json", lambda tokens: tokens.update(do_lower_case=False)),
        ("config_sentence_transformers.json", lambda around: around.update(prompts={"passage": "passage: "})),
        ("config_sentence_transformers.json", lambda around: around.update(default_prompt_name="query")),
    ],
)
def test_a_model_of_another_kind_is_left_to_sentence_transformers(model: Path, name: str, change: Edit) -> None:
    edit(model / name, change)
    assert BertEncoder.of(model) is None


@pytest.mark.parametrize("name", ["modules.json", "tokenizer.json", "model.safetensors"])
def test_a_folder_that_lacks_a_file_or_has_a_damaged_one_is_left(model: Path, name: str) -> None:
    (model / name).write_bytes(b"garbage")
    assert BertEncoder.of(model) is None
    (model / name).unlink()
    assert BertEncoder.of(model) is None
    assert BertEncoder.of(None) is None


def test_a_model_with_another_layer_is_left_and_its_vectors_are_right(model: Path) -> None:
    dense = {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"}
    (model / "modules.json").write_text(json.dumps([*json.loads((model / "modules.json").read_text()), dense]))
    assert BertEncoder.of(model) is None


@pytest.mark.skipif(has_accelerator(), reason="sentence-transformers has a GPU here, and encodes many texts on it")
def test_many_texts_are_encoded_without_torch_where_there_is_no_gpu() -> None:
    program = (
        "import sys; from index import SentenceTransformerEmbedder\n"
        "SentenceTransformerEmbedder().encode_documents([f'Report {number}: rain fell.' for number in range(200)])\n"
        "print(*({'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_torch_gives_many_texts_the_vectors_that_openvino_gives_them(
    bundled: BertEncoder, embedder: SentenceTransformerEmbedder
) -> None:
    texts = [f"{'Rain fell. ' * (number % 20)}Report {number}." for number in range(100)]
    by_torch = TorchEncoder(embedder.name, embedder._folder).encode_documents(texts)
    assert np.sum(bundled.encode_documents(texts) * by_torch, axis=1) == pytest.approx(1.0, abs=0.005)


def test_a_question_loads_no_torch_and_tells_nobody(seeds_home: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from assistant import Assistant, Settings\n"
        f"with Assistant(Settings(home={str(seeds_home)!r})) as assistant:\n"
        "    assert not assistant.ask('Did Nvidia abandon the deal?').abstained\n"
        "assert 'openvino' in sys.modules\n"
        "print(*({'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)))\n"
        "print(sys.modules['openvino_telemetry'])\n"
    )
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "\nNone\n"
    assert not list(tmp_path.iterdir())
