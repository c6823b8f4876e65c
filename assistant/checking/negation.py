"""Statements that say the opposite of what they cite: "has abandoned" against "did not abandon".

A statement is held against the cited sentences that share most of its words. Where the same word is negated in one and
not in the other, the statement is turned round. Whatever might be another way to negate makes it unsure, and then
nothing is said.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from assistant.checking.negatives import (
    Force,
    Negation,
    is_passing,
    knows_negation,
    negates_both_ways,
    read_negations,
)
from assistant.checking.tokens import Token, listed, tokens
from assistant.models import Fault, FaultKind
from index.text import stem, weight

_SENTENCE_END: Final = re.compile(r"(?<=[.!?;])[\"”»)]?\s+|\n+")
_BREAK: Final = re.compile(r"[,;:.!?()—–]")
_END: Final = re.compile(r"[;:.!?()—–]")
_REACH: Final = 6
"""Words that a negation reaches over."""
_AROUND: Final = 6
_OVERLAP: Final = 0.5
"""The share of a statement's words that a cited sentence must have for it to say the same or the opposite."""
_KNOWN_WORD: Final = 0.75
_DENIED_SHARE: Final = 0.6
_ACROSS_LENGTH: Final = 0.5
_AS_CLOSE: Final = 0.6
_FEW_SENTENCES: Final = 3
_MOST_SENTENCES: Final = 60
_AFFIXES: Final = ("un", "non", "in", "im", "ir", "il", "dis", "anti", "mis")
_HEDGED: Final = listed(
    "claim claims claimed report reports reported reporting rumour rumours rumor rumors allegation allegations idea"
    " suggestion suggestions whether if question would could might reportedly allegedly rumeur rumeurs informations"
    " idee selon si question conditionnel bericht berichte gerucht geruchte ob wenn frage behauptung rumor rumores"
    " informe informes idea pregunta supuesto"
)
"""Words of a statement that make it speak of what is said and not of what is."""
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
        return tuple(_stem(word, self.language) for word in self.words)

    @cached_property
    def content(self) -> frozenset[str]:
        """The stems of the words that say something."""
        return frozenset(s for s, word in zip(self.stems, self.words, strict=True) if self.tells(word))

    @cached_property
    def negations(self) -> tuple[Negation, ...]:
        return tuple(read_negations(self.text, self.words, self.language))

    @cached_property
    def negators(self) -> frozenset[int]:
        return frozenset(negation.place for negation in self.negations)

    def tells(self, word: Token) -> bool:
        return len(word.key) > 1 and not is_passing(word.key, self.language)

    def plain(self) -> Iterator[Negation]:
        return (negation for negation in self.negations if negation.force is Force.PLAIN)

    def target(self, negation: Negation) -> int | None:
        """Return the place of the word that a plain negation negates."""
        ahead = range(negation.scope, min(len(self.words), negation.place + 1 + _REACH))
        for place in ahead:
            if place > negation.place and self.ends(place - 1, place):
                break
            if place != negation.place and place not in self.negators and self.tells(self.words[place]):
                return place
        if negates_both_ways(self.language):
            for place in range(negation.place - 1, max(-1, negation.place - 1 - _REACH), -1):
                if self.tells(self.words[place]):
                    return place
        return None

    def repeats(self, other: "Sentence", place: int) -> bool:
        """Return whether a word of another sentence stands here between the same two words."""
        wanted = [word.key for word in other.words[max(0, place - 1) : place + 2]]
        keys = [word.key for word in self.words]
        return any(keys[at : at + len(wanted)] == wanted for at in range(len(keys) - len(wanted) + 1))

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
            return abs(distance) <= _AROUND
        if distance < 0:
            both = negates_both_ways(self.language) or place >= negation.scope
            return -distance <= (_REACH if both else 2) and not self._broken(place, negation.place)
        return distance <= _REACH and not self._broken(negation.place, place)

    def _broken(self, one: int, other: int) -> bool:
        return any(self.breaks(place, place + 1) for place in range(one, other))

    def says(self, start: int, end: int) -> str:
        """Return the text of a run of words."""
        first, last = max(0, start), min(end, len(self.words) - 1)
        return " ".join(self.text[self.words[first].start : self.words[last].end].split())


