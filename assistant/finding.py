"""Find the passages for a question: search, let a reranker read them if one is set, mind the time that it names."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, NamedTuple

from assistant.confidence import LOOKED_AT, confidence
from assistant.periods import Period, freshness, mentioned_period, wants_latest
from assistant.reranking import CrossEncoderReranker
from index import Article, ArticleIndex, Passage, SearchFilter
from index.embedding import BUNDLED_MODEL
from index.terms import question_terms

_DEPTH: Final = 30
"""Passages that are looked at again when a reranker, a time or another wording reorders them."""
_CLOSEST: Final = 2
"""Passages to search for at least: the first place may be settled between two."""
_FRESHNESS: Final = 0.15
"""What the right time adds to a score of 0 to 1: it decides among equals and overrules no clear difference."""
_SURENESS: Final = 0.5
"""The share of its scores that a search loses at most, as it is less sure than the surest one: chosen with
`benchmarks/translated_search.py`."""


@dataclass(frozen=True, slots=True)
class Findings:
    """A question, its language, the passages found for it, and the time that it names, if it names one.

    `topic` is what was searched, without the words that name the time: they say when, and not what. `topics` are the
    topics by language, the question's own and its translations. `asked` is the question as a model is to answer it: a
    follow-up stands alone there. `searched` are the questions searched, where that was not the question alone. `scope`
    is what they were searched in.
    """

    question: str
    topic: str
    language: str
    passages: tuple[Passage, ...]
    period: Period | None = None
    asked: str = ""
    searched: tuple[str, ...] = ()
    topics: Mapping[str, str] = field(default_factory=dict)
    scope: SearchFilter = field(default_factory=SearchFilter)


class _Search(NamedTuple):
    """What was searched in a language, and the passages it found."""

    topic: str
    language: str
    passages: list[Passage]


class Finder:
    """Finds passages in an index. `today` is asked at each question."""

    def __init__(
        self, index: ArticleIndex, reranker: CrossEncoderReranker | None = None, today: Callable[[], date] = date.today
    ) -> None:
        self._index = index
        self._reranker = reranker
        self._today = today

    def find(
        self,
        question: str,
        *,
        limit: int,
        scope: SearchFilter,
        language: str | None = None,
        asked: str = "",
        searched: str = "",
        context: str = "",
        translations: Mapping[str, str] | None = None,
    ) -> Findings:
        """Return at most `limit` passages, the best first.

        A time in the question ("last week") is a preference and no filter: an article may tell of it later.
        `language` is the question's, detected if not given. For a follow-up, `asked` is the question made to stand
        alone, `searched` what to search for it, and `context` the same with words of an earlier question: what that
        finds too comes first. `translations` are the question by language: each is searched too, for the passages in
        its language, and a passage keeps the best of its scores.
        """
        language = language or self._index.question_language(question)
        asked = asked or question
        searched = searched or asked
        translations = {code: text for code, text in (translations or {}).items() if code != language}
        today = self._today()
        period = mentioned_period(searched, language, today)
        latest = wants_latest(searched, language)
        reorders = self._reranker is not None or period is not None or latest or bool(context)
        depth = max(limit, _DEPTH) if reorders else limit
        topics = {code: _topic(text, code, today) for code, text in {language: searched, **translations}.items()}
        passages = self._search(topics, language, depth, scope)
        if context:
            passages = _averaged(passages, self._index.search(context, limit=depth, scope=scope, language=language))
        if self._reranker is not None:
            passages = self._reranker.rerank(asked, passages)
        if period is not None or latest:
            passages = _fresher_first(passages, period, today, latest=latest)
        own = context or searched
        others = () if own == question and not translations else (own, *translations.values())
        best = tuple(passages[:limit])
        return Findings(question, topics[language], language, best, period, asked, others, topics, scope)

    def confidence(self, found: Findings) -> float:
        """Return the probability, 0 to 1, that a passage answers, each held against the topic in its own language."""
        likely: dict[str, list[Passage]] = {}
        for passage in found.passages[:LOOKED_AT]:
            spoken = passage.article.language
            likely.setdefault(spoken if spoken in found.topics else found.language, []).append(passage)
        return max(
            (self.confidence_in(found.topics.get(code, found.topic), own, code) for code, own in likely.items()),
            default=0.0,
        )

    def is_answered(self, found: Findings, least: float) -> bool:
        """Tell whether `confidence` reaches `least`. The first passage alone mostly does, and costs a third."""
        first, others = found.passages[:1], found.passages[1:LOOKED_AT]
        return any(self.confidence(replace(found, passages=part)) >= least for part in (first, others) if part)

    def confidence_in(self, topic: str, passages: Sequence[Passage], language: str) -> float:
        """Return the probability, 0 to 1, that passages found for a topic answer it. `language` is the topic's."""
        if self._index.embedder.name != BUNDLED_MODEL:
            return confidence(topic, passages, language, by_words=True)
        return confidence(topic, self._index.align(topic, passages[:LOOKED_AT], language=language), language)

    def _search(self, topics: Mapping[str, str], language: str, depth: int, scope: SearchFilter) -> list[Passage]:
        def search(spoken: str) -> _Search:
            topic = topics[spoken]
            # Of a search in a translation only the passages in its language count, and all languages are searched.
            deep = depth if spoken == language else max(depth, _DEPTH)
            found = self._index.search(topic, limit=max(deep, _CLOSEST), scope=scope, language=spoken)
            found = self._index.settle(topic, found, language=spoken)
            own = found if spoken == language else [p for p in found if p.article.language == spoken]
            return _Search(topic, spoken, own)

        if len(topics) == 1:
            return search(language).passages
        with ThreadPoolExecutor(len(topics)) as together:
            return _merged(list(together.map(search, topics)))


