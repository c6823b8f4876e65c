"""Languages, sentences and words: everything that is known about plain text, without any state."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

import py3langid
import regex
import sentencex
import Stemmer

from index.models import Span

_UNKNOWN_SCORE: Final = -1e30
"""py3langid gives the lowest float to a text of which it knows no n-gram."""

_TOLD: Final = 600
"""Characters after which the language of a text does not become clearer."""
_FAR_MORE_LIKELY: Final = 12.0
"""Nats. Over 98% of XQuAD's and PIAF's questions are this much likelier in their own language than in two others."""

_LONGEST_RUN: Final = 20_000
"""Characters that are split into sentences at once: sentencex takes the square of the time for some text."""
_MAX_SENTENCE: Final = 600
"""Characters. A longer piece without a full stop is a list or a table; it is cut where it can be read."""

_MIN_LETTERS: Final = 2
"""A piece with fewer letters or digits ("—", "1.", ")") is not a sentence of its own."""

_PARAGRAPH_BREAK: Final = re.compile(r"\n[ \t]*\n\s*")
_SOFT_BREAK: Final = re.compile(r"[\s;:,。、；：，]")
_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(«\"'“])(?:[^\W\d_]|[A-Z][a-z]{1,2}|etc|vs|cf|p\.\s?ex|[^\W\d_]\.[^\W\d_])\.\s*$"
)
# Vowels of Hindi, Hebrew and Arabic are marks (\p{M}), which the \w of `re` does not hold.
_WORD: Final = regex.compile(r"\d{4}-\d{2}-\d{2}|\d+(?:[.,]\d+)*|\p{L}[\p{L}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]*)*|[^\W_]+")
_ELISION: Final = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|dell|all|nell|sull|dall|un)['’](?=\w)")
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_ELIDING: Final = frozenset({"fr", "it", "ca", "oc", ""})
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""Scripts written without spaces: Thai, Lao, Burmese, Khmer, Kana, Han. Their runs become overlapping pairs."""

_STEMMERS: Final = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "nl": "dutch", "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

_COMMON_ZIPF: Final = 6.5
"""On the Zipf scale (log10 of occurrences in a billion words) function words begin here: "who" 6.3, "the" 7.7."""
_RARE_ZIPF: Final = 2.5
"""Rarer words are not more telling: names and typing errors live here."""


def detect_language(text: str, *, fallback: str = "", expected: Collection[str] = ()) -> str:
    """Return the ISO 639-1 code of the language of `text`, or `fallback` where it has no words that tell.

    Names mislead in a short text ("Who is Jensen Huang?" looks Dutch), so one of the `expected` languages is preferred
    unless another is far more likely.
    """
    ranked = py3langid.rank(text[:_TOLD])
    code, score = ranked[0]
    if score < _UNKNOWN_SCORE:
        return fallback
    likely = next(((c, s) for c, s in ranked if c in expected and s > score - _FAR_MORE_LIKELY), (code, score))
    return str(likely[0])


def split_sentences(text: str, language: str = "") -> list[Span]:
    """Return the spans of the sentences of `text`, in order and not overlapping.

    Spans leave out the white space around a sentence and nothing else: every visible character of `text` is in
    exactly one span. No sentence crosses a blank line or is longer than 600 characters.
    """
    spans: list[Span] = []
    for start, end in _paragraphs(text):
        for piece in _joined_pieces(text, start, end, language):
            spans.extend(_cut_long(text, piece))
    return spans


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for match in _PARAGRAPH_BREAK.finditer(text):
        yield Span(start, match.start())
        start = match.end()
    yield Span(start, len(text))


