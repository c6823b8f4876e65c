"""Search one generation with every signal, and fuse what they find."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.alignment import TokenVectors, align, contenders, settle, with_alignment
from index.catalog import Catalog
from index.engines import Scope
from index.fusion import fuse
from index.generations import Generation
from index.lexical import GRAMS, STEMS
from index.models import Article, Passage, Signals
from index.terms import Term, coverage, question_terms, vocabulary
from index.text import grams, stem

Encode = Callable[[Sequence[str]], list[TokenVectors]]

DENSE: Final = "dense"
_DEPTH: Final = 100
"""Candidates that each signal gives to the fusion."""
_WIDE: Final = 1_000
_ENOUGH: Final = 50
"""With a scope, so many of the nearest are looked at first, and will do if so many of them are within it. Chroma takes
25 to 100 times as long to search within a condition as without one: at 100,000 passages 3 ms, and 100 to 300."""
_LANGUAGES: Final = 6
"""A question is stemmed as its own language and as this many of the commonest in the index."""

_KNOWN: Final = {DENSE: 0.7, STEMS: 0.6, GRAMS: 0.6}
"""Weights for a passage in the question's language, where the embedding model knows that language well."""
_FOREIGN: Final = {DENSE: 0.2, STEMS: 0.6, GRAMS: 0.6}
"""The same where it does not: its vectors say little, so words decide."""
_ACROSS: Final = {DENSE: 1.0, STEMS: 0.3, GRAMS: 0.7}
"""Weights for a passage in another language: stems hardly meet; vectors, cognates and names do."""

_AT_HOME: Final = 1.4
_STRANGE: Final = 1.8
"""Word pieces a word, below and above which a tokenizer knows a language fully or not at all."""

_SPARE: Final = 10
"""Passages that are looked at beyond the limit, to fill the places of copies."""
_SAME_STORY: Final = 0.9
"""Share of the different words of two passages that both hold, from which they are copies of one story."""
_DENIALS: Final = (
    "no not never none nobody without cannot ne n pas jamais aucun aucune sans nicht kein keine nie ohne nunca sin non "
    "mai senza não sem niet geen zonder"
)
_DENYING: Final = frozenset(_DENIALS.split())
_TELLING: Final = 20
"""Different words below which two passages may be alike by chance."""


def search_generation(
    generation: Generation,
    catalog: Catalog,
    question: str,
    vector: NDArray[np.float32],
    *,
    language: str,
    languages: Sequence[str],
    familiarity: float,
    limit: int,
    scope: Scope | None = None,
) -> list[Passage]:
    """Return at most `limit` passages, the best first.

    `vector` is the question's, `language` its language, and `familiarity`, 0 to 1, is how well the embedding model
    knows that language. `languages` are those of the index, the commonest first.
    """
    spoken = list(dict.fromkeys([language, *languages[:_LANGUAGES]]))
    terms = question_terms(question, language)
    wanted = [term.word for term in terms]
    rankings = {
        DENSE: _nearest(generation, catalog, vector, scope),
        STEMS: generation.lexical.query(STEMS, _stems_in(wanted, spoken), _DEPTH, scope),
        GRAMS: generation.lexical.query(GRAMS, grams(" ".join(wanted)), _DEPTH, scope),
    }
    language_of = catalog.spoken.of(list({number for scores in rankings.values() for number in scores}))
    within = {signal: familiarity * _KNOWN[signal] + (1 - familiarity) * _FOREIGN[signal] for signal in _KNOWN}
    weights = {number: within if of_passage == language else _ACROSS for number, of_passage in language_of.items()}
    best = _current(catalog, fuse(rankings, weights), limit + _SPARE)
    found = [replace(passage, score=score, signals=_signals(number, rankings)) for number, score, passage in best]
    return [_with_coverage(passage, terms, language) for passage in _without_copies(found)[:limit]]


def _current(catalog: Catalog, ranked: Sequence[tuple[int, float]], most: int) -> list[tuple[int, float, Passage]]:
    """Return the first `most` passages that are current. What was removed meanwhile leaves its place to the next."""
    found: list[tuple[int, float, Passage]] = []
    for start in range(0, len(ranked), most):
        part = ranked[start : start + most]
        passages = catalog.passages([number for number, _ in part])
        found += [(number, score, passages[number]) for number, score in part if number in passages]
        if len(found) >= most:
            break
    return found[:most]


