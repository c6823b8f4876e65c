"""Order passages again with a cross-encoder, which reads question and passage together.

The only module of assistant/ that imports torch or sentence_transformers, and only when a reranker is first used.
"""

import math
import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.errors import InvalidSettings
from index import Passage

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BATCH: Final = 16
_REMEDY: Final = (
    "Set ASSISTANT_RERANKER to a folder with a sentence-transformers CrossEncoder that gives one score, to a name that "
    "the hub knows, or leave it out to search without one."
)


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder, loaded at first use, in float32. Safe to use from several threads.

    `name` is a folder, from which nothing is downloaded, or a name on the Hugging Face hub.
    Raises InvalidSettings when the model cannot be loaded or gives no score.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._model: CrossEncoder | None = None

    def rerank(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        """Return the passages by how well they answer `question`, the best first; equals stay in order.

        Their `score` becomes the sigmoid of the model's, 0 to 1. The model reads title and text, as far as it can.
        """
        if not passages:
            return []
        texts = [reading(passage) for passage in passages]
        # Copies are scored once: in a batch, two rows of one text differ in their last bits.
        distinct = list(dict.fromkeys(texts))
        scores = dict(zip(distinct, self._logits(question, distinct), strict=True))
        logits = [scores[text] for text in texts]
        # Far out, logits still differ where their sigmoids no longer do.
        order = sorted(range(len(passages)), key=lambda place: -logits[place])
        return [replace(passages[place], score=_sigmoid(logits[place])) for place in order]

    def _logits(self, question: str, texts: Sequence[str]) -> list[float]:
        import torch

        with self._lock:
            if self._model is None:
                self._model = _load_model(self.name)
        try:
            with self._lock:
                scores = self._model.predict(
                    [(question, text) for text in texts],
                    batch_size=_BATCH,
                    show_progress_bar=False,
                    activation_fn=torch.nn.Identity(),  # some models come with a sigmoid, others without
                )
        except Exception as error:  # torch, transformers and the tokenizers each raise families of their own
            raise InvalidSettings(f"The reranker {self.name!r} failed: {_first_line(error)}. {_REMEDY}") from error
        logits = [float(score) for score in scores]
        if not all(map(math.isfinite, logits)):
            raise InvalidSettings(f"The reranker {self.name!r} gives scores that are no numbers. {_REMEDY}")
        return logits


def reading(passage: Passage) -> str:
    """Return what a reranker reads of a passage: the title of its article, then its text."""
    return f"{passage.article.title}\n{passage.text}" if passage.article.title else passage.text


def _load_model(name: str) -> "CrossEncoder":
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    folder = Path(name).expanduser()
    try:
        import torch
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        model: CrossEncoder = CrossEncoder(
            str(folder) if folder.is_dir() else name,
            local_files_only=folder.is_dir(),
            model_kwargs={"dtype": torch.float32},
        )
    except Exception as error:  # transformers, safetensors and the hub client each raise families of their own
        raise InvalidSettings(f"The reranker {name!r} cannot be loaded: {_first_line(error)}. {_REMEDY}") from error
    if model.num_labels != 1:
        raise InvalidSettings(f"The reranker {name!r} gives {model.num_labels} scores a pair, not 1. {_REMEDY}")
    return model


def _first_line(error: Exception) -> str:
    return (str(error).strip().split("\n")[0] or type(error).__name__).rstrip(".")


def _sigmoid(logit: float) -> float:
    # Each branch keeps exp from overflowing.
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))