def _joined_pieces(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """Split a paragraph with sentencex, and join what it splits after an abbreviation or leaves too short."""
    position = start
    opened: int | None = None
    runs = (text[run.start : run.end] for run in _runs(text, start, end))
    for piece in (piece for run in runs for piece in sentencex.segment(language or "en", run)):
        beginning = position if opened is None else opened
        position += len(piece)
        if position - beginning < _MAX_SENTENCE and _continues(text, beginning, position, end):
            opened = beginning
            continue
        opened = None
        yield from _stripped(text, beginning, position)
    if opened is not None:
        yield from _stripped(text, opened, position)


def _runs(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut a paragraph that is longer than any into runs; a sentence that goes on in the next one is joined again."""
    while end - start > _LONGEST_RUN:
        cut = text.rfind(" ", start + _LONGEST_RUN // 2, start + _LONGEST_RUN) + 1 or start + _LONGEST_RUN
        yield Span(start, cut)
        start = cut
    yield Span(start, end)


def _continues(text: str, start: int, position: int, end: int) -> bool:
    """Tell whether the sentence that began at `start` goes on at `position`. It is shorter than the longest one."""
    following = position
    while following < end and text[following].isspace():
        following += 1
    if following == end:
        return False
    piece = text[start:position]
    too_short = len(list(islice(filter(str.isalnum, piece), _MIN_LETTERS))) < _MIN_LETTERS
    return too_short or text[following].islower() or bool(_ABBREVIATION.search(piece))


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)


def _cut_long(text: str, span: Span) -> Iterator[Span]:
    start, end = span
    while end - start > _MAX_SENTENCE:
        cut = start + _MAX_SENTENCE
        breaks = [match.end() for match in _SOFT_BREAK.finditer(text, start + _MAX_SENTENCE // 2, cut)]
        cut = breaks[-1] if breaks else cut
        yield from _stripped(text, start, cut)
        start = cut
    yield from _stripped(text, start, end)


def fold(text: str) -> str:
    """Return `text` in lower case without accents, so that "Édité" and "edite" are the same."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(text: str, language: str = "") -> list[str]:
    """Return the words of `text` in lower case with accents: numbers whole, elided articles off ("l'accord")."""
    found: list[str] = []
    text = unicodedata.normalize("NFKC", text).lower()
    unspaced = _UNSPACED.search(text) is not None
    for word in _WORD.findall(text):
        if "'" in word or "’" in word:
            word = _POSSESSIVE.sub("", word)
            if language in _ELIDING:
                word = _ELISION.sub("", word)
        if unspaced and _UNSPACED.search(word):
            found.extend(_unspaced_pairs(word))
        elif word:
            found.append(word)
    return found


def _unspaced_pairs(word: str) -> Iterator[str]:
    if len(word) == 1:
        yield word
    for start in range(len(word) - 1):
        yield word[start : start + 2]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the folded Snowball stem of a lower-case word, or the folded word where Snowball lacks the language."""
    stemmer = _stemmer(language)
    return fold(stemmer.stemWord(word) if stemmer else word)


def stems(text: str, language: str) -> list[str]:
    """Return the folded stems of the words of `text`, in order."""
    return [stem(word, language) for word in words(text, language)]


def _stemmer(language: str) -> "Stemmer.Stemmer | None":
    name = _STEMMERS.get(language)
    # A Stemmer is not thread-safe and costs microseconds to make.
    return Stemmer.Stemmer(name) if name else None


def grams(text: str, size: int = 4) -> list[str]:
    """Return the folded character n-grams of the words of `text`, with a mark at both ends of a word.

    They find what stems miss: compounds, inflections without a stemmer, and cognates across languages.
    """
    found: list[str] = []
    for word in words(text):
        found.extend(_word_grams(word, size))
    return found


@lru_cache(maxsize=50_000)
def _word_grams(word: str, size: int) -> tuple[str, ...]:
    marked = f"_{fold(word)}_"
    return tuple(marked[start : start + size] for start in range(max(1, len(marked) - size + 1)))


_ASKING: Final = {
    language: frozenset(listed.split())
    for language, listed in {
        "de": "wer wen wem wessen was wann wo wohin woher warum weshalb wie welche welcher welches",
        "en": "who whom whose what which when where why how",
        "es": "quién quiénes qué cuál cuáles cuándo dónde adónde cómo cuánto cuánta cuántos cuántas",
        "fr": "qui que quoi quel quelle quels quelles où quand comment combien pourquoi lequel laquelle",
        "it": "chi che cosa quale quali quando dove come quanto quanta quanti quante perché",
        "nl": "wie wat welke welk wanneer waar waarom hoe hoeveel",
        "pt": "quem qual quais quando onde como quanto quanta quantos quantas porquê",
    }.items()
}
"""Words that only ask. Some are not frequent enough for their frequency to tell."""


@lru_cache(maxsize=20_000)
def weight(word: str, language: str) -> float:
    """Return how much a word of a question tells, 0 (function words) to 1 (rare words and names), by its frequency.

    Frequencies come from wordfreq, so a small collection needs no stop words: "did" tells nothing even where it
    stands once. A language that wordfreq does not know is measured as English.
    """
    if word in _ASKING.get(language, ()):
        return 0.0
    from wordfreq import zipf_frequency  # it takes as long to load as half of the rest

    known = language if language in _frequency_languages() else "en"
    zipf = zipf_frequency(word, known, wordlist="small")
    return min(1.0, max(0.0, (_COMMON_ZIPF - zipf) / (_COMMON_ZIPF - _RARE_ZIPF)))


@lru_cache(maxsize=1)
def _frequency_languages() -> frozenset[str]:
    from wordfreq import available_languages

    return frozenset(available_languages("small")) - {"ja", "ko", "zh"}
