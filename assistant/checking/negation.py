"""Statements that say the opposite of what they cite: "has abandoned" against "did not abandon".

A statement is held against the cited sentences that share most of its words. Where the same word is negated in one and
not in the other, the statement is turned round. Whatever might be another way to negate makes it unsure, and then
nothing is said.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from assistant.checking.negation_across import hedges, is_hedged, left_out, turned_across
from assistant.checking.negatives import Force, Negation, is_passing, knows_negation
from assistant.checking.opposites import alone, opposite, opposite_across, otherwise
from assistant.checking.polarity import Sentence, has_affix, read_sentence, read_sentences
from assistant.checking.quotations import without_quotations
from assistant.checking.tokens import listed, tokens
from assistant.models import Fault, FaultKind

_REACH: Final = 6
_OVERLAP: Final = 0.5
"""The share of a statement's words that a cited sentence must have for it to say the same or the opposite."""
_AS_CLOSE: Final = 0.6
_SAME_FACT: Final = 0.4
"""The share of the words of a cited sentence that a negated clause must have where its verb is not among them."""
_DENIED_SHARE: Final = 0.6
_CORRELATIVE: Final = listed("neither nor weder noch ni")
_HARDLY: Final = listed("hardly barely scarcely rarely seldom kaum selten rarement apenas raramente")
_SPOKEN_OF: Final = 0.3
_AROUND: Final = 12
_FEWEST_AROUND: Final = 3
_FEW_WORDS: Final = 4
_FEW_SENTENCES: Final = 3


def negation_faults(statement: str, cited: str, language: str, cited_language: str) -> Iterator[Fault]:
    """Yield a fault where a statement is the opposite of the cited sentence that it is closest to; at most one."""
    if not knows_negation(language) or not knows_negation(cited_language):
        return
    said, sentences = read_sentence(without_quotations(statement), language), read_sentences(cited, cited_language)
    if not said.content or not sentences or _is_verbatim(said, cited):
        return
    across = bool(language and cited_language and language != cited_language)
    # Across languages few words are shared, so that a few sentences count as one.
    near = sentences if across and len(sentences) <= _FEW_SENTENCES else _closest(said, sentences, across=across)
    if near:
        quiet = not any(sentence.negations for sentence in near) and not any(map(_negates_plainly, sentences))
        words = (
            _denial_denied(said, sentences)
            or alone(said, sentences)
            or otherwise(said, sentences)
            or (
                turned_across(said, near) or opposite_across(said, sentences)
                if across
                else _turned(said, near, sentences, quiet=quiet)
            )
        )
        if words:
            yield Fault(FaultKind.NEGATION, words)


def _negates_plainly(sentence: Sentence) -> bool:
    return any(negation.force is not Force.WEAK for negation in sentence.negations)


def _is_verbatim(said: Sentence, cited: str) -> bool:
    """Return whether the words of a statement stand in the cited text in a row."""
    return f" {' '.join(said.keys)} " in f" {' '.join(word.key for word in tokens(cited))} "


def _closest(said: Sentence, cited: Sequence[Sentence], *, across: bool) -> list[Sentence]:
    """Return the cited sentences that share about as many of the statement's words as the best one does."""
    shares = [_share(said, sentence, across=across) for sentence in cited]
    best = max(shares, default=0.0)
    return [one for share, one in zip(shares, cited, strict=True) if share and share >= best * _AS_CLOSE]


def _share(said: Sentence, cited: Sentence, *, across: bool) -> float:
    if not across:
        return len(said.content & cited.content) / len(said.content)
    beginnings = {word.key[:4] for word in cited.words if cited.tells(word)}
    own = {word.key[:4] for word in said.words if said.tells(word)}
    return len(own & beginnings) / max(1, len(own))


def _denial_denied(said: Sentence, cited: Sequence[Sentence]) -> str:
    """The statement negates a denial ("did not dismiss it"), and what it cites has a denial and no other negation."""
    pair = said.negated_denial()
    denied = any(sentence.denials() for sentence in cited)
    if pair is None or not denied or any(list(sentence.plain()) for sentence in cited):
        return ""
    return said.says(pair[0].place, pair[1].place)


