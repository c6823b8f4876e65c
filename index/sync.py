"""Bring the index up to date: stage what changed, build a generation, verify it, and make both current at once."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import filelock

from index.catalog import Catalog, StagedPassage
from index.chunking import CHUNKER, Chunk, split_article
from index.embedding import Embedder
from index.errors import IndexBusy, IndexingError, UnreadableArticle
from index.generations import Generations
from index.loading import READERS, Discovery, discover, load_file
from index.loading.decoding import checked_text
from index.models import Article, Failure, ProgressCallback, SyncProgress, SyncReport, titled
from index.text import detect_language

_FLUSH: Final = 512
"""Passages that are encoded and stored in one go. What is stored survives an interruption."""
_PATIENCE: Final = 1.0
"""Seconds to wait for another writer before saying so."""
_SAMPLE: Final = 5
_SAME: Final = 0.98
"""A vector finds itself with a cosine of 1, less what a quantized index may round away."""


@contextmanager
def writer_lock(home: Path) -> Iterator[None]:
    """Hold the one writer's lock of a home folder. Raises IndexBusy when another process or thread holds it."""
    lock = filelock.FileLock(home / "writer.lock", timeout=_PATIENCE)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise IndexBusy(
            f"Another process is writing to the index at {home}. Wait until it has finished, and try again."
        ) from error
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class _Pending:
    article: Article
    origin: str
    digest: str
    chunks: tuple[Chunk, ...]


