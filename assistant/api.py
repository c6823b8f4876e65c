"""The Assistant: settings, index and answerer wired together."""

import asyncio
import contextvars
import re
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from assistant import adapters
from assistant.answering import (
    Room,
    begin_answer,
    decline_answer,
    invite_articles,
    quote_answer,
    translate_citations,
    write_answer,
)
from assistant.budget import token_counter
from assistant.chain import answer_chain
from assistant.confidence import LOOKED_AT, confidence
from assistant.errors import InvalidQuestion
from assistant.finding import Finder, Findings
from assistant.models import Answer, Timings, Turn
from assistant.observing import Observer, observe
from assistant.periods import mentioned_period
from assistant.providers import context_window, load_model
from assistant.quoting import RankedSentence, rank_sentences
from assistant.reranking import CrossEncoderReranker
from assistant.settings import Settings, load_settings
from assistant.small_calls import SmallCalls
from assistant.stores import load_store
from assistant.suggestions import suggest_questions
from assistant.understanding import Understander
from index import ArticleIndex, Passage, ProgressCallback, SearchFilter, SentenceTransformerEmbedder, SyncReport
from index.listing import normal_address

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

    from assistant.retrieval import ArticleRetriever
    from assistant.runnable import AssistantRunnable

_NOT_TEXT: Final = re.compile("[\x00\ud800-\udfff]")


class _Request(NamedTuple):
    """What else answers a question, beside what is found for it. `spent` are the seconds that small calls took."""

    history: Sequence[Turn]
    complete: SmallCalls | None
    stop: threading.Event | None
    spent: float