def _turned(said: Sentence, close: Sequence[Sentence], cited: Sequence[Sentence], *, quiet: bool) -> str:
    """Return the words of a statement that are turned round, or an empty string.

    `close` are the sentences of what is `cited` that it is closest to. `quiet` says that nothing that is cited negates
    anything, in sentences that are less close neither.
    """
    told = _stems(close)
    for negation in said.negations:
        if _is_hardly(said, negation) or (negation.until >= 0 and said.stems[negation.until] in told):
            words = _put_in(said, negation, close, cited)
        elif negation.force is Force.PLAIN:
            words = _put_in(said, negation, close, cited) or _negated_alone(said, negation, close, quiet=quiet)
        else:
            continue
        if words:
            return words
    for sentence in close:
        for negation in sentence.negations:
            plain = negation.force is Force.PLAIN
            words = _left_out_of_row(said, sentence, negation) if plain or _is_hardly(sentence, negation) else ""
            words = words or (_left_out(said, sentence, negation, close) if plain else "")
            if words:
                return words
    denied = (_denied_alone(said, close) if quiet else "") or _denial_left_out(said, close)
    return denied or _left_out_wholly(said, close) or opposite(said, close)


def _is_hardly(sentence: Sentence, negation: Negation) -> bool:
    return sentence.keys[negation.place] in _HARDLY


def _put_in(said: Sentence, negation: Negation, close: Sequence[Sentence], cited: Sequence[Sentence]) -> str:
    """What is cited has the same words in a row, but for the negation; a longer row may stand anywhere in it."""
    _, without = said.around(negation)
    telling = sum(not is_passing(word, said.language) for word in without)
    there = cited if len(without) > _FEWEST_AROUND and telling > 1 else close
    if len(without) < _FEWEST_AROUND or all(sentence.find(without) is None for sentence in there):
        return ""
    target = said.target(negation)
    return _negated_words(said, negation, negation.place if target is None else target)


def _negated_alone(said: Sentence, negation: Negation, close: Sequence[Sentence], *, quiet: bool) -> str:
    """A word is negated in the statement, and nowhere in what it cites."""
    target = said.target(negation)
    whole, _ = said.around(negation)
    repeated = any(sentence.find(whole) is not None for sentence in close)
    if target is None or repeated or _is_doubtful(said, negation, target, close):
        return ""
    both = _stems(close) & frozenset(said.stems) - _denied_apart(said, negation)
    places = _places(close, said.stems[target])
    if places:
        doubtful = any(sentence.negates(place, both) for sentence, place in places)
    else:
        alike = max(_share(said, sentence, across=False) for sentence in close)
        affixed = any(has_affix(sentence, said.words[target].key) for sentence in close)
        doubtful = affixed or alike < _OVERLAP or not quiet or not _is_of_one_fact(said, negation, close)
    return "" if doubtful else _negated_words(said, negation, target)


def _denied_apart(said: Sentence, negation: Negation) -> frozenset[str]:
    """Return the stems of the words by which a statement denies something in another clause than that of a negation.

    "It did not leave; he called the claim nonsense" denies twice what "the claim that it left is nonsense" denies once.
    """
    return frozenset(said.stems[one.place] for one in said.denials() if said.is_apart(one.place, negation.place))


def _is_of_one_fact(said: Sentence, negation: Negation, close: Sequence[Sentence]) -> bool:
    """Return whether a negated clause shares enough with what is cited to deny that.

    "Nvidia did not buy OpenAI: it agreed to invest" denies what the question took for granted, and nothing cited.
    """
    clause = frozenset(said.clause(negation))
    return any(
        len(clause & sentence.content) >= _SAME_FACT * len(sentence.content) or clause & sentence.content - said.names
        for sentence in close
    )


def _is_doubtful(said: Sentence, negation: Negation, target: int, close: Sequence[Sentence]) -> bool:
    """Return whether something else in the statement may negate the word too, which what it cites has not."""
    turned = {sentence.turned(one) for sentence in close for one in sentence.plain()}
    told = _stems(close)
    both = said.keys[negation.place] in _CORRELATIVE
    others = [
        one
        for one in said.negations
        if one.place not in (negation.place, target) and not (both and said.keys[one.place] in _CORRELATIVE)
    ]
    doubts = [
        one
        for one in others
        if not said.is_shared(one, told) and (one.force is not Force.PLAIN or said.turned(one) not in turned)
    ]
    return any(abs(one.place - target) <= _REACH or one.force is Force.FALSE for one in doubts)


def _negated_words(said: Sentence, negation: Negation, target: int) -> str:
    first = negation.place - (said.keys[negation.place] == "t")
    return said.says(min(first, target), max(negation.place, target))


