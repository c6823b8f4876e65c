"""Days, months and weekdays in a text, and those of a statement that what it cites does not name."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.checking.locales import months, weekdays
from assistant.checking.sinic import read_dates
from assistant.checking.tokens import Token, listed
from assistant.models import Fault, FaultKind

_NUMERIC: Final = re.compile(r"(?<![\w.])(\d{1,4})([./-])(\d{1,2})\2(\d{2,4})(?!\w)")
_SKIPPED: Final = listed("of de del the le st nd rd th er ter d l en")
"""What may stand between a day, a month and a year: "2nd of February", "el 2 de febrero de 2026", "1er février"."""
_ALSO_WORDS: Final = listed("may march mars marche mar sept dec out set mai marzo jun jan dez gen ago med abr avr")
"""Months that are other words too, in some language. They count beside a number, or after a word such as "in"."""
_LEADING: Final = listed(
    "in en im since until by of early late mid last next this depuis debut fin mi des du le de desde hasta seit bis"
    " ende anfang mitte till before after"
)
_SMALL_AFTER: Final = listed("mars aout juin mai mayo maio")
"""Months that French, Spanish and Portuguese write small, as they write all: "en août"."""
_INFLECTED: Final = listed("ru uk be bg pl cs sk sl hr sr lt lv fi et hu tr")
"""Languages whose names of months and weekdays have endings."""
_SOFT: Final = "aeiouyаеиоуьюя"
_CASES: Final[Mapping[str, Mapping[str, int]]] = {"ru": {"мае": 5}}
_SHORTEST_STEM: Final = 3
_LONGEST_ENDING: Final = 4
_UNSPACED: Final = listed("zh ja ko")
_SINIC_DAYS: Final[Mapping[str, int]] = {
    f"{word}{day}": number
    for word in ("周", "週", "星期", "礼拜", "禮拜")
    for number, day in enumerate("一二三四五六日")
} | {"星期天": 6, "礼拜天": 6, "禮拜天": 6}
_STEPS: Final = 3
_FIRST_YEAR: Final = 1_000
_LAST_YEAR: Final = 2_200
_LAST_DAY: Final = 31
_CENTURY: Final = 100


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is told: its place, and its readings as (year, month, day), None where it is open."""

    start: int
    end: int
    readings: tuple[tuple[int | None, int, int | None], ...]


@lru_cache(maxsize=64)
def _months(language: str) -> Mapping[str, int]:
    return {**months("en"), **months(language)}


@lru_cache(maxsize=4_096)
def _month(word: str, language: str) -> int | None:
    """Return the month that a folded word names, in a case of its own where the language has cases: "сентябре"."""
    known = _months(language)
    if word in known or language not in _INFLECTED:
        return known.get(word)
    for stem, month in _month_stems(language).items():
        longest = _LONGEST_ENDING if len(stem) > _SHORTEST_STEM else 1
        if word.startswith(stem) and len(word) - len(stem) <= longest:
            return month
    return _CASES.get(language, {}).get(word)


@lru_cache(maxsize=64)
def _month_stems(language: str) -> Mapping[str, int]:
    """Return what the names of the months begin with, in all cases; short forms have none."""
    known = months(language)
    whole = {name for name in known if len(name) > _SHORTEST_STEM and not any(_is_short(name, one) for one in known)}
    return {name[:-1] if name[-1] in _SOFT else name: known[name] for name in whole}


def _is_short(name: str, other: str) -> bool:
    return other != name and other.startswith(name)


@lru_cache(maxsize=64)
def _weekdays(language: str) -> Mapping[str, int]:
    return {**weekdays("en"), **weekdays(language), **(_SINIC_DAYS if language == "zh" else {})}


def read_days(text: str, words: Sequence[Token], language: str) -> list[Day]:
    """Return the dates of `text` that name a month, in order; `words` are its tokens."""
    found = [_numeric(match) for match in _NUMERIC.finditer(text)]
    days = [day for day in found if day.readings]
    days += [Day(start, end, (reading,)) for start, end, reading in read_dates(text)]
    for place, word in enumerate(words):
        month = _month(word.key, language)
        if month:
            day = _around(text, words, place, month)
            if day and not any(one.start <= day.start < one.end for one in days):
                days.append(day)
    return sorted(days, key=lambda day: day.start)


