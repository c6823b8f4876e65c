"""Names of people, organisations and places in a statement, and those that what it cites does not hold."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.checking.cited_names import SMALL_WORDS, Cited, holds_name, initials, placed_names
from assistant.checking.likeness import is_function_word, is_ordinary, is_surely_name, is_written_alike
from assistant.checking.locales import months, places, weekdays
from assistant.checking.numerals import large_unit
from assistant.checking.tokens import Token, listed
from assistant.checking.units import unit_of
from assistant.models import Fault, FaultKind
from index.text import weight

_TEXTS: Final = listed("article articles source sources text texts passage passages version edition press media")
_TITLES: Final = listed(
    "mr mrs ms miss dr prof st sir lord lady sen gov gen rep hon jr sr m mme mlle me herr frau don dona senor senora"
    " president minister chancellor ceo cfo cto coo chief executive officer director professor doctor judge king queen"
    " prince princess pope emperor general captain lieutenant colonel major senator secretary chairman"
    " chairwoman spokesman spokeswoman"
)
_NOT_NAMES: Final = listed(
    "i ai ia ki tv ok it pm am ceo cfo cto pdg bc ad bce ce gdp pib bip pc id llm llms gpu gpus cpu cpus"
)
"""Short forms and words in capitals that are no names. "IT" and "AM" are also "it" and "am" in a loud text."""
_OPENING: Final = '.!?:;…"“”«»„–—•*#>|\n'
"""After these a capital may be one of grammar."""
_TITLE_CASE: Final = 0.7
_LOUD: Final = 6
_DETERMINERS: Final = listed(
    "der die das den dem des ein eine einen einem einer eines kein keine keinen im am zum zur vom beim ins ans dieser"
    " diese dieses diesen diesem sein seine seinen seiner ihr ihre ihren ihrer unser mehr viele alle jede jeder jedes"
    " neue neuen neuer grosse grossen grosser als zwei drei vier funf"
)
"""Before these words' nouns German writes a capital too, and names seldom follow them."""
_GERMAN_ADJECTIVES: Final = ("e", "en", "er", "es", "em")
_GERMAN_PAST: Final = ("te", "ten")
_GERMAN_SMALL: Final = listed(
    "zwischen gegen neben wegen ohne unter uber hinter oder aber weder ausser nahe sowie sagen"
)
"""Words with the endings of adjectives that are none."""
_GERMAN_COMPOUND: Final = 10
_FEWEST_ACROSS: Final = 2
"""Letters of an acronym that is too short to be compared across languages: they are translated."""
_COMMON: Final = 0.8
"""So frequent a word of a longer name is often translated: "James River" is "río James"."""
_SHORT: Final = 4
_AMERICAN: Final = "us"
_TELLING: Final = 200
"""Words of what is cited that tell its script."""


@dataclass(frozen=True)
class _Run:
    """Words of a statement that may be a name together, and which of them do not stand in what is cited.

    `named` are the places of words that name a country, a city, a people or an institution.
    """

    words: Sequence[Token]
    places: Sequence[int]
    missing: Collection[int]
    named: Collection[int]
    language: str
    cited: Cited

    def low(self, place: int) -> str:
        return self.words[place].text.lower()


def name_faults(text: str, words: Sequence[Token], language: str, cited: Cited) -> Iterator[Fault]:
    """Yield a fault for each name of a statement that is not in what it cites. `words` are the statement's tokens."""
    placed = placed_names(words, language)
    named = {place for start, end, _ in placed for place in range(start, end)}
    there = {place for start, end, codes in placed if codes & cited.codes for place in range(start, end)}
    own = initials(words)
    script = _script(cited.words[:_TELLING])
    for places_of in _runs(text, words, language):
        missing = {
            place
            for place in places_of
            if place not in there
            and words[place].key not in _TITLES
            and script in ("", _script(words[place : place + 1]))  # a name in other letters cannot be looked up
            and not holds_name(cited, words[place], language, own)
        }
        run = _Run(words, places_of, missing, named, language, cited)
        strong = [
            place
            for place in sorted(missing)
            if _is_strong(run, place, told=language != "de" and not _begins_sentence(text, words, place))
        ]
        if strong and not _is_fuller(run):
            yield Fault(FaultKind.NAME, " ".join(text[words[strong[0]].start : words[strong[-1]].end].split()))


def _runs(text: str, words: Sequence[Token], language: str) -> Iterator[list[int]]:
    """Yield the places of words that may be a name together: capitals in a row, "of" and the like between them."""
    titled = _is_titled(words)
    run: list[int] = []
    for place in range(len(words)):
        if run and not _is_joined(text, words, run[-1], place):
            yield run
            run = []
        if _may_be_name(text, words, place, language, titled=titled):
            run.append(place)
    if run:
        yield run


def _is_joined(text: str, words: Sequence[Token], last: int, place: int) -> bool:
    between = words[last + 1 : place]
    if any(word.key not in SMALL_WORDS or word.capital for word in between) or len(between) > 2:
        return False
    gap = text[words[last].end : words[place].start]
    return (
        "\n" not in gap
        and not any(character in gap for character in ',;:!?()[]"“”«»/—–')
        and ("." not in gap or len(words[last].key) <= 3)
    )


def _is_titled(words: Sequence[Token]) -> bool:
    letters = [word for word in words if not word.key.isdigit()]
    capitals = sum(word.capital for word in letters)
    return len(letters) >= _LOUD and capitals >= _TITLE_CASE * len(letters)


