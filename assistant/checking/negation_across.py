"""Statements that say the opposite of what they cite in another language.

Words cannot be paired, so whole sentences are: the one negates something, and the other nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from assistant.checking.negatives import Force, Negation, is_limit
from assistant.checking.polarity import BUT, Sentence, has_affix
from assistant.checking.tokens import listed
from index.text import weight

_LENGTH: Final = 0.75
"""The share of the cited words that a statement must have: a shorter one may leave the negated part out."""
_SHORTER: Final = 0.4
_MAIN: Final = 0.6
"""The share of the cited words that are in the negated clause, where a shorter statement will do."""
_COGNATE: Final = 4
_KNOWN_WORD: Final = 0.75
_NOT_PREFIXED: Final = listed("unless union unions")
_PARTING: Final = listed(
    "end ended ends ending quit miss missed misses exit left leave leaves leaving turned walk walked pull pulled"
    " back away lost lose loses losing cut cuts halt halted perd perdu dejo deja"
)
_PARTING_STEMS: Final = (
    "abandon", "withdr", "retreat", "retract", "cancel", "suspen", "scrap", "dropp", "declin", "arret", "cessa",
    "cesse", "quitt", "renonc", "retir", "annul", "romp", "beend", "aufgeg", "aufgab", "verlass", "verlier", "verlor",
    "zuruck", "abgebroch", "eingestell", "abgesag", "renunci",
)  # fmt: skip
_WITHOUT: Final = listed("without sans ohne sin senza sem zonder")
_PLAIN: Final = ("un", "non")
_PRIVATIVE: Final = ("less", "frei", "los")
_PRIVATIVE_LENGTH: Final = 6
_NOT_PRIVATIVE: Final = listed("nevertheless nonetheless regardless")
_LATIN: Final = ("in", "im", "ir", "il", "dis", "des", "de")
_LATIN_ROOTS: Final = tuple(
    listed(
        "possi capab compl corre depen direc effec effic legal legit regul relev respo adequ accur visib defin finit"
        " secur stabl suffi toler valid moral perfe precis proba agree appro honor hones simil quali conti accep adecu"
        " igual"
    )
)
_HEDGED: Final = listed(
    "claim claims claimed report reports rumour rumours rumor rumors allegation allegations idea"
    " suggestion suggestions whether if question rumeur rumeurs informations"
    " idee selon si question conditionnel bericht berichte gerucht geruchte ob wenn frage behauptung rumor rumores"
    " informe informes idea pregunta supuesto"
)
"""Words of a statement that make it speak of what is said and not of what is."""


def turned_across(said: Sentence, cited: Sequence[Sentence]) -> str:
    """Return the words of a statement that are turned round, or an empty string."""
    told = [negation for sentence in cited for negation in sentence.negations]
    timed = any(is_limit(key) for sentence in cited for key in sentence.keys)
    plain = [
        one for one in said.negations if (one.force is Force.PLAIN and not one.narrow) or (timed and one.until >= 0)
    ]
    if any(one.force in (Force.DENYING, Force.FALSE) for one in told):
        return ""
    paired = _paired(said, cited)
    more = len(said.negations) - _repeated(said) - _narrow(said.negations) > len(told) - paired
    more = more and max(len(plain), _strong(said.negations)) > _all_strong(told) - paired
    if plain and more and not _corrects(said, plain[0]):
        target = said.target(plain[0]) or plain[0].place
        affixed = any(has_affix(sentence, said.words[target].key[:_COGNATE]) for sentence in cited)
        return "" if affixed else said.says(min(plain[0].place, target), max(plain[0].place, target))
    return left_out(said, cited)


def _paired(said: Sentence, cited: Sequence[Sentence]) -> int:
    """Return how many narrow negations of what is cited a statement has too, or says with a prefix: "unmarried"."""
    told = sum(_narrow(sentence.negations) for sentence in cited)
    return min(told, _narrow(said.negations) + max(0, _prefixed(said) - sum(map(_prefixed, cited))))


def _repeated(said: Sentence) -> int:
    """Return how many plain negations negate what another one does: "they don't believe in it, or don't believe …"."""
    turned = [said.turned(negation) for negation in said.plain()]
    return len(turned) - len(set(turned))


def _narrow(negations: Iterable[Negation]) -> int:
    return sum(negation.narrow and negation.force is not Force.WEAK for negation in negations)


def _corrects(said: Sentence, negation: Negation) -> bool:
    """Return whether a short clause denies one word of names alone, and a longer one tells what is cited instead.

    "Nvidia did not buy OpenAI: an agreement was announced in September" denies what the question took for granted.
    """
    clause = set(said.clause(negation)) - {said.stems[negation.place]}
    if len(clause - said.names) > 1 or len(said.content) <= 2 * len(clause):
        return False
    rest = range(negation.place + 1, len(said.words))
    return any(said.ends(place - 1, place) or said.keys[place] in BUT for place in rest)


def left_out(said: Sentence, cited: Sequence[Sentence]) -> str:
    """Return a whole statement where what it cites has one negation more, with nothing to doubt; or an empty string."""
    told = [negation for sentence in cited for negation in sentence.negations]
    one_more = _strong(told) == _strong(said.negations) + 1 and _all_strong(told) > _all_strong(said.negations)
    if not (one_more or _negates_throughout(said, cited)) or _weak(told) > _weak(said.negations):
        return ""
    if is_hedged(said, cited):
        return ""
    if any(one.force in (Force.DENYING, Force.FALSE) for one in told) or _prefixed(said) > sum(map(_prefixed, cited)):
        return ""
    if _parting(said) > sum(map(_parting, cited)):
        return ""
    return said.says(0, len(said.words)) if _covers(said, cited) else ""


def _negates_throughout(said: Sentence, cited: Sequence[Sentence]) -> bool:
    """Return whether what is cited negates several times, with nothing but negated verbs, and a statement nothing.

    "Without it there is no …" needs no negation in other words.
    """
    told = [(sentence, one) for sentence in cited for one in sentence.plain()]
    bound = any(sentence.keys[one.place] in _WITHOUT for sentence, one in told)
    return len(told) > 1 and not said.negations and not bound


def _covers(said: Sentence, cited: Sequence[Sentence]) -> bool:
    """Return whether a statement is long enough to say the part of what it cites that is negated."""
    whole = sum(len(sentence.content) for sentence in cited)
    share = len(said.content) / max(1, whole)
    told = [(place, negation) for place, sentence in enumerate(cited) for negation in sentence.plain()]
    negated = {(place, word) for place, negation in told for word in cited[place].clause(negation)}
    mainly = len(negated) >= _MAIN * whole and (len(told) == 1 or not said.negations)
    return share >= _LENGTH or (share >= _SHORTER and mainly and not _names_another(said, cited))


def _names_another(said: Sentence, cited: Sequence[Sentence]) -> bool:
    """Return whether a statement has a name that what it cites has not: it may tell of something else.

    German writes all nouns with a capital, so that there none is known to be a name.
    """
    beginnings = {key[:_COGNATE] for sentence in cited for key in sentence.keys}
    names = (word.key[:_COGNATE] for word in said.words[1:] if word.capital and said.language != "de")
    return not beginnings.issuperset(names)


def is_hedged(said: Sentence, cited: Sequence[Sentence]) -> bool:
    """Return whether a statement speaks of what is said or might be, more than the cited sentences do."""
    return hedges(said) > sum(map(hedges, cited))


def hedges(sentence: Sentence) -> int:
    """Return how many words of a sentence make it speak of what is said or might be."""
    return sum(key in _HEDGED for key in sentence.keys)


def _strong(negations: Iterable[Negation]) -> int:
    """Return how many negations negate more than a word."""
    return sum(negation.force is not Force.WEAK and not negation.narrow for negation in negations)


def _all_strong(negations: Iterable[Negation]) -> int:
    return sum(negation.force is not Force.WEAK for negation in negations)


def _weak(negations: Iterable[Negation]) -> int:
    return sum(negation.force is Force.WEAK for negation in negations)


def _prefixed(sentence: Sentence) -> int:
    """Return how many words of a sentence may begin with a prefix that negates."""
    return sum(_may_negate(key, sentence.language) for key in sentence.keys)


def _parting(sentence: Sentence) -> int:
    """Return how many words of a sentence tell of an end or a turning away, which is a negation in other words."""
    return sum(key in _PARTING or key.startswith(_PARTING_STEMS) for key in sentence.keys)


def _may_negate(word: str, language: str) -> bool:
    """Return whether a folded word may be another's negation: "unhappy", "incomplete", "jawless"."""
    if word.endswith(_PRIVATIVE) and len(word) > _PRIVATIVE_LENGTH and word not in _NOT_PRIVATIVE:
        return True
    return bool(without_prefix(word, language))


def without_prefix(word: str, language: str) -> str:
    """Return a folded word without the prefix with which it negates another: "possible" for "impossible", or ""."""
    for affix in (*_PLAIN, *_LATIN) if word not in _NOT_PREFIXED else ():
        rest = word.removeprefix(affix)
        if rest != word and (
            rest.startswith(_LATIN_ROOTS)
            if affix in _LATIN
            else len(rest) >= _COGNATE and weight(rest, language or "en") < _KNOWN_WORD
        ):
            return rest
    return ""
