"""Numbers in a text, with their size and unit, however they are written; and those that a statement invents."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from assistant.checking.bounds import Bound, bound_around
from assistant.checking.numerals import (
    implied_number,
    knows_number_words,
    knows_sizes,
    large_unit,
    ordinal,
    spelled_number,
    vague_number,
)
from assistant.checking.sinic import is_percent_before, read_sized, spelled_numbers, unit_behind
from assistant.checking.tokens import Token, listed
from assistant.checking.units import CURRENCY_SIGNS, PERCENT, PERCENTAGE_POINT, POINT, unit_of
from assistant.models import Fault, FaultKind
from index import Span
from index.text import fold

_DIGITS: Final = re.compile(
    r"(?:(?<![^\W_])|(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]))"
    r"(?:\d{1,3}(?:[.,'’ \u00a0\u2009\u202f]\d{3})+(?!\d)(?:[.,]\d{1,20}(?!\d))?|\d+(?:[.,]\d+)?)"
)
_FRACTIONS: Final = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.333", "⅔": "0.667", "⅛": "0.125"}
_ATTACHED: Final[dict[str, int]] = {
    "k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12, "t": 10**12,
}  # fmt: skip
"""Letters right behind digits that may mean a size ("$5m", "10k") or a unit ("5m"), or nothing ("5G")."""
_AFTERNOON: Final = frozenset({"pm"})
_YEARS: Final = listed("annees anos anni")
_DECADE: Final = listed("s er")
_DECADES: Final = frozenset(range(20, 100, 10))
""""Les années 70", "the 70s" and "die 70er" are the 1970s."""
_APPROXIMATELY: Final = listed(
    "about around roughly approximately nearly almost some over under circa environ pres presque quelque plus moins"
    " rund etwa ungefahr fast knapp uber circa casi unos unas alrededor aproximadamente cerca more less"
)
_ROUNDED_BY: Final = Decimal("0.05")
"""How far a number may be off that the statement itself calls rough: "about 5.3 million" for 5,271,000."""
_RANGE: Final = re.compile(
    r"\s?[-–—]\s?|\s(?:to|and|or|a|al|et|ou|bis|und|oder|y|o|hasta)\s(?:un\s|el\s|les\s)?", re.IGNORECASE
)
_DEFINITE: Final = listed("the these those both les ces aux des die diese beiden den der los las estos estas his")
_ROMAN: Final = re.compile(r"(?=[IVXLC])(?:X[LC]|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_LONGEST_NUMBER: Final = 30
"""Digits. A longer run is an identifier; its first digits stand for it."""
_POINTS: Final = {POINT, PERCENTAGE_POINT}
_FIRST_YEAR: Final = 1_000
_LAST_YEAR: Final = 2_100
_NEAR: Final = 24
_SMALL: Final = 100


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number: its place with size and unit, what it may mean ("1,234" has two readings), and its unit if told.

    `spelled` is a number in words. `counted` tells that a word follows that names what is counted. `sized` says that
    "million" or the like is part of it. `rough` follows a word such as "about", `vague` is "hundreds" or the like, and
    `bound` is what "more than" and "up to" say.
    """

    start: int
    end: int
    values: frozenset[Decimal]
    unit: str = ""
    spelled: bool = False
    counted: bool = False
    sized: bool = False
    rough: bool = False
    ordinal: bool = False
    vague: bool = False
    bound: Bound = Bound.NONE


def read_quantities(text: str, words: Sequence[Token], language: str) -> list[Quantity]:
    """Return the quantities of `text`, in order; `words` are its tokens."""
    found = [*_in_digits(text, words, language), *_in_words(text, words, language), *_in_characters(text)]
    found.sort(key=lambda quantity: (quantity.start, -quantity.end))
    apart: list[Quantity] = []
    for quantity in found:
        if not apart or quantity.start >= apart[-1].end:
            apart.append(quantity)
    return _ranges(text, apart)


def implied_values(words: Iterable[Token], language: str) -> set[Decimal]:
    """Return the numbers that words of a cited text imply: "both" is two, "XIX" is nineteen."""
    found: set[Decimal] = set()
    for word in words:
        implied = implied_number(word.key, language) or _roman(word.text)
        if implied:
            found.add(Decimal(implied))
    return found