class IndexWriter:
    """One run of changes: articles are staged as they come, then published all at once.

    Use it inside `writer_lock`. Nothing that readers see changes before `publish`. Interrupted at any moment, it leaves
    the old state current; the vectors that it stored are found again by the next run.
    """

    def __init__(self, catalog: Catalog, generations: Generations, embedder: Embedder, *, afresh: bool = False) -> None:
        """Start a run. With `afresh`, every passage is embedded again and no generation is copied."""
        self._catalog = catalog
        self._generations = generations
        self._embedder = embedder
        self._afresh = afresh
        self._digests = catalog.digests()
        self._pending: list[_Pending] = []
        self._staged: dict[str, tuple[int, str]] = {}
        self._removed: list[str] = []
        self.passages = 0
        catalog.discard_staged()

    def put(self, article: Article, origin: str) -> str:
        """Stage an article if it is new or changed. Return "added", "updated" or "unchanged".

        The article must have passed `checked_article`. Errors of the embedding model and of the disk end the run.
        """
        digest = _digest(article)
        known = self._digests.get(article.source)
        if known == digest and not self._afresh:
            return "unchanged"
        chunks = tuple(split_article(article.text, article.language))
        self._pending.append(_Pending(article, origin, digest, chunks))
        self._digests[article.source] = digest
        if sum(len(pending.chunks) for pending in self._pending) >= _FLUSH:
            self._flush()
        return "added" if known is None else "updated"

    def remove(self, sources: Sequence[str]) -> None:
        """Take articles out of the index when this run is published."""
        self._removed.extend(sources)

    def publish(self) -> None:
        """Build a generation with the changes, verify it, and make it current. Does nothing without changes."""
        self._flush()
        current = self._catalog.fact("generation")
        if not (self._staged or self._removed or self._afresh or current is None):
            return
        name = self._build(None if self._afresh else self._sound_generation())
        versions = [(version, source, origin) for source, (version, origin) in self._staged.items()]
        facts = self._facts() if self._staged or self._afresh or current is None else {}
        self._catalog.publish(name, versions, self._removed, facts)
        self._generations.prune({name, current or name})

    def _sound_generation(self) -> str | None:
        """Return the current generation if it can be built upon; a damaged one is made again from the catalog."""
        name, passages = self._catalog.current()
        generation = self._generations.open_sound(name or "", passages)
        if generation is None:
            return None
        generation.close()
        return name

    def restore(self) -> None:
        """Build the current state again from the catalog, without the model, and make that generation current."""
        self._catalog.publish(self._build(None), [], [], {})
        self._generations.prune({self._catalog.fact("generation") or ""})

    def _facts(self) -> dict[str, str]:
        return {
            "embedding_model": self._embedder.name,
            "embedding_revision": self._embedder.revision,
            "chunker": CHUNKER,
        }

    def _build(self, base: str | None) -> str:
        replaced = self._catalog.passage_ids([*self._staged, *self._removed])
        staged = [version for version, _ in self._staged.values()]
        kept = self._catalog.counts()[1] - len(replaced)
        added = 0
        with self._generations.building(copy_of=base) as generation:
            if base is not None:
                generation.remove(replaced)
            else:
                others = self._catalog.current_versions(leaving_out=[*self._staged, *self._removed])
                for entries in self._catalog.entries(others):
                    generation.add(entries)
            for entries in self._catalog.entries(staged):
                generation.add(entries)
                added += len(entries)
        self._verify(generation.name, kept + added, staged)
        return generation.name

    def _verify(self, name: str, passages: int, staged: Sequence[int]) -> None:
        generation = self._generations.open(name)
        try:
            whole = generation.holds(passages)
            sample = next(self._catalog.entries(staged[-_SAMPLE:]), [])[:_SAMPLE]
            found = [max(generation.dense.query(entry.vector, 1).values(), default=0.0) for entry in sample]
        finally:
            generation.close()
        if not whole or any(score < _SAME for score in found):
            raise IndexingError(
                f"The new index {name} is not what was written to it, so the old one stays. "
                "Check the disk, then run 'assistant doctor --rebuild'."
            )

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        if not pending:
            return
        texts = [
            [titled(p.article.title, p.article.text[chunk.start : chunk.end]) for chunk in p.chunks] for p in pending
        ]
        keys = [[self._key(text) for text in of_article] for of_article in texts]
        self._store_vectors({k: t for ks, ts in zip(keys, texts, strict=True) for k, t in zip(ks, ts, strict=True)})
        rows = [
            (p.article, p.digest, [StagedPassage(chunk, key) for chunk, key in zip(p.chunks, ks, strict=True)])
            for p, ks in zip(pending, keys, strict=True)
        ]
        for p, version in zip(pending, self._catalog.stage(rows), strict=True):
            self._staged[p.article.source] = (version, p.origin)
            self.passages += len(p.chunks)

    def _store_vectors(self, texts: dict[bytes, str]) -> None:
        known = self._catalog.known_vectors(list(texts))
        missing = [key for key in texts if key not in known]
        if missing:
            self._catalog.add_vectors(missing, self._embedder.encode_documents([texts[key] for key in missing]))

    def _key(self, text: str) -> bytes:
        named = f"{self._embedder.name}\0{self._embedder.revision}\0{text}"
        return hashlib.sha256(named.encode()).digest()


class _Tally:
    """What became of each article of a run."""

    def __init__(self, failed: Iterable[Failure] = ()) -> None:
        self.sources: dict[str, list[str]] = {"added": [], "updated": [], "unchanged": [], "removed": []}
        self.failed = list(failed)
        self._began = time.perf_counter()

    def put(self, writer: IndexWriter, source: str, origin: str, read: Callable[[], Article]) -> None:
        """Read one article and put it, and note what became of it. One that cannot be read does not stop the others."""
        try:
            article = checked_article(read())
        except UnreadableArticle as error:
            self.failed.append(Failure(source, error.reason))
        except Exception as error:  # noqa: BLE001 - a parser may fail in any way on hostile input; the rest goes on
            reason = f"its reader failed with {type(error).__name__}: {error}. Convert it to plain text."
            self.failed.append(Failure(source, reason))
        else:
            self.sources[writer.put(article, origin)].append(source)

    def report(self, passages: int, ignored: Iterable[tuple[str, int]] = ()) -> SyncReport:
        counted: Counter[str] = Counter()
        for ending, count in ignored:
            counted[ending] += count
        return SyncReport(
            added=tuple(self.sources["added"]),
            updated=tuple(self.sources["updated"]),
            unchanged=tuple(self.sources["unchanged"]),
            removed=tuple(self.sources["removed"]),
            failed=tuple(self.failed),
            ignored=tuple(sorted(counted.items())),
            passages=passages,
            seconds=time.perf_counter() - self._began,
        )


