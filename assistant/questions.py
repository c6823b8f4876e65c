"""What a question asks for, and what in a sentence could be that: English, French, German and Spanish, else open."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from index.text import weight


class QuestionKind(StrEnum):
    """The kind of answer that a question asks for. HOW_MANY is any number: how much, how long, what percentage."""

    YES_NO = "yes/no"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how many"
    OPEN = "open"


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


_ASKS: Final[Mapping[str, Mapping[QuestionKind, re.Pattern[str]]]] = {
    "en": {
        QuestionKind.WHEN: _any_of(
            "when", "(?:what|which) (?:year|date|day|month|decade|century)", "since when", "how long ago"
        ),
        QuestionKind.HOW_MANY: _any_of(
            "how (?:many|much|long|old|far|tall|large|big|high|often|deep|wide|fast)",
            "what (?:percentage|percent|proportion|share|number|amount|fraction|sum)",
        ),
        QuestionKind.WHERE: _any_of(
            "where", "(?:what|which) (?:city|country|place|town|state|location|region|continent)"
        ),
        QuestionKind.WHO: _any_of("who", "whom", "whose"),
    },
    "fr": {
        QuestionKind.WHEN: _any_of("quand", "quel(?:le)? (?:année|date|époque|mois|jour|siècle)"),
        QuestionKind.HOW_MANY: _any_of(
            "combien",
            "quel(?:le)? (?:pourcentage|proportion|part|nombre|montant|somme|distance|hauteur|longueur|superficie|âge)",
        ),
        QuestionKind.WHERE: _any_of("où", "quel(?:le)? (?:ville|pays|lieu|région|endroit|état)"),
        QuestionKind.WHO: _any_of("qui"),
    },
    "de": {
        QuestionKind.WHEN: _any_of("wann", "welche[mnrs]? (?:jahr|datum|monat|tag|jahrhundert)"),
        QuestionKind.HOW_MANY: _any_of(
            "wie ?(?:viele?n?|lange?|alt|hoch|weit|groß|oft)", "welche[mnrs]? (?:anteil|prozentsatz|anzahl|betrag)"
        ),
        QuestionKind.WHERE: _any_of("wo", "woher", "wohin", "welche[mnrs]? (?:stadt|land|ort|region)"),
        QuestionKind.WHO: _any_of("wer", "wen", "wem", "wessen"),
    },
    "es": {
        QuestionKind.WHEN: _any_of("cuándo", "qué (?:año|fecha|mes|siglo|día)"),
        QuestionKind.HOW_MANY: _any_of("cuánt[oa]s?", "qué (?:porcentaje|cantidad|número|proporción)"),
        QuestionKind.WHERE: _any_of("dónde", "qué (?:ciudad|país|lugar|región|estado)"),
        QuestionKind.WHO: _any_of("quién(?:es)?"),
    },
}
"""How a question asks for each kind, by language. The first that fits counts, so "what year" comes before "who"."""

_DATES: Final = _any_of(
    r"1\d{3}s?|20\d\ds?",
    "january|february|(?-i:March)|april|(?-i:May)|june|july|august|september|october|november|december",
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    "januar|februar|märz|juni|juli|oktober|dezember",
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
    "centur(?:y|ies)|siècles?|siglos?|jahrhundert(?:s|e)?",
    "(?:mon|tues|wednes|thurs|fri|satur|sun)day|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lunes|martes|miércoles|jueves|viernes|sábado|domingo",
)
_NUMBERS: Final = re.compile(
    r"\d[\d.,]*|"
    + _any_of(
        "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundred|thousand|million|billion",
        "half|third|quarter|twice|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|cent|mille|milliards?|moitié",
        "tiers|quart|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend|million(?:en|s)?",
        "milliarden?|hälfte|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|cien|mil|millones|mitad",
    ).pattern,
    re.IGNORECASE,
)
_WORDS: Final = re.compile(r"[^\W\d_][\w’-]+")
_STARTS: Final = re.compile(r"(?:^|[.!?…:“«\"])\s*$")
_NAME: Final = 0.6
"""How telling a word that opens a sentence must be to be taken for a name, and not for "However"."""

_OPENING: Final = re.compile(
    r"""^\W*(?:
        (?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)
        (?:n['’]t)?\b
        | est[- ]ce\b
        | (?:a|ont|est|sont|était|étaient|va|vont|peut|doit|avait|avaient|fera|sera)-(?:t-)?
          (?:il|elle|on|ils|elles|ce)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_INVERSION: Final = re.compile(r"\b[^\W\d_]+-(?:t-)?(?:il|elle|on|ils|elles)\b", re.IGNORECASE)
_ASKING: Final = re.compile(
    r"^\W*qu['’]|\b(?:qui|que|quoi|qu['’]est|quel|quels|quelle|quelles|où|quand|comment|combien|pourquoi|lequel|laquelle)\b",
    re.IGNORECASE,
)

_REPORTED: Final = re.compile(
    r"""\b(?:
        said|says|say|told|tells|stated|states|claim(?:s|ed)?|denie[sd]|den(?:y|ying)|confirm(?:s|ed)|announce[sd]?
        | promise[sd]|dismiss(?:es|ed)|reject(?:s|ed)|called|insist(?:s|ed)|admit(?:s|ted)|report(?:s|ed)
        | according\ to|added|warn(?:s|ed)
        | dit|disent|déclar\w+|affirm\w+|confirm\w+|annonc\w+|promis|promet|dément\w*|démenti|qualifi\w+|assur\w+
        | rapport\w+
        | indiqu\w+|selon|estim\w+|précis\w+|reconn\w+|rejet\w+|ni[ée]|soulign\w+|expliqu\w+
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


_LEANING: Final = re.compile(
    r"""^\W*(?:
        that|this|these|those|it|its|he|she|they|his|her|their|such|but|however|so|instead|both
        | cet|cette|ces|ce|il|elle|ils|elles|son|sa|ses|leur|leurs|celui|celle|ceux|celles|mais
        | cependant|toutefois|ainsi
        | es|er|sie|dies\w*|sein\w*|ihr\w*|este|esta|estos|estas|ese|esa|él|ella|ellos|ellas|su|sus|pero
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def question_kind(question: str, language: str) -> QuestionKind:
    """Return what kind of answer `question` asks for."""
    if language in {"en", "fr"} and _wants_yes_or_no(question, language):
        return QuestionKind.YES_NO
    asks = _ASKS.get(language, {})
    return next((kind for kind, pattern in asks.items() if pattern.search(question)), QuestionKind.OPEN)


def could_answer(sentence: str, kind: QuestionKind, question: str, language: str) -> bool:
    """Tell whether a sentence, in `language`, holds something of the kind asked for that the question does not say.

    That is a date, a number or a name. For YES_NO and OPEN any sentence could answer.
    """
    if kind in {QuestionKind.YES_NO, QuestionKind.OPEN}:
        return True
    said = question.casefold()
    return any(found.casefold() not in said for found in _of_kind(sentence, kind, language))


def _of_kind(sentence: str, kind: QuestionKind, language: str) -> Iterator[str]:
    if kind is QuestionKind.WHEN:
        yield from (match.group() for match in _DATES.finditer(sentence))
    elif kind is QuestionKind.HOW_MANY:
        yield from (match.group() for match in _NUMBERS.finditer(sentence))
    else:
        for match in _WORDS.finditer(sentence):
            word = match.group()
            if not word[0].isupper():
                continue
            opens = _STARTS.search(sentence, max(0, match.start() - 4), match.start()) or not match.start()
            if not opens or weight(word.casefold(), language) >= _NAME:
                yield word


def _wants_yes_or_no(question: str, language: str) -> bool:
    if _OPENING.search(question):
        return True
    return language == "fr" and bool(_INVERSION.search(question)) and not _ASKING.search(question)


def reports_speech(sentence: str) -> bool:
    """Tell whether a sentence says what somebody said: in the news, a yes or a no is what somebody claims."""
    return bool(_REPORTED.search(sentence))


def leans_back(sentence: str) -> bool:
    """Tell whether a sentence opens with a word that points at the sentence before it: "That investment, …"."""
    return bool(_LEANING.search(sentence))
