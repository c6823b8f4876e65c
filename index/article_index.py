"""ArticleIndex, the door to everything in index/."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from index.backfill.cluster import check_ray
from index.backfill.pipeline import read_on_ray
from index.catalog import Catalog
from index.chunking import CHUNKER
from index.counting import counted
from index.embedding import Embedder, SentenceTransformerEmbedder
from index.engines import CollectionMissing, Scope, VectorStore
from index.errors import EngineUnavailable, HomeUnusable, IndexBusy, IndexingError, IndexMismatch
from index.generations import Condition, Generation, Generations, Lease
from index.health import Examination, bytes_of, catalog_problems, note_on_engines, room_of
from index.history import KEPT, Version
from index.listing import Engine, Kind, Source
from index.loading.addresses import PAGES
from index.lookout import Lookout, normal_form
from index.models import Article, Compaction, IndexStatus, Passage, ProgressCallback, SearchFilter, SyncReport
from index.replica import Replica
from index.search import align_passages, familiarity, search_generation, settle_passages
from index.shared import SharedVectors
from index.sync import (
    ReadTasks,
    Sync,
    add_articles,
    embed_again,
    is_being_written,
    remove_articles,
    writer_lock,
)
from index.text import detect_language, words
from index.writer import IndexWriter

_SAMPLE: Final = 20_000
"""Characters of a language that tell how the model's tokenizer cuts it."""

_PATIENCE: Final = 1.0
"""Seconds that a search waits for a generation that another home has published, before it searches the former one."""


