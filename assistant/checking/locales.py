"""Names of places, months and weekdays in other languages. The only module that imports babel, which carries CLDR's."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError

from assistant.checking.exonyms import EXONYMS
from assistant.checking.tokens import listed, tokens

Phrase = tuple[str, ...]
"""Folded words in a row: ("united", "states")."""

_ENGLISH: Final = "en"
_CONTINENTS: Final = listed("Africa America Asia Australia Europe")
_NO_CITIES: Final = listed("north south west act lhi center gmt")
_LONGEST_PHRASE: Final = 6
_BEGINNING: Final = 4
_FEW_COUNTRIES: Final = 3
"""A beginning that more countries share ("isla") tells none."""

_SPOKEN_IN: Final[Mapping[str, str]] = {
    "ja": "JP", "zh": "CN", "ko": "KR", "sv": "SE", "da": "DK", "el": "GR", "cs": "CZ", "he": "IL", "hi": "IN",
    "uk": "UA", "sq": "AL", "et": "EE", "sl": "SI", "fa": "IR", "vi": "VN", "nb": "NO", "hy": "AM", "ka": "GE",
}  # fmt: skip
"""Languages whose code is not that of their country. Names of languages are adjectives too: "French", "allemand"."""
_OWN_COUNTRY: Final = listed("fr de es it ru pl pt nl fi hu tr ro bg hr lt lv is th")


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale | None:
    try:
        return Locale.parse(language) if re.fullmatch(r"[a-z]{2,3}", language) else None
    except (UnknownLocaleError, ValueError):
        return None


@lru_cache(maxsize=32)
def months(language: str) -> Mapping[str, int]:
    """Return the folded names and short names of the months, each with its number; empty for an unknown language."""
    return _calendar(language, lambda locale, form, width: locale.months[form][width], ("wide", "abbreviated"))


@lru_cache(maxsize=32)
def weekdays(language: str) -> Mapping[str, int]:
    """Return the folded names of the weekdays, Monday being 0; empty for an unknown language."""
    return _calendar(language, lambda locale, form, width: locale.days[form][width], ("wide",))


def _calendar(
    language: str, names: Callable[[Locale, str, str], Mapping[int, str]], widths: tuple[str, ...]
) -> Mapping[str, int]:
    locale = _locale(language)
    if locale is None:
        return {}
    found: dict[str, int] = {}
    for form in ("format", "stand-alone"):
        for width in widths:
            for number, name in names(locale, form, width).items():
                phrase = _phrase(name)
                if phrase and len(phrase[0]) > 2:
                    found.setdefault(phrase[0], number)
    return found


@lru_cache(maxsize=32)
def places(language: str) -> Mapping[Phrase, frozenset[str]]:
    """Return what countries, peoples, large cities and institutions are called in a language and in English.

    Names that mean the same have a code in common: ("londres",) and ("london",).
    """
    found: dict[Phrase, set[str]] = {}
    for phrase, code in (*_places(_ENGLISH), *_places(language), *_others()):
        if phrase and len(phrase) <= _LONGEST_PHRASE:
            found.setdefault(phrase, set()).add(code)
    return {phrase: frozenset(codes) for phrase, codes in found.items()}


@lru_cache(maxsize=32)
def longest_place(language: str) -> Mapping[str, int]:
    """Return the first words of `places`, each with the number of words of the longest name that begins so."""
    found: dict[str, int] = {}
    for phrase in places(language):
        found[phrase[0]] = max(found.get(phrase[0], 0), len(phrase))
    return found


@lru_cache(maxsize=50_000)
def peoples(word: str, language: str) -> frozenset[str]:
    """Return the countries whose name begins as a folded word does: "romanians", of "Romania"."""
    return _beginnings(language).get(word[:_BEGINNING], frozenset()) if len(word) > _BEGINNING else frozenset()


@lru_cache(maxsize=32)
def _beginnings(language: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for phrase, codes in places(language).items():
        for word in phrase:
            if len(word) >= _BEGINNING:
                found.setdefault(word[:_BEGINNING], set()).update(code for code in codes if len(code) == 2)
    return {beginning: frozenset(codes) for beginning, codes in found.items() if len(codes) <= _FEW_COUNTRIES}


def _places(language: str) -> Iterator[tuple[Phrase, str]]:
    locale = _locale(language)
    if locale is None:
        return
    for code, name in locale.territories.items():
        yield _phrase(name), code
    for code, name in locale.languages.items():
        country = _SPOKEN_IN.get(code) or (code.upper() if code in _OWN_COUNTRY else None)
        if country:
            yield _phrase(name), country
    for zone in _zones():
        named = locale.time_zones.get(zone)
        city = named.get("city") if named is not None else None
        yield _phrase(city or zone.rpartition("/")[2].replace("_", " ")), zone


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Return the time zones that are named for a city: those of the system, and those that CLDR gives other names."""
    locales = filter(None, map(_locale, ("en", "fr", "de", "es", "it")))
    told = {str(zone) for locale in locales for zone in locale.time_zones}
    area = (zone for zone in available_timezones() | told if zone.partition("/")[0] in _CONTINENTS)
    return frozenset(zone for zone in area if zone.rpartition("/")[2].lower() not in _NO_CITIES)


def _others() -> Iterator[tuple[Phrase, str]]:
    for code, names in EXONYMS.items():
        for name in names.split("|"):
            yield tuple(name.split()), code


def _phrase(name: str) -> Phrase:
    return tuple(token.key for token in tokens(name))
