"""The statements of an answer's text, and which of them claim something that has to be cited."""

import re
from collections.abc import Iterator
from typing import Final

from assistant.checking.tokens import listed, tokens
from index import Span
from index.text import split_sentences

_MARKS: Final = re.compile(r"[\[【]\s?\d{1,3}(?:[.,;\s–-]{1,3}\d{1,3}){0,20}\s?[\]】]")
"""Footnote marks and pointers: [1], [2.3], [2.3, 2.5]. A reply has them behind a full stop too."""
_SPACED_MARKS: Final = re.compile(rf"[ \t]{{0,3}}{_MARKS.pattern}")
_LINE: Final = re.compile(r"[^\n\r\u2028\u2029]+")
_LEAD: Final = re.compile(r"[\s>]{0,20}(?:(?:[-*+•·–—▪◦]|\d{1,3}[.)]|[a-zA-Z][.)])\s{1,20}|\|\s{0,20})?")
"""What begins an item of a list, a quotation or a row of a table."""
_HEADING: Final = re.compile(r"\s{0,20}#{1,6}\s|\s{0,20}\*\*[^*]{1,200}\*\*:?\s{0,20}$")
_EDGE: Final = re.compile(r"[\s|]")
_FEWEST_LETTERS: Final = 2
_FEWEST_WORDS: Final = 3
_LONGEST_ASIDE: Final = 300

_VERDICTS: Final = {
    "en": listed("yes no disputed unclear sure certainly"),
    "fr": listed("oui non si conteste certes"),
    "de": listed("ja nein doch umstritten"),
    "es": listed("si no disputado"),
    "it": listed("si no"),
    "pt": listed("sim nao"),
    "nl": listed("ja nee"),
}
"""Words that answer alone, folded. English ones are understood everywhere."""
_TEXTS: Final = (
    r"(?:articles?|passages?|sources?|documents?|texts?|sentences?|excerpts?|context|textes?|extraits?|phrases?|artikel"
    r"|texte?n?|quellen?|auszüge|dokumente|artículos?|pasajes?|fuentes?|documentos?|textos?|fragmentos?)"
)
_SHOWN: Final = (
    r"(?:\s(?:shown|provided|given|above|here|i|found|cited|available|in|the|index|themselves|also|that|were|was|fournis"
    r"|ci-dessus|disponibles|montrés|vorliegenden|disponibles|proporcionados)){0,5}"
)
_ASIDES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # What is not said cannot be cited.
        rf"^.{{0,30}}\b{_TEXTS}{_SHOWN}\s(?:do|does|did)(?:\s+not|n['’]t)\s+(?:\w{{1,12}}\s)?(?:say|state|mention|answer"
        r"|specify|give|provide|contain|include|indicate|explain|address|tell|name|discuss|report|cover|reveal)\b",
        rf"^.{{0,30}}\b{_TEXTS}{_SHOWN}\sn(?:e\s|['’])(?:disent|dit|précisen?t?|mentionnen?t?|indiquen?t?|répond(?:ent)?"
        r"|permett?(?:ent)?|donnen?t?|contien(?:nen)?t|parlen?t?|expliquen?t?)\s(?:pas|rien|aucune?)\b",
        rf"^.{{0,30}}\b{_TEXTS}{_SHOWN}\s(?:sagen|sagt|nennen|nennt|erwähnen|erwähnt|enthalten|enthält|geben|gibt"
        r"|beantworten|beantwortet)\b.{0,60}\b(?:nicht|nichts|keine?[nrms]?)\b",
        rf"^.{{0,30}}\b{_TEXTS}{_SHOWN}\sno\s(?:dicen?|mencionan?|indican?|precisan?|responden?|contienen?|especifican?)\b",
        rf"^(?:there\s+is\s+no|no)\s.{{0,60}}\b(?:in|from)\s+the\s.{{0,30}}\b{_TEXTS}\b",
        r"^(?:it|this)\s+is\s+not\s+(?:stated|said|mentioned|specified|known\s+from)\b",
        r"^(?:not\s+stated|non\s+précisé|nicht\s+angegeben|no\s+se\s+(?:indica|menciona|especifica|dice|precisa))\b",
        r"^(?:cela|ceci|ce|cette\s+information)\s+n['’](?:est|y\s+est)\s+pas\s+(?:précisée?|indiquée?|mentionnée?|dite?)\b",
        r"^(?:das|dies)\s+(?:ist|wird)\s+(?:dort\s+|hier\s+|in\s+den\s\w{1,20}\s)?nicht\s+(?:angegeben|erwähnt|genannt"
        r"|gesagt|vermerkt)\b",
        r"^(?:esto|eso)\s+no\s+(?:se\s+(?:indica|menciona|especifica|dice|precisa)|consta|está\s+indicado)\b",
        r"^(?:ciò\s+|questo\s+)?non\s+è\s+(?:specificato|indicato|precisato|menzionato|detto)\b",
        r"^(?:isso\s+)?não\s+(?:é|está|foi)\s+(?:especificado|indicado|mencionado|informado|dito)\b",
        # What leads in and what takes leave.
        r"^(?:here\s+(?:is|are)|here['’]s|below\s+(?:is|are)|voici|voilà|hier\s+(?:ist|sind)|aquí\s+(?:está|están|tiene))\b"
        rf".{{0,80}}\b(?:{_TEXTS}|summary|answer|overview|points?|résumé|réponse|zusammenfassung|antwort|resumen"
        r"|respuesta)\b",
        r"^(?:i\s+hope|let\s+me\s+know|feel\s+free|if\s+you\s+(?:need|want|have)|n['’]hésitez|j['’]espère"
        r"|si\s+vous\s+(?:avez|souhaitez)|ich\s+hoffe|espero\s+que|i(?:['’]m|\s+am)\s+(?:sorry|happy|glad)"
        r"|as\s+an\s+ai|i\s+(?:can\s*not|can['’]t|could\s+not|couldn['’]t|do\s+not|don['’]t)"
        r"\s+(?:find|answer|know|see|say|determine))\b",
    )
)
_MORE: Final = re.compile(
    r";|\b(?:but|however|although|only|mais|cependant|aber|jedoch|pero|sin embargo)\b", re.IGNORECASE
)
"""What is said beside an aside has to be cited all the same."""


