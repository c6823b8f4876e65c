"""A BERT encoder run by OpenVINO, from the files of a sentence-transformers model. Torch is not needed, nor loaded.

It takes 40% to 80% of the time that torch takes on a CPU with bfloat16, works outside of Python's lock, and is imported
in 0.3 s, sentence-transformers in 4 (`python -m benchmarks.encoders`). The only module that imports openvino,
safetensors or tokenizers.
"""

import json
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.alignment import EncodedText, TokenVectors, unit
from index.models import Span
from index.workers import Workers, deal, threads

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest, Model, Node
    from tokenizers import Encoding, Tokenizer

Found = TypeVar("Found")

_log = logging.getLogger(__name__)

_BATCH: Final = 16
"""Texts a batch: more only add padding."""
_TILE: Final = 16
"""Texts of a batch are padded to a multiple of this: 112 tokens take 18% less than 111 on AMX, and shapes are few."""
_HIDDEN: Final = -10_000.0
"""What is added to the attention to padding, which leaves nothing of it."""
_LAYOUTS: Final = (("Transformer", "Pooling"), ("Transformer", "Pooling", "Normalize"))


Read = Callable[[NDArray[np.float32], "Encoding"], Found]
"""What is taken of a text: its vectors of shape (tokens, width) are given, and the tokens."""


