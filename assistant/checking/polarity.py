"""Sentences with their negations: which words they negate, and how far that reaches."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

from assistant.checking.negatives import Force, Negation, is_passing, negates_both_ways, read_negations
from assistant.checking.tokens import Token, listed, tokens
from index.text import stem

_SENTENCE_END: Final = re.compile(r"(?<=[.!?;])[\"”»)]?\s+|\n+")
_BREAK: Final = re.compile(r"[,;:.!?()—–]")
_END: Final = re.compile(r"[;:.!?()—–]")
_REACH: Final = 6
"""Words that a negation reaches over."""
_BACK: Final = 2
_TARGETS: Final = 3
_LONG_STEM: Final = 5
_BESIDE: Final = 2
BUT: Final = listed("but mais sondern aber sino pero ma mas maar")
_CLAUSES: Final = BUT | listed("and so because while et car donc und denn weil y porque")
"""Words that begin a clause, or may."""
_MOST_SENTENCES: Final = 60
_MOST_WORDS: Final = 400
_MOST_NEGATIONS: Final = 20
_AFFIXES: Final = ("un", "non", "in", "im", "ir", "il", "dis", "anti", "mis", "ausser", "des")
_IRREGULAR: Final = {
    form: base
    for base, forms in {
        "say": "said", "make": "made", "give": "gave given", "take": "took taken", "come": "came", "go": "went gone",
        "see": "saw seen", "know": "knew known", "get": "got gotten", "find": "found", "think": "thought",
        "tell": "told", "become": "became", "leave": "left", "feel": "felt", "bring": "brought", "begin": "began begun",
        "keep": "kept", "hold": "held", "write": "wrote written", "stand": "stood", "mean": "meant", "meet": "met",
        "pay": "paid", "lead": "led", "grow": "grew grown", "lose": "lost", "fall": "fell fallen", "send": "sent",
        "build": "built", "buy": "bought", "sell": "sold", "win": "won", "speak": "spoke spoken", "rise": "rose risen",
        "drive": "drove driven", "break": "broke broken", "choose": "chose chosen", "fight": "fought", "lie": "lain",
        "teach": "taught", "draw": "drew drawn", "show": "shown", "spend": "spent", "run": "ran", "wear": "wore worn",
    }.items()
    for form in forms.split()
}  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """A sentence with its words, their stems and its negations."""

    text: str
    words: Sequence[Token]
    language: str

    @cached_property
    def stems(self) -> tuple[str, ...]:
        return tuple(word_stem(word.text, self.language) for word in self.words)

    @cached_property
    def content(self) -> frozenset[str]:
        """The stems of the words that say something, "not" and its like left out."""
        plain = {negation.place for negation in self.plain()}
        return frozenset(
            s
            for place, (s, word) in enumerate(zip(self.stems, self.words, strict=True))
            if place not in plain and self.tells(word)
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """The stems of the words with a capital."""
        return frozenset(s for s, word in zip(self.stems, self.words, strict=True) if word.capital)

    @cached_property
    def negations(self) -> tuple[Negation, ...]:
        return tuple(islice(read_negations(self.text, self.words, self.language), _MOST_NEGATIONS))

    @cached_property
    def negators(self) -> frozenset[int]:
        return frozenset(negation.place for negation in self.negations)

    def tells(self, word: Token) -> bool:
        return len(word.key) > 1 and not is_passing(word.key, self.language)

    def plain(self) -> Iterator[Negation]:
        return (negation for negation in self.negations if negation.force is Force.PLAIN)

    def targets(self, negation: Negation) -> Iterator[int]:
        """Yield the places of the words that a plain negation negates, at most three, to its clause's end."""
        target = self.target(negation)
        if target is None:
            return
        yield target
        left = _TARGETS - 1
        for place in range(target + 1, min(len(self.words), negation.place + 1 + _REACH)):
            if target < negation.place or not left or self._parts(place - 1, place) or self.keys[place] in _CLAUSES:
                return
            if place not in self.negators and self.tells(self.words[place]):
                left -= 1
                yield place

    def denials(self) -> list[Negation]:
        """Return the words by which someone denies, or calls false."""
        return [negation for negation in self.negations if negation.force in (Force.DENYING, Force.FALSE)]

    def negated_denial(self) -> tuple[Negation, Negation] | None:
        """Return the first denial that is negated itself ("did not dismiss"), after its negation."""
        for denial in self.denials():
            for negation in self.plain():
                if negation.place < denial.place and self._reaches(negation, denial.place):
                    return negation, denial
        return None

    def target(self, negation: Negation) -> int | None:
        """Return the place of the word that a plain negation negates."""
        ahead = range(negation.scope, min(len(self.words), negation.place + 1 + _REACH))
        for place in ahead:
            if place > negation.place and self.ends(place - 1, place):
                break
            # "There were not 40 plants" is about plants.
            tells = self.tells(self.words[place]) and not self.keys[place].isdigit()
            if place != negation.place and place not in self.negators and tells:
                return place
        if negates_both_ways(self.language):
            for place in range(negation.place - 1, max(-1, negation.place - 1 - _REACH), -1):
                if self.tells(self.words[place]):
                    return place
        return None

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(word.key for word in self.words)

    def around(self, negation: Negation) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the words around a negation, with it and without: "talks had not stalled", "talks had stalled"."""
        parts = {negation.place, negation.scope - 1} if negation.place != negation.scope - 1 else {negation.place}
        first, last = max(0, min(parts) - _BESIDE), max(parts) + _BESIDE + 1
        whole = self.keys[first:last]
        return whole, tuple(key for place, key in enumerate(whole, first) if place not in parts)

    def places(self, wanted: str) -> Iterator[int]:
        """Yield the places of the words of a stem; a long stem may begin another, as "engag" does "engagent"."""
        for place, found in enumerate(self.stems):
            long = min(len(found), len(wanted)) >= _LONG_STEM
            if found == wanted or (long and (found.startswith(wanted) or wanted.startswith(found))):
                yield place

    def find(self, keys: tuple[str, ...]) -> int | None:
        """Return the place where words stand here in a row, or None."""
        starts = range(len(self.keys) - len(keys) + 1)
        return next((at for at in starts if self.keys[at : at + len(keys)] == keys), None)

    def clause(self, negation: Negation) -> list[str]:
        """Return the stems of the words that tell between the commas around a negation, or before "but"."""
        target = self.target(negation)
        first, last = sorted((negation.place, negation.place if target is None else target))
        while first > 0 and not self._parts(first - 1, first):
            first -= 1
        while last + 1 < len(self.words) and not self._parts(last, last + 1):
            last += 1
        told = zip(self.stems[first : last + 1], self.words[first : last + 1], strict=True)
        return [found for found, word in told if self.tells(word)]

    def _parts(self, one: int, other: int) -> bool:
        return self.breaks(one, other) or self.keys[other] in BUT

    def turned(self, negation: Negation) -> str:
        """Return the stem of the word that a plain negation negates, or an empty string."""
        target = self.target(negation)
        return "" if target is None else self.stems[target]

    def ends(self, one: int, other: int) -> bool:
        return bool(_END.search(self.text, self.words[one].end, self.words[other].start))

    def breaks(self, one: int, other: int) -> bool:
        return bool(_BREAK.search(self.text, self.words[one].end, self.words[other].start))

    def negates(self, place: int, both_have: Collection[str] = ()) -> bool:
        """Return whether a word is negated, or might be, other than by what a text beside has too."""
        return any(
            self._reaches(negation, place)
            for negation in self.negations
            if negation.place != place and not self.is_shared(negation, both_have)
        )

    def is_shared(self, negation: Negation, both_have: Collection[str]) -> bool:
        return negation.force is not Force.PLAIN and self.stems[negation.place] in both_have

    def _reaches(self, negation: Negation, place: int) -> bool:
        if negation.force is Force.FALSE:
            return True
        distance = place - negation.place
        if negation.force is Force.DENYING:
            return distance > 0
        if negation.force is Force.WEAK:
            return abs(distance) <= _REACH
        if distance < 0:
            both = negates_both_ways(self.language) or place >= negation.scope
            return -distance <= (_REACH if both else _BACK) and not self._broken(place, negation.place)
        return distance <= (1 if negation.narrow else _REACH) and not self._broken(negation.place, place)

    def _broken(self, one: int, other: int) -> bool:
        return any(self.breaks(place, place + 1) for place in range(one, other))

    def is_apart(self, one: int, other: int) -> bool:
        """Return whether a mark, or a word that begins a clause, stands between two words."""
        first, last = sorted((one, other))
        return self._broken(first, last) or not _CLAUSES.isdisjoint(self.keys[first + 1 : last])

    def says(self, start: int, end: int) -> str:
        """Return the text of a run of words."""
        first, last = max(0, start), min(end, len(self.words) - 1)
        return " ".join(self.text[self.words[first].start : self.words[last].end].split())


def read_sentence(text: str, language: str) -> Sentence:
    """Return a text as one sentence, its first 400 words."""
    return Sentence(text, tokens(text)[:_MOST_WORDS], language)


def read_sentences(text: str, language: str) -> list[Sentence]:
    """Return the sentences of a text, at most 60. Semicolons end them too."""
    parts = [part for part in _SENTENCE_END.split(text) if part.strip()][:_MOST_SENTENCES]
    return [read_sentence(part, language) for part in parts]


def has_affix(sentence: Sentence, word: str) -> bool:
    """Return whether a sentence has a folded word with a prefix that negates: "unhappy" for "happy"."""
    begun = tuple(f"{affix}{word[:5]}" for affix in _AFFIXES)
    return any(key.startswith(begun) for key in sentence.keys)


def word_stem(word: str, language: str) -> str:
    """Return the stem of a word; irregular English forms have that of their infinitive."""
    low = word.lower()
    return stem(_IRREGULAR.get(low, low) if language in ("", "en") else low, language or "en")
