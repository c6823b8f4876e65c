"""Answer without a language model: find the sentences that answer, and quote them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.models import Citation
from assistant.phrases import phrases
from index import Article, Passage, Span
from index.search import Term, coverage

Encode = Callable[[Sequence[str]], NDArray[np.float32]]

_PASSAGE: Final = 0.75
"""What the score of the passage counts beside the sentence's own cosine and coverage (between 0.5 and 1 on XQuAD)."""
_NEAR_DUPLICATE: Final = 0.95
_WORTH: Final = 0.6
"""A further sentence is quoted if its score is at least this share of the best one's."""
_LONGEST: Final = 400
"""Characters. Two neighbouring sentences become one quote up to this length."""


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
    terms: Sequence[Term],
    language: str,
    encode: Encode,
) -> list[RankedSentence]:
    """Return the sentences of `passages`, the best first.

    A sentence is worth what its passage is worth, its cosine to the question, and the share of the question's words
    that it holds.
    """
    places = [(passage, span) for passage in passages for span in passage.sentences]
    if not places:
        return []
    vectors = encode([passage.article.text[span.start : span.end] for passage, span in places])
    ranked = []
    for (passage, span), vector in zip(places, vectors, strict=True):
        text = passage.article.text[span.start : span.end]
        similarity = float(vector @ question_vector)
        covered = coverage(terms, text, language=passage.article.language, question_language=language)
        score = _PASSAGE * passage.score + similarity + covered
        ranked.append(RankedSentence(passage, span, score, similarity, covered, vector))
    return sorted(ranked, key=lambda sentence: -sentence.score)


def choose_sentences(ranked: Sequence[RankedSentence], limit: int) -> list[RankedSentence]:
    """Return the sentences to quote: the best, nearly as good ones, none that says again what another says."""
    chosen: list[RankedSentence] = []
    for sentence in ranked:
        if len(chosen) == limit or sentence.score < _WORTH * ranked[0].score:
            break
        if not any(float(sentence.vector @ other.vector) > _NEAR_DUPLICATE for other in chosen):
            chosen.append(sentence)
    return chosen


def quote_sentences(chosen: Sequence[RankedSentence], language: str) -> tuple[str, tuple[Citation, ...]]:
    """Return the text of an answer and its footnotes: the articles in order of their best sentence, each dated."""
    say = phrases(language)
    parts: list[str] = []
    citations: list[Citation] = []
    for article, spans in _by_article(chosen):
        quotes = []
        for span, context in spans:
            citation = Citation(len(citations) + 1, article, span.start, span.end, context)
            citations.append(citation)
            quotes.append(f"{say.quoted(_on_one_line(citation.quote), article.language)} [{citation.number}]")
        parts.append("\n".join([f"{say.source(article)}:", *quotes]))
    return "\n\n".join(parts), tuple(citations)


def _by_article(chosen: Sequence[RankedSentence]) -> Iterator[tuple[Article, list[tuple[Span, Span]]]]:
    order = list(dict.fromkeys(sentence.passage.article.source for sentence in chosen))
    placed = sorted(chosen, key=lambda s: (order.index(s.passage.article.source), s.span.start))
    for _, group in groupby(placed, key=lambda s: s.passage.article.source):
        sentences = list(group)
        yield sentences[0].passage.article, _joined(sentences)


def _joined(sentences: Sequence[RankedSentence]) -> list[tuple[Span, Span]]:
    """Join neighbours into one quote. Sentences come in the order of their article."""
    quotes: list[tuple[Span, Span]] = []
    for sentence in sentences:
        passage = sentence.passage
        context = Span(passage.start, passage.end)
        if quotes:
            (start, end), previous = quotes[-1]
            neighbours = previous == context and not passage.article.text[end : sentence.span.start].strip()
            if neighbours and sentence.span.end - start <= _LONGEST:
                quotes[-1] = Span(start, sentence.span.end), context
                continue
        quotes.append((sentence.span, context))
    return quotes


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