def negation_faults(statement: str, cited: str, language: str, cited_language: str) -> Iterator[Fault]:
    """Yield a fault where a statement is the opposite of the cited sentence that it is closest to; at most one."""
    if not knows_negation(language) or not knows_negation(cited_language):
        return
    said = Sentence(statement, tokens(statement), language)
    if not said.content:
        return
    across = bool(language and cited_language and language != cited_language)
    close = _closest(said, _sentences(cited, cited_language), across=across)
    if not close:
        return
    find = _turned_across if across else _turned
    words = find(said, close)
    if words:
        yield Fault(FaultKind.NEGATION, words)


def _sentences(text: str, language: str) -> list[Sentence]:
    parts = [part for part in _SENTENCE_END.split(text) if part.strip()][:_MOST_SENTENCES]
    return [Sentence(part, tokens(part), language) for part in parts]


def _closest(said: Sentence, cited: Sequence[Sentence], *, across: bool) -> list[Sentence]:
    """Return the cited sentences that share about as many of the statement's words as the best one does.

    Across languages few words are shared, so that a few sentences count as one.
    """
    if across and len(cited) <= _FEW_SENTENCES:
        return list(cited)
    shares = [_share(said, sentence, across=across) for sentence in cited]
    best = max(shares, default=0.0)
    return [one for share, one in zip(shares, cited, strict=True) if share and share >= best * _AS_CLOSE]


def _share(said: Sentence, cited: Sentence, *, across: bool) -> float:
    if not across:
        return len(said.content & cited.content) / len(said.content)
    beginnings = {word.key[:4] for word in cited.words if cited.tells(word)}
    own = {word.key[:4] for word in said.words if said.tells(word)}
    return len(own & beginnings) / max(1, len(own))


def _turned(said: Sentence, close: Sequence[Sentence]) -> str:
    """Return the words of a statement that are turned round, or an empty string."""
    for negation in said.plain():
        words = _negated_alone(said, negation, close)
        if words:
            return words
    for sentence in close:
        for negation in sentence.plain():
            words = _left_out(said, sentence, negation, close)
            if words:
                return words
    return _denied_alone(said, close) or _denial_left_out(said, close)


def _negated_alone(said: Sentence, negation: Negation, close: Sequence[Sentence]) -> str:
    """A word is negated in the statement, and nowhere in what it cites."""
    target = said.target(negation)
    if target is None:
        return ""
    told = frozenset(found for sentence in close for found in sentence.stems)
    turned = {sentence.turned(one) for sentence in close for one in sentence.plain()}
    others = [
        one
        for one in said.negations
        if one.place not in (negation.place, target)
        and (one.force is not Force.PLAIN or said.turned(one) not in turned)
    ]
    doubts = [one for one in others if not said.is_shared(one, told)]
    if any(abs(one.place - target) <= _REACH or one.force is Force.FALSE for one in doubts):
        return ""
    both = told & frozenset(said.stems)
    places = _places(close, said.stems[target])
    if places:
        doubtful = any(sentence.negates(place, both) for sentence, place in places)
    else:
        alike = max(_share(said, sentence, across=False) for sentence in close)
        affixed = any(_has_affix(sentence, said.words[target].key) for sentence in close)
        doubtful = affixed or alike < _OVERLAP or any(sentence.negations for sentence in close)
    return "" if doubtful else said.says(min(negation.place, target), max(negation.place, target))


def _left_out(said: Sentence, cited: Sentence, negation: Negation, close: Sequence[Sentence]) -> str:
    """A word is negated in what is cited, and the statement has it without the negation."""
    target = cited.target(negation)
    if target is None:
        return ""
    wanted = cited.stems[target]
    own = [place for place, found in enumerate(said.stems) if found == wanted and said.tells(said.words[place])]
    both = frozenset(said.stems) & frozenset(found for sentence in close for found in sentence.stems)
    if not own or _is_hedged(said, close) or any(said.negates(place, both) for place in own):
        return ""
    if any(not sentence.negates(place) for sentence, place in _places(close, wanted)):
        return ""
    around = range(max(0, target - 2 * _AROUND), min(len(cited.words), target + 2 * _AROUND))
    shared = {cited.stems[place] for place in around if cited.tells(cited.words[place])} & said.content - {wanted}
    if len(shared) < min(2, len(said.content) - 1):
        return ""
    return said.says(own[0] - 1, own[0])


