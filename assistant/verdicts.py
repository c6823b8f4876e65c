"""The verdict on a yes/no question: read it from what a model writes, and hold it against what is cited."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from assistant.checking.negation import negation_faults
from assistant.checking.negation_across import hedges
from assistant.checking.polarity import read_sentence
from assistant.models import Citation, Statement, StatementStatus, Verdict
from assistant.questions import QuestionKind, question_kind

NOT_STATED_WORDS: Final = (
    "not stated", "not_stated", "not mentioned", "not specified",
    "non précisé", "non précisée", "non indiqué", "non indiquée", "non mentionné", "non mentionnée", "non spécifié",
    "non spécifiée", "non déclaré", "non déclarée", "non énoncé", "pas précisé", "pas indiqué", "pas mentionné",
    "nicht angegeben", "nicht erwähnt", "nicht genannt", "nicht gesagt", "nicht festgestellt", "keine angabe",
    "keine angaben",
    "no consta", "no se indica", "no se menciona", "no se especifica", "no indicado", "no mencionado",
    "no especificado", "no declarado", "no establecido",
    "non specificato", "non indicato", "non dichiarato", "non precisato", "non menzionato",
    "não indicado", "não informado", "não especificado", "não declarado", "não mencionado", "não consta",
    "niet vermeld", "niet aangegeven", "niet genoemd", "niet gesteld",
    "nie podano", "nie wskazano", "ej angivet", "inte angivet", "ikke oppgitt", "ikke angivet", "belirtilmemiş",
    "не указано", "не упомянуто", "не упоминается", "не сказано", "не сообщается", "не зазначено",
    "未提及", "未说明", "未說明", "未提到", "未指明", "未述及",
    "記載なし", "言及なし", "述べられていません", "明記されていません",
    "명시되지 않음", "언급되지 않음", "언급 없음", "غير مذكور", "غير محدد", "لم يذكر",
)  # fmt: skip
"""How models translate NOT STATED, which the prompt asks for in English."""

_WORDS: Final[Mapping[Verdict, str]] = {
    Verdict.NOT_STATED: "|".join([*sorted(NOT_STATED_WORDS, key=len, reverse=True), "unknown", "unclear", "unklar"]),
    Verdict.DISPUTED: (
        "disputed|contested|contestée?|controversée?|umstritten|strittig|disputado|controvertido|contestato|betwist|"
        "有争议|争议"
    ),
    Verdict.YES: "yes|oui|ja|sí|sì|si|sim|да|是|はい",
    Verdict.NO: "no|non|nein|não|nee|нет|否|不是|いいえ",
}
"""What a verdict is called. Each is tried whole, so that "non précisé" is no "non"."""

_KNOWN: Final = {"en", "fr"}
"""Languages in which `question_kind` knows a yes/no question. In others an open one may be one."""

_ANY: Final = "|".join(f"(?P<v{number}>{words})" for number, words in enumerate(_WORDS.values()))
_LABEL: Final = r"[\W_]{0,20}(?:final\s)?(?:verdict|veredicto|verdetto|urteil)\b"
_TAGGED: Final = re.compile(r"(?P<lead>[\W_]{0,20}?)<(?P<tag>b|strong|em|i|u|p)>(?P<inside>[^<>\n]{1,80})</(?P=tag)>")
"""A label in bold type of HTML: `<b>VERDICT:</b> no`."""
_LINE: Final = re.compile(
    rf"{_LABEL}(?P<dress>[^\w\n]{{0,12}})(?:(?:{_ANY})(?![^\W_]))?(?P<after>[\s\S]*)", re.IGNORECASE
)
_SEPARATOR: Final = re.compile(r"[:=：–—-]")
_ENDED: Final = re.compile(r"[^\S\n]*(?:$|[\n.,;:!。，*_—–-])")
_CHOICE: Final = re.compile(r"\s?[|/]")
_LEADING: Final = " \t*_`.,;:!。，—–-\"'”»)"
_LETTER: Final = re.compile(r"[^\W\d_]")
_SHORT: Final = 40
"""Characters of a verdict of the model's own making ("partly true") that is dropped with its line."""

_FIRST: Final = re.compile(rf"[\W_]{{0,20}}(?:{_ANY})(?=[*_”»\"']{{0,4}}\s?(?:[.,;:!。，、—–-]|$|\n))", re.IGNORECASE)


