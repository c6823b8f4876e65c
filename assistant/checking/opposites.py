"""Words that are each other's opposite: "rise" and "fall", "vrai" and "faux", "known" and "unknown", "the only"."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

from assistant.checking.negation_across import without_prefix
from assistant.checking.negatives import Force
from assistant.checking.polarity import Sentence, word_stem
from assistant.checking.tokens import listed

_PAIRS: Final = {
    "en": (
        "increase rise raise / decrease fall decline drop shrink reduce; true / false untrue; allow permit / forbid ban"
        " prohibit; support / oppose; accept approve / reject refuse; guilty / innocent; profit / loss; best / worst"
        "; maximum / minimum; ally / enemy; succeed / fail; confirm / deny; include contain / lack exclude omit"
        "; agree / refuse disagree"
    ),
    "fr": (
        "augmenter hausse / diminuer baisser reculer chuter baisse; vrai vraie / faux fausse; autoriser permettre"
        " / interdire; soutenir / opposer; accepter approuver / rejeter refuser; coupable / innocent; bénéfice / perte"
        "; meilleur / pire; maximum / minimum; allié / ennemi; réussir / échouer; confirmer / démentir"
        "; inclure contenir / exclure omettre; consentir / refuser"
    ),
    "de": (
        "steigen stieg stiegen gestiegen erhöhen zunehmen / sinken sank sanken gesunken fiel gefallen senken"
        " abnehmen; wahr / falsch unwahr; erlauben / verbieten; unterstützen / -; annehmen akzeptieren / ablehnen"
        "; schuldig / unschuldig; gewinn / verlust; beste / schlechteste; maximum / minimum; verbündeter / feind"
        "; - / -; bestätigen / dementieren bestreiten; enthalten / fehlen; zustimmen / ablehnen"
    ),
    "es": (
        "aumentar subir / disminuir caer reducir descender; verdadero / falso; permitir / prohibir; apoyar / oponer"
        "; aceptar aprobar / rechazar; culpable / inocente; beneficio / pérdida; mejor / peor; máximo / mínimo"
        "; aliado / enemigo; lograr / fracasar; confirmar / negar desmentir; incluir contener / excluir omitir"
        "; aceptar / rehusar"
    ),
}  # fmt: skip
"""Pairs in the same order in each language; a stroke stands for none. Left out are converses (who buys a thing is whom
another sells it to) and words whose stem is another's too ("bajar" is as "bajo")."""
_ALIKE: Final = 0.5
_REACH: Final = 6
_ONLY: Final = listed("only sole seul seule unique unico unica einzige einziger einziges einzigen")
_ALONE: Final = listed("alone seul seule allein")
_A: Final = listed("un une")
_THE: Final = listed("the le la l el der die das")
_IF: Final = listed("if si wenn falls")
_OTHERWISE: Final = (
    ("otherwise",), ("or", "else"), ("sans", "quoi"), ("faute", "de", "quoi"), ("sinon",), ("sonst",), ("andernfalls",),
    ("ansonsten",), ("de", "lo", "contrario"), ("sin", "lo", "cual"),
)  # fmt: skip
_OTHERWISE_WORDS: Final = listed("otherwise else quoi sinon sonst andernfalls ansonsten contrario cual")


def opposite(said: Sentence, close: Sequence[Sentence]) -> str:
    """Return the words with which a statement says the opposite of the sentences that it is close to, or "".

    Nothing in it may negate, nor what is cited the word of which it says the opposite.
    """
    shared = frozenset(found for sentence in close for found in sentence.stems)
    if _negates_apart(said, shared) or _share(said, close) < _ALIKE:
        return ""
    place = next(chain(_paired(said, close), _prefixed(said, close)), None)
    return "" if place is None else said.says(place, place)


def opposite_across(said: Sentence, cited: Sequence[Sentence]) -> str:
    """Return the word with which a statement says the opposite of what it cites in another language, or "".

    Few words meet there, so that nothing may negate, and what is cited must be one sentence.
    """
    if len(cited) > 1 or _negates_apart(said) or any(map(_negates_apart, cited)):
        return ""
    place = next(_paired(said, cited), None)
    return "" if place is None else said.says(place, place)


def _negates_apart(sentence: Sentence, shared: Collection[str] = ()) -> bool:
    """Return whether something in a sentence negates that is neither `shared` nor a word of a pair: "fail" is one."""
    sides = _sides(sentence.language)
    return any(
        one.force is not Force.FALSE
        and sentence.stems[one.place] not in sides
        and sentence.stems[one.place] not in shared
        for one in sentence.negations
    )


