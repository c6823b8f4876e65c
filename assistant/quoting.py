"""Answer without a language model: find the sentences that answer, and quote them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.models import Citation
from assistant.phrases import phrases
from assistant.questions import QuestionKind, could_answer, leans_back, question_kind, reports_speech
from index import Article, Passage, Span
from index.terms import Term, coverage, question_terms

Encode = Callable[[Sequence[str]], NDArray[np.float32]]

_PASSAGE: Final = 1.3
_SIMILARITY: Final = 0.5
_OTHER_KIND: Final = 0.4
"""Beside the coverage of a sentence, which counts 1: what the score of its passage and its cosine count, and what it
loses for holding no date, number or name where the question asks for one. Found on half the questions of four sets
(docs/evaluation.md)."""
_LEANING: Final = 0.8
_FOLLOWING: Final = 0.5
"""What the coverage of a sentence together with the one before it counts: where it leans on that one ("It won …"), and
where it only follows it."""
_NEAR_DUPLICATE: Final = 0.95
_SPEECH: Final = 0.3
"""What a sentence gains for a yes/no question when it says what somebody claimed or denied."""
_WORTH: Final = 0.65
"""A further sentence is quoted if its score is at least this share of the best one's in its language."""
_WORTH_ACROSS: Final = 0.55
"""The best one in another language is, if it is at least this share of the best of all: few words meet there."""
_SHARE: Final = 2 / 3
"""The most of the quotes that one article may take while another has sentences worth quoting."""
_MARK: Final = re.compile(r"\[(\d+)\]")

_LONGEST: Final = 400
"""Characters. Two neighbouring sentences become one quote up to this length."""
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence of a passage: its place in the article, and how well it answers. `similarity` is its cosine."""

    passage: Passage
    span: Span
    score: float
    similarity: float
    coverage: float
    vector: NDArray[np.float32]

    @property
    def text(self) -> str:
        return self.passage.article.text[self.span.start : self.span.end]


def rank_sentences(
    passages: Sequence[Passage],
    question_vector: NDArray[np.float32],
    question: str,
    language: str,
    encode: Encode,
) -> list[RankedSentence]:
    """Return the sentences of `passages`, the best first.

    A sentence is worth what its passage is worth, its cosine to the question, the share of the question's words that
    it and, in part, the sentence before it hold, and that it could answer: that it holds a date where the question asks
    when; for a yes/no question that it says what somebody claimed.
    """
    terms = question_terms(question, language)
    kind = question_kind(question, language)
    speech = _SPEECH if kind is QuestionKind.YES_NO else 0.0
    places = [(passage, span) for passage in passages for span in passage.sentences]
    if not places:
        return []
    vectors = encode([passage.article.text[span.start : span.end] for passage, span in places])
    ranked = []
    for (passage, span), vector in zip(places, vectors, strict=True):
        text = passage.article.text[span.start : span.end]
        similarity = float(vector @ question_vector)
        covered = _covered(terms, passage, span, language)
        answers = could_answer(text, kind, question, passage.article.language)
        score = _PASSAGE * passage.score + _SIMILARITY * similarity + covered
        score += speech * reports_speech(text) - _OTHER_KIND * (not answers)
        ranked.append(RankedSentence(passage, span, score, similarity, covered, vector))
    return sorted(ranked, key=lambda sentence: -sentence.score)


def _covered(terms: Sequence[Term], passage: Passage, span: Span, language: str) -> float:
    """Return the share of the question's words that a sentence holds; those of the one before it count in part."""
    text, spoken = passage.article.text, passage.article.language
    own = coverage(terms, text[span.start : span.end], language=spoken, question_language=language)
    place = passage.sentences.index(span)
    if place == 0:
        return own
    start = passage.sentences[place - 1].start
    share = _LEANING if leans_back(text[span.start : span.end]) else _FOLLOWING
    return max(own, share * coverage(terms, text[start : span.end], language=spoken, question_language=language))


