"""Find the passages for a question: search, let a reranker read them if one is set, mind the time that it names."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from assistant.periods import Period, freshness, mentioned_period, wants_latest
from assistant.reranking import CrossEncoderReranker
from index import ArticleIndex, Passage, SearchFilter
from index.search import question_terms

_DEPTH: Final = 30
"""Passages that are looked at again when a reranker or a time reorders them."""
_FRESHNESS: Final = 0.15
"""What the right time adds to a score of 0 to 1: it decides among equals and overrules no clear difference."""


@dataclass(frozen=True, slots=True)
class Findings:
    """A question, its language, the passages found for it, and the time that it names, if it names one.

    `topic` is the question without the words that name the time: they say when, and not what.
    """

    question: str
    topic: str
    language: str
    passages: tuple[Passage, ...]
    period: Period | None = None


class Finder:
    """Finds passages in an index. `today` is asked at each question."""

    def __init__(
        self, index: ArticleIndex, reranker: CrossEncoderReranker | None = None, today: Callable[[], date] = date.today
    ) -> None:
        self._index = index
        self._reranker = reranker
        self._today = today

    def find(self, question: str, *, limit: int, scope: SearchFilter) -> Findings:
        """Return at most `limit` passages, the best first.

        A time in the question ("last week") is a preference and no filter: an article may tell of it later.
        """
        language = self._index.question_language(question)
        today = self._today()
        period = mentioned_period(question, language, today)
        latest = wants_latest(question, language)
        reorders = self._reranker is not None or period is not None or latest
        depth = max(limit, _DEPTH) if reorders else limit
        topic = question.replace(period.words, " ") if period else question
        topic = topic if question_terms(topic, language) else question
        passages = self._index.search(topic, limit=depth, scope=scope, language=language)
        if self._reranker is not None:
            passages = self._reranker.rerank(question, passages)
        if period is not None or latest:
            passages = _fresher_first(passages, period, today, latest=latest)
        return Findings(question, topic, language, tuple(passages[:limit]), period)


def _fresher_first(passages: list[Passage], period: Period | None, today: date, *, latest: bool) -> list[Passage]:
    # Where everything is old, the newest is the latest there is.
    dates = [passage.article.published for passage in passages if passage.article.published is not None]
    newest = min(today, max(dates, default=today)) if latest and period is None else today
    scored = [
        replace(
            passage,
            score=(passage.score + _FRESHNESS * freshness(passage.article.published, period, newest, latest))
            / (1 + _FRESHNESS),
        )
        for passage in passages
    ]
    return sorted(scored, key=lambda passage: -passage.score)
