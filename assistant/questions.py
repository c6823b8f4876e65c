"""What a question asks for, and what in a sentence matters for it: known for English and French, else left open."""

import re
from enum import StrEnum
from typing import Final


class QuestionKind(StrEnum):
    """The kind of answer that a question asks for."""

    YES_NO = "yes/no"
    OPEN = "open"


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
    if language not in {"en", "fr"}:
        return QuestionKind.OPEN
    if _OPENING.search(question):
        return QuestionKind.YES_NO
    inverted = language == "fr" and _INVERSION.search(question) and not _ASKING.search(question)
    return QuestionKind.YES_NO if inverted else QuestionKind.OPEN


def reports_speech(sentence: str) -> bool:
    """Tell whether a sentence says what somebody said: in the news, a yes or a no is what somebody claims."""
    return bool(_REPORTED.search(sentence))


def leans_back(sentence: str) -> bool:
    """Tell whether a sentence opens with a word that points at the sentence before it: "That investment, …"."""
    return bool(_LEANING.search(sentence))
