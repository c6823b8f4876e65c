"""Take off what models put around an answer: fences, roles, a verdict line, lists of sources, NOT STATED."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from assistant.models import Verdict
from assistant.verdicts import NOT_STATED_WORDS, split_verdict
from index.text import fold

NOT_STATED: Final = "NOT STATED"
"""What the model replies when the passages do not answer."""

_DECORATION: Final = " \t>#*_`~\"'“”«»‹›[({-–—•"
_FENCE: Final = re.compile(r"\s{0,8}(?:`{3,}|~{3,})\s?[\w+.-]{0,20}\s*")
_HEADING: Final = re.compile(r"\s{0,3}#{1,6}\s+")
_ROLE: Final = re.compile(
    r"[\s#>*_`]{0,12}(?:final\sanswer|answer|assistant|response|réponse(?:\sfinale)?|antwort|respuesta|risposta|resposta)"
    r"[\s*_]{0,4}(?:[:：][\s*_]{0,8}|$)",
    re.IGNORECASE,
)
_ASKED: Final = re.compile(r"[\s#>*_`]{0,12}(?:question|frage|pregunta|domanda)[\s*_]{0,4}[:：].*", re.IGNORECASE)
_UNSTATED: Final = tuple(
    dict.fromkeys(form for words in (NOT_STATED.casefold(), *NOT_STATED_WORDS) for form in (words, fold(words)))
)
"""NOT STATED in any language, with its accents and without."""
_LOUD: Final = "|".join(re.escape(words.upper()) for words in _UNSTATED if words.upper() != words)
_ANY_CASE: Final = f"(?i:{'|'.join(map(re.escape, _UNSTATED))})"
_NOTHING: Final = re.compile(
    rf"[\W_]{{0,20}}(?:(?:{_LOUD})(?![^\W_])|(?i:not[\s_]stated)[\W_]{{0,8}}(?:[.,:;!*_—–-]|$)"
    rf"|{_ANY_CASE}[\s*_\"'”»`)\]]{{0,8}}(?:[.!。！]|$))[\s\S]*"
)
_ONLY_NOTHING: Final = re.compile(rf"[\W_]{{0,20}}{_ANY_CASE}[\W_]{{0,20}}")
_SAYS_NOTHING: Final = re.compile(rf"(?<![^\W_])(?:{_LOUD})(?![^\W_])")
_INLINE: Final = re.compile(r"<(?:b|strong|em|i|u|p)>", re.IGNORECASE)
_OPEN_INLINE: Final = re.compile(r"<[a-z]{0,6}$", re.IGNORECASE)
_SOURCES: Final = re.compile(
    r"[\W_]{0,12}(?:sources?(?:\s(?:used|cited|citées))?|references?|références?|citations?|quellen|fuentes|fonti)"
    r"[\s*_]{0,4}(?:[:：][\s*_]{0,4}(?P<rest>.*)|$)",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(r"\s{0,8}(?:[-*•–]\s?|\d{1,3}[.)]\s)?(?:[\[【(（^\d`]|\*\*)")
_POINTS: Final = re.compile(r"[\[【(（^]\s?\^?\d")
_NAMES_ONLY: Final = re.compile(r"(?:passages?|sources?|and|et|und|[\W\d_])*", re.IGNORECASE)
_DEFINITION: Final = re.compile(r"\s{0,3}\[\^?[\d.]{1,12}\]:\s")
_OPEN_DEFINITION: Final = re.compile(r"\s{0,3}\[\^?[\d.]{0,12}(?:\]:?)?")

_LABELS: Final = ("verdict", "veredicto", "verdetto", "urteil", "final verdict")
_ROLES: Final = (
    "final answer", "answer", "assistant", "response", "réponse", "réponse finale", "antwort", "respuesta", "risposta",
    "resposta",
)  # fmt: skip
_QUESTIONS: Final = ("question", "frage", "pregunta", "domanda")
_LISTS: Final = (
    "source", "sources", "sources used", "sources cited", "sources citées", "reference", "references", "référence",
    "références", "citation", "citations", "quellen", "fuentes", "fonti",
)  # fmt: skip
_UNSTATED_FOLDED: Final = tuple(words.casefold() for words in _UNSTATED)
_LONGEST_LABEL: Final = 80
_LONGEST_LISTED: Final = 300
"""Characters of a line that are held back until it is known whether it belongs to the answer."""


def says_nothing(text: str) -> bool:
    """Tell whether a text says NOT STATED anywhere, in capitals, in any language."""
    return _SAYS_NOTHING.search(text) is not None


class Lines:
    """Takes off what is not the answer, line by line: fences, roles, the verdict, lists of sources, NOT STATED."""

    def __init__(self) -> None:
        self._line = ""
        self._passing = False
        self._begun = False
        self._listing = False
        self._keyed = False
        self.verdict: Verdict | None = None
        self.nothing = False

    def feed(self, text: str) -> str:
        """Return what of the reply so far is text, and was not returned before."""
        return "".join(self._pieces(text))

    def close(self) -> str:
        line, self._line = self._line, ""
        return "" if self._passing or self.nothing else self._kept(line)

    def _pieces(self, text: str) -> Iterator[str]:
        first, *others = text.split("\n")
        yield from self._more(first)
        for line in others:
            yield from self._end()
            yield from self._more(line)

    def _more(self, text: str) -> Iterator[str]:
        if self.nothing or not text:
            return
        if self._passing:
            yield text
            return
        self._line += text
        if not self._undecided(self._line):
            self._passing = True
            line, self._line = self._line, ""
            yield self._kept(line)

    def _end(self) -> Iterator[str]:
        """End a line. What is kept of it ends with a line break."""
        if self.nothing:
            return
        if self._passing:
            yield "\n"
        else:
            line, self._line = self._line, ""
            kept = self._kept(line)
            if kept or (self._begun and not line.strip()):
                yield f"{kept}\n"
        self._passing = False

    def _kept(self, line: str) -> str:
        """Return what of a line is text: all of it, a part, or nothing."""
        if not self._begun:
            line = _ROLE.sub("", line.lstrip(), count=1)
            # A list of statements may have its pointers in front, as a list of footnotes has them.
            self._keyed = _DEFINITION.match(line) is not None
        if _FENCE.fullmatch(line) or (not self._begun and _ASKED.fullmatch(line)):
            return ""
        if not self._keyed and _DEFINITION.match(line):
            return ""
        verdict = split_verdict(line)
        if verdict is not None:
            self.verdict = self.verdict or verdict[0]
            line = verdict[1]
        if not self._begun and _NOTHING.fullmatch(line):
            self.nothing = True
            return ""
        if _ONLY_NOTHING.fullmatch(line) or self._is_listed(line):
            return ""
        line = _HEADING.sub("", line, count=1)
        line = line if self._begun else line.lstrip()
        self._begun = self._begun or bool(line.strip())
        return line

    def _is_listed(self, line: str) -> bool:
        """Tell whether a line belongs to a list of sources that the model made of its own."""
        heading = _SOURCES.fullmatch(line) if self._begun else None
        if heading and _NAMES_ONLY.fullmatch(heading["rest"] or ""):
            self._listing = True
            return True
        if self._listing and line.strip():
            plain = not _POINTS.search(line) and (line.lstrip()[0] in "-*•–" or line.rstrip()[-1] not in ".!?:")
            self._listing = plain or bool(_LISTED.match(line))
            return self._listing
        return False

    def _undecided(self, line: str) -> bool:
        """Tell whether a line that still grows may become one that is not text, or begin with what is not."""
        if not self._begun:
            line = _ROLE.sub("", line.lstrip(), count=1)
        rest = _INLINE.sub("", line.lstrip(_DECORATION), count=1)
        if not rest or _OPEN_INLINE.fullmatch(rest):
            return len(line) < _LONGEST_LABEL
        folded = rest.casefold()
        if line.lstrip().startswith(("```", "~~~")) or any(
            folded.startswith(label) or label.startswith(folded) for label in _LABELS
        ):
            return len(line) < _LONGEST_LABEL
        if _may_open(rest, _UNSTATED_FOLDED) or _OPEN_DEFINITION.fullmatch(line):
            return len(line) < _LONGEST_LABEL
        if not self._begun and _may_open(rest, _ROLES):
            return len(line) < _LONGEST_LABEL
        if not self._begun and _may_open(rest, _QUESTIONS):
            return len(line) < _LONGEST_LISTED
        return (self._listing or (self._begun and _may_open(rest, _LISTS))) and len(line) < _LONGEST_LISTED


def _may_open(text: str, labels: Collection[str]) -> bool:
    """Tell whether a text begins with one of the labels, or with a part of one and nothing else."""
    folded = text[:_LONGEST_LABEL].casefold()
    return any(
        label.startswith(folded) or (folded.startswith(label) and not folded[len(label) :].lstrip(" ")[:1].isalpha())
        for label in labels
    )