def quantity_faults(
    text: str,
    said: Sequence[Quantity],
    cited: Sequence[Quantity],
    implied: Collection[Decimal],
    *,
    dated: Sequence[Span],
    spelled: Collection[str],
    languages: tuple[str, str],
) -> Iterator[Fault]:
    """Yield a fault for each number of a statement that is not among the cited ones, or has another unit or bound.

    Numbers inside the spans of `dated` are not looked at. `spelled` are the folded words of the cited text: a title in
    another language may hold the very word. `languages` are those of the statement and of what it cites: where numbers
    in words are not read, small ones are not looked at, nor are sizes where "million" is not known.
    """
    spelled_elsewhere, sizes_known = not knows_number_words(languages[1]), all(map(knows_sizes, languages))
    counts = {value for quantity in cited if not quantity.ordinal for value in quantity.values} | set(implied)
    anything = counts | {value for quantity in cited for value in quantity.values}
    for quantity in said:
        if any(start <= quantity.start < end for start, end in dated) or _idle(text, quantity):
            continue
        if spelled_elsewhere and (quantity.vague or all(value < _SMALL for value in quantity.values)):
            continue
        words = " ".join(text[quantity.start : quantity.end].split())
        # "Three fifths" holds a three and no five.
        values = counts if quantity.spelled and not quantity.ordinal else anything
        if quantity.spelled and quantity.values.isdisjoint(values) and fold(words) in spelled:
            continue
        same = [one for one in cited if one.values & quantity.values]
        if not quantity.values & values:
            rounded = quantity.rough and _rounds(quantity, values)
            if not rounded and (sizes_known or not any(_may_be_sized(quantity, one) for one in cited)):
                yield Fault(FaultKind.NUMBER, words)
        elif _other_unit(quantity, same):
            yield Fault(FaultKind.UNIT, words)
        elif same and all(one.bound.contradicts(quantity.bound) for one in same):
            yield Fault(FaultKind.NUMBER, words)


def _may_be_sized(one: Quantity, other: Quantity) -> bool:
    """Return whether one of two numbers has a size, and the other the same figures and a word that may be a size."""
    sized, bare = (one, other) if one.sized else (other, one)
    figures = {value.normalize().as_tuple().digits for value in sized.values}
    return (
        sized.sized and not bare.sized and any(value.normalize().as_tuple().digits in figures for value in bare.values)
    )


def _idle(text: str, quantity: Quantity) -> bool:
    """Return whether a number says nothing to be checked: "one", "first", and "the two" of what was named."""
    if not quantity.spelled:
        return False
    if quantity.values == {Decimal(1)}:
        return True
    before = fold(text[max(0, quantity.start - _NEAR) : quantity.start]).split()
    return quantity.values == {Decimal(2)} and not quantity.ordinal and bool(before) and before[-1] in _DEFINITE


def _rounds(quantity: Quantity, values: Iterable[Decimal]) -> bool:
    """Return whether a number that is called rough is a rounder form of one of these."""
    return any(
        _figures(value) < _figures(told) and abs(value - told) <= _ROUNDED_BY * abs(told)
        for value in quantity.values
        for told in values
    )


def _figures(value: Decimal) -> int:
    """Return how many figures of a number are significant: two of 5,300,000."""
    return len(value.normalize().as_tuple().digits)


def _other_unit(quantity: Quantity, same: Sequence[Quantity]) -> bool:
    """Return whether all cited quantities of this value have another unit."""
    if not same or any(one.unit == quantity.unit or {one.unit, quantity.unit} == _POINTS for one in same):
        return False
    if quantity.unit == PERCENT:
        return all(one.unit or one.counted or one.sized for one in same)
    if not quantity.unit:
        return quantity.counted and not quantity.spelled and all(one.unit == PERCENT for one in same)
    return all(one.unit for one in same)