def day_faults(text: str, said: Sequence[Day], cited: Sequence[Day], numbers: Collection[int]) -> Iterator[Fault]:
    """Yield a fault for each date of a statement that no cited date agrees with.

    `numbers` are the whole numbers of what is cited: a year or a day may stand there apart from its month.
    """
    there = [reading for day in cited for reading in day.readings]
    for day in said:
        if not any(_agree(reading, told, numbers) for reading in day.readings for told in there):
            yield Fault(FaultKind.DATE, " ".join(text[day.start : day.end].split()))


def weekday_faults(
    said: Sequence[Token], language: str, cited: Sequence[Token], cited_language: str
) -> Iterator[Fault]:
    """Yield a fault for each weekday of a statement where what it cites names only others."""
    here, there = _weekdays(language), _weekdays(cited_language)
    # "Donnerstagmorgen" is a Thursday, and so is "четверга"; Chinese words have no spaces between them.
    names = [(name[:-1] if cited_language in _INFLECTED and len(name) > _SHORTEST_STEM else name, day) for name, day
             in there.items()]  # fmt: skip
    unspaced = cited_language in _UNSPACED
    told = {
        day for word in cited for name, day in names if word.key.startswith(name) or (unspaced and name in word.key)
    }
    if not told:
        return
    for word in said:
        day = here.get(word.key)
        if day is None and language in _UNSPACED:
            day = next((day for name, day in here.items() if name in word.key), None)
        if day is not None and day not in told:
            yield Fault(FaultKind.DATE, word.text)


def _agree(
    said: tuple[int | None, int, int | None], told: tuple[int | None, int, int | None], numbers: Collection[int]
) -> bool:
    year, month, day = said
    if month != told[1]:
        return False
    if day is not None and (told[2] or day) != day:
        return False
    if day is not None and told[2] is None and day not in numbers:
        return False
    if year is None or year == told[0]:
        return True
    # "In September", said in February 2026, is September 2025.
    return told[0] is None and (year in numbers or year + 1 in numbers)


def _numeric(match: re.Match[str]) -> Day:
    first, second, third = int(match[1]), int(match[3]), int(match[4])
    if len(match[1]) == 4:
        orders = [(first, second, third)]
    else:
        year = third if third >= _CENTURY else 2_000 + third
        orders = [(year, second, first), (year, first, second)]
    readings = tuple((y, m, d) for y, m, d in dict.fromkeys(orders) if 1 <= m <= 12 and 1 <= d <= _LAST_DAY)
    return Day(match.start(), match.end(), readings)


def _around(text: str, words: Sequence[Token], place: int, month: int) -> Day | None:
    """Read the day and the year beside the name of a month, or return None where it is another word."""
    word = words[place]
    year = day = None
    start, end = word.start, word.end
    before = _number(text, words, place, -1)
    after = _number(text, words, place, 1)
    if before and before[0] <= _LAST_DAY:
        day, start = before[0], before[1].start
    if after and _FIRST_YEAR <= after[0] < _LAST_YEAR:
        year, end = after[0], after[1].end
    elif after and after[0] <= _LAST_DAY and day is None:
        day, end = after[0], after[1].end
        later = _number(text, words, words.index(after[1], place), 1)
        if later and _FIRST_YEAR <= later[0] < _LAST_YEAR:
            year, end = later[0], later[1].end
    if year is None and day is None and _other_word(words, place):
        return None
    return Day(start, end, ((year, month, day),))


def _other_word(words: Sequence[Token], place: int) -> bool:
    word = words[place]
    if word.key not in _ALSO_WORDS and (word.capital or len(word.key) > 4):
        return False
    return not (place and words[place - 1].key in _LEADING and (word.capital or word.key in _SMALL_AFTER))


def _number(text: str, words: Sequence[Token], place: int, step: int) -> tuple[int, Token] | None:
    """Return the nearest number before (-1) or behind (1) a word, if nothing but small words stands between."""
    for distance in range(1, _STEPS + 1):
        at = place + step * distance
        if not 0 <= at < len(words):
            return None
        one, other = (words[at], words[at - step]) if step < 0 else (words[at - step], words[at])
        if text[one.end : other.start].strip(" \u00a0\u202f\n,.ºª°"):
            return None
        word = words[at]
        if word.key.isdecimal() and len(word.key) <= 4:
            return int(word.key), word
        if word.key not in _SKIPPED:
            return None
    return None
