"""What a name is looked up in: the words of a cited text, and the forms in which they may hold it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, pairwise
from typing import Final

from assistant.checking.likeness import is_function_word
from assistant.checking.locales import longest_place, peoples, places
from assistant.checking.tokens import Token, listed
from index.text import stem

SMALL_WORDS: Final = listed("of de du des la le von van der den da di del the")
"""Words that may stand inside a name."""
_SHORT: Final = 4
_ADJECTIVE_ENDINGS: Final = {
    "",
    *listed(
        "n an ian ians ean eans ese ish i s a as ia ie e y es o os en ien ienne iens iennes ais aise ain aine ains er"
        " ers isch ische ischen ist ists ism iste ista istas is ic ics al us um io"
    ),
}
_SHARED_BEGINNING: Final = 4
_ALIKE: Final = 0.5
_SHORT_ALIKE: Final = 0.62
_SOUND: Final = {
    "tsch": "c", "sch": "s", "ph": "f", "th": "t", "ch": "c", "kh": "c", "gh": "g", "k": "c", "q": "c", "y": "i",
    "j": "i", "w": "v", "z": "s", "h": "", "x": "s",
}  # fmt: skip
"""Letters for which other languages write others: "Caspian" is "Kaspisch"."""
_SOUNDS: Final = re.compile("|".join(_SOUND))
_LONGEST_INITIALS: Final = 6
_CITED_WORDS: Final = 400
"""Words of a cited text that a name is compared with by likeness."""
_LONGEST_KEY: Final = 40


@dataclass(frozen=True)
class Cited:
    """What a statement's names are looked up in: the words of the cited text and of the articles' headings."""

    words: Sequence[Token]
    language: str

    def is_in_another(self, language: str) -> bool:
        """Return whether both languages are known and differ."""
        return bool(language and self.language and language != self.language)

    @cached_property
    def keys(self) -> frozenset[str]:
        single = [word.key for word in self.words]
        joined = [one + other for one, other in pairwise(single)]
        return frozenset((*single, *joined))

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem(word.text.lower(), self.language) for word in self.words)

    @cached_property
    def capitals(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word.key for word in self.words if word.capital))[:_CITED_WORDS]

    @cached_property
    def sounds(self) -> frozenset[str]:
        """Its longer words as they sound, for likeness across languages."""
        return frozenset(_sound(word.key) for word in islice(self.words, _CITED_WORDS) if len(word.key) >= _SHORT)

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(code for _, _, codes in placed_names(self.words, self.language) for code in codes)

    @cached_property
    def peoples(self) -> frozenset[str]:
        """The countries whose people or language words of the cited text may name."""
        return frozenset(code for key in self.keys for code in peoples(key, self.language))

    @cached_property
    def anagrams(self) -> frozenset[str]:
        """The letters of its acronyms, in order: NATO is OTAN in another language."""
        return frozenset("".join(sorted(word.key)) for word in self.words if word.acronym)

    @cached_property
    def initials(self) -> frozenset[str]:
        return initials(self.words)

    @cached_property
    def preceded(self) -> Mapping[str, bool]:
        """For each word, whether another capitalised word stands before it wherever it stands."""
        found: dict[str, bool] = {}
        for before, word in zip((None, *self.words), self.words, strict=False):
            named = before is not None and before.capital and not is_function_word(before.key, self.language)
            found[word.key] = found.get(word.key, True) and named
        return found


def holds_name(cited: Cited, word: Token, language: str, own_initials: Collection[str]) -> bool:
    """Return whether a word of a name stands in what is cited, in some form."""
    key = word.key
    if key in cited.keys or key.rstrip("s") in cited.keys or f"{key}s" in cited.keys:
        return True
    if word.acronym and (key in cited.initials or key in own_initials or _is_abbreviated(key, cited.words)):
        return True
    if stem(word.text.lower(), language) in cited.stems:
        return True
    if any(_same_beginning(key, other, language, cited.language) for other in cited.capitals):
        return True
    return cited.is_in_another(language) and (
        any(_long_beginning(key, other) or _is_inside(key, other) for other in cited.keys)
        or _is_alike(key, cited)
        or not cited.peoples.isdisjoint(peoples(key, language))
        or (word.text.isupper() and "".join(sorted(key)) in cited.anagrams)
    )


def _is_abbreviated(key: str, words: Sequence[Token]) -> bool:
    """Return whether words in a row have the letters of an acronym, each word's first: EUV is "extreme ultraviolet"."""
    if len(key) > _LONGEST_INITIALS:
        return False
    for place, word in enumerate(words):
        if word.key[0] != key[0]:
            continue
        at, inside = place, 1
        for letter in key[1:]:
            following = words[at + 1].key if at + 1 < len(words) else ""
            if following.startswith(letter):
                at, inside = at + 1, 1
                continue
            inside = words[at].key.find(letter, inside) + 1
            if not inside:
                break
        else:
            if at > place:
                return True
    return False