def _topic(question: str, language: str, today: date) -> str:
    period = mentioned_period(question, language, today)
    # "Last week" stands in no article of that week; "in 2013" does.
    relative = period is not None and not any(letter.isdigit() for letter in period.words)
    topic = question.replace(period.words, " ") if period and relative else question
    return topic if question_terms(topic, language) else question


def _merged(searches: Sequence[_Search]) -> list[Passage]:
    """Return the passages of several searches, the best first, each once, with its best score.

    The best passage of every search has a score near 1, whether it fits or not. So the scores of a search count less
    as it is less sure, by its words alone, that it found an answer.
    """
    sure = [confidence(search.topic, search.passages, search.language, by_words=True) for search in searches]
    most = max(sure) or 1.0
    best: dict[tuple[str, int, int], Passage] = {}
    for search, own in zip(searches, sure, strict=True):
        share = 1 - _SURENESS * (1 - own / most)
        for passage in search.passages:
            place = passage.article.source, passage.start, passage.end
            score = share * passage.score
            if place not in best or best[place].score < score:
                best[place] = replace(passage, score=score)
    merged: list[Passage] = []
    for passage in sorted(best.values(), key=lambda passage: -passage.score):
        if not any(_is_listed(passage, other) for other in merged):
            merged.append(passage)
    return merged


def _averaged(passages: Sequence[Passage], others: Sequence[Passage]) -> list[Passage]:
    """Return the passages with the mean of their scores in two searches, 0 where the other did not find them."""
    scores = {(other.article.source, other.start): other.score for other in others}
    averaged = [replace(p, score=(p.score + scores.get((p.article.source, p.start), 0.0)) / 2) for p in passages]
    return sorted(averaged, key=lambda passage: -passage.score)


def _is_listed(passage: Passage, other: Passage) -> bool:
    """Tell whether one search listed a passage under another, and another search the other way round."""
    return _lists(other, passage.article) and _lists(passage, other.article)


def _lists(passage: Passage, article: Article) -> bool:
    return any(copy.source == article.source for copy in passage.copies)


def _fresher_first(passages: list[Passage], period: Period | None, today: date, *, latest: bool) -> list[Passage]:
    # Where everything is old, the newest is the latest there is.
    dates = [day for passage in passages for day in _days(passage)]
    newest = min(today, max(dates, default=today)) if latest and period is None else today

    def score(passage: Passage) -> float:
        fresh = max((freshness(day, period, newest, latest) for day in _days(passage)), default=0.0)
        return (passage.score + _FRESHNESS * fresh) / (1 + _FRESHNESS)

    scored = [replace(passage, score=score(passage)) for passage in passages]
    return sorted(scored, key=lambda passage: -passage.score)


def _days(passage: Passage) -> list[date]:
    """Return the days on which a passage was published, in its article or in a copy of it."""
    days = (article.published for article in (passage.article, *passage.copies))
    return [day for day in days if day is not None]