def _in_digits(text: str, words: Sequence[Token], language: str) -> Iterator[Quantity]:
    place = 0
    for match in _DIGITS.finditer(text):
        values, end = _values(match[0]), match.end()
        if text[end : end + 1] in _FRACTIONS:
            part = Decimal(_FRACTIONS[text[end]])
            values, end = frozenset(value + part for value in values), end + 1
        sinic = read_sized(text, match.start())
        if sinic:
            values, end = frozenset({sinic.value}), sinic.end
        while place < len(words) and words[place].start < end:
            place += 1
        unit = unit_behind(text, end)
        if sinic or unit:
            yield _in_asia(text, Quantity(match.start(), end, values, sized=sinic is not None), unit)
            continue
        yield _sized(text, words, place, Quantity(match.start(), end, values), language)


def _in_asia(text: str, quantity: Quantity, unit: tuple[str, int] | None) -> Quantity:
    """Read what stands around a number of a Chinese, Japanese or Korean text."""
    named, end = unit or ("", quantity.end)
    start = quantity.start
    if not named:
        named, start = (PERCENT, start) if is_percent_before(text, start) else _unit_before(text, start)
    bound = bound_around(text, start, end, named)
    return replace(quantity, start=start, end=end, unit=named, counted=True, bound=bound)


def _in_characters(text: str) -> Iterator[Quantity]:
    """Read the numbers in Chinese characters."""
    for start, number, whole in spelled_numbers(text):
        unit = unit_behind(text, number.end)
        if whole or unit:
            quantity = Quantity(start, number.end, frozenset({number.value}), spelled=True, sized=True)
            yield _in_asia(text, quantity, unit)


def _values(written: str) -> frozenset[Decimal]:
    """Return the readings of a number in digits: "1.234" is 1234 or 1.234, by the tradition."""
    digits = "".join(character for character in written if character.isdigit())
    if len(digits) > _LONGEST_NUMBER:
        return frozenset({Decimal(digits[:_LONGEST_NUMBER])})
    groups = re.split(r"\D", written)
    separators = [character for character in written if not character.isdigit()]
    whole = Decimal(digits)
    if not separators:
        return frozenset({whole})
    decimal = Decimal("".join(groups[:-1]) + "." + groups[-1])
    if separators[-1] not in ".,":
        return frozenset({whole})
    if len(separators) == 1:
        grouped = len(groups[1]) == 3 and groups[0] != "0" and len(groups[0]) <= 3
        return frozenset({whole, decimal}) if grouped else frozenset({decimal})
    return frozenset({decimal if separators[-1] != separators[-2] else whole})


def _in_words(text: str, words: Sequence[Token], language: str) -> Iterator[Quantity]:
    keys = [word.key for word in words]
    place = 0
    while place < len(words):
        read = None if keys[place].isdigit() else spelled_number(keys[place : place + 12], language)
        value, used = read or (None, 1)
        word = words[place]
        if value is not None:
            quantity = Quantity(word.start, words[place + used - 1].end, frozenset({value}), spelled=True)
            yield _sized(text, words, place + used, quantity, language)
        else:
            other = ordinal(word.key, language)
            vague = vague_number(word.key, language)
            if other or (vague and not _counted_before(text, words, place)):
                number = Decimal(other or vague or 0)
                found = Quantity(word.start, word.end, frozenset({number}), spelled=True)
                yield replace(found, ordinal=bool(other), vague=not other)
        place += used


def _counted_before(text: str, words: Sequence[Token], place: int) -> bool:
    """Return whether a number stands right before a word: in "3 millions" the word is only a size."""
    return place > 0 and words[place - 1].key.isdigit() and not text[words[place - 1].end : words[place].start].strip()


