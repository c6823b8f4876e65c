"""What runs on the workers of a backfill: files read and cut, passages encoded. Knows nothing of Ray.

Files are parsed in child processes with limits, as they are without Ray.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from index.backfill.rows import File, Piece, encoded_table, faulty_table, files_of, pieces_table, texts_of
from index.chunking import CHUNKER, split_article
from index.comparison import checked_article
from index.embedding import Embedder, for_bulk, vector_key
from index.errors import IndexingError, UnreadableArticle
from index.loading import Loaded
from index.loading.isolation import FileReaders
from index.models import Article, titled
from index.titles import titled_by_source
from index.workers import ahead

if TYPE_CHECKING:
    import pyarrow as pa

_FEW: Final = 64
"""Passages of a piece, unless one article has more: a table with many articles is encoded by many workers."""

Fetch = Callable[[str], bytes | None]
"""Returns the bytes of a file that lies where the run was started; None where it is not one that can be sent."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """An article with the texts of its passages that have no vector yet, and the keys of these vectors."""

    article: Article
    keys: list[bytes]
    texts: list[str]


class ReadFiles:
    """Reads files and cuts their articles: a table of files to tables of pieces.

    A file that does not look here as it does where the run was started is fetched from there. `marks` are those of the
    vectors that the catalog has (`Catalog.vector_marks`), whose passages are not encoded again.
    """

    def __init__(
        self,
        embedder: Embedder,
        revision: str,
        chunker: str,
        marks: Callable[[], NDArray[np.uint64]],
        fetch: Fetch | None = None,
    ) -> None:
        self._embedder = embedder
        self._marks = marks()
        self._fetch = fetch
        self._readers = FileReaders(1)
        self._fault = _difference(embedder, revision, chunker)

    def __call__(self, table: "pa.Table") -> "Iterator[pa.Table]":
        for _, pieces in ahead(self._read, files_of(table), threads=1, waiting=2):
            yield pieces_table(pieces)

    def _read(self, file: File) -> list[Piece]:
        if self._fault is not None:
            return [Piece(file.task, fault=self._fault)]
        try:
            loaded = self._load(file)
        except UnreadableArticle as error:
            return [Piece(file.task, reason=error.reason)]
        except IndexingError as error:
            return [Piece(file.task, fault=str(error))]
        return [Piece(file.task, absent=True)] if loaded is None else self._pieces(file, loaded)

    def _load(self, file: File) -> Loaded | None:
        path = Path(file.path)
        if _looks_like(path, file):
            return self._readers.read(path)
        data = self._fetch(file.path) if self._fetch else None
        return None if data is None else self._readers.parse(data, path.suffix, file.path)

    def _pieces(self, file: File, loaded: Loaded) -> list[Piece]:
        runs: list[list[_Cut]] = [[]]
        passages = 0
        for article in loaded.articles:
            if passages >= _FEW:
                runs.append([])
                passages = 0
            runs[-1].append(cut := self._cut(article))
            passages += len(cut.texts)
        pieces = [
            Piece(
                file.task,
                part,
                len(runs),
                articles=tuple(cut.article for cut in run),
                texts=tuple(text for cut in run for text in cut.texts),
                keys=tuple(key for cut in run for key in cut.keys),
            )
            for part, run in enumerate(runs)
        ]
        return [replace(pieces[0], failures=loaded.failures), *pieces[1:]]

    def _cut(self, article: Article) -> _Cut:
        try:
            article = checked_article(article)
        except UnreadableArticle:
            # It is refused where it would be stored, with the others.
            return _Cut(article, [], [])
        chunks = split_article(article.text, article.language)
        title = article.title or titled_by_source(article).title
        texts = dict.fromkeys(titled(title, article.text[chunk.start : chunk.end]) for chunk in chunks)
        keys = {vector_key(self._embedder, text): text for text in texts}
        new = self._without_vector(list(keys))
        return _Cut(article, new, [keys[key] for key in new])

    def _without_vector(self, keys: Sequence[bytes]) -> list[bytes]:
        if not len(self._marks):
            return list(keys)
        marks = np.frombuffer(b"".join(key[:8] for key in keys), ">u8").astype(np.uint64)
        places = np.minimum(np.searchsorted(self._marks, marks), len(self._marks) - 1)
        return [key for key, known in zip(keys, self._marks[places] == marks, strict=True) if not known]


class EncodePassages:
    """Encodes the texts of pieces: a table of pieces to a table with their vectors. Loads the model when it must."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = for_bulk(embedder)

    def __call__(self, table: "pa.Table") -> "pa.Table":
        texts = texts_of(table)
        every = [text for of_piece in texts for text in of_piece]
        try:
            vectors = self._embedder.encode_documents(every) if every else np.zeros((0, 0), dtype=np.float32)
        except IndexingError as error:
            return faulty_table(table, str(error))
        ends = np.cumsum([len(of_piece) for of_piece in texts])
        return encoded_table(table, np.split(vectors, ends[:-1]))


def _looks_like(path: Path, file: File) -> bool:
    try:
        state = path.stat()
    except OSError:
        return False
    return (state.st_size, state.st_mtime_ns) == (file.size, file.changed)


def _difference(embedder: Embedder, revision: str, chunker: str) -> str | None:
    """Say how this worker differs from where the run was started, None if it does not."""
    try:
        own = embedder.revision
    except IndexingError as error:
        return str(error)
    if own != revision:
        return (
            f"A worker has revision {own} of the embedding model {embedder.name!r}, not {revision}. Put the same files "
            "of the model on every machine of the cluster."
        )
    if chunker != CHUNKER:
        return f"A worker cuts passages as {CHUNKER!r}, not {chunker!r}. Install the same release on every machine."
    return None