class ArticleIndex:
    """The index in one home folder. Safe to use from several threads; other processes may write to the same home.

    Opens at once and loads the embedding model when it is first needed. Every search sees the newest published state.
    Raises HomeUnusable when the folder cannot be created or used.
    """

    def __init__(
        self,
        home: Path,
        embedder: Embedder | None = None,
        *,
        private_hosts: Sequence[str] = (),
        site_pages: int = PAGES,
        keep_versions: int = KEPT,
        catalog_url: str | None = None,
        ray_address: str | None = None,
        store: VectorStore | None = None,
    ) -> None:
        """Open the index in `home`, with its catalog there, or at the URL of a database of PostgreSQL.

        `private_hosts` are hosts of an intranet that pages may be fetched from. `site_pages` bounds how many pages of a
        site, and entries of a feed, are looked at. `keep_versions` is how many former
        versions of each article stay readable. `ray_address` is the Ray cluster of backfills, as host:port; None for
        one on this machine. `store` is a server that keeps the vectors, such as ChromaServer; it is closed with
        the index. Without one they are in `home`.
        """
        self.home = home
        self._ray_address = ray_address
        self.keep_versions = keep_versions
        self._private_hosts = private_hosts
        self._site_pages = site_pages
        self.embedder = embedder or SentenceTransformerEmbedder()
        with _usable(home):
            home.mkdir(parents=True, exist_ok=True)
            # SQLite reports a folder that is not writable as "unable to open database file".
            (home / ".writable").touch()
            (home / ".writable").unlink()
        self._catalog = Catalog(catalog_url or home / "catalog.sqlite3")
        self._store = store
        self._shared = SharedVectors(store, self._catalog) if store is not None else None
        self._generations = Generations(home / "generations", self._shared)
        shared = self._catalog.database.shared
        self._replica = Replica(self._catalog, self._generations, home) if shared else None
        self._lock = threading.Lock()
        self._open: Lease | None = None
        # Of this index alone: a cache of the class would keep every index, and its model, for good.
        self._languages = lru_cache(maxsize=8)(self._languages_of)
        self._familiarity = lru_cache(maxsize=64)(self._familiarity_of)

    def __enter__(self) -> "ArticleIndex":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            lease, self._open = self._open, None
            if lease is not None:
                lease.retire()
            if self._replica is not None:
                self._replica.close()
        if self._store is not None:
            self._store.close()
        self._catalog.close()

    # Reading

    def articles(self, *, texts: bool = True) -> Iterator[Article]:
        """Yield the articles, newest first, those without a date last. With `texts` False, their text is "".

        Of 10,000 articles that takes a tenth of a second.
        """
        return self._catalog.articles(texts=texts)

    def article(self, source: str, *, version: int | str | None = None) -> Article | None:
        """Return the article at an address, None if it is not indexed.

        `version` is the number of a version, or the digest of one, which also finds an article that has moved since:
        what was cited of it then stands in that version, at the same offsets.
        """
        return self._catalog.article(source) if version is None else self._catalog.history.article(source, version)

    def versions(self, source: str) -> tuple[Version, ...]:
        """Return the versions of the article at an address, the first that is kept first, the current one last."""
        return self._catalog.history.versions(source)

    def sources(self) -> tuple[Source, ...]:
        """Return the sources that `sync` reads when it is given none, in order of their addresses."""
        return tuple(self._catalog.holdings.sources())

    def languages(self) -> tuple[str, ...]:
        """Return the languages of the articles, the commonest first."""
        return self._languages(self._catalog.fact("generation") or "")

    def is_empty(self) -> bool:
        return self._catalog.counts()[0] == 0

    def search(
        self, question: str, *, limit: int = 10, scope: SearchFilter | None = None, language: str | None = None
    ) -> list[Passage]:
        """Return the passages that fit `question` best, at most `limit`, the best first.

        `language` is that of the question, detected if not given. Raises IndexMismatch when the index was made with
        another embedding model.
        """
        self._check_model()
        if limit < 1:
            return []
        language = language or self.question_language(question)
        vector = self.embedder.encode_query(question)
        while True:
            with self._generation() as generation:
                engine_scope = self._scope(scope)
                if generation is None or (engine_scope is not None and engine_scope.versions == []):
                    return []
                try:
                    found = search_generation(
                        generation,
                        self._catalog,
                        question,
                        vector,
                        language=language,
                        languages=self._languages(generation.name),
                        familiarity=self._familiarity(generation.name, language),
                        limit=limit,
                        scope=engine_scope,
                    )
                except Exception as error:
                    # A generation goes when two newer ones were published, and a disk may damage it under our hands.
                    # Then the newest answers, or one that is made again.
                    if self._is_current(generation) and not self._is_lost(generation, error):
                        raise
                    self._leave(generation)
                else:
                    # Passages that were replaced meanwhile are missing: they were found, and are no longer current.
                    if self._is_current(generation) or (self._replica is not None and self._replica.is_behind):
                        return found
            self._check_model()

    def _is_lost(self, generation: Generation, error: Exception) -> bool:
        """Tell whether a search failed because what it searched is gone or damaged."""
        if isinstance(error, EngineUnavailable):
            return isinstance(error, CollectionMissing)
        return not self._generations.is_whole(generation.name)

    def _is_current(self, generation: Generation) -> bool:
        return self._catalog.fact("generation") == generation.name

    def align(self, question: str, passages: Sequence[Passage], *, language: str | None = None) -> list[Passage]:
        """Return passages with the signal `alignment` to a question filled in where it is missing."""
        language = language or self.question_language(question)
        return align_passages(passages, question, language, self.embedder.encode_tokens)

    def settle(self, question: str, passages: Sequence[Passage], *, language: str | None = None) -> list[Passage]:
        """Return the passages of a search with those that rank very close for the first place ordered by alignment.

        Where none do, which is the rule, it costs nothing; else about 10 ms.
        """
        language = language or self.question_language(question)
        return settle_passages(passages, question, language, self.embedder.encode_tokens)

    def question_language(self, question: str) -> str:
        """Return the language of a question, "en" where it has no words that tell. The index's languages are likely."""
        return detect_language(question, fallback="en", expected={"en", *self.languages()})

    def status(self, *, size: bool = True) -> IndexStatus:
        """Say what the index holds, with what it was made, and what is wrong with it.

        Without `size`, no file is looked at, and `size_bytes` is 0.
        """
        articles, passages, languages = self._catalog.counts()
        problems = []
        try:
            self._check_model()
            with self._generation():
                if self._shared is not None:
                    # An open generation does not show that the store still answers.
                    self._shared.holds(passages)
        except IndexingError as error:
            problems.append(str(error))
        return IndexStatus(
            home=str(self.home),
            generation=self._catalog.fact("generation") or "",
            articles=articles,
            passages=passages,
            languages=languages,
            embedding_model=self._catalog.fact("embedding_model") or self.embedder.name,
            size_bytes=self._taken() if size else 0,
            problems=tuple(problems),
            read=self._catalog.holdings.last_read(),
            catalog=self._catalog.name if self._catalog.database.shared else "",
            store=self._store.name if self._store is not None else "",
        )

    def examine(self) -> Examination:
        """Read all that is in the home, make search engines again that are damaged, and say what was found.

        Reads about 200 MB a second.
        """
        notes = []
        if self._is_being_written():
            notes.append("Another process is writing to this index now. Searches find what it has published.")
        problems = tuple(catalog_problems(self._catalog, self._generations))
        if problems:
            return Examination(tuple(notes), problems, room_of(self.home))
        generation = self._catalog.fact("generation")
        found = self._generations.condition(generation) if generation else Condition.WHOLE
        if found != Condition.WHOLE and self._open is not None:
            self._leave(self._open.generation)
        problems = self.status().problems
        if not problems:
            notes += filter(None, (note_on_engines(found), self._compare_store() if generation else ""))
        searched = self._generations.folders_of(self._catalog.fact("generation") or "")
        room = room_of(self.home, searched, elsewhere=self._catalog.database.size())
        return Examination(tuple(notes), problems, room, self._catalog.history.count())

    def _is_being_written(self) -> bool:
        """Tell whether another process writes, of this home or of one that shares its catalog."""
        return is_being_written(self.home) or self._catalog.database.is_being_written()

    def _compare_store(self) -> str:
        """Compare a shared store with the catalog, mend it, and return what is to be said of that."""
        difference = self._shared.compare() if self._shared is not None and not self._is_being_written() else None
        if difference is None or not (difference.missing or difference.extra):
            return ""
        if not difference.missing:
            lie = counted(difference.extra, "vector that is not needed lies", "vectors that are not needed lie")
            return f"{lie} in the store. No search finds what is not needed."
        try:
            with self._writer(check_model=False) as writer:
                writer.restore(afresh=True)
        except IndexBusy:
            # What it has begun to write since, the store has and the catalog has not yet.
            return ""
        return "Vectors in the store were missing or damaged. They were made again from the catalog."

    # Writing

    def add(self, articles: Sequence[Article]) -> SyncReport:
        """Add or update articles. One that cannot be stored is in the report's `failed`; the others are added."""
        with self._writer() as writer:
            return add_articles(self._catalog, writer, articles)

    def sync(
        self,
        addresses: Sequence[str] | None = None,
        progress: ProgressCallback | None = None,
        *,
        ignore: Sequence[str] | None = None,
        kind: Kind | None = None,
        dry_run: bool = False,
        engine: Engine = Engine.LOCAL,
    ) -> SyncReport:
        """Bring the index up to date with files, folders and web addresses, by default with all that are known.

        `ignore` are patterns, as in a .gitignore file, of what is left out of the folders among `addresses`; they are
        remembered, and None leaves those that were. `kind` says what a new web address is where that is not plain. A
        dry run changes nothing and needs no model. What is done becomes visible in steps; a KeyboardInterrupt, from
        `progress` too, ends the run as SyncStopped with what was done. With the engine `ray`, files are read and
        encoded on a Ray cluster, and BackfillFailed is raised when it cannot be used.
        """
        read_tasks = self._backfill() if engine == Engine.RAY and not dry_run else None
        with Lookout(self._private_hosts, kind, self._site_pages) as lookout:
            if dry_run:
                return Sync(self._catalog, None, progress).read(self._wanted(addresses, ignore), lookout.look)
            with self._writer() as writer:
                sync = Sync(self._catalog, writer, progress, read_tasks=read_tasks)
                return sync.read(self._wanted(addresses, ignore), lookout.look)

    def remove(self, source: str) -> SyncReport:
        """Remove a source, with the articles that no other holds; or the article at an address, or all below it.

        Files stay where they are. An article that is removed from a source comes back when that is read again.
        """
        known = {known.address for known in self.sources()}
        forms = (source, source.rstrip("/"), normal_form(source))
        with self._writer(check_model=False) as writer:
            own = next((form for form in forms if form in known), None)
            return remove_articles(self._catalog, writer, own, source)

    def compact(self) -> Compaction:
        """Give back the space of what is not needed any more, without the model.

        Afterwards no byte of a removed article is in the files of the home. Former versions of articles that are
        still there stay. Takes as much free space as the index has, for a while.
        """
        before = self._taken()
        with self._writer(check_model=False) as writer:
            forgotten = self._catalog.history.forget_removed()
            writer.restore()
            self._catalog.database.vacuum()
        return Compaction(forgotten, before, self._taken())

    def rebuild(self, progress: ProgressCallback | None = None) -> SyncReport:
        """Cut and embed every article again, with the model that is set now, and swap the result in."""
        with self._writer(check_model=False, afresh=True) as writer:
            return embed_again(self._catalog, writer, progress)

    def _backfill(self) -> ReadTasks:
        check_ray()
        return partial(read_on_ray, catalog=self._catalog, embedder=self.embedder, address=self._ray_address)

    def _wanted(self, addresses: Sequence[str] | None, ignore: Sequence[str] | None) -> list[Source]:
        if addresses is not None and not all(map(str.strip, addresses)):
            # The shell makes one of a variable that is not set, and the current folder would be meant by it.
            raise IndexingError("One of the addresses is empty. Name a file, a folder or a web address.")
        if addresses is None and ignore is not None:
            raise IndexingError(
                "Patterns of what is left out are remembered with a folder. Name the folders that they are for, as in: "
                "assistant index ~/articles --ignore '*.csv'"
            )
        known = {source.address: source for source in self.sources()}
        wanted = known if addresses is None else dict.fromkeys(map(normal_form, addresses))
        found = [known.get(address, Source(address, Kind.FILE)) for address in wanted]
        return found if ignore is None else [replace(source, ignore=tuple(filter(None, ignore))) for source in found]

    @contextmanager
    def _writer(self, *, check_model: bool = True, afresh: bool = False) -> Iterator[IndexWriter]:
        if check_model:
            self._check_model()
        with _usable(self.home), writer_lock(self.home), self._catalog.database.writer_lock():
            self._generations.discard_unfinished()
            if self._replica is not None:
                self._replica.bring_up()
            with IndexWriter(self._catalog, self._generations, self.embedder, afresh=afresh) as writer:
                yield writer
            self._catalog.history.prune(self.keep_versions)

    def _taken(self) -> int:
        return _size(self.home) + self._catalog.database.size()

    def _check_model(self) -> None:
        facts = self._catalog.facts()
        name, revision, chunker = map(facts.get, ("embedding_model", "embedding_revision", "chunker"))
        if chunker not in (None, CHUNKER):
            raise IndexMismatch(
                f"The passages of the index at {self.home} were cut as {chunker!r}, and this release cuts {CHUNKER!r}. "
                "Run 'assistant doctor --rebuild' to cut and embed its articles again."
            )
        if name is None or (name == self.embedder.name and revision == self.embedder.revision):
            return
        other = f"revision {revision} of {name!r}" if name == self.embedder.name else repr(name)
        own = f"revision {self.embedder.revision}" if name == self.embedder.name else repr(self.embedder.name)
        raise IndexMismatch(
            f"The index at {self.home} was built with {other}, not {own}. Set ASSISTANT_EMBEDDING_MODEL={name}, "
            "or run 'assistant doctor --rebuild' to embed its articles again."
        )

    def _scope(self, scope: SearchFilter | None) -> Scope | None:
        if scope is None or scope == SearchFilter():
            return None
        versions = self._catalog.versions_under(scope.sources) if scope.sources else None
        return Scope(scope.since, scope.until, versions, scope.languages)

    def _languages_of(self, generation: str) -> tuple[str, ...]:
        """Return the languages of the index, the commonest first; they change with the generation."""
        return self._catalog.counts()[2]

    def _familiarity_of(self, generation: str, language: str) -> float:
        """Return how well the model knows a language, by a sample of the index; it changes with the generation."""
        sample = self._catalog.sample(language, _SAMPLE)
        return familiarity(self.embedder.count_pieces(sample), len(words(sample, language))) if sample else 1.0

    # The open generation

    @contextmanager
    def _generation(self) -> Iterator[Generation | None]:
        """Give the current generation for the length of a search, reopened when a newer one was published."""
        lease = self._current_lease()
        if lease is None:
            yield None
            return
        try:
            yield lease.generation
        finally:
            lease.give_back()

    def _current_lease(self) -> Lease | None:
        with self._lock:
            if self._open is None or self._open.generation.name != self._catalog.fact("generation"):
                try:
                    generation = self._newest()
                except TimeoutError:
                    # It is still being made here. Until it is, the one before it answers.
                    generation = None if self._open is None else self._open.generation
                if generation is None:
                    return None
                if self._open is not None and self._open.generation is not generation:
                    self._open.retire()
                    self._open = None
                self._open = self._open or Lease(generation)
            self._open.take()
            return self._open

    def _newest(self) -> Generation | None:
        """Open the current generation. Raises TimeoutError where that takes long and there is another one to search."""
        self._refill_store()
        if self._replica is not None:
            return self._replica.open(None if self._open is None else _PATIENCE)
        # Counting 100,000 passages takes longer than a search: only those of a fresh generation are counted.
        name, passages = self._catalog.current()
        return None if name is None else self._opened(name, passages)

    def _refill_store(self) -> None:
        """Fill a shared store from the catalog where it does not hold what is current."""
        while self._shared is not None:
            name, passages = self._catalog.current()
            if name is None or self._shared.holds(passages):
                return
            if self._catalog.fact("generation") == name:
                with self._writer(check_model=False) as writer:
                    if self._catalog.fact("generation") == name:
                        writer.restore()
                return

    def _leave(self, generation: Generation) -> None:
        """Open the current generation at the next search, and not this one again."""
        with self._lock:
            if self._open is not None and self._open.generation is generation:
                self._open.retire()
                self._open = None

    def _opened(self, name: str, passages: int) -> Generation:
        """Open a generation, or make it again from the catalog where it is missing or damaged."""
        generation = self._generations.open_sound(name, passages)
        newest, passages = self._catalog.current()
        while generation is None and newest is not None and newest != name:
            # Newer ones were published in the meantime, and this one is gone.
            name = newest
            generation = self._generations.open_sound(name, passages)
            newest, passages = self._catalog.current()
        if generation is None:
            with self._writer(check_model=False) as writer:
                if self._catalog.fact("generation") == name:
                    writer.restore()
            newest, passages = self._catalog.current()
            generation = self._generations.open_sound(newest or name, passages)
        if generation is None:
            raise IndexingError(
                f"The index in {self.home} is damaged and could not be made again from its catalog. Check the disk, "
                "then run 'assistant doctor --rebuild'."
            )
        return generation


@contextmanager
def _usable(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HomeUnusable(
            f"The folder {home} cannot be written: {error.strerror or error}. Check its permissions and its disk, or "
            "set ASSISTANT_HOME to another folder."
        ) from error


def _size(folder: Path) -> int:
    """Return the bytes of the files in a folder. Some go while they are counted: a run replaces a generation."""
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += bytes_of(Path(parent, name))
    return size
