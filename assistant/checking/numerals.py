"""Numbers in words, in English, French, German and Spanish, and the large units that follow a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from assistant.checking.tokens import listed
from index.text import fold

_ENGLISH: Final = "en"
_SIZED: Final = listed("en fr de es it pt nl sv da nb no ru uk pl ar he el vi zh ja ko")


class _Part(Enum):
    """How a word builds a number: "three", "thirty", "hundred", "million", and what joins them."""

    UNIT = auto()
    TENS = auto()
    HUNDRED = auto()
    LARGE = auto()
    LINK = auto()


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The number words of a language, folded. `loose` are words that imply a number, good for a cited text only."""

    parts: Mapping[str, tuple[_Part, int]]
    ordinals: Mapping[str, int]
    links: Mapping[str, frozenset[_Part]]
    loose: Mapping[str, int]
    vague: Mapping[str, int]


def _counted(words: str, first: int = 0, step: int = 1) -> dict[str, int]:
    """Return numbers for words, counted from `first` on; words of one number are joined by a stroke."""
    return {word: first + step * place for place, same in enumerate(words.split()) for word in same.split("|")}


def _parts(units: str, tens: str, hundreds: Mapping[str, int]) -> dict[str, tuple[_Part, int]]:
    return {
        **{word: (_Part.UNIT, value) for word, value in _counted(units).items()},
        **{word: (_Part.TENS, value) for word, value in _counted(tens, 20, 10).items() if word != "-"},
        **{word: (_Part.HUNDRED, value) for word, value in hundreds.items()},
    }


_AFTER_HUNDRED: Final = frozenset({_Part.HUNDRED, _Part.LARGE})
_AFTER_TENS: Final = frozenset({_Part.TENS})

_GRAMMARS: Final[Mapping[str, _Grammar]] = {
    "en": _Grammar(
        _parts(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
            " seventeen eighteen nineteen",
            "twenty thirty forty|fourty fifty sixty seventy eighty ninety",
            {"hundred": 100, "dozen": 12},
        ),
        {
            **_counted(
                "first second third|thirds fourth|fourths fifth|fifths sixth|sixths seventh|sevenths eighth|eighths"
                " ninth|ninths tenth|tenths eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth"
                " eighteenth nineteenth twentieth",
                1,
            ),
            "thirtieth": 30,
        },
        {"and": _AFTER_HUNDRED},
        {"both": 2, "pair": 2, "couple": 2, "twice": 2, "double": 2, "each": 2, "twins": 2, "decade": 10,
         "decades": 10, "century": 100, "triple": 3, "trio": 3, "thrice": 3, "quarter": 4, "single": 1},
        {"dozens": 12, "hundreds": 100, "thousands": 1_000, "millions": 10**6, "billions": 10**9, "trillions": 10**12},
    ),
    "fr": _Grammar(
        _parts(
            "zero un|une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
            "vingt|vingts trente quarante cinquante soixante septante huitante|octante nonante",
            {"cent": 100, "cents": 100, "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20,
             "trentaine": 30, "cinquantaine": 50, "centaine": 100, "millier": 1_000},
        ),
        _counted(
            "premier|premiere|premiers|premieres deuxieme|deuxiemes|second|seconde troisieme|tiers quatrieme|quart"
            " cinquieme sixieme septieme huitieme neuvieme dixieme onzieme douzieme treizieme quatorzieme quinzieme"
            " seizieme - - - vingtieme",
            1,
        ),
        {"et": _AFTER_TENS},
        {"double": 2, "deux": 2, "autre": 2, "paire": 2, "couple": 2, "triple": 3, "decennie": 10, "decennies": 10,
         "siecle": 100},
        {"dizaines": 10, "douzaines": 12, "centaines": 100, "milliers": 1_000, "millions": 10**6,
         "milliards": 10**9},
    ),
    "de": _Grammar(
        _parts(
            "null ein|eins|eine|einer|einen|einem zwei|zwo drei vier funf sechs sieben acht neun zehn elf zwolf"
            " dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn",
            "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
            {"hundert": 100, "dutzend": 12},
        ),
        _counted(
            "erst|erste|ersten|erster|erstes zweit|zweite|zweiten|zweiter|zweites dritt|dritte|dritten|dritter|drittes"
            "|drittel viert|vierte|vierten|vierter|viertel funft|funfte|funften|funfter|funftel"
            " sechste|sechsten|sechster|sechstel siebte|siebten|siebter achte|achten|achter neunte|neunten|neunter"
            " zehnte|zehnten|zehnter elfte|elften zwolfte|zwolften dreizehnte|dreizehnten vierzehnte|vierzehnten"
            " funfzehnte|funfzehnten sechzehnte|sechzehnten siebzehnte|siebzehnten achtzehnte|achtzehnten"
            " neunzehnte|neunzehnten zwanzigste|zwanzigsten",
            1,
        ),
        {"und": _AFTER_HUNDRED},
        {"beide": 2, "beiden": 2, "beider": 2, "zweimal": 2, "doppelt": 2, "paar": 2, "dreimal": 3, "jahrzehnt": 10,
         "jahrzehnte": 10, "jahrzehnten": 10, "jahrhundert": 100, "jahrhunderte": 100},
        {"dutzende": 12, "hunderte": 100, "hunderten": 100, "tausende": 1_000, "tausenden": 1_000,
         "millionen": 10**6, "milliarden": 10**9},
    ),
    "es": _Grammar(
        {
            **_parts(
                "cero uno|un|una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
                " dieciseis diecisiete dieciocho diecinueve veinte veintiuno|veintiun veintidos veintitres"
                " veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve",
                "- treinta cuarenta cincuenta sesenta setenta ochenta noventa",
                {"docena": 12, "decena": 10, "centenar": 100, "millar": 1_000},
            ),
            **{
                word: (_Part.UNIT, value)
                for word, value in _counted(
                    "cien|ciento doscientos|doscientas trescientos|trescientas cuatrocientos|cuatrocientas"
                    " quinientos|quinientas seiscientos|seiscientas setecientos|setecientas ochocientos|ochocientas"
                    " novecientos|novecientas",
                    100,
                    100,
                ).items()
            },
        },
        _counted(
            "primero|primer|primera|primeros|primeras segundo|segunda|segundas tercero|tercer|tercera|tercio|tercios"
            " cuarto|cuarta|cuartos quinto|quinta|quintos sexto|sexta septimo|septima octavo|octava noveno|novena"
            " decimo|decima undecimo|undecima duodecimo|duodecima",
            1,
        ),
        {"y": _AFTER_TENS},
        {"ambos": 2, "ambas": 2, "doble": 2, "par": 2, "pareja": 2, "triple": 3, "decada": 10, "decadas": 10,
         "siglo": 100},
        {"docenas": 12, "decenas": 10, "cientos": 100, "centenares": 100, "miles": 1_000, "millones": 10**6},
    ),
}  # fmt: skip

