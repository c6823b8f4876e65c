"""The way of articles into the index: cut, encoded, stored, and made current in steps. All three go on at once."""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.catalog import Catalog, HeldItem, StagedPassage, Step
from index.chunking import CHUNKER, Chunk, split_article
from index.comparison import Change, Outcome, lacks_title, move_of
from index.embedding import Embedder, vector_key
from index.errors import IndexingError
from index.generations import Generation, Generations
from index.models import Article, Move, titled
from index.titles import titled_by_source

_AHEAD: Final = 3
"""Batches that may wait to be encoded or stored. More would only fill the memory."""
STEP: Final = 15.0
"""Seconds after which what is done becomes visible."""
_SHARE: Final = 25
"""A step that took a second to publish is not followed by another for as many seconds, so that all of them together
take a 25th of a run, however large the index is."""
_AGAIN: Final = 200
"""Articles that are stored again in one go."""
_SAMPLE: Final = 5
_SAME: Final = 0.98
"""A vector finds itself with a cosine of 1, less what a quantized index may round away."""


@dataclass(slots=True)
class Batch:
    """Some files and pages of a run: what changed in them, and what they hold now.

    `settled` is called when all of it is stored, with the passages that were made of it. `vectors` are encoded already,
    by their keys.
    """

    changes: list[Change] = field(default_factory=list)
    items: list[HeldItem] = field(default_factory=list)
    settled: Callable[[int], None] = lambda passages: None
    vectors: Mapping[bytes, NDArray[np.float32]] = field(default_factory=dict)