def _sized(text: str, words: Sequence[Token], place: int, quantity: Quantity, language: str) -> Quantity:
    """Read what stands around a number: "about $", "billion", "percent"; `place` is the word after it."""
    values, end, sized = quantity.values, quantity.end, False
    unit, start = _unit_before(text, quantity.start)
    before = fold(text[max(0, start - _NEAR) : start]).split()
    leading = before[-2:-1] if before[-1:] in (["de"], ["than"]) else before[-1:]  # "more than", "plus de"
    rough = not _APPROXIMATELY.isdisjoint(leading)
    for word in words[place : place + 3]:
        gap = text[end : word.start]
        size = large_unit(word.key, language)
        attached = not gap and _ATTACHED.get(word.key)
        if gap.strip(" \u00a0\u2009\u202f-.") or not (size or attached):
            break
        if size:
            values = frozenset(value * size for value in values)
        elif attached:
            sizes = (attached,) if unit else (1, attached)
            values = frozenset(value * each for value in values for each in sizes)
        place, end, sized = place + 1, word.end, True
    if (before and before[-1] in _YEARS) or (place < len(words) and words[place].key in _DECADE):
        values |= {1_900 + value for value in values if value in _DECADES}
    if place < len(words) and words[place].key in _AFTERNOON and not text[end : words[place].start].strip():
        values |= {value + 12 for value in values}
    behind, end, counted = _unit_behind(text, words, place, end)
    unit = unit or behind
    return replace(
        quantity, start=start, end=end, values=values, unit=unit, counted=counted, sized=sized, rough=rough,
        bound=bound_around(text, start, end, unit),
    )  # fmt: skip


def _unit_before(text: str, start: int) -> tuple[str, int]:
    lead = text[max(0, start - 5) : start]
    bare = lead.rstrip(" \u00a0\u202f")
    if bare and bare[-1] in CURRENCY_SIGNS:
        return unit_of(bare[-1]), start - (len(lead) - len(bare)) - 1
    if bare[-3:].isupper() and len(bare) >= 3 and unit_of(bare[-3:].lower()):
        return unit_of(bare[-3:].lower()), start - (len(lead) - len(bare)) - 3
    return "", start


def _unit_behind(text: str, words: Sequence[Token], place: int, end: int) -> tuple[str, int, bool]:
    """Return the unit behind a number, where it ends, and whether some word follows that may be what is counted."""
    rest = text[end : end + 3]
    sign = rest.lstrip(" \u00a0\u2009\u202f")
    if sign and (unit := unit_of(sign[0])) and not sign[0].isalnum():
        return unit, end + len(rest) - len(sign) + 1, True
    following = words[place : place + 4]
    # "de dollars", "US dollars", "d'euros": a word or two may stand between.
    for offset, word in enumerate(following[:3]):
        if text[end : word.start].strip(" \u00a0\u2009\u202f-'’.") and offset == 0:
            return "", end, False
        after = following[offset + 1].key if offset + 1 < len(following) else ""
        unit = unit_of(word.key, after)
        if unit:
            double = unit_of(word.key) != unit
            return unit, following[offset + 1].end if double else word.end, True
        if word.key not in {"de", "d", "us", "u", "of", "millions", "millones"}:
            break
    return "", end, bool(following) and not following[0].key.isdigit()


def _ranges(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Give the first number of a range the size and unit of the second, as another reading: "5 to 10 million"."""
    shared = list(found)
    for place in range(len(found) - 1):
        one, other = found[place], found[place + 1]
        if one.ordinal or other.ordinal or not _RANGE.fullmatch(text[one.end : other.start]):
            continue
        years = {value for value in one.values if _FIRST_YEAR <= value < _LAST_YEAR}
        values, unit = set(one.values), one.unit or ("" if years else other.unit)
        if other.sized and not one.sized:
            factor = _size(text, other)
            values |= {value * factor for value in one.values}
        values |= shared[place].values
        shared[place] = replace(one, values=frozenset(values), unit=unit, counted=one.counted and not other.unit)
        short = {value for value in other.values if 10 <= value < 100}
        if short and years and not other.unit:
            full = {year - year % 100 + value for year in years for value in short}
            shared[place + 1] = replace(shared[place + 1], values=shared[place + 1].values | full)
    return shared


def _size(text: str, quantity: Quantity) -> Decimal:
    match = _DIGITS.search(text, quantity.start, quantity.end)
    bare = max(_values(match[0])) if match else None
    return max(quantity.values) / bare if bare else Decimal(1)


def _roman(word: str) -> int | None:
    letters = word.rstrip("e")
    if not letters or len(letters) > 8 or not _ROMAN.fullmatch(letters):
        return None
    values = [_ROMAN_VALUES[letter] for letter in letters]
    return values[-1] + sum(-one if one < other else one for one, other in pairwise(values))