def _nearest(
    generation: Generation, catalog: Catalog, vector: NDArray[np.float32], scope: Scope | None
) -> dict[int, float]:
    """Return the nearest passages within a scope: of the nearest of all, if those are many, else as the engine can."""
    if scope is not None:
        wide = generation.dense.query(vector, _WIDE)
        within = scope.within(catalog.origins(list(wide)))
        if len(within) >= _ENOUGH:
            return dict(islice(((number, cosine) for number, cosine in wide.items() if number in within), _DEPTH))
    return generation.dense.query(vector, _DEPTH, scope)


def align_passages(passages: Sequence[Passage], question: str, language: str, encode_tokens: Encode) -> list[Passage]:
    """Return the passages with their alignment to a question, which is in `language`."""
    terms = question_terms(question, language)
    missing = [passage for passage in passages if passage.signals.alignment is None]
    found = iter(_alignments(missing, terms, question, encode_tokens))
    return [p if p.signals.alignment is not None else with_alignment(p, next(found)) for p in passages]


def settle_passages(passages: Sequence[Passage], question: str, language: str, encode_tokens: Encode) -> list[Passage]:
    """Return the passages of a search, those that contend for the first place ordered by their alignment, too."""
    contending = contenders(passages)
    alignments = _alignments(contending, question_terms(question, language), question, encode_tokens)
    return settle(contending, alignments) + list(passages[len(contending) :])


def _alignments(
    passages: Sequence[Passage], terms: Sequence[Term], question: str, encode_tokens: Encode
) -> list[float]:
    if not passages:
        return []
    asked, *found = encode_tokens([question, *(passage.titled_text for passage in passages)])
    return [align(terms, question, asked, tokens) for tokens in found]


def _without_copies(passages: Sequence[Passage]) -> list[Passage]:
    """Count a story once that several articles tell in nearly the same words; the best one names the others."""
    kept: list[Passage] = []
    shapes: list[frozenset[str]] = []
    for passage in passages:
        shape = vocabulary(passage.text, passage.article.language)
        original = next((place for place, other in enumerate(shapes) if _is_copy(shape, other)), None)
        if original is None or _knows(kept[original], passage.article):
            kept.append(passage)
            shapes.append(shape)
        else:
            kept[original] = replace(kept[original], copies=(*kept[original].copies, passage.article))
    return kept


def _is_copy(shape: frozenset[str], other: frozenset[str]) -> bool:
    fewer, more = (len(shape), len(other)) if len(shape) < len(other) else (len(other), len(shape))
    if fewer < _TELLING or fewer < _SAME_STORY * more:
        return False
    shared = len(shape & other)
    if shared < _SAME_STORY * (fewer + more - shared):
        return False
    # "Shares rose 3%" and "shares rose 5%" are two stories, and so are a claim and its denial.
    return not any(word[0].isdigit() or word in _DENYING for word in shape ^ other)


def _knows(passage: Passage, article: Article) -> bool:
    return article.source in {passage.article.source, *(copy.source for copy in passage.copies)}


def familiarity(pieces: int, words: int) -> float:
    """Return how well an embedding model knows a language, 0 to 1, by how its tokenizer cuts a text in that language.

    A model that was trained on a language has its words whole: all-MiniLM-L6-v2 makes 1.2 pieces of an English word,
    1.8 of a French one, 2.0 of a Spanish one and 2.4 of a German one, and finds passages in this order, too.
    """
    fertility = pieces / max(words, 1)
    return min(1.0, max(0.0, (_STRANGE - fertility) / (_STRANGE - _AT_HOME)))


def _stems_in(wanted: Sequence[str], languages: Iterable[str]) -> set[str]:
    return {stem(word, language) for word in wanted for language in languages}


def _signals(number: int, rankings: Mapping[str, Mapping[int, float]]) -> Signals:
    return Signals(
        dense=rankings[DENSE].get(number, 0.0),
        stems=rankings[STEMS].get(number, 0.0),
        grams=rankings[GRAMS].get(number, 0.0),
    )


def _with_coverage(passage: Passage, terms: Sequence[Term], language: str) -> Passage:
    covered = coverage(terms, passage.titled_text, language=passage.article.language, question_language=language)
    return replace(passage, signals=replace(passage.signals, coverage=covered))