class _Abandoned(Exception):
    """What a generation that is not finished is told."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """An article with its passages, and the keys of their vectors."""

    article: Article
    digest: str
    chunks: Sequence[Chunk]
    keys: Sequence[bytes]


class IndexWriter:
    """One run of changes. Use it inside the lock of the one writer, and as a context.

    What readers see changes only when a step is published, whole. Interrupted at any moment, the last step published is
    current; the vectors that were stored are found again by the next run.
    """

    def __init__(
        self,
        catalog: Catalog,
        generations: Generations,
        embedder: Embedder,
        *,
        afresh: bool = False,
        step: float = STEP,
    ) -> None:
        """Start a run. With `afresh`, every passage is embedded again, into a new generation that is published once."""
        self._catalog = catalog
        self._generations = generations
        self._embedder = embedder
        self._afresh = afresh
        self._encoding = ThreadPoolExecutor(2, thread_name_prefix="encoding")
        self._storing = ThreadPoolExecutor(1, thread_name_prefix="storing")
        self._waiting: deque[tuple[Future[list[NDArray[np.float32]]], Future[int], Batch]] = deque()
        self._in_flight: set[bytes] = set()
        # From here on, only the thread that stores.
        self._step = Step()
        self._digests: dict[str, str] = {}
        self._versions: dict[str, int] = {}
        self._staged: set[int] = set()
        self._embedded = False
        self._moved: list[Move] = []
        self._building: Generation | None = None
        self._making: ExitStack | None = None
        self._base: str | None = None
        self._pause = step
        self._published_at = time.monotonic()
        self._broken = False
        catalog.staging.discard()

    def __enter__(self) -> "IndexWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._encoding.shutdown(cancel_futures=True)
        self._storing.shutdown(cancel_futures=True)
        if self._making is not None:
            self._making.__exit__(_Abandoned, _Abandoned(), None)

    def put(self, batch: Batch) -> None:
        """Take a batch of changes. Returns when few enough batches are waiting.

        Errors of the embedding model and of the disk end the run.
        """
        cuts = [self._cut(change) for change in batch.changes if change.stored]
        texts = {
            key: titled(cut.article.title, cut.article.text[chunk.start : chunk.end])
            for cut in cuts
            for key, chunk in zip(cut.keys, cut.chunks, strict=True)
        }
        known = {} if self._afresh else self._catalog.vectors(list(texts))
        new = [key for key in texts if key not in known and key not in self._in_flight]
        self._in_flight.update(new)
        if cuts and not self._waiting:
            self._storing.submit(self._prepare)
        encoded = self._encoding.submit(self._encode, {key: texts[key] for key in new}, batch.vectors)
        stored = self._storing.submit(self._store, batch, cuts, known, new, encoded)
        self._waiting.append((encoded, stored, batch))
        while len(self._waiting) > _AHEAD:
            self._settle()

    def settle(self) -> None:
        """Tell of the batches that are stored by now. Waits for none."""
        while self._waiting and self._waiting[0][1].done():
            self._settle()

    def finish(self, removed: Sequence[str] = (), gone: Sequence[int] = ()) -> None:
        """Wait for what was put, take articles out, forget items that are gone, and make all of it current."""
        while self._waiting:
            self._settle()
        self._storing.submit(self._finish, removed, gone).result()

    def stop(self) -> None:
        """Give up what is not yet encoded, and make the rest current. A run `afresh` leaves all as it was."""
        for encoded, _stored, _batch in self._waiting:
            encoded.cancel()
        while self._waiting:
            with suppress(CancelledError, KeyboardInterrupt):
                self._settle()
        if not self._afresh:
            self._storing.submit(self._publish).result()

    def restore(self, *, afresh: bool = False) -> None:
        """Build the current state again from the catalog, without the model, and make that generation current.

        With `afresh` a shared store, too, is filled again, even if it seems to hold what it should.
        """
        with self._generations.building(afresh=afresh) as generation:
            self._fill(generation)
        self._verify(generation, self._catalog.counts()[1], [])
        self._catalog.staging.publish(Step(), {}, generation.name, generation.dense.collection)
        self._generations.prune({generation.name})

    def _cut(self, change: Change) -> _Cut:
        article = change.article
        chunks = split_article(article.text, article.language)
        texts = [titled(article.title, article.text[chunk.start : chunk.end]) for chunk in chunks]
        return _Cut(article, change.digest, chunks, [self._key(text) for text in texts])

    def _key(self, text: str) -> bytes:
        return vector_key(self._embedder, text)

    def _encode(
        self, texts: Mapping[bytes, str], given: Mapping[bytes, NDArray[np.float32]]
    ) -> list[NDArray[np.float32]]:
        """Return a vector for each text. Those that are not given are encoded."""
        missing = [key for key in texts if key not in given]
        vectors = self._embedder.encode_documents([texts[key] for key in missing]) if missing else ()
        known = {**given, **dict(zip(missing, vectors, strict=True))}
        return [known[key] for key in texts]

    def _settle(self) -> None:
        # An interruption while it waits leaves the batch where it is: it is stored, and will be told of.
        wait([self._waiting[0][1]])
        _, stored, batch = self._waiting.popleft()
        batch.settled(stored.result())

    # In the thread that stores

    def _store(
        self,
        batch: Batch,
        cuts: Sequence[_Cut],
        known: dict[bytes, NDArray[np.float32]],
        new: Sequence[bytes],
        encoded: "Future[list[NDArray[np.float32]]]",
    ) -> int:
        if self._broken:
            raise CancelledError
        try:
            vectors = known | dict(zip(new, encoded.result(), strict=True))
            keys = {key for cut in cuts for key in cut.keys}
            vectors |= self._catalog.vectors([key for key in keys if key not in vectors])
            rows = [
                (cut.article, cut.digest, [StagedPassage(c, key) for c, key in zip(cut.chunks, cut.keys, strict=True)])
                for cut in cuts
            ]
            if rows:
                versions, entries = self._catalog.staging.stage(rows, vectors, new)
                self._staged.update(versions)
                self._versions.update(zip((cut.digest for cut in cuts), versions, strict=True))
                self._embedded = True
                self._prepare().add(entries)
        except BaseException:
            self._broken = True
            raise
        finally:
            self._in_flight.difference_update(new)
        self._take(batch)
        if not self._afresh and time.monotonic() - self._published_at > self._pause:
            self._publish()
        return sum(len(cut.chunks) for cut in cuts)

    def _take(self, batch: Batch) -> None:
        for change in batch.changes:
            if change.version is not None:
                self._versions.setdefault(change.digest, change.version)
            if change.outcome is not Outcome.UNCHANGED:
                self._digests[change.article.source] = change.digest
        self._step.items.extend(batch.items)
        self._moved.extend(filter(None, map(move_of, batch.changes)))

    def _publish(self) -> None:
        """Make what is stored current: with a new generation where passages changed."""
        began = time.monotonic()
        step, self._step = self._step, Step()
        self._place(step)
        replaced = self._catalog.staging.replaced(step)
        if self._staged or replaced or self._afresh:
            generation = self._build(step, replaced)
            name, current = generation.name, self._catalog.fact("generation")
            self._catalog.staging.publish(step, self._facts(), name, generation.dense.collection)
            self._generations.prune({name, current or name})
            self._base = name
        elif step:
            self._catalog.staging.publish(step, {})
        self._staged.clear()
        self._embedded = False
        self._digests.clear()
        self._published_at = time.monotonic()
        self._pause = max(self._pause, _SHARE * (self._published_at - began))

    def _finish(self, removed: Sequence[str], gone: Sequence[int]) -> None:
        self._step.removed.extend(removed)
        self._step.gone.extend(gone)
        # Not before the former addresses go.
        self._step.moved.extend(self._moved)
        self._publish()

    def _place(self, step: Step) -> None:
        """Say which version is at which address. One that has gone since it was found is stored again, for its text."""
        versions = {digest: self._versions[digest] for digest in set(self._digests.values())}
        found = [version for version in versions.values() if version not in self._staged]
        lost = set(found) - self._catalog.still_current(found)
        if lost:
            articles = self._catalog.articles_of(lost)
            at = {digest: source for source, digest in self._digests.items()}
            again = [(articles[version], at[digest]) for digest, version in versions.items() if version in lost]
            rows = [(_at(article, source), self._passages_of(article)) for article, source in again]
            versions |= self._stage_again(rows)
        step.placed = {source: versions[digest] for source, digest in self._digests.items()}
        self._title_anew(step)

    def _title_anew(self, step: Step) -> None:
        """Store again what has its title from an address that it loses, under the first of those that it keeps.

        The passages keep the vectors that they had under the old title.
        """
        kept = self._catalog.staging.unlisted_by(step)
        versions = list(kept)
        for start in range(0, len(versions), _AGAIN):
            articles = self._catalog.articles_of(versions[start : start + _AGAIN])
            named = {version: _at(article, kept[version][0]) for version, article in articles.items()}
            anew = [version for version, article in articles.items() if article.title != named[version].title]
            cuts = self._catalog.cuts(anew)
            staged = self._stage_again([(named[version], cuts[version]) for version in anew])
            for version in anew:
                step.placed.update(dict.fromkeys(kept[version], staged[named[version].digest]))

    def _passages_of(self, article: Article) -> list[StagedPassage]:
        """Return the passages of a former version, which are gone. Their vectors are stored, or made again."""
        chunks = split_article(article.text, article.language)
        texts = [titled(article.title, article.text[chunk.start : chunk.end]) for chunk in chunks]
        keys = {self._key(text): text for text in texts}
        known = self._catalog.vectors(list(keys))
        # Under a title that it had not from the first, its vectors went by the one before.
        missing = [key for key in keys if key not in known]
        if missing:
            vectors = self._embedder.encode_documents([keys[key] for key in missing])
            self._catalog.staging.stage([], dict(zip(missing, vectors, strict=True)), missing)
            self._embedded = True
        return [StagedPassage(chunk, self._key(text)) for chunk, text in zip(chunks, texts, strict=True)]

    def _stage_again(self, rows: Sequence[tuple[Article, Sequence[StagedPassage]]]) -> dict[str, int]:
        """Store articles of the index with the digests that they have; return the new versions by these. Their vectors
        are stored already.
        """
        if not rows:
            return {}
        keys = {passage.vector_key for _, passages in rows for passage in passages}
        vectors = self._catalog.vectors(list(keys))
        if len(vectors) < len(keys):
            raise IndexingError(
                f"The catalog {self._catalog.name} has lost {len(keys) - len(vectors):,} of its vectors. "
                "Run 'assistant doctor --rebuild' to embed all articles again."
            )
        staged = [(article, article.digest, passages) for article, passages in rows]
        versions, entries = self._catalog.staging.stage(staged, vectors, [])
        again = dict(zip((article.digest for article, _ in rows), versions, strict=True))
        self._staged.update(versions)
        self._versions.update(again)
        self._prepare().add(entries)
        return again

    def _build(self, step: Step, replaced: Sequence[int]) -> Generation:
        """Finish the generation that is being built for a step, and return it."""
        generation = self._prepare()
        placed = set(step.placed.values())
        gone = self._catalog.passage_ids(replaced)
        dropped = self._catalog.passage_ids(sorted(self._staged - placed))
        kept = 0 if self._afresh else self._catalog.current()[1] - len(gone)
        fresh = sorted(self._staged & placed)
        generation.remove([*dropped, *(() if self._afresh else gone)])
        generation.settle_words(lambda: self._catalog.entries([*self._staying(replaced), *fresh]))
        making, self._making, self._building = self._making, None, None
        if making is not None:
            making.close()
        self._verify(generation, kept + len(self._catalog.passage_ids(fresh)), fresh)
        return generation

    def _staying(self, replaced: Sequence[int]) -> list[int]:
        return [] if self._afresh else self._catalog.current_versions(leaving_out=replaced)

    def _prepare(self) -> Generation:
        """Return the generation that is built, which is begun before its first passages come."""
        if self._building is None:
            base = None if self._afresh else self._base or self._sound_generation()
            self._making = ExitStack()
            self._building = self._making.enter_context(self._generations.building(copy_of=base, afresh=self._afresh))
            if not (self._building.is_filled or self._afresh):
                self._fill(self._building)
        return self._building

    def _sound_generation(self) -> str | None:
        """Return the current generation if it can be built upon; a damaged one is made again from the catalog."""
        name, passages = self._catalog.current()
        generation = self._generations.open_sound(name or "", passages)
        if generation is None:
            return None
        generation.close()
        return name

    def _fill(self, generation: Generation) -> None:
        """Put what is current into the engines of a generation that lack it."""
        for entries in self._catalog.entries(self._catalog.current_versions()):
            generation.fill(entries)

    def _verify(self, written: Generation, passages: int, staged: Sequence[int]) -> None:
        generation = self._generations.reopen(written)
        try:
            whole = generation.holds(passages)
            sample = next(self._catalog.entries(staged[-_SAMPLE:]), [])[:_SAMPLE]
            found = [max(generation.dense.query(entry.vector, 1).values(), default=0.0) for entry in sample]
        finally:
            generation.close()
        # A graph does not lead to every passage: of 49,000 in tight clusters three in 500 were out of reach.
        lost = sum(score < _SAME for score in found)
        if not whole or lost > max(1, len(sample) // 2):
            raise IndexingError(
                f"The new index {written.name} is not what was written to it, so the old one stays. "
                "Check the disk, then run 'assistant doctor --rebuild'."
            )

    def _facts(self) -> dict[str, str]:
        if not (self._embedded or self._afresh):
            return {}
        return {
            "embedding_model": self._embedder.name,
            "embedding_revision": self._embedder.revision,
            "chunker": CHUNKER,
        }


def _at(article: Article, source: str) -> Article:
    """Return an article of the index as it is at another address."""
    moved = replace(article, source=source)
    return titled_by_source(moved) if lacks_title(article) else moved