def _left_out_wholly(said: Sentence, close: Sequence[Sentence]) -> str:
    """A statement in other words is about as long as what it cites, and only that negates."""
    alike = max(_share(said, sentence, across=False) for sentence in close)
    clauses = [frozenset(sentence.clause(negation)) for sentence in close for negation in sentence.plain()]
    # What is negated may be left out altogether.
    spoken_of = any(len(clause & said.content) >= _SPOKEN_OF * len(clause) for clause in clauses)
    return left_out(said, close) if alike >= _OVERLAP and spoken_of and not said.negations else ""


def _stems(sentences: Sequence[Sentence]) -> frozenset[str]:
    return frozenset(found for sentence in sentences for found in sentence.stems)


def _left_out_of_row(said: Sentence, cited: Sentence, negation: Negation) -> str:
    """The statement has the same words in a row as what is cited, but for a negation."""
    whole, without = cited.around(negation)
    at = said.find(without) if len(without) >= _FEWEST_AROUND and said.find(whole) is None else None
    return "" if at is None else said.says(at, at + len(without) - 1)


def _left_out(said: Sentence, cited: Sentence, negation: Negation, close: Sequence[Sentence]) -> str:
    """A word is negated in what is cited, and the statement has it without the negation."""
    told, both = frozenset(said.stems), frozenset(said.stems) & _stems(close)
    for target in cited.targets(negation):
        if any(said.negates(place, both) for place in said.places(cited.stems[target])):
            return ""
        # In "not yet an amount received" all is negated; what follows counts where what stands before is said too.
        words = _is_affirmed(said, cited, target, close)
        if words or cited.stems[target] not in told:
            return words
    return ""


def _is_affirmed(said: Sentence, cited: Sentence, target: int, close: Sequence[Sentence]) -> str:
    """Return the words with which a statement affirms what a cited sentence negates, or an empty string."""
    wanted = cited.stems[target]
    own = [place for place in said.places(wanted) if said.tells(said.words[place])]
    both = frozenset(said.stems) & _stems(close)
    if not own or is_hedged(said, close) or any(said.negates(place, both) for place in own):
        return ""
    if any(not sentence.negates(place) for sentence, place in _places(close, wanted)):
        return ""
    around = range(max(0, target - _AROUND), min(len(cited.words), target + _AROUND))
    shared = {cited.stems[place] for place in around if cited.tells(cited.words[place])} & said.content - {wanted}
    if len(shared) < (1 if len(said.content) <= _FEW_WORDS else 2):
        return ""
    return said.says(own[0] - 1, own[0])


def _denied_alone(said: Sentence, close: Sequence[Sentence]) -> str:
    """The statement has someone deny or fail, and what it cites has nothing of the kind."""
    denying = [negation for negation in said.negations if negation.force is Force.DENYING]
    if not denying:
        return ""
    scope = frozenset(said.stems[denying[0].scope :]) & said.content
    if len(scope) < 2 or any(said.stems[denying[0].place] in sentence.stems for sentence in close):
        return ""
    shared = max(len(scope & sentence.content) for sentence in close)
    return said.says(denying[0].place, denying[0].place + 1) if shared >= _DENIED_SHARE * len(scope) else ""


def _denial_left_out(said: Sentence, close: Sequence[Sentence]) -> str:
    """What is cited has someone deny it, or calls it false, and the statement says it as it were."""
    if said.negations or hedges(said) or len(said.content) < 2:
        return ""
    for sentence in close:
        for negation in sentence.negations:
            if negation.force not in (Force.DENYING, Force.FALSE):
                continue
            denied = frozenset(sentence.stems[negation.scope :]) & said.content
            # Names alone tell nothing: who denies it, and where, stands in the sentence too.
            told, plain = said.content - said.names, denied - said.names
            enough = len(denied) >= max(2, _DENIED_SHARE * len(said.content))
            if enough and plain and len(plain) >= _DENIED_SHARE * len(told) and _is_last(said, denied):
                return said.says(0, len(said.words))
    return ""


def _is_last(said: Sentence, denied: Collection[str]) -> bool:
    """Return whether the last word that tells is among those denied: what comes last is what is said."""
    return next((s in denied for s in reversed(said.stems) if s in said.content), False)


def _places(sentences: Sequence[Sentence], wanted: str) -> list[tuple[Sentence, int]]:
    return [(sentence, place) for sentence in sentences for place in sentence.places(wanted)]