def alone(said: Sentence, cited: Sequence[Sentence]) -> str:
    """Return the words with which a statement calls something the only one where what it cites denies that, or ""."""
    own = next(_only(said), None)
    if own is None or said.negations:
        return ""
    found = [(sentence, place) for sentence in cited for place in _only(sentence)]
    denied = [(sentence, place) for sentence, place in found if _is_denied(sentence, place)]
    return said.says(own - 1, own) if found and len(denied) == len(found) else ""


def otherwise(said: Sentence, cited: Sequence[Sentence]) -> str:
    """Return the condition that a statement turns round, or "".

    "If heat is removed, chips stop" is the opposite of "Heat must be removed, otherwise chips stop".
    """
    place = next((place for place, key in enumerate(said.keys) if key in _IF), None)
    if place is None or not any(map(_threatens, cited)) or any(key in _OTHERWISE_WORDS for key in said.keys):
        return ""
    end = next((at for at in range(place + 1, len(said.keys)) if said.breaks(at - 1, at)), len(said.keys))
    negating = {*said.negators, *(at for _, at in _bare(said))}
    return "" if negating.intersection(range(end)) else said.says(place, end - 1)


def _threatens(sentence: Sentence) -> bool:
    """Return whether a clause of a sentence begins with "otherwise" or the like, and none with "if"."""
    keys = sentence.keys
    return not _IF.intersection(keys) and any(
        keys[place : place + len(phrase)] == phrase and (place == 0 or sentence.breaks(place - 1, place))
        for phrase in _OTHERWISE
        for place in range(len(keys))
    )


def _only(sentence: Sentence) -> Iterator[int]:
    keys = sentence.keys
    return (
        place
        for place in range(1, len(keys))
        if (keys[place] in _ONLY and keys[place - 1] in _THE) or (keys[place] in _ALONE and keys[place - 1] not in _A)
    )


def _is_denied(sentence: Sentence, place: int) -> bool:
    """Return whether a negation stands up to six words before a word, in its clause: "nor is it the only one"."""
    return any(
        negation.force in (Force.PLAIN, Force.WEAK)
        and 0 < place - negation.place <= _REACH
        and not sentence.is_apart(negation.place, place)
        for negation in sentence.negations
    )


def _share(said: Sentence, close: Sequence[Sentence]) -> float:
    told = {found for sentence in close for found in sentence.content}
    return len(said.content & told) / max(1, len(said.content))


def _paired(said: Sentence, close: Sequence[Sentence]) -> Iterator[int]:
    """Yield the places of words of a statement whose opposites stand in what is cited, and which do not."""
    told = {
        side
        for sentence in close
        for place, found in enumerate(sentence.stems)
        for side in _sides(sentence.language).get(found, ())
        if not sentence.negates(place, said.stems)
    }
    own = {side for found in said.stems for side in _sides(said.language).get(found, ())}
    for place, found in enumerate(said.stems):
        for pair, side in _sides(said.language).get(found, ()):
            if (pair, 1 - side) in told and (pair, side) not in told and (pair, 1 - side) not in own:
                yield place


@lru_cache(maxsize=16)
def _sides(language: str) -> Mapping[str, tuple[tuple[int, int], ...]]:
    """Return the stems of the words that have an opposite: which pairs they are of, and which side."""
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for pair, sides in enumerate(_PAIRS.get(language or "en", "").split(";")):
        for side, words in enumerate(sides.split("/")):
            for word in words.split():
                stem = word_stem(word, language)
                found[stem] = (*found.get(stem, ()), (pair, side))
    return found


def _prefixed(said: Sentence, close: Sequence[Sentence]) -> Iterator[int]:
    """Yield the places of words that have a negating prefix in the statement alone, or in what is cited alone."""
    everything = {found for sentence in close for found in sentence.stems}
    bare = {stem for sentence in close for stem, place in _bare(sentence) if not sentence.negates(place, said.stems)}
    for place, found in enumerate(said.stems):
        if found in bare and found not in everything:
            yield place
    told = {
        s for sentence in close for place, s in enumerate(sentence.stems) if not sentence.negates(place, said.stems)
    }
    for stem, place in _bare(said):
        if stem in told and said.stems[place] not in everything:
            yield place


def _bare(sentence: Sentence) -> Iterator[tuple[str, int]]:
    """Yield the stems of words without their negating prefix, with the places of the words: "chang" of "unchanged"."""
    for place, key in enumerate(sentence.keys):
        rest = without_prefix(key, sentence.language)
        if rest:
            yield word_stem(rest, sentence.language), place
