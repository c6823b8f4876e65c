"""Tell a name from an ordinary word by how frequent it is in other languages: a name is written the same in most."""

from collections.abc import Sequence
from functools import lru_cache
from statistics import fmean
from typing import Final

from assistant.checking.tokens import listed
from index.text import weight

_LANGUAGES: Final = ("en", "fr", "de", "es", "it", "pl", "tr", "fi")
"""Languages in Latin letters, far apart enough that they do not share their ordinary words."""
_ORDINARY: Final = 0.30
"""How much rarer an ordinary word is in other languages: "talks" .53, "money" .45, "information" .38; "Smith" .17,
"Google" 0 (measured with wordfreq's small lists)."""
_PLAINLY_ORDINARY: Final = 0.40
_WRITTEN_ALIKE: Final = 0.25
_RARE: Final = 0.75
"""So rare a word may be rare everywhere: frequency does not tell, its ending may."""
_ENDINGS: Final = tuple(
    listed(
        "ing ings ed ly tion tions sion sions ment ments ness ity ities ence ences ance ances ism isms ist ists ous ive"
        " able ible ship ships hood ers ors ies ure ures ation ology graphy ic ical ial ung ungen heit keit schaft iert"
        " lich isch ische ischen isme ique iques eur eurs euse ite ites idad idades cion ciones miento mente ando iendo"
        " ee ees less ful wise ward wards like"
    )
)
_FUNCTION: Final = 0.12


def is_function_word(word: str, language: str) -> bool:
    """Return whether a lower-case word is among the most frequent of its language ("the", "new")."""
    return weight(word, language) <= _FUNCTION


@lru_cache(maxsize=20_000)
def is_ordinary(word: str, language: str, *, capital_told: bool = False) -> bool:
    """Return whether a lower-case word is an ordinary one of `language`, rather than a name.

    `capital_told` says that it was written with a capital where grammar asks for none: then it must be plainly so.
    """
    own = weight(word, language or "en")
    if capital_told:
        return own < _RARE and _elsewhere(word, language or "en") - own >= _PLAINLY_ORDINARY
    if own >= _RARE:
        plural = word.endswith("s") and weight(word[:-1], language or "en") < 1.0
        return word.endswith(_ENDINGS) or (plural and not word.endswith("ss"))
    return _elsewhere(word, language or "en") - own >= _ORDINARY


@lru_cache(maxsize=20_000)
def is_surely_name(word: str, language: str) -> bool:
    """Return whether a lower-case word is as frequent elsewhere as in `language`, so that it must be a name."""
    own = weight(word, language or "en")
    return own < 1.0 and _elsewhere(word, language or "en") - own < _ORDINARY * 0.75 and not is_ordinary(word, language)


def is_written_alike(word: str, language: str, other: str) -> bool:
    """Return whether a lower-case word of one language is about as frequent in another: names are, mostly."""
    return weight(word, other) - weight(word, language or "en") < _WRITTEN_ALIKE


def _elsewhere(word: str, own: str, languages: Sequence[str] = _LANGUAGES) -> float:
    return fmean(weight(word, language) for language in languages if language != own)
