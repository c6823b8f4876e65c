"""Names of people, organisations and places in a statement, and those that what it cites does not hold."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, pairwise
from typing import Final

from assistant.checking.likeness import is_function_word, is_ordinary, is_surely_name, is_written_alike
from assistant.checking.locales import longest_place, months, peoples, places, weekdays
from assistant.checking.numerals import large_unit
from assistant.checking.tokens import Token, listed
from assistant.checking.units import unit_of
from assistant.models import Fault, FaultKind
from index.text import stem, weight

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
_LINKS: Final = listed("of de du des la le von van der den da di del the")
_ADJECTIVE_ENDINGS: Final = {
    "",
    *listed(
        "n an ian ians ean eans ese ish i s a as ia ie e y es o os en ien ienne iens iennes ais aise ain aine ains er"
        " ers isch ische ischen ist ists ism iste ista istas is ic ics al us um io"
    ),
}
_DETERMINERS: Final = listed(
    "der die das den dem des ein eine einen einem einer eines kein keine keinen im am zum zur vom beim ins ans dieser"
    " diese dieses diesen diesem sein seine seinen seiner ihr ihre ihren ihrer unser mehr viele alle jede jeder jedes"
    " neue neuen neuer grosse grossen grosser als zwei drei vier funf"
)
"""Before these words' nouns German writes a capital too, and names seldom follow them."""
_GERMAN_ADJECTIVES: Final = ("e", "en", "er", "es", "em")
_GERMAN_PAST: Final = ("te", "ten")
_GERMAN_COMPOUND: Final = 10
_COMMON: Final = 0.8
"""So frequent a word of a longer name is often translated: "James River" is "río James"."""
_SHARED_BEGINNING: Final = 4
_ALIKE: Final = 0.5
_SHORT_ALIKE: Final = 0.62
_SHORT: Final = 4
_LONGEST_KEY: Final = 40
_SOUND: Final = {
    "tsch": "c", "sch": "s", "ph": "f", "th": "t", "ch": "c", "kh": "c", "gh": "g", "k": "c", "q": "c", "y": "i",
    "j": "i", "w": "v", "z": "s", "h": "", "x": "s",
}  # fmt: skip
"""Letters for which other languages write others: "Caspian" is "Kaspisch"."""
_SOUNDS: Final = re.compile("|".join(_SOUND))
_LONGEST_INITIALS: Final = 6
_CITED_WORDS: Final = 400
"""Words of a cited text that a name is compared with by likeness."""


@dataclass(frozen=True)
class Cited:
    """What a statement's names are looked up in: the words of the cited text and of the articles' headings."""

    words: Sequence[Token]
    language: str

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
        return frozenset(code for _, _, codes in _placed(self.words, self.language) for code in codes)

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
        return _initials(self.words)

    @cached_property
    def preceded(self) -> Mapping[str, bool]:
        """For each word, whether another capitalised word stands before it wherever it stands."""
        found: dict[str, bool] = {}
        for before, word in zip((None, *self.words), self.words, strict=False):
            named = before is not None and before.capital and not is_function_word(before.key, self.language)
            found[word.key] = found.get(word.key, True) and named
        return found


def name_faults(text: str, words: Sequence[Token], language: str, cited: Cited) -> Iterator[Fault]:
    """Yield a fault for each name of a statement that is not in what it cites. `words` are the statement's tokens."""
    across = bool(language and cited.language and language != cited.language)
    runs = list(_runs(text, words, language))
    if not runs:
        return
    placed = _placed(words, language)
    fine = {word for start, end, codes in placed if codes & cited.codes for word in range(start, end)}
    named = {word for start, end, _ in placed for word in range(start, end)}
    own_initials = _initials(words)
    for run in runs:
        missing = [
            place
            for place in run
            if place not in fine and not _stands(words[place], language, cited, own_initials, across=across)
        ]
        strong = [
            place
            for place in missing
            if _is_strong(
                words,
                place,
                language,
                cited,
                named,
                run,
                missing,
                across=across,
                told=language != "de" and not _begins_sentence(text, words, place),
            )
        ]
        if strong and not _is_fuller(words, run, missing, cited):
            yield Fault(FaultKind.NAME, _words(text, words, run, strong))


def _words(text: str, words: Sequence[Token], run: Sequence[int], strong: Sequence[int]) -> str:
    """Return the part of a run that does not stand: from its first to its last strong word."""
    return " ".join(text[words[strong[0]].start : words[strong[-1]].end].split()) if run else ""


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
    if any(word.key not in _LINKS or word.capital for word in between) or len(between) > 2:
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
    if large_unit(word.key, language) or unit_of(word.key):
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
    led = before.key in _DETERMINERS or (adjective and not before.capital)
    likely = is_surely_name(low, "de") or len(low) < _GERMAN_COMPOUND
    return not led and likely and not is_ordinary(low, "de")


def _stands(word: Token, language: str, cited: Cited, own_initials: Collection[str], *, across: bool) -> bool:
    """Return whether a word of a name stands in what is cited, in some form."""
    key = word.key
    if key in cited.keys or key.rstrip("s") in cited.keys or f"{key}s" in cited.keys or key in _TITLES:
        return True
    if word.acronym and (key in cited.initials or key in own_initials or _is_abbreviated(key, cited.words)):
        return True
    if stem(word.text.lower(), language) in cited.stems:
        return True
    if any(_same_beginning(key, other, language, cited.language) for other in cited.capitals):
        return True
    return across and (
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


def _is_strong(
    words: Sequence[Token],
    place: int,
    language: str,
    cited: Cited,
    named: Collection[int],
    run: Sequence[int],
    missing: Sequence[int],
    *,
    across: bool,
    told: bool,
) -> bool:
    """Return whether a word that does not stand must be part of a name, and of one that is not translated."""
    word = words[place]
    low = word.text.lower()
    if word.key.isdigit() or (across and word.acronym and len(word.key) == 2):
        return False
    if place in named and not any(one in named and one not in missing for one in (place - 1, place + 1)):
        return True
    ordinary = is_ordinary(low, language, capital_told=told)
    if across:
        following = next((one for one in run if one > place), place)
        beside = any(one in run and one not in missing for one in (place - 1, following))
        translated = any(one != place and is_ordinary(words[one].text.lower(), language) for one in run)
        if ordinary or ((beside or translated) and weight(low, language) < _COMMON):
            return False
        return is_written_alike(low, language, cited.language)
    if word.acronym or not ordinary:
        return True
    return len(run) > 1 and all(is_ordinary(words[one].text.lower(), language) for one in run)


def _is_fuller(words: Sequence[Token], run: Sequence[int], missing: Sequence[int], cited: Cited) -> bool:
    """Return whether a name is told in full where the cited text has its last word alone, as "Huang"."""
    last = words[run[-1]].key
    together = run[-1] - run[0] == len(run) - 1
    if run[-1] in missing or len(run) < 2 or len(missing) >= len(run) or not together:
        return False
    return not cited.preceded.get(last, cited.preceded.get(last.rstrip("s"), True))


def _initials(words: Sequence[Token]) -> frozenset[str]:
    """Return the initials of up to six words in a row that begin with a capital, small words left out."""
    found: set[str] = set()
    capitals = [word for word in words if word.capital or word.key not in _LINKS]
    for place, word in enumerate(capitals):
        letters = ""
        for other in capitals[place : place + _LONGEST_INITIALS]:
            letters += other.key[0]
            if len(letters) > 1 and (word.capital or len(letters) > 2):
                found.add(letters)
    return frozenset(found)


def _placed(words: Sequence[Token], language: str) -> list[tuple[int, int, frozenset[str]]]:
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