def _same_beginning(key: str, other: str, language: str, other_language: str) -> bool:
    """Return whether two words differ in an ending of adjectives and peoples alone: "Russian" and "Russia"."""
    if key[:_SHARED_BEGINNING] != other[:_SHARED_BEGINNING] or len(key) < _SHARED_BEGINNING:
        return False
    if (key,) in places(language) and (other,) in places(other_language):
        return False
    same = next((at for at, (a, b) in enumerate(zip(key, other, strict=False)) if a != b), min(len(key), len(other)))
    return key[same:] in _ADJECTIVE_ENDINGS and other[same:] in _ADJECTIVE_ENDINGS


def _is_inside(key: str, other: str) -> bool:
    """Return whether a longer word holds a name, but for its last letter: "Nordwesteuropa", "Ozonabbau"."""
    return (len(key) > _SHORT + 1 and key[:-1] in other) or (len(key) > _SHORT and other.startswith(key[:-1]))


def _long_beginning(key: str, other: str) -> bool:
    long = min(len(key), len(other))
    return long > _SHARED_BEGINNING and key[: max(5, long * 2 // 3)] == other[: max(5, long * 2 // 3)]


def _is_alike(key: str, cited: Cited) -> bool:
    """Return whether a cited word begins with the same two sounds and shares most pairs of letters."""
    if len(key) < _SHORT:
        return False
    sound = _sound(key)
    own = _pairs(sound)
    least = _ALIKE if len(sound) > _SHORT + 1 else _SHORT_ALIKE
    others = (_pairs(other) for other in cited.sounds if other[:2] == sound[:2])
    return any(2 * len(own & other) >= least * (len(own) + len(other)) for other in others)


@lru_cache(maxsize=20_000)
def _sound(key: str) -> str:
    return _SOUNDS.sub(lambda match: _SOUND[match[0]], key[:_LONGEST_KEY])


@lru_cache(maxsize=20_000)
def _pairs(sound: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(f"_{sound}_"))


def initials(words: Sequence[Token]) -> frozenset[str]:
    """Return the initials of up to six words in a row that begin with a capital, small words left out."""
    found: set[str] = set()
    capitals = [word for word in words if word.capital or word.key not in SMALL_WORDS]
    for place, word in enumerate(capitals):
        letters = ""
        for other in capitals[place : place + _LONGEST_INITIALS]:
            letters += other.key[0]
            if len(letters) > 1 and (word.capital or len(letters) > 2):
                found.add(letters)
    return frozenset(found)


def placed_names(words: Sequence[Token], language: str) -> list[tuple[int, int, frozenset[str]]]:
    """Return the runs of words that name a known place, people or institution, longest first, with their codes."""
    known = places(language)
    longest = longest_place(language)
    found: list[tuple[int, int, frozenset[str]]] = []
    place = 0
    while place < len(words):
        length = longest.get(words[place].key, 0)
        while length:
            part = words[place : place + length]
            codes = known.get(tuple(word.key for word in part)) if len(part) == length else None
            if codes and _is_written_as_name(part, language):
                found.append((place, place + length, codes))
                break
            length -= 1
        place += max(1, length)
    return found


def _is_written_as_name(part: Sequence[Token], language: str) -> bool:
    """Return whether words are written as a name is: short ones in capitals ("US", not "us")."""
    if len(part) > 1:
        return any(word.capital for word in part)
    word = part[0]
    return word.acronym if len(word.key) <= 3 else word.capital or language != "en"