_LARGE: Final[Mapping[str, Mapping[str, int]]] = {
    "": {
        "thousand": 10**3, "million": 10**6, "mn": 10**6, "mio": 10**6, "mln": 10**6, "billion": 10**9, "bn": 10**9,
        "mrd": 10**9, "milliard": 10**9, "milliards": 10**9, "md": 10**9, "mds": 10**9, "mld": 10**9,
        "trillion": 10**12, "tn": 10**12, "trn": 10**12, "millions": 10**6, "billions": 10**9, "trillions": 10**12,
        "mille": 10**3, "millionen": 10**6, "milliarde": 10**9, "milliarden": 10**9, "billionen": 10**12,
        "tausend": 10**3, "mil": 10**3, "millon": 10**6, "millones": 10**6, "millardo": 10**9, "millardos": 10**9,
        "billon": 10**12, "billones": 10**12, "milione": 10**6, "milioni": 10**6, "miliardo": 10**9,
        "miliardi": 10**9, "milhao": 10**6, "milhoes": 10**6, "bilhao": 10**9, "bilhoes": 10**9, "miljoen": 10**6,
        "miljard": 10**9, "duizend": 10**3,
        **{
            fold(word): size
            for size, listed in {
                10**3: "тысяча тысячи тысяч тыс тисяч ألف آلاف tys אלף",
                10**6: "миллион миллиона миллионов млн мільйон мільйони мільйонів مليون ملايين milion miliony milionów"
                " miljoner millioner מיליון εκατομμύριο εκατομμύρια triệu",
                10**9: "миллиард миллиарда миллиардов млрд мільярд мільярди мільярдів مليار مليارات بليون بلايين"
                " miliard miliardy miliardów miljarder milliarder מיליארד δισεκατομμύριο δισεκατομμύρια tỷ",
                10**12: "триллион триллиона триллионов трлн трильйон تريليون تريليونات ترليون bilion biliony bilionów",
            }.items()
            for word in listed.split()
        },
    },
    "fr": {"billion": 10**12, "billions": 10**12, "k": 10**3},
    "de": {"billion": 10**12, "trillion": 10**18},
}  # fmt: skip
"""Where a language is not told, "billion" is the English one."""

_GERMAN_BEGINNINGS: Final = (
    ("zwei", 2), ("drei", 3), ("dritt", 3), ("vier", 4), ("funf", 5), ("sechs", 6), ("sieb", 7), ("zehn", 10),
)  # fmt: skip
"""Of compounds: "zweitgrößte", "vierfach", "Dreiermenge"."""
_LONGEST: Final = 12
"""Words of one number that are read; nobody says more."""


def knows_number_words(language: str) -> bool:
    """Return whether numbers in words are read in this language. An unknown language ("") is read as English."""
    return (language or _ENGLISH) in _GRAMMARS


