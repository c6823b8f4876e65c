"""A sentence-transformers model run by torch, on a GPU where there is one.

Only this module and the kernels import torch and its family.
"""

import copy
import os
import sys
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from index.alignment import EncodedText, TokenVectors, unit
from index.kernels import fuse_layers, pad_to_tiles
from index.models import Span
from index.workers import Workers, deal

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH: Final = 16
"""Texts a batch on a CPU, where bigger batches only add padding. A GPU takes eight times as many."""
_NO_TOKENS: Final = TokenVectors(np.zeros((0, 0), dtype=np.float32), ())
_DEVICES: Final = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")
"""What Linux has where there is a GPU of NVIDIA, of AMD, or of the Windows around it."""


def has_accelerator() -> bool:
    """Tell whether torch has more than the CPU here. Where Linux knows of no GPU, torch is not loaded to find out."""
    if sys.platform == "linux" and not any(Path(device).exists() for device in _DEVICES):
        return False
    import torch

    return torch.cuda.is_available() or torch.backends.mps.is_available()


class TorchEncoder:
    """Encodes texts with any model that sentence-transformers can load. Safe to use from several threads.

    On a CPU with AMX or AVX512-BF16 the model runs in bfloat16 (about three times as fast, cosine to float32 at least
    0.996), elsewhere in float32.
    """

    def __init__(self, name: str, folder: Path | None) -> None:
        """Load a model from a folder, or else by its name. Raises what transformers, safetensors or the hub do."""
        self._model = _load_model(name, folder)

    @property
    def commit(self) -> str:
        """The hub's commit of the model; empty where it is not known."""
        config = getattr(self._model.transformers_model, "config", None)
        return str(getattr(config, "_commit_hash", None) or "")

    @property
    def prompts_questions(self) -> bool:
        """Whether the model wants a prompt before questions."""
        return bool(self._model.prompts.get("query"))

    def encode_questions(self, texts: Sequence[str]) -> list[EncodedText]:
        """Return what the model makes of each question, after its prompt for questions."""
        return self._encode_whole(texts, "encode_query")

    def encode_plain(self, texts: Sequence[str]) -> list[EncodedText]:
        """Return what the model makes of each text, as it is; no tokens where a tokenizer cannot tell their places."""
        return self._encode_whole(texts, "encode")

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a unit vector for each text, after the model's prompt for documents, shape (len(texts), dimension)."""
        vectors = np.zeros((len(texts), self._model.get_embedding_dimension() or 0), dtype=np.float32)
        batches = self._deal(texts)
        found = self._workers.run(lambda model, batch: _encode(model, [texts[place] for place in batch]), batches)
        for batch, of_batch in zip(batches, found, strict=True):
            vectors[batch] = of_batch
        return vectors

    def count_pieces(self, text: str) -> int:
        """Return how many pieces the tokenizer makes of a text, however long that is."""

        def count(model: "SentenceTransformer", text: str) -> int:
            return len(model.tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"])

        [pieces] = self._workers.run(count, [text])
        return pieces

    def _encode_whole(self, texts: Sequence[str], way: str) -> list[EncodedText]:
        batches = self._deal(texts)
        found = self._workers.run(partial(_encode_whole, way), ([texts[place] for place in batch] for batch in batches))
        encoded = {
            place: of_text
            for batch, of_batch in zip(batches, found, strict=True)
            for place, of_text in zip(batch, of_batch, strict=True)
        }
        return [encoded[place] for place in range(len(texts))]

    def _deal(self, texts: Sequence[str]) -> list[list[int]]:
        most = _BATCH if self._model.device.type == "cpu" else _BATCH * 8
        return deal(texts, most=most, workers=self._workers.count)

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


def _encode(model: "SentenceTransformer", texts: list[str]) -> NDArray[np.float32]:
    vectors = model.encode_document(texts, batch_size=len(texts), show_progress_bar=False, convert_to_numpy=True)
    return unit(np.asarray(vectors, dtype=np.float32))


def _encode_whole(way: str, model: "SentenceTransformer", texts: list[str]) -> list[EncodedText]:
    """Return the vector of each text and those of its tokens, without any prompt but that of `way`."""
    plain = {"prompt": ""} if way == "encode" else {}
    outputs = getattr(model, way)(texts, batch_size=len(texts), output_value=None, show_progress_bar=False, **plain)
    if not model.tokenizer.is_fast:
        return [EncodedText(_text_vector(output), _NO_TOKENS) for output in outputs]
    tokens = model.tokenizer(
        texts,
        truncation=True,
        max_length=model.max_seq_length,
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
    )
    found = zip(outputs, tokens["offset_mapping"], tokens["special_tokens_mask"], strict=True)
    return [
        EncodedText(_text_vector(output), _token_vectors(output, spans, special)) for output, spans, special in found
    ]


def _text_vector(output: Any) -> NDArray[np.float32]:
    vector: NDArray[np.float32] = unit(output["sentence_embedding"].float().cpu().numpy()[np.newaxis, :])[0]
    return vector


def _token_vectors(output: Any, spans: Sequence[tuple[int, int]], special: Sequence[int]) -> TokenVectors:
    """Return what the model made of the tokens of one text, without padding and the tokens of the model's own."""
    vectors = output["token_embeddings"][output["attention_mask"].bool()].float().cpu().numpy()
    if len(vectors) != len(spans):
        return _NO_TOKENS
    own = [place for place, of_model in enumerate(special) if not of_model]
    return TokenVectors(unit(vectors[own]), tuple(Span(*spans[place]) for place in own))


def _load_model(name: str, folder: Path | None) -> "SentenceTransformer":
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    capabilities = torch.cpu.get_capabilities()
    fast = capabilities.get("amx_bf16") or capabilities.get("avx512_bf16")
    on_cpu = not has_accelerator()
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