class Assistant:
    """Answers questions from the articles in one home folder, with citations. Safe to use from several threads.

    Opens at once; models are loaded when they are first needed. Use it as a context manager, or call `close`.
    Raises InvalidSettings, and HomeUnusable when the home folder cannot be used.
    """

    def __init__(self, settings: Settings | None = None, *, today: Callable[[], date] | None = None) -> None:
        self.settings = settings or load_settings()
        self.index = ArticleIndex(
            self.settings.home,
            SentenceTransformerEmbedder(self.settings.embedding_model),
            private_hosts=self.settings.private_hosts,
            keep_versions=self.settings.keep_versions,
            site_pages=self.settings.site_pages,
            catalog_url=self.settings.catalog_url.get_secret_value() if self.settings.catalog_url else None,
            ray_address=self.settings.ray_address,
            store=load_store(self.settings),
        )
        reranker = CrossEncoderReranker(self.settings.reranker) if self.settings.reranker else None
        self._finder = Finder(self.index, reranker, today or date.today)
        self._observers: list[Observer] = []
        self._loading = threading.RLock()

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.index.close()

    def warm_up(self) -> None:
        """Load the embedding model and the reader of dates, and open the index, so that the first question waits for
        none of them.
        """
        self.index.search("Is everything ready?", limit=1)
        mentioned_period("What was said last week?", "en", date.today())

    def add_observer(self, observer: Observer) -> None:
        """Have `observer` told how each question ends that is asked from now on."""
        self._observers.append(observer)

    def reindex(
        self, sources: Sequence[str | Path] | None = None, progress: ProgressCallback | None = None, **options: Any
    ) -> SyncReport:
        """Bring the index up to date with files, folders and web addresses, by default with all indexed before.

        What cannot be read is in the report's `failed`; the rest is indexed. `options` are those of
        `ArticleIndex.sync`: `ignore`, `kind`, `dry_run` and `engine`.
        """
        return self.index.sync(None if sources is None else [str(source) for source in sources], progress, **options)

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> list[Passage]:
        """Return the passages that fit a question best, the best first.

        `since` and `until` are days of publication, inclusive. `sources` are addresses of articles or of what holds
        them, `languages` codes such as "fr". Raises InvalidQuestion for a question that cannot be asked.
        """
        scope = _scope(since, until, sources, languages)
        return list(self._finder.find(self._checked(question), limit=limit, scope=scope).passages)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> Answer:
        """Answer a question from the articles, with citations.

        With ASSISTANT_MODEL the answer is written by that model; without it, the answer is made of quotes. `history` is
        what was said before: a question that leans on it is searched with what it leaves out. When nothing fits, the
        answer has `abstained` and the nearest passages. Raises InvalidQuestion, ModelUnavailable and the errors of the
        index.
        """
        *_, answer = self.stream(
            question, history=history, since=since, until=until, sources=sources, languages=languages
        )
        return answer

    async def aask(self, question: str, **options: Any) -> Answer:
        """Answer as `ask` does, in an event loop. Cancelling the task ends the request to the model."""
        return [snapshot async for snapshot in self.astream(question, **options)][-1]

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> Iterator[Answer]:
        """Yield longer and longer snapshots of the answer, the first with the passages found, the last one checked.

        Closing the iterator ends the request to the model.
        """
        yield from self._stream(question, history, _scope(since, until, sources, languages), None)

    async def astream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> AsyncIterator[Answer]:
        """Yield snapshots as `stream` does, in an event loop, which other tasks share meanwhile.

        Leaving the loop, or cancelling its task, ends the request to the model.
        """
        loop, stop = asyncio.get_running_loop(), threading.Event()
        inbox: asyncio.Queue[Answer | Exception | None] = asyncio.Queue()

        def put(item: Answer | Exception | None) -> None:
            if not stop.is_set():
                loop.call_soon_threadsafe(inbox.put_nowait, item)

        def run() -> None:
            try:
                with closing(
                    self._stream(question, history, _scope(since, until, sources, languages), stop)
                ) as snapshots:
                    for snapshot in snapshots:
                        if stop.is_set():
                            return
                        put(snapshot)
            except Exception as error:  # noqa: BLE001 - whoever reads the stream raises it
                put(error)
            else:
                put(None)

        running = loop.run_in_executor(None, contextvars.copy_context().run, run)
        try:
            while (item := await inbox.get()) is not None:
                if isinstance(item, Exception):
                    raise item
                yield item
            await running
        finally:
            stop.set()

    def _stream(
        self, question: str, history: Sequence[Turn], scope: SearchFilter, stop: threading.Event | None
    ) -> Generator[Answer]:
        yield from observe(self._snapshots(question, history, scope, stop), tuple(self._observers))

    def _snapshots(
        self, question: str, history: Sequence[Turn], scope: SearchFilter, stop: threading.Event | None
    ) -> Generator[Answer]:
        question = self._checked(question)
        began = perf_counter()
        small_calls = self._small_calls(stop)
        understood = self._understander.understand(question, history, small_calls)
        asked = perf_counter()
        found = self._finder.find(
            question,
            limit=self.settings.passages,
            scope=scope,
            language=understood.language,
            asked=understood.asked,
            searched=understood.searched,
            context=understood.context,
            translations=understood.translations,
        )
        written = searched = perf_counter()
        request = _Request(history, self._small_calls(stop), stop, small_calls.seconds if small_calls else 0.0)
        for answer in self._answers(found, request):
            now = perf_counter()
            written = written if answer.complete and written > searched else now
            timings = Timings(asked - began, searched - asked, written - searched, now - written)
            yield replace(answer, searched=found.searched, timings=timings)

    def _answers(self, found: Findings, request: _Request) -> Iterator[Answer]:
        if self.index.is_empty():
            yield invite_articles(found)
            return
        if not self._finder.is_answered(found, self.settings.confidence):
            yield decline_answer(found)
            return
        answer = begin_answer(found, self.settings.model)
        yield answer
        for answer in self._written(found, request):
            # The checked text is shown before the questions to ask next are sought.
            yield replace(answer, complete=False)
        yield self._completed(answer, found, request)

    def _written(self, found: Findings, request: _Request) -> Iterator[Answer]:
        if self.settings.model is None:
            ranked = self.rank_sentences(found.topic, found.passages, found.language)
            yield quote_answer(found, ranked, self.settings.quotes)
            return
        yield from write_answer(
            found,
            self._chain,
            self.settings,
            request.history,
            room=self._room,
            complete=request.complete,
            stop=request.stop,
            spent=request.spent,
        )

    def _completed(self, answer: Answer, found: Findings, request: _Request) -> Answer:
        """Return the last snapshot: with translations of its quotes, where wanted, and questions to ask next."""
        if self.settings.translate and request.complete and answer.citations:
            answer = translate_citations(answer, request.complete)
        answer = replace(answer, complete=True)
        if answer.abstained or answer.partial:
            return answer
        earlier = [turn.question for turn in request.history]
        suggestions = suggest_questions(
            found.asked, found.passages, found.language, answers=partial(self._is_answered, found), history=earlier
        )
        return replace(answer, suggestions=suggestions)

    def _is_answered(self, found: Findings, question: str) -> bool:
        """Tell, by one search and its words, whether a question has an answer where `found` was found."""
        passages = self.index.search(question, limit=LOOKED_AT, scope=found.scope, language=found.language)
        return confidence(question, passages, found.language, by_words=True) >= self.settings.confidence

    def rank_sentences(self, question: str, passages: Sequence[Passage], language: str) -> list[RankedSentence]:
        """Return the sentences of passages that were found for a question, those that answer it best first."""
        embedder = self.index.embedder
        vector = embedder.encode_query(question)
        return rank_sentences(passages, vector, question, language, embedder.encode_documents)

    def confidence(self, question: str, passages: Sequence[Passage], language: str) -> float:
        """Return the probability, 0 to 1, that passages found for a question, in `language`, answer it."""
        return self._finder.confidence_in(question, passages, language)

    def as_retriever(self, limit: int = 8) -> "ArticleRetriever":
        """Return the search as a LangChain retriever."""
        return adapters.ArticleRetriever(search=lambda question, count: self.search(question, limit=count), limit=limit)

    def as_runnable(self) -> "AssistantRunnable":
        """Return the assistant as a LangChain Runnable: a question, or its options as a dictionary, to an Answer.

        It streams snapshots, each the whole answer so far.
        """
        return adapters.AssistantRunnable(self.stream, self.astream)

    # The parts that a language model plays, loaded when they are first needed

    @property
    def _model(self) -> "BaseChatModel":
        # From Python 3.12 on, cached_property lets two threads load a model each.
        with self._loading:
            return self._loaded_model

    @cached_property
    def _loaded_model(self) -> "BaseChatModel":
        return load_model(self.settings)

    @cached_property
    def _chain(self) -> "Runnable[dict[str, Any], Any]":
        return answer_chain(self._model)

    @cached_property
    def _room(self) -> Room:
        return Room(context_window(self._model, self.settings), token_counter(self._model))

    @cached_property
    def _understander(self) -> Understander:
        return Understander(self.index)

    def _small_calls(self, stop: threading.Event | None) -> SmallCalls | None:
        """Return what makes small calls to the model; None where there is no model."""
        if self.settings.model is None:
            return None
        return SmallCalls(lambda: self._model, self.settings, stop)

    def _checked(self, question: str) -> str:
        question = question.strip()
        if not question:
            raise InvalidQuestion("The question is empty. Ask something, as in: Did Nvidia abandon the deal?")
        limit = self.settings.max_question
        if len(question) > limit:
            raise InvalidQuestion(
                f"The question has {len(question):,} characters, and {limit:,} is the most. Shorten it, "
                "or raise ASSISTANT_MAX_QUESTION."
            )
        match = _NOT_TEXT.search(question)
        if match:
            raise InvalidQuestion(
                f"The question holds U+{ord(match.group()):04X} at character {match.start():,}, which is not text. "
                "Remove it."
            )
        return question


def _scope(since: date | None, until: date | None, sources: Sequence[str], languages: Sequence[str]) -> SearchFilter:
    return SearchFilter(since, until, tuple(map(_address, sources)), tuple(code.strip().lower() for code in languages))


def _address(source: str) -> str:
    """Return a path as the index knows it: absolute. Other addresses stay as they are."""
    try:
        address = normal_address(source)
        table, row, _ = address.partition("#")
        return address if Path(address).exists() or (row and Path(table).exists()) else source
    except (RuntimeError, OSError, ValueError):
        return source
