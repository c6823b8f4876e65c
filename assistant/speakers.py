"""Who says what a sentence reports, where the sentence says so plainly. Pure functions: English and French."""

import re
from collections.abc import Mapping
from typing import Final

from index.text import weight

CAPITAL: Final = "[A-ZÀ-ÖØ-ÞŒŠŽ]"
NAME: Final = rf"(?:(?:[Tt]he|[Ll]e|[Ll]a) )?{CAPITAL}[\w’'&-]{{1,30}}(?: {CAPITAL}[\w’'&-]{{0,30}}){{0,3}}"
FREE: Final = r"(?<!\bde )(?<!\bof )(?<!\bdu )(?<!\bchez )(?<!\bin )(?<!\w)(?<![’'])"
"""Before a name that is nobody else's: not that of "the head of Nvidia said"."""
SAID: Final[Mapping[str, str]] = {
    "en": (
        r"(?:has |had |have )?(?:also )?(?:publicly |privately )?(?:said|says|told|confirm(?:ed|s)|denie[ds]"
        r"|promise[ds]|announce[ds]|claim(?:ed|s)|warn(?:ed|s)|insist(?:ed|s)|argue[ds]|stressed|stated|dismissed|rejected|added"
        r"|report(?:ed|s)|explain(?:ed|s)|admitted)\b"
    ),
    "fr": (
        r"(?:a |ont |avait |aurait )?(?:aussi |également |publiquement |quant à lui )?(?:dit|promis|démenti|dément"
        r"|reconnu|(?:déclar|affirm|confirm|annonc|qualifi|soulign|indiqu|rapport|estim|assur|expliqu|précis|ni|avert)"
        r"(?:e|é|i))\b"
    ),
}
"""Verbs that report speech, by language."""

_LONGEST: Final = 1_000
_NAME: Final = 0.6
"""How telling a word that opens a sentence must be to be taken for a name, as in `assistant.questions`."""
_WHO: Final = r"(?:, (?:which|who|qui))?(?:, (?:the|an?|its|le|la|l['’]|une?) ?[^,.]{3,60},)?"
_ATTRIBUTED: Final[Mapping[str, tuple[re.Pattern[str], ...]]] = {
    "en": (
        re.compile(rf"{FREE}(?P<name>{NAME}){_WHO},? {SAID['en']}"),
        re.compile(rf"[,”\"] (?:said|says) (?P<name>{NAME})"),
        re.compile(rf"\b[Aa]ccording to (?P<name>{NAME})"),
    ),
    "fr": (
        re.compile(rf"{FREE}(?P<name>{NAME}){_WHO},? {SAID['fr']}"),
        re.compile(rf"[,»] a(?:-t-il)? (?:déclaré|affirmé|indiqué|expliqué|précisé|ajouté|dit) (?P<name>{NAME})"),
        re.compile(rf"\b[Ss]elon (?P<name>{NAME})"),
    ),
}
_UNNAMED: Final = re.compile(
    r"\b(?:(?:unnamed |anonymous )?sources? (?:said|say|told)|according to (?:\w+ ){0,3}(?:sources|people familiar)"
    r"|people familiar with|selon (?:des|plusieurs|certaines) sources|sources? anonymes?|is (?:also )?said to have)\b",
    re.IGNORECASE,
)
_DENYING: Final = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|dismiss(?:es|ed|ing)?|reject(?:s|ed|ing)|refute[sd]?|disput(?:es|ed)|nonsense"
    r"|untrue|false|baseless|dément(?:i|ent|ir|is)?|démenti[es]?|réfut\w+|contest(?:e|ent|é|és)|rejet(?:te|tent|é)"
    r"|non-sens|infondé\w*|mensonger\w*)\b",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(r"[^\W\d_][\w’'&-]+")


def find_speaker(sentence: str, language: str) -> str | None:
    """Return the name to whom a sentence plainly attributes what it says, None where it names nobody."""
    sentence = " ".join(sentence[:_LONGEST].split())
    for pattern in _ATTRIBUTED.get(language, ()):
        for match in pattern.finditer(sentence):
            if match.start("name") > 0 or _is_name(match["name"], language):
                return match["name"]
    return None


def has_unnamed_speaker(sentence: str) -> bool:
    """Tell whether a sentence attributes what it says to sources without a name."""
    return bool(_UNNAMED.search(sentence[:_LONGEST]))


def is_denial(sentence: str) -> bool:
    """Tell whether a sentence plainly says that something is denied, rejected or nonsense."""
    return bool(_DENYING.search(sentence[:_LONGEST]))


def names_in(sentence: str, language: str) -> frozenset[str]:
    """Return the words of a sentence that are surely names, in small letters: those with a capital inside it."""
    text = sentence[:_LONGEST]
    words = ((match.start(), match.group()) for match in _WORDS.finditer(text))
    return frozenset(
        word.casefold() for start, word in words if word[0].isupper() and (start > 0 or _is_name(word, language))
    )


def _is_name(words: str, language: str) -> bool:
    """Tell whether words that open a sentence are a name, and not "He" or "However"."""
    bare = [word for word in words.split() if word.lower() not in {"the", "le", "la"}]
    return len(bare) > 1 or any(weight(word.casefold(), language) >= _NAME for word in bare)