def bare_statement(statement: str) -> str:
    """Return a statement without its footnote marks, and without the spaces before them."""
    return _SPACED_MARKS.sub("", statement)


def split_statements(text: str, language: str = "") -> list[Span]:
    """Return the spans of the statements of an answer's text: its sentences, items and lines.

    Spans are in order and apart; `text[start:end]` leaves out the bullets and footnote marks around a statement, and
    nothing else that is visible. The marks of a statement stand inside its span, or between it and the next one;
    those at the very beginning of a line belong to what follows.
    """
    spans: list[Span] = []
    bare = _MARKS.sub(lambda mark: " " * len(mark[0]), text)
    for line in _LINE.finditer(bare):
        lead = _LEAD.match(line[0])
        start = line.start() + (lead.end() if lead else 0)
        spans.extend(_sentences(bare, start, line.end(), language))
    return spans


def _sentences(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    for first, last in split_sentences(text[start:end], language):
        beginning, ending = start + first, start + last
        while beginning < ending and _EDGE.match(text[beginning]):
            beginning += 1
        while ending > beginning and _EDGE.match(text[ending - 1]):
            ending -= 1
        if sum(character.isalnum() for character in text[beginning:ending]) >= _FEWEST_LETTERS:
            yield Span(beginning, ending)


def is_claim(statement: str, language: str = "") -> bool:
    """Return whether a statement says something that has to be cited.

    Questions, headings, lead-ins ("Here is what the articles say:"), a verdict alone ("Yes."), what the articles do
    not say, and words of courtesy need no citation. What is doubtful is a claim. `statement` is without its marks.
    """
    said = statement.strip().strip("*_`~").strip()
    if not said or said.endswith(("?", ":", "？", "：", "؟")) or _HEADING.match(statement):
        return False
    words = [token for token in tokens(said[:_LONGEST_ASIDE]) if not token.key.isdigit()]
    verdicts = _VERDICTS["en"] | _VERDICTS.get(language, frozenset())
    if all(token.key in verdicts for token in words):
        return any(character.isdigit() for character in said)
    told = any(character.isdigit() for character in said) or any(token.capital for token in words[1:])
    if len(words) < _FEWEST_WORDS and not told and not said.endswith((".", "!", "。")):
        return False  # a heading without a mark
    if len(said) > _LONGEST_ASIDE or _MORE.search(said):
        return True
    return not any(pattern.search(said) for pattern in _ASIDES)