def sync_sources(
    writer: IndexWriter, catalog: Catalog, addresses: Sequence[str], progress: ProgressCallback | None = None
) -> SyncReport:
    """Read files and folders, put what changed into the index, take out what vanished from these folders.

    An article that fails is reported and its last good version stays. A folder that cannot be opened in full loses
    nothing.
    """
    discoveries = [discover(Path(address), READERS) for address in dict.fromkeys(addresses)]
    tally = _Tally(failure for discovery in discoveries for failure in discovery.failures)
    origins = {path: discovery.address for discovery in reversed(discoveries) for path in discovery.files}
    for done, (path, origin) in enumerate(origins.items(), start=1):
        tally.put(writer, str(path), origin, partial(_only, path))
        if progress:
            progress(SyncProgress(done, len(origins), writer.passages, path.name))
    vanished = [source for discovery in discoveries for source in _vanished(catalog, discovery)]
    tally.sources["removed"] = list(dict.fromkeys(vanished))
    writer.remove(tally.sources["removed"])
    writer.publish()
    catalog.remember_origins({d.address: d.kind for d in discoveries if d.files or d.kind == "folder"})
    return tally.report(writer.passages, (pair for discovery in discoveries for pair in discovery.ignored))


def add_articles(writer: IndexWriter, articles: Iterable[Article], origin: str) -> SyncReport:
    """Put articles that are in memory into the index."""
    tally = _Tally()
    for article in articles:
        tally.put(writer, article.source, origin, partial(_itself, article))
    writer.publish()
    return tally.report(writer.passages)


def put_all_again(writer: IndexWriter, catalog: Catalog, progress: ProgressCallback | None = None) -> SyncReport:
    """Cut and embed every current article again. The writer must have been made `afresh`."""
    tally = _Tally()
    total = catalog.counts()[0]
    for done, (article, origin) in enumerate(catalog.articles_with_origins(), start=1):
        tally.put(writer, article.source, origin, partial(_itself, article))
        if progress:
            progress(SyncProgress(done, total, writer.passages, article.title))
    writer.publish()
    return tally.report(writer.passages)


def _vanished(catalog: Catalog, discovery: Discovery) -> list[str]:
    if discovery.blind:
        return []
    present = {str(path) for path in discovery.files}
    return [source for source in catalog.digests(discovery.address) if source not in present]


def _only(path: Path) -> Article:
    [article] = load_file(path).articles
    return article


def _itself(article: Article) -> Article:
    return article


def checked_article(article: Article) -> Article:
    """Return an article that can be indexed: text that can be stored, a title on one line, a language.

    Raises UnreadableArticle when it has no source or text, or characters that cannot be stored.
    """
    named = (article.publisher, article.author, article.address)
    for value in (article.source, article.title, article.text, article.language, *filter(None, named)):
        checked_text(value, article.source)
    if not article.source.strip():
        raise UnreadableArticle("(no source)", "the article has no source. Give it a path or an address.")
    if not article.text.strip():
        raise UnreadableArticle(article.source, "the article has no text. Give it some.")
    language = article.language or detect_language(article.text)
    return replace(article, title=" ".join(article.title.split()) or article.source, language=language)


def _digest(article: Article) -> str:
    content = (article.title, article.text, article.published, article.language, article.publisher)
    # Only where there are any, so that an article indexed by an older release is not one that changed.
    later = (article.author, article.address, article.pages)
    whole = (*content, *later) if any(later) else content
    return hashlib.sha256(repr(whole).encode()).hexdigest()