def _may_be_name(text: str, words: Sequence[Token], place: int, language: str, *, titled: bool) -> bool:
    word = words[place]
    behind = text[word.end : word.end + 3]
    if behind[:1] == "-" and behind[1:2].islower():
        return False  # "Anti-inflammatory"
    if place + 1 < len(words) and words[place + 1].key in _TEXTS:
        return False  # "the French article"
    if large_unit(word.key, language) or unit_of(word.key) or _is_of_currency(text, words, place):
        return False
    if behind[:1] == "." and behind.strip(". ").isdigit() and len(word.key) <= _SHORT:
        return False  # "Vol. 1"
    if not (word.capital or word.acronym) or word.key in _NOT_NAMES or (len(word.key) < 2 and not word.key.isdigit()):
        return False
    if word.key in _calendar(language) or (is_function_word(word.text.lower(), language) and not word.acronym):
        return False
    if titled:
        return is_surely_name(word.text.lower(), language)
    if _begins_sentence(text, words, place):
        return _may_begin(words, place, language)
    return language != "de" or _may_be_german_name(words, place)


def _is_of_currency(text: str, words: Sequence[Token], place: int) -> bool:
    """Return whether a word is the first of "US dollars" or "US$"."""
    if words[place].key != _AMERICAN:
        return False
    following = words[place + 1].key if place + 1 < len(words) else ""
    return text[words[place].end :].lstrip()[:1] == "$" or unit_of(following) == "dollar"


def _script(words: Sequence[Token]) -> str:
    """Return the script that most words are written in, as Unicode names it: "LATIN", "CYRILLIC"."""
    found = Counter(unicodedata.name(word.text[0], "").partition(" ")[0] for word in words if word.text[0].isalpha())
    return found.most_common(1)[0][0] if found else ""


@lru_cache(maxsize=64)
def _calendar(language: str) -> Collection[str]:
    return frozenset({*months("en"), *months(language), *weekdays("en"), *weekdays(language)})


def _begins_sentence(text: str, words: Sequence[Token], place: int) -> bool:
    if place == 0:
        return True
    before = words[place - 1]
    gap = text[before.end : words[place].start]
    if gap.strip(" ") == "." and (before.key in _TITLES or (len(before.key) == 1 and before.capital)):
        return False
    return any(character in _OPENING for character in gap)


def _may_begin(words: Sequence[Token], place: int, language: str) -> bool:
    """Return whether a word with a sentence's capital is a name all the same."""
    word = words[place]
    if word.acronym:
        return True
    low = word.text.lower()
    if is_surely_name(low, language) or (word.key,) in places(language):
        return True
    following = words[place + 1] if place + 1 < len(words) else None
    led = following is not None and following.capital and following.key not in _NOT_NAMES
    if language == "de":
        return led and _may_be_german_name(words, place)
    return not is_ordinary(low, language) and (led or len(low) > 3)


def _may_be_german_name(words: Sequence[Token], place: int) -> bool:
    """Return whether a capital is more than that of a German noun."""
    word = words[place]
    low = word.text.lower()
    if word.acronym or (word.key,) in places("de"):
        return True
    if place == 0:
        return not is_ordinary(low, "de")
    before = words[place - 1]
    adjective = before.key.endswith(_GERMAN_ADJECTIVES) and not before.key.endswith(_GERMAN_PAST)
    adjective = adjective and before.key not in _GERMAN_SMALL
    led = before.key in _DETERMINERS or (adjective and not before.capital)
    likely = is_surely_name(low, "de") or len(low) < _GERMAN_COMPOUND
    return not led and likely and not is_ordinary(low, "de")


def _is_strong(run: _Run, place: int, *, told: bool) -> bool:
    """Return whether a word that does not stand must be part of a name, and of one that is not translated.

    `told` says that its capital is not one of grammar.
    """
    word = run.words[place]
    across = run.cited.is_in_another(run.language)
    if word.key.isdigit() or (across and word.acronym and len(word.key) == _FEWEST_ACROSS):
        return False
    if place in run.named and not any(one in run.named and one not in run.missing for one in (place - 1, place + 1)):
        return True
    ordinary = is_ordinary(run.low(place), run.language, capital_told=told)
    if across:
        return not ordinary and not _may_be_translated(run, place)
    others = all(is_ordinary(run.low(one), run.language) for one in run.places)
    return word.acronym or not ordinary or (len(run.places) > 1 and others)


def _may_be_translated(run: _Run, place: int) -> bool:
    """Return whether a word is of a name that another language has other words for: "James River", "Red Guards"."""
    following = next((one for one in run.places if one > place), place)
    beside = any(one in run.places and one not in run.missing for one in (place - 1, following))
    partly = any(one != place and is_ordinary(run.low(one), run.language) for one in run.places)
    if (beside or partly) and weight(run.low(place), run.language) < _COMMON:
        return True
    return not is_written_alike(run.low(place), run.language, run.cited.language)


def _is_fuller(run: _Run) -> bool:
    """Return whether a name is told in full where the cited text has its last word alone, as "Huang"."""
    first, last = run.places[0], run.places[-1]
    if last in run.missing or first == last or last - first != len(run.places) - 1:
        return False
    key = run.words[last].key
    return not run.cited.preceded.get(key, run.cited.preceded.get(key.rstrip("s"), True))