def split_verdict(line: str) -> tuple[Verdict | None, str] | None:
    """Return the verdict of a line such as "**Verdict:** no. He denied it." and what follows it; None for other lines.

    A line with a verdict that nobody knows, or with the whole choice ("yes|no|disputed"), has the verdict None.
    """
    tagged = _TAGGED.match(line)
    match = _LINE.match(f"{tagged['inside']}{line[tagged.end() :]}" if tagged else line)
    if match is None:
        return None
    verdict, after = _named(match), match["after"]
    labelled = _SEPARATOR.search(match["dress"]) is not None
    if verdict is None:
        bare = labelled or not _LETTER.search(line, match.end("dress"))
        return (None, "" if len(after) <= _SHORT else after.lstrip(_LEADING)) if bare else None
    if not labelled and "VERDICT" not in line and not _ENDED.match(after):
        return None
    if _CHOICE.match(after):
        return None, ""
    rest = after.lstrip(_LEADING)
    return verdict, rest if _LETTER.search(rest) else ""


def first_word(text: str) -> Verdict | None:
    """Return the verdict that a text opens with, as in "No, he denied it.", else None. "No company …" is none."""
    match = _FIRST.match(text)
    return _named(match) if match else None


def without_verdict(statement: str) -> str:
    """Return a statement without the verdict that it opens with: the "No" of "No, he did not" denies nothing in it."""
    match = _FIRST.match(statement)
    return statement[match.end() :].lstrip(_LEADING) if match else statement


def is_only_verdict(statement: str) -> bool:
    """Tell whether a statement is a verdict and nothing else, as "No." is."""
    match = _FIRST.match(statement)
    return match is not None and not _LETTER.search(statement, match.end())


def settle_verdict(
    question: str,
    language: str,
    *,
    stated: Verdict | None,
    text: str,
    statements: Sequence[Statement],
    first: str = "",
    citations: Sequence[Citation] = (),
) -> Verdict | None:
    """Return the verdict that an answer may show: what the model stated, else what the text opens with.

    Yes, no and disputed are claims, so they need a statement that its citations support; without one there is no
    verdict at all, since "not stated" would claim something as well. Nor is there one where the verdict line
    contradicts the first word or the `first` statement, or where the question is known not to ask for yes or no.
    A yes must not be denied by a quote that bears out a statement.
    """
    kind = question_kind(question, language)
    if kind is not QuestionKind.YES_NO and (kind is not QuestionKind.OPEN or language in _KNOWN):
        return None
    opening = first_word(text)
    if {stated, opening} == {Verdict.YES, Verdict.NO}:
        return None
    verdict = stated or (opening if kind is QuestionKind.YES_NO else None)
    if _contradicts(verdict, question, without_verdict(first), language):
        return None
    supported = [statement for statement in statements if statement.status is StatementStatus.SUPPORTED]
    borne_out = {number for statement in supported for number in statement.citations}
    evidence = [citation for citation in citations if citation.number in borne_out]
    if verdict is Verdict.YES and any(_denies(citation, question, language) for citation in evidence):
        return None
    return verdict if supported or verdict is Verdict.NOT_STATED else None


def _contradicts(verdict: Verdict | None, question: str, first: str, language: str) -> bool:
    """Return whether a statement answers a question otherwise: yes, and it did not; no, and it did, word for word."""
    if verdict is Verdict.YES:
        return any(negation_faults(first, question, language, language))
    if verdict is not Verdict.NO or not first:
        return False
    asked, said = read_sentence(question, language), read_sentence(first, language)
    whole = asked.stems[1:]
    repeated = any(said.stems[at : at + len(whole)] == whole for at in range(len(said.stems) - len(whole) + 1))
    return len(whole) > 2 and repeated and not asked.negations and not said.negations and not hedges(said)


def _denies(citation: Citation, question: str, language: str) -> bool:
    """Return whether a quote denies what a question asks."""
    return any(negation_faults(question, citation.quote, language, citation.article.language))


def _named(match: re.Match[str]) -> Verdict | None:
    return next((verdict for number, verdict in enumerate(_WORDS) if match[f"v{number}"] is not None), None)