def _denied_alone(said: Sentence, close: Sequence[Sentence]) -> str:
    """The statement has someone deny or fail, and what it cites has nothing of the kind."""
    denying = [negation for negation in said.negations if negation.force is Force.DENYING]
    if not denying or any(sentence.negations for sentence in close):
        return ""
    scope = frozenset(said.stems[denying[0].scope :]) & said.content
    if len(scope) < 2 or any(said.stems[denying[0].place] in sentence.stems for sentence in close):
        return ""
    shared = max(len(scope & sentence.content) for sentence in close)
    return said.says(denying[0].place, denying[0].place + 1) if shared >= _DENIED_SHARE * len(scope) else ""


def _denial_left_out(said: Sentence, close: Sequence[Sentence]) -> str:
    """What is cited has someone deny it, or calls it false, and the statement says it as it were."""
    if said.negations or _is_hedged(said, close) or len(said.content) < 2:
        return ""
    for sentence in close:
        for negation in sentence.negations:
            if negation.force not in (Force.DENYING, Force.FALSE):
                continue
            denied = frozenset(sentence.stems[negation.scope :]) & said.content
            if len(denied) >= max(2, _DENIED_SHARE * len(said.content)) and _is_last(said, denied):
                return said.says(0, len(said.words))
    return ""


def _is_last(said: Sentence, denied: Collection[str]) -> bool:
    """Return whether the last word that tells is among those denied: what comes last is what is said."""
    return next((s in denied for s in reversed(said.stems) if s in said.content), False)


def _turned_across(said: Sentence, close: Sequence[Sentence]) -> str:
    """Compare whole sentences of two languages: one of them negates more than the other."""
    cited = [negation for sentence in close for negation in sentence.negations]
    plain = list(said.plain())
    own, told = _strong(said.negations), _strong(cited)
    if plain and own > told and len(said.negations) > len(cited):
        target = said.target(plain[0]) or plain[0].place
        if any(_has_affix(sentence, said.words[target].key[:4]) for sentence in close):
            return ""
        return said.says(min(plain[0].place, target), max(plain[0].place, target))
    one_less = told == own + 1 and len(cited) - told <= len(said.negations) - own
    if not one_less or any(one.force in (Force.DENYING, Force.FALSE) for one in cited) or _is_hedged(said, close):
        return ""
    if _prefixed(said) > sum(map(_prefixed, close)):
        return ""
    length = sum(len(sentence.content) for sentence in close)
    return said.says(0, len(said.words)) if len(said.content) >= _ACROSS_LENGTH * length else ""


def _prefixed(sentence: Sentence) -> int:
    """Return how many words of a sentence may begin with a prefix that negates."""
    return sum(_may_negate(word.key, sentence.language) for word in sentence.words)


def _strong(negations: Iterable[Negation]) -> int:
    return sum(negation.force is not Force.WEAK for negation in negations)


def _may_negate(word: str, language: str) -> bool:
    """Return whether a word may begin with a prefix that negates: what follows is a word too ("unhappy")."""
    rests = (word[len(affix) :] for affix in _AFFIXES if word.startswith(affix))
    return any(len(rest) > 3 and weight(rest, language or "en") < _KNOWN_WORD for rest in rests)


def _places(sentences: Sequence[Sentence], wanted: str) -> list[tuple[Sentence, int]]:
    return [
        (sentence, place) for sentence in sentences for place, found in enumerate(sentence.stems) if found == wanted
    ]


def _is_hedged(said: Sentence, close: Sequence[Sentence]) -> bool:
    """Return whether a statement speaks of what is said where the cited sentences do not."""
    told = {word.key for sentence in close for word in sentence.words}
    return any(word.key in _HEDGED and word.key not in told for word in said.words)


def _has_affix(sentence: Sentence, word: str) -> bool:
    """Return whether a sentence has the word with a prefix that negates: "unhappy" for "happy"."""
    begun = tuple(f"{affix}{word[:5]}" for affix in _AFFIXES)
    return any(other.key.startswith(begun) for other in sentence.words)


def _stem(word: Token, language: str) -> str:
    low = word.text.lower()
    return stem(_IRREGULAR.get(low, low) if language in ("", "en") else low, language or "en")