def knows_sizes(language: str) -> bool:
    """Return whether "million" and its like are known in this language. An unknown language ("") is read as English."""
    return (language or _ENGLISH) in _SIZED


@lru_cache(maxsize=64)
def _large(language: str) -> Mapping[str, int]:
    return {**_LARGE[""], **_LARGE.get(language, {})}


def large_unit(word: str, language: str) -> int | None:
    """Return what a folded word such as "million" multiplies a number by, or None."""
    return _large(language).get(word)


def spelled_number(words: Sequence[str], language: str) -> tuple[Decimal, int] | None:
    """Read a number at the beginning of folded words: its value and how many words it takes, or None."""
    grammar = _GRAMMARS.get(language or _ENGLISH)
    if grammar is None or not words or not _begins(words[0], grammar, language):
        return None
    total, current, used = Decimal(0), Decimal(0), 0
    last: _Part | None = None
    for place, word in enumerate(words[:_LONGEST]):
        part = _part(word, grammar, language)
        if part is None:
            break
        kind, value = part
        if kind is _Part.LINK:
            following = _part(words[place + 1], grammar, language) if place + 1 < len(words) else None
            if last not in grammar.links[word] or following is None or following[0] in _AFTER_HUNDRED:
                break
            continue
        if kind is _Part.LARGE:
            if last is _Part.LARGE:
                total *= value
            else:
                total, current = total + max(current, Decimal(1)) * value, Decimal(0)
        elif kind is _Part.HUNDRED:
            if last is _Part.HUNDRED or last is _Part.TENS:
                break
            current = max(current, Decimal(1)) * value
        elif language == "fr" and value == 20 and current % 100 == 4 and last is _Part.UNIT:
            kind, current = _Part.TENS, current + 76
        elif not _fits(kind, value, current, last, language):
            break
        else:
            current += value
        last, used = kind, place + 1
    return (total + current, used) if used else None


def _begins(word: str, grammar: _Grammar, language: str) -> bool:
    part = _part(word, grammar, language)
    # "Million" alone is no number; "hundred" and "mille" are.
    return part is not None and part[0] is not _Part.LINK and (part[0] is not _Part.LARGE or part[1] == 1_000)


def _fits(kind: _Part, value: int, current: Decimal, last: _Part | None, language: str) -> bool:
    if last is _Part.TENS:
        teens = language == "fr" and current % 100 in (60, 80)
        return kind is _Part.UNIT and 0 < value < (20 if teens else 10)
    if last is _Part.UNIT:
        return (current % 100 == 0 and current > 0 and value < 100) or (
            language == "fr" and current % 20 == 10 and value in (7, 8, 9)
        )
    return True


def _part(word: str, grammar: _Grammar, language: str) -> tuple[_Part, int] | None:
    if word in grammar.links:
        return _Part.LINK, 0
    if word in grammar.parts:
        return grammar.parts[word]
    large = _large(language).get(word) if len(word) > 2 else None
    if large:
        return _Part.LARGE, large
    value = _german_compound(word) if language == "de" and len(word) > 6 else None
    return (_Part.UNIT, value) if value else None


@lru_cache(maxsize=2_000)
def _german_compound(word: str) -> int | None:
    """Read "einundzwanzig", "zweihundertfünf" or "zwölftausend", folded, or return None."""
    if len(word) > 60:
        return None
    thousands, found, rest = word.rpartition("tausend")
    if found:
        above, below = _german_compound(thousands) if thousands else 1, _german_compound(rest) if rest else 0
        return None if above is None or below is None else above * 1_000 + below
    hundreds, found, rest = word.rpartition("hundert")
    if found:
        above, below = _german_compound(hundreds) if hundreds else 1, _german_compound(rest) if rest else 0
        return None if above is None or below is None else above * 100 + below
    parts = _GRAMMARS["de"].parts
    if word in parts:
        return parts[word][1]
    unit, found, tens = word.partition("und")
    if found and unit in parts and tens in parts and parts[unit][1] < 10:
        return parts[unit][1] + parts[tens][1]
    return None


def ordinal(word: str, language: str) -> int | None:
    """Return the number of a folded ordinal ("third", "troisieme"), or None."""
    grammar = _GRAMMARS.get(language or _ENGLISH)
    return grammar.ordinals.get(word) if grammar else None


def vague_number(word: str, language: str) -> int | None:
    """Return the size of a folded plural such as "hundreds" or "milliers", or None."""
    grammar = _GRAMMARS.get(language or _ENGLISH)
    return grammar.vague.get(word) if grammar else None


def implied_number(word: str, language: str) -> int | None:
    """Return the number that a folded word of a cited text implies ("both", "decade"), or None."""
    grammar = _GRAMMARS.get(language or _ENGLISH)
    if grammar is None:
        return None
    if language == "de":
        for beginning, value in _GERMAN_BEGINNINGS:
            if word.startswith(beginning):
                return value
    return grammar.loose.get(word)