class BertEncoder:
    """Encodes questions, sentences and passages, one batch a core. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Load a model of the BERT family. Raises _OtherKind or whatever its files or OpenVINO raise."""
        self._recipe = _Recipe.read(folder)
        self._tokenizer = _tokenizer(folder, self._recipe)
        count = threads()
        compiled = _compile(_graph(folder, self._recipe), count)
        self._workers: Workers[InferRequest] = Workers(count, compiled.create_infer_request)

    @staticmethod
    def of(folder: Path | None) -> "BertEncoder | None":
        """Return an encoder for the model in a folder, or None if it is of another kind or OpenVINO cannot run here."""
        if folder is None:
            return None
        try:
            return BertEncoder(folder)
        except Exception as error:  # noqa: BLE001 - files of any content, and a library that may lack this system
            _log.info("The model in %s is left to sentence-transformers: %s", folder, error)
            return None

    @property
    def prompts_questions(self) -> bool:
        """Whether the model wants a prompt before questions."""
        return bool(self._recipe.question_prompt)

    def encode_questions(self, texts: Sequence[str]) -> list[EncodedText]:
        """Return what the model makes of each question, after the model's prompt for questions."""
        return self._encode(texts, self._recipe.question_prompt, self._whole)

    def encode_plain(self, texts: Sequence[str]) -> list[EncodedText]:
        """Return what the model makes of each text, as it is."""
        return self._encode(texts, "", self._whole)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a unit vector for each text, after the model's prompt for documents, shape (len(texts), dimension)."""
        vectors = self._encode(texts, self._recipe.document_prompt, self._vector)
        return unit(np.stack(vectors)) if vectors else np.zeros((0, self._recipe.width), dtype=np.float32)

    def count_pieces(self, text: str) -> int:
        """Return how many pieces the tokenizer makes of a text, however long that is."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return sum(len(part.ids) for part in (encoding, *encoding.overflowing))

    def _encode(self, texts: Sequence[str], prompt: str, read: Read[Found]) -> list[Found]:
        batches = deal(texts, most=_BATCH, workers=self._workers.count)

        def work(request: "InferRequest", batch: list[int]) -> list[Found]:
            return self._encode_batch(request, [prompt + texts[place] for place in batch], read)

        found: dict[int, Found] = {}
        for batch, encoded in zip(batches, self._workers.run(work, batches), strict=True):
            found.update(zip(batch, encoded, strict=True))
        return [found[place] for place in range(len(texts))]

    def _encode_batch(self, request: "InferRequest", texts: list[str], read: Read[Found]) -> list[Found]:
        encodings = self._tokenizer.encode_batch(texts)
        longest = max(len(encoding.ids) for encoding in encodings)
        shape = len(texts), min(-(-longest // _TILE) * _TILE, self._recipe.longest)
        ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.float32)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1.0
        outputs = request.infer([ids, mask], share_inputs=True, share_outputs=True)[0]
        return [read(outputs[row, : len(encoding.ids)], encoding) for row, encoding in enumerate(encodings)]

    def _vector(self, output: NDArray[np.float32], _encoding: "Encoding") -> NDArray[np.float32]:
        vector: NDArray[np.float32] = output[0].copy() if self._recipe.by_first_token else output.mean(axis=0)
        return vector

    def _whole(self, output: NDArray[np.float32], encoding: "Encoding") -> EncodedText:
        own = [place for place, special in enumerate(encoding.special_tokens_mask) if not special]
        spans = tuple(Span(*encoding.offsets[place]) for place in own)
        vector = unit(self._vector(output, encoding)[np.newaxis, :])[0]
        return EncodedText(vector, TokenVectors(unit(output[own]), spans))


class _OtherKind(Exception):
    """The model is none that this module runs just as sentence-transformers does."""


@dataclass(frozen=True, slots=True)
class _Recipe:
    """What the files of a model say of it."""

    layers: int
    heads: int
    width: int
    epsilon: float
    longest: int
    by_first_token: bool
    question_prompt: str
    document_prompt: str

    @staticmethod
    def read(folder: Path) -> "_Recipe":
        config, sentence = _json(folder / "config.json"), _json(folder / "sentence_bert_config.json")
        tokens, around = _json(folder / "tokenizer_config.json"), _json(folder / "config_sentence_transformers.json")
        modules = sorted(_json(folder / "modules.json"), key=lambda module: module["idx"])
        prompts = {name: prompt for name, prompt in (around.get("prompts") or {}).items() if prompt}
        understood = (
            tuple(module["type"].rpartition(".")[2] for module in modules) in _LAYOUTS
            and modules[0]["path"] == ""
            and config["model_type"] == "bert"
            and config["hidden_act"] == "gelu"
            and config.get("position_embedding_type", "absolute") == "absolute"
            and not config.get("is_decoder")
            and not sentence.get("do_lower_case")
            and prompts.keys() <= {"query", "document"}
            and not around.get("default_prompt_name")
        )
        if not understood:
            raise _OtherKind(folder)
        longest = min(sentence.get("max_seq_length") or tokens["model_max_length"], config["max_position_embeddings"])
        return _Recipe(
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            width=config["hidden_size"],
            epsilon=config["layer_norm_eps"],
            longest=longest,
            by_first_token=_pooling(_json(folder / modules[1]["path"] / "config.json")) == "cls",
            question_prompt=prompts.get("query", ""),
            document_prompt=prompts.get("document", ""),
        )


def _pooling(config: Mapping[str, Any]) -> str:
    """Return how vectors of tokens become one, "mean" or "cls", as releases before and since 6 write it down."""
    older = [name for name, chosen in config.items() if name.startswith("pooling_mode_") and chosen]
    mode = config.get("pooling_mode") or {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}.get(
        ",".join(older)
    )
    if mode not in {"mean", "cls"} or not config.get("include_prompt", True):
        raise _OtherKind(mode)
    return str(mode)


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def _tokenizer(folder: Path, recipe: _Recipe) -> "Tokenizer":
    # One core for each batch: its tokens too.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer

    told = _json(folder / "tokenizer.json")["normalizer"]
    asked = _json(folder / "tokenizer_config.json")
    # transformers goes by the settings, whatever the tokenizer's own file says.
    pairs = (("lowercase", "do_lower_case"), ("strip_accents", "strip_accents"))
    if told["type"] != "BertNormalizer" or any(told[own] != asked.get(name, told[own]) for own, name in pairs):
        raise _OtherKind(folder)
    tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(recipe.longest)
    return tokenizer


def _compile(model: "Model", threads: int) -> "CompiledModel":
    import openvino

    core = openvino.Core()
    fast = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    # One core for each text or batch: cores that share one wait for each other at every step.
    options = {
        "INFERENCE_PRECISION_HINT": "bf16" if fast else "f32",
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": threads,
        "ENABLE_CPU_PINNING": False,
    }
    return core.compile_model(model, "CPU", options)


def _graph(folder: Path, recipe: _Recipe) -> "Model":
    """Return BERT (Devlin et al., 2018): ids and mask of shape (texts, tokens) to (texts, tokens, width)."""
    # OpenVINO would tell its makers, over the network, that it was imported. Without this package it does not.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino
    from openvino import opset13 as op
    from safetensors.numpy import load_file

    stored = load_file(folder / "model.safetensors")
    weights = {name.removeprefix("bert."): weight.astype(np.float32) for name, weight in stored.items()}

    def weight(name: str) -> "Node":
        return op.constant(weights[name])

    def linear(values: "Node", name: str) -> "Node":
        return op.add(op.matmul(values, weight(f"{name}.weight"), False, True), weight(f"{name}.bias"))

    def normal(values: "Node", name: str) -> "Node":
        centred = op.mvn(values, op.constant([2]), True, recipe.epsilon, "inside_sqrt")
        return op.add(op.multiply(centred, weight(f"{name}.weight")), weight(f"{name}.bias"))

    def heads(values: "Node") -> "Node":
        apart = op.constant([0, 0, recipe.heads, recipe.width // recipe.heads])
        return op.transpose(op.reshape(values, apart, True), op.constant([0, 2, 1, 3]))

    def attention(values: "Node", name: str) -> "Node":
        query, key, value = (heads(linear(values, f"{name}.{role}")) for role in ("query", "key", "value"))
        scale = op.constant(np.float32((recipe.width // recipe.heads) ** -0.5))
        likeness = op.add(op.multiply(op.matmul(query, key, False, True), scale), hidden)
        seen = op.matmul(op.softmax(likeness, 3), value, False, False)
        return op.reshape(op.transpose(seen, op.constant([0, 2, 1, 3])), op.constant([0, 0, recipe.width]), True)

    ids, mask = op.parameter([-1, -1], np.int64), op.parameter([-1, -1], np.float32)
    padding = op.subtract(op.constant(np.float32(1)), op.unsqueeze(mask, op.constant([1, 2])))
    hidden = op.multiply(padding, op.constant(np.float32(_HIDDEN)))
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    length = op.gather(op.shape_of(ids), op.constant([1]), op.constant(0))
    placed = op.slice(op.constant(places), op.constant([0]), length, op.constant([1]), op.constant([0]))
    words = op.gather(weight("embeddings.word_embeddings.weight"), ids, op.constant(0))
    values = normal(op.add(words, placed), "embeddings.LayerNorm")
    for number in range(recipe.layers):
        layer = f"encoder.layer.{number}"
        seen = linear(attention(values, f"{layer}.attention.self"), f"{layer}.attention.output.dense")
        values = normal(op.add(seen, values), f"{layer}.attention.output.LayerNorm")
        thought = op.gelu(linear(values, f"{layer}.intermediate.dense"), "erf")
        values = normal(op.add(linear(thought, f"{layer}.output.dense"), values), f"{layer}.output.LayerNorm")
    return openvino.Model([op.result(values)], [ids, mask], "bert")