def choose_sentences(ranked: Sequence[RankedSentence], limit: int) -> list[RankedSentence]:
    """Return at most `limit` sentences to quote, the best first: the best one and those nearly as good.

    None says again, in the same words, what another says. While a second article has sentences that are worth quoting,
    one article takes two thirds of the places at most, so that a report and its denial both have their say.
    """
    worthy = _worthy(ranked)
    articles = {sentence.passage.article.source for sentence in worthy}
    most = limit if len(articles) < 2 else max(1, round(limit * _SHARE))
    taken: Counter[str] = Counter()
    chosen: list[RankedSentence] = []
    for sentence in worthy:
        source = sentence.passage.article.source
        if len(chosen) == limit:
            break
        if taken[source] < most and not any(_says_again(sentence, other) for other in chosen):
            taken[source] += 1
            chosen.append(sentence)
    return chosen


def _worthy(ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    best: dict[str, float] = {}
    for sentence in ranked:
        best.setdefault(sentence.passage.article.language, sentence.score)
    top = max(best.values(), default=0.0)
    needed = {lang: _WORTH * (score if score >= _WORTH_ACROSS * top else top) for lang, score in best.items()}
    return [sentence for sentence in ranked if sentence.score >= needed[sentence.passage.article.language]]


def _says_again(sentence: RankedSentence, other: RankedSentence) -> bool:
    return float(sentence.vector @ other.vector) > _NEAR_DUPLICATE


def quote_sentences(chosen: Sequence[RankedSentence], language: str) -> tuple[str, tuple[Citation, ...]]:
    """Return the text of an answer and its footnotes: the articles in order of their best sentence, each dated."""
    say = phrases(language)
    parts: list[str] = []
    citations: list[Citation] = []
    for article, spans in _by_article(chosen):
        quotes = []
        for span, passage in spans:
            context = Span(passage.start, passage.end)
            number = len(citations) + 1
            citation = Citation(number, article, span.start, span.end, context, copies=passage.copies)
            citations.append(citation)
            quotes.append(f"{say.quoted(_displayed(citation.quote), article.language)} [{citation.number}]")
        parts.append("\n".join([f"{say.source(article)}:", *quotes]))
    return "\n\n".join(parts), tuple(citations)


def _by_article(chosen: Sequence[RankedSentence]) -> Iterator[tuple[Article, list[tuple[Span, Passage]]]]:
    order = list(dict.fromkeys(sentence.passage.article.source for sentence in chosen))
    placed = sorted(chosen, key=lambda s: (order.index(s.passage.article.source), s.span.start))
    for _, group in groupby(placed, key=lambda s: s.passage.article.source):
        sentences = list(group)
        yield sentences[0].passage.article, _joined(sentences)


def _joined(sentences: Sequence[RankedSentence]) -> list[tuple[Span, Passage]]:
    """Join neighbours of one paragraph into one quote. Sentences come in the order of their article."""
    quotes: list[tuple[Span, Passage]] = []
    for sentence in sentences:
        passage = sentence.passage
        span = _with_antecedent(sentence)
        if quotes:
            (start, end), previous = quotes[-1]
            near = span.start <= end or _follows(passage.article, end, span.start)
            if previous is passage and near and span.end - start <= _LONGEST:
                quotes[-1] = Span(start, span.end), passage
                continue
            # Joined or not, no sentence is quoted twice.
            span = sentence.span if span.start < end else span
        quotes.append((span, passage))
    return quotes


def _follows(article: Article, end: int, start: int) -> bool:
    """Tell whether nothing stands between two sentences, on one page: neither words nor the end of a paragraph."""
    between = article.text[end:start]
    together = not between.strip() and not _BLANK_LINE.search(between)
    return together and article.page(max(0, end - 1)) == article.page(start)


def _with_antecedent(sentence: RankedSentence) -> Span:
    """Return the span of a sentence, with the one before it where it leans on that one ("That investment, …")."""
    sentences = sentence.passage.sentences
    place = sentences.index(sentence.span)
    if place == 0 or not leans_back(sentence.text):
        return sentence.span
    before = sentences[place - 1]
    together = _follows(sentence.passage.article, before.end, sentence.span.start)
    return Span(before.start, sentence.span.end) if together else sentence.span


def _displayed(quote: str) -> str:
    """Return a quote on one line, its own marks such as [2] in round brackets: only footnotes look like footnotes."""
    return _MARK.sub(r"(\1)", " ".join(quote.split()))
