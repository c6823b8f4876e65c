"""The Assistant: settings, index and answerer wired together."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assistant.answering import begin_answer, decline_answer, invite_articles, quote_answer, write_answer
from assistant.chain import answer_chain
from assistant.errors import InvalidQuestion
from assistant.finding import Finder, Findings
from assistant.models import Answer, Turn
from assistant.providers import load_model
from assistant.quoting import RankedSentence, rank_sentences
from assistant.reranking import CrossEncoderReranker
from assistant.retrieval import ArticleRetriever
from assistant.settings import Settings, load_settings
from index import ArticleIndex, Passage, ProgressCallback, SearchFilter, SentenceTransformerEmbedder, SyncReport

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

_NOT_TEXT: Final = re.compile("[\x00\ud800-\udfff]")


class Assistant:
    """Answers questions from the articles in one home folder, with citations. Safe to use from several threads.

    Opens at once; models are loaded when they are first needed. Use it as a context manager, or call `close`.
    Raises InvalidSettings, and HomeUnusable when the home folder cannot be used.
    """

    def __init__(self, settings: Settings | None = None, *, today: Callable[[], date] | None = None) -> None:
        self.settings = settings or load_settings()
        self.index = ArticleIndex(self.settings.home, SentenceTransformerEmbedder(self.settings.embedding_model))
        reranker = CrossEncoderReranker(self.settings.reranker) if self.settings.reranker else None
        self._finder = Finder(self.index, reranker, today or date.today)

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.index.close()

    def warm_up(self) -> None:
        """Load the embedding model and open the index, so that the first question need not wait for them."""
        self.index.search("Is everything ready?", limit=1)

    def reindex(
        self, sources: Sequence[str | Path] | None = None, progress: ProgressCallback | None = None
    ) -> SyncReport:
        """Bring the index up to date with files and folders, by default with all that were indexed before.

        What cannot be read is in the report's `failed`; the rest is indexed.
        """
        return self.index.sync(None if sources is None else [str(source) for source in sources], progress)

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
    ) -> list[Passage]:
        """Return the passages that fit a question best, the best first.

        `since` and `until` are days of publication, inclusive. `sources` are addresses of articles or of what holds
        them. Raises InvalidQuestion for a question that cannot be asked.
        """
        return list(self._find(question, limit, since, until, sources).passages)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
    ) -> Answer:
        """Answer a question from the articles, with citations.

        With ASSISTANT_MODEL the answer is written by that model, and `history` is what was said before; without it,
        the answer is made of quotes. When nothing fits, the answer has `abstained` and the nearest passages.
        Raises InvalidQuestion, ModelUnavailable and the errors of the index.
        """
        *_, answer = self.stream(question, history=history, since=since, until=until, sources=sources)
        return answer

    async def aask(self, question: str, **options: Any) -> Answer:
        """Answer as `ask` does, in a thread of its own."""
        return await asyncio.to_thread(self.ask, question, **options)

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
    ) -> Iterator[Answer]:
        """Yield longer and longer snapshots of the answer, the first with the passages found, the last one checked."""
        found = self._find(question, self.settings.passages, since, until, sources)
        if self.index.is_empty():
            yield invite_articles(found)
        elif self._finder.confidence(found) < self.settings.confidence:
            yield decline_answer(found)
        else:
            yield begin_answer(found, self.settings.model)
            if self.settings.model is None:
                ranked = self.rank_sentences(found.topic, found.passages, found.language)
                yield quote_answer(found, ranked, self.settings.quotes)
            else:
                yield from write_answer(found, self._chain, self.settings, history)

    def rank_sentences(self, question: str, passages: Sequence[Passage], language: str) -> list[RankedSentence]:
        """Return the sentences of passages that were found for a question, those that answer it best first."""
        embedder = self.index.embedder
        vector = embedder.encode_query(question)
        return rank_sentences(passages, vector, question, language, embedder.encode_documents)

    def confidence(self, question: str, passages: Sequence[Passage], language: str) -> float:
        """Return the probability, 0 to 1, that passages found for a question, in `language`, answer it."""
        return self._finder.confidence_in(question, passages, language)

    def as_retriever(self, limit: int = 8) -> ArticleRetriever:
        """Return the search as a LangChain retriever."""
        return ArticleRetriever(search=lambda question, count: self.search(question, limit=count), limit=limit)

    @cached_property
    def _chain(self) -> "Runnable[dict[str, Any], str]":
        return answer_chain(load_model(self.settings))

    def _find(
        self, question: str, limit: int, since: date | None, until: date | None, sources: Sequence[str]
    ) -> Findings:
        scope = SearchFilter(since, until, tuple(map(_address, sources)))
        return self._finder.find(self._checked(question), limit=limit, scope=scope)

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


def _address(source: str) -> str:
    """Return a path as the index knows it: absolute. Other addresses stay as they are."""
    if "://" in source:
        return source
    try:
        path = Path(source).expanduser()
        return str(path.absolute()) if path.exists() else source
    except (RuntimeError, OSError, ValueError):
        return source
